"""tutorial.py fill COUNT DATABASE | work URL CA_FILE DATABASE [session]
A table, a loop, `requests`, a commit for each row. As tutorials write it each request is a new connection; with `session`
they share one."""
import sqlite3
import sys

import requests

TEXT = 'm{} Thank you for waiting, an agent will be with you in a moment.'


def fill(count, path):
    database = sqlite3.connect(path)
    database.execute('PRAGMA journal_mode = WAL')
    database.execute("CREATE TABLE queue (id INTEGER PRIMARY KEY, conversation TEXT, text TEXT, status TEXT DEFAULT 'pending')")
    database.execute('CREATE INDEX queue_status ON queue (status)')
    database.executemany('INSERT INTO queue (conversation, text) VALUES (?, ?)',
                         ((f'c0000000-0000-4000-8000-{n % 64:012d}', TEXT.format(n)) for n in range(int(count))))
    database.commit()


def work(url, ca_file, path, *how):
    database = sqlite3.connect(path)
    database.execute('PRAGMA synchronous = FULL')
    client = requests.Session() if how else requests
    headers = {'Authorization': 'Bearer bench-token', 'Accept': 'application/json'}
    while row := database.execute("SELECT id, conversation, text FROM queue WHERE status = 'pending' LIMIT 1").fetchone():
        number, conversation, text = row
        answer = client.post(f'{url}/api/v2/conversations/messages/{conversation}/communications/d{conversation[1:]}/messages',
                             json={'textBody': text}, headers=headers, verify=ca_file, timeout=10)
        answer.raise_for_status()
        database.execute("UPDATE queue SET status = 'sent' WHERE id = ?", (number,))
        database.commit()


{'fill': fill, 'work': work}[sys.argv[1]](*sys.argv[2:])
