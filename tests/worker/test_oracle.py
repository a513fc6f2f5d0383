"""The oracle sees what is there, and the comparison sees what differs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.worker.both_ways import PROGRAMS, observed
from tests.worker.comparing import Comparison, Record

PROGRAM = """
import torch
def f(t):
    u = t[1:]
    u.add_(1)
    return u
x = torch.zeros(3, requires_grad=True)
y = (x * 2).detach(); z = y
for i in range(2): z = f(y)
(x * 3).sum().backward()
try:
    y += torch.ones(7)
except RuntimeError as error:
    pass
rows = [y, {"k": z}]
"""

EXPECTED = [
    "2 Import",
    "3 FunctionDef",
    "7 Assign x=0,0,0",
    "8 Assign x=0,0,0 y=0,0,0",
    "8 Assign x=0,0,0 y=0,0,0 z=0,0,0",
    "9 For x=0,0,0 y=0,0,0 z=0,0,0",
    "4 Assign t=0,0,0 u=0,0",
    "5 Expr t=0,1,1 u=1,1",
    "6 Return t=0,1,1 u=1,1",
    "9 Assign x=0,0,0 y=0,1,1 z=1,1",
    "9 For x=0,0,0 y=0,1,1 z=1,1",
    "4 Assign t=0,1,1 u=1,1",
    "5 Expr t=0,2,2 u=2,2",
    "6 Return t=0,2,2 u=2,2",
    "9 Assign x=0,0,0 y=0,2,2 z=2,2",
    "9 For x=0,0,0 y=0,2,2 z=2,2",
    "10 Expr x=0,0,0 y=0,2,2 z=2,2",
    "11 Try x=0,0,0 y=0,2,2 z=2,2",
    "12 AugAssign raised x=0,0,0 y=0,2,2 z=2,2",
    "13 ExceptHandler x=0,0,0 y=0,2,2 z=2,2",
    "14 Pass x=0,0,0 y=0,2,2 z=2,2",
    "15 Assign x=0,0,0 y=0,2,2 z=2,2 rows[0]=0,2,2 rows[1]['k']=2,2",
]


@pytest.fixture(scope="module")
def seen(python: str, tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    folder = tmp_path_factory.mktemp("oracle")
    program = folder / "program.py"
    program.write_text(PROGRAM)
    return observed(program, python, folder)


def _in_short(record: Record) -> str:
    raised = " raised" if record["raised"] else ""
    tensors = [
        f" {path}={','.join(str(int(value)) for value in tensor['values'])}"
        for path, tensor in record["tensors"].items()
    ]
    return f"{record['line']} {record['statement']}{raised}{''.join(tensors)}"


def test_every_statement_is_seen_with_what_it_left(seen: list[Record]) -> None:
    assert [_in_short(record) for record in seen] == EXPECTED


def test_headers_are_those_of_torch(seen: list[Record]) -> None:
    last = seen[-1]["tensors"]
    y, z, x = last["rows[0]"], last["z"], last["x"]
    assert (y["version"], z["version"], y["storage"] == z["storage"]) == (2, 2, True)
    assert (z["offset"], z["stride"], z["shape"], z["storage_bytes"]) == (1, [1], [2], 12)
    assert (x["requires_grad"], x["is_leaf"], x["grad_fn"]) == (True, True, None)
    assert x["grad"]["values"] == [3.0, 3.0, 3.0]
    assert x["storage"] != y["storage"]


def test_nodes_are_seen_with_their_gradients(python: str, tmp_path: Path) -> None:
    program = PROGRAMS / "chapter_13_graph.py"
    nodes = observed(program, python, tmp_path, "nodes")
    names = [node["node"] for node in nodes]
    assert names == [
        "MeanBackward0",
        "PowBackward0",
        "AddBackward0",
        "torch::autograd::AccumulateGrad",
    ]
    assert nodes[1]["in"][0]["values"] == [0.25] * 4
    assert nodes[1]["out"][0]["values"] == [6.75] * 4


def _told(seen: list[Record]) -> list[Record]:
    """The same run as the recorder would tell it."""
    told = []
    lines = PROGRAM.splitlines()
    for step, record in enumerate(seen, start=1):
        tensors = {
            path: _as_told(tensor) for path, tensor in copy.deepcopy(record["tensors"]).items()
        }
        code = lines[record["line"] - 1].strip()
        if record["line"] == 8:
            code = code.split("; ")[step - 4]
        if record["line"] == 9 and record["statement"] == "Assign":
            code = "z = f(y)"
        kind = "error" if record["raised"] else "line"
        told.append({**record, "step": str(step), "kind": kind, "code": code, "tensors": tensors})
    return told


def _as_told(tensor: dict[str, Any]) -> dict[str, Any]:
    told = {**tensor, "storage": "ABCDEFGH"[tensor["storage"]]}
    if tensor["grad"]:
        told["grad"] = _as_told(tensor["grad"])
    return told


def test_a_true_telling_has_no_differences(seen: list[Record]) -> None:
    comparison = Comparison(_told(seen), seen).run()
    assert comparison.differences == []
    assert (comparison.statements, comparison.headers) == (16, 6)


Lie = Callable[[list[Record]], object]
LIES: dict[str, Lie] = {
    "a number": lambda told: told[7]["tensors"]["t"]["values"].__setitem__(1, 1.0000001),
    "the sign of zero": lambda told: told[3]["tensors"]["y"]["values"].__setitem__(0, -0.0),
    "a version": lambda told: told[7]["tensors"]["u"].update(version=2),
    "a shape": lambda told: told[7]["tensors"]["u"].update(shape=[2, 1]),
    "a stride": lambda told: told[7]["tensors"]["u"].update(stride=[2]),
    "an offset": lambda told: told[7]["tensors"]["u"].update(offset=0),
    "a dtype": lambda told: told[7]["tensors"]["u"].update(dtype="float64"),
    "a flag": lambda told: told[2]["tensors"]["x"].update(requires_grad=False),
    "a leaf": lambda told: told[2]["tensors"]["x"].update(is_leaf=False),
    "a grad_fn": lambda told: told[2]["tensors"]["x"].update(grad_fn="AddBackward0"),
    "a grad": lambda told: told[16]["tensors"]["x"].update(grad=None),
    "a number of a grad": lambda told: told[16]["tensors"]["x"]["grad"].update(values=[3, 3, 3]),
    "a storage too many": lambda told: told[4]["tensors"]["z"].update(storage="Q"),
    "a storage too few": lambda told: told[3]["tensors"]["y"].update(storage="B"),
    "a size": lambda told: told[3]["tensors"]["y"].update(storage_bytes=8),
    "a missing name": lambda told: told[2]["tensors"].pop("x"),
    "a missing part": lambda told: (
        told[-1]["tensors"].pop("rows[0]") and told[-1]["tensors"].pop("y")
    ),
    "an invented name": lambda told: told[0]["tensors"].update(q=told[3]["tensors"]["y"]),
    "a missing step": lambda told: told.pop(2),
    "a missing last step": lambda told: told.pop(),
    "a step twice": lambda told: told.insert(3, told[2]),
    "steps exchanged": lambda told: told.insert(3, told.pop(2)),
    "a wrong line": lambda told: told[2].update(line=8),
    "a wrong header": lambda told: told[10]["tensors"]["z"].update(values=[0, 0]),
    "numbers not kept": lambda told: told[7]["tensors"]["u"].update(values="was not kept"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_every_lie_is_found(seen: list[Record], lie: Lie) -> None:
    told = _told(seen)
    lie(told)
    assert Comparison(told, seen).run().differences
