// The programs under test, started and ended; their scratch directory; the simulator's control calls.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// All is on loopback: no proxy is in the way.
const direct = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^https?_proxy$/i.test(name)));

// The first line of `stream` that contains `part`.
function lineWith(child, stream, part) {
    return new Promise((resolve, reject) => {
        createInterface({ input: child[stream] }).on('line', line => {
            child.lines.push(line);
            if (line.includes(part)) resolve(line);
        });
        child.once('error', reject);
        child.once('exit', code => reject(new Error(`${child.spawnfile} ended with ${code}:\n${child.lines.join('\n')}`)));
    });
}

function start(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: direct });
    child.lines = [];
    child.ended = new Promise(resolve => child.once('exit', (code, signal) => resolve(code ?? signal)));
    process.once('exit', () => child.kill('SIGKILL'));
    return child;
}

export async function startSimulator(program, directory, plan) {
    const log = `${directory}/requests.jsonl`;
    const child = start(program, ['--ca-out', `${directory}/ca.pem`, '--requests-log', log, '--requests-log-bodies']);
    const ready = await lineWith(child, 'stdout', 'ready ');
    const told = Object.fromEntries(ready.split(' ').slice(1).map(pair => pair.split(/=(.*)/)));
    const control = async (method, call, body) => {
        const answer = await fetch(`${told.control}/__control/${call}`, { method, body: body && JSON.stringify(body) });
        if (!answer.ok) throw new Error(`${method} ${call}: ${await answer.text()}`);
        return answer.json();
    };
    await control('POST', 'plan', plan);
    return {
        url: told.url,
        caFile: told.ca_file,
        control,
        requests: () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line)),
        logText: () => readFileSync(log, 'utf8'),
        async stop() {
            child.kill('SIGTERM');
            await child.ended;
        },
    };
}

export async function startDaemon(program, configuration) {
    const child = start(program, ['--config', configuration]);
    await lineWith(child, 'stderr', 'msg="ready"');
    return {
        log: () => child.lines.join('\n'),
        async stop() {
            child.kill('SIGTERM');
            return child.ended;
        },
    };
}

// Runs to its end; throws unless the exit code is one of the expected.
export function run(program, args, { input, env, codes = [0] } = {}) {
    const done = spawnSync(program, args, { input, env: { ...direct, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (done.error) throw done.error;
    if (!codes.includes(done.status))
        throw new Error(`${program} ${args.join(' ')} ended with ${done.status ?? done.signal}:\n${done.stdout}\n${done.stderr}`);
    return done.stdout;
}

export async function eventually(what, condition, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}
