"""What is started: the sink on one core, what is measured on the other. Every program ends with the `with` that began it."""
import itertools
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import time

PATIENCE_SECONDS = 900
CORES = sorted(os.sched_getaffinity(0))
SINK_CORE, OWN_CORE = str(CORES[0]), str(CORES[-1])
TEXT = 'm{} Thank you for waiting, an agent will be with you in a moment.'

INSERT = 'INSERT INTO messages (account, conversation_id, text) VALUES (?, ?, ?)'


def conversation(account, number):
    """The UUID of a conversation; the sink knows every one."""
    return f'c0000000-0000-4000-8{account:03x}-{number:012d}'


def ringing_conversation(number):
    return f'70000000-0000-4000-8000-{number:012d}'


ENDED_CONVERSATION = '60000000-0000-4000-8000-000000000000'


def cpu_ns(pid):
    """Of all its threads that live."""
    total = 0
    for task in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{task}/schedstat', encoding='ascii') as file:
            total += int(file.read().split()[0])
    return total


def _status_number(path, field):
    with open(path, encoding='ascii') as file:
        for line in file:
            if line.startswith(field + ':'):
                return int(line.split()[1])
    raise KeyError(field)


def resident_mib(pid):
    return _status_number(f'/proc/{pid}/status', 'VmRSS') / 1024


def wake_ups(pid):
    """Of all its threads: how often one gave up its core of its own will."""
    return sum(_status_number(f'/proc/{pid}/task/{task}/status', 'voluntary_ctxt_switches')
               for task in os.listdir(f'/proc/{pid}/task'))


class Program:
    """A child on a core of its own, its errors in a file. It dies with us, however we do."""

    def __init__(self, folder, name, arguments, core=OWN_CORE, environment=None, stdin=subprocess.DEVNULL,
                 stdout=subprocess.DEVNULL):
        self.errors_path = os.path.join(folder, name + '.log')
        pinned = ['setpriv', '--pdeathsig', 'KILL', 'taskset', '--cpu-list', core, *arguments]
        with open(self.errors_path, 'wb') as errors:
            self.process = subprocess.Popen(pinned, stdin=stdin, stdout=stdout or errors, stderr=errors,
                                            env={**os.environ, **(environment or {})})
        self.pid = self.process.pid

    def errors(self):
        with open(self.errors_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def wait_for_word(self, word):
        end = time.monotonic() + PATIENCE_SECONDS
        while word not in self.errors():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f'{self.process.args}: no "{word}"\n{self.errors()}')
            time.sleep(0.005)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)


class Sink(Program):
    """The server: bench_sink."""

    def __init__(self, folder, binary):
        self.ca_file = os.path.join(folder, 'ca.pem')
        super().__init__(folder, 'sink', [binary, self.ca_file], SINK_CORE, None, subprocess.PIPE, subprocess.PIPE)
        self.port = int(self._line().split()[1])
        self.url = f'https://127.0.0.1:{self.port}'

    def _line(self, sender=None):
        end = time.monotonic() + PATIENCE_SECONDS
        while not select.select([self.process.stdout], [], [], 1)[0]:
            if sender and sender.process.poll() is not None:
                raise RuntimeError(f'{sender.process.args} ended before all messages had come\n{sender.errors()}')
            if time.monotonic() > end:
                raise RuntimeError(f'not all messages have come\n{sender.errors() if sender else ""}')
        return self.process.stdout.readline().decode()

    def ask(self, command, sender=None):
        self.process.stdin.write(command.encode() + b'\n')
        self.process.stdin.flush()
        return json.loads(self._line(sender))

    def reset(self):
        self.ask('reset')

    def serves(self, conversations):
        """What the list of a user's own conversations shows from now on: so many of account 0."""
        self.ask(f'serves {conversations}')

    def wait(self, messages, sender=None):
        """Until so many have come; not longer than the program lives that sends them."""
        return self.ask(f'wait {messages}', sender)

    def arrivals(self):
        """number -> steady nanoseconds (time.monotonic_ns is the same clock)"""
        path = self.ca_file + '.arrivals'
        self.ask(f'list {path}')
        with open(path, encoding='ascii') as file:
            return {int(number): int(at) for number, at in (line.split() for line in file)}

    def rate(self, report, messages):
        """Messages a second from the first arrival to the last."""
        if report['messages'] != messages or report['duplicates']:
            raise RuntimeError(f'not each text once: {report}, {messages} were to come')
        return (messages - 1) * 1e9 / (report['last_ns'] - report['first_ns'])


