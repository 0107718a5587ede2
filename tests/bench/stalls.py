"""How long the daemon's loop stands still: /healthz is answered by the loop itself, so it is asked all the time."""
import os
import shutil
import socket
import threading
import time

from file_costs import half_sent
from programs import ENDED_CONVERSATION, TEXT, Daemon
from throughput import rows_of


class Probe:
    """Asks in a thread of its own; the longest answer is the longest stall."""

    def __init__(self, address):
        self._address, self._ended, self.longest_ms = address, threading.Event(), 0
        self._thread = threading.Thread(target=self._ask)

    def _ask(self):
        while not self._ended.wait(0.001):
            began = time.monotonic_ns()
            with socket.create_connection(self._address, 60) as peer:
                peer.sendall(b'GET /healthz HTTP/1.0\r\n\r\n')
                peer.recv(1024)
            self.longest_ms = max(self.longest_ms, (time.monotonic_ns() - began) / 1e6)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


def hold(daemon, seconds):
    """A producer's transaction. Returns when it ended."""
    producer = daemon.connect()
    producer.execute('BEGIN IMMEDIATE')
    time.sleep(seconds)
    producer.execute('ROLLBACK')
    ended = time.monotonic_ns()
    producer.close()
    return ended


def beside_a_lock(bench, seconds):
    folder, messages = bench.fresh_folder(), bench.rows
    bench.sink.reset()
    with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
        daemon.fill(rows_of(['default'], messages))
        program = daemon.start()
        bench.sink.wait(1, program)
        with Probe(daemon.metrics_address()) as probe:
            ended = hold(daemon, seconds) if seconds else None
            bench.sink.rate(bench.sink.wait(messages, program), messages)
        after = [at for at in bench.sink.arrivals().values() if ended and at > ended]
        daemon.wait_until_sent(messages)
        daemon.stop()
    bench.clear(folder)
    what = f'a lock of {seconds} s' if seconds else 'no lock'
    bench.figures.add(f'longest stall, {what}', 'ms', probe.longest_ms)
    if seconds and not after:
        bench.figures.say(f'{what} came too late in a run: all had been sent (more --rows)')
    if after:
        bench.figures.add(f'{what}, from its end to the next request', 'ms', (min(after) - ended) / 1e6)


def ending(bench):
    """A conversation that ended with many rows waiting for it, beside others that go on."""
    waiting, messages = bench.scaled(60000), bench.rows
    for _ in bench.rounds():
        folder = bench.fresh_folder()
        bench.sink.reset()
        with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
            daemon.fill(rows_of(['default'], messages))
            # The first of them is due at once, the others behind it: the answer to one look-up ends them all.
            daemon.fill(('default', ENDED_CONVERSATION, TEXT.format(messages + n)) for n in range(waiting))
            program = daemon.start()
            with Probe(daemon.metrics_address()) as probe:
                began = time.monotonic_ns()
                daemon.wait_for("SELECT sum(messages) FROM counters WHERE status = 'failed'", waiting)
                took = time.monotonic_ns() - began
            bench.sink.wait(messages, program)
        bench.clear(folder)
        bench.figures.add(f'a lane of {waiting} rows ends', 's', took / 1e9)
        bench.figures.add(f'longest stall, a lane of {waiting} rows ends', 'ms', probe.longest_ms)


def locks(bench):
    for _ in bench.rounds():
        for seconds in (0, 0.9, 7):
            beside_a_lock(bench, seconds)


def retention(bench):
    """Sending while as many rows as are pending are old enough to be deleted."""
    what = {'7d': 'nothing to delete', '1m': 'deleting old rows'}
    for _ in bench.rounds():
        for keep, words in what.items():
            folder, messages = bench.fresh_folder(), min(bench.rows, bench.million // 2)
            bench.sink.reset()
            with Daemon(folder, bench.daemon_binary, bench.sink, retention=keep) as daemon:
                shutil.copyfile(half_sent(bench), daemon.database)
                os.sync()
                program = daemon.start()
                with Probe(daemon.metrics_address()) as probe:
                    report = bench.sink.wait(messages, program)
                left = daemon.connect().execute("SELECT count(*) FROM messages WHERE id <= ?", (bench.million,)).fetchone()[0]
            bench.clear(folder)
            bench.figures.add(f'rows that went meanwhile, {words}', 'rows', bench.million - left)
            bench.figures.add(f'sending, {words}', 'messages/s',
                              (report['messages'] - 1) * 1e9 / (report['last_ns'] - report['first_ns']))
            bench.figures.add(f'longest stall, sending, {words}', 'ms', probe.longest_ms)
    bench.figures.ratio('sending while old rows are deleted / nothing to delete', 'sending, deleting old rows',
                        'sending, nothing to delete')
