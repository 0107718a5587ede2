// bullmq.js fill COUNT REDIS_PORT | work URL CA_FILE REDIS_PORT
const { Queue, Worker } = require('bullmq');
const { opener, jobs, CONCURRENCY } = require('./sender');

async function fill(count, port) {
    const queue = new Queue('bench', { connection: { host: '127.0.0.1', port: Number(port) } });
    const all = [...jobs(Number(count))].map((data) => ({ name: 'message', data }));
    for (let at = 0; at < all.length; at += 1000) await queue.addBulk(all.slice(at, at + 1000));
    await queue.close();
}

function work(url, caFile, port) {
    const send = opener(url, caFile);
    const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
    const worker = new Worker('bench', (job) => send(job.data), { connection, concurrency: CONCURRENCY });
    worker.on('failed', (_, error) => console.error(error));
    process.on('SIGTERM', () => worker.close().then(() => process.exit(0)));
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'fill') fill(...rest);
else work(...rest);
