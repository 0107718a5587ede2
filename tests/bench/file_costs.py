"""What the file costs its other users: a producer's INSERT, an operator's view."""
import os
import shutil
import sqlite3
import time

from backlog import CONVERSATIONS, template, words
from programs import INSERT, TEXT, Daemon, conversation

BARE_TABLE = """
CREATE TABLE bare (id INTEGER PRIMARY KEY, account TEXT, conversation_id TEXT, text TEXT, status TEXT DEFAULT 'pending');
CREATE INDEX bare_status ON bare (status, id);
"""
BARE_INSERT = 'INSERT INTO bare (account, conversation_id, text) VALUES (?, ?, ?)'


def rows(count):
    return [('default', conversation(0, n % CONVERSATIONS), TEXT.format(n)) for n in range(count)]


def cpu_us_a_row(database, statement, together, alone):
    """CPU, not time: what the disk takes is its own affair, and the same for both tables."""
    database.execute('BEGIN IMMEDIATE')
    began = time.process_time_ns()
    database.executemany(statement, rows(together))
    batch = (time.process_time_ns() - began) / 1e3 / together
    database.execute('COMMIT')
    began = time.process_time_ns()
    for row in rows(alone):
        database.execute(statement, row)
    return batch, (time.process_time_ns() - began) / 1e3 / alone


def insert(bench):
    together, alone = bench.scaled(20000), bench.scaled(500)
    for _ in bench.rounds():
        folder = bench.fresh_folder()
        bare = sqlite3.connect(os.path.join(folder, 'bare.db'), isolation_level=None)
        bare.execute('PRAGMA journal_mode = WAL')
        bare.executescript(BARE_TABLE)
        daemon = Daemon(folder, bench.daemon_binary, bench.sink)
        queue = daemon.connect()
        for name, database, statement in (('a bare table', bare, BARE_INSERT), ('the queue', queue, INSERT)):
            for how, cost in zip(('in a batch', 'alone'), cpu_us_a_row(database, statement, together, alone)):
                bench.figures.add(f'a row into {name}, {how}, CPU', 'us/row', cost)
            database.close()
        bench.clear(folder)
    for how, goal in (('in a batch', '<= 6'), ('alone', '<= 1.5')):
        bench.figures.ratio(f'a row into the queue / a bare table, {how}', f'a row into the queue, {how}, CPU',
                            f'a row into a bare table, {how}, CPU', goal)


def finish_half(path):
    """Half of the rows sent, an hour ago, by the private table that marks the daemon's own transactions."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute('PRAGMA cache_size = -400000')
    database.execute('PRAGMA synchronous = OFF')
    last = database.execute('SELECT max(id) FROM messages').fetchone()[0] // 2
    for first in range(0, last, 50000):
        database.execute('BEGIN IMMEDIATE')
        database.execute('INSERT INTO own_writes (one) VALUES (1)')
        database.execute("UPDATE messages SET status = 'sent', attempts = 1, sent_text = text, sent_at = created_at, "
                         "finished_at = created_at - 3600000, sent_to = conversation_id, "
                         "remote_message_id = printf('90000000-0000-4000-9000-%012d', id) WHERE id > ? AND id <= ?",
                         (first, min(first + 50000, last)))
        database.execute('DELETE FROM own_writes')
        database.execute('COMMIT')
    database.close()


def half_sent(bench):
    """As many rows sent as pending."""
    if 'half' not in bench.templates:
        folder = bench.fresh_folder()
        path = os.path.join(folder, 'half.db')
        shutil.copyfile(template(bench, 2 * bench.million), path)
        finish_half(path)
        bench.templates['half'] = path
    return bench.templates['half']


def views(bench):
    path = half_sent(bench)
    names = sqlite3.connect(path).execute("SELECT name FROM sqlite_master WHERE type = 'view' AND name LIKE 'queue_%' "
                                          'ORDER BY name').fetchall()
    for _ in bench.rounds():
        for (name,) in names:
            query = f'SELECT * FROM {name}' + (f' WHERE id = {3 * bench.million // 2}' if name == 'queue_why' else '')
            reader = sqlite3.connect(path)  # an operator's shell, its cache empty
            began = time.perf_counter_ns()
            cursor = reader.execute(query)
            cursor.fetchmany(1000)
            bench.figures.add(f'{name} at {words(bench.million)} + {words(bench.million)}', 'ms',
                              (time.perf_counter_ns() - began) / 1e6)
            reader.close()
