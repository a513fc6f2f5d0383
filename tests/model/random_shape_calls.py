"""Random tensors and random shape calls, good and bad ones, as text."""

from __future__ import annotations

from random import Random

import torch

DTYPES = (torch.uint8, torch.float16, torch.float32, torch.float64, torch.complex128)
SIZES = (0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6)


def random_tensor(rng: Random) -> torch.Tensor:
    """Up to 8 dimensions, zeros and ones among them, and often not contiguous."""
    kind = rng.randrange(8)
    dtype = rng.choice(DTYPES)
    if kind == 0:
        return _strided(rng, dtype)
    if kind == 1:
        made = torch.empty(_shape(rng, 4), dtype=dtype)
        return made.to(memory_format=torch.channels_last)
    if kind == 2:
        return torch.from_numpy(torch.zeros(_shape(rng, rng.randrange(5))).numpy())
    made = torch.zeros(_shape(rng, rng.choice((0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8))), dtype=dtype)
    if kind == 3 and made.is_floating_point():
        made.requires_grad_()
    if kind == 4:
        made = made.permute(rng.sample(range(made.ndim), made.ndim))
    return made


def _shape(rng: Random, ndim: int) -> tuple[int, ...]:
    sizes = SIZES if ndim < 6 else (0, 1, 1, 1, 2, 2, 2, 3)
    return tuple(rng.choice(sizes) for _ in range(ndim))


def _strided(rng: Random, dtype: torch.dtype) -> torch.Tensor:
    ndim = rng.randrange(5)
    shape = _shape(rng, ndim)
    stride = tuple(rng.choice((0, 1, 1, 2, 3, 4, 6, 12)) for _ in range(ndim))
    offset = rng.randrange(4)
    reach = offset + 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True) if n)
    return torch.zeros(max(reach, 0) + rng.randrange(3), dtype=dtype).as_strided(
        shape, stride, offset
    )


def random_call(rng: Random, x: torch.Tensor) -> str:
    """A call to put behind the tensor, about one in four of them one that torch refuses."""
    return rng.choice(_MAKERS)(rng, x)


def _dim(rng: Random, ndim: int) -> int:
    width = max(ndim, 1)
    if rng.random() < 0.06:
        return rng.choice((-width - 1, width, width + 2))
    return rng.randrange(-width, width)


def _loose(rng: Random, name: str, numbers: list[int], keyword: str) -> str:
    said = ", ".join(map(str, numbers))
    form = rng.randrange(5)
    if form == 0:
        return f".{name}(({said}{',' if len(numbers) == 1 else ''}))"
    if form == 1:
        return f".{name}([{said}])"
    if form == 2:
        return f".{name}({keyword}=[{said}])"
    return f".{name}({said})"


def factors(rng: Random, numel: int) -> list[int]:
    """A random shape with that many elements."""
    shape: list[int] = []
    left = numel
    while left > 1 and len(shape) < 7:
        divisors = [d for d in range(1, left + 1) if left % d == 0][:12]
        size = rng.choice(divisors)
        shape.append(size)
        left //= size
    if numel == 0:
        shape = [rng.randrange(4) for _ in range(rng.randrange(4))]
        shape.insert(rng.randrange(len(shape) + 1), 0)
        return shape
    if left > 1 or rng.random() < 0.2:
        shape.insert(rng.randrange(len(shape) + 1), left)
    rng.shuffle(shape)
    return shape


def _new_shape(rng: Random, x: torch.Tensor) -> list[int]:
    choice = rng.random()
    shape = _neighbours_joined(rng, x) if choice < 0.4 else factors(rng, min(x.numel(), 5000))
    if shape and rng.random() < 0.3:
        shape[rng.randrange(len(shape))] = -1
    if shape and rng.random() < 0.08:
        shape[rng.randrange(len(shape))] = rng.choice((-2, -1, 0, 1, 2, 5, 7))
    return shape


