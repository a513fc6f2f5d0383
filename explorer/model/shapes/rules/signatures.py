"""Which arguments each call takes, and the rule that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.model.shapes.rules import dims, indexing, views, windows
from explorer.model.shapes.rules.outcome import Header, Outcome, Refused, ShapeCall

Rule = Callable[..., Outcome]


@dataclass(frozen=True, slots=True)
class Named:
    """Something of torch's that was named: a dtype or a memory format."""

    name: str


_REQUIRED = object()
_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: `kind` is int, ints, int or ints, spread, int?, or format (by keyword only).

    `spread` takes either one sequence or any number of whole numbers.
    """

    name: str
    kind: str = "int"
    default: Any = _REQUIRED


@dataclass(frozen=True, slots=True)
class Signature:
    """A rule and its arguments; `method` is False for attributes such as `.T`."""

    rule: Rule
    parameters: tuple[Parameter, ...] = ()
    method: bool = True
    function: bool = True
    """Whether `torch.NAME(x, ...)` exists too."""


def _int(name: str, default: Any = _REQUIRED) -> Parameter:
    return Parameter(name, "int", default)


def _ints(name: str, kind: str = "ints") -> Parameter:
    return Parameter(name, kind)


def _format(default: str | None) -> Parameter:
    return Parameter("memory_format", "format", default)


_SWAP_DIMS = (_int("dim0"), _int("dim1"))
_SWAP_AXES = (_int("axis0"), _int("axis1"))
_MOVE = (_ints("source", "int or ints"), _ints("destination", "int or ints"))

SIGNATURES: dict[str, Signature] = {
    "view": Signature(views.view, (_ints("size", "spread"),), function=False),
    "reshape": Signature(views.reshape, (_ints("shape", "spread"),)),
    "flatten": Signature(views.flatten, (_int("start_dim", 0), _int("end_dim", -1))),
    "unflatten": Signature(views.unflatten, (_int("dim"), _ints("sizes"))),
    "ravel": Signature(views.ravel),
    "contiguous": Signature(views.contiguous, (_format("contiguous_format"),), function=False),
    "clone": Signature(views.clone, (_format("preserve_format"),)),
    "detach": Signature(views.detach),
    "data": Signature(views.detach, method=False),
    "flip": Signature(views.flip, (_ints("dims", "spread"),)),
    "permute": Signature(dims.permute, (_ints("dims", "spread"),)),
    "transpose": Signature(dims.transpose, _SWAP_DIMS),
    "swapdims": Signature(dims.transpose, _SWAP_DIMS),
    "swapaxes": Signature(dims.transpose, _SWAP_AXES),
    "t": Signature(dims.t),
    "T": Signature(dims.reversed_dims, method=False),
    "mT": Signature(dims.matrix_transpose, method=False),
    "mH": Signature(dims.adjoint, method=False),
    "H": Signature(dims.hermitian, method=False),
    "adjoint": Signature(dims.adjoint),
    "movedim": Signature(dims.movedim, _MOVE),
    "moveaxis": Signature(dims.movedim, _MOVE),
    "squeeze": Signature(dims.squeeze, (Parameter("dim", "spread", None),)),
    "unsqueeze": Signature(dims.unsqueeze, (_int("dim"),)),
    "expand": Signature(windows.expand, (_ints("size", "spread"),), function=False),
    "unfold": Signature(
        windows.unfold, (_int("dimension"), _int("size"), _int("step")), function=False
    ),
    "as_strided": Signature(
        windows.as_strided,
        (_ints("size"), _ints("stride"), Parameter("storage_offset", "int?", None)),
    ),
    "resize_": Signature(windows.resize_, (_ints("size", "spread"), _format(None)), function=False),
    "narrow": Signature(indexing.narrow, (_int("dim"), _int("start"), _int("length"))),
    "select": Signature(indexing.select, (_int("dim"), _int("index"))),
    "diagonal": Signature(indexing.diagonal, (_int("offset", 0), _int("dim1", 0), _int("dim2", 1))),
}


def predict(header: Header, call: ShapeCall) -> Outcome:
    """What one call gives. Raises Refused where torch raises, KeyError for an unknown name."""
    if call.name == "[]":
        return indexing.brackets(header, call.arguments)
    signature = SIGNATURES[call.name]
    arguments = call.arguments
    if call.name == "view" and len(arguments) == 1 and isinstance(arguments[0], Named):
        return windows.view_as_dtype(header, arguments[0].name)
    return signature.rule(header, *_bound(call, signature))


def _bound(call: ShapeCall, signature: Signature) -> list[object]:
    arguments, name = call.arguments, call.name
    places = [p for p in signature.parameters if p.kind != "format"]
    spread = bool(places) and places[0].kind == "spread"
    loose = not call.as_function or (name == "squeeze" and len(arguments) == 1)
    if spread and loose and arguments and all(_is_int(one) for one in arguments):
        arguments = (arguments,)
    if len(arguments) > len(places):
        raise Refused("TypeError", f"{name} takes {len(places)} arguments, not {len(arguments)}.")
    given: dict[str, object] = dict(zip((p.name for p in places), arguments, strict=False))
    for keyword, value in call.keywords:
        if keyword in given or all(p.name != keyword for p in signature.parameters):
            raise Refused("TypeError", f"{name} has no argument {keyword} that is still free.")
        given[keyword] = value
    return [_checked(name, p, given.get(p.name, _REQUIRED)) for p in signature.parameters]


def _checked(name: str, parameter: Parameter, value: object) -> object:
    if value is _REQUIRED:
        if parameter.default is _REQUIRED:
            raise Refused("TypeError", f"{name} needs its argument {parameter.name}.")
        return parameter.default
    kind = parameter.kind
    if kind == "format" and isinstance(value, Named) and value.name in _FORMATS:
        return value.name
    if value is None and kind == "int?":
        return None
    if kind in ("int", "int?", "int or ints") and _is_int(value):
        return value
    if kind == "spread" and _is_int(value) and parameter.name == "dim":
        return (value,)
    several = "ints" in kind or kind == "spread"
    if several and isinstance(value, tuple) and all(_is_int(one) for one in value):
        return value
    raise Refused("TypeError", f"{name} cannot take {_said(value)} as {parameter.name}.")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _said(value: object) -> str:
    return f"torch.{value.name}" if isinstance(value, Named) else repr(value)
