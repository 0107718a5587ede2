#!/usr/bin/env python3
"""The daemon for an hour, at 50 messages a second, while random things go wrong: does every row add up, does nothing grow?

usage: soak.py [MINUTES] [--build build/release] [--folder FOLDER] [--seed N]
It ends 1 when a row is lost, doubled or out of order, or when a figure rises more than is allowed (growth.py): resident
memory, descriptors, threads, the size of the database with its log, bytes logged a message. It is no part of ctest.
"""
import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time

import faults
import growth
from ledger import Ledger
from stage import Daemon, Genesys

PER_SECOND = 50
TALKS = 50  # conversations at a time
ROWS_OF_A_TALK = 100
SAMPLE_SECONDS = 5
SECONDS_BETWEEN_OUTAGES, OUTAGE_SECONDS = (60, 240), (3, 10)
DRAIN_SECONDS = 300
INSERT = 'INSERT INTO messages (conversation_id, text) VALUES (?, ?)'


class Producer(threading.Thread):
    """50 rows a second, one by one, in conversations that come and go."""

    def __init__(self, daemon, genesys, ledger, end):
        super().__init__(daemon=True)
        self._daemon, self._genesys, self._ledger, self._end = daemon, genesys, ledger, end
        self.fault, self.lock = None, threading.Lock()

    def run(self):
        try:
            self._produce(self._daemon.connect())
        except Exception as fault:  # told by the main thread
            self.fault = fault

    def _produce(self, queue):
        began, number, talks = time.monotonic(), 0, {}
        while time.monotonic() < self._end:
            slot = number % TALKS
            # The first ones are shorter, so that they are not all replaced at once.
            if slot not in talks or talks[slot][1] <= 0:
                rows = ROWS_OF_A_TALK if slot in talks else 1 + slot * ROWS_OF_A_TALK // TALKS
                talks[slot] = [f'c0000000-0000-4000-8000-{number:012d}', rows]
                with self.lock:
                    self._genesys.begin_conversation(talks[slot][0])
            number += 1
            queue.execute(INSERT, (talks[slot][0], f'#{number} Thank you for waiting, an agent will be with you in a moment.'))
            talks[slot][1] -= 1
            self._ledger.inserted = number
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder, self.dice = options, folder, random.Random(options.seed)
        self.genesys = Genesys(folder, os.path.join(options.build, 'tests/simulator/genesys-simulator'))
        self.daemon = Daemon(folder, os.path.join(options.build, 'daemon/cannedd'), self.genesys.url)
        self.ledger = Ledger(self.daemon.connect())
        self.samples = {figure: [] for figure in growth.ALLOWED}
        self.producer, self.unpaused = None, 0

    def sample(self, passed, log_before, rows_before):
        for figure, value in self.daemon.sizes().items():
            self.samples[figure].append((passed, value))
        rows = len(self.ledger.ends) - rows_before
        if rows:
            self.samples['log_bytes_per_message'].append((passed, (self.daemon.log_bytes() - log_before) / rows))

    def control(self, *what):
        with self.producer.lock:
            return self.genesys.ask(*what)

    def soak(self):
        began, length = time.monotonic(), self.options.minutes * 60
        warm = min(length / 2, 600)
        self.producer = Producer(self.daemon, self.genesys, self.ledger, began + length)
        self.control('PUT', 'faults', faults.rules())
        self.producer.start()
        outage_from, outage_to = self.dice.uniform(*SECONDS_BETWEEN_OUTAGES), float('inf')
        log, rows, minute = 0, 0, 0
        for tick in range(1, int(length / SAMPLE_SECONDS) + 1):
            time.sleep(max(0.0, began + tick * SAMPLE_SECONDS - time.monotonic()))
            passed = tick * SAMPLE_SECONDS
            self.ledger.collect()
            if passed > warm:
                self.sample(passed, log, rows)
            log, rows = self.daemon.log_bytes(), len(self.ledger.ends)
            if passed >= outage_to:
                self.control('POST', 'plan', {'accepting': True})
                outage_from, outage_to = passed + self.dice.uniform(*SECONDS_BETWEEN_OUTAGES), float('inf')
            elif passed >= outage_from and outage_to == float('inf'):
                self.control('POST', 'plan', {'accepting': False})
                outage_to = passed + self.dice.uniform(*OUTAGE_SECONDS)
            self.daemon.page('/metrics')
            self.unpaused += self.ledger.unpause()
            if passed // 60 > minute:
                minute = passed // 60
                self.daemon.page('/')
                self.daemon.reload()
                print(f'{minute:4} min: {self.ledger.inserted} rows, {dict(self.ledger.count())}, waiting {self.ledger.waiting()}, '
                      + ', '.join(f'{name} {value:.0f}' for name, value in self.daemon.sizes().items()), flush=True)
            if not self.daemon.alive() or self.producer.fault:
                raise RuntimeError(f'the daemon or the producer ended: {self.producer.fault}; see {self.daemon.program.output}')
        self.producer.join()

    def drain(self):
        self.control('PUT', 'faults', [])
        self.control('POST', 'plan', {'accepting': True})
        end = time.monotonic() + DRAIN_SECONDS
        while self.ledger.waiting() and time.monotonic() < end:
            self.ledger.collect()
            self.unpaused += self.ledger.unpause()
            time.sleep(1)
        self.ledger.collect()

    def verdict(self):
        fired = {rule['name']: rule['fired'] for rule in self.control('GET', 'faults')}
        self.drain()
        code = self.daemon.program.stop()
        self.genesys.program.stop()
        wrong = self.ledger.faults(self.genesys.transcript)
        print(f'\n{self.ledger.inserted} rows: {dict(self.ledger.count())}\nfaults: {fired}\n'
              f'times that the operator ended a pause: {self.unpaused}\n')
        with open(os.path.join(self.folder, 'samples.json'), 'w', encoding='ascii') as file:
            json.dump(self.samples, file)
        growth.table(self.samples)
        grown = growth.grown(self.samples)
        print(*wrong[:20], sep='\n')
        print(f'{len(wrong)} rows do not add up; {len(grown)} figures grow {grown}; the daemon ended {code}')
        return 1 if wrong or grown or code else 0


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('minutes', nargs='?', type=float, default=60)
    parser.add_argument('--build', default='build/release')
    parser.add_argument('--folder', help='where the database and the logs are; default: one that goes with the run')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args(arguments)
    options.build = os.path.abspath(options.build)
    growth.self_test()
    with tempfile.TemporaryDirectory() as own:
        if options.folder:
            os.makedirs(options.folder)
        soak = Soak(options, os.path.abspath(options.folder or own))
        soak.soak()
        return soak.verdict()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
