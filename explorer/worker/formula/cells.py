"""One cell of a gradient: the formula with the numbers of that cell put in, and its result."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.worker.formula.formulas import EdgeFormula
from explorer.worker.formula.language import (
    Binary,
    Call,
    Choice,
    Method,
    Name,
    Number,
    Tree,
    Unary,
    names_in,
)
from explorer.worker.formula.looks import LATEX, TEXT, Looks
from explorer.worker.formula.maths import ATOM, SUM, Writer, Written
from explorer.worker.formula.operations import NotKnown
from explorer.worker.formula.primitives import PRIMITIVES
from explorer.worker.formula.simpler import simpler
from explorer.worker.formula.values import NodeValues, evaluate, truth

Place = tuple[int, ...]

TERMS_SHOWN = 4
_POINTWISE = frozenset(
    "pow exp exp2 log log2 log10 log1p expm1 sin cos tan sinh cosh tanh asin acos atan sqrt rsqrt"
    " abs sgn sign sigmoid erf erfc erfinv reciprocal neg square conj digamma lgamma softplus"
    " logit frac special_i0e special_i1 special_i1e".split()
)
_MOVING = frozenset(
    "zeros_like select_backward diagonal_backward index_select_backward masked_select_backward"
    " value_selecting_reduction_backward masked_scatter_backward pixel_unshuffle pixel_shuffle"
    " embedding_backward unfold_backward view_as_real view_as_complex".split()
) | frozenset(PRIMITIVES)
"""Functions that bring cells of the gradient to other places: the number says it all."""
_PRODUCTS = frozenset(("mm", "bmm", "matmul", "mv"))


@dataclass(frozen=True)
class CellFormula:
    """A formula at one cell.

    ``text`` and ``latex`` hold the numbers; ``value`` is what they give in double precision,
    ``recorded`` what backward computed in the tensor's own dtype. ``terms`` is how many products
    or cells were summed.
    """

    text: str
    latex: str
    value: float
    recorded: float
    terms: int
    agrees: bool


def formula_at(
    formula: EdgeFormula, known: NodeValues, recorded: Tensor, place: Place
) -> CellFormula:
    """The formula of an edge at cell ``place`` of the gradient that was recorded along it.

    Raises:
        NotKnown: when a value is missing, or the operation does not work cell by cell.
        IndexError: when the gradient has no such cell.
    """
    if len(place) != recorded.dim() or any(
        not 0 <= at < size for at, size in zip(place, recorded.shape, strict=True)
    ):
        raise IndexError(f"A gradient of shape {list(recorded.shape)} has no cell {list(place)}.")
    with torch.no_grad():
        tree = simpler(formula.own_tree, known)
        return _Reading(formula, known, tree, recorded, place).result()


class _Reading:
    """The numbers of one cell, found once."""

    def __init__(
        self,
        formula: EdgeFormula,
        known: NodeValues,
        tree: Tree,
        recorded: Tensor,
        place: Place,
    ) -> None:
        self._formula = formula
        self._known = known
        self._recorded = recorded[place].item()
        self._numbers: dict[str, float] = {}
        self._texts: dict[str, Written] = {}
        self._latex: dict[str, Written] = {}
        self._products = 0
        if isinstance(self._recorded, complex):
            raise NotKnown("complex numbers are not written out")
        self._dtype = recorded.dtype
        whole = formula.picked(evaluate(tree, known))
        if not isinstance(whole, Tensor):
            whole = torch.as_tensor(whole).expand(recorded.shape)
        self._whole = whole
        self._shape = tuple(whole.shape)
        self._cells = _summed_cells(self._shape, tuple(recorded.shape), place)
        self._count = math.prod(len(axis) for axis in self._cells)
        shown = itertools.islice(itertools.product(*self._cells), TERMS_SHOWN)
        self._terms = [self._at(tree, cell) for cell in shown]

    def result(self) -> CellFormula:
        """Texts and values."""
        values = NodeValues(dict(self._numbers), {})
        if self._count <= TERMS_SHOWN:
            value = sum(float(evaluate(term, values)) for term in self._terms)
        else:
            axes = tuple(slice(axis[0], axis[-1] + 1) for axis in self._cells)
            value = float(self._whole[axes].double().sum())
        recorded = float(self._recorded)
        return CellFormula(
            self._sum(TEXT, self._texts, "…"),
            self._sum(LATEX, self._latex, r"\ldots"),
            value,
            recorded,
            max(self._count, self._products),
            self._agree(value, recorded),
        )

    def _agree(self, value: float, recorded: float) -> bool:
        """Equal as far as the numbers that went in, and torch's own constants, can tell."""
        if not (math.isfinite(value) and math.isfinite(recorded)):
            return value == recorded or (math.isnan(value) and math.isnan(recorded))
        exact = torch.finfo(self._dtype).eps if self._dtype.is_floating_point else 0.0
        largest = max((abs(number) for number in self._numbers.values()), default=0.0)
        result = max(abs(value), abs(recorded))
        return abs(value - recorded) <= 64 * exact * largest + max(64 * exact, 1e-7) * result

    def _sum(self, looks: Looks, names: dict[str, Written], dots: str) -> str:
        writer = Writer(looks, names)
        level = SUM + 1 if self._count > 1 else 0
        texts = [writer.within(term, level) for term in self._terms]
        if self._count > TERMS_SHOWN:
            texts.append(dots)
        return " + ".join(texts)

    def _at(self, tree: Tree, cell: Place) -> Tree:
        """The expression with every tensor replaced by its number at this cell."""
        if isinstance(tree, Number):
            return tree
        if names_in(tree) and not any(map(self._is_tensor, names_in(tree))):
            return self._leaf(evaluate(tree, self._known))
        if isinstance(tree, Unary):
            return Unary(tree.operator, self._at(tree.operand, cell))
        if isinstance(tree, Binary) and tree.operator in ("+", "-", "*", "/"):
            return Binary(tree.operator, self._at(tree.left, cell), self._at(tree.right, cell))
        if isinstance(tree, Choice):
            return self._at(tree.yes if truth(tree.condition, self._known) else tree.no, cell)
        if isinstance(tree, Call) and tree.function == "where":
            held = self._cell_of(evaluate(tree.arguments[0], self._known), cell)
            return self._at(tree.arguments[1 if held else 2], cell)
        if isinstance(tree, Method):
            return self._method_at(tree, cell)
        if isinstance(tree, Call):
            name = tree.function.removesuffix("_symint")
            if name in _POINTWISE:
                return self._method_at(Method(tree.arguments[0], name, tree.arguments[1:]), cell)
            if name not in _MOVING:
                raise NotKnown(f"'{name}' is not computed cell by cell")
        value = self._formula.picked(evaluate(tree, self._known))
        return self._leaf(self._cell_of(value, cell))

    def _is_tensor(self, name: str) -> bool:
        value = self._known.values.get(name)
        return isinstance(value, (Tensor, list, tuple)) or name not in self._known.values

    def _method_at(self, tree: Method, cell: Place) -> Tree:
        if tree.name in _POINTWISE:
            arguments = tuple(self._at(argument, cell) for argument in tree.arguments)
            return Method(self._at(tree.object, cell), tree.name, arguments)
        if tree.name.rstrip("_") == "masked_fill":
            held = self._cell_of(evaluate(tree.arguments[0], self._known), cell)
            return self._at(tree.arguments[1] if held else tree.object, cell)
        if tree.name in _PRODUCTS and len(cell) == len(self._shape):
            return self._row_times_column(tree, cell)
        return self._leaf(self._cell_of(evaluate(tree, self._known), cell))

    def _row_times_column(self, tree: Method, cell: Place) -> Tree:
        left = evaluate(tree.object, self._known)
        right = evaluate(tree.arguments[0], self._known)
        if right.dim() == 1:
            row, column = left[cell], right
        else:
            row = left[(*_within(left, cell[:-2], 2), cell[-2])]
            column = right[(*_within(right, cell[:-2], 2), slice(None), cell[-1])]
        if row.is_complex():
            raise NotKnown("complex numbers are not written out")
        pairs = list(zip(row.tolist(), column.tolist(), strict=True))
        self._products = len(pairs)
        value = math.fsum(a * b for a, b in pairs)
        return self._named(value, _products(pairs, TEXT), _products(pairs, LATEX))

    def _cell_of(self, value: Any, cell: Place) -> Any:
        """The number of a tensor at a cell of the whole, which it may be broadcast to."""
        if not isinstance(value, Tensor):
            return value
        if value.is_complex():
            raise NotKnown("complex numbers are not written out")
        return value[_within(value, cell, 0)].item()

    def _leaf(self, value: Any) -> Tree:
        if not isinstance(value, (bool, int, float)):
            raise NotKnown(f"a {type(value).__name__} has no number at a cell")
        number = float(value)
        text, latex = TEXT.constant(number), LATEX.constant(number)
        binds = SUM if number < 0 or "cdot" in latex else ATOM
        return self._named(number, (text, binds), (latex, binds))

    def _named(self, value: float, text: Written, latex: Written) -> Tree:
        name = f"#{len(self._numbers)}"
        self._numbers[name] = value
        self._texts[name], self._latex[name] = text, latex
        return Name(name)


