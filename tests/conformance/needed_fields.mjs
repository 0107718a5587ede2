// Fields that the structure names, mostly as optional, and that no client can do its work without. a|b: either will do.
const message = ['id', 'conversationId', 'direction', 'timestamp', 'status', 'normalizedMessage.text|normalizedMessage.content',
    'messengerType'];
const conversation = ['id', 'startTime', 'participants.0.id', 'participants.0.purpose'];
const line = ['id', 'state', 'type', 'fromAddress.addressNormalized', 'toAddress.addressNormalized', 'connectedTime'];
const analysed = ['conversationId', 'conversationStart', 'participants.0.participantId', 'participants.0.purpose',
    'participants.0.sessions.0.mediaType', 'participants.0.sessions.0.segments.0.segmentStart'];
const canned = ['id', 'name', 'libraries.0.id', 'texts.0.content', 'texts.0.contentType', 'substitutions.0.id'];
const chatMessage = ['id', 'conversation.id', 'sender.id', 'body', 'bodyType', 'timestamp'];
const page = ['pageSize', 'pageNumber', 'total', 'pageCount'];
const under = (prefix, paths) => paths.map(either => either.split('|').map(path => `${prefix}.${path}`).join('|'));

export const neededFields = {
    getTokensMe: ['organization.id', 'OAuthClient.id'],
    getOrganizationsLimitsNamespace: ['entities.0.key', 'entities.0.value'],
    getOrganizationsLimitsNamespaceDefaults: ['entities.0.key', 'entities.0.value'],
    getConversation: [...conversation],
    getConversations: under('entities.0', conversation),
    getConversationsMessage: ['id', 'participants.0.id', 'participants.0.purpose', 'participants.0.state'],
    getConversationsMessages: ['entities.0.id', 'entities.0.participants.0.id', ...page],
    postAnalyticsConversationsDetailsQuery: ['totalHits', ...under('conversations.0', analysed)],
    getAnalyticsConversationDetails: analysed,
    postConversationsMessagesAgentless: ['id', 'conversationId', 'message.id', 'message.status'],
    postConversationsMessageCommunicationMessages: message,
    getConversationsMessageMessage: message,
    getConversationsMessageDetails: message,
    postConversationsMessageMessagesBulk: under('entities.0', message),
    getResponsemanagementLibraries: ['entities.0.id', 'entities.0.name', ...page],
    getResponsemanagementLibrary: ['id', 'name'],
    getResponsemanagementResponses: [...under('entities.0', canned), ...page],
    postResponsemanagementResponsesQuery: under('results', [...under('entities.0', canned), ...page]),
    getResponsemanagementResponse: canned,
    getConversationsChats: ['entities.0.id', ...page],
    getConversationsChat: ['id', 'participants.0.id', 'participants.0.state'],
    postConversationsChatCommunicationMessages: chatMessage,
    getConversationsChatMessages: under('entities.0', chatMessage),
    getConversationsChatMessage: chatMessage,
};

const errorFields = ['message', 'code', 'status', 'contextId'];
const valueAt = (answer, path) => path.split('.').reduce((value, key) => value?.[key], answer);
const isThere = (answer, paths) => paths.split('|').some(path => valueAt(answer, path) !== undefined);

export function missingFields({ method, status, answer }) {
    const wanted = [...status >= 400 ? errorFields : neededFields[method] ?? []];
    // A messaging conversation's lines; a chat's have no addresses.
    if (method === 'getConversation' && status < 400 && answer.participants[0].messages?.length)
        wanted.push(...under('participants.0.messages.0', line));
    return wanted.filter(path => !isThere(answer, path)).map(path => `${path}: missing`);
}
