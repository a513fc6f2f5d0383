"""Gradients of every node against hooks of the test, and that the program cannot tell."""

from __future__ import annotations

import threading
import traceback
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch

from tests.worker.backward_ways import (
    WAYS,
    a_grad_inside_a_hook,
    a_second_derivative,
    accumulated_over_passes,
    by_hand,
    only_some_inputs,
    twice_retained,
)
from tests.worker.node_kinds import PROGRAMS, loss_of
from tests.worker.plain_recording import PlainRecording, live, same

Tensor = torch.Tensor


def own_hooks(root: Any, told: list[Any]) -> list[Any]:
    """Hooks of the test itself: (node name, gradients in, gradients out) in order."""
    handles = []
    for node in live(root):

        def hook(out: Any, into: Any, name: str = node.name()) -> None:
            copies = [[None if g is None else g.clone() for g in grads] for grads in (into, out)]
            told.append((name.rpartition("::")[2], *copies))

        handles.append(node.register_hook(hook))
    return handles


@pytest.mark.parametrize("program", PROGRAMS)
def test_gradients_of_every_node_are_those_of_torch(program: str) -> None:
    told: list[Any] = []
    with warnings.catch_warnings(), PlainRecording().running() as recording:
        warnings.simplefilter("ignore")
        loss, _ = loss_of(program)
        own_hooks(loss.grad_fn, told)
        count = len(recording.nodes), len(recording.leaves), len(recording.ended)
        loss.backward()
    nodes = recording.nodes[count[0] :]
    inner = [row for row in told if row[0] != "AccumulateGrad"]
    assert [node[1] for node in nodes] == [row[0] for row in inner]
    for (_, _, grads_in, grads_out), (_, into, out) in zip(nodes, inner, strict=True):
        assert all(same(a, b) for a, b in zip(grads_in, into, strict=True))
        assert all(same(a, b) for a, b in zip(grads_out, out, strict=True))
    added = [row[1][0] for row in told if row[0] == "AccumulateGrad"]
    assert len(added) == len(recording.leaves[count[1] :])
    for (_, before, one, after), other in zip(recording.leaves[count[1] :], added, strict=True):
        assert before is None
        assert same(one, other)
        assert same(after, other)
    assert len(recording.ended) == count[2] + 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_results_do_not_change_by_a_bit(program: str) -> None:
    grads = []
    for recorded in (False, True):
        recording = PlainRecording(wanted=recorded)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loss, leaves = loss_of(program)
            if recorded:
                with recording.running():
                    loss.backward()
            else:
                loss.backward()
        grads.append([(leaf.grad, leaf.grad.stride()) for leaf in leaves if leaf.grad is not None])
    for (plain, stride), (watched, watched_stride) in zip(*grads, strict=True):
        assert stride == watched_stride
        assert torch.equal(plain.view(torch.int64), watched.view(torch.int64))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_into_backward_is_seen_and_left_as_it_is(
    way: Callable[[], list[Tensor]],
) -> None:
    plain = way()
    with PlainRecording().running() as recording:
        watched = way()
    for one, other in zip(plain, watched, strict=True):
        assert torch.equal(one, other)
        assert (one.is_leaf, one.requires_grad, one._version) == (
            other.is_leaf,
            other.requires_grad,
            other._version,
        )
        if one.requires_grad and (one.is_leaf or one.retains_grad):
            assert same(one.grad, other.grad)
    assert recording.ended
    assert all(error is None and not ended.trouble for ended, error in recording.ended)
    assert not recording.backward.troubles
    assert any(len(ended.nodes) for ended, _ in recording.ended)


def test_before_added_and_after() -> None:
    with PlainRecording().running() as recording:
        accumulated_over_passes()
    told = [[None if t is None else t.tolist() for t in row[1:]] for row in recording.leaves]
    assert told == [
        [None, [1.0, 1.0], [1.0, 1.0]],
        [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]],
        [[3.0, 3.0], [3.0, 3.0], [6.0, 6.0]],
    ]


def test_what_a_pass_says_of_itself() -> None:
    with PlainRecording().running() as recording:
        twice_retained()
        a_second_derivative()
        only_some_inputs()
    passes = [ended for ended, _ in recording.ended]
    told = [(one.retains, one.creates_graph, one.accumulates) for one in passes]
    assert told == [
        (True, False, True),
        (False, False, True),
        (True, True, False),
        (False, False, True),
        (False, False, True),
    ]
    assert passes[0].roots == passes[1].roots
    assert [one.inputs is None for one in passes] == [True, True, False, True, False]


def test_nested_passes_report_each_node_once() -> None:
    with PlainRecording().running() as recording:
        a_grad_inside_a_hook()
    names = [name for _, name, _, _ in recording.nodes]
    assert names == ["SumBackward0", "SumBackward0", "ExpBackward0", "MulBackward0", "MulBackward0"]
    inner, outer = (ended for ended, _ in recording.ended)
    assert len(inner.nodes) == 3
    assert len(outer.nodes) == 3


