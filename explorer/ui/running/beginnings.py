"""Whether a program that was sent to a worker has begun, or could not begin."""

from __future__ import annotations

from typing import Any

from explorer.protocol.recording import FileMarked, StepsRecorded
from explorer.protocol.running import InputWanted, ProgramEnded

_NO_PYTHON = ("SyntaxError", "IndentationError", "TabError")


def could_not_begin(end: ProgramEnded, news: list[Any]) -> bool:
    """Whether a program ended before its first statement, because it is no Python."""
    if end.how == "refused":
        return True
    syntax = end.error is not None and end.error.type in _NO_PYTHON
    return syntax and not any(has_begun(told) for told in news[:-1])


def has_begun(news: Any) -> bool:
    """Whether only a program that runs sends this: statements are known when it is Python."""
    if isinstance(news, StepsRecorded):
        return news.count > 0
    if isinstance(news, FileMarked):
        return bool(news.statements)
    return isinstance(news, (InputWanted, ProgramEnded))
