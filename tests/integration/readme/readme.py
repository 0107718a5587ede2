#!/usr/bin/env python3
"""What the READMEs tell a stranger to type, typed: the tour, and the programs that enqueue. Their links lead somewhere.

usage: readme.py CANNEDD SIMULATOR      (ctest gives both). A language that is not installed is skipped, loudly.
"""
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

import links
import page

PROJECT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
QUEUE = '/var/lib/cannedd/queue.db'
DEADLINE_S = 30
JDBC = '/usr/share/java/sqlite-jdbc.jar'
GO_SQLITE = '/usr/share/gocode/src/github.com/mattn/go-sqlite3'
faults = []


def check(what, good, why=''):
    print(f'{"ok   " if good else "FAIL "} {what}' + ('' if good else f': {why}'))
    if not good:
        faults.append(what)


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return str(one.getsockname()[1])


def until(condition, what):
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f'waited in vain for {what}')
        time.sleep(0.01)  # between two looks


def value(database, query):
    with sqlite3.connect(database, timeout=5) as queue:
        return queue.execute(query).fetchone()[0]


class tour:
    """The console blocks, in a directory of their own, on ports of their own."""

    def __init__(self, text, binaries, folder):
        self.text = text
        self.binaries = binaries
        self.folder = folder
        self.ports = {port: free_port() for port in ('8443', '8444', '9464')}
        self.started = []
        self.shell = None

    def moved(self, command):
        for built, binary in self.binaries.items():
            command = command.replace(f'$P/build/release/{built}', binary)
        command = command.replace('$P', PROJECT)
        for port, free in self.ports.items():
            command = command.replace(f':{port}', f':{free}')
        if command.startswith('cat >cannedd.yaml'):  # the daemon of a machine that runs the tests may have this port
            command = command.replace('\nEND', f'\nmetrics: {{listen: 127.0.0.1:{self.ports["9464"]}}}\nEND')
        return command

    def start(self, command, wanted):
        """A command that ends in &: until it has printed the last line that the page shows."""
        out = open(os.path.join(self.folder, f'{len(self.started)}.out'), 'w+')
        self.started.append(subprocess.Popen(['bash', '-c', 'exec ' + command.rstrip('& ')], cwd=self.folder,
                                             stdout=out, stderr=out))
        words = re.sub(r'^time=\S+ ', '', wanted.splitlines()[-1].split(' url=')[0])
        until(lambda: words in open(out.name).read(), words)
        return open(out.name).read()

    def settled(self):
        """Everything that can be sent has been."""
        waiting = "SELECT count(*) FROM messages WHERE status = 'sending' OR (status = 'pending' AND due_at <= " \
                  "(strftime('%s', 'now') + 1) * 1000 AND account IN (SELECT account FROM accounts WHERE paused = 0))"
        until(lambda: value(os.path.join(self.folder, 'queue.db'), waiting) == 0, 'the queue to be empty')

    def ask(self, statement):
        if statement.startswith('SELECT'):
            self.settled()
        told = subprocess.run(['bash', '-c', self.shell.replace('sqlite3', 'sqlite3 -interactive', 1)], cwd=self.folder,
                              input=statement + '\n', stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = told.stdout.splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith('sqlite> '))  # after the greeting
        printed = re.sub(r'^(sqlite> | *\.\.\.> )*', '', '\n'.join(lines[start:]), flags=re.MULTILINE)
        return printed.replace(statement, '', 1).strip()  # some builds of the shell echo what they read

    def step(self, prompt, command, shown):
        name = command.splitlines()[0]
        if prompt == 'sqlite>':
            printed = self.ask(command)
            check(name, page.as_shown(shown) == page.as_shown(printed), f'the page shows\n{shown}\nbut it prints\n{printed}')
        elif command.startswith('sqlite3 '):
            self.shell = self.moved(command)
        elif command.endswith('&'):
            printed = self.start(self.moved(command), shown)
            check(name, page.lines(shown) <= page.lines(printed), f'the page shows\n{shown}\nbut it prints\n{printed}')
        else:
            told = subprocess.run(['bash', '-c', self.moved(command)], cwd=self.folder, capture_output=True, text=True)
            check(name, told.returncode == 0, told.stderr)

    def run(self):
        try:
            for block in page.blocks(self.text, 'console'):
                for step in page.session(block):
                    self.step(*step)
                    if 'paused = 0' in step[1] or 'status = \'pending\'' in step[1]:
                        self.settled()
            self.started[1].send_signal(signal.SIGTERM)
            check('kill %2 ends the daemon with 0', self.started[1].wait(DEADLINE_S) == 0)
        finally:
            for one in self.started:
                one.kill()
                one.wait()


