"""Histograms of a tensor's numbers, and of its gradient's, each time that they changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Search
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import Bars, NumberBox, ReadStatistics, Sight, Statistics

MOST_FRAMES = 160
"""Of more changes so many are shown, spread evenly."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """What the numbers were like from a step on."""

    step: int
    counted: Statistics

    @property
    def edges(self) -> Floats:
        """The borders of the bars, one more than there are bars."""
        bars = self.counted.bars
        first = np.arange(len(bars.counts) + 1, dtype=np.float64) + bars.first
        return np.ldexp(first, bars.power)


@dataclass(frozen=True)
class WeightHistory:
    """One tensor's histograms in order of the steps; ``changes`` is how many there were in all."""

    name: str
    gradient: bool
    frames: tuple[Frame, ...]
    changes: int

    @property
    def title(self) -> str:
        """``net.0.weight`` or ``net.0.weight.grad``."""
        return f"{self.name}.grad" if self.gradient else self.name


def histories(
    recording: Recording, wanted: Sequence[tuple[int, str]]
) -> Search[list[WeightHistory]]:
    """Numbers and gradients of tensors, given as (id, name)."""
    found = []
    for tensor, name in wanted:
        for gradient, places in (
            (False, _own_contents(recording, tensor)),
            (True, _gradient_contents(recording, tensor)),
        ):
            frames = yield from _counted(_spread(places))
            if frames:
                found.append(WeightHistory(name, gradient, tuple(frames), len(places)))
    return found


Place = tuple[int, NumbersOf]


def _own_contents(recording: Recording, tensor: int) -> list[Place]:
    """Every content that a tensor showed, with the step from which it did."""
    places: list[Place] = []
    for step, ending, card in _stretches(recording, tensor):
        places += _contents_of(recording, card, step, ending)
    return _once(places)


def _gradient_contents(recording: Recording, tensor: int) -> list[Place]:
    places: list[Place] = []
    for step, ending, card in _stretches(recording, tensor):
        grad = recording.card(step, card.grad) if card.grad else None
        if grad is not None:
            places += _contents_of(recording, grad, step, ending)
    return _once(places)


def _stretches(recording: Recording, tensor: int) -> list[tuple[int, int, Card]]:
    """(first step, step behind the last, card) of each stretch with the same card."""
    steps = [step for step, _ in recording.cards_history(tensor)]
    ends = [*steps[1:], len(recording)]
    cards = [recording.card(step, tensor) for step in steps]
    rows = zip(steps, ends, cards, strict=True)
    return [(step, end, card) for step, end, card in rows if card is not None]


def _contents_of(recording: Recording, card: Card, step: int, ending: int) -> list[Place]:
    floating = card.kind.dtype.startswith(("float", "bfloat"))
    if not floating or not card.numel or card.kind.layout != "strided":
        return []
    written = (at for at, _ in recording.contents_history(card.storage))
    places = []
    for at in sorted({step, *(at for at in written if step < at < ending)}):
        content = recording.content(at, card.storage)
        if content is not None and content.id and content.id not in recording.dropped:
            places.append((at, card.numbers(content.id)))
    return places


def _once(places: Iterable[Place]) -> list[Place]:
    """Each content once, where it first was."""
    found: dict[NumbersOf, int] = {}
    for step, numbers in sorted(places, key=lambda place: place[0]):
        found.setdefault(numbers, step)
    return [(step, numbers) for numbers, step in found.items()]


def _spread(places: list[Place]) -> list[Place]:
    if len(places) <= MOST_FRAMES:
        return places
    last = len(places) - 1
    wanted = {round(at * last / (MOST_FRAMES - 1)) for at in range(MOST_FRAMES)}
    return [places[at] for at in sorted(wanted)]


def _counted(places: list[Place]) -> Search[list[Frame]]:
    frames = []
    for step, numbers in places:
        shape = numbers.shape
        box = NumberBox((0,) * len(shape), shape, (1,) * len(shape))
        answer = yield ReadStatistics(Sight(numbers), box)
        if isinstance(answer, Statistics):
            frames.append(Frame(step, answer))
    return frames


def span(frames: Sequence[Frame]) -> tuple[float, float]:
    """The smallest and the largest of all numbers; (0, 0) when none is finite."""
    low = [float(one.counted.low) for one in frames if one.counted.low is not None]
    high = [float(one.counted.high) for one in frames if one.counted.high is not None]
    return (min(low), max(high)) if low and high else (0.0, 0.0)


def density(frames: Sequence[Frame], rows: int) -> Floats:
    """Rows (lowest numbers first) × frames: which part of the finite numbers lies in each row."""
    low, high = span(frames)
    room = (high - low) or max(abs(high), 1.0)
    borders = np.linspace(low - 1e-9 * room, low + room * (1 + 1e-9), rows + 1)
    made = np.zeros((rows, len(frames)))
    for column, frame in enumerate(frames):
        edges, counts = frame.edges, np.array(frame.counted.bars.counts, np.float64)
        if counts.sum() == 0:
            continue
        least, most = span([frame])
        edges = np.clip(edges, least, max(most, least + 1e-9 * room))  # bars reach beyond both
        below = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum()
        part = np.interp(borders, edges, below, left=0.0, right=1.0)
        made[:, column] = np.diff(part)
    return made


def rebuilt(bars: Bars) -> list[tuple[float, float, int]]:
    """(from, to, count) of every bar that is not empty."""
    edges = [(bars.first + at) * 2.0**bars.power for at in range(len(bars.counts) + 1)]
    pairs = zip(itertools.pairwise(edges), bars.counts, strict=True)
    return [(left, right, count) for (left, right), count in pairs if count]
