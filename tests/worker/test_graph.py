"""The recorded graph against the live one, and that recording keeps nothing alive."""

from __future__ import annotations

import threading
import warnings
import weakref

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from explorer.worker.autograd.saved import SavedState, saved_tensors
from explorer.worker.autograd.thread_nodes import nodes_made
from explorer.worker.graph import NO_SEQUENCE
from tests.worker.node_kinds import PROGRAMS, Cube, loss_of
from tests.worker.plain_recording import PlainRecording, live

Tensor = torch.Tensor


@pytest.mark.parametrize("program", PROGRAMS)
def test_nodes_edges_and_outputs_are_those_of_torch(program: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, leaves = loss_of(program)
    recording = PlainRecording()
    made = nodes_made()
    graph, table = recording.graph, recording.graph.table
    graph.node_id(loss.grad_fn)
    assert nodes_made() == made, "recording made nodes"
    for node in live(loss.grad_fn):
        number = graph.node_id(node)
        assert table.name_of(number) == node.name().rpartition("::")[2]
        expected = [(graph.node_id(child), slot) for child, slot in node.next_functions]
        assert table.edges_of(number) == expected
        if node._sequence_nr() == NO_SEQUENCE:
            inner = program in ("gru", "lstm")  # layers with parameters of their own
            assert inner or any(node.variable is leaf for leaf in leaves)
            assert table.leaf(number) == recording.tensor_id(node.variable)
            continue
        assert table.sequence(number) == node._sequence_nr()
        outputs = table.outputs_of(number)
        assert [list(output.shape) for output in outputs] == [
            list(metadata.shape) for metadata in node._input_metadata
        ]
    assert len(table) == len(live(loss.grad_fn))


@pytest.mark.parametrize("program", PROGRAMS)
def test_saved_tensors_are_those_of_torch(program: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, _ = loss_of(program)
    recording = PlainRecording()
    recording.graph.node_id(loss.grad_fn)
    for node in live(loss.grad_fn):
        detail = recording.graph.table.details.get(recording.graph.node_id(node))
        told = {row.argument: row for row in detail.saved} if detail else {}
        for name in dir(node):
            value = getattr(node, name) if name.startswith("_saved_") else None
            if isinstance(value, Tensor):
                row = told[name.removeprefix("_saved_")]
                assert row.shape == tuple(value.shape)
                assert row.version == value._version
                assert row.nbytes == value.numel() * value.element_size()
                assert row.state == SavedState.HELD


def test_a_graph_is_not_kept_alive() -> None:
    recording = PlainRecording()
    x = torch.ones(3, requires_grad=True)
    middle = x.exp()
    result = middle * middle
    function = Cube.apply(x)
    refs = [weakref.ref(middle), weakref.ref(function.grad_fn)]
    recording.graph.node_id(result.grad_fn)
    recording.graph.node_id(function.grad_fn)
    del middle, function
    assert refs[0]() is not None, "the program's own graph holds it"
    assert refs[1]() is None
    del result
    assert refs[0]() is None


def test_every_iteration_has_nodes_of_its_own_and_one_leaf() -> None:
    recording = PlainRecording()
    weight = torch.ones(2, requires_grad=True)
    seen = set()
    for _ in range(200):
        loss = (weight * 2).sum()
        seen.add(recording.graph.node_id(loss.grad_fn))
        loss.backward()
        del loss
    table = recording.graph.table
    assert len(seen) == 200
    assert len(table) == 401
    assert [table.name_of(node) for node in range(1, 402)].count("AccumulateGrad") == 1


def test_leaves_asked_for_by_themselves_are_told_apart() -> None:
    recording = PlainRecording()
    leaves = [torch.ones(2, requires_grad=True) for _ in range(3)]
    nodes = [torch.autograd.graph.get_gradient_edge(leaf).node for leaf in leaves]
    numbers = [recording.graph.node_id(node) for node in nodes]
    assert len(set(numbers)) == 3
    assert [recording.graph.node_id(node) for node in nodes] == numbers
    told = [recording.graph.table.leaf(number) for number in numbers]
    assert told == [recording.tensor_id(leaf) for leaf in leaves]


def test_asking_twice_writes_nothing_twice() -> None:
    recording = PlainRecording()
    result = torch.ones(2, requires_grad=True).exp().sum()
    first = recording.graph.node_id(result.grad_fn)
    known = len(recording.graph.table)
    assert recording.graph.node_id(result.grad_fn) == first
    assert len(recording.graph.table) == known
    assert recording.graph.node_id(None) == 0


def test_threads_that_number_their_nodes_alike_are_told_apart() -> None:
    recording = PlainRecording()
    weight = torch.ones(2, requires_grad=True)
    names: dict[int, list[str]] = {}
    turn = [threading.Event() for _ in range(3)]

    def work(place: int) -> None:
        turn[place].wait(10)
        result = weight.exp().sum() if place == 0 else weight.sin().sum()
        for _ in range(2):
            root = recording.graph.node_id(result.grad_fn)
        middle = recording.graph.table.edges_of(root)[0][0]
        names[place] = [recording.graph.table.name_of(node) for node in (root, middle)]
        turn[place + 1].set()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    turn[0].set()
    for thread in threads:
        thread.join(10)
    assert names == {0: ["SumBackward0", "ExpBackward0"], 1: ["SumBackward0", "SinBackward0"]}
    assert len(recording.graph.table) == 5


def test_a_node_from_another_thread_is_the_same_node() -> None:
    recording = PlainRecording()
    weight = torch.ones(2, requires_grad=True)
    box: list[Tensor] = []
    ids: list[int] = []

    def work() -> None:
        box.append(weight.cos())
        ids.append(recording.graph.node_id(box[0].grad_fn))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    ours = torch.ones(2, requires_grad=True).exp()
    recording.graph.node_id(ours.grad_fn)
    assert recording.graph.node_id(box[0].grad_fn) == ids[0]
    total = (box[0] + ours).sum()
    recording.graph.node_id(total.grad_fn)
    table = recording.graph.table
    assert [table.name_of(node) for node in range(1, len(table) + 1)].count("CosBackward0") == 1


def test_nodes_belong_to_the_statement_that_made_them() -> None:
    recording = PlainRecording()
    graph, table = recording.graph, recording.graph.table
    x = torch.ones(2, requires_grad=True)
    graph.statement_ended(0)
    recording.clock = 10
    first = x * 2  # the outer statement begins: y = (x * 2) + f(x)
    graph.entered(0)
    recording.clock = 20
    inner = x.exp()
    graph.statement_ended(1)
    recording.clock = 30
    y = first + inner
    root = graph.node_id(y.grad_fn)
    graph.statement_ended(0)
    recording.clock = 40
    z = (y * 3).sum()
    late = graph.node_id(z.grad_fn)
    graph.statement_ended(0)
    made = {table.name_of(node): table.made(node) for node in range(1, len(table) + 1)}
    assert made["ExpBackward0"] == 20
    assert made["AddBackward0"] == 30
    assert made["SumBackward0"] == 40
    multiplied = table.edges_of(root)[0][0]
    assert table.made(multiplied) == 30, "what the outer statement made before the call is its own"
    assert table.name_of(late) == "SumBackward0"


def test_a_late_look_still_finds_the_statement() -> None:
    recording = PlainRecording()
    graph = recording.graph
    hidden = []
    x = torch.ones(2, requires_grad=True)
    for clock in (1, 2, 3):
        recording.clock = clock
        hidden.append(x.exp())
        graph.statement_ended(0)
    recording.clock = 9
    total = torch.stack(hidden).sum()
    graph.node_id(total.grad_fn)
    table = graph.table
    made = [
        table.made(node)
        for node in range(1, len(table) + 1)
        if table.name_of(node) == "ExpBackward0"
    ]
    assert sorted(made) == [1, 2, 3]


def test_a_view_written_in_place_keeps_its_place() -> None:
    recording = PlainRecording()
    graph = recording.graph
    base = torch.zeros(3, 2, requires_grad=True) * 1
    view = base[1]
    view.mul_(torch.ones(2, requires_grad=True))
    names = [graph.table.name_of(graph.node_id(one.grad_fn)) for one in (base, view)]
    assert names == ["CopySlices", "AsStridedBackward0"]
    again = [graph.node_id(one.grad_fn) for one in (base, view)]
    assert again == [graph.node_id(one.grad_fn) for one in (base, view)]


def test_what_became_of_saved_tensors_is_told() -> None:
    PlainRecording()
    x = torch.ones(3, requires_grad=True)
    kept, freed, written = x.exp(), x.exp(), x.exp()
    freed.sum().backward()
    written.add_(1)
    node = written.grad_fn.next_functions[0][0]  # type: ignore[union-attr]
    states = [saved_tensors(one)[0] for one in (kept.grad_fn, freed.grad_fn, node)]
    told = [saved.state for saved in states]
    assert told == [SavedState.HELD, SavedState.FREED, SavedState.OVERWRITTEN]
    assert "inplace" in states[2].error


def test_hooks_on_saved_tensors_are_not_run_by_a_look() -> None:
    PlainRecording()
    packed: list[str] = []

    def unpack(tensor: Tensor) -> Tensor:
        packed.append("unpacked")
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: tensor, unpack):
        hooked = torch.ones(3, requires_grad=True).exp()
    assert saved_tensors(hooked.grad_fn)[0].state is SavedState.HOOKED
    assert not packed, "looking ran the program's own hook"


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointed_parts_are_not_computed_for_a_look(reentrant: bool) -> None:
    runs = []

    def part(x: Tensor) -> Tensor:
        runs.append(1)
        return x.sin().exp()

    recording = PlainRecording()
    x = torch.ones(3, requires_grad=True)
    result = checkpoint(part, x, use_reentrant=reentrant).sum()
    recording.graph.node_id(result.grad_fn)
    assert len(runs) == 1


def test_a_limit_says_how_much_is_left_out() -> None:
    recording = PlainRecording()
    result = torch.ones(2, requires_grad=True)
    for _ in range(50):
        result = result * 1.5
    root = recording.graph.node_id(result.grad_fn)
    whole = recording.graph.table.subgraph([root], 1000)
    part = recording.graph.table.subgraph([root], 10)
    assert (len(whole.nodes), len(whole.source), whole.cut) == (51, 50, 0)
    assert (len(part.nodes), len(part.source), part.cut) == (10, 9, 1)
    assert part.nodes[0] == root


def test_a_double_backward_graph_reaches_back_into_the_first() -> None:
    recording = PlainRecording()
    x = torch.tensor(2.0, requires_grad=True)
    y = x**3
    first = recording.graph.node_id(y.grad_fn)
    (grad,) = torch.autograd.grad(y, x, create_graph=True)
    recording.graph.node_id(grad.grad_fn)
    table = recording.graph.table
    names = {table.name_of(node) for node in range(1, len(table) + 1)}
    assert {"PowBackward0", "MulBackward0", "AccumulateGrad"} <= names
    assert table.name_of(first) == "PowBackward0"
    leaves = [node for node in range(1, len(table) + 1) if table.is_leaf(node)]
    assert len(leaves) == 1
