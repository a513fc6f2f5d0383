"""Torch's error messages in words of a learner: what was wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

Answer = Callable[[re.Match[str]], str]


def explained(error: BaseException) -> str:
    """One or two sentences about an error that torch raises often; empty for any other."""
    try:
        text = str(error)
    except Exception:
        return ""
    for pattern, answer in EXPLANATIONS:
        found = pattern.search(text)
        if found is not None:
            return answer(found)
    return ""


def _sizes(found: re.Match[str]) -> str:
    dim = found["dim"]
    return (
        f"The shapes cannot be lined up: dimension {dim} of the result would have to be "
        f"{found['a']} and {found['b']} at once. Counted from the right, sizes must be equal or 1; "
        "unsqueeze, transpose or slice one side until they are."
    )


def _product(found: re.Match[str]) -> str:
    inner = found["left"].split("x")[1]
    other, columns = found["right"].split("x")
    hint = " A .t() on the right side would make them fit." if inner == columns else ""
    return (
        f"A matrix product needs as many columns on the left ({inner}) as rows on the right "
        f"({other}).{hint}"
    )


def _view_size(found: re.Match[str]) -> str:
    product = 1
    sizes = [int(size) for size in re.findall(r"-?\d+", found["shape"])]
    for size in sizes:
        product *= size
    if -1 in sizes:
        known = -product
        return (
            f"{found['count']} numbers cannot be divided by {known}, so no size can stand in for "
            "the -1. The product of the sizes must equal the number of elements."
        )
    return (
        f"The shape has room for {product} numbers, but there are {found['count']}. The product "
        "of the sizes must equal the number of elements; one size may be -1."
    )


def _bounds(found: re.Match[str]) -> str:
    size = int(found["size"])
    if size == 0:
        return f"Dimension {found['dim']} has size 0: there is nothing to index."
    return (
        f"Dimension {found['dim']} has {size} places, numbered 0 to {size - 1} "
        f"(or -{size} to -1 from the end); {found['index']} is none of them."
    )


def _dimension(found: re.Match[str]) -> str:
    low, high = int(found["low"]), int(found["high"])
    return (
        f"This tensor has {high + 1} dimensions, numbered 0 to {high} or {low} to -1 from the "
        f"end; {found['dim']} is none of them."
    )


def _always(sentence: str) -> Answer:
    return lambda found: sentence


def _rule(pattern: str, answer: Answer | str) -> tuple[re.Pattern[str], Answer]:
    return re.compile(pattern), _always(answer) if isinstance(answer, str) else answer


EXPLANATIONS: tuple[tuple[re.Pattern[str], Answer], ...] = (
    _rule(
        r"size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) "
        r"at non-singleton dimension (?P<dim>\d+)",
        _sizes,
    ),
    _rule(
        r"mat1 and mat2 shapes cannot be multiplied \((?P<left>\d+x\d+) and (?P<right>\d+x\d+)\)",
        _product,
    ),
    _rule(r"shape '(?P<shape>\[.*\])' is invalid for input of size (?P<count>\d+)", _view_size),
    _rule(
        r"view size is not compatible with input tensor's size and stride",
        "view never copies, and no strides can walk these bytes in the wanted order: two of the "
        "dimensions cannot merge. reshape() copies where it must; contiguous().view() does too.",
    ),
    _rule(
        r"Expected all tensors to be on the same device",
        "The tensors live on different devices. Move one with .to(other.device) first.",
    ),
    _rule(
        r"element 0 of tensors does not require grad and does not have a grad_fn",
        "Nothing that this was computed from requires a gradient, or the graph was cut (detach, "
        "no_grad, .data, .item()). Set requires_grad=True on the leaves before computing.",
    ),
    _rule(
        r"grad can be implicitly created only for scalar outputs",
        "backward() on a tensor of several numbers needs to know how much each one counts: pass "
        "gradient= of the same shape, or reduce it first with sum() or mean().",
    ),
    _rule(
        r"Trying to backward through the graph a second time",
        "An earlier backward freed what this graph had saved. Pass retain_graph=True to the "
        "earlier one, or compute the result again.",
    ),
    _rule(
        r"modified by an inplace operation",
        "A tensor that backward needs was overwritten after it had been saved. Use the operation "
        "that makes a new tensor (x = x + 1 in place of x += 1), or clone() before writing.",
    ),
    _rule(
        r"a (view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "A leaf that requires grad must keep the numbers that the graph was built on. Write "
        "inside torch.no_grad(), or compute a new tensor.",
    ),
    _rule(
        r"more than one element of the written-to tensor refers to a single memory location",
        "Several cells of this tensor are one place in memory (expand makes such), so a write "
        "would hit them all. clone() it first.",
    ),
    _rule(
        r"only Tensors of floating point( and complex)? dtype can require gradients",
        "A derivative needs numbers that can change by a little; whole numbers and booleans "
        "cannot. Make the tensor floating: .float(), or 1.0 in place of 1.",
    ),
    _rule(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy knows nothing of the graph. Say that it may be left behind: .detach().numpy().",
    ),
    _rule(
        r"Boolean value of Tensor with (more than one value|no values) is ambiguous",
        "if and while need one truth value, and this tensor does not hold exactly one. Use "
        ".any(), .all() or .item().",
    ),
    _rule(
        r"a Tensor with (?P<count>\d+) elements cannot be converted to Scalar"
        r"|only one element tensors can be converted",
        "Only a tensor with exactly one number becomes a Python number. Reduce it first, or use "
        ".tolist().",
    ),
    _rule(
        r"index (?P<index>-?\d+) is out of bounds for dimension (?P<dim>\d+) "
        r"with size (?P<size>\d+)",
        _bounds,
    ),
    _rule(
        r"too many indices for tensor of dimension (?P<rank>\d+)",
        lambda found: (
            f"There are more indices than dimensions: this tensor has only {found['rank']}."
        ),
    ),
    _rule(
        r"Dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], "
        r"but got (?P<dim>-?\d+)\)",
        _dimension,
    ),
    _rule(
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)",
        lambda found: f"cat joins along dimension {found['dim']}; all other sizes must be equal.",
    ),
    _rule(
        r"stack expects each tensor to be equal size",
        "stack adds a new dimension and needs tensors of one shape; cat joins along an old one.",
    ),
    _rule(
        r"expected m1 and m2 to have the same dtype|must have the same dtype"
        r"|expected scalar type \w+ but found \w+",
        "The tensors have different element types. Convert one, for example with .float() or "
        ".to(other.dtype).",
    ),
    _rule(
        r"Torch not compiled with CUDA enabled",
        "This torch was built without CUDA. Choose the CPU, or install a CUDA build of torch.",
    ),
    _rule(
        r"CUDA out of memory",
        "The GPU's memory is full. Make batches smaller, free tensors, or use no_grad where no "
        "gradient is needed.",
    ),
    _rule(
        r"result type \w+ can't be cast to the desired output type (?P<type>\w+)",
        lambda found: (
            f"An in-place operation cannot change the tensor's type, and the result does not fit "
            f"in {found['type']}. Convert the tensor first, or compute a new one."
        ),
    ),
    _rule(
        r"Inplace update to inference tensor|Inference tensors cannot be saved for backward",
        "This tensor was made inside inference_mode and may not join a graph. clone() it outside.",
    ),
    _rule(
        r"output with shape (?P<own>\[.*?\]) doesn't match the broadcast shape (?P<all>\[.*?\])",
        lambda found: (
            f"Written in place, the result must fit into {found['own']}, but it has the shape "
            f"{found['all']}. Only the other side can be stretched."
        ),
    ),
)