def _neighbours_joined(rng: Random, x: torch.Tensor) -> list[int]:
    shape = list(x.shape)
    for _ in range(rng.randrange(3)):
        if len(shape) > 1 and rng.random() < 0.7:
            at = rng.randrange(len(shape) - 1)
            shape[at : at + 2] = [shape[at] * shape[at + 1]]
        elif shape:
            at = rng.randrange(len(shape))
            shape[at : at + 1] = factors(rng, min(shape[at], 5000))
        else:
            shape.append(1)
    return shape[:9]


def _view(rng: Random, x: torch.Tensor) -> str:
    return _loose(rng, "view", _new_shape(rng, x), "size")


def _reshape(rng: Random, x: torch.Tensor) -> str:
    return _loose(rng, "reshape", _new_shape(rng, x), "shape")


def _view_dtype(rng: Random, x: torch.Tensor) -> str:
    return f".view(torch.{rng.choice(('uint8', 'int16', 'float32', 'float64', 'complex128'))})"


def _permute(rng: Random, x: torch.Tensor) -> str:
    dims = [d - (x.ndim if rng.random() < 0.3 else 0) for d in range(x.ndim)]
    rng.shuffle(dims)
    if dims and rng.random() < 0.1:
        dims[rng.randrange(len(dims))] = _dim(rng, x.ndim)
    if rng.random() < 0.05:
        dims = dims[:-1] if rng.random() < 0.5 else [*dims, 0]
    return _loose(rng, "permute", dims, "dims")


def _flip(rng: Random, x: torch.Tensor) -> str:
    return _loose(rng, "flip", [_dim(rng, x.ndim) for _ in range(rng.randrange(1, 3))], "dims")


def _two_dims(rng: Random, x: torch.Tensor) -> str:
    name = rng.choice(("transpose", "swapaxes", "swapdims", "movedim", "moveaxis", "flatten"))
    return f".{name}({_dim(rng, x.ndim)}, {_dim(rng, x.ndim)})"


def _movedim(rng: Random, x: torch.Tensor) -> str:
    count = rng.randrange(x.ndim + 1)
    source = rng.sample(range(x.ndim), count)
    target = rng.sample(range(x.ndim), count)
    if count and rng.random() < 0.1:
        target[0] = _dim(rng, x.ndim)
    if rng.random() < 0.05:
        target.append(0)
    return f".movedim({tuple(source)}, {tuple(target)})"


def _plain(rng: Random, x: torch.Tensor) -> str:
    calls = ".t() .T .mT .mH .H .adjoint() .squeeze() .flatten() .ravel() .contiguous() .detach()"
    return rng.choice([*calls.split(), ".clone()", ".data", ".diagonal()", ".view(x.shape)"])


def _formats(rng: Random, x: torch.Tensor) -> str:
    name = rng.choice(("contiguous", "contiguous", "clone"))
    formats = ("contiguous_format", "channels_last", "channels_last_3d", "preserve_format")
    return f".{name}(memory_format=torch.{rng.choice(formats)})"


def _one_dim(rng: Random, x: torch.Tensor) -> str:
    name = rng.choice(("squeeze", "unsqueeze", "flatten"))
    return f".{name}({_dim(rng, x.ndim + (name == 'unsqueeze'))})"


def _squeeze_many(rng: Random, x: torch.Tensor) -> str:
    return f".squeeze(({', '.join(str(_dim(rng, x.ndim)) for _ in range(2))}))"


def _unflatten(rng: Random, x: torch.Tensor) -> str:
    dim = _dim(rng, x.ndim)
    size = x.shape[dim] if -x.ndim <= dim < x.ndim else 4
    sizes = factors(rng, min(size, 5000)) or [1]
    if rng.random() < 0.2:
        sizes[0] = rng.choice((-1, 2))
    return f".unflatten({dim}, {tuple(sizes)})"


def _bracket_item(rng: Random, size: int) -> str:
    kind = rng.randrange(6)
    if kind == 0:
        return str(rng.randrange(-size, size) if size and rng.random() < 0.93 else size)
    if kind == 1:
        return ":"

    def bound() -> str:
        return str(rng.randrange(-size - 2, size + 3)) if rng.random() < 0.6 else ""

    step = rng.choice(("", "", ":", ":1", ":2", ":3", ":7"))
    if rng.random() < 0.03:
        step = rng.choice((":0", ":-1"))
    return f"{bound()}:{bound()}{step}"


