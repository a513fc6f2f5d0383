"""Evaluates the formulas of torch's derivative table with the values that a node held."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from explorer.worker.formula.language import (
    Binary,
    Braces,
    Call,
    Choice,
    Index,
    Method,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from explorer.worker.formula.operations import NotKnown, call_operation
from explorer.worker.formula.primitives import OPTIONS, PRIMITIVES


class NodeValues:
    """What a formula can refer to: gradients in, saved tensors, scalars, sizes of the inputs.

    ``values`` maps names such as ``grad``, ``grads``, ``self``, ``result`` or ``exponent`` to
    tensors and Python values; ``sizes`` maps an input's name and place (0 unless it is a list
    of tensors) to its shape, for inputs whose values were not saved.
    """

    def __init__(self, values: dict[str, Any], sizes: dict[tuple[str, int], Any]) -> None:
        self.values = values
        self.sizes = sizes

    def of(self, name: str) -> Any:
        """The value of a name.

        Raises:
            NotKnown: when the node did not save it.
        """
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name not in self.values:
            raise NotKnown(f"'{name}' was not saved")
        return self.values[name]

    def sizes_of(self, name: str) -> Any:
        """The shape of an input, saved or not."""
        held = self.values.get(name)
        if isinstance(held, Tensor):
            return list(held.shape)
        for key in (f"{name}_sym_sizes", f"{name}_sym_sizes_opt"):
            if key in self.values:
                sizes = self.values[key]
                return sizes if sizes is None else list(sizes)
        if (name, 0) in self.sizes:
            return list(self.sizes[name, 0])
        raise NotKnown(f"the shape of '{name}' was not saved")

    def sizes_of_list(self, name: str) -> list[Any]:
        """The shapes of a list of inputs; () for those that need no gradient."""
        last = max((place for owner, place in self.sizes if owner == name), default=-1)
        return [self.sizes.get((name, place), ()) for place in range(last + 1)]


_CONSTANTS: dict[str, Any] = {
    "true": True,
    "false": False,
    "none": None,
    "std::nullopt": None,
    "::std::nullopt": None,
    "at::Reduction::None": 0,
    "at::Reduction::Mean": 1,
    "at::Reduction::Sum": 2,
    "M_PI": math.pi,
    "M_LN2": math.log(2),
    "M_LN10": math.log(10),
    "negative": None,
    "c10::MemoryFormat::Contiguous": OPTIONS,
}
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ON_NUMBERS: dict[str, Callable[..., Any]] = {
    "conj": lambda x: x.conjugate(),
    "toFloat": float,
    "toDouble": float,
    "log": lambda x: math.log(x) if x > 0 else (-math.inf if x == 0 else math.nan),
    "value": lambda x: x,
    "equal": operator.eq,
    "isComplex": lambda x: isinstance(x, complex),
    "toComplexDouble": complex,
    "is_xpu": lambda x: x.type == "xpu",
    "is_cpu": lambda x: x.type == "cpu",
}
_ON_TENSORS: dict[str, Callable[..., Any]] = {
    "sym_numel": lambda x: x.numel(),
    "sym_size": lambda x, dim: x.shape[dim],
    "scalar_type": lambda x: x.dtype,
    "options": lambda x: OPTIONS,
    "layout": lambda x: x.layout,
    "value": lambda x: x,
    "sym_strides": lambda x: list(x.stride()),
    "index": torch.ops.aten.index,
    "suggest_memory_format": lambda x: OPTIONS,
    "div": lambda x, other, mode=None: torch.div(x, other, rounding_mode=mode),
    "softplus": torch.nn.functional.softplus,
}


def evaluate(tree: Tree, known: NodeValues) -> Any:
    """The value of an expression.

    Raises:
        NotKnown: when it needs a value that was not saved or a function without a Python door.
    """
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Text):
        return tree.text
    if isinstance(tree, Name):
        return known.of(tree.name)
    if isinstance(tree, Braces):
        return [evaluate(item, known) for item in tree.items]
    if isinstance(tree, Index):
        return _at(evaluate(tree.object, known), evaluate(tree.place, known))
    if isinstance(tree, Unary):
        return _unary(tree.operator, evaluate(tree.operand, known))
    if isinstance(tree, Binary):
        return _binary(tree, known)
    if isinstance(tree, Choice):
        return evaluate(tree.yes if truth(tree.condition, known) else tree.no, known)
    if isinstance(tree, Method):
        return _method(tree, known)
    return _call(tree, known)


def truth(tree: Tree, known: NodeValues) -> bool:
    """Whether a condition holds.

    Raises:
        NotKnown: when it cannot be told.
    """
    value = evaluate(tree, known)
    if isinstance(value, Tensor) and value.numel() != 1:
        raise NotKnown("a condition differs from cell to cell")
    return bool(value)


def _at(value: Any, place: Any) -> Any:
    if isinstance(value, (list, tuple)) and not 0 <= place < len(value):
        raise NotKnown("an output without a gradient")
    return value[place]


def _unary(sign: str, value: Any) -> Any:
    if sign == "-":
        return -value
    if sign == "!":
        return ~value if isinstance(value, Tensor) else not value
    return value


def _binary(tree: Binary, known: NodeValues) -> Any:
    left = evaluate(tree.left, known)
    if tree.operator in ("&&", "&"):
        if isinstance(left, Tensor):
            return left & evaluate(tree.right, known)
        return bool(left) and evaluate(tree.right, known)
    if tree.operator == "||":
        if isinstance(left, Tensor):
            return left | evaluate(tree.right, known)
        return bool(left) or evaluate(tree.right, known)
    return _OPERATORS[tree.operator](left, evaluate(tree.right, known))


def _method(tree: Method, known: NodeValues) -> Any:
    name = tree.name.removesuffix("_symint")
    if isinstance(tree.object, Name) and known.values.get(tree.object.name) is None:
        sized = _method_of_unsaved(tree.object.name, name, tree.arguments, known)
        if sized is not None:
            return sized
    if name == "sym_sizes" and isinstance(tree.object, Name):
        return known.sizes_of(tree.object.name)
    target = evaluate(tree.object, known)
    arguments = _values(tree.arguments, known)
    if target is None:
        if name in ("defined", "has_value"):
            return False
        raise NotKnown(f"'.{name}' of something that is not there")
    if name in ("defined", "has_value"):
        return True
    if isinstance(target, Tensor):
        return _tensor_method(target, name, arguments)
    if isinstance(target, (list, tuple)):
        return _list_method(target, name, arguments)
    if name not in _ON_NUMBERS and isinstance(target, (int, float)):
        return _tensor_method(torch.tensor(target, dtype=torch.float64), name, arguments)
    if name not in _ON_NUMBERS:
        raise NotKnown(f"'.{name}' of a {type(target).__name__}")
    return _ON_NUMBERS[name](target, *arguments)


def _method_of_unsaved(
    owner: str, name: str, arguments: tuple[Tree, ...], known: NodeValues
) -> Any:
    """What can be told of an input whose values were not saved; None when nothing can."""
    if name in ("options", "scalar_type", "layout"):
        return OPTIONS
    if name not in ("sym_sizes", "sym_size", "sym_numel", "numel", "dim"):
        return None
    if name == "sym_size":
        place = evaluate(arguments[0], known)
        saved = known.values.get(f"{owner}_sym_argsize_{place}".replace("-", "minus_"))
        return known.sizes_of(owner)[place] if saved is None else saved
    sizes = known.sizes_of(owner)
    if name == "sym_sizes":
        return sizes
    return len(sizes) if name == "dim" else math.prod(sizes)


def _tensor_method(target: Tensor, name: str, arguments: list[Any]) -> Any:
    if name == "sym_sizes":
        return list(target.shape)
    special = _ON_TENSORS.get(name)
    if special is None and name.startswith("special_"):
        special = getattr(torch.ops.aten, name)
    if special is not None:
        return special(target, *arguments)
    # In-place methods of the table work on intermediate results; here they never write.
    method = getattr(target, name.removesuffix("_"), None)
    if method is None:
        raise NotKnown(f"a tensor has no '{name}'")
    return method(*arguments) if callable(method) else method


def _list_method(target: Sequence[Any], name: str, arguments: list[Any]) -> Any:
    if name in ("size", "dim"):
        return len(target)
    if name == "empty":
        return not target
    if name == "back":
        return target[-1]
    if name in ("value", "vec"):
        return target
    raise NotKnown(f"a list has no '{name}'")


def _call(tree: Call, known: NodeValues) -> Any:
    name = tree.function.removesuffix("_symint")
    if name == "is_enabled":
        return False
    if name in ("to_args_sizes", "to_args_scalartypes", "TensorGeometry"):
        return known.sizes_of_list(_owner(tree)) if name == "to_args_sizes" else OPTIONS
    if name == "zeros_like" and isinstance(tree.arguments[0], Name):
        return known.of("grad").new_zeros(known.sizes_of(tree.arguments[0].name))
    arguments = _values(tree.arguments, known)
    if name in PRIMITIVES:
        return PRIMITIVES[name](*arguments)
    packet = getattr(torch.ops.aten, name, None)
    if packet is None:
        raise NotKnown(f"'{name}' has no door into Python")
    return call_operation(packet, arguments)


def _owner(tree: Call) -> str:
    first = tree.arguments[0]
    return first.name if isinstance(first, Name) else ""


def _values(arguments: tuple[Tree, ...], known: NodeValues) -> list[Any]:
    values = [evaluate(argument, known) for argument in arguments]
    return [value for value in values if value is not OPTIONS]
