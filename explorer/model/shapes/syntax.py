"""Reading a typed chain of shape calls without running anything.

The text is parsed by `ast`; only whole numbers, slices, sequences, names of torch's dtypes and
memory formats, and questions for a known tensor's shape are understood.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import EllipsisType

from explorer.model.shapes.rules.indexing import Slice
from explorer.model.shapes.rules.outcome import Header, ShapeCall
from explorer.model.shapes.rules.signatures import SIGNATURES, Named
from explorer.model.shapes.rules.windows import ITEMSIZES
from explorer.model.strides import Layout

_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
_LONGEST = 2000
_NUMBER_STEP = re.compile(r"\.(\d+)(?=[.\[]|$)")


class NotUnderstood(Exception):
    """The text is not a chain of shape calls; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The tensor a chain starts from, by its name as code spells it, and its calls in order."""

    start: str
    calls: tuple[ShapeCall, ...]


def read_chain(text: str, names: Mapping[str, Header], chosen: str) -> Chain:
    """Parse `x.t().view(2, -1)`, `.t()[0]`, `view(6)` or `y = torch.flatten(x)`.

    A text that names no tensor starts from `chosen`. Raises NotUnderstood.
    """
    spelled = {python_spelling(name): name for name in names}
    for spelling, name in spelled.items():
        if spelling != name:
            text = text.replace(name, spelling)
    known = {spelling: names[name] for spelling, name in spelled.items()}
    try:
        chain = _read(text.strip(), known, python_spelling(chosen))
    except RecursionError:
        raise NotUnderstood("The text is nested too deeply.") from None
    return chain


def python_spelling(name: str) -> str:
    """A name as code that leads to the tensor: `net[0].weight` for the path `net.0.weight`."""
    return _NUMBER_STEP.sub(r"[\1]", name)


def _read(text: str, names: Mapping[str, Header], chosen: str) -> Chain:
    if not text:
        raise NotUnderstood("Type a shape change, such as .view(2, -1) or [:, 0].")
    if len(text) > _LONGEST:
        raise NotUnderstood("The text is too long for one chain of shape calls.")
    if text[0] in ".[":
        text = f"_{text}"
        names = {**names, "_": names[chosen]}
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise NotUnderstood(f"This is not Python: {said}.") from None
    if len(body) != 1 or not isinstance(body[0], (ast.Expr, ast.Assign)):
        raise NotUnderstood("Only one expression can be tried at a time.")
    reader = _Reader(text, names, chosen)
    calls = reader.chain(body[0].value)
    start = chosen if reader.start == "_" else reader.start
    return Chain(start, tuple(calls))


class _Reader:
    """Walks a parsed text; `start` is the tensor's name once the chain was read."""

    def __init__(self, text: str, names: Mapping[str, Header], chosen: str) -> None:
        self.start = ""
        self._text = text
        self._names = names
        self._chosen = chosen

    def chain(self, node: ast.expr) -> list[ShapeCall]:
        name = ast.unparse(node)
        if name in self._names:
            self.start = name
            return []
        if isinstance(node, ast.Subscript):
            before = self.chain(node.value)
            return [*before, ShapeCall("[]", self._items(node.slice), (), self._after(node))]
        if isinstance(node, ast.Attribute):
            return [*self.chain(node.value), self._attribute(node)]
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Name):
            raise NotUnderstood(f"There is no tensor {name} at this step.")
        raise NotUnderstood(f"{_short(name)} is no shape call.")

    def _attribute(self, node: ast.Attribute) -> ShapeCall:
        signature = SIGNATURES.get(node.attr)
        if signature is None:
            raise NotUnderstood(_unknown(node.attr))
        if signature.method:
            raise NotUnderstood(f"{node.attr} is a method: write {node.attr}(...).")
        return ShapeCall(node.attr, (), (), self._after(node))

    def _call(self, node: ast.Call) -> list[ShapeCall]:
        target = node.func
        if isinstance(target, ast.Name):
            self._known(target.id)
            self.start = self._chosen
            text = "." + (ast.get_source_segment(self._text, node) or "")
            return [self._made(target.id, node.args, node.keywords, text)]
        if not isinstance(target, ast.Attribute):
            raise NotUnderstood(f"{_short(ast.unparse(node))} is no shape call.")
        self._known(target.attr)
        module = ast.unparse(target.value)
        if isinstance(target.value, ast.Name) and module not in self._names and node.args:
            before = self._tensor_first(target, node)
            given = node.args[1:]
            said = ", ".join(["_", *(ast.unparse(one) for one in given)])
            text = f"{module}.{target.attr}({said})"
            return [*before, self._made(target.attr, given, node.keywords, text, True)]
        before = self.chain(target.value)
        text = self._after(node, target.value)
        return [*before, self._made(target.attr, node.args, node.keywords, text)]

    def _tensor_first(self, target: ast.Attribute, node: ast.Call) -> list[ShapeCall]:
        if not SIGNATURES[target.attr].function:
            raise NotUnderstood(f"torch has no function {target.attr}; it is a method of tensors.")
        return self.chain(node.args[0])

    def _known(self, name: str) -> None:
        signature = SIGNATURES.get(name)
        if signature is None:
            raise NotUnderstood(_unknown(name))
        if not signature.method:
            raise NotUnderstood(f".{name} is no method: leave out the parentheses.")

    def _made(
        self,
        name: str,
        given: list[ast.expr],
        keywords: list[ast.keyword],
        text: str,
        as_function: bool = False,
    ) -> ShapeCall:
        arguments: list[object] = []
        for one in given:
            if isinstance(one, ast.Starred):
                arguments.extend(self._sequence(one.value))
            else:
                arguments.append(self._value(one))
        named: list[tuple[str, object]] = []
        for keyword in keywords:
            if keyword.arg is None:
                raise NotUnderstood("Arguments by ** cannot be known before the program runs.")
            named.append((keyword.arg, self._value(keyword.value)))
        return ShapeCall(name, tuple(arguments), tuple(named), text, as_function)

    def _after(self, node: ast.expr, value: ast.expr | None = None) -> str:
        """The text of a call without the tensor that it is called on."""
        if value is None:
            assert isinstance(node, (ast.Subscript, ast.Attribute))
            value = node.value
        whole = ast.get_source_segment(self._text, node) or ""
        first = ast.get_source_segment(self._text, value) or ""
        return whole[len(first) :].strip()

    def _items(self, node: ast.expr) -> tuple[object, ...]:
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self._item(part) for part in parts)

    def _item(self, node: ast.expr) -> int | Slice | EllipsisType | None:
        if isinstance(node, ast.Slice):
            bounds = (self._bound(one) for one in (node.lower, node.upper, node.step))
            return Slice(*bounds)
        if isinstance(node, ast.Constant) and (node.value is None or node.value is Ellipsis):
            return node.value
        if isinstance(node, (ast.List, ast.Compare, ast.Tuple)) or _is_bool(node):
            raise NotUnderstood("Indexing with a list or a mask always copies what it picks.")
        value = self._value(node)
        if not isinstance(value, int):
            raise NotUnderstood(f"{_short(ast.unparse(node))} is no index.")
        return value

    def _bound(self, node: ast.expr | None) -> int | None:
        if node is None:
            return None
        value = self._value(node)
        if value is not None and not isinstance(value, int):
            raise NotUnderstood(f"{_short(ast.unparse(node))} is no bound of a slice.")
        return value

    def _sequence(self, node: ast.expr) -> tuple[object, ...]:
        value = self._value(node)
        if not isinstance(value, tuple):
            raise NotUnderstood(f"*{_short(ast.unparse(node))} is no sequence.")
        return value

    def _value(self, node: ast.expr) -> object:
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str, type(None))):
            return self._small(node.value)
        if isinstance(node, (ast.Tuple, ast.List)):
            return tuple(self._value(one) for one in node.elts)
        if isinstance(node, (ast.UnaryOp, ast.BinOp)):
            return self._small(self._number(node))
        if isinstance(node, ast.Attribute) and node.attr in (*_FORMATS, *ITEMSIZES):
            return Named(node.attr)
        return self._of_tensor(node)

    def _small(self, value: object) -> object:
        if isinstance(value, int) and abs(value) > 2**62:
            raise NotUnderstood("That number is too large for a shape.")
        return value

    def _number(self, node: ast.UnaryOp | ast.BinOp) -> int:
        if isinstance(node, ast.UnaryOp):
            value = self._whole(node.operand)
            if isinstance(node.op, ast.USub):
                return -value
        else:
            left, right = self._whole(node.left), self._whole(node.right)
            if isinstance(node.op, ast.Add):
                return left + right
            if isinstance(node.op, ast.Sub):
                return left - right
            if isinstance(node.op, ast.Mult):
                return left * right
            if isinstance(node.op, (ast.FloorDiv, ast.Mod)) and right:
                return left // right if isinstance(node.op, ast.FloorDiv) else left % right
        raise NotUnderstood(f"{_short(ast.unparse(node))} cannot be worked out here.")

    def _whole(self, node: ast.expr) -> int:
        value = self._value(node)
        if not isinstance(value, int):
            raise NotUnderstood(f"{_short(ast.unparse(node))} is no whole number.")
        return value

    def _of_tensor(self, node: ast.expr) -> object:
        """Questions such as `x.shape[0]`, `x.size(-1)`, `x.numel()`, `len(x)`."""
        if isinstance(node, ast.Subscript):
            sequence, index = self._value(node.value), self._whole(node.slice)
            if isinstance(sequence, tuple) and -len(sequence) <= index < len(sequence):
                return sequence[index]
        asked, arguments = node, []
        if isinstance(node, ast.Call):
            asked, arguments = node.func, node.args
            if isinstance(asked, ast.Name) and asked.id == "len" and len(arguments) == 1:
                return _answer(self._layout(arguments[0]), "len", 0, arguments[0])
        if isinstance(asked, ast.Attribute) and len(arguments) <= 1:
            at = self._whole(arguments[0]) if arguments else None
            return _answer(self._layout(asked.value), asked.attr, at, node)
        raise NotUnderstood(
            f"The value of {_short(ast.unparse(node))} is not known here; write the number."
        )

    def _layout(self, node: ast.expr) -> Layout:
        header = self._names.get(ast.unparse(node))
        if header is None:
            raise NotUnderstood(f"There is no tensor {_short(ast.unparse(node))} at this step.")
        return header.layout


def _answer(layout: Layout, asked: str, index: int | None, node: ast.expr) -> object:
    whole: dict[str, object] = {
        "shape": layout.shape,
        "size": layout.shape,
        "stride": layout.stride,
        "ndim": layout.ndim,
        "dim": layout.ndim,
        "numel": layout.numel,
        "storage_offset": layout.offset,
    }
    value = layout.shape if asked == "len" else whole.get(asked)
    if isinstance(value, tuple) and index is not None:
        if -len(value) <= index < len(value):
            return value[index]
    elif value is not None:
        return value
    raise NotUnderstood(f"{_short(ast.unparse(node))} cannot be worked out here.")


def _is_bool(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _unknown(name: str) -> str:
    return f"{name} is not among the shape calls that can be predicted here."


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
