"""The chapter's programs through the command line as a person runs it, in fresh processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.worker.both_ways import PROGRAMS, in_words, observed, one_thread, programs_in
from tests.worker.comparing import Comparison

CHAPTER = [path.name for path in programs_in(pattern="chapter_*.py")]
QUICK = "chapter_14_backward.py"
FIELDS = ["step", "kind", "line", "file", "function", "code", "node", "tensors", "changed"]
FIELDS += ["output", "error"]
FIELDS_OF_A_TENSOR = ["dtype", "shape", "stride", "offset", "device", "storage", "storage_bytes"]
FIELDS_OF_A_TENSOR += ["version", "requires_grad", "is_leaf", "grad_fn", "grad", "values"]


def steps(name: str, *options: str) -> list[dict[str, Any]]:
    """The lines of ``steps NAME --json``; the program must run to its end."""
    command = [sys.executable, "-m", "explorer", "steps", str(PROGRAMS / name), "--json"]
    done = subprocess.run(
        [*command, *options],
        capture_output=True,
        text=True,
        cwd=PROGRAMS.parents[1],
        env=one_thread(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _compare(name: str, folder: Path) -> list[dict[str, Any]]:
    lines = steps(name, "--values", "100000")
    comparison = Comparison(lines, observed(PROGRAMS / name, sys.executable, folder)).run()
    assert not comparison.differences, in_words(comparison)
    return lines


def test_a_program_step_by_step(tmp_path: Path) -> None:
    lines = _compare(QUICK, tmp_path)
    for line in lines:
        assert list(line) == FIELDS
        for tensor in line["tensors"].values():
            assert list(tensor) == FIELDS_OF_A_TENSOR
    statements = [line["step"] for line in lines if line["kind"] != "node"]
    assert statements == [str(number) for number in range(1, len(statements) + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CHAPTER if name != QUICK])
def test_every_program_step_by_step(name: str, tmp_path: Path) -> None:
    _compare(name, tmp_path)


def test_nodes_of_backward_are_steps_of_their_statement() -> None:
    lines = steps("chapter_13_graph.py")
    nodes = [line for line in lines if line["kind"] == "node"]
    assert nodes, "no node was told"
    statement = next(
        line for line in lines if (line["kind"], line["code"]) == ("line", "z.backward()")
    )
    assert [line["step"] for line in nodes] == [
        f"{statement['step']}.{place}" for place in range(1, len(nodes) + 1)
    ]
    assert [line["node"] for line in nodes] == [
        "MeanBackward0",
        "PowBackward0",
        "AddBackward0",
        "AccumulateGrad",
    ]
    assert {(line["line"], line["code"]) for line in nodes} == {(17, "z.backward()")}
    assert nodes[-1]["tensors"]["x"]["grad"] is not None
    assert nodes[0]["tensors"]["x"]["grad"] is None


def test_one_step_and_few_values() -> None:
    (line,) = steps("chapter_13_graph.py", "--at", "3", "--values", "2")
    assert (line["step"], line["code"]) == ("3", "y = x + 2")
    assert line["tensors"]["y"]["values"] == [3.0, 3.0]
    assert line["changed"] == ["y"]


def test_nothing_leaks_into_the_next_run() -> None:
    for _ in range(2):
        last = steps("chapter_03_leaks_default.py")[-1]
        assert last["output"] == "torch.float64 torch.float64\n"
        assert last["tensors"]["x"]["dtype"] == "float64"
