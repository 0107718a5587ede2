// Holds the simulator to one release of the official SDK: lets it work (sdk.mjs), then judges every answer three times
// over: by the published structure, by the type declarations that the SDK ships, and by the fields nobody can do without.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkByTypes } from './judged_by_types.mjs';
import { missingFields } from './needed_fields.mjs';
import {
    agent, channels, clientOfOrg, conversation, library, plan, refreshToken, response, template, userClient,
} from './org.mjs';
import { run, startSimulator } from './processes.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

const org = {
    client: clientOfOrg, userClient, agent: agent(1), conversation: conversation(1), refreshToken: refreshToken(1),
    chat: conversation(2), chatRefreshToken: refreshToken(2), library, response,
    template, byChannel: Object.fromEntries(Object.entries(channels).map(([type, n]) => [type, conversation(n)])),
    templateConversation: conversation(channels.whatsapp), templateRefreshToken: refreshToken(channels.whatsapp),
};

// legacy: an org of before web chat and textBody were removed. -> {calls, refused}; refused: what the simulator holds
// against the SDK's own requests.
export async function letSdkWork({ simulator, packages, sdk, legacy, directory }) {
    const genesys = await startSimulator(simulator, directory,
        { ...plan({ chats: legacy ? [2] : [] }), legacy_text_body: legacy });
    const output = run(process.execPath, [`${here}/sdk.mjs`], {
        input: JSON.stringify({ packages: packages.folder, sdk, url: genesys.url, org }),
        env: { NODE_EXTRA_CA_CERTS: genesys.caFile, HOME: directory },
    });
    const violations = await genesys.control('GET', 'violations');
    await genesys.stop();
    return {
        calls: JSON.parse(output),
        refused: violations.map(v => `the simulator refuses ${v.method} ${v.path}: ${v.violations}`),
    };
}

// -> sentences.
export function judgeAnswers({ structure, packages, sdk, calls }) {
    const typed = calls.filter(c => !c.faults);
    return [
        ...calls.flatMap(c => {
            const faults = c.faults ?? [...structure.checkAnswer(c.method, c.status, c.answer), ...missingFields(c)];
            return faults.map(fault => `${c.method} ${c.status} ${fault}`);
        }),
        ...checkByTypes(packages.folder, sdk, typed),
    ];
}
