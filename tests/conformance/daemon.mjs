// The real daemon at work on the simulator: every route, every way to find a conversation, reading back after answers
// that never came, canned responses of Response Management, delivery status followed, users' tokens by both grants.
import { chmodSync, writeFileSync } from 'node:fs';

import {
    agent, channels, clientOfOrg, conversation, email, library, plan, refreshToken, response, samlAudience, samlClient, template, userClient,
} from './org.mjs';
import { eventually, run, startDaemon, startSimulator } from './processes.mjs';

// Operations of the structure that the daemon makes use of: each must have been asked at least once.
export const expectedOperations = [
    'x_postOauthToken', 'getConversation', 'getConversationsMessages', 'getConversationsChats',
    'postAnalyticsConversationsDetailsQuery', 'postConversationsMessageCommunicationMessages',
    'postConversationsMessagesAgentless', 'postConversationsChatCommunicationMessages', 'tutorialSend',
    'postConversationsMessageMessagesBulk', 'getConversationsChatMessages', 'getResponsemanagementResponse',
    'getResponsemanagementLibraries', 'postResponsemanagementResponsesQuery', 'getTokensMe', 'getOrganizationsLimitsNamespace',
];

const chats = [7, 8];

const orderUpdate = {
    response: `genesys:${template.id}`, variables: JSON.stringify({ 1: 'Ada', header: { 1: 'A-17' }, button: { 1: 't/17' } }),
};
const at = n => ({ conversation_id: conversation(n), agent_id: agent(n) });
const rows = [
    { ...at(1), route: 'message', text: 'message by conversation' },
    { agent_id: agent(2), route: 'message', text: 'message by agent' },
    { ...at(1), route: 'message', text: 'message in doubt' },
    { ...at(3), route: 'agentless', text: 'agentless by conversation' },
    { agent_id: agent(4), route: 'agentless', text: 'agentless by agent' },
    { ...at(3), route: 'agentless', text: 'agentless in doubt' },
    { ...at(3), route: 'agentless', text: 'accepted without an id' },
    { ...at(3), route: 'agentless', text: 'delivery fails' },
    { ...at(5), route: 'tutorial', text: 'tutorial by conversation' },
    { agent_id: agent(5), route: 'tutorial', text: 'tutorial by agent' },
    { ...at(7), route: 'chat', text: 'chat by conversation' },
    { account: 'agent8', ...at(8), route: 'chat', text: 'chat in doubt' },
    { ...at(3), route: 'agentless', response: `genesys:${response.id}` },
    { ...at(3), route: 'agentless', response: `genesys:${library.name}/${response.name}` },
    { ...at(6), route: 'message', text: 'message by a SAML user' },
    { ...at(channels.webmessaging), route: 'agentless', text: 'agentless to the web' },
    { ...at(channels.sms), route: 'agentless', text: 'agentless by SMS' },
    { ...at(channels.whatsapp), route: 'agentless', ...orderUpdate },
    { account: 'agent11', ...at(channels.whatsapp), route: 'message', ...orderUpdate },
    { account: 'agent8', route: 'chat', agent_id: agent(8), text: 'chat by its own agent' },
    { account: 'agent10', route: 'message', agent_id: agent(10), text: 'message by its own agent' },
];

const faults = [
    { match: { operation: 'send', text: 'in doubt' }, do: 'process_then_close' },
    { match: { operation: 'send', text: 'without an id' }, do: 'accept_202' },
    { match: { operation: 'send', text: 'delivery fails' }, do: { delivery_failed: { code: 'blocked', message: 'The customer has gone.' } } },
    { match: { operation: 'send_message', nth: 1 }, do: { status: 429, retry_after: 1 } },
    { match: { operation: 'get_conversation', nth: 2 }, do: 'expire_token' },
];

function secretFile(directory, name, text) {
    writeFileSync(`${directory}/${name}`, text);
    chmodSync(`${directory}/${name}`, 0o600);
    return name;
}

function makeKey(directory) {
    run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=conformance',
        '-keyout', `${directory}/saml.key`, '-out', `${directory}/saml.crt`]);
    chmodSync(`${directory}/saml.key`, 0o600);
}