class Daemon:
    """A database and its cannedd. `accounts`: names; the other arguments are theirs."""

    def __init__(self, folder, binary, sink, accounts=('default',), per_minute=100000, burst=100000, connections=32,
                 conversation_cache='1h', retention='7d'):
        self.folder, self.binary, self.database = folder, binary, os.path.join(folder, 'queue.db')
        os.makedirs(folder, exist_ok=True)
        self._write('client_secret', 'bench-secret\n')
        text = f'database: {self.database}\nresponses_file: \'\'\naccounts:\n'
        for number, name in enumerate(accounts):
            self._write(f'refresh_token_{number}', f'refresh-{number}\n')
            text += (f'  {name}:\n    api_url: {sink.url}\n    login_url: {sink.url}\n    ca_file: {sink.ca_file}\n'
                     f'    route: message\n    connections: {connections}\n    expire_after: 30d\n'
                     f'    auth: {{grant: refresh_token, client_id: 00000000-0000-4000-8000-{number + 1:012d},'
                     f' client_secret_file: client_secret, refresh_token_file: refresh_token_{number}}}\n'
                     f'    rate: {{requests_per_minute: {per_minute}, burst: {burst}}}\n'
                     '    conversation_rate: {messages_per_minute: 100000, burst: 100000}\n'
                     f'    resolve_cache: {conversation_cache}\n')
        self._write('cannedd.yaml', text + f'delivery: {{follow_status: false}}\nretention: {{sent: {retention}}}\n'
                                          'metrics: {listen: 127.0.0.1:0}\n')
        self.program = None
        # As in a queue that is in service: its accounts are known, and a producer's row gets its time when it is inserted.
        self.start()
        self.stop()
        self.program = None

    def _write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, 0o600)

    def _config(self):
        return ['--config', os.path.join(self.folder, 'cannedd.yaml')]

    def connect(self):
        return sqlite3.connect(self.database, timeout=60, isolation_level=None)

    def fill(self, rows):
        """(account, conversation, text), many in a transaction."""
        producer = self.connect()
        producer.execute('PRAGMA cache_size = -200000')
        producer.execute('PRAGMA synchronous = OFF')
        rows = iter(rows)
        while part := list(itertools.islice(rows, 50000)):
            producer.execute('BEGIN IMMEDIATE')
            producer.executemany(INSERT, part)
            producer.execute('COMMIT')
        producer.close()
        os.sync()  # else the daemon's first sync waits for all of it

    def metrics_address(self):
        host, port = re.search(r'metrics are served" address=(\S+):(\d+)', self.program.errors()).groups()
        return host, int(port)

    def start(self, environment=None):
        self.program = Program(self.folder, 'cannedd', [self.binary, *self._config()], environment=environment)
        self.program.wait_for_word('msg="ready"')
        return self.program

    def stop(self):
        code = self.program.stop()
        if code != 0:
            raise RuntimeError(f'cannedd ended with {code}\n{self.program.errors()}')

    def wait_for(self, query, answer):
        reader = self.connect()
        end = time.monotonic() + PATIENCE_SECONDS
        while (found := reader.execute(query).fetchone()) != (answer,):
            if time.monotonic() > end:
                raise RuntimeError(f'{query}: {found}, not {answer}\n{self.program.errors()}')
            time.sleep(0.02)
        reader.close()

    def wait_until_sent(self, messages):
        self.wait_for("SELECT sum(messages) FROM counters WHERE status = 'sent'", messages)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.program:
            self.program.stop(signal.SIGKILL)
