"""A real worker runs a real program; numbers of every kind are asked for over the socket."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.numbers import decode
from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Cancel, Failed
from explorer.protocol.values import (
    Brief,
    FindFirstBad,
    NumberBox,
    ReadBriefs,
    ReadCellHistory,
    ReadShape,
    ReadStatistics,
    ReadTile,
    Sight,
)

PROGRAM = """
import warnings
warnings.simplefilter("ignore")
import torch
x = torch.arange(12.).view(3, 4)
d = x.t()
z = torch.tensor([1 + 2j, 3j]).conj()
m = z.imag
s = x.to_sparse()
c = x.to_sparse_csr()
q = torch.quantize_per_tensor(x, .5, 0, torch.quint8)
j = torch.nested.nested_tensor([torch.ones(2, 3), torch.zeros(1, 3)], layout=torch.jagged)
h = torch.ones(3, dtype=torch.bfloat16)
e = torch.zeros(1).expand(2 ** 40)
f = torch.empty(2, 0)
v = torch.empty(3, device="meta")
x[1, 2] = float("nan")
p = torch.nn.Parameter(torch.ones(2))
"""


class Seen:
    """A finished run, and the means to ask about it."""

    def __init__(self, client: WorkerClient, recording: Recording) -> None:
        self.client = client
        self.recording = recording

    def source(self, name: str, step: int = -1) -> NumbersOf:
        step = len(self.recording) - 1 if step < 0 else step
        tensor = self.recording.tensor_named(step, name)
        card, content = self.recording.card(step, tensor), self.recording.content_of(step, tensor)
        assert card is not None, name
        return card.numbers(content.id if content else 0)

    def numbers(self, name: str, part: str = "", step: int = -1) -> Any:
        sight = Sight(self.source(name, step), part)
        like = self.client.ask(ReadShape(sight))
        if isinstance(like, Failed):
            return like
        box = NumberBox((0,) * len(like.shape), like.shape, (1,) * len(like.shape))
        answer = self.client.ask(ReadTile(sight, box))
        if isinstance(answer, Failed):
            return answer
        size = len(answer.tail)
        if answer.absent:
            count = 1
            for length in answer.shape:
                count *= length
            size -= count
        return decode(answer.dtype, answer.tail[:size], answer.shape).tolist()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    path = tmp_path_factory.mktemp("run") / "program.py"
    path.write_text(PROGRAM)
    client = WorkerClient(sys.executable)
    try:
        run = run_recorded(client, StepsOptions(str(path)))
        assert run.end is not None
        assert run.end.how == "finished", run.end
        yield Seen(client, run.recording)
    finally:
        client.close()


def test_strided_kinds(seen: Seen) -> None:
    last = len(seen.recording) - 1
    x = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert seen.numbers("x", step=last - 2) == x
    assert str(seen.numbers("x")[1]) == "[4.0, 5.0, nan, 7.0]"
    assert seen.numbers("d", step=last - 2) == [list(column) for column in zip(*x, strict=True)]
    assert seen.numbers("z") == [1 - 2j, -3j]
    assert seen.numbers("m") == [-2, -3]
    assert seen.numbers("h") == [1, 1, 1]
    assert seen.numbers("f") == [[], []]
    assert seen.numbers("p") == [1, 1]


def test_kinds_without_plain_storage(seen: Seen) -> None:
    x = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert seen.numbers("s") == x
    assert seen.numbers("c") == x
    assert seen.numbers("c", "crow_indices") == [0, 3, 7, 11]
    assert seen.numbers("q") == x
    assert seen.numbers("q", "int_repr") == [[2 * n for n in row] for row in x]
    assert seen.numbers("j") == [[[1] * 3] * 2, [[0] * 3] * 2]
    assert seen.numbers("j", "component 0") == [[1] * 3] * 2


def test_statistics_and_briefs(seen: Seen) -> None:
    box = NumberBox((0,), (2**40,), (1,))
    assert seen.client.ask(ReadStatistics(Sight(seen.source("e")), box)).zeros == 2**40
    answer = seen.client.ask(ReadBriefs((seen.source("x"), seen.source("v"), seen.source("s"))))
    x, meta, s = answer.briefs
    assert (x.nan, x.low, x.high, x.count) == (1, 0.0, 11.0, 12)
    assert isinstance(meta, Brief)
    assert meta.sentence
    assert (s.count, s.zeros, s.high) == (12, 1, 11.0)


def test_the_first_nan_and_the_history_of_its_cell(seen: Seen) -> None:
    last = len(seen.recording) - 1
    order = tuple(seen.source("x", step) for step in range(4, last + 1))
    found = seen.client.ask(FindFirstBad(order))
    assert found.place == last - 1 - 4
    assert found.index == (1, 2)
    contents = tuple(dict.fromkeys(source.content for source in order))
    history = seen.client.ask(ReadCellHistory(order[0], (1, 2), contents))
    assert str(decode(history.dtype, history.tail, (2,)).tolist()) == "[6.0, nan]"


def test_what_is_not_there(seen: Seen) -> None:
    gone = NumbersOf(10**6, "float32", (2,), (1,), 0)
    answer = seen.client.ask(ReadTile(Sight(gone), NumberBox((0,), (2,), (1,))))
    assert (type(answer), answer.reason) == (Failed, "dropped")
    meta = seen.numbers("v")
    assert isinstance(meta, Failed)


def test_a_cancelled_search_holds_nothing_up(seen: Seen) -> None:
    number = seen.client.send(FindFirstBad((seen.source("e"),) * 1000))
    seen.client.send(Cancel(number))
    assert seen.numbers("h") == [1, 1, 1]
