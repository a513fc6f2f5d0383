"""A chosen cell worked out with its numbers, as one line of text."""

from __future__ import annotations

from typing import Any

from explorer.model.autograd.flow import Source
from explorer.model.shapes.operation import SYMBOLS, Operation

SHOWN_AT_MOST = 8
INFIX = frozenset(SYMBOLS.values()) | {"<", "<=", ">", ">=", "==", "!="}


def worked(
    operation: Operation, flowing: tuple[Source, ...], numbers: list[list[Any]], result: str
) -> list[str]:
    """Two lines: the cell in terms of other cells, then with the numbers put in.

    Args:
        flowing: the cells of each operand; plain numbers stand for themselves.
        numbers: for each of them its numbers, row by row.
        result: the chosen cell as code and its value: ``c[1, 2] = 32``.
    """
    name, _, value = result.partition(" = ")
    if operation.kind == "product":
        terms = [f"{_text(a)}·{_text(b)}" for a, b in zip(*numbers[:2], strict=False)]
        return [
            f"{name} = row {flowing[0].text} times column {flowing[1].text}",
            f"= {_listed(terms, ' + ')} = {value}",
        ]
    if operation.kind in ("reduction", "running"):
        texts = [_text(number) for number in numbers[0]]
        word = operation.name
        return [
            f"{name} = {word} of {flowing[0].text}, {len(texts):,} cells",
            f"= {word}({_listed(texts, ', ')}) = {value}",
        ]
    if operation.kind == "index":
        return [f"{name} is {flowing[0].text}", f"= {value}"]
    cells = [source.text for source in flowing]
    filled = [_text(one[0]) if one else "?" for one in numbers]
    return [f"{name} = {_joined(operation, cells)}", f"= {_joined(operation, filled)} = {value}"]


def _joined(operation: Operation, parts: list[str]) -> str:
    if operation.name in INFIX and len(parts) == 2:
        return f"{parts[0]} {operation.name} {parts[1]}"
    return f"{operation.name}({', '.join(parts)})"


def _listed(texts: list[str], between: str) -> str:
    if len(texts) <= SHOWN_AT_MOST:
        return between.join(texts)
    kept = [*texts[: SHOWN_AT_MOST - 2], "…", texts[-1]]
    return between.join(kept)


def _text(number: Any) -> str:
    if isinstance(number, list):
        return f"({_text(number[0])} + {_text(number[1])}j)"
    return f"{number:.6g}" if isinstance(number, float) else str(number)