def _brackets(rng: Random, x: torch.Tensor) -> str:
    count = rng.randrange(x.ndim + 1) if rng.random() < 0.95 else x.ndim + 1
    items = [_bracket_item(rng, x.shape[d] if d < x.ndim else 1) for d in range(count)]
    if rng.random() < 0.3:
        items.insert(rng.randrange(len(items) + 1), "None")
    if rng.random() < 0.2:
        at = rng.randrange(len(items) + 1)
        tail = [_bracket_item(rng, n) for n in x.shape[x.ndim - (len(items) - at) :]]
        items = [*items[:at], "...", *tail]
    return f"[{', '.join(items)}]" if items else "[...]"


def _narrow(rng: Random, x: torch.Tensor) -> str:
    dim = _dim(rng, x.ndim)
    size = x.shape[dim] if -x.ndim <= dim < x.ndim else 1
    start = rng.randrange(-size - 1, size + 2)
    return f".narrow({dim}, {start}, {rng.randrange(-1, size + 1)})"


def _select(rng: Random, x: torch.Tensor) -> str:
    dim = _dim(rng, x.ndim)
    size = x.shape[dim] if -x.ndim <= dim < x.ndim else 1
    return f".select({dim}, {rng.randrange(-size - (rng.random() < 0.2), size + 1)})"


def _diagonal(rng: Random, x: torch.Tensor) -> str:
    return f".diagonal({rng.randrange(-4, 5)}, {_dim(rng, x.ndim)}, {_dim(rng, x.ndim)})"


def _expand(rng: Random, x: torch.Tensor) -> str:
    size = [rng.choice((-1, n, rng.randrange(4) if n == 1 else n)) for n in x.shape]
    size = [*(rng.choice((1, 2, 3, 0)) for _ in range(rng.randrange(3))), *size]
    if size and rng.random() < 0.1:
        size[rng.randrange(len(size))] = rng.choice((-2, -1, 2, 3, 7))
    if rng.random() < 0.05:
        size = size[1:]
    return _loose(rng, "expand", size, "size")


def _unfold(rng: Random, x: torch.Tensor) -> str:
    dim = _dim(rng, x.ndim)
    size = x.shape[dim] if -x.ndim <= dim < x.ndim else 1
    return f".unfold({dim}, {rng.randrange(-1 + (rng.random() < 0.9), size + 2)}, {_step(rng)})"


def _step(rng: Random) -> int:
    return 0 if rng.random() < 0.04 else rng.randrange(1, 4)


def _as_strided(rng: Random, x: torch.Tensor) -> str:
    ndim = rng.randrange(4)
    size = [rng.choice((0, 1, 2, 2, 3)) for _ in range(ndim)]
    stride = [rng.choice((0, 1, 1, 2, 3)) for _ in range(ndim)]
    if rng.random() < 0.05:
        rng.choice((size, stride)).append(rng.choice((-1, 1)))
    if ndim and rng.random() < 0.05:
        rng.choice((size, stride))[0] = -1
    offset = rng.choice(("", ", None", f", {rng.randrange(-1, 4)}", ", storage_offset=1"))
    return f".as_strided({tuple(size)}, {tuple(stride)}{offset})"


def _resize(rng: Random, x: torch.Tensor) -> str:
    size = [rng.randrange(-1 + (rng.random() < 0.95), 5) for _ in range(rng.randrange(5))]
    if rng.random() < 0.2:
        size = list(x.shape)
    if rng.random() < 0.2:
        name = rng.choice(("contiguous_format", "channels_last", "preserve_format"))
        return f".resize_({tuple(size)}, memory_format=torch.{name})"
    return _loose(rng, "resize_", size, "size")


_MAKERS = (
    _view, _view, _view, _view, _reshape, _reshape, _reshape, _view_dtype, _permute, _permute,
    _flip, _two_dims, _two_dims, _movedim, _plain, _plain, _plain, _formats, _one_dim, _one_dim,
    _squeeze_many, _unflatten, _brackets, _brackets, _brackets, _narrow, _select, _diagonal,
    _expand, _expand, _unfold, _as_strided, _resize,
)  # fmt: skip
