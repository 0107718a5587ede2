"""Numbers of interleaved runs: medians with their spread, ratios, and the table that is printed."""
import json
import statistics


class Figure:
    """One line: what was measured, of whom, in which unit, and every run's value."""

    def __init__(self, what, unit):
        self.what, self.unit, self.values = what, unit, []

    @property
    def median(self):
        return statistics.median(self.values) if self.values else float('nan')


class Figures:
    def __init__(self):
        self._lines, self._ratios, self._words = {}, [], []

    def add(self, what, unit, value):
        self._lines.setdefault(what, Figure(what, unit)).values.append(value)

    def say(self, sentence):
        """What a number cannot say: a section that was skipped, and why."""
        if sentence not in self._words:
            self._words.append(sentence)
            print(f'-- {sentence}', flush=True)

    def ratio(self, name, one, other, goal=''):
        """Between medians of one run of this program; silent when either was not measured."""
        if one in self._lines and other in self._lines and self._lines[other].median:
            self._ratios.append((name, self._lines[one].median / self._lines[other].median, goal))

    def median(self, what):
        return self._lines[what].median if what in self._lines else None

    def print(self):
        print(f'\n| {"measured":58} | {"unit":14} | {"median":>10} | {"min":>10} | {"max":>10} | runs |')
        print(f'|{"-" * 60}|{"-" * 16}|{"-" * 11}:|{"-" * 11}:|{"-" * 11}:|-----:|')
        for line in self._lines.values():
            print(f'| {line.what:58} | {line.unit:14} | {_short(line.median):>10} | {_short(min(line.values)):>10} '
                  f'| {_short(max(line.values)):>10} | {len(line.values):4} |')
        if self._ratios:
            print(f'\n| {"ratio of medians":58} | {"value":>10} | {"goal":>10} |')
            print(f'|{"-" * 60}|{"-" * 11}:|{"-" * 11}:|')
            for name, value, goal in self._ratios:
                print(f'| {name:58} | {_short(value):>10} | {goal:>10} |')
        for sentence in self._words:
            print(f'\n{sentence}')

    def save(self, path):
        with open(path, 'w', encoding='utf-8') as file:
            json.dump({'measured': [vars(line) for line in self._lines.values()], 'ratios': self._ratios,
                       'words': self._words}, file, indent=1)


def _short(value):
    for limit, digits in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= limit:
            return f'{value:.{digits}f}'
    return f'{value:.3f}'


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
