"""The prediction of shape calls against torch itself: random chains, no difference allowed."""

from __future__ import annotations

import warnings
from random import Random

import pytest
import torch

from explorer.model.shapes.calls import Forecast, forecast
from explorer.model.shapes.rules.outcome import Header
from explorer.model.strides import Layout
from tests.model.random_shape_calls import random_call, random_tensor

CHAINS_QUICK = 2_500
CHAINS_FULL = 120_000


def header_of(x: torch.Tensor) -> Header:
    """What the prediction is told of a tensor."""
    storage = x.untyped_storage()
    return Header(
        Layout(tuple(x.shape), x.stride(), int(x.storage_offset())),
        str(x.dtype).removeprefix("torch."),
        x.element_size(),
        storage.nbytes(),
        x.requires_grad,
        storage.resizable(),
        x.is_conj(),
    )


def outcome_of(x: torch.Tensor, call: str) -> torch.Tensor | str:
    """What torch gives, or the name of what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = eval("x" + call, {"x": x, "torch": torch})
        except Exception as error:
            return type(error).__name__
    assert isinstance(given, torch.Tensor)
    return given


def difference(before: torch.Tensor, call: str, told: Forecast, storage: int) -> str:
    """How the prediction differs from torch; empty when it does not.

    `storage` identifies the storage of the tensor before the call.
    """
    truth = outcome_of(before, call)
    if told.mistake:
        return f"not understood: {told.mistake}"
    if isinstance(truth, str):
        return _refusal_difference(before, truth, told)
    if any(size < 0 for size in truth.shape):
        # torch 2.13 lets a negative size pass where a 0 stands beside it and makes a tensor that
        # nothing can be done with.
        return "" if told.refusal is not None else f"predicted {told.result}, torch {truth.shape}"
    if told.refusal is not None or told.result is None:
        return f"torch gives {truth.shape}, but: {told.refusal}"
    wrong = []
    actual = header_of(truth)
    if told.result.layout != actual.layout:
        wrong.append(f"layout {told.result.layout}, torch {actual.layout}")
    if told.copied == (truth.untyped_storage()._cdata == storage):
        wrong.append(f"copied {told.copied}")
    if told.result.storage_bytes != actual.storage_bytes:
        wrong.append(f"bytes {told.result.storage_bytes}, torch {actual.storage_bytes}")
    for field in ("dtype", "requires_grad", "conj"):
        if getattr(told.result, field) != getattr(actual, field):
            wrong.append(f"{field} {getattr(told.result, field)}")
    return "; ".join(wrong)


def _refusal_difference(before: torch.Tensor, error: str, told: Forecast) -> str:
    if told.refusal is None:
        return f"torch raises {error}, predicted {told.result}"
    if told.refusal.error != error:
        return f"torch raises {error}, predicted {told.refusal.error}: {told.refusal.reason}"
    if told.refusal.nearest:
        nearest = outcome_of(before.detach(), told.refusal.nearest)
        if isinstance(nearest, str):
            return f"the nearest call {told.refusal.nearest} raises {nearest}"
    return ""


def run_chain(rng: Random) -> tuple[int, int, int]:
    """One random chain: how many calls, refusals and refusals with a nearest call."""
    x = random_tensor(rng)
    told_of = header_of(x)
    calls = refused = near = 0
    for _ in range(rng.randrange(1, 6)):
        call = random_call(rng, x)
        told = forecast(call.replace("(x.", "(_."), {"x": told_of}, "x")
        found = difference(x, call, told, x.untyped_storage()._cdata)
        assert not found, f"{told_of} {call}: {found}"
        calls += 1
        if told.refusal is not None:
            refused += 1
            near += bool(told.refusal.nearest)
            if "resize_" in call:
                break  # torch leaves the tensor half changed
            continue
        given = outcome_of(x, call)
        assert isinstance(given, torch.Tensor) and told.result is not None
        storage_elements = told.result.storage_bytes // told.result.itemsize
        if given.numel() > 20_000 or not told.result.layout.reaches_at_most(storage_elements):
            break  # too large, or past its storage: resize_ can do that in torch 2.13
        # The chain goes on from what was predicted, so that an error could not hide.
        x, told_of = given, told.result
    return calls, refused, near


def run_chains(count: int, seed: int) -> None:
    """Run random chains and check that they are a fair mixture."""
    rng = Random(seed)
    totals = [sum(column) for column in zip(*(run_chain(rng) for _ in range(count)), strict=True)]
    calls, refused, near = totals
    assert calls > 2 * count
    assert 0.1 < refused / calls < 0.5
    assert near / refused > 0.7


def test_a_few_thousand_chains() -> None:
    run_chains(CHAINS_QUICK, seed=20)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_more_than_a_hundred_thousand_chains(part: int) -> None:
    run_chains(CHAINS_FULL // 4, seed=1000 + part)
