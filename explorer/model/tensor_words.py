"""A tensor in a few letters: ``f32[3, 4] leaf``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.model.card import Card

_SHORT = re.compile(r"^(bfloat|float|complex|uint|int|bits|qint|quint)(\d+)(.*)$")
_LETTERS = {
    "bfloat": "bf",
    "float": "f",
    "complex": "c",
    "uint": "u",
    "int": "i",
    "bits": "bits",
    "qint": "qi",
    "quint": "qu",
}


def short_dtype(dtype: str) -> str:
    """``float32`` -> ``f32``, ``int64`` -> ``i64``, ``bool`` stays."""
    found = _SHORT.match(dtype)
    return f"{_LETTERS[found[1]]}{found[2]}{found[3]}" if found else dtype


def shape_words(shape: Sequence[int]) -> str:
    """``3 × 4``; a tensor without dimensions is ``scalar``."""
    return " × ".join(map(str, shape)) if len(shape) else "scalar"


def short_card(card: Card) -> str:
    """``f32[3, 4]``."""
    return f"{short_dtype(card.kind.dtype)}[{', '.join(map(str, card.kind.shape))}]"


def history_words(card: Card) -> str:
    """Where its value came from as autograd sees it: the grad_fn, ``leaf``, or nothing."""
    if card.kind.grad_fn:
        return card.kind.grad_fn
    return "leaf" if card.kind.requires_grad and card.kind.is_leaf else ""


def size_words(count: int) -> str:
    """Bytes for people: ``48 B``, ``1.6 GB`` (powers of 1000, as disks are sold)."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
