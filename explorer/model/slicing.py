"""A slice as typed in code, ``x[3, :, ::2, None]``: read from its syntax, never executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_LIMIT = 2000
_NAME = re.compile(r"[^\W\d]\w*(\.\w+)*$")
"""A path of names without a bracket, such as ``net.0.weight``."""


class SliceError(ValueError):
    """A slice text that cannot be taken; its text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What one entry of a slice takes: ``count`` indices of a dimension from ``start`` by ``step``.

    ``dim`` is None for an axis that ``None`` made; ``fixed`` marks a single index, which leaves
    no axis in the result.
    """

    dim: int | None
    start: int
    count: int
    step: int = 1
    fixed: bool = False

    def index(self, position: int) -> int:
        """Index into the dimension at a position of the axis."""
        return self.start + position * self.step

    def position(self, index: int) -> int | None:
        """Position of an index on this axis, None when the axis passes it by."""
        position, rest = divmod(index - self.start, self.step)
        return position if rest == 0 and 0 <= position < self.count else None


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice that fits a shape: one entry per dimension, and one per ``None``, as written."""

    shape: tuple[int, ...]
    axes: tuple[Axis, ...]
    turned: bool = False
    """Whether ``.T`` (or ``.mT``, ``.t()``) stood behind the bracket."""
    name: str = ""
    """What stood before the bracket, empty when nothing did."""

    @property
    def result_shape(self) -> tuple[int, ...]:
        """Shape of what the slice leaves, as torch would give it."""
        counts = [axis.count for axis in self.axes if not axis.fixed]
        if self.turned:
            counts[-2:] = counts[:-3:-1]
        return tuple(counts)


def whole(shape: tuple[int, ...]) -> Slice:
    """The slice ``[...]`` of a shape."""
    return Slice(shape, tuple(Axis(dim, 0, size) for dim, size in enumerate(shape)))


def parse(text: str, shape: tuple[int, ...]) -> Slice:
    """Read a slice text and fit it to a shape.

    The text may name the tensor (``x[0]``, ``net.0.weight[:, 1]``), or be the inside of the
    bracket alone (``0, :``); empty text, or a name alone, is everything.

    Raises:
        SliceError: when it is no slice, or does not fit the shape.
    """
    name, inside, turned = _split(text.strip())
    items = _items(inside) if inside else []
    axes = tuple(_fit(items, shape))
    left = sum(not axis.fixed for axis in axes)
    if turned and left < 2:
        raise SliceError(
            f".T needs two dimensions to swap, but the slice leaves {left}; "
            "take .T away or leave one more ':' in the bracket."
        )
    return Slice(shape, axes, turned, name)


def name_in(text: str) -> str:
    """The name before the bracket of a slice text, empty when it has none or is no slice."""
    try:
        return _split(text.strip())[0]
    except SliceError:
        return ""


def _split(text: str) -> tuple[str, str, bool]:
    """Name, inside of the bracket, and whether the result is transposed."""
    if len(text) > TEXT_LIMIT:
        raise SliceError(f"The slice is longer than {TEXT_LIMIT} characters; write a shorter one.")
    turned = False
    for ending in (".T", ".mT", ".t()"):
        if text.endswith(ending) and ("[" in text or text == ending):
            text, turned = text[: -len(ending)].rstrip(), True
            break
    if text.endswith("]") and "[" in text:
        at = _opening(text)
        return text[:at].strip(), text[at + 1 : -1].strip(), turned
    if _NAME.match(text) and text != "None":
        return text, "", turned
    if "[" in text or "]" in text:
        raise SliceError("A bracket is missing: write the slice as in code, such as [0, :].")
    return "", text, turned


