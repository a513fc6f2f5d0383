"""Reading typed shape calls: what is understood, what is not, and what is said about it."""

from __future__ import annotations

import pytest
import torch

from explorer.model.shapes.calls import Forecast, forecast
from tests.model.test_shape_calls_against_torch import header_of

X = torch.arange(24.0).view(2, 3, 4)
NAMES = {"x": header_of(X), "net.0.weight": header_of(X[0]), "rows[2]": header_of(X[0, 1])}


def told(text: str, chosen: str = "x") -> Forecast:
    return forecast(text, NAMES, chosen)


@pytest.mark.parametrize(
    ("text", "shape", "stride"),
    [
        ("x.t", None, None),
        (".view(6, -1)", (6, 4), (4, 1)),
        ("view(24)", (24,), (1,)),
        ("[..., 1]", (2, 3), (12, 4)),
        ("x[0].t()", (4, 3), (1, 4)),
        ("x.T.mT", (4, 2, 3), (1, 12, 4)),
        ("y = x.view(x.shape[0], -1)", (2, 12), (12, 1)),
        (".view(x.size(0) * x.size(-1), x.numel() // 8)", (8, 3), (3, 1)),
        (".view(*x.shape, 1)", (2, 3, 4, 1), (12, 4, 1, 1)),
        (".reshape(len(x), x.ndim, +4)", None, None),
        ("x[1:, None, x.dim() - 2]", (1, 1, 4), (12, 12, 1)),
        ("torch.flatten(x.mT, start_dim=1)", (2, 12), (12, 1)),
        ("t.permute(x, (2, 0, 1)).unsqueeze(0)", (1, 4, 2, 3), (4, 1, 12, 4)),
        ("torch.squeeze(x[None], 0)", (2, 3, 4), (12, 4, 1)),
        ("net.0.weight.t()", (4, 3), (1, 4)),
        ("rows[2][::2]", (2,), (2,)),
        ("torch.transpose(net.0.weight, 0, 1)[0]", (3,), (4,)),
    ],
)
def test_texts_that_are_read(
    text: str, shape: tuple[int, ...] | None, stride: tuple[int, ...] | None
) -> None:
    result = told(text).result
    if shape is None:
        assert told(text).mistake
    else:
        assert result is not None
        assert (result.layout.shape, result.layout.stride) == (shape, stride)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a shape change"),
        ("x.view(", "not Python"),
        ("z.t()", "There is no tensor z"),
        ("x.sum()", "sum is not among the shape calls"),
        ("x.T()", "leave out the parentheses"),
        ("x.view", "view is a method"),
        ("x[[0, 1]]", "always copies"),
        ("x[x > 1]", "always copies"),
        ("x.view(n, 2)", "value of n is not known"),
        ("x.view(**{})", "cannot be known"),
        ("x.view(10 ** 9)", "cannot be worked out"),
        ("x.view(x.shape[7])", "not known here"),
        ("x.view(9999999999999999999)", "too large"),
        ("torch.view(x, 24)", "torch has no function view"),
        ("x; x", "one expression"),
        ("lambda: x", "no shape call"),
        ("__import__('os').system('true')", "system is not among"),
        ("x.view(__import__('os'))", "not known here"),
        ("x" + ".t()" * 900, "too long"),
    ],
)
def test_texts_that_are_not_read_get_a_sentence(text: str, sentence: str) -> None:
    assert sentence in told(text).mistake
    assert told(text).result is None


def test_nested_text_cannot_break_the_reader() -> None:
    assert told("x.view(" + "(" * 900 + "1" + ")" * 900 + ")").mistake
    assert told("-" * 1900 + "1").mistake


def test_a_refusal_names_the_error_the_reason_and_a_way_out() -> None:
    refusal = told("x.mT.view(2, 12)").refusal
    assert refusal is not None and refusal.straddle is not None
    assert refusal.error == "RuntimeError"
    assert (refusal.straddle.left, refusal.straddle.right) == (1, 2)
    assert "stride of dimension 1 is 1, and one even step would need 12" in refusal.reason
    assert refusal.nearest == ".reshape(2, 12)"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (".view(5, 4)", ".view(6, 4)"),
        (".t()", ".mT"),
        ("[0, 0].view(2, 2).expand(2, 2, 3)", ".unsqueeze(-1).expand(2, 2, 3)"),
        ("[0, 0].expand(2, 5)", ".expand(2, 4)"),
        ("[::-1]", ".flip(0)"),
        ("[0, ::-2]", ".flip(1)[0, ::2]"),
        ("[5]", "[1]"),
        (".permute(0, 2)", ".permute(0, 2, 1)"),
        (".transpose(0, 3)", ".transpose(0, 2)"),
        (".narrow(2, 3, 2)", ".narrow(2, 3, 1)"),
        (".unfold(2, 7, 1)", ".unfold(2, 4, 1)"),
        (".as_strided((5, 6), (6, 1))", ".as_strided((4, 6), (6, 1), 0)"),
        (".flatten(2, 0)", ".flatten(0, 2)"),
        (".unflatten(2, (3, 2))", ".unflatten(2, (2, 2))"),
        (".contiguous(memory_format=torch.channels_last)", ".contiguous()"),
        (".mT.view(torch.int16)", ".contiguous().view(torch.int16)"),
    ],
)
def test_the_nearest_call(text: str, nearest: str) -> None:
    refusal = told(text).refusal
    assert refusal is not None
    assert refusal.nearest == nearest


def test_code_to_insert_is_the_chain_itself() -> None:
    assert told(".t()", chosen="net.0.weight").code == "net[0].weight.t()"
    assert told("torch.flatten(x.mT, 1)[0]").code == "torch.flatten(x.mT, 1)[0]"
    assert told("view(6, 4)").code == "x.view(6, 4)"


def test_a_shape_too_large_to_count_is_refused() -> None:
    wide = told(f".expand({2**40}, {2**40}, 2, 3, 4)").refusal
    assert wide is not None and "can be counted" in wide.reason
    with pytest.raises(RuntimeError, match="overflow"):
        X.expand(2**40, 2**40, 2, 3, 4)


def test_reshape_is_a_view_wherever_the_strides_allow() -> None:
    assert not told(".mT.reshape(2, 4, 3, 1)").copied
    assert told(".mT.reshape(2, 12)").copied
