"""What a long queue changes: speed and memory with few and with a million rows pending, a slow disk, lanes that ring."""
import os
import shutil

from programs import TEXT, Daemon, conversation, resident_mib, ringing_conversation
from throughput import drain, rows_of

CONVERSATIONS = 1000  # the same for each length: what is compared is the length
DRAINED = 5000


def words(number):
    for unit, name in ((1_000_000, 'M'), (1000, 'k')):
        if number >= unit and number % unit == 0:
            return f'{number // unit} {name}'
    return str(number)


def template(bench, pending):
    """A database with so many rows, made once in a run."""
    if pending not in bench.templates:
        folder = bench.fresh_folder()
        with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
            daemon.fill(rows_of(['default'], pending, CONVERSATIONS))
        bench.templates[pending] = daemon.database
    return bench.templates[pending]


def first_of(bench, drained, left):
    """Sends the first so many of drained + left rows."""
    folder = bench.fresh_folder()
    source = template(bench, drained + left)
    bench.sink.reset()
    with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
        shutil.copyfile(source, daemon.database)
        program = daemon.start()
        bench.sink.wait(1, program)
        report = bench.sink.wait(drained, program)
        memory = resident_mib(program.pid)
    bench.clear(folder)
    what = f'{words(left)} pending'
    bench.figures.add(what, 'messages/s', (report['messages'] - 1) * 1e9 / (report['last_ns'] - report['first_ns']))
    bench.figures.add(f'{what}, resident memory', 'MiB', memory)


def pending(bench):
    lengths = [1000, bench.million // 10, bench.million]
    for _ in bench.rounds():
        for left in lengths:
            first_of(bench, min(DRAINED, bench.rows), left)
    few, many = f'{words(lengths[0])} pending', f'{words(lengths[-1])} pending'
    bench.figures.ratio(f'{many} / {few}', many, few, '>= 0.9')


def slow_disk(bench):
    library = os.path.join(bench.build, 'tests', 'bench', 'libbench_slow_sync.so')
    what = 'cannedd, each sync 5 ms slower'
    for _ in bench.rounds():
        drain(bench, 'cannedd, this disk', messages=max(20, bench.rows // 4))
        drain(bench, what, messages=max(20, bench.rows // 4), environment={'LD_PRELOAD': library, 'BENCH_SYNC_MS': '5'})
    bench.figures.ratio('each sync 5 ms slower / this disk', what, 'cannedd, this disk')


def ringing(bench):
    """How soon live rows are sent that came after rows for agents who have not answered yet."""
    lanes, live = bench.million // 10, bench.scaled(1000)
    for _ in bench.rounds():
        for ahead in (0, lanes):
            folder = bench.fresh_folder()
            bench.sink.reset()
            with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
                daemon.fill(('default', ringing_conversation(n), TEXT.format(live + n)) for n in range(ahead))
                daemon.fill(('default', conversation(0, n % 100), TEXT.format(n)) for n in range(live))
                program = daemon.start()
                began = bench.sink.ask('report')['now_ns']
                report = bench.sink.wait(live, program)
            bench.clear(folder)
            bench.figures.add(f'{live} live rows, {words(ahead) if ahead else "none"} ringing before them, all sent after', 's',
                              (report['last_ns'] - began) / 1e9)
