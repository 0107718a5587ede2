"""C++ text without its comments and literals, of the same length and with the same lines."""
import re

_TOKEN = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


def _blank(match):
    text = match.group()
    if text.startswith(('//', '/*')):
        return re.sub(r'[^\n]', ' ', text)
    return '"' + re.sub(r'[^\n]', ' ', text[1:-1]) + '"'


def without_comments(text):
    return _TOKEN.sub(lambda m: _blank(m) if m.group().startswith(('//', '/*')) else m.group(), text)


def bare(text):
    return _TOKEN.sub(_blank, text)


def line_of(text, position):
    return text.count('\n', 0, position) + 1
