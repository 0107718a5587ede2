#!/usr/bin/env python3
"""What schema/README.md tells to type for --enqueue from ssh, Kafka, PostgreSQL and cron, typed; twice, with a kill in between.

usage: ways_in.py CANNEDD. A program that is not installed is skipped, loudly; ssh is a shell function that runs it here.
"""
import glob
import os
import pwd
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import links
import page

DEADLINE_S = 60
CONVERSATION = 'a11a0000-0000-4000-8000-000000000001'
ROWS = 3000  # several transactions
faults = []


def check(what, good, why=''):
    print(f'{"ok   " if good else "FAIL "} {what}' + ('' if good else f': {why}'))
    if not good:
        faults.append(what)


def until(condition, what):
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f'waited in vain for {what}')
        time.sleep(0.01)  # between two looks


class way:
    """A queue of its own, and `cannedd` in the PATH that means it."""

    def __init__(self, name, cannedd, folder):
        self.name = name
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.database = os.path.join(self.folder, 'queue.db')
        with open(os.open(self.path('secret'), os.O_WRONLY | os.O_CREAT, 0o600), 'w') as secret:
            secret.write('x')
        with open(self.path('cannedd.yaml'), 'w') as file:
            file.write(f'database: {self.database}\nresponses_file:\naccounts:\n  default:\n    api_url: http://127.0.0.1:1\n'
                       '    login_url: http://127.0.0.1:1\n'
                       '    auth: {client_id: 11111111-1111-4111-8111-111111111111, client_secret_file: secret}\n')
        subprocess.run([cannedd, '--config', self.path('cannedd.yaml'), '--init'], check=True, capture_output=True)
        with open(os.open(self.path('cannedd'), os.O_WRONLY | os.O_CREAT, 0o755), 'w') as wrapper:
            wrapper.write(f'#!/bin/sh\nexec {cannedd} --config {self.path("cannedd.yaml")} "$@"\n')

    def path(self, name):
        return os.path.join(self.folder, name)

    def begin(self, command, **more):
        environment = {**os.environ, 'PATH': self.folder + ':' + os.environ['PATH'], **more.get('environment', {})}
        return subprocess.Popen(['bash', '-c', 'set -o pipefail; ssh() { shift; "$@"; }\n' + command], cwd=self.folder,
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def type(self, command, wanted=0, **more):
        one = self.begin(command, **more)
        out, errors = one.communicate(timeout=DEADLINE_S)
        check(f'{self.name}: {command.splitlines()[0]}', one.returncode == wanted, f'{one.returncode}: {out}{errors}')
        return out

    def rows(self):
        with sqlite3.connect(self.database, timeout=5) as queue:
            return queue.execute('SELECT count(*), count(DISTINCT dedup_key) FROM messages').fetchone()

    def killed_and_typed_twice(self, command, **more):
        one = self.begin(command, **more)
        until(lambda: self.rows()[0] > 0 or one.poll() is not None, 'a row')
        try:
            os.killpg(one.pid, signal.SIGKILL)  # both sides of the pipe
        except ProcessLookupError:
            pass  # it was faster
        one.communicate()
        for _ in range(2):
            self.type(command, **more)
        check(f'{self.name}: each row is there once', self.rows() == (ROWS, ROWS), self.rows())


def from_ssh(one, command):
    with open(one.path('rows.jsonl'), 'w') as file:
        for number in range(ROWS):
            file.write(f'{{"conversation_id":"{CONVERSATION}","text":"number {number}","dedup_key":"k{number}"}}\n')
    one.killed_and_typed_twice(command)


def from_kafka(one, command):
    if not shutil.which('kcat') or not shutil.which('jq'):
        return 'kcat or jq'
    # librdkafka can be a cluster itself, for as long as its client waits for something to send.
    mock = subprocess.Popen(['kcat', '-P', '-b', 'nobody:1', '-t', 'x', '-X', 'test.mock.num.brokers=1', '-d', 'mock'],
                            stdin=subprocess.PIPE, stderr=open(one.path('mock'), 'w'))
    try:
        broker = ''

        def known():
            nonlocal broker
            found = re.search(r'127\.0\.0\.1:\d+', open(one.path('mock')).read())
            broker = found.group() if found else ''
            return found

        until(known, 'the broker')
        records = ''.join(f'{{"conversation_id":"{CONVERSATION}","text":"number {number}"}}\n' for number in range(ROWS))
        subprocess.run(['kcat', '-P', '-b', broker, '-t', 'canned'], input=records, text=True, check=True)
        typed = command.replace('broker:9092', broker)
        one.killed_and_typed_twice(typed)
        subprocess.run(['kcat', '-P', '-b', broker, '-t', 'canned'], input='no object\n', text=True, check=True)
        one.type(typed, wanted=65)
    finally:
        mock.kill()
        mock.wait()
    return None


class postgres:
    """A server of its own on a socket in the folder; never as root."""

    def __init__(self, folder):
        self.folder = folder
        self.binaries = sorted(glob.glob('/usr/lib/postgresql/*/bin'))[-1]
        self.user = {'user': 'postgres'} if os.geteuid() == 0 else {}
        if self.user:
            os.chown(folder, pwd.getpwnam('postgres').pw_uid, -1)
        data = os.path.join(folder, 'data')
        self.run('initdb', '-D', data, '-A', 'trust', '-U', 'shop')
        self.server = subprocess.Popen([os.path.join(self.binaries, 'postgres'), '-D', data, '-k', folder, '-c', 'listen_addresses='],
                                       cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user)
        self.environment = {'PGHOST': folder, 'PGUSER': 'shop'}
        until(lambda: self.ask('SELECT 1', 'postgres').returncode == 0, 'PostgreSQL')

    def run(self, program, *arguments):
        subprocess.run([os.path.join(self.binaries, program), *arguments], cwd=self.folder, check=True, capture_output=True,
                       **self.user)

    def ask(self, statement, database='shop'):
        return subprocess.run(['psql', '-qX', '-d', database, '-c', statement], env={**os.environ, **self.environment},
                              capture_output=True, text=True)

    def end(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait()


def from_postgres(one, command, folder):
    if not shutil.which('psql') or not glob.glob('/usr/lib/postgresql/*/bin/initdb'):
        return 'psql or postgresql'
    home = os.path.join(folder, 'pg')
    os.mkdir(home)
    server = postgres(home)
    try:
        server.ask('CREATE DATABASE shop', 'postgres')
        made = server.ask("CREATE TABLE outbox (id bigserial, conversation_id uuid, text text, created_at timestamptz DEFAULT now()); "
                          f"INSERT INTO outbox (conversation_id, text) SELECT '{CONVERSATION}', E'said \"number\",\\n' || n "
                          f"FROM generate_series(1, {ROWS}) AS n")
        check('the outbox is there', made.returncode == 0, made.stderr)
        one.killed_and_typed_twice(command, environment=server.environment)
    finally:
        server.end()
    return None


def from_cron(one, line):
    command = line.split('shop', 1)[1].strip().replace('/srv/out', one.folder)
    header = 'conversation_id,text,dedup_key\n'
    with open(one.path('rows.csv'), 'w') as file:
        file.write(header + f'{CONVERSATION},good,k1\n42,bad,k2\n')
    one.type(command, wanted=65)
    check('cron: a file with a row that is refused stays, and nothing of it is in',
          os.path.exists(one.path('rows.csv')) and one.rows() == (0, 0))
    with open(one.path('rows.csv'), 'w') as file:
        file.write(header + f'{CONVERSATION},good,k1\n')
    one.type(command)
    check('cron: a file whose rows are in goes', not os.path.exists(one.path('rows.csv')) and one.rows() == (1, 1))


def main(cannedd):
    cannedd = os.path.realpath(cannedd)
    text = links.pages()['schema/README.md']
    blocks = page.blocks(text, 'bash')
    command = {name: next(b for b in blocks if b.startswith(name)) for name in ('ssh', 'kcat', 'psql')}
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        from_ssh(way('ssh', cannedd, folder), command['ssh'])
        from_cron(way('cron', cannedd, folder), page.blocks(text, 'cron')[0])
        for name, missing in (('kcat', from_kafka(way('kcat', cannedd, folder), command['kcat'])),
                              ('psql', from_postgres(way('psql', cannedd, folder), command['psql'], folder))):
            if missing:
                print(f'SKIPPED: {missing} is not installed; the example with {name} was NOT tried')
    print(f'{len(faults)} faults')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