function refreshGrant(directory, n) {
    const file = secretFile(directory, `refresh_${n}`, refreshToken(n));
    return `grant: refresh_token, client_id: ${userClient.id}, client_secret_file: client_secret, refresh_token_file: ${file}`;
}

function account(name, genesys, auth) {
    return `  ${name}:
    api_url: ${genesys.url}
    login_url: ${genesys.url}
    ca_file: ${genesys.caFile}
    rate: {requests_per_minute: 60000, burst: 1000}
    conversation_rate: {messages_per_minute: 6000, burst: 100}
    auth:
${auth.map(line => `      ${line}\n`).join('')}`;
}

function configure(directory, genesys) {
    secretFile(directory, 'client_secret', clientOfOrg.secret);
    const saml = `grant: saml2_bearer, client_id: ${samlClient.id}, client_secret_file: client_secret, org: simulated-org,` +
        ` user: ${email(6)}, audience: '${samlAudience}', private_key_file: saml.key, certificate_file: saml.crt`;
    const users = [1, 2, 7].map(n => `  ${agent(n)}: {${refreshGrant(directory, n)}}`);
    writeFileSync(`${directory}/cannedd.yaml`, `database: ${directory}/queue.db
responses_file: ''
accounts:
${account('default', genesys, [
        'grant: client_credentials', `client_id: ${clientOfOrg.id}`, 'client_secret_file: client_secret',
        'users:', ...users, `  ${agent(6)}: {${saml}}`])}
${account('agent8', genesys, refreshGrant(directory, 8).split(', '))}
${account('agent11', genesys, refreshGrant(directory, 11).split(', '))}
${account('agent10', genesys, refreshGrant(directory, 10).split(', '))}
delivery: {settle: 200ms, backoff: {base: 50ms, max: 1s}, follow_status: true}
metrics: {listen: ''}
`);
    return `${directory}/cannedd.yaml`;
}

const quoted = value => `'${value.replaceAll("'", "''")}'`;
const insert = row => `INSERT INTO messages (${Object.keys(row)}) VALUES (${Object.values(row).map(quoted)});`;

// -> {requests, logText}; throws when the work itself does not succeed.
export async function runDaemon({ simulator, daemon, directory }) {
    makeKey(directory);
    const genesys = await startSimulator(simulator, directory, plan({ chats, certificateFile: `${directory}/saml.crt` }));
    await genesys.control('PUT', 'faults', faults);
    const configuration = configure(directory, genesys);
    const sql = text => run('sqlite3', ['-cmd', '.timeout 10000', `${directory}/queue.db`], { input: text }).trim();

    run(daemon, ['--init', '--config', configuration]);
    sql(rows.map(insert).join('\n'));
    const working = await startDaemon(daemon, configuration);
    const unfinished = "SELECT id, route, status, error, error_detail, coalesce(text, response) FROM messages WHERE status <> 'sent'";
    const unfollowed = `SELECT id, text, remote_status FROM messages WHERE remote_message_id IS NOT NULL
        AND route IN ('message', 'agentless') AND coalesce(remote_status, '') NOT LIKE 'delivery-%'`;
    try {
        await eventually('all is sent', () => sql(unfinished) === '');
        await eventually('every status is followed to its end', () => sql(unfollowed) === '');
    } catch (late) {
        throw new Error(`${late.message}\n${sql(unfinished)}\n${sql(unfollowed)}\n${working.log()}`);
    }
    const code = await working.stop();
    if (code !== 0) throw new Error(`the daemon ended with ${code}`);
    const verified = Number(sql('SELECT sum(verified) FROM messages'));
    if (verified !== 3) throw new Error(`${verified} messages were verified by reading back, not 3`);
    // It asks who the token is and what it may do; what it finds wrong with this scratch directory does not matter here.
    run(daemon, ['--doctor', '--config', configuration], { codes: [0, 1] });
    await genesys.stop();
    return { requests: genesys.requests(), logText: genesys.logText() };
}

export const secretsInUse = [clientOfOrg.secret, ...Array.from({ length: 12 }, (_, i) => refreshToken(i + 1))];
