"""Where a tensor came from: the statement that made it, and why it is a view or a copy."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from explorer.model.card import Card
from explorer.model.layout.holders import Holders
from explorer.model.layout.why import header_of, layout_of
from explorer.model.recording import Recording
from explorer.model.shapes.calls import Forecast, forecast
from explorer.model.shapes.rules.outcome import Header

_SHARING = {
    "detach": (
        "detach() gives a new tensor over the same storage, cut from the graph. It shares the "
        "version counter, so autograd notices what is written through it."
    ),
    "data": (
        ".data gives a new tensor over the same storage, cut from the graph and with a version "
        "counter of its own: autograd does not notice what is written through it."
    ),
    "numpy": "numpy() gives an array over the same memory: writing into one shows in the other.",
    "from_numpy": (
        "from_numpy() takes over the array's memory without copying: writing into one shows in "
        "the other."
    ),
    "from_dlpack": (
        "from_dlpack() takes over memory that another library holds: writing on one side shows on "
        "the other."
    ),
    "frombuffer": "frombuffer() takes over the buffer's memory without copying.",
    "as_tensor": "as_tensor() shares the memory of what it is given where dtype and device fit.",
    "asarray": "asarray() shares the memory of what it is given where dtype and device fit.",
}
_FROM_OUTSIDE = ("from_numpy", "from_dlpack", "frombuffer")
"""These share with what is no tensor, so that no other name need be on the storage."""
_COPYING = {
    "clone": "clone() always copies, so nothing is shared.",
    "tensor": "torch.tensor() always copies what it is given.",
    "Tensor": "torch.Tensor() copies what it is given.",
    "contiguous": "contiguous() copies when the elements do not lie in row order already.",
    "reshape": "reshape() copies only where no strides can show the new shape.",
    "flatten": "flatten() copies only where no strides can show the new shape.",
}


OWN = "It has a storage of its own: what is written into it shows nowhere else."
_ITEM = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Origin:
    """The step that made a tensor, its code, and one sentence about view or copy."""

    step: int
    code: str
    shares_with: tuple[str, ...]
    """Names that were on the storage before the tensor was; empty for a new storage."""
    sentence: str


def origin_of(recording: Recording, holders: Holders, tensor: int, step: int) -> Origin | None:
    """How a tensor that is there at a step came to be; None when that was not seen."""
    card = recording.card(step, tensor)
    born = first_step(recording, tensor, step)
    if card is None or born < 0:
        return None
    made = recording.step(born)
    born_card = recording.card(born, tensor) or card
    before = [one for one in holders.on_storage(born - 1, born_card.storage) if not one.function]
    shares = tuple(dict.fromkeys(one.path for one in before))
    code = made.statement.code
    names = headers_in(recording, born - 1, code)
    flags = tuple({*born_card.kind.flags, *card.kind.flags} & {"numpy", "view"})
    born_card = replace(born_card, kind=replace(born_card.kind, flags=flags))
    sentence = _sentence(code, names, born_card, bool(shares))
    return Origin(born, code, shares, sentence)


def first_step(recording: Recording, tensor: int, step: int) -> int:
    """The first step after which a tensor was there, at most `step`; -1 when it was not."""
    if recording.card(step, tensor) is None:
        return -1
    low, high = 0, step
    while low < high:
        middle = (low + high) // 2
        if recording.card(middle, tensor) is None:
            low = middle + 1
        else:
            high = middle
    return low


def headers_in(recording: Recording, step: int, code: str) -> dict[str, Header]:
    """The tensors of the step's frame that some code mentions, as the prediction takes them.

    A path such as `net.0.weight` is found as `net[0].weight` too.
    """
    found = {}
    for path in _paths_in(code):
        tensor = recording.tensor_named(step, path)
        card = recording.card(step, tensor) if tensor else None
        if card is not None:
            header = header_of(card, recording.content(step, card.storage))
            if header is not None:
                found[path] = header
    return found


def _paths_in(code: str) -> list[str]:
    """Every name, attribute and item that stands in the code, as it stands and as a path."""
    try:
        nodes = list(ast.walk(ast.parse(code.strip())))
        texts = [ast.unparse(n) for n in nodes if isinstance(n, ast.Name | ast.Attribute)]
        texts += [ast.unparse(n) for n in nodes if isinstance(n, ast.Subscript)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Half-typed code, or a path such as `net.0.weight` that is no Python as it stands.
        texts = [
            found[0][:end]
            for found in re.finditer(r"[^\W\d]\w*(?:\.\w+|\[\w+\])*", code)
            for end in (*(at.start() for at in re.finditer(r"[.\[]", found[0])), None)
        ]
    paths = dict.fromkeys(texts)
    paths.update(dict.fromkeys(_ITEM.sub(r".\1", text) for text in texts))
    return list(paths)


def _sentence(code: str, names: Mapping[str, Header], card: Card, shares: bool) -> str:
    told = _foretold(code, names, card)
    if told is not None and told.steps:
        decisive = next((one for one in told.steps if one[1].copied), told.steps[-1])
        if decisive[0].name not in ("detach", "data", "clone"):
            return decisive[1].why
    outside = "numpy" in card.kind.flags
    for name in _calls(code):
        known = _SHARING if shares or outside or name in _FROM_OUTSIDE else _COPYING
        if name in known:
            return known[name]
    if outside:
        return "It shares its memory with a NumPy array: what one writes the other shows."
    if shares:
        return "It looks into a storage that was there before: a view."
    if "view" in card.kind.flags:
        return "It looks into the storage of a tensor that no name kept."
    return OWN


def _foretold(code: str, names: Mapping[str, Header], card: Card) -> Forecast | None:
    """The prediction for the statement, when it is one chain of calls and comes out right."""
    layout = layout_of(card)
    if layout is None or not names:
        return None
    told = forecast(code, names, next(iter(names)))
    if told.result is None:
        return None
    predicted = told.result.layout
    same = (predicted.shape, predicted.stride) == (layout.shape, layout.stride)
    return told if same else None


def refused_view(code: str, names: Mapping[str, Header]) -> Forecast | None:
    """The prediction for a statement that raised, when it says why; for the drawing of it."""
    told = forecast(code, names, next(iter(names))) if names else None
    return told if told is not None and told.refusal is not None else None


def _calls(code: str) -> list[str]:
    """Names of the calls and attributes of a statement, the outermost first."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append(node.func.id)
    return found
