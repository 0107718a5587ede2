// Conformance: the simulator is held to the official SDK, and the daemon's requests to validators of others.
//   run.mjs SIMULATOR DAEMON FOLDER    (FOLDER: for packages and scratch files, below the build folder)
// Exit code 0: no difference; 1: differences, each on a line; 77: the packages cannot be had.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expectedOperations, runDaemon, secretsInUse } from './daemon.mjs';
import { installPackages } from './packages.mjs';
import { judgeAnswers, letSdkWork } from './sdk_run.mjs';
import { selfTest } from './self_test.mjs';
import { loadStructure } from './structure.mjs';

const newest = 'purecloud-platform-client-v2';
const before = 'sdk-with-chat'; // the last release that has web chat and textBody

const here = path.dirname(fileURLToPath(import.meta.url));
const [simulator, daemon, folder] = process.argv.slice(2).map(given => path.resolve(given));
if (!folder) {
    console.error('usage: run.mjs SIMULATOR DAEMON FOLDER');
    process.exit(64);
}
const packages = installPackages(`${folder}/packages`);
if (packages.missing) {
    console.error(`\n*** SKIPPED: conformance was NOT checked, for npm cannot get the packages ***\n${packages.missing}`);
    process.exit(77);
}
const structure = loadStructure(packages.need, `${here}/../simulator/openapi-extract.json`);
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(`${folder}/scratch-`);
const directory = name => {
    mkdirSync(`${scratch}/${name}`, { mode: 0o700 });
    return `${scratch}/${name}`;
};
const report = (title, sentences) => {
    for (const sentence of new Set(sentences)) console.log(`  DIFFERENCE ${title}: ${sentence}`);
    return new Set(sentences).size;
};

async function holdSimulatorTo(sdk, legacy) {
    const { version } = packages.need(`${sdk}/package.json`);
    const { calls, refused } = await letSdkWork({ simulator, packages, sdk, legacy, directory: directory(sdk) });
    const count = report(`SDK ${version}`, [...refused, ...judgeAnswers({ structure, packages, sdk, calls })]);
    const operations = new Set(calls.map(c => c.method));
    console.log(`SDK ${version}: ${operations.size} operations, ${calls.length} calls, ${count} differences`);
    return { calls, operations, count };
}

// The structure requires textBody of every send by an agent, and the API takes exactly one content a request.
const isTemplateAlone = (line, fault) => line.request.body?.messagingTemplate && fault.startsWith('body textBody: must have');

function checkRequests({ requests, logText }) {
    const seen = new Map();
    const faults = [];
    for (const line of requests) {
        const { operation, faults: found } = structure.checkRequest({ ...line.request, method: line.method, path: line.path });
        seen.set(operation, (seen.get(operation) ?? 0) + 1);
        faults.push(...[...found.filter(fault => !isTemplateAlone(line, fault)), ...line.violations].map(fault => `${line.method} ${line.path}: ${fault}`));
    }
    faults.push(...expectedOperations.filter(o => !seen.has(o)).map(o => `${o} was never asked`));
    faults.push(...secretsInUse.filter(s => logText.includes(s)).map(() => 'the log of requests holds a secret'));
    const count = report('daemon', faults);
    for (const [operation, times] of [...seen].sort()) console.log(`  ${String(times).padStart(4)} ${operation}`);
    console.log(`daemon: ${requests.length} requests of ${seen.size} operations, ${count} violations`);
    return { seen, count };
}

const today = await holdSimulatorTo(newest, false);
const legacy = await holdSimulatorTo(before, true);
const worked = await runDaemon({ simulator, daemon, directory: directory('daemon') });
const checked = checkRequests(worked);
const requests = worked.requests.map(r => ({ ...r.request, method: r.method, path: r.path }));
const self = selfTest({ structure, packages, sdk: newest, calls: today.calls, requests });
report('self-test', self.missed);

const differences = today.count + legacy.count;
const operations = new Set([...today.operations, ...legacy.operations]);
console.log(`CONFORMANCE: ${operations.size} SDK operations in ${today.calls.length + legacy.calls.length} calls, ` +
    `${differences} differences; ${worked.requests.length} daemon requests of ${checked.seen.size} operations, ` +
    `${checked.count} violations; ${self.tried - self.missed.length} of ${self.tried} deliberate faults caught`);
const failed = differences + checked.count + self.missed.length > 0;
if (!failed) rmSync(scratch, { recursive: true });
process.exit(failed ? 1 : 0);
