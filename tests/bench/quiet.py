"""What a daemon costs that has little to do, what many accounts cost, and how much of a real rate becomes messages."""
import contextlib
import time

from programs import TEXT, Daemon, Sink, conversation, cpu_ns, resident_mib, wake_ups
from throughput import rows_of


def idle(bench):
    seconds = bench.scaled(20)
    for _ in bench.rounds():
        folder = bench.fresh_folder()
        bench.sink.reset()
        with Daemon(folder, bench.daemon_binary, bench.sink) as daemon:
            daemon.fill(rows_of(['default'], 10, 10))
            program = daemon.start()
            bench.sink.wait(10, program)
            time.sleep(3)  # until what follows a message is done
            cpu, woken, began = cpu_ns(program.pid), wake_ups(program.pid), time.monotonic()
            time.sleep(seconds)
            took = time.monotonic() - began
            bench.figures.add('idle, CPU', '% of a core', (cpu_ns(program.pid) - cpu) / 1e7 / took)
            bench.figures.add('idle, wake-ups', '1/s', (wake_ups(program.pid) - woken) / took)
            daemon.stop()
        bench.clear(folder)


def many_real_accounts(bench):
    """100 accounts of 300 requests a minute, all backlogged: after their bursts, before the first minute is over."""
    count, seconds = bench.scaled(100), bench.scaled(30)
    accounts = [f'account{n}' for n in range(count)]
    for _ in bench.rounds():
        folder = bench.fresh_folder()
        bench.sink.reset()
        with Daemon(folder, bench.daemon_binary, bench.sink, accounts, per_minute=300, burst=20, connections=8) as daemon:
            daemon.fill(rows_of(accounts, 400 * count, 20))
            program = daemon.start()
            time.sleep(10)
            before, cpu, began = bench.sink.ask('report')['messages'], cpu_ns(program.pid), time.monotonic()
            time.sleep(seconds)
            took = time.monotonic() - began
            sent = bench.sink.ask('report')['messages'] - before
            share = (cpu_ns(program.pid) - cpu) / 1e7 / took
            memory = resident_mib(program.pid)
        bench.clear(folder)
        what = f'{count} accounts of 300 a minute'
        bench.figures.add(what, 'messages/s', sent / took)
        bench.figures.add(f'{what}, resident memory', 'MiB', memory)
        bench.figures.add(f'{what}, CPU', '% of a core', share)
        bench.figures.add(f'{what}, CPU at 500 messages/s', '% of a core', share * 500 * took / max(1, sent))


def budget(bench):
    """Requests a message in the second minute at 300 a minute, with defaults: daemons side by side. How many of a
    user's conversations the API lists at most nobody has tried: all, and a hundred."""
    with contextlib.ExitStack() as all_of_them:
        running = []
        for conversations, listed in ((20, 20), (200, 200), (2000, 2000), (2000, 100)):
            folder = bench.fresh_folder()
            sink = all_of_them.enter_context(Sink(folder, bench.sink_binary))
            sink.serves(listed)
            daemon = all_of_them.enter_context(Daemon(folder, bench.daemon_binary, sink, per_minute=300, burst=20,
                                                      connections=8, conversation_cache='30s'))
            daemon.fill(('default', conversation(0, n % conversations), TEXT.format(n)) for n in range(2000))
            daemon.start()
            what = f'{conversations} conversations in turn'
            running.append((what if listed == conversations else f'{what}, {listed} listed', sink))
        time.sleep(bench.scaled(60))
        before = [sink.ask('report') for _, sink in running]
        time.sleep(bench.scaled(60))
        for (what, sink), then in zip(running, before):
            now = sink.ask('report')
            messages = now['messages'] - then['messages']
            bench.figures.add(f'{what}, second minute', 'requests/message',
                              (messages + now['others'] - then['others']) / max(1, messages))
            bench.figures.add(f'{what}, second minute, sent', 'messages', messages)
