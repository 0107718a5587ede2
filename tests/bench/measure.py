#!/usr/bin/env python3
"""measure.py --build FOLDER [--runs N] [--rows N] [SECTION...]: see README.md. run.sh builds, then calls it."""
import argparse
import contextlib
import ctypes
import os
import shutil
import signal
import struct
import sys
import tempfile
import traceback

import backlog
import file_costs
import latency
import quiet
import stalls
import throughput
from figures import Figures
from programs import SINK_CORE, Sink

SECTIONS = {
    'throughput': throughput.measure,
    'disk': backlog.slow_disk,
    'latency': latency.measure,
    'idle': quiet.idle,
    'accounts': quiet.many_real_accounts,
    'insert': file_costs.insert,
    'pending': backlog.pending,
    'views': file_costs.views,
    'locks': stalls.locks,
    'ending': stalls.ending,
    'retention': stalls.retention,
    'ringing': backlog.ringing,
    'budget': quiet.budget,
}
QUICK = ['throughput', 'disk', 'latency', 'idle', 'insert', 'pending', 'views']
MILLION = 1_000_000


class Bench:
    """What every section is given."""

    def __init__(self, options, folder):
        self.runs, self.rows, self.build, self.folder = options.runs, options.rows, options.build, folder
        self.daemon_binary = os.path.join(options.build, 'daemon', 'cannedd')
        self.bare_binary = os.path.join(options.build, 'tests', 'bench', 'bench_bare_client')
        self.sink_binary = os.path.join(options.build, 'tests', 'bench', 'bench_sink')
        self.with_peers, self.million = options.peers, options.million
        self.templates = {}  # databases that several runs copy
        self.figures = Figures()
        self._folders = 0

    def rounds(self):
        """Everything that is compared is measured once in each."""
        for number in range(self.runs):
            print(f'   run {number + 1} of {self.runs}', flush=True)
            yield number

    def scaled(self, count):
        """A count of a whole run, smaller where the million is."""
        return max(1, count * self.million // MILLION) if self.million < MILLION else count

    def fresh_folder(self):
        """Under the run's own, which goes with the run."""
        self._folders += 1
        path = os.path.join(self.folder, str(self._folders))
        os.makedirs(path)
        return path

    def clear(self, path):
        shutil.rmtree(path, ignore_errors=True)


def parse(arguments):
    parser = argparse.ArgumentParser(description='Ratios of one run. Sections: ' + ', '.join(SECTIONS))
    parser.add_argument('--build', required=True)
    parser.add_argument('--runs', type=int, default=5, help='interleaved runs of each figure')
    parser.add_argument('--rows', type=int, default=10000, help='messages of a run of cannedd')
    parser.add_argument('--million', type=int, default=MILLION, help='what stands for a million rows; less: all is smaller')
    parser.add_argument('--json', help='where the figures are written; default FOLDER/bench/figures.json')
    parser.add_argument('--no-peers', dest='peers', action='store_false', help='cannedd and the bare client alone')
    parser.add_argument('sections', nargs='*', metavar='SECTION')
    options = parser.parse_args(arguments)
    options.quick = options.sections == ['quick']
    if options.quick:  # whether it works, not how fast: it takes nothing from others
        options.sections, options.peers = QUICK, False
        options.rows, options.million, options.runs = min(options.rows, 400), min(options.million, 5000), 1
    unknown = [name for name in options.sections if name not in SECTIONS]
    if unknown:
        parser.error(f'no section {", ".join(unknown)}; there are quick, {", ".join(SECTIONS)}')
    options.sections = options.sections or list(SECTIONS)
    options.build = os.path.abspath(options.build)
    return options


def ask_for_short_slices():
    """For us and for all that we start: else whoever computes on the same core runs on for the length of his own slice,
    4 ms perhaps, each time that one of ours has waited for the disk or for a peer (sched_setattr(2), Linux 6.12)."""
    sched_setattr, other, short_ns = {'x86_64': 314, 'aarch64': 274}.get(os.uname().machine), 0, 500_000
    asked = struct.pack('=IIQiIQQQ', 48, other, 0, os.getpriority(os.PRIO_PROCESS, 0), 0, short_ns, 0, 0)
    if sched_setattr:
        ctypes.CDLL(None).syscall(sched_setattr, 0, asked, 0)


@contextlib.contextmanager
def calm():
    """Away from the core of what is measured, and, where it is allowed, all of it before what else the machine does: by
    its nice value, and by that of its session, which is what counts where the kernel groups by session."""
    os.sched_setaffinity(0, {int(SINK_CORE)})
    group = '/proc/self/autogroup'
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
        with open(group, encoding='ascii') as file:
            before = file.read().split()[-1]
        with open(group, 'w', encoding='ascii') as file:
            file.write('-15')
    except OSError as why:
        print(f'-- what else the machine does disturbs more: {why}')
        before = None
    ask_for_short_slices()
    try:
        yield
    finally:
        if before is not None:
            with open(group, 'w', encoding='ascii') as file:
                file.write(before)


def main(arguments):
    options = parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit('ended by SIGTERM'))  # what was started ends too
    with contextlib.nullcontext() if options.quick else calm():
        return measure(options)


def section(bench, name):
    """False: it failed. One section's fault takes no other section's figures."""
    print(f'-- {name}', flush=True)
    try:
        with Sink(bench.folder, bench.sink_binary) as bench.sink:
            SECTIONS[name](bench)
        return True
    except Exception:
        traceback.print_exc()
        return False


def measure(options):
    work = os.path.join(options.build, 'bench')
    os.makedirs(work, exist_ok=True)
    path, failed = options.json or os.path.join(work, 'figures.json'), []
    with tempfile.TemporaryDirectory(prefix='run-', dir=work) as folder:
        bench = Bench(options, folder)
        try:
            for name in options.sections:
                if not section(bench, name):
                    failed.append(name)
                bench.figures.save(path)
        finally:  # also what was measured before it was interrupted
            bench.figures.print()
            bench.figures.save(path)
    if failed:
        print(f'\nfailed: {", ".join(failed)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