class programs:
    """The programs that enqueue: each is run twice, which enqueues once; then with an id that is none."""

    def __init__(self, text, cannedd, folder):
        self.text = text
        self.cannedd = cannedd
        self.folder = folder

    def queue(self, name):
        database = os.path.join(self.folder, f'{name}.db')
        config = os.path.join(self.folder, 'cannedd.yaml')
        with open(os.open(os.path.join(self.folder, 'secret'), os.O_WRONLY | os.O_CREAT, 0o600), 'w') as secret:
            secret.write('x')
        with open(config, 'w') as file:
            file.write(f'database: {database}\nresponses_file:\naccounts:\n  default:\n    api_url: http://127.0.0.1:1\n'
                       '    login_url: http://127.0.0.1:1\n'
                       '    auth: {client_id: 11111111-1111-4111-8111-111111111111, client_secret_file: secret}\n')
        subprocess.run([self.cannedd, '--config', config, '--init'], check=True, capture_output=True)
        return database

    def tried(self, name, program, suffix, *command):
        database = self.queue(name)
        file = os.path.join(self.folder, f'{name}.{suffix}')

        def run(source):
            with open(file, 'w') as out:
                out.write(source.replace(QUEUE, database))
            if suffix == 'c':
                subprocess.run(['cc', '-Wall', '-Wextra', '-Werror', file, '-lsqlite3', '-o', file + '.out'], check=True)
            return subprocess.run(command or [file + '.out'], cwd=self.folder, capture_output=True, text=True)

        for _ in range(2):
            told = run(program)
            check(f'{name} enqueues', told.returncode == 0 and not told.stderr, told.stderr)
        rows = value(database, "SELECT count(*) || status FROM messages WHERE dedup_key IS NOT NULL")
        check(f'{name}: twice is once', rows == '1pending', rows)
        elsewhere = file + '.elsewhere'
        lost = run(program.replace(QUEUE, elsewhere))
        check(f'{name}: a wrong path is an error, and makes no file', lost.returncode != 0 and not os.path.exists(elsewhere),
              f'it ends {lost.returncode}')
        self.in_words(f'{name}: a wrong path', lost)
        open(elsewhere, 'w').close()
        empty = run(program.replace(QUEUE, elsewhere))
        check(f'{name}: a file that is no queue is an error that is not tried again',
              empty.returncode != 0 and 'try again' not in empty.stdout + empty.stderr, empty.stdout + empty.stderr)
        self.in_words(f'{name}: a file that is no queue', empty)
        with open(elsewhere, 'w') as out:
            out.write('shopping list\n' * 100)
        self.in_words(f'{name}: a file that is no database', run(program.replace(QUEUE, elsewhere)))
        wrong = run(program.replace('a11a0000-0000-4000-8000-000000000001', '42'))
        check(f'{name} tells why a row is refused, and fails',
              wrong.returncode != 0 and 'conversation_id must be a UUID' in wrong.stdout + wrong.stderr,
              wrong.stdout + wrong.stderr)
        self.in_words(f'{name}: a row that is refused', wrong)

    @staticmethod
    def in_words(what, ended):
        """A line of the program's own, and one of sqlite3's or of `go run` at most: nothing of a stack."""
        told = (ended.stdout + ended.stderr).splitlines()
        check(f'{what} is told in a line', ended.returncode != 0 and 1 <= len(told) <= 2, '\n'.join(told))

    def run(self):
        node = shutil.which('node')
        version = [int(n) for n in subprocess.run([node, '-p', 'process.versions.node'], capture_output=True,
                                                  text=True).stdout.split('.')[:2]] if node else []
        built_in = page.blocks(self.text, 'js')[1]
        self.tried('python', page.blocks(self.text, 'python')[0], 'py', sys.executable, 'python.py')
        self.tried('shell', next(b for b in page.blocks(self.text, 'sh') if b.startswith('quoted()')), 'sh', 'sh', 'shell.sh')
        self.tried('c', page.blocks(self.text, 'c')[0], 'c')
        if shutil.which('php'):
            self.tried('php', page.blocks(self.text, 'php')[0], 'php', 'php', 'php.php')
        else:
            print('SKIPPED: php is not installed; its example was NOT tried')
        if shutil.which('java') and os.path.exists(JDBC):
            self.tried('java', page.blocks(self.text, 'java')[0], 'java', 'java', '-cp', JDBC, 'java.java')
        else:
            print('SKIPPED: java and libxerial-sqlite-jdbc-java are not installed; the example was NOT tried')
        if shutil.which('go') and os.path.exists(GO_SQLITE):
            os.environ |= {'GO111MODULE': 'off', 'GOPATH': '/usr/share/gocode', 'GOCACHE': os.path.join(self.folder, 'go-cache')}
            self.tried('go', page.blocks(self.text, 'go')[0], 'go', 'go', 'run', '-tags', 'libsqlite3', 'go.go')
        else:
            print('SKIPPED: go and golang-github-mattn-go-sqlite3-dev are not installed; the example was NOT tried')
        if version >= [22, 13]:  # from here on without a flag, yet with a warning
            self.tried('node', built_in, 'mjs', node, '--no-warnings', 'node.mjs')
        else:
            print('SKIPPED: node 22.13 is not installed; the example with node:sqlite was NOT tried')


