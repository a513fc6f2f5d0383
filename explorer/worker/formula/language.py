"""The C++ expressions of torch's derivative table, as trees.

Only what the table uses is read: names, numbers, calls, methods, indices, braces, unary and
binary operators and ``? :``. Trees are immutable and compare by value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Name:
    """An argument, a result or a constant, such as ``self`` or ``at::Reduction::None``."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number as it was written."""

    text: str

    @property
    def value(self) -> int | float:
        """The number itself; whole numbers stay whole."""
        text = self.text.rstrip("fFlLuU")
        return int(text) if text.isdigit() else float(text)


@dataclass(frozen=True)
class Text:
    """A string between quotes."""

    text: str


@dataclass(frozen=True)
class Call:
    """``function(arguments)``; namespaces and template arguments are cut from the name."""

    function: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Method:
    """``object.name(arguments)``, also written ``object->name(arguments)``."""

    object: Tree
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Index:
    """``object[place]``."""

    object: Tree
    place: Tree


@dataclass(frozen=True)
class Unary:
    """``-x``, ``!x`` or ``*x``."""

    operator: str
    operand: Tree


@dataclass(frozen=True)
class Binary:
    """``left operator right``."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Choice:
    """``condition ? yes : no``."""

    condition: Tree
    yes: Tree
    no: Tree


@dataclass(frozen=True)
class Braces:
    """``{a, b}``: a list of values."""

    items: tuple[Tree, ...]


Tree = Name | Number | Text | Call | Method | Index | Unary | Binary | Choice | Braces


class NotAFormula(ValueError):
    """The expression uses something that this reader does not know."""


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?[fFlLuU]*|\.\d+)"
    r"|(?P<name>(?:::)?[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)"
    r'|"(?P<text>[^"]*)"'
    r"|(?P<mark>->|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}&]))"
)
_TEMPLATE = re.compile(r"(std::\w+|c10::\w+|static_cast|fmap)<[^<>()]*(?:<[^<>()]*>[^<>()]*)*>")
_COMMENT = re.compile(r"/\*.*?\*/")
_NEGATING = re.compile(r"\[\]\(c10::SymInt (\w+)\) *\{ *return -\1; *\}")
_LEVELS = (
    ("||",),
    ("&&",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)


@lru_cache(maxsize=4096)
def read_formula(text: str) -> Tree:
    """The tree of an expression.

    Raises:
        NotAFormula: when it uses more of C++ than the table's own dialect.
    """
    plain = _NEGATING.sub("negative", _COMMENT.sub(" ", text))
    reader = _Reader(_tokens(_TEMPLATE.sub(r"\1", plain)))
    tree = reader.choice()
    if not reader.at_end:
        raise NotAFormula(f"'{text}' goes on where its end was expected.")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise NotAFormula(f"'{text[place : place + 20]}' is not part of the dialect.")
        kind = found.lastgroup or "mark"
        tokens.append((kind, found.group(kind)))
        place = found.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens, one method per level of binding."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._tokens)

    def choice(self) -> Tree:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        yes = self.choice()
        self._need(":")
        return Choice(condition, yes, self.choice())

    def _binary(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while (mark := self._peek()) in _LEVELS[level]:
            self._place += 1
            left = Binary(mark, left, self._binary(level + 1))
        return left

    def _unary(self) -> Tree:
        for mark in ("-", "!", "*", "+"):
            if self._take(mark):
                return Unary(mark, self._unary())
        return self._postfix(self._primary())

    def _postfix(self, tree: Tree) -> Tree:
        while True:
            if self._take(".") or self._take("->"):
                name = self._name()
                if self._take("("):
                    tree = Method(tree, name, self._list(")"))
                else:
                    raise NotAFormula(f"A field .{name} is not part of the dialect.")
            elif self._take("["):
                tree = Index(tree, self.choice())
                self._need("]")
            else:
                return tree

    def _primary(self) -> Tree:
        if self.at_end:
            raise NotAFormula("The expression ends in the middle.")
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind == "number":
            return Number(text)
        if kind == "text":
            return Text(text)
        if kind == "name":
            opened = self._take("(")
            return Call(text.rpartition("::")[2], self._list(")")) if opened else Name(text)
        if text == "(":
            tree = self.choice()
            self._need(")")
            return tree
        if text == "{":
            return Braces(self._list("}"))
        raise NotAFormula(f"'{text}' stands where a value was expected.")

    def _list(self, end: str) -> tuple[Tree, ...]:
        items: list[Tree] = []
        while not self._take(end):
            items.append(self.choice())
            if not self._take(","):
                self._need(end)
                break
        return tuple(items)

    def _name(self) -> str:
        kind, text = self._tokens[self._place] if not self.at_end else ("", "")
        if kind != "name":
            raise NotAFormula("A method has no name.")
        self._place += 1
        return text

    def _peek(self) -> str:
        if self.at_end or self._tokens[self._place][0] != "mark":
            return ""
        return self._tokens[self._place][1]

    def _take(self, mark: str) -> bool:
        taken = self._peek() == mark
        self._place += taken
        return taken

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise NotAFormula(f"A '{mark}' is missing.")


def map_children(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The same tree with each direct part replaced by ``change(part)``."""
    if isinstance(tree, Call):
        return Call(tree.function, tuple(map(change, tree.arguments)))
    if isinstance(tree, Method):
        return Method(change(tree.object), tree.name, tuple(map(change, tree.arguments)))
    if isinstance(tree, Index):
        return Index(change(tree.object), change(tree.place))
    if isinstance(tree, Unary):
        return Unary(tree.operator, change(tree.operand))
    if isinstance(tree, Binary):
        return Binary(tree.operator, change(tree.left), change(tree.right))
    if isinstance(tree, Choice):
        return Choice(change(tree.condition), change(tree.yes), change(tree.no))
    if isinstance(tree, Braces):
        return Braces(tuple(map(change, tree.items)))
    return tree


def names_in(tree: Tree) -> set[str]:
    """Every name that the expression mentions, functions and methods left out."""
    found: set[str] = set()

    def look(part: Tree) -> Tree:
        if isinstance(part, Name):
            found.add(part.name)
        map_children(part, look)
        return part

    look(tree)
    return found
