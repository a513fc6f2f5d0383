"""Sentences about layouts, and where tensors came from."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.model.layout.holders import Holders
from explorer.model.layout.origin import headers_in, origin_of, refused_view
from explorer.model.layout.reach import visits_of_cells
from explorer.model.layout.view import layout_view
from explorer.model.layout.why import (
    Reach,
    arithmetic,
    contiguity_sentence,
    header_of,
    kept_alive_sentence,
    order_words,
    plain,
    reach_of,
    repeats_sentence,
    sharing_sentence,
)
from explorer.model.moment import Moment
from explorer.model.strides import Layout
from tests.model.recorded import recorded


def of(x: torch.Tensor) -> Layout:
    return Layout(tuple(x.shape), x.stride(), int(x.storage_offset()))


X = torch.arange(12.0).view(3, 4)
PICTURES = torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last)


def test_the_arithmetic_line() -> None:
    told = arithmetic("d", of(X.t()), (2, 1))
    assert plain(told) == "d[2, 1] → offset 0 + 2·1 + 1·4 = 6"
    assert [piece.text for piece in told if piece.role == "stride"] == ["1", "4"]
    assert plain(arithmetic("s", of(X[1, 2]), ())) == "s → offset 6"
    with pytest.raises(IndexError):
        arithmetic("d", of(X.t()), (4, 0))


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (X, "row by row (stride 4, 1)"),
        (X.t(), "down the columns (stride 1, 4)"),
        (X[:, 1], "every 4th place"),
        (X[0, ::2], "every second place"),
        (X[1], "one place after the other"),
        (X[1, 1], "the one place 5"),
        (X[:0], "nothing: it has no elements"),
        (X[:, :1].expand(3, 5), "the same places again along dimension 1 (stride 4, 0)"),
        (PICTURES, "with the channels next to each other, channels_last (stride 60, 1, 15, 3)"),
        (torch.zeros(2, 3, 4).permute(1, 2, 0), "in an order of its own (stride 4, 1, 12)"),
    ],
)
def test_how_a_tensor_reads_its_storage(x: torch.Tensor, words: str) -> None:
    assert order_words(of(x)) == words


def test_contiguity_names_the_stride_that_says_no() -> None:
    assert contiguity_sentence(of(X)) == "Contiguous."
    assert contiguity_sentence(of(X.t())) == (
        "Not contiguous: dimension 1 steps by 4, and next to each other would be steps of 1."
    )
    assert contiguity_sentence(of(PICTURES)) == "Contiguous in channels_last, not in row order."
    both = torch.zeros(1, 1, 4, 5)
    assert contiguity_sentence(of(both)) == "Contiguous, in channels_last as well."
    assert contiguity_sentence(of(X[:0])).startswith("Contiguous: without elements")


def test_the_sentence_of_the_window() -> None:
    told = sharing_sentence("d", of(X.t()), "x", of(X))
    assert told.startswith("x reads it row by row (stride 4, 1); d reads the same bytes down the")
    assert told.endswith("columns (stride 1, 4).")


def test_repeated_places_are_warned_of_as_torch_refuses_them() -> None:
    wide = torch.zeros(3, 1).expand(3, 4)
    assert "read 4 times over" in repeats_sentence("w", of(wide))
    with pytest.raises(RuntimeError, match="single memory location"):
        wide.add_(1)
    windows = torch.arange(6.0).unfold(0, 3, 1)
    assert "12 elements lie at 6 places" in repeats_sentence("u", of(windows))
    windows.add_(1)  # torch lets it pass, as the sentence says
    assert repeats_sentence("x", of(X)) == ""
    assert repeats_sentence("e", of(wide[:0])) == ""


def test_a_small_view_that_keeps_much_alive_is_pointed_out() -> None:
    small = reach_of(of(torch.zeros(1000)[:2]), 4, 4000)
    assert small.text == "8 B of 4.0 kB"
    told = kept_alive_sentence(["v"], [small], 4000)
    assert told.startswith("v looks at 8 B, and all 4.0 kB stay") and "v.clone()" in told
    assert kept_alive_sentence(["v", "x"], [small, Reach(4000, 4000)], 4000) == ""
    assert kept_alive_sentence(["v"], [Reach(2, 48)], 48) == ""


def test_tensors_of_two_dtypes_are_drawn_over_one_strip() -> None:
    doubles = of(torch.zeros(6, dtype=torch.float64)[1::2])
    assert visits_of_cells(doubles, 8, 8, 0, 6).tolist() == [0, 1, 0, 1, 0, 1]
    assert visits_of_cells(doubles, 8, 4, 1, 8).tolist() == [0, 1, 1, 0, 0, 1, 1]
    halves = of(torch.zeros(6, dtype=torch.int16)[1:2].expand(3))
    assert visits_of_cells(halves, 2, 4, 0, 3).tolist() == [3, 0, 0]


ORIGINS = """\
import numpy as np
import torch
x = torch.arange(12.0).view(3, 4)
d = x.t()
c = x.t().reshape(12)
v = x.reshape(4, 3)
a = np.ones(3)
n = torch.from_numpy(a)
k = torch.tensor(a)
g = x.detach()
r = x.data
o = x.clone()
s = x[1:]
f = d.view(12)
"""


def test_where_tensors_came_from(tmp_path: Path) -> None:
    program = tmp_path / "origins.py"
    program.write_text(ORIGINS)
    with recorded(program) as (run, _):
        recording = run.recording
        holders = Holders(recording)
        holders.follow()
        last = len(recording) - 1

        def told(name: str) -> tuple[tuple[str, ...], str]:
            origin = origin_of(recording, holders, recording.tensor_named(last, name), last)
            assert origin is not None
            return origin.shares_with, origin.sentence

        assert told("d")[0] == ("x",) and "change places" in told("d")[1]
        assert told("c")[0] == () and told("c")[1].endswith("So the numbers are copied.")
        assert "x" in told("v")[0] and "nothing moves" in told("v")[1]
        assert told("k") == ((), "torch.tensor() always copies what it is given.")
        assert "version counter, so autograd notices" in told("g")[1]
        assert "does not notice" in told("r")[1]
        assert told("o")[1] == "clone() always copies, so nothing is shared."
        assert "slice moves the offset" in told("s")[1]
        assert "a tensor that no name kept" in told("x")[1]
        assert told("n")[1].startswith("from_numpy() takes over the array's memory")
        refused = refused_view("f = d.view(12)", headers_in(recording, last, "d"))
        assert refused is not None and refused.refusal is not None
        assert refused.refusal.nearest == ".reshape(12)"


def test_headers_come_from_cards(tmp_path: Path) -> None:
    program = tmp_path / "headers.py"
    program.write_text(
        "import torch\nx = torch.zeros(5, 4)[1:, ::2]\ns = torch.eye(3).to_sparse()\n"
    )
    with recorded(program) as (run, _):
        headers = headers_in(run.recording, 2, "x.view(s, net.0.weight")
        assert list(headers) == ["x"]
        assert headers["x"].layout == Layout((4, 2), (4, 2), 4)
        assert headers["x"].storage_bytes == 80
        card = run.recording.cards_at(2)["s"]
        assert header_of(card, None) is None


def test_a_storage_that_others_look_into_is_not_told_to_be_alone(tmp_path: Path) -> None:
    program = tmp_path / "lent.py"
    program.write_text("import torch\nx = torch.ones(4)\ny = x[1:]\nz = x[2:]\n")
    with recorded(program) as (run, _):
        holders = Holders(run.recording)
        holders.follow()
        told = []
        for step in (1, 2, 3):
            tensor = run.recording.tensor_named(step, "x")
            view = layout_view(run.recording, holders, Moment(step, tensor, "x"))
            told.append(view.sentences[-1])
        assert told[0].endswith("shows nowhere else.")
        assert told[1] == "It came with a storage of its own, into which y looks now as well."
        assert told[2] == "It came with a storage of its own, into which y and z look now as well."
