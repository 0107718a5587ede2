"""Who may know whom, and what stands nowhere (README, Design). Each rule yields (line, rule, sentence)."""
import re

import coroutines
from source_text import bare, line_of, without_comments

# room -> what it may include from lib/ besides its own headers; a folder or a single header.
ALLOWED = {
    'error': [],
    'log': ['error'],
    'time': [],
    'config': ['error', 'log', 'delivery/settings.hpp', 'genesys/client_settings.hpp', 'net/transport_settings.hpp',
               'oauth/oauth_grant.hpp', 'policy/circuit_breaker.hpp', 'policy/rate_settings.hpp', 'text'],
    'policy': ['error'],
    'queue': ['error', 'log', 'policy/fair_turns.hpp'],
    'net': ['policy/facts.hpp', 'text', 'time', 'log', 'error'],
    'text': ['error'],
    'intake': ['queue/producer_row.hpp', 'text', 'error'],
    'oauth': ['net/http_message.hpp', 'net/http_transport.hpp', 'policy/facts.hpp', 'policy/setback.hpp', 'text', 'time', 'log',
              'error'],
    'genesys': ['net/http_message.hpp', 'net/http_transport.hpp', 'policy/facts.hpp', 'policy/listing_worth.hpp',
                'policy/setback.hpp', 'oauth', 'text', 'time', 'log', 'error'],
    'delivery': ['policy', 'text', 'time', 'log', 'error',
                 'queue/message.hpp', 'queue/change.hpp', 'queue/message_store.hpp', 'queue/retention_limits.hpp',
                 'queue/store_fault.hpp',
                 'genesys/conversation_api.hpp', 'genesys/request_gate.hpp', 'genesys/route.hpp'],
}
EVERYBODY = 'time/instant.hpp'

# header of others -> who may include it
OUTSIDE = [
    (r'boost/beast', r'lib/net/https_transport\.cpp|tests/simulator/|tests/bench/bare_client\.cpp', 'Beast belongs to lib/net/https_transport.cpp'),
    (r'yaml-cpp', r'lib/config/|tests/', 'yaml-cpp belongs to lib/config'),
    (r'sqlite3', r'lib/queue/|tests/', 'sqlite3.h belongs to lib/queue'),
    (r'boost/asio', r'lib/(time|net|oauth|genesys|delivery)/|daemon/|tests/', 'this room does not know Asio'),
    (r'boost/json', r'lib/(text/json_(reading|answer)\.hpp|oauth/|genesys/)|daemon/|tests/', 'JSON belongs to lib/genesys and lib/oauth'),
    (r'prometheus', r'daemon/|tests/', 'Prometheus belongs to the daemon'),
    (r'systemd', r'daemon/|tests/', 'systemd belongs to the daemon'),
    (r'(xmlsec|libxml)', r'lib/oauth/|tests/', 'XML belongs to lib/oauth'),
]

# pattern, where, sentence
NOWHERE = [
    (r'\bdetached\b', r'', 'detached: every co_spawn has a handler that looks at how it ended'),
    (r'\b\w*(?:context|ioc|ctx)\w*\s*(?:\.|->)\s*stop\s*\(', r'(lib|daemon)/', 'stop() leaves frames behind: drain'),
    (r'::now\s*\(', r'lib/(?!time/|net/)|daemon/', 'asks a clock: time comes from time_source'),
    (r'\b(?:random_device|mt19937|s?rand)\b', r'lib/policy/', 'chance is an argument here'),
    (r'\bthis_thread\s*::\s*sleep|\b(?:u|nano)?sleep\s*\(', r'', 'sleeps: wait for the thing'),
]

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(path, text):
    room = re.match(r'lib/(\w+)/', path)
    for found in _INCLUDE.finditer(without_comments(text)):
        line, name = line_of(text, found.start()), found.group(2)
        folder = name.split('/')[0]
        if room and folder in ALLOWED and folder != room.group(1) and name != EVERYBODY:
            allowed = ALLOWED.get(room.group(1), [])
            if folder not in allowed and name not in allowed:
                yield line, 'include', f'lib/{room.group(1)} may not know {name}'
        if room and folder == 'daemon':
            yield line, 'include', 'no room may know the daemon'
        for header, owners, sentence in OUTSIDE:
            if found.group(1) == '<' and re.match(header, name) and not re.match(owners, path):
                yield line, 'include', f'{name}: {sentence}'


def words(path, code):
    for pattern, where, sentence in NOWHERE:
        if re.match(where, path):
            for found in re.finditer(pattern, code):
                yield line_of(code, found.start()), 'word', sentence


def length(path, text):
    lines = text.count('\n')
    if re.match(r'(lib|daemon)/', path) and lines > 400:
        yield lines, 'length', f'{lines} lines: there is a second subject in there'


def source(path, text):
    code = bare(text)
    yield from includes(path, text)
    yield from words(path, code)
    yield from coroutines.faults(code)
    yield from length(path, text)
