// The official JavaScript SDK at work on the simulator, in a process of its own, for it takes the simulator's CA from
// NODE_EXTRA_CA_CERTS. Reads its orders from stdin: {packages, sdk, url, org}; writes every call with its answer as
// a JSON array to stdout: [{api, method, status, answer}], where `answer` is what the SDK made of the body.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { packages, sdk: sdkName, url, org } = JSON.parse(readFileSync(0, 'utf8'));
const sdk = createRequire(`${packages}/package.json`)(sdkName);
const client = sdk.ApiClient.instance;
const isLegacy = sdkName === 'sdk-with-chat'; // older than templates and contacts
const calls = [];

function useOrg() {
    const { hostname: host, port } = new URL(url);
    client.config.live_reload_config = false;
    client.config.refresh_access_token = false; // a 401 is to be seen
    client.setGateway({ host, protocol: 'https', port: Number(port) });
    client.setReturnExtendedResponses(true);
    client.timeout = 10_000;
}

async function login(method, ...given) {
    const answer = await client[method](...given);
    const remaining = (answer.tokenExpiryTime - Date.now()) / 1000;
    const faults = [];
    if (!answer.accessToken) faults.push('accessToken: missing');
    if (!(remaining > 60)) faults.push(`tokenExpiryTime: ${answer.tokenExpiryTime}`);
    calls.push({ api: 'ApiClient', method, status: 200, faults });
    return answer;
}

async function ask(isExpected, api, method, given) {
    const answer = await new sdk[api]()[method](...given).catch(error => error);
    if (typeof answer?.status !== 'number') throw answer;
    const body = answer.body === '' || answer.body === null ? undefined : answer.body;
    if (!isExpected(answer.status)) throw new Error(`${api}.${method}: ${answer.status} ${JSON.stringify(body)}`);
    calls.push({ api, method, status: answer.status, answer: body });
    return body;
}

const call = (api, method, ...given) => ask(status => status < 300, api, method, given);
const refused = (with_, api, method, ...given) => ask(status => status === with_, api, method, given);

const agentOf = conversation => conversation.participants.findLast(p => p.purpose === 'agent');
const customerOf = conversation => conversation.participants.find(p => p.purpose === 'customer');
const hoursFromNow = hours => new Date(Date.now() + hours * 3_600_000).toISOString();

function openConversationsOf(agent) {
    const predicate = (dimension, operator, value) => ({ type: 'dimension', dimension, operator, ...(value && { value }) });
    return {
        interval: `${hoursFromNow(-96)}/${hoursFromNow(1)}`, order: 'desc', orderBy: 'conversationStart',
        conversationFilters: [{ type: 'and', predicates: [predicate('conversationEnd', 'notExists')] }],
        segmentFilters: [{
            type: 'and', predicates: [
                predicate('userId', 'matches', agent), predicate('mediaType', 'matches', 'message'),
                predicate('purpose', 'matches', 'agent'), predicate('segmentEnd', 'notExists')],
        }],
        paging: { pageSize: 25, pageNumber: 1 },
    };
}

async function asClient() {
    await login('loginClientCredentialsGrant', org.client.id, org.client.secret);
    await call('TokensApi', 'getTokensMe');
    await call('TokensApi', 'headTokensMe');
    await call('OrganizationApi', 'getOrganizationsLimitsNamespace', 'platform.api');
    await call('OrganizationApi', 'getOrganizationsLimitsNamespaceDefaults', 'platform.api');

    const conversation = await call('ConversationsApi', 'getConversation', org.conversation);
    await call('ConversationsApi', 'getConversationsMessage', org.conversation);
    await call('ConversationsApi', 'postAnalyticsConversationsDetailsQuery', openConversationsOf(org.agent));
    await call('AnalyticsApi', 'postAnalyticsConversationsDetailsQuery', openConversationsOf(org.agent));
    await call('ConversationsApi', 'getAnalyticsConversationDetails', org.conversation);
    await call('ConversationsApi', 'patchConversationParticipantAttributes', org.conversation, customerOf(conversation).id,
        { attributes: { firstName: 'Ada' } });

    const line = customerOf(conversation).messages[0];
    const sent = await call('ConversationsApi', 'postConversationsMessagesAgentless', {
        fromAddress: line.toAddress.addressNormalized, toAddress: line.fromAddress.addressNormalized,
        toAddressMessengerType: line.type, textBody: 'from the API', useExistingActiveConversation: true,
    });
    await readBack(sent.id);
}

