#!/usr/bin/env python3
"""Walks the tree and fails on whatever rules.py forbids. check.py [ROOT]; check.py --self-test."""
import os
import re
import sys

import rules

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = {'CMakeLists.txt', 'CMakePresets.json', 'daemon', 'lib', 'schema', 'etc', 'systemd', 'tests', 'README.md'}
NOT_OURS = {'build', 'node_modules'}  # .gitignore
NAMELESS = {'util', 'utils', 'common', 'helper', 'helpers', 'misc'}
WARN_LINES = 300


def files(root):
    for top in sorted(TOP):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if not f.startswith('.') and f not in NOT_OURS)
            for name in sorted(names):
                yield os.path.relpath(os.path.join(folder, name), root)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def tree_faults(root):
    there = {name for name in os.listdir(root) if not name.startswith('.')} - NOT_OURS
    for name in sorted(there - TOP):
        yield f'{name}: does not belong in the top level'
    for name in sorted(TOP - there):
        yield f'{name}: missing in the top level'
    beast = []
    for path in files(root):
        for folder in path.split('/')[:-1]:
            if folder in NAMELESS:
                yield f'{path}: a folder named {folder} says nothing'
        if not path.endswith(('.hpp', '.cpp')) or path.startswith(('tests/architecture/bad/', 'tests/architecture/good/')):
            continue
        text = read(os.path.join(root, path))
        for line, _, sentence in rules.source(path, text):
            yield f'{path}:{line}: {sentence}'
        if path.startswith('tests/simulator/') and '<boost/beast' in text:
            beast.append(path)
        if path.startswith(('lib/', 'daemon/')) and WARN_LINES < text.count('\n') <= 400:
            print(f'warning: {path}: {text.count(chr(10))} lines, more than {WARN_LINES}')
    if len(beast) > 1:
        yield f'{", ".join(beast)}: the simulator keeps Beast in one file'


def snippet_faults(name):
    """A snippet says on its first lines as what path it is judged, and each faulty line what rule it breaks."""
    text = read(name)
    path = re.search(r'^// as: (\S+)$', text, re.MULTILINE).group(1)
    expected = {(number, rule) for number, line in enumerate(text.splitlines(), 1)
                for rule in re.findall(r'// BAD (\w+)', line)}
    found = {(line, rule) for line, rule, _ in rules.source(path, text)}
    for line, rule in sorted(expected - found):
        yield f'{name}:{line}: {rule} was not caught'
    for line, rule in sorted(found - expected):
        yield f'{name}:{line}: {rule} was told without reason'
    if os.path.basename(os.path.dirname(name)) == 'bad' and not expected:
        yield f'{name}: expects nothing'


def self_test():
    for kind in ('bad', 'good'):
        folder = os.path.join(HERE, kind)
        for name in sorted(os.listdir(folder)):
            yield from snippet_faults(os.path.join(folder, name))


def main(arguments):
    if arguments == ['--self-test']:
        found = list(self_test())
    else:
        found = list(tree_faults(arguments[0] if arguments else os.path.join(HERE, '..', '..')))
    print('\n'.join(found) if found else 'nothing forbidden')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
