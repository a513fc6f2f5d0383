"""Formulas of the installed torch: found, evaluated and put into numbers, against torch itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from explorer.worker.autograd.saved import formula_values
from explorer.worker.formula.cells import CellFormula, formula_at
from explorer.worker.formula.derivatives import NOT_PUBLISHED
from explorer.worker.formula.formulas import (
    EdgeFormula,
    derivative_of,
    derivatives,
    formula_of_edge,
    gradient_along,
    in_words,
    node_values,
)
from explorer.worker.formula.language import NotAFormula, read_formula
from explorer.worker.formula.maths import as_latex, as_text
from explorer.worker.formula.operations import NotKnown
from explorer.worker.formula.simpler import simpler
from explorer.worker.formula.values import NodeValues
from tests.worker.node_kinds import PROGRAMS, loss_of

Tensor = torch.Tensor

# Formulas that name a C++ function which Python cannot call.
CLOSED = {
    "AsStridedBackward0",
    "FftC2RBackward0",
    "FftR2CBackward0",
    "LinalgCholeskyExBackward0",
    "LinalgLstsqBackward0",
    "LinalgLuFactorExBackward0",
    "LinalgMatrixExpBackward0",
    "LinalgPinvBackward0",
    "LinalgQrBackward0",
    "LinalgSolveTriangularBackward0",
    "LinalgSvdBackward0",
    "LogcumsumexpBackward0",
    "RenormBackward0",
}
BY_HAND = {"AccumulateGrad", "CopySlices", "CubeBackward"}


class Run:
    """One edge of a node that ran: its formula, what the formula needs, and what torch gave."""

    def __init__(self, node: str, formula: EdgeFormula, known: NodeValues, out: Tensor) -> None:
        self.node = node
        self.formula = formula
        self.known = known
        self.out = out


def bare(node: Any) -> str:
    name: str = node.name()
    return name.rpartition("::")[2]


def all_nodes(root: Any) -> list[Any]:
    found, waiting = [], [root]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            found.append(node)
            waiting += [child for child, _ in node.next_functions]
    return found


def visit(program: str) -> Iterator[tuple[Any, tuple[Any, ...], tuple[Any, ...], dict[str, Any]]]:
    """Run backward of a program; (node, gradients out, gradients in, saved) for each node."""
    ran = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, _ = loss_of(program)
        for node in all_nodes(loss.grad_fn):

            def hook(out: Any, into: Any, node: Any = node) -> None:
                ran.append((node, out, into, formula_values(node)))

            node.register_hook(hook)
        loss.backward()
    yield from ran


def edges_of(program: str) -> Iterator[Run]:
    for node, out, into, saved in visit(program):
        name, edges = bare(node), len(node.next_functions)
        entry = derivative_of(name)
        if entry is None:
            continue
        sizes = {
            entry.input_of_edge(edge, edges): tuple(grad.shape)
            for edge, grad in enumerate(out)
            if grad is not None
        }
        known = node_values(name, into, saved, sizes)
        for edge, grad in enumerate(out):
            formula = formula_of_edge(name, edge, edges)
            if grad is not None and node.next_functions[edge][0] is not None:
                assert formula is not None, f"{name} has no formula for edge {edge}"
                yield Run(name, formula, known, grad)


@pytest.fixture(scope="module")
def met() -> set[str]:
    kinds = set()
    for program in PROGRAMS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kinds |= {bare(node) for node in all_nodes(loss_of(program)[0].grad_fn)}
    return kinds


def test_every_registered_node_is_named_as_torch_numbers_it() -> None:
    registered = {name for name in dir(torch._C._functions) if "Backward" in name}
    missing = {name for name in registered if derivative_of(name) is None}
    assert missing <= {"CopyBackwards", "SendRpcBackward", "UndefinedGradBackward"}
    assert set(derivatives()) <= registered


def test_every_formula_of_the_table_can_be_read_and_written() -> None:
    for entry in derivatives().values():
        for formula in entry.formulas.values():
            tree = read_formula(formula)
            assert as_text(tree)
            assert as_latex(tree).count("{") == as_latex(tree).count("}")


def test_kinds_met_and_formulas_found(met: set[str]) -> None:
    assert len(met) >= 220
    without = {kind for kind in met if derivative_of(kind) is None}
    assert without == BY_HAND
    assert len(without) <= 0.05 * len(met)
    assert in_words("CubeBackward") == NOT_PUBLISHED
    assert ".grad" in in_words("torch::autograd::AccumulateGrad")


@pytest.mark.parametrize("program", PROGRAMS)
def test_formula_gives_what_torch_gives(program: str) -> None:
    for run in edges_of(program):
        if run.node in CLOSED:
            with pytest.raises(NotKnown):
                gradient_along(run.formula, run.known, run.out)
            continue
        ours = gradient_along(run.formula, run.known, run.out)
        # hardsigmoid computes with a single-precision 1/6, hence the tolerance.
        assert torch.allclose(ours, run.out, rtol=1e-7, atol=1e-11), (run.node, run.formula)


@pytest.mark.parametrize("program", PROGRAMS)
def test_numbers_of_every_cell_agree(program: str) -> None:
    for run in edges_of(program):
        for place in [(0,) * run.out.dim(), tuple(size - 1 for size in run.out.shape)]:
            try:
                cell = formula_at(run.formula, run.known, run.out, place)
            except NotKnown:
                continue
            assert cell.agrees, (run.node, cell)
            assert cell.recorded == run.out[place].item()


def test_most_kinds_show_numbers(met: set[str]) -> None:
    shown = set()
    for program in PROGRAMS:
        for run in edges_of(program):
            try:
                formula_at(run.formula, run.known, run.out, (0,) * run.out.dim())
            except NotKnown:
                continue
            shown.add(run.node)
    assert len(shown) >= 180, len(shown)


def test_pow_reads_as_in_a_textbook() -> None:
    x = torch.tensor([[11.0, 2.0]], requires_grad=True)
    y = x + 1
    z = y.pow(3).mean()
    power = z.grad_fn.next_functions[0][0]  # type: ignore[union-attr]
    grad = torch.tensor([[0.5, 0.5]])
    formula = formula_of_edge("PowBackward0", 0, 1)
    assert formula is not None
    known = node_values("PowBackward0", (grad,), formula_values(power), {})
    assert as_text(simpler(formula.tree, known)) == "g · exponent · self^(exponent - 1)"
    assert formula.uses >= {"self", "exponent"}
    cell = formula_at(formula, known, grad * 3 * y.detach() ** 2, (0, 0))
    assert cell.text == "0.5 · 3 · 12²"
    assert cell.latex == r"0.5 \cdot 3 \cdot {12}^{2}"
    assert (cell.value, cell.recorded, cell.agrees) == (216.0, 216.0, True)


def test_matrix_product_is_row_times_column() -> None:
    a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    b = torch.tensor([[5.0, -6.0], [7.0, 8.0]])
    node = (a @ b).grad_fn
    grad = torch.tensor([[1.0, 10.0], [0.0, 1.0]])
    formula = formula_of_edge("MmBackward0", 0, 2)
    assert formula is not None
    known = node_values("MmBackward0", (grad,), formula_values(node), {("self", 0): (2, 2)})
    assert as_text(simpler(formula.tree, known)) == "g @ mat2.T"
    cell = formula_at(formula, known, grad @ b.T, (0, 0))
    assert cell.text == "1 · 5 + 10 · (-6)"
    assert (cell.value, cell.terms) == (-55.0, 2)


def test_a_broadcast_input_shows_the_sum() -> None:
    known = node_values(
        "MulBackward0",
        (torch.ones(6, 1),),
        {"self": torch.arange(6.0).reshape(6, 1), "other": torch.tensor([2.0])},
        {("other", 0): (1,)},
    )
    formula = formula_of_edge("MulBackward0", 1, 2)
    assert formula is not None
    cell = formula_at(formula, known, torch.tensor([15.0]), (0,))
    assert cell.text == "1 · 0 + 1 · 1 + 1 · 2 + 1 · 3 + …"
    assert (cell.value, cell.terms, cell.agrees) == (15.0, 6, True)


def test_a_wrong_gradient_is_not_said_to_agree() -> None:
    known = node_values("ExpBackward0", (torch.ones(2),), {"result": torch.tensor([1.0, 2.0])}, {})
    formula = formula_of_edge("ExpBackward0", 0, 1)
    assert formula is not None
    right: CellFormula = formula_at(formula, known, torch.tensor([1.0, 2.0]), (1,))
    wrong: CellFormula = formula_at(formula, known, torch.tensor([1.0, 2.001]), (1,))
    assert right.agrees
    assert not wrong.agrees


def test_branches_that_cannot_be_taken_are_left_out() -> None:
    formula = formula_of_edge("ClampBackward1", 0, 1)
    assert formula is not None
    only_min = node_values("ClampBackward1", (torch.ones(2),), {"min": 0.5, "max": None}, {})
    assert as_text(simpler(formula.tree, only_min)) == "g if self ≥ min else 0"


def test_a_cell_outside_is_refused() -> None:
    known = node_values("ExpBackward0", (torch.ones(2),), {"result": torch.ones(2)}, {})
    formula = formula_of_edge("ExpBackward0", 0, 1)
    assert formula is not None
    with pytest.raises(IndexError, match=r"shape \[2\] has no cell \[5\]"):
        formula_at(formula, known, torch.ones(2), (5,))


@pytest.mark.parametrize("text", ["a +", "f(x", "a @ b", "x.y", "]"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(NotAFormula):
        read_formula(text)
