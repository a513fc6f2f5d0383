"""Writes a formula as readable maths: as plain text, and as LaTeX.

``grad`` is written g, ``result`` out; a dot multiplies cell by cell, an @ multiplies matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.worker.formula.language import (
    Binary,
    Braces,
    Call,
    Choice,
    Index,
    Method,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from explorer.worker.formula.looks import LATEX, TEXT, Looks

CHOICE, OR, AND, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(9)

Written = tuple[str, int]
"""Text, and how tightly its outermost operator binds."""

_LEVEL = {"||": OR, "&&": AND, "&": AND, "+": SUM, "-": SUM, "*": PRODUCT, "%": PRODUCT}
_FORGOTTEN = frozenset(
    "conj contiguous clone to resolve_conj conj_physical toDouble toFloat value expand_as".split()
)
_SPREADING = frozenset(("spread", "expand", "expand_symint"))
_COUNTING = frozenset(("sym_numel", "numel", "count", "sym_size", "size"))
_PRODUCTS = frozenset(("mm", "bmm", "matmul", "mv"))
_TRANSPOSING = frozenset(("t", "mT", "mH", "transpose", "transpose_symint"))
_COMPARING = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_BINARY_METHODS = {"mul": "*", "add": "+", "sub": "-", "div": "/"}


@dataclass(frozen=True)
class Writer:
    """How to write: the looks, and what stands for a name, such as a cell's number."""

    looks: Looks
    names: dict[str, Written] = field(default_factory=dict)
    keep_conj: bool = False

    def write(self, tree: Tree) -> str:
        """The whole expression."""
        return self.at(tree)[0]

    def at(self, tree: Tree) -> Written:
        """The expression and how tightly it binds."""
        return _WRITERS[type(tree)](self, tree)

    def within(self, tree: Tree, level: int) -> str:
        """The expression, in brackets where it binds more loosely than ``level``."""
        text, binds = self.at(tree)
        return self.looks.brackets(text) if binds < level else text

    def name(self, tree: Name) -> Written:
        """A saved value, a gradient, or what stands for it."""
        if tree.name in self.names:
            return self.names[tree.name]
        bare = tree.name.rpartition("::")[2]
        return self.looks.name(bare), ATOM

    def number(self, tree: Number) -> Written:
        """A constant, by its usual sign where it has one."""
        return self.looks.constant(tree.value), ATOM

    def text(self, tree: Text) -> Written:
        """A string."""
        return self.looks.word(tree.text), ATOM

    def braces(self, tree: Braces) -> Written:
        """A list."""
        return self.looks.brackets(", ".join(map(self.write, tree.items))), ATOM

    def index(self, tree: Index) -> Written:
        """``grads[1]`` as g with a small 1."""
        if isinstance(tree.place, Number):
            return self.looks.subscript(self.within(tree.object, ATOM), tree.place.text), ATOM
        return f"{self.within(tree.object, ATOM)}[{self.write(tree.place)}]", ATOM

    def unary(self, tree: Unary) -> Written:
        """A sign or a negation."""
        sign = self.looks.marks.get(tree.operator, tree.operator)
        return sign + self.within(tree.operand, SIGN), SIGN

    def binary(self, tree: Binary) -> Written:
        """Two parts and the operator between them."""
        if tree.operator == "/":
            return self._fraction(tree.left, tree.right)
        level = _LEVEL.get(tree.operator, COMPARE)
        mark = self.looks.marks.get(tree.operator, tree.operator)
        # What stands right of a minus keeps its brackets: a - (b - c).
        right = self.within(tree.right, level + (tree.operator in ("-", "%")))
        return f"{self.within(tree.left, level)} {mark} {right}", level

    def _fraction(self, top: Tree, bottom: Tree) -> Written:
        if self.looks.stacked:
            return self.looks.fraction(self.write(top), self.write(bottom)), POWER
        return f"{self.within(top, PRODUCT)} / {self.within(bottom, SIGN)}", PRODUCT

    def choice(self, tree: Choice) -> Written:
        """One of two expressions, by a condition on the operation's arguments."""
        return self._cases(tree.condition, tree.yes, tree.no)

    def _cases(self, condition: Tree, yes: Tree, no: Tree) -> Written:
        if self.looks.stacked:
            parts = (self.write(yes), self.write(condition), self.write(no))
            return self.looks.cases(*parts), POWER
        parts = (self.within(yes, OR), self.write(condition), self.within(no, OR))
        return self.looks.cases(*parts), CHOICE

    def method(self, tree: Method) -> Written:
        """A method, in the notation that it has in maths where it has one."""
        name = tree.name.removesuffix("_symint").removesuffix("_")
        return self._applied(name, (tree.object, *tree.arguments))

    def call(self, tree: Call) -> Written:
        """A function, in the notation that it has in maths where it has one."""
        return self._applied(tree.function.removesuffix("_symint"), tree.arguments)

    def _applied(self, name: str, parts: tuple[Tree, ...]) -> Written:
        if name in _FORGOTTEN and not (self.keep_conj and "conj" in name):
            return self.at(parts[0])
        if name == "where":
            return self._cases(parts[0], parts[1], parts[2])
        if name in _COMPARING or name in _BINARY_METHODS:
            mark = _COMPARING.get(name) or _BINARY_METHODS[name]
            return self.at(Binary(mark, parts[0], parts[1]))
        if name in _PRODUCTS:
            left, right = (self.within(part, SIGN) for part in parts[:2])
            return f"{left} {self.looks.marks['@']} {right}", PRODUCT
        if name in _TRANSPOSING:
            return self.looks.power(self.within(parts[0], ATOM), self.looks.transposed), POWER
        if name == "pow":
            return self._power(parts[0], parts[1])
        if name in _COUNTING:
            return self.looks.name("n"), ATOM
        if name in _SPREADING:
            return self.looks.function("spread", self.write(parts[0])), ATOM
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, parts)
        shown = [self.write(part) for part in parts if _worth_showing(part)]
        return self.looks.function(name, ", ".join(shown)), ATOM

    def _power(self, base: Tree, exponent: Tree) -> Written:
        low = self.within(base, ATOM)
        return self.looks.power(low, self.write(exponent)), POWER

    def exponential(self, parts: tuple[Tree, ...]) -> Written:
        """e to the power of the argument."""
        if self.looks.stacked:
            return self.looks.power("e", self.write(parts[0])), POWER
        return self.looks.function("exp", self.write(parts[0])), ATOM

    def root(self, parts: tuple[Tree, ...]) -> Written:
        """The square root."""
        return self.looks.root(self.write(parts[0])), ATOM

    def inverse_root(self, parts: tuple[Tree, ...]) -> Written:
        """One over the square root."""
        return self._fraction(Number("1"), Call("sqrt", parts[:1]))

    def reciprocal(self, parts: tuple[Tree, ...]) -> Written:
        """One over the argument."""
        return self._fraction(Number("1"), parts[0])

    def absolute(self, parts: tuple[Tree, ...]) -> Written:
        """The absolute value."""
        return self.looks.absolute(self.write(parts[0])), ATOM

    def total(self, parts: tuple[Tree, ...]) -> Written:
        """A sum over cells."""
        return self.looks.function("sum", self.write(parts[0])), ATOM

    def negation(self, parts: tuple[Tree, ...]) -> Written:
        """Not."""
        return self.at(Unary("!", parts[0]))


