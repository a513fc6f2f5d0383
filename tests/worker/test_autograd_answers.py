"""What a worker answers about graph, formulas and derivatives, asked over the socket."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.cli.steps import RecordedRun, StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.card import Card
from explorer.protocol.autograd import (
    Flow,
    FormulaCell,
    Graph,
    NamedNumbers,
    Node,
    Passes,
    ReadFlow,
    ReadFormulaCell,
    ReadGraph,
    ReadNode,
    ReadPasses,
    ReadSensitivity,
    Sensitivity,
    TensorDerivative,
)
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.recording import NodeStep
from explorer.protocol.running import Failed

PROGRAM = Path(__file__).parent.parent / "programs" / "autograd" / "answers.py"


class Asked:
    """A finished run and its worker."""

    def __init__(self, client: WorkerClient, run: RecordedRun) -> None:
        self.client = client
        self.run = run
        self.recording = run.recording
        self.last = len(run.recording) - 1

    def ask(self, request: object) -> Any:
        return self.client.ask(request)

    def card(self, name: str, step: int | None = None) -> Card:
        at = self.last if step is None else step
        card = self.recording.card(at, self.recording.tensor_named(at, name))
        assert card is not None
        return card

    def numbers(self, step: int, tensor: int) -> NumbersOf:
        card, content = self.recording.card(step, tensor), self.recording.content_of(step, tensor)
        assert card is not None
        assert content is not None
        kind = card.kind
        return NumbersOf(content.id, kind.dtype, kind.shape, kind.stride, kind.offset)

    def values(self, derivative: TensorDerivative) -> list[Any]:
        return list(self.ask(ReadNumbers((derivative.numbers,), 100)).lists[0])

    def node_step(self, name: str) -> NodeStep:
        return next(step for step in self.recording.steps.nodes.values() if step.name == name)


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    client = WorkerClient(sys.executable)
    try:
        yield Asked(client, run_recorded(client, StepsOptions(str(PROGRAM))))
    finally:
        client.close()


def test_the_program_ran(asked: Asked) -> None:
    assert asked.run.end is not None
    assert asked.run.end.how == "finished"


def test_a_graph_comes_as_columns(asked: Asked) -> None:
    card = asked.card("z")
    graph = asked.ask(ReadGraph((card.node,)))
    assert isinstance(graph, Graph)
    n, m = graph.nodes, graph.edges
    longs = np.frombuffer(graph.tail, "<i8", 6 * n).reshape(6, n)
    ints = np.frombuffer(graph.tail, "<i4", 3 * n + 4 * m, offset=48 * n)
    flags = np.frombuffer(graph.tail, "<u1", n, offset=48 * n + 12 * n + 16 * m)
    assert len(graph.tail) == 48 * n + 12 * n + 16 * m + n
    names = [graph.names[place] for place in ints[:n]]
    assert names == ["MeanBackward0", "PowBackward0", "AddBackward0", "AccumulateGrad"]
    assert longs[0][0] == card.node
    assert longs[1].tolist()[3] == -1
    codes = [asked.recording.step(step).statement.code for step in longs[2].tolist()]
    assert codes[:3] == ["z = torch.mean(y.pow(3))"] * 2 + ["y = x + 2"]
    assert longs[3].tolist() == [0, 0, 0, asked.card("x").tensor]
    freed = asked.recording.step(int(longs[4][1])).statement.code
    assert freed == "z.backward()"
    assert longs[4][3] == -1
    assert longs[5].tolist() == [0, 48, 0, -1]
    source, target = ints[3 * n : 3 * n + m], ints[3 * n + m : 3 * n + 2 * m]
    assert list(zip(source.tolist(), target.tolist(), strict=True)) == [(0, 1), (1, 2), (2, 3)]
    assert flags.tolist() == [0, 0, 0, 1]
    shapes = [graph.outputs[place][0].shape for place in ints[n : 2 * n] if place >= 0]
    assert shapes == [(), (3, 4), (3, 4)]


def test_a_limit_cuts_the_graph(asked: Asked) -> None:
    graph = asked.ask(ReadGraph((asked.card("z").node,), 2))
    assert (graph.nodes, graph.edges, graph.cut) == (2, 1, 1)


def test_a_node_tells_its_formula_and_what_it_saved(asked: Asked) -> None:
    step = asked.node_step("PowBackward0")
    node = asked.ask(ReadNode(step.node))
    assert isinstance(node, Node)
    assert node.operation == "pow.Tensor_Scalar"
    assert node.scalars == (("exponent", "3"),)
    (edge,) = node.edges
    assert edge.published == "pow_backward(grad, self, exponent)"
    assert edge.text == "g · exponent · self^(exponent - 1)"
    assert edge.argument == "self"
    (saved,) = node.saved
    assert (saved.argument, saved.state, saved.nbytes) == ("self", "held", 48)
    assert saved.tensor == asked.card("y").tensor


def test_a_cell_of_a_gradient_with_its_numbers(asked: Asked) -> None:
    step = asked.node_step("PowBackward0")
    node = asked.ask(ReadNode(step.node))
    saved = tuple(
        NamedNumbers(one.argument, asked.numbers(node.made, one.tensor)) for one in node.saved
    )
    grads_in = tuple(asked.numbers(step.step, one) for one in step.grads_in)
    out = asked.numbers(step.step, step.grads_out[0])
    cell = asked.ask(ReadFormulaCell(step.node, 0, (2, 1), grads_in, out, saved))
    assert isinstance(cell, FormulaCell)
    assert cell.text == "0.0833333 · 3 · 3²"
    assert cell.recorded == 2.25
    assert cell.agrees
    refused = asked.ask(ReadFormulaCell(step.node, 0, (2, 1), grads_in, out, ()))
    assert isinstance(refused, Failed)
    assert "'self' was not saved" in refused.sentence


def test_only_the_branch_that_was_taken_is_shown(asked: Asked) -> None:
    node = asked.ask(ReadNode(asked.card("c").node))
    assert node.edges[0].text == "g if self ≥ min else 0"


def test_passes_of_a_loop(asked: Asked) -> None:
    passes = asked.ask(ReadPasses())
    assert isinstance(passes, Passes)
    first, *rest = passes.passes
    ran = [asked.recording.step(step).node for step in range(first.began, first.ended)]
    assert [one.name for one in ran if one] == [
        "MeanBackward0",
        "PowBackward0",
        "AddBackward0",
        "AccumulateGrad",
    ]
    assert first.leaves == (asked.card("x").tensor,)
    assert [one.recorded for one in rest] == [True] * 3 + [False] * 3
    assert {one.leaves for one in rest} == {(asked.card("w2").tensor,)}
    assert asked.ask(ReadPasses(5)).passes == passes.passes[5:]


def test_everything_upstream_of_a_cell(asked: Asked) -> None:
    card = asked.card("u")
    told = asked.ask(ReadSensitivity(card.tensor, card.node, card.version, ()))
    assert isinstance(told, Sensitivity)
    by_tensor = {one.tensor: one for one in told.derivatives}
    v = asked.values(by_tensor[asked.card("v").tensor])
    w = asked.values(by_tensor[asked.card("w").tensor])
    assert v == [2.0, 1.0]
    assert w == pytest.approx([6 * math.exp(3), 3 * math.exp(6)])
    assert asked.card("x").tensor not in by_tensor
    nodes = np.frombuffer(told.tail, "<i8", told.nodes).tolist()
    strongest = np.frombuffer(told.tail, "<f8", told.nodes, offset=8 * told.nodes)
    assert strongest[nodes.index(card.node)] == 1.0
    assert strongest[nodes.index(asked.card("v").node)] == 2.0


def test_where_a_cell_flows(asked: Asked) -> None:
    names = ("u", "v", "z")
    wanted = tuple(asked.card(name).tensor for name in names)
    flow = asked.ask(ReadFlow(asked.card("w").tensor, (1,), wanted))
    assert isinstance(flow, Flow)
    by_tensor = {one.tensor: asked.values(one) for one in flow.derivatives}
    assert by_tensor[wanted[0]] == pytest.approx([3 * math.exp(6)])
    assert by_tensor[wanted[1]] == pytest.approx([0, 3 * math.exp(6)])
    assert wanted[2] not in by_tensor
    assert "freed" in flow.refused


def test_what_cannot_be_told_is_refused_with_a_reason(asked: Asked) -> None:
    reasons = {}
    for name in ("z", "own", "later", "x"):
        card = asked.card(name)
        cell = (0,) * len(card.kind.shape)
        reasons[name] = asked.ask(ReadSensitivity(card.tensor, card.node, card.version, cell))
    assert all(isinstance(one, Failed) and one.reason == "rerun" for one in reasons.values())
    assert "freed by an earlier backward" in reasons["z"].sentence
    assert "CubeBackward, whose backward is Python code" in reasons["own"].sentence
    assert "'self', which PowBackward0 had saved, was overwritten" in reasons["later"].sentence
    assert "is a leaf" in reasons["x"].sentence
    before = asked.card("changed", asked.last)
    stale = asked.ask(ReadSensitivity(before.tensor, before.node, before.version - 1, (0,)))
    assert "has since changed this tensor" in stale.sentence


def test_own_backward_code_runs_when_that_is_allowed(asked: Asked) -> None:
    card = asked.card("own")
    told = asked.ask(ReadSensitivity(card.tensor, card.node, card.version, (1,), True))
    values = {one.tensor: asked.values(one) for one in told.derivatives}
    assert values[asked.card("w").tensor] == [0.0, 12.0]


def test_a_node_that_is_not_there(asked: Asked) -> None:
    answer = asked.ask(ReadNode(999_999))
    assert isinstance(answer, Failed)
    assert answer.sentence == "There is no node 999999 in this recording."
