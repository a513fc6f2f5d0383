"""The table of derivatives that every torch brings along, read at run time.

``torchgen/packaged/autograd/derivatives.yaml`` lies beside the installed torch. It names, for
each operation, the formula of the gradient with respect to each argument. The file uses a small
part of YAML, which is read here, because the user's Python need not have a YAML package.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_PUBLISHED = "formula not published by this torch"

_KEY = re.compile(r"([A-Za-z_][\w ,]*):(?: +(.*))?$")
_SCHEMA = re.compile(r"^([\w.]+)\((.*)\) *-> *(.*)$")
_ARGUMENT = re.compile(r"^(?P<type>.*?)\s+(?P<name>\w+)(?:=(?P<default>.*))?$")
_NO_FORMULA = frozenset({"output_differentiability", "non_differentiable"})


@dataclass(frozen=True)
class Argument:
    """One argument of an operation, such as ``Scalar alpha=1``."""

    name: str
    type: str
    default: str

    @property
    def is_list(self) -> bool:
        """Whether it is a list of tensors, each of which has an edge of its own."""
        return self.type.startswith("Tensor") and self.type.rstrip("?").endswith("]")


@dataclass(frozen=True)
class Derivative:
    """What the table says of one node kind, such as ``MulBackward0``.

    ``formulas`` maps each differentiable argument to its gradient, as the C++ expression that
    the file holds. ``inputs`` are those arguments in the order of the node's edges. Where one
    expression gives the gradients of several arguments at once, ``places`` says which of its
    results belongs to which argument. ``outputs`` are the names of the operation's results,
    empty where they have none.
    """

    node: str
    operation: str
    arguments: tuple[Argument, ...]
    formulas: dict[str, str]
    inputs: tuple[str, ...]
    places: dict[str, int]
    outputs: tuple[str, ...]

    def input_of_edge(self, edge: int, edges: int) -> tuple[str, int]:
        """The argument that edge number ``edge`` of ``edges`` leads to, and its place in a list.

        A list of tensors takes as many edges as the other arguments leave; any other argument
        has place 0. The name is empty for an edge that the table knows nothing of.
        """
        lists = {argument.name for argument in self.arguments if argument.is_list}
        spare = edges - len(self.inputs)
        found: list[tuple[str, int]] = []
        for name in self.inputs:
            count = 1 + spare if name in lists else 1
            found += [(name, place) for place in range(count)]
        return found[edge] if 0 <= edge < len(found) else ("", 0)


def table_path() -> Path | None:
    """Where the installed torch keeps its table; None when it brings none."""
    for package, tail in (("torchgen", ("packaged", "autograd")), ("torch", ("..", "torchgen"))):
        found = importlib.util.find_spec(package)
        for place in (found.submodule_search_locations or ()) if found else ():
            path = Path(place, *tail, "derivatives.yaml")
            if path.is_file():
                return path
    return None


def read_table(path: Path) -> dict[str, Derivative]:
    """Node name -> what the table says of it.

    Overloads of one operation are numbered in the order of the file, as torch numbers them:
    ``mul.Tensor`` is ``MulBackward0``, ``mul.Scalar`` is ``MulBackward1``.
    """
    table: dict[str, Derivative] = {}
    counts: dict[str, int] = {}
    for entry in _entries(path.read_text(encoding="utf-8")):
        operation, arguments, outputs = _signature(entry.name)
        for dispatch, formulas in entry.by_dispatch.items():
            known = {argument.name for argument in arguments}
            usable, places = _usable(formulas, known)
            if not usable:
                continue
            prefix = _prefix(operation) + ("" if dispatch == "Default" else dispatch)
            node = f"{prefix}{counts.get(prefix, 0)}"
            counts[prefix] = counts.get(prefix, 0) + 1
            inputs = tuple(argument.name for argument in arguments if argument.name in usable)
            table[node] = Derivative(node, operation, arguments, usable, inputs, places, outputs)
    return table


def _usable(formulas: dict[str, str], arguments: set[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Formulas by single argument, and the place of each argument in a shared expression.

    Formulas of results are forward derivatives and left out.
    """
    usable: dict[str, str] = {}
    places: dict[str, int] = {}
    for names, formula in formulas.items():
        if names in _NO_FORMULA or formula.strip().lower() in _NO_FORMULA:
            continue
        for place, name in enumerate(part.strip() for part in names.split(",")):
            if name in arguments:
                usable[name] = formula
                if "," in names:
                    places[name] = place
    return usable, places


