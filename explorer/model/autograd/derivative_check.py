"""Derivatives checked numerically: what to ask, and what came of it in words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from explorer.model.autograd.gradient_request import CannotCheck, check_request
from explorer.model.autograd.rerun_requests import InFreshWorker, Program, seeded
from explorer.model.autograd.sensitivity import Sensitivities, depends_on
from explorer.model.autograd.sensitivity_again import number_at
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Search, gather
from explorer.protocol.gradient_check import CheckedCell, GradientChecked
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.protocol.running import Failed

MOST_CELLS = 200
"""Cells of one tensor that are checked; of a larger one so many, spread over it."""


@dataclass(frozen=True)
class Verdict:
    """``worst`` is the cell furthest off (None: nothing was checked), ``good`` whether every cell
    agrees; ``found`` are the derivatives that were checked."""

    sentence: str
    good: bool = False
    worst: tuple[int, ...] | None = None
    found: Sensitivities | None = None


def check(
    recording: Recording,
    program: Program,
    found: Sensitivities | None,
    upstream: tuple[int, int, str],
    cell: tuple[int, ...] | None,
) -> Search[Verdict]:
    """Check the derivatives of ``found`` with respect to a tensor, or what the last backward that
    reached it recorded.

    ``upstream`` is (step, tensor, name); ``cell`` None checks all of its cells.
    """
    step, tensor, name = upstream
    if found is None or not found.upstream or tensor not in found.derivatives:
        found = yield from _of_last_backward(recording, step, tensor)
    if found is None or tensor not in found.derivatives:
        return Verdict(
            f"No derivative with respect to {name} is known. Choose a cell of a result, press D,"
            f" and then choose {name}."
        )
    numbers = found.derivatives[tensor]
    told = yield ReadNumbers((numbers, number_at(recording, found)), _count(numbers.shape))
    if not isinstance(told, Numbers) or not all(isinstance(one, list) for one in told.lists):
        return Verdict(f"The numbers of {found.words(name)} are not there any more.", found=found)
    by_cell = dict(zip(_cells(numbers.shape), told.lists[0], strict=False))
    wanted = [cell] if cell is not None else _spread(list(by_cell))
    made = _written_at(recording, found)
    program = yield from seeded(program)
    try:
        request = check_request(
            recording,
            program,
            (made, tensor),
            (made, found.tensor),
            found.cell,
            float(told.lists[1][0]),
            {one: float(by_cell[one]) for one in wanted if one in by_cell},
        )
    except CannotCheck as err:
        return Verdict(str(err), found=found)
    answer = yield InFreshWorker(request)
    if not isinstance(answer, GradientChecked):
        return Verdict(answer.sentence if isinstance(answer, Failed) else "", found=found)
    return replace(_verdict(found.words(name), answer, len(by_cell)), found=found)


def _of_last_backward(recording: Recording, step: int, tensor: int) -> Search[Sensitivities | None]:
    evidence = yield from gather(recording)
    for one in reversed(evidence.passes):
        if tensor not in one.leaves or one.error or one.began > step or len(one.roots) != 1:
            continue
        for root in recording.tensors():
            card = recording.card(one.began, root)
            if card is not None and card.node == one.roots[0] and card.numel == 1:
                name = evidence.name_of(one.began, root)
                cell = (0,) * len(card.kind.shape)
                return (yield from depends_on(recording, one.began, root, name, cell))
    return None


def _written_at(recording: Recording, found: Sensitivities) -> int:
    """The step that wrote the result: from there the way back to what it was computed from."""
    content = recording.content_of(found.step, found.tensor)
    return content.since if content is not None else found.step


def _cells(shape: tuple[int, ...]) -> itertools.product[tuple[int, ...]]:
    return itertools.product(*(range(size) for size in shape))


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _spread(cells: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    if len(cells) <= MOST_CELLS:
        return cells
    places = {round(at * (len(cells) - 1) / (MOST_CELLS - 1)) for at in range(MOST_CELLS)}
    return [cells[place] for place in sorted(places)]


def _verdict(words: str, answer: GradientChecked, count: int) -> Verdict:
    checked = answer.cells
    if not checked:
        return Verdict(f"{words} has no cells to check.")
    worst = checked[answer.worst]
    smooth = [one for one in checked if not one.kink]
    wrong = [one for one in smooth if not one.agrees]
    if len(checked) == 1:
        return Verdict(_one_cell(words, worst), not wrong and bool(smooth), worst.cell)
    bad = max(wrong, key=lambda one: one.excess) if wrong else None
    many = f"{len(checked)} of {count} cells" if len(checked) < count else f"{count} cells"
    kinks = len(checked) - len(smooth)
    rest = f" At {kinks} of them there is a kink, so nothing is right or wrong." if kinks else ""
    if bad is None:
        top = max(smooth, key=lambda one: one.excess, default=worst)
        head = f"{words} agrees with central differences in all of {many}."
        return Verdict(f"{head} The worst is {_numbers(top)}.{rest}", True, top.cell)
    head = f"{words} is wrong in {len(wrong)} of {many}."
    return Verdict(f"{head} The worst is {_numbers(bad)}.{rest}", False, bad.cell)


def _one_cell(words: str, one: CheckedCell) -> str:
    if one.kink:
        return (
            f"{words}{_place(one)} cannot be checked: the slopes on both sides of the number"
            f" differ, so there is a kink. Autograd gives {one.recorded:.7g}."
        )
    agrees = "agrees" if one.agrees else "does NOT agree"
    return f"{words} {agrees} with central differences: {_numbers(one)}."


def _numbers(one: CheckedCell) -> str:
    return (
        f"{_place(one) or 'the number'}: {one.recorded:.7g} by autograd, {one.numeric:.7g} ±"
        f" {one.tolerance:.1g} by differences, {one.excess:.2g} of the tolerance apart"
    )


def _place(one: CheckedCell) -> str:
    return f"[{', '.join(map(str, one.cell))}]" if one.cell else ""
