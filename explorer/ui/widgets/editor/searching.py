"""Find and replace in a text, as pure functions. Places are counted in characters."""

from __future__ import annotations

import re
from dataclasses import dataclass


class BadPattern(ValueError):
    """A regular expression that cannot be used; the text says why, in one sentence."""


@dataclass(frozen=True)
class Query:
    """What is looked for."""

    text: str
    match_case: bool = False
    whole_word: bool = False
    regular: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The regular expression that finds it.

        Raises:
            BadPattern: when ``text`` is no valid regular expression.
        """
        body = self.text if self.regular else re.escape(self.text)
        if self.whole_word:
            body = rf"(?<!\w)(?:{body})(?!\w)"
        flags = re.MULTILINE | (0 if self.match_case else re.IGNORECASE)
        try:
            return re.compile(body, flags)
        except re.error as err:
            raise BadPattern(f"This is no regular expression: {err}.") from err


def matches(text: str, query: Query, limit: int) -> list[tuple[int, int]]:
    """Start and end of the first ``limit`` places that match; empty matches are left out."""
    if not query.text:
        return []
    found: list[tuple[int, int]] = []
    for match in query.pattern().finditer(text):
        if match.end() > match.start():
            found.append(match.span())
            if len(found) >= limit:
                break
    return found


def next_match(text: str, query: Query, place: int) -> tuple[int, int] | None:
    """The first match at or after ``place``, else from the start on; None when there is none."""
    if not query.text:
        return None
    pattern = query.pattern()
    for start in (place, 0):
        for match in pattern.finditer(text, start):
            if match.end() > match.start():
                return match.span()
    return None


def previous_match(text: str, query: Query, place: int) -> tuple[int, int] | None:
    """The last match that ends at or before ``place``, else the last of all."""
    if not query.text:
        return None
    spans = [m.span() for m in query.pattern().finditer(text) if m.end() > m.start()]
    before = [span for span in spans if span[1] <= place]
    chosen = before or spans
    return chosen[-1] if chosen else None


def replaced(text: str, query: Query, replacement: str) -> tuple[str, int]:
    """The text with every match replaced, and how many there were.

    Raises:
        BadPattern: when the pattern or the replacement's group references are wrong.
    """
    if not query.text:
        return text, 0
    template: str | _Literal = replacement if query.regular else _Literal(replacement)
    try:
        return query.pattern().subn(template, text)
    except (re.error, IndexError) as err:
        raise BadPattern(f"This replacement cannot be used: {err}.") from err


def replaced_once(text: str, query: Query, replacement: str, span: tuple[int, int]) -> str | None:
    """What the match at ``span`` becomes; None when there is no match just there."""
    match = query.pattern().match(text, span[0])
    if match is None or match.span() != span:
        return None
    try:
        return match.expand(replacement) if query.regular else replacement
    except (re.error, IndexError) as err:
        raise BadPattern(f"This replacement cannot be used: {err}.") from err


class _Literal:
    """A replacement in which backslashes mean themselves."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, match: re.Match[str]) -> str:
        return self._text
