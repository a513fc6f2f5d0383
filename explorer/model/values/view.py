"""All that the values pane shows of one moment, resolved from what is wished and what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from explorer.model.card import Card, Content
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.slicing import SliceError, parse
from explorer.model.values.plane import Plane, plane_of, plane_over
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import NumberBox, Sight, SightShape

ShapeOf = Callable[[Sight], SightShape | None]


@dataclass(frozen=True)
class Comparison:
    """What the tensor is compared with: the tensor at another step, another name, its gradient."""

    how: str
    """As in `Sight.how`."""
    step: int | None = None
    name: str = ""
    grad: bool = False


@dataclass(frozen=True)
class Wish:
    """What the user wants to see of whichever tensor is looked at."""

    part: str = ""
    compare: Comparison | None = None


@dataclass(frozen=True)
class Page:
    """What stands in the place of numbers: what is so, and what to do."""

    title: str
    sentence: str
    kind: str = "none"
    """``none``, ``empty``, ``dropped``, ``waiting`` or ``failed``."""


@dataclass(frozen=True)
class ValuesView:
    """``page`` is set when there are no numbers to show; else ``sight`` and ``plane`` are."""

    name: str = ""
    page: Page | None = None
    card: Card | None = None
    sight: Sight | None = None
    shape: tuple[int, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    plane: Plane | None = None
    cell: tuple[int, int] | None = None
    """Row and column of the moment's cell, where the plane shows it."""
    changed: Sight | None = None
    """Asks which numbers this step wrote; None when it wrote none of them."""
    slice_error: str = ""
    comparison: str = ""
    """What the numbers are compared with, in words."""
    derivative: Sight | None = None
    """Derivatives by which the cells are coloured; None when they are by their own numbers."""
    derivative_words: str = ""
    """``∂loss/∂w``."""

    @property
    def dtype(self) -> str:
        """The dtype of the numbers, as far as the card tells it."""
        sight = self.sight
        if sight is not None and sight.against is not None:
            return "float64"
        return self.card.kind.dtype if self.card is not None else ""

    @property
    def code(self) -> str:
        """The slice as code."""
        return self.plane.code(self.name) if self.plane is not None else ""


def values_view(recording: Recording, moment: Moment, wish: Wish, shape_of: ShapeOf) -> ValuesView:
    """Resolve a wish at a moment. ``shape_of`` tells what is known of a sight's shape."""
    card = recording.card(moment.step, moment.tensor) if moment.tensor else None
    name = moment.name or "this tensor"
    if card is None:
        return ValuesView(name, _no_tensor(recording, moment))
    content = recording.content_of(moment.step, moment.tensor)
    page = _no_numbers(recording, card, content, name)
    if page is not None or content is None:
        return ValuesView(name, page, card)
    sight = Sight(card.numbers(content.id), wish.part)
    parts = _parts(card, sight, shape_of)
    words = ""
    if wish.compare is not None:
        against = _against(recording, moment, card, wish.compare)
        if isinstance(against, Page):
            return ValuesView(name, against, card, parts=parts)
        sight = replace(sight, against=against, how=wish.compare.how)
        words = comparison_words(recording, wish.compare, name)
    changed = _written(recording, moment, sight)
    view = ValuesView(name, None, card, sight, parts=parts, changed=changed, comparison=words)
    return _laid_out(view, moment, shape_of)


def box_of(plane: Plane, row: int, rows: int, column: int, columns: int) -> NumberBox:
    """A rectangle of a plane's cells, as the worker is asked for it."""
    box = plane.box(row, rows, column, columns)
    return NumberBox(box.starts, box.counts, box.steps)


def plain(sight: Sight) -> bool:
    """Whether dtype and shape of a sight stand on its card."""
    source = sight.source
    ordinary = source.layout == "strided" and -1 not in source.shape
    return ordinary and not sight.part and not {"quantized", "subclass"} & set(source.flags)


def slice_text_of(plane: Plane) -> str:
    """What a moment carries of a plane: nothing for the one that a tensor is first shown in."""
    if plane == plane_over(plane.shape):
        return ""
    code = plane.code()
    return code if code.endswith(".T") else code[1:-1]


def has_parts(card: Card) -> bool:
    """Whether there is more than one way to look at a tensor's numbers."""
    kind = card.kind
    special = kind.layout != "strided" or "quantized" in kind.flags or -1 in kind.shape
    return special or kind.dtype.startswith("complex")


