"""README.md as data: its fenced blocks, and the shell sessions in them as commands with what they print."""
import re
import subprocess


def blocks(text, language):
    """The content of each fenced block of the language, in order."""
    return re.findall(rf'^```{language}\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)


def _complete(command):
    """Whether the shell would run it; an open quote or here-document wants another line."""
    told = subprocess.run(['bash', '-n', '-c', command], capture_output=True, text=True)
    return told.returncode == 0 and not told.stderr


def _sql_complete(statement):
    return statement.rstrip().endswith(';')


_PROMPTS = {'$ ': ('', _complete), 'sqlite> ': ('   ...> ', _sql_complete)}


def session(block):
    """(prompt, command, output) of each command in a console block."""
    steps = []
    lines = block.splitlines()
    while lines:
        line = lines.pop(0)
        prompt = next((p for p in _PROMPTS if line.startswith(p)), None)
        if prompt is None:
            steps[-1][2].append(line)
            continue
        more, complete = _PROMPTS[prompt]
        command = line[len(prompt):]
        while not complete(command):
            command += '\n' + lines.pop(0).removeprefix(more)
        steps.append((prompt.strip(), command, []))
    return [(prompt, command, '\n'.join(output)) for prompt, command, output in steps]


def lines(output):
    """Each line of a log, without numbers and folders: more may be printed than a page shows."""
    return {re.sub(r'\d+|\S*/(?=ca\.pem|queue\.db)', '', line) for line in output.splitlines()}


def as_shown(output):
    """A table as {column: all its cells}, other output as it is; without what differs from run to run."""
    rows = [[cell.strip() for cell in line.split('│')[1:-1]] for line in output.splitlines() if line.startswith('│')]
    if not rows:
        return output.strip()
    columns = {}
    for name, *cells in zip(*rows):
        joined = re.sub(r'\s', '', ''.join(cells))  # where a cell is wrapped does not matter
        joined = re.sub(r'\d{4}-\d\d-\d\d\d\d:\d\d:\d\d', 'TIME', joined)
        columns[name] = re.sub(r'\d+', 'MS', joined) if name == 'ms_later' else joined
    # How many of them: a row that is missing does not hide in a number that is masked.
    columns['rows'] = None if 'detail' in columns else len(rows)
    return columns
