"""co_await in forms that g++ 12 miscompiles, as far as a pattern can tell. Each was seen to crash or not to compile:

P1  a capturing lambda made in the statement that awaits (also one that is called or spawned there)
P2  an object made with braces in the statement that awaits; a designated initializer too. An empty {} is let through
P3  an object made with braces from what is awaited
P4  co_await in a branch of ?:
P5  an initializer list in the statement that awaits (told as P2: a pattern cannot tell them apart)
P6  `if (co_await ..) {}` with an empty body; a switch over co_await whose cases only break
"""
import re

from source_text import line_of

_CLOSES = {')': '(', ']': '[', '}': '{'}
# What stands before a brace that opens a block, not an initializer.
_BLOCK = re.compile(
    r'(?:^|[;{}:)\]]|\b(?:else|do|try|mutable|const|noexcept|override|final)'
    r'|->[^;{}()=]*|\b(?:namespace|struct|class|union|enum|extern)\b[^;{}()=]*)$')
_LAMBDA = re.compile(r'(?<![\w\])\[])(?<!auto )(?<!auto& )(?<!auto&& )\[(?!\[)[^\][]*[^\][\s][^\][]*\]')


def _opens_block(code, brace):
    before = code[max(0, brace - 400):brace].rstrip()
    return bool(_BLOCK.search(before))


def _start(code, position):
    """Where the statement that holds the position begins; enclosing parentheses and initializer braces belong to it."""
    depth = []
    at = position - 1
    while at >= 0:
        c = code[at]
        if c in ')]}':
            if c == '}' and not depth and _opens_block(code, _partner(code, at)):
                return at + 1
            depth.append(_CLOSES[c])
        elif c in '([{':
            if depth:
                depth.pop()
            elif c == '{' and _opens_block(code, at):
                return at + 1
        elif c == ';' and not depth:
            return at + 1
        at -= 1
    return 0


def _partner(code, closing):
    depth = 0
    for at in range(closing, -1, -1):
        if code[at] == '}':
            depth += 1
        elif code[at] == '{':
            depth -= 1
            if depth == 0:
                return at
    return 0


def _end(code, opening):
    """Position after the bracket that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(code)):
        if code[at] in '([{':
            depth += 1
        elif code[at] in ')]}':
            depth -= 1
            if depth == 0:
                return at + 1
    return len(code)


def _statement(code, start):
    """The statement's text with the bodies of its lambdas blanked, and where it ends; `if (..)` ends with its parenthesis."""
    control = re.match(r'\s*(?:else\s+)?(?:if\s*(?:constexpr\s*)?|while\s*|for\s*|switch\s*)(?=\()', code[start:])
    if control:
        head, end = _group(code, start + control.end())
        return code[start:start + control.end()] + head, end
    text = []
    at = start
    while at < len(code) and code[at] not in ';}':
        if code[at] == '{' and _opens_block(code, at):
            end = _end(code, at)
            text.append(re.sub(r'[^\n]', ' ', code[at:end]))
            at = end
            if not re.match(r'\s*[,)(;.]', code[at:]):
                break
            continue
        if code[at] in '([{':
            inner, at = _group(code, at)
            text.append(inner)
            continue
        text.append(code[at])
        at += 1
    return ''.join(text), at


def _group(code, opening):
    """A bracket group with the bodies of the lambdas in it blanked."""
    text = [code[opening]]
    at = opening + 1
    while at < len(code) and code[at] not in ')]}':
        if code[at] == '{' and _opens_block(code, at):
            end = _end(code, at)
            text.append(re.sub(r'[^\n]', ' ', code[at:end]))
            at = end
        elif code[at] in '([{':
            inner, at = _group(code, at)
            text.append(inner)
        else:
            text.append(code[at])
            at += 1
    text.append(code[at:at + 1])
    return ''.join(text), at + 1


def _braces(statement):
    """(inside the braces, what stands before them) of each initializer in the statement."""
    for at, c in enumerate(statement):
        if c == '{':
            yield statement[at + 1:_end(statement, at) - 1], statement[:at].rstrip()


def _faults(statement, rest):
    if _LAMBDA.search(statement):
        yield 'P1', 'makes a capturing lambda in the statement that awaits: name it first, then std::move it'
    for inside, before in _braces(statement):
        if 'co_await' in inside:
            yield 'P3', 'makes an object with braces from what is awaited: await into a variable first'
        elif inside.strip():
            yield 'P2', 'makes an object with braces in the statement that awaits: name it first, or give it a constructor'
        elif re.search(r'[\w>]$', before):
            yield 'P2', 'makes an object with braces in the statement that awaits: name it first'
    if re.search(r'\?[^;]*\bco_await\b', statement):
        yield 'P4', 'awaits in a branch of ?: - write if and else'
    if re.match(r'\s*(?:else\s+)?(?:if|while)\b', statement) and re.match(r'\s*(?:\{\s*\}|;)', rest):
        yield 'P6', 'has an empty body after `if (co_await ..)`: look at the result in it, or in a variable'
    if re.match(r'\s*switch\b', statement):
        body = rest[:_end(rest, rest.index('{'))] if '{' in rest else ''
        if re.fullmatch(r'\s*\{(?:\s*(?:case\b[^;{}]*?:(?!:)|default\s*:|break\s*;))*\s*\}', body):
            yield 'P6', 'switches over co_await and only breaks: await into a variable first'


def faults(code):
    """(line, rule, sentence) of each co_await in the bare text that g++ 12 is known to miscompile."""
    seen = set()
    for awaits in re.finditer(r'\bco_await\b', code):
        start = _start(code, awaits.start())
        statement, end = _statement(code, start)
        if 'co_await' not in statement:  # a lambda's body: its own statements are looked at by themselves
            continue
        for rule, sentence in _faults(statement, code[end:]):
            if (start, rule) not in seen:
                seen.add((start, rule))
                yield line_of(code, awaits.start()), rule, sentence
