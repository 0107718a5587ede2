"""The READMEs as a web: every link leads to a file and to a heading in it, every path of the tree that one names exists."""
import os
import re

PROJECT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
PAGES = ['README.md'] + [f'{room}/README.md' for room in ('daemon', 'schema', 'etc', 'lib', 'tests')]
FRONT_BYTES_MAX = 12_000
FOLDERS = '|'.join(('daemon', 'schema', 'etc', 'lib', 'systemd', 'tests'))


def pages():
    """{page: text}"""
    found = {}
    for name in PAGES:
        with open(os.path.join(PROJECT, name), encoding='utf-8') as file:
            found[name] = file.read()
    return found


def anchors(text):
    prose = re.sub(r'^```.*?^```$', '', text, flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r'[^\w\- ]', '', h.lower()).replace(' ', '-') for h in re.findall(r'^#+ (.+)$', prose, re.MULTILINE)}


def _link_fault(name, target, texts):
    path, _, anchor = target.partition('#')
    there = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
    if not os.path.exists(os.path.join(PROJECT, there)):
        return f'{target}: there is no such file'
    if anchor and anchor not in anchors(texts.get(there, '')):
        return f'{target}: there is no such heading'
    return None


def faults(texts):
    """(page, sentence) of each."""
    size = len(texts['README.md'].encode())
    if size > FRONT_BYTES_MAX:
        yield 'README.md', f'has {size} bytes: at most {FRONT_BYTES_MAX}'
    for name, text in texts.items():
        for target in re.findall(r'\]\(([^)\s]+)\)', text):
            fault = None if '://' in target else _link_fault(name, target, texts)
            if fault:
                yield name, fault
        for path in re.findall(rf'`((?:{FOLDERS})/[\w./-]+)`', text):
            if not os.path.exists(os.path.join(PROJECT, path)):
                yield name, f'`{path}`: there is no such file'