def _prefix(operation: str) -> str:
    base = operation.partition(".")[0]
    camel = "".join(word.title() for word in base.split("_"))
    return (camel + "Backward").replace("ForwardBackward", "Backward")


def _signature(schema: str) -> tuple[str, tuple[Argument, ...], tuple[str, ...]]:
    """The operation, its arguments and the names of its results."""
    found = _SCHEMA.match(schema)
    if found is None:
        return schema.partition("(")[0], (), ()
    arguments = []
    for text in _split(found.group(2)):
        parts = _ARGUMENT.match(text.strip())
        if parts is not None:
            default = parts["default"] or ""
            arguments.append(Argument(parts["name"], parts["type"], default))
    results = _split(found.group(3).strip().removeprefix("(").removesuffix(")"))
    named = (_ARGUMENT.match(result.strip()) for result in results)
    return found.group(1), tuple(arguments), tuple(one["name"] if one else "" for one in named)


def _split(text: str) -> Iterator[str]:
    """Cut at the commas that stand in no brackets; the lone ``*`` is left out."""
    depth, start = 0, 0
    for place, char in enumerate(text + ","):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            piece = text[start:place]
            if piece.strip() not in ("", "*"):
                yield piece
            start = place + 1


@dataclass
class _Entry:
    name: str
    by_dispatch: dict[str, dict[str, str]]


def _entries(text: str) -> Iterator[_Entry]:
    """One entry for each ``- name:`` of the file, with its formulas by dispatch key."""
    entry: _Entry | None = None
    dispatch = "Default"
    for indent, key, value in _pairs(text):
        if key == "- name":
            if entry is not None:
                yield entry
            entry, dispatch = _Entry(value, {"Default": {}}), "Default"
        elif entry is None:
            continue
        elif indent <= 2:
            dispatch = "Default"
            if key != "dispatch":
                entry.by_dispatch[dispatch][key] = value
        elif not value:
            dispatch = key
            entry.by_dispatch.setdefault(dispatch, {})
        else:
            entry.by_dispatch[dispatch][key] = value
    if entry is not None:
        yield entry


def _pairs(text: str) -> Iterator[tuple[int, str, str]]:
    """(indent, key, value) of every line that begins a value; longer ones are joined."""
    held: tuple[int, str, str] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        is_item = stripped.startswith("- ")
        found = _KEY.match(stripped[2:] if is_item else stripped)
        open_quote = held is not None and held[2][:1] == '"' and not _closed(held[2])
        if found is None or open_quote:
            if held is not None:
                held = (held[0], held[1], f"{held[2]} {stripped}")
            continue
        if held is not None:
            yield held[0], held[1], _plain(held[2])
        key = ("- " if is_item else "") + found.group(1)
        held = (len(line) - len(line.lstrip()), key, found.group(2) or "")
    if held is not None:
        yield held[0], held[1], _plain(held[2])


def _closed(text: str) -> bool:
    body = text.replace('\\"', "")
    return len(body) > 1 and body.rstrip().endswith('"')


def _plain(value: str) -> str:
    """The value without quotes and without a comment behind it."""
    value = value.strip()
    if value[:1] == '"':
        end = value.rfind('"')
        return value[1:end].replace('\\"', '"').replace("\\\\", "\\").strip()
    if value[:1] == "'":
        end = value.rfind("'")
        return value[1:end].replace("''", "'").strip()
    return value.partition(" #")[0].strip()
