// The request that every peer written in JavaScript sends: undici, keep-alive, as many connections as there are workers.
const fs = require('node:fs');
const { Pool } = require('undici');

const CONVERSATIONS = 64;
const CONCURRENCY = 32;

function opener(url, caFile) {
    const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1, connect: { ca: fs.readFileSync(caFile) } });
    return async ({ conversation, text }) => {
        const path = `/api/v2/conversations/messages/${conversation}/communications/d${conversation.slice(1)}/messages`;
        const answer = await pool.request({
            path,
            method: 'POST',
            headers: { 'authorization': 'Bearer bench-token', 'accept': 'application/json', 'content-type': 'application/json' },
            body: JSON.stringify({ textBody: text }),
        });
        const sent = await answer.body.json();
        if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
        return sent.id;
    };
}

function* jobs(count) {
    for (let number = 0; number < count; ++number) {
        const of = String(number % CONVERSATIONS).padStart(12, '0');
        yield {
            conversation: `c0000000-0000-4000-8000-${of}`,
            text: `m${number} Thank you for waiting, an agent will be with you in a moment.`,
        };
    }
}

module.exports = { opener, jobs, CONCURRENCY };
