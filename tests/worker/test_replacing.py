"""Functions of torch that the program has replaced are trusted no longer, and others still are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from unittest import mock

import pytest
import torch

from explorer.worker.recorder import Recorder
from explorer.worker.recording.log import Change

BEFORE = """
import math, types
import torch
import torch.nn.functional as F
from torch import nn, Tensor
from unittest import mock
from unittest.mock import patch
from types import SimpleNamespace
x = torch.ones(2)
own, table, T = SimpleNamespace(), {}, torch.Tensor
def writes(a, *more):
    return a
"""
AFTER = "\ndef seen():\n    return torch.exp(x)\n"


@pytest.fixture(autouse=True)
def all_put_back() -> Iterator[None]:
    """Undo what a statement has done to torch."""
    holders = (torch, torch.nn.functional, math, torch.Tensor, torch.nn.Parameter)
    found = [dict(vars(one)) for one in holders]
    yield
    mock.patch.stopall()
    for holder, before in zip(holders, found, strict=True):
        for name, value in list(vars(holder).items()):
            if name not in before:
                delattr(holder, name)
            elif value is not before[name]:
                setattr(holder, name, before[name])


def _trusts_after(recorder: Recorder, statement: str) -> bool:
    """Whether no tensors are compared for the sake of ``torch.exp(x)`` behind a statement."""
    names: dict[str, object] = {"__name__": "__main__"}
    exec(recorder.compile(BEFORE + statement + AFTER, "replaces.py"), names)
    recorder.tensors.dirty = False
    checks: list[Change] = []
    check = recorder.tensors.check

    def noted(change: Change) -> None:
        checks.append(change)
        check(change)

    recorder.tensors.check = noted  # type: ignore[method-assign]
    exec(recorder.compile("z = torch.exp(x)\nz = torch.exp(x)\n", "uses.py"), names)
    return len(checks) < 2


@pytest.mark.parametrize(
    "statement",
    [
        "torch.neg = writes",
        "F.relu = writes",
        "torch.nn.functional.gelu = F.silu = writes",
        "Tensor.neg = writes",
        "T.__add__ = writes",
        "nn.Parameter.__matmul__ = writes",
        "math.sqrt = writes",
        "setattr(torch, 'neg', writes)",
        "name = 'neg'\nsetattr(torch, name, writes)",
        "vars(torch)['neg'] = writes",
        "torch.__dict__['neg'] = writes",
        "vars(torch).update(neg=writes)",
        "with mock.patch('torch.neg', writes):\n    pass",
        "with mock.patch.object(torch, 'neg', writes), torch.no_grad():\n    pass",
        "patcher = mock.patch('torch.neg')\npatcher.start()",
        "@patch('torch.neg', writes)\ndef patched():\n    pass\npatched()",
        "class Tests:\n    @mock.patch.object(Tensor, 'neg')\n    def test(self, given):\n"
        "        pass\nTests().test()",
    ],
)
def test_nothing_is_trusted_after(recorder: Recorder, statement: str) -> None:
    assert not _trusts_after(recorder, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "own.neg = writes",
        "setattr(own, 'neg', writes)",
        "vars(own)['neg'] = writes",
        "vars(own).update(neg=writes)",
        "Tensor.__repr__ = writes",
        "Tensor.own_way = writes",
        "torch.backends.cudnn.benchmark = True",
        "torch.neg = torch.neg",
        "with mock.patch.object(types, 'new_class', writes):\n    pass",
        "def patch_all():\n    own.neg = 1\npatch_all()",
    ],
)
def test_others_are_trusted_after(recorder: Recorder, statement: str) -> None:
    assert _trusts_after(recorder, statement)