async function readBack(messageId, conversation = org.conversation) {
    await call('ConversationsApi', 'getConversationsMessageMessage', conversation, messageId);
    await call('ConversationsApi', 'getConversationsMessageDetails', messageId);
    await call('ConversationsApi', 'postConversationsMessageMessagesBulk', conversation, { body: [messageId] });
}

const messagingTemplate = () => ({
    responseId: org.template.id, headerParameters: [{ id: '1', value: 'A-17' }],
    bodyParameters: [{ id: '1', value: 'Ada' }], buttonUrlParameters: [{ id: '1', value: 't/17' }],
});

// Web messaging knows the customer as an external contact, the others by an address.
async function agentlessByChannel() {
    for (const [type, id] of Object.entries(org.byChannel)) {
        const customer = customerOf(await call('ConversationsApi', 'getConversation', id));
        const line = customer.messages[0];
        const whom = type === 'webmessaging' ? { externalContactId: customer.externalContactId }
            : { toAddress: line.fromAddress.addressNormalized.replace(type === 'whatsapp' ? '+' : '', '') };
        const sent = await call('ConversationsApi', 'postConversationsMessagesAgentless', {
            fromAddress: line.toAddress.addressNormalized, toAddressMessengerType: type, ...whom,
            useExistingActiveConversation: true,
            ...type === 'whatsapp' ? { messagingTemplate: messagingTemplate() } : { textBody: `over ${type}` },
        });
        await readBack(sent.id, id);
    }
}

async function templateByItsAgent() {
    await loginAgent(org.templateRefreshToken);
    const conversation = await call('ConversationsApi', 'getConversation', org.templateConversation);
    const sent = await call('ConversationsApi', 'postConversationsMessageCommunicationMessages', org.templateConversation,
        agentOf(conversation).messages[0].id, { messagingTemplate: messagingTemplate() });
    await readBack(sent.id, org.templateConversation);
}

async function cannedResponses() {
    await call('ResponseManagementApi', 'getResponsemanagementLibraries', { libraryPrefix: org.library.name });
    await call('ResponseManagementApi', 'getResponsemanagementLibrary', org.library.id);
    await call('ResponseManagementApi', 'getResponsemanagementResponses', org.library.id, { pageSize: 10 });
    await call('ResponseManagementApi', 'postResponsemanagementResponsesQuery', {
        queryPhrase: org.response.name, pageSize: 10, pageNumber: 1,
        filters: [{ name: 'libraryId', operator: 'EQUALS', values: [org.library.id] }],
    });
    await call('ResponseManagementApi', 'getResponsemanagementResponse', org.response.id);
}

const loginAgent = refreshToken =>
    login('refreshCodeAuthorizationGrant', org.userClient.id, org.userClient.secret, refreshToken);

async function asAgent() {
    await loginAgent(org.refreshToken);
    await call('ConversationsApi', 'getConversations');
    await call('ConversationsApi', 'getConversationsMessages');
    const conversation = await call('ConversationsApi', 'getConversation', org.conversation);
    const sent = await call('ConversationsApi', 'postConversationsMessageCommunicationMessages', org.conversation,
        agentOf(conversation).messages[0].id, { textBody: 'from the agent' });
    await readBack(sent.id);
}

// What the newest SDK no longer has.
async function legacyChat() {
    await loginAgent(org.chatRefreshToken);
    await call('ConversationsApi', 'getConversationsChats');
    await call('ConversationsApi', 'getConversationsChat', org.chat);
    const conversation = await call('ConversationsApi', 'getConversation', org.chat);
    const sent = await call('ConversationsApi', 'postConversationsChatCommunicationMessages', org.chat,
        agentOf(conversation).chats[0].id, { body: 'from the agent', bodyType: 'standard' });
    await call('ConversationsApi', 'getConversationsChatMessages', org.chat, { sortOrder: 'descending', maxResults: 100 });
    await call('ConversationsApi', 'getConversationsChatMessage', org.chat, sent.id);
}

async function refusals() {
    await refused(404, 'ConversationsApi', 'getConversation', '99999999-0000-4000-8000-000000000000');
    await login('loginClientCredentialsGrant', org.client.id, org.client.secret);
    await refused(400, 'ConversationsApi', 'getConversationsMessages'); // a client is no user
    client.setAccessToken('revoked');
    await refused(401, 'TokensApi', 'getTokensMe');
}

useOrg();
await asClient();
if (!isLegacy) await agentlessByChannel();
await cannedResponses();
await asAgent();
if (isLegacy) await legacyChat();
else await templateByItsAgent();
await refusals();
process.stdout.write(JSON.stringify(calls), () => process.exit(0));
