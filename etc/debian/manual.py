#!/usr/bin/env python3
"""Makes a manual page's Markdown (for go-md2man) from the reference parts of the READMEs, so that they are written once.

manual.py PAGE SOURCE_DIR VERSION DATE >PAGE.md
"""
import re
import sys

# page -> (what it is, synopsis, [(README, heading there, heading here)], see also)
PAGES = {
    'cannedd.8': (
        'deliver canned messages into Genesys Cloud conversations',
        '**cannedd** [**--config** *FILE*] [**--check-config** | **--init** | **--drain** [**--drain-wait** *SECONDS*] | '
        '**--doctor** [**--conversation** *UUID*] | **--enqueue** [**--csv**] [**--atomic**] [**--database** *FILE*] | '
        '**--requeue-unproven** | **--salvage** *NEW* [**--add**] [**--database** *FILE*] | **--reload** *PID* | **--version** | **--help**]',
        [('daemon/README.md', 'Which options, exit codes and signals are there?', 'OPTIONS, EXIT STATUS AND SIGNALS'),
         ('daemon/README.md', 'Nothing moves. What now?', None),
         ('daemon/README.md', 'Why is 17 not sent?', None),
         ('daemon/README.md', 'Who was told what, when, and whether once?', None),
         ('daemon/README.md', 'How do I stop, hold, cancel and replay?', None),
         ('daemon/README.md', "How do I replay yesterday's failures?", None),
         ('daemon/README.md', 'When is it empty?', None),
         ('daemon/README.md', 'What does the error code say?', 'ERRORS'),
         ('daemon/README.md', 'How do I rotate the secret?', None),
         ('daemon/README.md', 'How do I move it to another host?', None),
         ('daemon/README.md', 'How do I upgrade, and go back?', None),
         ('daemon/README.md', 'How do I back up and restore?', None),
         ('daemon/README.md', 'The disk is full', None),
         ('daemon/README.md', 'The file is damaged', None),
         ('daemon/README.md', 'What must neighbours not do?', None),
         ('daemon/README.md', 'May I look instead?', None),
         ('daemon/README.md', 'What is to be watched?', 'METRICS'),
         ('daemon/README.md', 'What are its limits?', 'LIMITS')],
        '**cannedd.yaml**(5), **cannedd-queue**(7), **sqlite3**(1), **systemctl**(1), **journalctl**(1)'),
    'cannedd.yaml.5': (
        'configuration of cannedd',
        '*/etc/cannedd/cannedd.yaml*',
        [('etc/README.md', 'What does each key do?', 'KEYS'),
         ('etc/README.md', 'Which route do I need?', 'ROUTES'),
         ('etc/README.md', 'Whom does route `agentless` write to?', 'ROUTE AGENTLESS'),
         ('etc/README.md', 'How long may a text be?', 'LENGTHS'),
         ('etc/README.md', 'Where does the token come from?', 'TOKENS')],
        '**cannedd**(8), **cannedd-queue**(7)'),
    'cannedd-queue.7': (
        'the database of cannedd: tables, states and views',
        '**sqlite3** **-init** */etc/cannedd/sqliterc* */var/lib/cannedd/queue.db*',
        [('schema/README.md', 'What must every producer do?', 'PRODUCERS'),
         ('schema/README.md', 'How does my language do it?', 'EXAMPLES'),
         ('schema/README.md', 'I have no library for SQLite, or am on another host', 'ENQUEUE'),
         ('schema/README.md', 'What do the columns of `messages` mean?', 'MESSAGES'),
         ('schema/README.md', 'What do the states mean, and who may set them?', 'STATES'),
         ('schema/README.md', 'In what order do they leave?', 'ORDER'),
         ('schema/README.md', 'What do the other tables hold?', 'OTHER TABLES'),
         ('schema/README.md', 'How does a canned response become a text?', 'RESPONSES'),
         ('schema/README.md', 'Which view answers what?', 'VIEWS'),
         ('schema/README.md', 'What does the error mean that my program got?', 'ERRORS OF SQLITE')],
        '**cannedd**(8), **cannedd.yaml**(5), **sqlite3**(1)'),
}
PAGE_OF = {'daemon/README.md': 'cannedd(8)', 'etc/README.md': 'cannedd.yaml(5)', 'schema/README.md': 'cannedd-queue(7)',
           'tests/README.md': 'tests/README.md', 'lib/README.md': 'lib/README.md'}


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def part(source, readme, heading):
    """What stands below the heading. A heading that has gone ends the build: the manual would lose it in silence."""
    text = re.sub(r'```.*?```', lambda code: code.group().replace('\n## ', '\n\0## '), read(f'{source}/{readme}'), flags=re.S)
    found = re.search(rf'^## {re.escape(heading)}\n(.*?)(?=^## |\Z)', text, re.M | re.S)
    if not found:
        sys.exit(f'{readme} has no heading "{heading}": name the new one in {__file__}')
    return found.group(1).replace('\0', '').strip()


