// better_queue.js work URL CA_FILE COUNT
// In memory, as it comes: nothing survives the process. It stands here to show what durability costs.
const Queue = require('better-queue');
const { opener, jobs, CONCURRENCY } = require('./sender');

const [, url, caFile, count] = process.argv.slice(2);
const send = opener(url, caFile);
const queue = new Queue((job, done) => { send(job).then((id) => done(null, id), done); }, { concurrent: CONCURRENCY });
queue.on('task_failed', (_, error) => console.error(error));
for (const job of jobs(Number(count))) queue.push(job);
process.on('SIGTERM', () => process.exit(0));