def statements(text, database):
    """What the operators' page tells to type: the queue understands it, and does what the page says with rows 1 to 20."""
    with sqlite3.connect(database, timeout=5) as queue:
        queue.executemany("INSERT INTO messages (conversation_id, text, tag) VALUES (?, 'hello', 'campaign-7')",
                          [('a11a0000-0000-4000-8000-000000000001',)] * 20)
        for block in page.blocks(text, 'sql'):
            for statement in (one.strip() for one in re.sub(r'--.*', '', block).split(';')):
                if not statement:
                    continue
                try:
                    queue.execute(statement).fetchall()
                    check(statement.splitlines()[0], True)
                except sqlite3.Error as error:
                    check(statement, False, error)
        rows = dict(queue.execute("SELECT id, status FROM messages"))
        check('held, cancelled and replayed: 17 alone is pending',
              [number for number, status in rows.items() if status == 'pending'] == [17] and
              set(rows.values()) == {'pending', 'cancelled'}, rows)
        later = queue.execute("SELECT expires_at / 1000 - strftime('%s', 'now') FROM messages WHERE id = 17").fetchone()[0]
        check('it expires in two hours, and in four when it is moved', 14200 < later <= 14400, later)
        told = queue.execute("SELECT count(*) FROM queue_changes").fetchone()[0]
        check('what was changed by hand is told', told == 61, told)  # 20 held, let go and cancelled, 17 replayed


def codes(text):
    """Each error code of the daemon has a line in the table of them."""
    with open(os.path.join(PROJECT, 'lib', 'error', 'errc.hpp'), encoding='utf-8') as file:
        known = re.findall(r'^    (\w+),', re.search(r'enum class errc.*?\{(.*?)\};', file.read(), re.DOTALL).group(1),
                           re.MULTILINE)
    table = text[text.index('## What does the error code say?'):text.index('## How do I install')]
    told = set(re.findall(r'`(\w+)`', ' '.join(line.split('|')[1] for line in table.splitlines() if line.startswith('| `'))))
    check('every error code is in the table, and no other', told == set(known), str(told ^ set(known)))


def main(cannedd, simulator):
    pages = links.pages()
    for where, fault in links.faults(pages):
        check(where, False, fault)
    codes(pages['daemon/README.md'])
    with tempfile.TemporaryDirectory() as folder:
        typed = programs(pages['schema/README.md'], cannedd, folder)
        typed.run()
        statements(pages['daemon/README.md'], typed.queue('operator'))
        text = pages['README.md']
        programs(text, cannedd, folder).tried('readme', page.blocks(text, 'python')[0], 'py', sys.executable, 'readme.py')
    binaries = {'daemon/cannedd': cannedd, 'tests/simulator/genesys-simulator': simulator}
    with tempfile.TemporaryDirectory() as folder:
        tour(text, binaries, folder).run()
    print(f'{len(faults)} faults')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
