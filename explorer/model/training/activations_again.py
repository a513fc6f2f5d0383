"""What every module gave, also those that own no parameter and outputs that nothing kept.

The program is run again in another process, where each module is looked at as it ends. What the
recording holds of the same outputs is told from the recording.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from explorer.model.autograd.gradient_request import place_behind
from explorer.model.autograd.rerun_requests import InFreshWorker, Program, seeded
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.recording import Recording
from explorer.model.training.activations import (
    MOST,
    Activation,
    described,
    pass_before,
    root_before,
)
from explorer.model.troubles.evidence import Evidence, Search, gather
from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.modules_again import ModuleGave, ModulesAgain, ModulesGave
from explorer.protocol.running import Failed

MOST_ASIDE = 8
"""Of calls whose result is not on the graph, so many of each module are told, the last ones."""


@dataclass(frozen=True)
class AllActivations:
    """What every module gave until ``step``: ``kinds`` are the classes of all modules by path,
    outer ones first; ``root`` is the node that the graph was looked at from, 0 for none.
    ``sentence`` says why nothing is told."""

    kinds: dict[str, str]
    found: tuple[Activation, ...]
    root: int = 0
    step: int = -1
    sentence: str = ""

    def holds_at(self, step: int, root: int) -> bool:
        """Whether it is what a step looks back at, which sees the graph behind ``root``."""
        return self.root == root if self.root else self.step == step


def all_activations(recording: Recording, step: int, program: Program) -> Search[AllActivations]:
    """Outputs of all modules until a step, since the statement that called the last backward ran
    the time before; where there was no backward, since that of the step did."""
    evidence = yield from gather(recording)
    one = pass_before(evidence, step)
    root, ran = root_before(evidence, step, one)
    graph = (yield from evidence.graph((root,))) if root else None
    began = min(one.began, len(recording) - 1) if one is not None else step
    try:
        place = _place_of(recording, began, program[0], root)
        elsewhere = one is not None and recording.step(step).file != program[0]
        until = place if elsewhere else _place_of(recording, step, program[0])
    except _NoPlace as err:
        return AllActivations({}, (), sentence=str(err))
    path, arguments, seed = yield from seeded(program)
    names = graph.name if graph is not None else ()
    answer = yield InFreshWorker(ModulesAgain(path, arguments, seed, place, names, until))
    if not isinstance(answer, ModulesGave):
        sentence = answer.sentence if isinstance(answer, Failed) else ""
        return AllActivations({}, (), sentence=sentence)
    kinds = {one.path: one.kind for one in answer.modules}
    found = []
    if graph is not None:
        found = yield from _on_the_graph(evidence, graph, answer.gave, ran)
    aside = _aside(recording, program[0], answer.gave)
    return AllActivations(kinds, (*found, *aside), root, step)


def _on_the_graph(
    evidence: Evidence, graph: RecordedGraph, gave: Iterable[ModuleGave], ran: dict[int, int]
) -> Search[list[Activation]]:
    told = [one for one in gave if one.node >= 0]
    last = {one.path: one.call for one in told}
    found = []
    for one in told[:MOST]:
        node = int(graph.node[one.node])
        known = yield from described(evidence, graph, one.path, node, ran, one.slot)
        number = one.call if last[one.path] > 1 else 0
        output = known.output or one.output
        known = replace(known, part=one.part, call=number, output=output, again=one.brief)
        found.append(known)
    return found


def _aside(recording: Recording, file: str, gave: Iterable[ModuleGave]) -> list[Activation]:
    steps, by_path = recording.steps, defaultdict[str, list[ModuleGave]](list)
    ids = {
        (one.line, one.end_line, one.code): one.id
        for one in steps.statements.values()
        if steps.files.get(one.file) == file
    }
    for one in gave:
        if one.node < 0:
            by_path[one.path].append(one)
    found = []
    for path, told in by_path.items():
        last = told[-1].call
        for one in told:
            if one.call <= last - MOST_ASIDE:
                continue
            behind = one.behind
            statement = ids.get((behind.line, behind.end_line, behind.code), 0)
            made = steps.run(statement, behind.times)
            number = one.call if last > 1 else 0
            found.append(
                Activation(path, 0, made, one.output, part=one.part, call=number, again=one.brief)
            )
    return found


class _NoPlace(LookupError):
    """There is no such place in the program's file; one sentence."""


def _place_of(recording: Recording, step: int, file: str, root: int = 0) -> CheckedPlace:
    """Right behind the statement of a step, and what it calls the tensor of the node ``root``.

    Raises:
        _NoPlace: when it is none of the program's file, or has no name for the tensor.
    """
    at = recording.steps.owner(step)
    if not 0 <= at < len(recording):
        raise _NoPlace("No statement has ended at this step.")
    done = recording.step(at)
    if done.file != file:
        raise _NoPlace(f"Line {done.statement.line} is not in the program's own file.")
    name = ""
    if root:
        cards = recording.cards_at(at)
        name = next((path for path, card in cards.items() if card.node == root), "")
        if not name:
            line = done.statement.line
            raise _NoPlace(f"Line {line} has no name for the tensor backward began at.")
    return place_behind(recording, at, name)
