"""Which row became what, and which customer read what: kept outside of the daemon, whose rows are soon deleted."""
import collections
import json
import re

OVERLAP_MS = 5_000  # a row is read again a little later: what it became may change


class Ledger:
    def __init__(self, database):
        self._database, self._since = database, 0
        self.inserted, self.ends = 0, {}

    def collect(self):
        """Every row that has ended since the last time, before retention deletes it."""
        newest = self._since
        query = "SELECT id, status, finished_at FROM messages WHERE finished_at >= ? OR status = 'unconfirmed'"
        for identity, status, finished in self._database.execute(query, (self._since - OVERLAP_MS,)):
            self.ends[identity] = status
            newest = max(newest, finished or 0)
        self._since = newest

    def unpause(self):
        """As an operator does: a token that expires twice in a row by chance pauses the account until a person comes."""
        return self._database.execute('UPDATE accounts SET paused = 0 WHERE paused = 1').rowcount

    def waiting(self):
        return self._database.execute("SELECT count(*) FROM messages WHERE status IN ('pending', 'sending')").fetchone()[0]

    def count(self):
        return collections.Counter(self.ends.values())

    def faults(self, transcript_path):
        """Sentences: a row that is lost, a text that was read twice, out of order or though it was not sent."""
        read, last, found = collections.Counter(), {}, []
        with open(transcript_path, encoding='utf-8') as file:
            for line in map(json.loads, file):
                number, talk = int(re.search(r'#(\d+)', line['text']).group(1)), line['conversation']
                read[number] += 1
                if number <= last.get(talk, 0):
                    found.append(f'row {number} was read after row {last[talk]}, in {talk}')
                last[talk] = number
        for number in range(1, self.inserted + 1):
            status, times = self.ends.get(number, 'lost'), read[number]
            if status == 'lost' or times > 1 or (times != (status == 'sent') and status != 'unconfirmed'):
                found.append(f'row {number} is {status} and was read {times} times')
        if beyond := [n for n in (*read, *self.ends) if not 1 <= n <= self.inserted]:
            found.append(f'nobody inserted {beyond[:5]}')
        return found
