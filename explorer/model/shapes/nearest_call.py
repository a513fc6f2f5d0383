"""The call that comes nearest to one that torch refuses, and works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from types import EllipsisType

from explorer.model.shapes.rules.indexing import Slice
from explorer.model.shapes.rules.outcome import Header, Refused, ShapeCall
from explorer.model.shapes.rules.signatures import SIGNATURES, Named, predict

_Chain = tuple[ShapeCall, ...]


def nearest_call(header: Header, call: ShapeCall) -> str:
    """One call or a short chain as text, such as `.reshape(6)`; empty when none is near.

    Whatever is returned is predicted to work.
    """
    try:
        candidates = list(_CANDIDATES.get(call.name, _none)(header, call))
    except (TypeError, ValueError, IndexError):
        # The arguments are not of the kind that this call takes: nothing is near.
        return ""
    for chain in candidates:
        if _works(header, chain):
            return "".join(one.text for one in chain)
    return ""


def _works(header: Header, chain: _Chain) -> bool:
    try:
        for call in chain:
            header = predict(header, call).header
    except Refused:
        return False
    return True


def _made(name: str, *arguments: object) -> ShapeCall:
    if name == "[]":
        arguments = arguments or (Ellipsis,)
        return ShapeCall(name, arguments, (), f"[{', '.join(map(_item_text, arguments))}]")
    if not SIGNATURES[name].method:
        return ShapeCall(name, text=f".{name}")
    said = ", ".join(_argument_text(one) for one in arguments)
    return ShapeCall(name, arguments, (), f".{name}({said})")


def _argument_text(value: object) -> str:
    return f"torch.{value.name}" if isinstance(value, Named) else repr(value)


def _item_text(item: object) -> str:
    if isinstance(item, EllipsisType):
        return "..."
    if isinstance(item, Slice):
        first, last = ("" if bound is None else bound for bound in (item.start, item.stop))
        return f"{first}:{last}" + (f":{item.step}" if item.step not in (None, 1) else "")
    return str(item)


def _none(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    yield from ()


def _given(call: ShapeCall, *names: str) -> list[object]:
    """The arguments by position, keywords included, defaults where nothing was given."""
    keywords = dict(call.keywords)
    parameters = {p.name: p.default for p in SIGNATURES[call.name].parameters}
    found = list(call.arguments)
    for name in names[len(found) :]:
        found.append(keywords.get(name, parameters[name]))
    return found


def _numbers(value: object) -> tuple[int, ...]:
    """Whole numbers, given loosely or in one sequence. Raises TypeError for anything else."""
    loose = value if isinstance(value, tuple) else (value,)
    if len(loose) == 1 and isinstance(loose[0], tuple):
        loose = loose[0]
    if not all(isinstance(one, int) for one in loose):
        raise TypeError(f"{value!r} holds something that is no whole number")
    return loose


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _clamped(dim: object, ndim: int) -> int:
    return max(-max(ndim, 1), min(_number(dim), max(ndim, 1) - 1))


def _shape_given(call: ShapeCall) -> tuple[int, ...]:
    keywords = dict(call.keywords)
    return _numbers(call.arguments or keywords.get("size") or keywords.get("shape"))


def _regrouped(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    if call.name == "view" and call.arguments and isinstance(call.arguments[0], Named):
        yield (_made("contiguous"), _made("view", call.arguments[0]))
        return
    size = _shape_given(call)
    for shape in (size, *_with_one_left_open(size, header.layout.numel), (-1,)):
        yield (_made(call.name, *shape),)
        yield (_made("reshape", *shape),)


def _with_one_left_open(size: tuple[int, ...], numel: int) -> Iterator[tuple[int, ...]]:
    """The shape with one of its sizes replaced by what the others leave for it."""
    for place in range(len(size)):
        others = prod(size[:place]) * prod(size[place + 1 :])
        if others > 0 and numel % others == 0:
            yield (*size[:place], numel // others, *size[place + 1 :])


def _joined(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    ndim = header.layout.ndim
    dims = [_clamped(dim, ndim) for dim in _given(call, "start_dim", "end_dim")]
    start, end = sorted(dim % max(ndim, 1) for dim in dims)
    yield (_made("flatten", start, end),)


def _split(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    dim, sizes = _given(call, "dim", "sizes")
    at = _clamped(dim, header.layout.ndim)
    for shape in _with_one_left_open(_numbers(sizes), header.layout.shape[at]):
        yield (_made("unflatten", at, shape),)


def _permuted(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    ndim = header.layout.ndim
    dims = _numbers(call.arguments or dict(call.keywords).get("dims"))
    wanted = [_clamped(dim, ndim) % max(ndim, 1) for dim in dims]
    order = [*dict.fromkeys(wanted), *(dim for dim in range(ndim) if dim not in wanted)]
    yield (_made("permute", *order[:ndim]),)


def _swapped(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    names = [p.name for p in SIGNATURES[call.name].parameters]
    dims = [_clamped(dim, header.layout.ndim) for dim in _given(call, *names)]
    yield (_made(call.name, *dims),)


def _transposed(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    if header.layout.ndim > 2:
        yield (_made("mH" if call.name == "H" else "mT"),)
    yield (_made("unsqueeze", 0),)


def _moved(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    ndim = header.layout.ndim
    pairs: list[tuple[int, int]] = []
    for source, target in zip(*map(_numbers, _given(call, "source", "destination")), strict=False):
        pair = (_clamped(source, ndim) % max(ndim, 1), _clamped(target, ndim) % max(ndim, 1))
        if all(pair[0] != other[0] and pair[1] != other[1] for other in pairs):
            pairs.append(pair)
    if len(pairs) == 1:
        yield (_made(call.name, *pairs[0]),)
    yield (_made(call.name, *map(tuple, zip(*pairs, strict=True))),)


def _squeezed(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    ndim = header.layout.ndim
    dims = _numbers(call.arguments or dict(call.keywords).get("dim"))
    yield (_made("squeeze", *dict.fromkeys(_clamped(d, ndim) % max(ndim, 1) for d in dims)),)


def _unsqueezed(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    yield (_made("unsqueeze", _clamped(_given(call, "dim")[0], header.layout.ndim + 1)),)


def _expanded(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    old = header.layout
    size = _shape_given(call)
    for added in range(1, len(size) - old.ndim + 1):
        columns = tuple(_made("unsqueeze", -1) for _ in range(added))
        yield (*columns, _made("expand", *size))
    size = (*old.shape[: max(old.ndim - len(size), 0)], *size)
    new_dims = len(size) - old.ndim
    shape = []
    for place, wanted in enumerate(size):
        have = old.shape[place - new_dims] if place >= new_dims else 1
        shape.append(wanted if have == 1 and wanted >= 0 else have)
    yield (_made("expand", *shape),)


def _unfolded(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    dim, size, step = map(_number, _given(call, "dimension", "size", "step"))
    at = _clamped(dim, header.layout.ndim)
    longest = header.layout.shape[at] if header.layout.ndim else 1
    yield (_made("unfold", at, max(0, min(size, longest)), max(step, 1)),)


def _strided(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    sizes, strides, start = _given(call, "size", "stride", "storage_offset")
    pairs = list(zip(_numbers(sizes), _numbers(strides), strict=False))
    shape, steps = [max(n, 0) for n, _ in pairs], [max(s, 0) for _, s in pairs]
    held = header.storage_bytes // header.itemsize
    offset = header.layout.offset if start is None else _number(start)
    offset = max(0, min(offset, held - 1))
    room = held - 1 - offset
    for dim in sorted(range(len(shape)), key=lambda d: -steps[d]):
        inside = sum((n - 1) * s for n, s in zip(shape, steps, strict=True) if s < steps[dim])
        if steps[dim]:
            most = (room - inside if room >= inside else room) // steps[dim] + 1
            shape[dim] = min(shape[dim], max(most, 1))
        room -= (shape[dim] - 1) * steps[dim]
    yield (_made("as_strided", tuple(shape), tuple(steps), offset),)


def _resized(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    size = _shape_given(call)
    for shape in (size, *_with_one_left_open(size, header.layout.numel)):
        resized = _made("resize_", *shape)
        yield (resized,)
        yield (_made("detach"), resized)
        yield (_made("detach"), _made("clone"), resized)


def _without_format(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    yield (_made(call.name),)


def _picked(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    """Brackets with indices moved inside, without the ones that are too many."""
    layout = header.layout
    dims = sum(1 for item in call.arguments if isinstance(item, (int, Slice)))
    spare = max(0, dims - layout.ndim)
    items: list[object] = []
    backwards = []
    for item in reversed(call.arguments):
        if isinstance(item, (int, Slice)) and spare:
            spare -= 1
            continue
        items.insert(0, item)
    dim = 0
    for place, item in enumerate(items):
        if isinstance(item, EllipsisType):
            dim = layout.ndim - sum(isinstance(i, (int, Slice)) for i in items[place:])
        elif isinstance(item, int):
            items[place], dim = _clamped(item, layout.shape[dim]), dim + 1
        elif isinstance(item, Slice):
            if item.step is not None and item.step < 1:
                items[place] = Slice(None, None, abs(item.step) or 1)
                backwards.append(dim)
            dim += 1
    flipped = (_made("flip", *backwards),) if backwards else ()
    trivial = all(item == Slice(None, None, 1) or item == Slice(None, None, None) for item in items)
    yield flipped if flipped and trivial else (*flipped, _made("[]", *items))


def _selected(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    dim, index = _given(call, "dim", "index")
    at = _clamped(dim, header.layout.ndim)
    yield (_made("select", at, _clamped(index, header.layout.shape[at])),)


def _narrowed(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    dim, start, length = _given(call, "dim", "start", "length")
    at = _clamped(dim, header.layout.ndim)
    size = header.layout.shape[at]
    first = max(-size, min(_number(start), size))
    first += size if first < 0 else 0
    yield (_made("narrow", at, first, max(0, min(_number(length), size - first))),)


def _diagonal(header: Header, call: ShapeCall) -> Iterator[_Chain]:
    ndim = header.layout.ndim
    offset, *dims = _given(call, "offset", "dim1", "dim2")
    first, second = (_clamped(dim, ndim) % max(ndim, 1) for dim in dims)
    for other in (second, first + 1, first - 1):
        yield (_made("diagonal", _number(offset), first, other),)


_CANDIDATES: dict[str, Callable[[Header, ShapeCall], Iterator[_Chain]]] = {
    "view": _regrouped,
    "reshape": _regrouped,
    "flatten": _joined,
    "unflatten": _split,
    "permute": _permuted,
    "flip": _squeezed,
    "transpose": _swapped,
    "swapaxes": _swapped,
    "swapdims": _swapped,
    "t": _transposed,
    "mT": _transposed,
    "mH": _transposed,
    "H": _transposed,
    "adjoint": _transposed,
    "movedim": _moved,
    "moveaxis": _moved,
    "squeeze": _squeezed,
    "unsqueeze": _unsqueezed,
    "expand": _expanded,
    "unfold": _unfolded,
    "as_strided": _strided,
    "resize_": _resized,
    "contiguous": _without_format,
    "clone": _without_format,
    "[]": _picked,
    "select": _selected,
    "narrow": _narrowed,
    "diagonal": _diagonal,
}
