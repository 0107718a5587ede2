// plainjob.js fill COUNT DATABASE | work URL CA_FILE DATABASE
// synchronous=FULL, which is not plainjob's default: with it a power cut loses nothing, as with cannedd.
const Database = require('better-sqlite3');
const { better, defineQueue, defineWorker } = require('plainjob');
const { opener, jobs, CONCURRENCY } = require('./sender');

const quiet = { error: console.error, warn: console.error, info() {}, debug() {} };

function durableQueue(file) {
    const database = new Database(file);
    const queue = defineQueue({ connection: better(database), logger: quiet });
    database.pragma('synchronous = FULL');
    return queue;
}

function fill(count, file) {
    const queue = durableQueue(file);
    queue.addMany('message', [...jobs(Number(count))]);
    queue.close();
}

function work(url, caFile, file) {
    const queue = durableQueue(file);
    const send = opener(url, caFile);
    for (let n = 0; n < CONCURRENCY; ++n) {
        const worker = defineWorker('message', async (job) => { await send(JSON.parse(job.data)); }, { queue, logger: quiet });
        worker.start();
    }
    process.on('SIGTERM', () => process.exit(0));
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'fill') fill(...rest);
else work(...rest);