def _opening(text: str) -> int:
    """Place of the bracket that the last one closes."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == "]") - (text[at] == "[")
        if depth == 0:
            return at
    raise SliceError("A '[' is missing: write the slice as in code, such as [0, :].")


def _items(inside: str) -> list[ast.expr]:
    try:
        tree = ast.parse(f"x[{inside}]", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as err:
        raise SliceError(
            f"'{_short(inside)}' is no slice: write indices and ranges as in code, "
            "such as 0, :, 2:5, ::2."
        ) from err
    if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name):
        raise SliceError("Only one bracket at a time can be shown, such as [0, :].")
    return list(tree.slice.elts) if isinstance(tree.slice, ast.Tuple) else [tree.slice]


def _fit(items: list[ast.expr], shape: tuple[int, ...]) -> Iterator[Axis]:
    taken = sum(not (_is_none(item) or _is_dots(item)) for item in items)
    dots = sum(_is_dots(item) for item in items)
    if dots > 1:
        raise SliceError("'...' may stand only once, because it means all dimensions left over.")
    if taken > len(shape):
        raise SliceError(
            f"The slice has {taken} entries, but the tensor has {_dimensions(len(shape))}; "
            f"take {taken - len(shape)} away."
        )
    dim = 0
    for item in items if dots else [*items, ast.Constant(...)]:
        if _is_none(item):
            yield Axis(None, 0, 1)
        elif _is_dots(item):
            rest = len(shape) - taken
            yield from (Axis(d, 0, shape[d]) for d in range(dim, dim + rest))
            dim += rest
        else:
            entry = _range if isinstance(item, ast.Slice) else _index
            yield entry(item, dim, shape[dim])
            dim += 1


def _range(item: ast.expr, dim: int, size: int) -> Axis:
    assert isinstance(item, ast.Slice)
    lower, upper, step = (_whole_or_none(part) for part in (item.lower, item.upper, item.step))
    if step is not None and step <= 0:
        reason = "goes nowhere" if step == 0 else "goes backwards, which torch's slices cannot"
        raise SliceError(
            f"The step {step} in dimension {dim} {reason}; write a step of 1 or more "
            "(torch.flip turns a dimension round)."
        )
    found = range(*slice(lower, upper, step).indices(size))
    return Axis(dim, found.start if found else 0, len(found), found.step)


def _index(item: ast.expr, dim: int, size: int) -> Axis:
    index = _whole(item)
    if not -size <= index < size:
        raise SliceError(
            f"Index {index} is out of range: dimension {dim} has "
            + (f"{size} elements, 0 to {size - 1}." if size else "no elements.")
        )
    return Axis(dim, index + size if index < 0 else index, 1, fixed=True)


def _whole_or_none(item: ast.expr | None) -> int | None:
    return None if item is None or _is_none(item) else _whole(item)


def _whole(item: ast.expr) -> int:
    """A literal whole number, with a sign or none."""
    sign = 1
    inner = item
    while isinstance(inner, ast.UnaryOp) and isinstance(inner.op, (ast.USub, ast.UAdd)):
        sign = -sign if isinstance(inner.op, ast.USub) else sign
        inner = inner.operand
    if isinstance(inner, ast.Constant) and type(inner.value) is int:
        return sign * inner.value
    raise SliceError(_refusal(item))


def _refusal(item: ast.expr) -> str:
    text = _short(ast.unparse(item))
    if isinstance(item, (ast.List, ast.Tuple)) or (
        isinstance(item, ast.Constant) and isinstance(item.value, bool)
    ):
        return (
            f"'{text}' picks elements one by one, which makes a copy and no slice; "
            "evaluate it in the console to look at the result."
        )
    if isinstance(item, ast.Constant):
        return f"'{text}' is no whole number; indices are whole numbers such as 3 or -1."
    return (
        f"'{text}' would have to be executed, and a slice is only read: "
        "write whole numbers, or evaluate the expression in the console."
    )


def _is_none(item: ast.expr) -> bool:
    return isinstance(item, ast.Constant) and item.value is None


def _is_dots(item: ast.expr) -> bool:
    return isinstance(item, ast.Constant) and item.value is Ellipsis


def _dimensions(count: int) -> str:
    return "no dimension" if count == 0 else f"{count} dimension{'s' if count > 1 else ''}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
