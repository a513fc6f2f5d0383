"""Which part of a line of Python is what: for colouring while someone types.

Works line by line and never fails: a half-typed string ends at the end of its line, a triple-quoted
one goes on until it is closed, and the state handed from line to line says which quote is open.
"""

from __future__ import annotations

import builtins
import keyword
import re
from enum import IntEnum


class Ink(IntEnum):
    """What a stretch of text is."""

    TEXT = 0
    KEYWORD = 1
    NUMBER = 2
    STRING = 3
    COMMENT = 4
    DEFINITION = 5


Span = tuple[int, Ink]
"""Length in characters, and what it is."""

NOTHING_OPEN = 0
_QUOTES = ("", "'''", '"""')
_UNTIL = tuple(re.compile(rf"(?:\\.|(?!{quote}).)*" if quote else "") for quote in _QUOTES)

_NUMBER = (
    r"(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)"
)
_TOKEN = re.compile(
    r"(?P<comment>\#.*)"
    r"|(?P<triple>(?:[rRbBuUfFtT]{0,2})(?P<quote>'''|\"\"\"))"
    r"|(?P<string>[rRbBuUfFtT]{0,2}(?:'(?:\\.|[^'\\])*(?:'|\\?$)|\"(?:\\.|[^\"\\])*(?:\"|\\?$)))"
    rf"|(?P<number>(?<![\w.]){_NUMBER})"
    r"|(?P<decorator>^\s*@[\w.]+)"
    r"|(?P<word>[^\W\d]\w*)"
)

_SOFT_KEYWORDS = {"match", "case", "type"}
_SOFT_USE = re.compile(r"^\s*(?:match|case|type)\b(?!\s*(?:[=.,)\]:+*/%&|<>-]|$))")
_COLOURED_NAMES = frozenset(keyword.kwlist) | {
    name for name in dir(builtins) if name[0].islower() and callable(getattr(builtins, name))
}


def colour_line(text: str, state: int) -> tuple[list[Span], int]:
    """Split a line (without its end) into spans that add up to its length.

    Args:
        text: the line.
        state: what the line before handed on; ``NOTHING_OPEN`` for the first.

    Returns:
        the spans, and the state for the next line.
    """
    spans: list[Span] = []
    place = 0
    if state:
        place, state = _until_closed(text, 0, state)
        spans.append((place, Ink.STRING))
    before = ""
    while place < len(text):
        found = _TOKEN.search(text, place)
        if found is None:
            break
        start, end = found.span()
        if start > place:
            spans.append((start - place, Ink.TEXT))
        kind = found.lastgroup or ""
        if kind in ("triple", "quote"):
            opened = _QUOTES.index(found["quote"])
            end, state = _until_closed(text, end, opened)
            spans.append((end - start, Ink.STRING))
        else:
            spans.append((end - start, _ink(kind, text, found, before)))
        before = found.group()
        place = end
    if place < len(text):
        spans.append((len(text) - place, Ink.TEXT))
    return spans, state


def _until_closed(text: str, place: int, state: int) -> tuple[int, int]:
    """End of an open triple-quoted string in this line, and whether it is open still."""
    inside = _UNTIL[state].match(text, place)
    end = inside.end() if inside else place
    if end >= len(text):
        return len(text), state
    return end + 3, NOTHING_OPEN


def _ink(kind: str, text: str, found: re.Match[str], before: str) -> Ink:
    if kind == "comment":
        return Ink.COMMENT
    if kind == "string":
        return Ink.STRING
    if kind == "number":
        return Ink.NUMBER
    if kind == "decorator" or before in ("def", "class"):
        return Ink.DEFINITION
    word = found.group()
    attribute = found.start() > 0 and text[found.start() - 1] == "."
    if word in _SOFT_KEYWORDS:
        return Ink.KEYWORD if not attribute and _SOFT_USE.match(text) else Ink.TEXT
    return Ink.KEYWORD if word in _COLOURED_NAMES and not attribute else Ink.TEXT