def _laid_out(view: ValuesView, moment: Moment, shape_of: ShapeOf) -> ValuesView:
    assert view.sight is not None
    if plain(view.sight):
        shape: tuple[int, ...] = view.sight.source.shape
    else:
        known = shape_of(view.sight)
        if known is None:
            waiting = Page("Asking", f"The shape of {view.name} is being asked for.", "waiting")
            return replace(view, page=waiting)
        shape = known.shape
    plane, error = _plane(shape, moment.slice_text)
    own = not view.sight.part or (view.card is not None and shape == view.card.kind.shape)
    cell = None
    if own and moment.cell is not None and len(moment.cell) == len(shape):
        plane = plane.towards(moment.cell)
        cell = plane.cell_of(moment.cell)
    view = replace(view, shape=shape, plane=plane, slice_error=error, cell=cell)
    return replace(view, page=_nothing_in(view)) if plane.empty else view


def _plane(shape: tuple[int, ...], text: str) -> tuple[Plane, str]:
    if not text:
        return plane_over(shape), ""
    try:
        return plane_of(parse(text, shape)), ""
    except SliceError as err:
        return plane_over(shape), str(err)


def _no_tensor(recording: Recording, moment: Moment) -> Page:
    if len(recording) == 0:
        return Page("No numbers yet", "Run a program: the numbers of its tensors appear here.")
    if moment.name:
        return Page(
            f"{moment.name} is not there",
            f"At this step no tensor is called {moment.name}; go to a step where there is one, or "
            "choose another tensor.",
        )
    return Page("No tensor chosen", "Choose a tensor in the list to see its numbers.")


def _no_numbers(
    recording: Recording, card: Card, content: Content | None, name: str
) -> Page | None:
    kind = card.kind
    if kind.device.startswith("meta"):
        return Page(
            "A shape without numbers",
            f"{name} is on meta: it is known to be {kind.dtype} {list(kind.shape)}, but nothing is "
            "stored and nothing is calculated. Choose another device to have numbers.",
            "empty",
        )
    if content is None or not content.id:
        return Page(
            "Not kept",
            f"What {name} held at this step was not kept; numbers of other steps may be there.",
            "dropped",
        )
    reason = recording.dropped.get(content.id)
    if reason:
        return Page(
            "Dropped",
            f"{reason} Go to a later step, or allow more in the menu Run, Memory of recordings.",
            "dropped",
        )
    return None


def _nothing_in(view: ValuesView) -> Page:
    """Why an empty slice is empty."""
    plane = view.plane
    assert plane is not None
    if 0 in plane.shape:
        dim = plane.shape.index(0)
        return Page(
            "Empty tensor",
            f"{view.name} has shape {list(plane.shape)}: dimension {dim} has no elements, so there "
            "is no number in it.",
            "empty",
        )
    return Page(
        "Empty slice",
        f"{view.code} takes nothing of shape {list(plane.shape)}; widen a range in the slice.",
        "empty",
    )


def _parts(card: Card, sight: Sight, shape_of: ShapeOf) -> tuple[tuple[str, str], ...]:
    """Ways to look at the tensor, as far as the worker has told them."""
    if not has_parts(card):
        return ()
    known = shape_of(Sight(sight.source))
    return known.parts if known is not None else ()


def _against(
    recording: Recording, moment: Moment, card: Card, compare: Comparison
) -> NumbersOf | Page:
    step = moment.step if compare.step is None else compare.step
    tensor = moment.tensor
    if compare.name:
        tensor = recording.tensor_named(step, compare.name)
    elif compare.grad:
        tensor = card.grad
    other = recording.card(step, tensor) if tensor else None
    content = recording.content_of(step, tensor) if tensor else None
    words = comparison_words(recording, compare, moment.name)
    if other is None or content is None or not content.id:
        return Page(
            "Nothing to compare with",
            f"There is no {words.removeprefix('against ')} with numbers; choose another "
            "comparison, or none.",
        )
    reason = recording.dropped.get(content.id)
    if reason:
        return Page("Dropped", f"Of {words.removeprefix('against ')}: {reason}", "dropped")
    return other.numbers(content.id)


def comparison_words(recording: Recording, compare: Comparison, name: str) -> str:
    """What a comparison is with, such as ``against x at step 4``."""
    if compare.grad:
        return f"against {name}.grad"
    at = ""
    if compare.step is not None and 0 <= compare.step < len(recording):
        at = f" at step {recording.step(compare.step).label}"
    return f"against {compare.name or name}{at}"


def _written(recording: Recording, moment: Moment, sight: Sight) -> Sight | None:
    """Compares with what the storage held before this step, when this step wrote to it."""
    if sight.against is not None or not moment.tensor:
        return None
    card = recording.card(moment.step, moment.tensor)
    content = recording.content_of(moment.step, moment.tensor)
    if card is None or content is None or content.since != moment.step:
        return None
    before = recording.content(moment.step - 1, card.storage) if moment.step > 0 else None
    earlier = recording.card(moment.step - 1, moment.tensor) if moment.step > 0 else None
    if before is None or earlier is None or earlier.kind.shape != card.kind.shape:
        return None
    if not before.id or before.id in recording.dropped or before.id == content.id:
        return None
    return replace(sight, against=earlier.numbers(before.id), how="changed")
