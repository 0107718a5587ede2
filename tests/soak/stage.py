"""What a soak starts: a simulated Genesys Cloud, the daemon, and the ways to ask both."""
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
import urllib.parse

PATIENCE_SECONDS = 60
USER = '5a3e0000-0000-4000-8000-00000000000a'
CLIENT = '22222222-2222-4222-8222-222222222222'
PLAN = f"""rate: {{limit: 1000000}}
users: [{{id: {USER}, name: Sam}}]
clients:
  - {{id: {CLIENT}, secret: soak-secret, name: soak, grants: [refresh_token], refresh_tokens: {{first-token: {USER}}}}}
"""
# Retention is short: the file has its size before the warm-up is over, and each row is read before it is deleted.
CONFIGURATION = """database: queue.db
responses_file: ''
accounts:
  default:
    api_url: {api}
    login_url: {api}
    ca_file: ca.pem
    route: message
    auth: {{grant: refresh_token, client_id: {client}, client_secret_file: secret, refresh_token_file: token}}
    rate: {{requests_per_minute: 30000, burst: 1000}}
    conversation_rate: {{messages_per_minute: 6000, burst: 100}}
delivery: {{settle: 500ms, request_timeout: 2s, backoff: {{base: 200ms, max: 5s}}, attempts: 100}}
retention: {{sent: 1m, failed: 1m, attempts: 1m}}
metrics: {{listen: 127.0.0.1:0}}
"""


def pages_of(pid, name):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return int(re.search(rf'^{name}:\s+(\d+)', file.read(), re.MULTILINE).group(1))


class Program:
    """A child whose output is a file. It dies with us, however we do."""

    def __init__(self, folder, name, arguments):
        self.output = os.path.join(folder, name + '.log')
        with open(self.output, 'wb') as out:
            self.process = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', *arguments], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.pid = self.process.pid

    def said(self, pattern):
        """Waits for a line; its groups."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            with open(self.output, encoding='utf-8', errors='replace') as file:
                if found := re.search(pattern, file.read()):
                    return found.groups()
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f'{self.process.args}: no "{pattern}"; see {self.output}')
            time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


class Genesys:
    """The simulator, and its control interface over one connection."""

    def __init__(self, folder, binary):
        with open(os.path.join(folder, 'plan.yaml'), 'w', encoding='ascii') as file:
            file.write(PLAN)
        self.transcript = os.path.join(folder, 'transcript.jsonl')
        self.program = Program(folder, 'simulator', [binary, '--plan', 'plan.yaml', '--ca-out', 'ca.pem',
                                                     '--transcript', self.transcript])
        self.url, control = self.program.said(r'ready url=(\S+) control=(\S+)')
        self._control = http.client.HTTPConnection(urllib.parse.urlsplit(control).netloc, timeout=PATIENCE_SECONDS)

    def ask(self, method, call, body=None):
        self._control.request(method, '/__control/' + call, json.dumps(body) if body is not None else None)
        answer = self._control.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f'{method} {call}: {told}')
        return told

    def begin_conversation(self, identity):
        self.ask('POST', 'conversations', {'id': identity, 'media': 'message', 'agent': USER})


class Daemon:
    def __init__(self, folder, binary, api):
        self.folder, self.database = folder, os.path.join(folder, 'queue.db')
        self._write('secret', 'soak-secret\n')
        self._write('token', 'first-token\n')
        self._write('cannedd.yaml', CONFIGURATION.format(api=api, client=CLIENT))
        self.program = Program(folder, 'cannedd', [binary, '--config', os.path.join(folder, 'cannedd.yaml')])
        self.metrics = self.program.said(r'metrics are served" address=(\S+)')[0]
        self.program.said('msg="?ready')
        self.pid = self.program.pid

    def _write(self, name, text):
        with open(os.open(os.path.join(self.folder, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w',
                  encoding='ascii') as file:
            file.write(text)

    def connect(self):
        return sqlite3.connect(self.database, timeout=60, isolation_level=None)

    def page(self, path):
        connection = http.client.HTTPConnection(self.metrics, timeout=PATIENCE_SECONDS)
        connection.request('GET', path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def reload(self):
        os.kill(self.pid, signal.SIGHUP)

    def alive(self):
        return self.program.process.poll() is None

    def log_bytes(self):
        return os.path.getsize(self.program.output)

    def sizes(self):
        """What must not grow."""
        files = sum(os.path.getsize(self.database + end) for end in ('', '-wal') if os.path.exists(self.database + end))
        return {'resident_kib': pages_of(self.pid, 'VmRSS'), 'threads': pages_of(self.pid, 'Threads'),
                'descriptors': len(os.listdir(f'/proc/{self.pid}/fd')), 'database_kib': files / 1024}
