"""Others that send queued messages, each with the same text to the same sink, at concurrency 32. Those that are not
installed are skipped with a word. Redis shares the sink's core, which is generous: it has nearly all of it."""
import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time

from programs import OWN_CORE, SINK_CORE, Program, cpu_ns

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'peers')


class Skipped(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def redis(folder):
    """Durable: each write is synced before it is answered."""
    program = shutil.which('redis-server')
    if not program:
        raise Skipped('there is no redis-server (run.sh --install-peers)')
    port = free_port()
    with Program(folder, 'redis', [program, '--port', str(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes',
                                   '--appendfsync', 'always', '--save', '', '--logfile', os.path.join(folder, 'redis.log')],
                 core=SINK_CORE) as server:
        server.errors_path = os.path.join(folder, 'redis.log')
        while not os.path.exists(server.errors_path):
            time.sleep(0.01)
        server.wait_for_word('Ready to accept connections')
        yield port


def node(bench, script):
    folder = os.path.join(bench.build, 'bench', 'peers')
    if not shutil.which('node') or not os.path.isdir(os.path.join(folder, 'node_modules')):
        raise Skipped('its packages are not in the build directory (run.sh --install-peers)')
    return ['node', os.path.join(folder, script)]


def python_script(script, *modules):
    for module in modules:
        if not importlib.util.find_spec(module):
            raise Skipped(f'there is no Python module {module} (run.sh --install-peers)')
    return [sys.executable, '-B', os.path.join(HERE, script)]


def run(arguments, environment=None):
    subprocess.run(arguments, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   env={**os.environ, **(environment or {})})


def timed(bench, what, folder, worker, messages, environment=None):
    """Like cannedd: the rate between first and last arrival, the CPU of the last nine tenths."""
    bench.sink.reset()
    with Program(folder, 'worker', worker, OWN_CORE, environment) as program:
        early = bench.sink.wait(max(1, messages // 10), program)
        cpu_before = cpu_ns(program.pid)
        report = bench.sink.wait(messages, program)
        cpu = cpu_ns(program.pid) - cpu_before
    bench.figures.add(what, 'messages/s', bench.sink.rate(report, messages))
    bench.figures.add(f'{what}, CPU', 'us/message', cpu / 1e3 / max(1, messages - early['messages']))


def tutorial(bench, folder, messages, what='tutorial', *how):
    script = python_script('tutorial.py', 'requests')
    database = os.path.join(folder, 'tutorial.db')
    run([*script, 'fill', str(messages), database])
    timed(bench, what, folder, [*script, 'work', bench.sink.url, bench.sink.ca_file, database, *how], messages)


def tutorial_in_a_session(bench, folder, messages):
    tutorial(bench, folder, messages, 'tutorial, one connection', 'session')


def bullmq(bench, folder, messages):
    script = node(bench, 'bullmq.js')
    with redis(folder) as port:
        run([*script, 'fill', str(messages), str(port)])
        timed(bench, 'BullMQ', folder, [*script, 'work', bench.sink.url, bench.sink.ca_file, str(port)], messages)


def plainjob(bench, folder, messages):
    script = node(bench, 'plainjob.js')
    database = os.path.join(folder, 'plainjob.db')
    run([*script, 'fill', str(messages), database])
    timed(bench, 'plainjob', folder, [*script, 'work', bench.sink.url, bench.sink.ca_file, database], messages)


def better_queue(bench, folder, messages):
    script = node(bench, 'better_queue.js')
    timed(bench, 'better-queue (not durable)', folder, [*script, 'work', bench.sink.url, bench.sink.ca_file, str(messages)],
          messages)


def celery(bench, folder, messages):
    script = python_script('celery_tasks.py', 'celery', 'redis', 'requests')
    with redis(folder) as port:
        environment = {'BENCH_BROKER': f'redis://127.0.0.1:{port}/0', 'BENCH_URL': bench.sink.url,
                       'BENCH_CA': bench.sink.ca_file, 'PYTHONPATH': HERE, 'PYTHONDONTWRITEBYTECODE': '1', 'C_FORCE_ROOT': '1'}
        run([*script, str(messages)], environment)
        worker = [sys.executable, '-m', 'celery', '-A', 'celery_tasks', 'worker', '--pool', 'threads', '--concurrency', '32',
                  '--without-gossip', '--without-mingle', '--without-heartbeat', '--loglevel', 'ERROR']
        timed(bench, 'Celery', folder, worker, messages, environment)


# share: of the rows of cannedd, as each is so much slower or faster.
ALL = [('tutorial', tutorial, 0.05), ('tutorial, one connection', tutorial_in_a_session, 0.05), ('BullMQ', bullmq, 0.5),
       ('plainjob', plainjob, 0.3), ('better-queue', better_queue, 0.5), ('Celery', celery, 0.1)]


def run_one(bench, name, peer, share):
    folder = bench.fresh_folder()
    try:
        peer(bench, folder, max(20, int(bench.rows * share)))
    except Skipped as why:
        bench.figures.say(f'{name} is skipped: {why}')
    except (subprocess.CalledProcessError, RuntimeError) as fault:  # a peer's fault takes no other's figures
        bench.figures.say(f'{name} failed: {str(fault)[:1000]}')
    bench.clear(folder)
