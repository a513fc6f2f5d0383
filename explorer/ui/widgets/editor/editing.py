"""Edits of whole lines, as pure functions of the lines."""

from __future__ import annotations

import re

INDENT = "    "

_LEAVES_BLOCK = re.compile(r"\s*(return|raise|pass|break|continue)\b")


def toggled_comment(lines: list[str]) -> list[str]:
    """Take ``# `` away where every line that is not blank has one; else put it in.

    The sign goes to the smallest indentation of the lines, so that they stay in a column.
    """
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith("#") for line in filled):
        return [re.sub(r"^(\s*)# ?", r"\1", line, count=1) for line in lines]
    column = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return [f"{line[:column]}# {line[column:]}" if line.strip() else line for line in lines]


def indented(lines: list[str]) -> list[str]:
    """Each line that is not blank, one level deeper."""
    return [INDENT + line if line.strip() else line for line in lines]


def outdented(lines: list[str]) -> list[str]:
    """Each line one level less deep, as far as it is indented; a tab is one level."""
    return [re.sub(r"^(\t| {1,4})", "", line) for line in lines]


def indentation_after(before: str) -> str:
    """The indentation of a new line when the cursor stood behind ``before``."""
    indent = before[: len(before) - len(before.lstrip())]
    bare = before.split("#")[0].rstrip()
    if bare.endswith((":", "(", "[", "{")):
        return indent + INDENT
    if _LEAVES_BLOCK.match(before) and indent:
        return outdented([indent])[0]
    return indent
