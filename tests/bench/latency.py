"""From a producer's COMMIT to the request at the server, of rows that come one by one into a queue that is empty."""
import random
import time

from figures import percentile
from programs import INSERT, TEXT, Daemon, conversation
from throughput import disk

CONVERSATIONS = 10


def measure(bench):
    for turn in bench.rounds():
        dice = random.Random(turn)
        disk(bench)  # each message waits for one commit at the least
        one_by_one(bench, 'isolated rows', bench.scaled(200), lambda: dice.uniform(0.1, 0.3))
        one_by_one(bench, 'rows 20 ms apart', bench.scaled(300), lambda: 0.02)


def one_by_one(bench, what, rows, pause):
    folder = bench.fresh_folder()
    bench.sink.reset()
    with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
        program = daemon.start()
        producer = daemon.connect()
        committed = {}
        for number in range(CONVERSATIONS + rows):
            if number == CONVERSATIONS:  # so many for the look-ups and the connections
                bench.sink.wait(CONVERSATIONS, program)
            time.sleep(pause())
            producer.execute(INSERT, ('default', conversation(0, number % CONVERSATIONS), TEXT.format(number)))
            committed[number] = time.monotonic_ns()
        report = bench.sink.wait(CONVERSATIONS + rows, program)
        bench.sink.rate(report, CONVERSATIONS + rows)
        arrived = bench.sink.arrivals()
        daemon.stop()
    bench.clear(folder)
    took = [(arrived[n] - committed[n]) / 1e6 for n in range(CONVERSATIONS, CONVERSATIONS + rows)]
    bench.figures.add(f'{what}, commit to request, p50', 'ms', percentile(took, 0.5))
    bench.figures.add(f'{what}, commit to request, p99', 'ms', percentile(took, 0.99))
