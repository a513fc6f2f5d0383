"""Random tensors of every kind and layout, and random boxes of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import torch
from hypothesis import strategies as st

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import NumberBox, Sight

DTYPES = {
    str(value).removeprefix("torch."): value
    for value in vars(torch).values()
    if isinstance(value, torch.dtype)
}
PLAIN = sorted(name for name in DTYPES if not name.startswith(("q", "bits", "float4")))
OPAQUE = ["bits8", "bits16", "bits1x8", "bits2x4", "bits4x2", "float4_e2m1fn_x2"]
SOURCE = NumbersOf(1, "float32", (), (), 0)
SIGHT = Sight(SOURCE)


@dataclass(frozen=True)
class Made:
    """A tensor with the words that say how it was made."""

    tensor: torch.Tensor
    how: str


def filled(dtype: torch.dtype, count: int, seed: int) -> torch.Tensor:
    """``count`` elements of random bits: NaN, Inf and subnormals among them."""
    generator = torch.Generator().manual_seed(seed)
    size = max(count, 1) * dtype.itemsize
    raw = torch.randint(0, 256, (size,), dtype=torch.uint8, generator=generator)
    if dtype == torch.bool:
        raw &= 1
    return raw.view(dtype)[:count]


def viewed(base: torch.Tensor, layout: str) -> torch.Tensor:
    """The base seen through one of the ways in which strides can be unusual."""
    if base.dim() == 0:
        return base
    views = {
        "plain": lambda t: t,
        "transposed": lambda t: t.transpose(0, -1),
        "stepped": lambda t: t[::2],
        "cut": lambda t: t.narrow(-1, t.shape[-1] // 3, t.shape[-1] - t.shape[-1] // 3),
        "expanded": lambda t: t[:1].expand(3, *t.shape[1:]) if t.shape[0] else t,
        "overlapping": lambda t: t.unfold(0, 2, 1) if t.shape[0] > 1 else t,
        "new axis": lambda t: t.unsqueeze(-1),
    }
    return views[layout](base)


LAYOUTS = ["plain", "transposed", "stepped", "cut", "expanded", "overlapping", "new axis"]


@st.composite
def strided(draw: st.DrawFn, names: list[str] | None = None) -> Made:
    """A strided tensor of any dtype, up to five dimensions, in an unusual layout."""
    name = draw(st.sampled_from(names or PLAIN + OPAQUE))
    shape = draw(st.lists(st.integers(0, 5), max_size=4))
    layout = draw(st.sampled_from(LAYOUTS))
    flat = filled(DTYPES[name], prod(shape), draw(st.integers(0, 99)))
    tensor = viewed(flat.view(shape), layout)
    how = f"{name} {shape} {layout}"
    if tensor.is_complex() and draw(st.booleans()):
        tensor, how = tensor.conj(), how + " conj"
        if DTYPES[name] != torch.complex32 and draw(st.booleans()):
            tensor, how = tensor.imag, how + " imag"
    return Made(tensor, how)


@st.composite
def boxes(draw: st.DrawFn, shape: tuple[int, ...]) -> NumberBox:
    """A box with steps that lies inside a shape; sometimes empty."""
    starts, counts, steps = [], [], []
    for size in shape:
        start = draw(st.integers(0, max(size - 1, 0)))
        step = draw(st.integers(1, 3))
        most = -(-(size - start) // step) if size else 0
        starts.append(start)
        steps.append(step)
        counts.append(draw(st.integers(0 if draw(st.booleans()) else min(1, most), most)))
    return NumberBox(tuple(starts), tuple(counts), tuple(steps))


def cut(tensor: torch.Tensor, box: NumberBox) -> torch.Tensor:
    """What torch's own slicing says a box is."""
    zipped = zip(box.starts, box.counts, box.steps, strict=True)
    return tensor[tuple(slice(a, a + n * s, s) for a, n, s in zipped)]
