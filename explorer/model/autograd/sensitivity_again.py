"""What a cell depends on where its graph is gone: the program is run again up to there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from explorer.model.autograd.gradient_request import CannotCheck, place_of
from explorer.model.autograd.rerun_requests import InFreshWorker, Program, seeded
from explorer.model.autograd.sensitivity import Sensitivities
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search
from explorer.protocol.derivatives_again import (
    DerivativesAgain,
    DerivativesKept,
    DifferentiateAgain,
    KeepDerivatives,
    ShapedNumbers,
)
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
