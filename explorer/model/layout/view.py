"""All that the layout pane draws for one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.model.card import Card, Content, storage_letter
from explorer.model.layout.aliases import Seen, last_write, listed, write_sentence
from explorer.model.layout.failures import LayoutFailure, layout_failure
from explorer.model.layout.header_facts import Fact, header_facts
from explorer.model.layout.holders import Holder, Holders
from explorer.model.layout.origin import OWN, origin_of
from explorer.model.layout.reach import places_reached
from explorer.model.layout.sharers import Sharer, sharers
from explorer.model.layout.why import (
    Piece,
    contiguity_sentence,
    kept_alive_sentence,
    layout_of,
    reach_of,
    repeats_sentence,
    sharing_sentence,
)
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.strides import Layout
from explorer.model.tensor_words import size_words

MOST_NAMES = 60
"""Names on one storage that are looked at; with more, the pane says so."""


@dataclass(frozen=True)
class LayoutView:
    """`sentence` alone is set when there is nothing to draw, and says why."""

    step: int
    tensor: int = 0
    name: str = ""
    sentence: str = ""
    card: Card | None = None
    layout: Layout | None = None
    content: Content | None = None
    everyone: tuple[Sharer, ...] = ()
    """The chosen tensor first."""
    facts: tuple[Fact, ...] = ()
    sentences: tuple[str, ...] = ()
    cell: tuple[int, ...] | None = None
    failure: LayoutFailure | None = None

    @property
    def storage(self) -> int:
        return self.card.storage if self.card is not None else 0

    @property
    def letter(self) -> str:
        return storage_letter(self.storage)

    @property
    def unit(self) -> int:
        """Bytes of one cell of the strip."""
        return self.card.kind.itemsize if self.card is not None else 1

    @property
    def length(self) -> int:
        """Whole cells of the storage."""
        return self.content.nbytes // self.unit if self.content is not None else 0

    @property
    def rest(self) -> int:
        """Bytes at the end of the storage that fill no cell."""
        return self.content.nbytes % self.unit if self.content is not None else 0

    @property
    def title(self) -> str:
        """`storage A, 12 × float32, 48 B`."""
        if self.card is None or self.content is None:
            return ""
        held = size_words(self.content.nbytes)
        return f"storage {self.letter}, {self.length:,} × {self.card.kind.dtype}, {held}"

    @property
    def general(self) -> tuple[Piece, ...]:
        """`d[i, j] → offset 0 + i·1 + j·4`, for no cell in particular."""
        if self.layout is None:
            return ()
        letters = "ijklmnpq"[: self.layout.ndim]
        if len(letters) < self.layout.ndim or not letters:
            return (Piece(f"{self.name} → offset {self.layout.offset}"),)
        pieces = [Piece(f"{self.name}[{', '.join(letters)}] → offset {self.layout.offset}")]
        for letter, stride in zip(letters, self.layout.stride, strict=True):
            pieces += [Piece(f" + {letter}·"), Piece(str(stride), "stride")]
        return tuple(pieces)

    def write_sentence(self, seen: Sequence[Seen]) -> str:
        """What the step itself wrote into this storage, as a sentence of its own."""
        told = write_sentence(seen)
        return f"This step {told}." if told else ""


def layout_view(recording: Recording, holders: Holders, moment: Moment) -> LayoutView:
    """What to draw for a moment."""
    step = moment.step
    card = recording.card(step, moment.tensor) if moment.tensor else None
    if card is None:
        named = f"{moment.name} is not there at this step." if moment.name else ""
        return LayoutView(step, sentence=named or "Choose a tensor: its storage is drawn here.")
    found = holders.on_storage(step, card.storage, MOST_NAMES)
    name = moment.name or (found[0].title if found else "tensor")
    layout = layout_of(card)
    content = recording.content(step, card.storage)
    blank = _blank_sentence(name, card, layout, content)
    if layout is None or blank:
        return LayoutView(step, card.tensor, name, blank, card)
    everyone = sharers(_with_chosen(found, name, card), card)
    cell = moment.cell
    if cell is not None and (
        len(cell) != layout.ndim
        or not all(0 <= i < n for i, n in zip(cell, layout.shape, strict=True))
    ):
        cell = None
    base = _base_name(recording, holders, step, card, everyone)
    names = [one.title for one in found]
    written = _last_write(recording, step, card)
    whole = len(found) < MOST_NAMES
    facts = header_facts(card, layout, content, names, base, written, whole)
    sentences = _sentences(recording, holders, step, name, card, layout, content, everyone)
    return LayoutView(
        step,
        card.tensor,
        name,
        "",
        card,
        layout,
        content,
        tuple(everyone),
        tuple(facts),
        tuple(one for one in sentences if one),
        cell,
        layout_failure(recording, step),
    )


def _with_chosen(found: list[Holder], name: str, card: Card) -> list[Holder]:
    """The holders, and the chosen tensor itself when no name leads to it."""
    if any(one.card.tensor == card.tensor for one in found):
        return found
    return [Holder(name, card, 0), *found]


def _blank_sentence(name: str, card: Card, layout: Layout | None, content: Content | None) -> str:
    kind = card.kind
    if layout is None:
        return (
            f"{name} is {kind.layout}: it has no row of numbers of its own. Its parts, such as "
            f"indices and values, are tensors with a storage each."
        )
    if kind.device == "meta":
        return f"{name} is on meta: a shape and strides, but no storage with numbers."
    if content is None or not content.nbytes:
        return f"The storage of {name} is empty: 0 bytes."
    return ""


def _base_name(
    recording: Recording, holders: Holders, step: int, card: Card, everyone: list[Sharer]
) -> str:
    """What the tensor is a view of: its base, or else the oldest other tensor on the storage."""
    if "view" not in card.kind.flags and not card.base:
        return ""
    found = holders.of_tensor(step, card.base) if card.base else []
    older = [one for one in everyone if one.card.tensor < card.tensor]
    if found:
        return found[0].title
    return older[0].names[0] if older else "a tensor that no name kept"


def _last_write(recording: Recording, step: int, card: Card) -> str:
    at = last_write(recording, step, card.storage)
    if at < 0:
        return ""
    code = recording.step(at).statement.code
    return f"at step {recording.steps.label(at)}, {code[:40]}{'…' if len(code) > 40 else ''}"


def _sentences(
    recording: Recording,
    holders: Holders,
    step: int,
    name: str,
    card: Card,
    layout: Layout,
    content: Content | None,
    everyone: list[Sharer],
) -> list[str]:
    others = [one for one in everyone if one.card.tensor != card.tensor]
    differing = [one for one in others if one.layout != layout]
    told = []
    if differing:
        other = differing[0]
        told.append(sharing_sentence(name, layout, other.names[0], other.layout))
    told.append(contiguity_sentence(layout))
    told.append(repeats_sentence(name, layout))
    origin = origin_of(recording, holders, card.tensor, step)
    if origin is not None:
        told.append(_lent(others) if others and origin.sentence == OWN else origin.sentence)
    known = all(places_reached(one.layout) is not None for one in everyone)
    if content is not None and known and len(everyone) < MOST_NAMES:
        reaches = [reach_of(one.layout, one.card.kind.itemsize, content.nbytes) for one in everyone]
        told.append(
            kept_alive_sentence([one.names[0] for one in everyone], reaches, content.nbytes)
        )
    return told


def _lent(others: Sequence[Sharer]) -> str:
    """What is so of a tensor whose own storage others have come to look into."""
    names = list(dict.fromkeys(one.names[0] for one in others))
    look = "looks" if len(names) == 1 else "look"
    return f"It came with a storage of its own, into which {listed(names)} {look} now as well."