def link(found):
    words, target = found.groups()
    readme = target.split('#')[0].replace('../', '')
    if readme not in PAGE_OF:
        return words
    return PAGE_OF[readme] if words.endswith('.md') else f'{words} ({PAGE_OF[readme]})'


def plain(text):
    """Without what a manual page cannot show: pictures, diagrams, links."""
    text = re.sub(r'```mermaid\n.*?```\n?', '', text, flags=re.S)
    text = re.sub(r'!\[[^]]*\]\([^)]*\)\n?', '', text)
    text = re.sub(r'<summary>(.*?)</summary>', lambda title: '**' + re.sub('<[^>]*>', '', title.group(1)) + '**\n', text)
    text = re.sub(r'</?details[^>]*>', '', text)
    text = re.sub(r'\[([^]]+)\]\(([^)]+)\)', link, text)
    return re.sub(r'`?\betc/(ha\b|cannedd\.rules\.yml|cannedd\.dashboard\.json|sqliterc)`?', installed, text)


def installed(found):
    where = '/etc/cannedd/' if found.group(1) == 'sqliterc' else '/usr/share/cannedd/'
    return f'`{where}{found.group(1)}`'


def table_as_list(found):
    """Rows of a table as paragraphs: its first cell, then the others; cells of prose do not fit side by side into 80 columns."""
    rows = [[cell.strip().replace('\\|', '|') for cell in re.split(r'(?<!\\)\|', line.strip()[1:-1])]
            for line in found.group().strip().split('\n')]
    head, body = rows[0], rows[2:]
    lines = []
    for row in body:
        told = [f'{head[at]}: {cell}' if head[at] and len(row) > 2 else cell for at, cell in enumerate(row) if at > 0 and cell]
        lines.append(f'**{row[0].replace("**", "")}**')
        lines.append(f': {". ".join(told)}\n' if told else '')
    return '\n'.join(lines) + '\n'


def markdown(page, source, version, date):
    what, synopsis, parts, see_also = PAGES[page]
    name, section = page.rsplit('.', 1)
    yield f'{name} {section} "{date}" "cannedd {version}" "cannedd"\n==='
    yield f'# NAME\n{name} - {what}'
    yield f'# SYNOPSIS\n{synopsis}'
    about = re.search(r'^# cannedd\n\n(.*?)\n\n', read(f'{source}/README.md'), re.S).group(1)
    intro = re.search(r'^# [^\n]*\n\n(.*?)(?=^## )', read(f'{source}/{parts[0][0]}'), re.M | re.S).group(1).strip()
    yield f'# DESCRIPTION\n{plain(about)}\n\n{plain(intro)}' if section == '8' else f'# DESCRIPTION\n{plain(intro)}'
    for readme, heading, title in parts:
        text = re.sub(r'(?:^\|.*\|\n?)+', table_as_list, plain(part(source, readme, heading)) + '\n', flags=re.M)
        yield f'# {title or heading.upper()}\n{text.strip()}'
    if section == '8':
        yield ('# FILES\n*/etc/cannedd/cannedd.yaml*, */etc/cannedd/client_secret*, */etc/cannedd/responses.yaml*, '
               '*/var/lib/cannedd/queue.db*, */etc/default/cannedd*')
    yield f'# SEE ALSO\n{see_also}'


if __name__ == '__main__':
    if len(sys.argv) != 5 or sys.argv[1] not in PAGES:
        sys.exit(__doc__)
    print('\n\n'.join(markdown(*sys.argv[1:])))