def _within(value: Tensor, cell: Place, last: int) -> Place:
    """The part of an index that reaches into ``value``, whose last dimensions are left open."""
    kept = value.dim() - last
    sizes = value.shape[:kept]
    tail = cell[len(cell) - kept :] if kept else ()
    return tuple(0 if size == 1 else at for at, size in zip(tail, sizes, strict=True))


def _summed_cells(whole: Place, reduced: Place, place: Place) -> list[range]:
    """Along each dimension of the whole, the cells that are summed into ``place``."""
    extra = len(whole) - len(reduced)
    if extra < 0:
        raise NotKnown("the formula gives fewer dimensions than were recorded")
    axes = [range(size) for size in whole[:extra]]
    for size, kept, at in zip(whole[extra:], reduced, place, strict=True):
        axes.append(range(size) if kept == 1 and size != 1 else range(at, at + 1))
    return axes


def _products(pairs: list[tuple[float, float]], looks: Looks) -> Written:
    def factor(value: float) -> str:
        text = looks.constant(value)
        return looks.brackets(text) if value < 0 else text

    def pieces() -> Iterator[str]:
        for a, b in pairs[:TERMS_SHOWN]:
            yield f"{factor(a)} {looks.marks['*']} {factor(b)}"
        if len(pairs) > TERMS_SHOWN:
            yield r"\ldots" if looks.stacked else "…"

    return " + ".join(pieces()) or "0", SUM
