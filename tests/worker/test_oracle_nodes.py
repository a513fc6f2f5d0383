"""Every node of every backward, with its gradients in and out, equals what the oracle saw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from tests.worker.both_ways import ALL_VALUES, IMPORT_ON_THE_WAY, PROGRAMS, observed, programs_in

Gradients = list[Any]
ManyPasses = 1000

WALKED = [f"graphs/{path.name}" for path in programs_in("graphs")]
WALKED += [path.name for path in programs_in(pattern="chapter_1[2-7]_*.py")]
# Its graph is made and walked inside a transform, where nothing is looked at.
WALKED.remove("graphs/functional_transforms.py")


def recorded_nodes(program: Path, python: str) -> list[tuple[str, Gradients, Gradients]]:
    """(name, gradients in, gradients out) of every node that ran, in order."""
    client = WorkerClient(python)
    try:
        options = StepsOptions(str(program), python=python, node_passes=ManyPasses)
        recording = run_recorded(client, options).recording
        nodes = [recording.steps.nodes[step] for step in sorted(recording.steps.nodes)]
        wanted = {
            (node.step, tensor): _numbers_of(recording, node.step, tensor)
            for node in nodes
            for tensor in (*node.grads_in, *node.grads_out)
            if tensor
        }
        lists = client.ask(ReadNumbers(tuple(wanted.values()), ALL_VALUES)).lists
        # A stand-in for many tensors at once has no numbers; a sentence says so.
        told = (None if isinstance(one, str) else one for one in lists)
        values = dict(zip(wanted, told, strict=True))
    finally:
        client.close()
    return [
        (
            node.name,
            [values.get((node.step, tensor)) for tensor in node.grads_in],
            [values.get((node.step, tensor)) for tensor in node.grads_out],
        )
        for node in nodes
    ]


def _numbers_of(recording: Recording, step: int, tensor: int) -> NumbersOf:
    card = recording.card(step, tensor)
    assert card is not None
    content = recording.content(step, card.storage)
    return card.numbers(content.id if content else 0)


def observed_nodes(
    program: Path, python: str, folder: Path
) -> list[tuple[str, Gradients, Gradients]]:
    """The same from the oracle."""
    return [
        (node["node"].rpartition("::")[2], _values(node["in"]), _values(node["out"]))
        for node in observed(program, python, folder, "nodes")
    ]


def _values(gradients: list[Any]) -> Gradients:
    return [None if gradient is None else gradient["values"] for gradient in gradients]


@pytest.mark.parametrize("name", WALKED)
def test_nodes_equal_what_ran(name: str, python: str, python_ready: str, tmp_path: Path) -> None:
    program = PROGRAMS / name
    expected = observed_nodes(program, python_ready, tmp_path)
    got = recorded_nodes(program, python if name in IMPORT_ON_THE_WAY else python_ready)
    assert [node[0] for node in got] == [node[0] for node in expected]
    for one, other in zip(got, expected, strict=True):
        assert json.dumps(one) == json.dumps(other)


EVERY_KIND = f"""
import sys, warnings
sys.path.insert(0, {str(PROGRAMS.parents[1])!r})
warnings.simplefilter("ignore")
import torch
from tests.worker.node_kinds import PROGRAMS, loss_of
for name in PROGRAMS:
    torch.manual_seed(1)
    loss, leaves = loss_of(name)
    loss.backward()
"""


def test_every_kind_of_node_equals_what_ran(python: str, tmp_path: Path) -> None:
    """Of each derivative that torch has and that runs on this machine, in one long program."""
    program = tmp_path / "every_kind.py"
    program.write_text(EVERY_KIND)
    expected = observed_nodes(program, python, tmp_path)
    got = recorded_nodes(program, python)
    assert len({node[0] for node in expected}) >= 220
    assert [node[0] for node in got] == [node[0] for node in expected]
    for one, other in zip(got, expected, strict=True):
        assert json.dumps(one) == json.dumps(other)


def test_gradients_are_those_of_autograd_itself(python: str) -> None:
    """Asked for directly: the gradient at a tensor is what goes into the node that made it."""
    program = PROGRAMS / "graphs" / "chain.py"
    text = program.read_text().replace("f.backward()", "").replace("print(x.grad)", "")
    names: dict[str, Any] = {}
    exec(text, names)
    tensors = [names[name] for name in "fedcba"]
    gradients = torch.autograd.grad(names["f"], tensors)
    made_by = {tensor.grad_fn.name(): g for tensor, g in zip(tensors, gradients, strict=True)}
    nodes = {name: into for name, into, _ in recorded_nodes(program, python)}
    assert set(made_by) < set(nodes)
    for name, gradient in made_by.items():
        assert nodes[name] == [gradient.flatten().tolist()], name