_WRITERS: dict[type, Callable[..., Written]] = {
    Name: Writer.name,
    Number: Writer.number,
    Text: Writer.text,
    Braces: Writer.braces,
    Index: Writer.index,
    Unary: Writer.unary,
    Binary: Writer.binary,
    Choice: Writer.choice,
    Method: Writer.method,
    Call: Writer.call,
}
_SPECIAL: dict[str, Callable[[Writer, tuple[Tree, ...]], Written]] = {
    "exp": Writer.exponential,
    "sqrt": Writer.root,
    "rsqrt": Writer.inverse_root,
    "reciprocal": Writer.reciprocal,
    "abs": Writer.absolute,
    "mean_along": lambda writer, parts: writer.at(Method(parts[0], "mean", ())),
    "amount": lambda writer, parts: writer.at(parts[0]),
    "sum": Writer.total,
    "neg": lambda writer, parts: writer.at(Unary("-", parts[0])),
    "logical_not": Writer.negation,
}


def _worth_showing(part: Tree) -> bool:
    """Sizes, flags and masks say nothing of the mathematics."""
    if isinstance(part, Method):
        return part.name not in ("sym_sizes", "options", "layout", "sym_strides", "scalar_type")
    if isinstance(part, Call):
        return part.function not in ("to_args_sizes_symint", "to_args_scalartypes")
    if isinstance(part, Name):
        return part.name not in ("grad_input_mask", "true", "false", "retain_variables")
    return not isinstance(part, Text)


def as_text(tree: Tree, names: dict[str, Written] | None = None) -> str:
    """The formula on one line of plain text."""
    return Writer(TEXT, names or {}).write(tree)


def as_latex(tree: Tree, names: dict[str, Written] | None = None) -> str:
    """The formula as LaTeX, without dollar signs."""
    return Writer(LATEX, names or {}).write(tree)
