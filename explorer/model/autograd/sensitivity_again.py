"""What a cell depends on, or where it flows, where the graph is gone: the program is run again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from explorer.model.autograd.gradient_request import CannotCheck, place_of
from explorer.model.autograd.rerun_requests import InFreshWorker, Program, seeded
from explorer.model.autograd.sensitivity import Sensitivities, downstream_of
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search, strength
from explorer.protocol.derivatives_again import (
    DerivativesAgain,
    DerivativesKept,
    DifferentiateAgain,
    FlowAgain,
    KeepDerivatives,
    ShapedNumbers,
)
from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.running import Failed


def depends_on_again(
    recording: Recording, program: Program, base: Sensitivities
) -> Search[Sensitivities]:
    """Everything upstream of a cell, by running the program once more in another process."""
    card = recording.card(base.step, base.tensor)
    content = recording.content_of(base.step, base.tensor)
    if card is None or content is None:
        return replace(base, sentence=f"{base.name} was not there at that step.")
    expected = yield ReadNumbers((number_at(recording, base),), 1)
    graph = yield from Evidence(recording, ()).graph((card.node,))
    lists = expected.lists if isinstance(expected, Numbers) else ()
    if graph is None or not lists or not isinstance(lists[0], list):
        return replace(base, sentence=f"The numbers of {base.name} are not there any more.")
    try:
        place = place_of(recording, content.since, base.tensor, program[0])
    except CannotCheck as err:
        return replace(base, sentence=str(err))
    path, arguments, seed = yield from seeded(program)
    value = float(lists[0][0])
    request = DifferentiateAgain(path, arguments, seed, place, base.cell, value, graph.name)
    answer = yield InFreshWorker(request)
    if not isinstance(answer, DerivativesAgain):
        return replace(base, sentence=answer.sentence if isinstance(answer, Failed) else "")
    kept = yield KeepDerivatives(answer.derivatives, answer.tail[8 * answer.nodes :])
    if not isinstance(kept, DerivativesKept):
        return replace(base, sentence=kept.sentence if isinstance(kept, Failed) else "")
    return _found(recording, base, graph, answer, kept.numbers)


def flows_to_again(
    recording: Recording, program: Program, base: Sensitivities
) -> Search[Sensitivities]:
    """Everything downstream of a cell, by running the program once more in another process;
    ``base`` again, with the reason, where that cannot be."""
    cards = downstream_of(recording, base.step, base.tensor)
    content = recording.content_of(base.step, base.tensor)
    expected = yield ReadNumbers((number_at(recording, base),), 1)
    lists = expected.lists if isinstance(expected, Numbers) else ()
    if content is None or not lists or not isinstance(lists[0], list):
        return _not_again(base, f"The numbers of {base.name} are not there any more.")
    try:
        start = place_of(recording, content.since, base.tensor, program[0])
        places = _places(recording, base.step, tuple(cards), program[0])
    except CannotCheck as err:
        return _not_again(base, str(err))
    value, results = float(lists[0][0]), tuple(places.values())
    path, arguments, seed = yield from seeded(program)
    answer = yield InFreshWorker(FlowAgain(path, arguments, seed, start, base.cell, value, results))
    if not isinstance(answer, DerivativesAgain):
        return _not_again(base, answer.sentence if isinstance(answer, Failed) else "")
    kept = yield KeepDerivatives(answer.derivatives, answer.tail[8 * answer.nodes :])
    if not isinstance(kept, DerivativesKept):
        return _not_again(base, kept.sentence if isinstance(kept, Failed) else "")
    tensors = [list(places)[one.place] for one in answer.derivatives]
    briefs = yield from Evidence(recording, ()).briefs(kept.numbers)
    found = dict(zip(tensors, kept.numbers, strict=True))
    sizes = {cards[one].node: strength(brief) for one, brief in zip(tensors, briefs, strict=True)}
    told = "" if found else f"Nothing that has a name now was computed from {base.of}."
    return replace(base, derivatives=found, nodes=sizes, sentence=told)


def _not_again(base: Sensitivities, reason: str) -> Sensitivities:
    told = f"Only what backward recorded is told. {reason}" if base.derivatives else reason
    return replace(base, sentence=told)


def _places(
    recording: Recording, step: int, tensors: tuple[int, ...], file: str
) -> dict[int, CheckedPlace]:
    """By tensor: right behind the statement that wrote it; those without such a place are left
    out.

    Raises:
        CannotCheck: when none has one.
    """
    found: dict[int, CheckedPlace] = {}
    refused = CannotCheck("Nothing that has a name now was computed later.")
    for tensor in tensors:
        content = recording.content_of(step, tensor)
        try:
            if content is not None:
                found[tensor] = place_of(recording, content.since, tensor, file)
        except CannotCheck as err:
            refused = err
    if not found:
        raise refused
    return found


def number_at(recording: Recording, base: Sensitivities) -> NumbersOf:
    """Where the number of the chosen cell stands; it was described at that step."""
    card = recording.card(base.step, base.tensor)
    content = recording.content_of(base.step, base.tensor)
    assert card is not None
    return card.number(content.id if content is not None else 0, base.cell)


def _found(
    recording: Recording,
    base: Sensitivities,
    graph: RecordedGraph,
    answer: DerivativesAgain,
    kept: tuple[NumbersOf, ...],
) -> Sensitivities:
    at_row: dict[int, list[tuple[ShapedNumbers, NumbersOf]]] = {}
    for shaped, numbers in zip(answer.derivatives, kept, strict=True):
        at_row.setdefault(shaped.place, []).append((shaped, numbers))
    leaves = {int(leaf): row for row, leaf in enumerate(graph.leaf.tolist()) if leaf}
    derivatives: dict[int, NumbersOf] = {}
    for tensor in recording.tensors():
        card = recording.card(base.step, tensor)
        if card is None or tensor == base.tensor:
            continue
        row = graph.row_of.get(card.node, -1) if card.node else leaves.get(tensor, -1)
        fits = [numbers for _, numbers in at_row.get(row, ()) if numbers.shape == card.kind.shape]
        if len(fits) == 1:
            derivatives[tensor] = fits[0]
    sizes = np.frombuffer(answer.tail, "<f8", answer.nodes).tolist()
    nodes = {
        int(node): size
        for node, size in zip(graph.node.tolist(), sizes, strict=True)
        if not math.isnan(size)
    }
    return replace(base, derivatives=derivatives, nodes=nodes)
