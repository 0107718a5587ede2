// The organisation that the simulator plays: who is who, and its plan.
const id = (kind, n) => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const secret = 'simulator-secret';

export const clientOfOrg = { id: '11111111-1111-4111-8111-111111111111', secret };
export const userClient = { id: '22222222-2222-4222-8222-222222222222', secret };
export const samlClient = { id: '33333333-3333-4333-8333-333333333333', secret };
export const samlAudience = 'https://conformance.example/saml';
export const library = { id: id('b', 1), name: 'Service' };
export const response = { id: id('d', 1), name: 'Greeting' };
export const template = { id: id('d', 2), name: 'Order update' }; // of WhatsApp
// Which conversation is on which channel; all others are of an open messaging integration.
export const channels = { webmessaging: 9, whatsapp: 11, sms: 12, open: 3 };

export const agent = n => id('a', n);
export const conversation = n => id('c', n);
export const refreshToken = n => `refresh-of-agent-${n}`;
export const email = n => `agent${n}@conformance.example`;
const agents = Array.from({ length: 12 }, (_, i) => i + 1);

// Conversation n belongs to agent n. certificateFile: what the client of SAML assertions signs with.
export function plan({ chats = [], certificateFile } = {}) {
    return {
        rate: { limit: 100_000 },
        delivery: { sent_after_ms: 50, final_after_ms: 100 },
        legacy_chat: chats.length > 0,
        users: agents.map(n => ({ id: agent(n), name: `Agent ${n}`, email: email(n) })),
        clients: [
            { ...clientOfOrg, name: 'service' },
            {
                ...userClient, name: 'agents', grants: ['refresh_token'],
                refresh_tokens: Object.fromEntries(agents.map(n => [refreshToken(n), agent(n)])),
            },
            ...certificateFile ? [{
                ...samlClient, name: 'assertions', grants: ['saml2_bearer'],
                saml: { certificate_file: certificateFile, audience: samlAudience },
            }] : [],
        ],
        libraries: [library],
        responses: [{
            ...response, library: library.name, text: 'Hello {{firstName}}', html: '<p>Hello {{firstName}}</p>',
            substitutions: [{ id: 'firstName', defaultValue: 'there' }],
        }, {
            ...template, library: library.name, text: 'Dear {{1}}, it is on its way.',
            whatsapp: {
                name: 'order_update', namespace: 'ns', language: 'en_US', header: { type: 'Text', content: 'Order {{1}}' },
                buttons: [{ type: 'Url', contentText: 'Track', content: 'https://shop.example/{{1}}' }],
            },
        }],
        conversations: agents.map(n => ({
            id: conversation(n), agent: agent(n), media: chats.includes(n) ? 'chat' : 'message',
            messenger: chats.includes(n) ? undefined : Object.keys(channels).find(type => channels[type] === n) ?? 'open',
        })),
    };
}
