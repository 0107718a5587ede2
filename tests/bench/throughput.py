"""How many messages a second, and what CPU each costs: the bare client, cannedd, and the peers, in turn."""
import json
import os
import subprocess
import time

import peers
from figures import percentile
from programs import OWN_CORE, TEXT, Daemon, conversation, cpu_ns

CONVERSATIONS = 64
CONNECTIONS = 32


def rows_of(accounts, messages, conversations=CONVERSATIONS):
    """Texts m0, m1, ... spread evenly."""
    for number in range(messages):
        account = number % len(accounts)
        yield accounts[account], conversation(account, number // len(accounts) % conversations), TEXT.format(number)


def drain(bench, what, accounts=('default',), connections=CONNECTIONS, messages=None, environment=None):
    """Backlog first, then the daemon: the rate between first and last arrival, the CPU of the last nine tenths."""
    messages = messages or bench.rows
    folder = bench.fresh_folder()
    bench.sink.reset()
    with Daemon(folder, bench.daemon_binary, bench.sink, accounts, connections=connections) as daemon:
        daemon.fill(rows_of(accounts, messages))
        program = daemon.start(environment)
        early = bench.sink.wait(max(1, messages // 10), program)
        cpu_before = cpu_ns(program.pid)
        bench.sink.wait(messages, program)
        cpu = cpu_ns(program.pid) - cpu_before
        daemon.wait_until_sent(messages)
        daemon.stop()
        report = bench.sink.ask('report')  # what came after the last one came twice
    bench.clear(folder)
    bench.figures.add(f'{what}', 'messages/s', bench.sink.rate(report, messages))
    bench.figures.add(f'{what}, CPU', 'us/message', cpu / 1e3 / max(1, messages - early['messages']))


def bare(bench):
    messages = 2 * bench.rows
    bench.sink.reset()
    done = subprocess.run(['taskset', '--cpu-list', OWN_CORE, bench.bare_binary, str(bench.sink.port), bench.sink.ca_file,
                           str(messages), str(CONNECTIONS)], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    report = bench.sink.wait(messages)
    bench.figures.add('bare client', 'messages/s', bench.sink.rate(report, messages))
    bench.figures.add('bare client, CPU', 'us/message', json.loads(done.stdout)['cpu_ns'] / 1e3 / messages)


def one_account(bench):
    drain(bench, 'cannedd, 1 account')


def many_accounts(bench):
    drain(bench, 'cannedd, 32 accounts', [f'account{n}' for n in range(32)], connections=8)


def disk(bench):
    """What a commit waits for on this machine, now: it is shared by all that is durable."""
    path = os.path.join(bench.folder, 'synced')
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    took = []
    for page in range(200):
        os.pwrite(file, bytes(4096), page * 4096)
        began = time.monotonic_ns()
        os.fdatasync(file)
        took.append(time.monotonic_ns() - began)
    os.close(file)
    os.remove(path)
    bench.figures.add('the disk, one fdatasync, p50', 'ms', percentile(took, 0.5) / 1e6)
    bench.figures.add('the disk, one fdatasync, p99', 'ms', percentile(took, 0.99) / 1e6)


CONTENDERS = [disk, bare, one_account, many_accounts]


def measure(bench):
    for _ in bench.rounds():
        for contender in CONTENDERS:
            contender(bench)
        if bench.with_peers:
            for name, peer, share in peers.ALL:
                peers.run_one(bench, name, peer, share)
    ratio = bench.figures.ratio
    for who in ('cannedd, 1 account', 'cannedd, 32 accounts'):
        ratio(f'{who} / bare client', who, 'bare client', '>= 0.4')
        ratio(f'{who}, CPU / bare client', f'{who}, CPU', 'bare client, CPU', '<= 3')
    for peer, goal in (('BullMQ', '>= 4'), ('plainjob', '>= 8'), ('tutorial', '>= 40'), ('tutorial, one connection', ''),
                       ('better-queue (not durable)', ''), ('Celery', '')):
        ratio(f'cannedd, 1 account / {peer}', 'cannedd, 1 account', peer, goal)