def failing() -> str:
    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    z = (y * 2).sum()
    y.add_(1)
    try:
        z.backward()
    except RuntimeError:
        return traceback.format_exc()
    return ""


def twice() -> str:
    y = torch.ones(2, requires_grad=True).exp().sum()
    y.backward()
    try:
        y.backward()
    except RuntimeError:
        return traceback.format_exc()
    return ""


def wrongly_called() -> str:
    try:
        torch.autograd.backward([torch.ones(2)])
    except RuntimeError:
        return traceback.format_exc()
    return ""


@pytest.mark.parametrize("way", [failing, twice, wrongly_called], ids=lambda way: way.__name__)
def test_errors_read_as_they_always_did(way: Callable[[], str]) -> None:
    plain = way()
    with PlainRecording().running() as recording:
        watched = way()
    assert plain
    assert watched == plain
    if way is not wrongly_called:
        assert isinstance(recording.ended[-1][1], RuntimeError)
        assert "RuntimeError" in recording.ended[-1][0].error
    overwritten = recording.ended[-1][0].overwritten if recording.ended else ()
    names = [(recording.graph.table.name_of(node), argument) for node, argument in overwritten]
    assert names == ([("ExpBackward0", "result")] if way is failing else [])


def test_an_error_around_backward_is_not_taken_for_its_own() -> None:
    with PlainRecording().running() as recording:
        try:
            raise KeyError("outside")
        except KeyError:
            torch.ones(2, requires_grad=True).sum().backward()
    assert recording.ended[0][1] is None


def test_no_hook_is_left_behind() -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    with PlainRecording().running() as recording:
        y.backward(retain_graph=True)
    seen = len(recording.nodes)
    y.backward(retain_graph=True)
    assert len(recording.nodes) == seen
    told: list[Any] = []
    handles = own_hooks(y.grad_fn, told)
    assert all(len(handle.hooks_dict_ref()) == 1 for handle in handles)


def test_hooks_of_the_program_come_first() -> None:
    order: list[str] = []

    class Listening(PlainRecording):
        def node_ran(self, *told: Any) -> None:
            order.append("recorder")

    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    assert y.grad_fn is not None
    y.grad_fn.register_hook(lambda out, into: order.append("program"))
    with Listening().running():
        y.backward(torch.ones(2))
    assert order == ["program", "recorder"]


def test_backward_frees_what_it_always_freed() -> None:
    x = torch.ones(3, requires_grad=True)
    middle = x.exp()
    result = (middle * middle).sum()
    ref = weakref.ref(middle)
    with PlainRecording().running():
        result.backward()
    del middle
    assert ref() is None, "a saved tensor outlived backward"


@pytest.mark.parametrize("recorded", [False, True])
def test_a_gradient_is_taken_over_and_not_copied(recorded: bool) -> None:
    """AccumulateGrad takes the gradient's memory over when nobody else holds it."""
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    addresses = []
    assert y.grad_fn is not None
    y.grad_fn.register_hook(lambda out, into: addresses.append(out[0].data_ptr()))
    with PlainRecording(wanted=recorded).running():
        y.sum().backward()
    assert x.grad is not None
    assert x.grad.data_ptr() == addresses[0]


def test_a_sink_that_fails_does_not_reach_the_program() -> None:
    class Failing(PlainRecording):
        def node_ran(self, *told: Any) -> None:
            raise ValueError("broken")

    x = torch.ones(2, requires_grad=True)
    with Failing().running() as recording:
        x.exp().sum().backward()
    assert x.grad is not None
    assert recording.ended[0][0].trouble == "ValueError: broken"


def test_a_pass_that_is_not_wanted_is_still_told() -> None:
    with PlainRecording(wanted=False).running() as recording:
        by_hand()
    assert not recording.nodes
    assert len(recording.ended) == 1
    assert not recording.ended[0][0].recorded


def test_threads_are_told_apart() -> None:
    with PlainRecording().running() as recording:
        shared = torch.ones(2, requires_grad=True)
        threads = [threading.Thread(target=lambda: shared.exp().sum().backward()) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len({ended.thread for ended, _ in recording.ended}) >= 1
    assert [len(ended.nodes) for ended, _ in recording.ended] == [3] * 4
    assert len(recording.leaves) == 4


def test_the_door_gives_torch_its_code_back() -> None:
    function = torch.autograd.graph._engine_run_backward
    plain = function.__code__
    recording = PlainRecording()
    with recording.running():
        recording.backward.install()
        assert function.__code__ is not plain
        assert torch.autograd.graph._engine_run_backward is function
        assert function.__code__.co_firstlineno == plain.co_firstlineno
    assert function.__code__ is plain
