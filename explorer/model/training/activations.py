"""What each module gave, and the gradient of that, found on the graph of the last backward.

The program's modules are left alone: which node is a module's own is told by the parameters that
it uses, and the numbers are those that some node saved for its backward.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from explorer.model.autograd.rerun_requests import InFreshWorker, Program, seeded
from explorer.model.card import Card
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search, gather
from explorer.protocol.autograd import Node, NodeOutput, Pass, ReadNode
from explorer.protocol.gradient_check import CheckedPlace
from explorer.protocol.modules_again import ModulesAgain, ModulesGave
from explorer.protocol.running import Failed

THROUGH = ("TBackward", "TransposeBackward", "PermuteBackward", "ExpandBackward")
"""Operations through which a parameter is still itself."""
OWN_RESULT = ("result", "output", "result0")
MOST = 400


@dataclass(frozen=True)
class Activation:
    """The output of the module at ``path``.

    ``card`` describes the tensor at ``step`` where some node saved it, ``grad`` the gradient that
    came back to it at ``grad_step``; None where there is none. ``made`` is the step at which the
    module ran.
    """

    path: str
    node: int
    name: str
    made: int
    output: NodeOutput | None
    step: int = -1
    card: Card | None = None
    grad_step: int = -1
    grad: Card | None = None
    after: str = ""
    """The operation behind the module whose result ``card`` is, where only that was kept."""
    call: int = 0
    """Which call of the module it is, where there are several."""


@dataclass(frozen=True)
class AllActivations:
    """What every module gave on one graph: ``kinds`` are the classes of all modules by path, outer
    ones first; ``nodes`` the ids of the graph's nodes. ``sentence`` says why nothing is told."""

    kinds: dict[str, str]
    found: list[Activation]
    nodes: frozenset[int]
    sentence: str = ""


def activations(recording: Recording, step: int) -> Search[list[Activation]]:
    """Outputs of all modules that own parameters, on the graph that a step looks back at."""
    owners = _owners(recording, step)
    if not owners:
        return []
    evidence = yield from gather(recording)
    root, ran = _root(evidence, step)
    if not root:
        return []
    graph = yield from evidence.graph((root,))
    if graph is None:
        return []
    found = []
    for path, node in list(_own_nodes(graph, owners).items())[:MOST]:
        found.append((yield from _described(evidence, graph, path, node, ran)))
    return found


def all_activations(recording: Recording, step: int, program: Program) -> Search[AllActivations]:
    """Outputs of all modules, also of those without parameters: the program is run again in
    another process to see which node each module ended with."""
    evidence = yield from gather(recording)
    one = _pass_before(evidence, step)
    graph = (yield from evidence.graph((one.roots[0],))) if one is not None else None
    if one is None or graph is None:
        return _nothing_told("No backward has walked a graph before this step.")
    place = _place_of(recording, one, program[0])
    if place is None:
        return _nothing_told("Backward began outside the program's file, or at no named tensor.")
    path, arguments, seed = yield from seeded(program)
    answer = yield InFreshWorker(ModulesAgain(path, arguments, seed, place, graph.name))
    if not isinstance(answer, ModulesGave):
        return _nothing_told(answer.sentence if isinstance(answer, Failed) else "")
    ran = {step.node: step.step for step in evidence.node_steps(one)}
    many = Counter(call.path for call in answer.calls)
    found = []
    for call in answer.calls[:MOST]:
        node = int(graph.node[call.node])
        known = yield from _described(evidence, graph, call.path, node, ran)
        found.append(replace(known, call=call.call if many[call.path] > 1 else 0))
    kinds = {one.path: one.kind for one in answer.modules}
    return AllActivations(kinds, found, frozenset(graph.node.tolist()))


def _nothing_told(sentence: str) -> AllActivations:
    return AllActivations({}, [], frozenset(), sentence)


def _place_of(recording: Recording, one: Pass, file: str) -> CheckedPlace | None:
    """Right behind the statement that called backward, and what it calls the tensor that backward
    began at; None where it has no name there."""
    at = recording.steps.owner(min(one.began, len(recording) - 1))
    done = recording.step(at)
    names = [path for path, card in recording.cards_at(at).items() if card.node == one.roots[0]]
    if done.file != file or not names:
        return None
    statement = done.statement
    times = int((recording.steps.statement_ids()[: at + 1] == statement.id).sum())
    return CheckedPlace(statement.line, statement.end_line, statement.code, times, names[0])


def _owners(recording: Recording, step: int) -> dict[int, str]:
    """Tensor id of a parameter -> path of the module that owns it."""
    found: dict[int, str] = {}
    for path, card in recording.cards_at(step).items():
        module = path.rpartition(".")[0]
        if card.kind.type == "Parameter" and module:
            found.setdefault(card.tensor, module)
    return found


def _root(evidence: Evidence, step: int) -> tuple[int, dict[int, int]]:
    """The node from which to look back, and for the nodes that ran in its pass the step.

    The last pass of which every node was kept: of long loops only some rounds are.
    """
    one = _pass_before(evidence, step)
    if one is not None:
        return one.roots[0], {ran.node: ran.step for ran in evidence.node_steps(one)}
    cards = evidence.recording.cards_at(step).values()
    return max((card.node for card in cards), default=0), {}


def _pass_before(evidence: Evidence, step: int) -> Pass | None:
    """The last pass before a step, of those of which every node was kept if there are any."""
    passes = [one for one in evidence.passes if one.roots and not one.error and one.began <= step]
    kept = [one for one in passes if one.recorded]
    return next(iter((kept or passes)[-1:]), None)


def _own_nodes(graph: RecordedGraph, owners: dict[int, str]) -> dict[str, int]:
    """Module -> the youngest node that uses one of its own parameters."""
    rows = graph.row_of
    found: dict[str, int] = {}
    for row, leaf in enumerate(graph.leaf.tolist()):
        module = owners.get(leaf)
        if module is None:
            continue
        waiting = [int(graph.node[row])]
        while waiting:
            for user, _ in graph.edges_into.get(waiting.pop(), ()):
                if graph.name[rows[user]].startswith(THROUGH):
                    waiting.append(user)
                elif module not in found or _age(graph, user) > _age(graph, found[module]):
                    found[module] = user
    return found


def _age(graph: RecordedGraph, node: int) -> int:
    return int(graph.sequence[graph.row_of[node]])


def _described(
    evidence: Evidence, graph: RecordedGraph, path: str, node: int, ran: dict[int, int]
) -> Search[Activation]:
    recording, row = evidence.recording, graph.row_of[node]
    outputs = graph.outputs[row]
    output = outputs[0] if outputs else None
    tensor, at = _named_output(recording, node, int(graph.made[row]))
    after = ""
    if not tensor:
        tensor, at, after = yield from _saved_output(graph, node)
    card = recording.card(at, tensor) if tensor else None
    if card is None and tensor and ran:
        # It was noted only when the statement around the module's call had ended. What is saved
        # for backward stays as it is until then.
        at = recording.steps.owner(min(ran.values())) - 1
        card = recording.card(at, tensor) if at >= 0 else None
    if card is not None and output is not None and card.kind.shape != output.shape:
        card = None
    back = ran.get(node, -1)
    step = recording.steps.nodes.get(back)
    given = step.grads_in[0] if step is not None and step.grads_in else 0
    return Activation(
        path,
        node,
        graph.name[row],
        int(graph.made[row]),
        output,
        at if card is not None else -1,
        card,
        back if given else -1,
        recording.card(back, given) if given else None,
        after if card is not None else "",
    )


def _named_output(recording: Recording, node: int, made: int) -> tuple[int, int]:
    """The tensor that the program itself calls by a name right behind the statement."""
    for card in recording.cards_at(made).values():
        if card.node == node:
            return card.tensor, made
    return 0, -1


def _saved_output(graph: RecordedGraph, node: int) -> Search[tuple[int, int, str]]:
    """(tensor, step, operation after which it stands) of what a node made, as it or one of its
    users saved it; (0, -1, ""): nobody did."""
    own = yield ReadNode(node)
    if isinstance(own, Node):
        for saved in own.saved:
            if saved.argument in OWN_RESULT and saved.tensor:
                return saved.tensor, own.made, ""
    users = graph.edges_into.get(node, [])
    later = (0, -1, "")
    for user, _ in users:
        known = yield ReadNode(user)
        if not isinstance(known, Node):
            continue
        arguments = {edge.argument for edge in known.edges if edge.node == node}
        for saved in known.saved:
            if saved.argument in arguments and saved.tensor:
                return saved.tensor, known.made, ""
            if saved.argument in OWN_RESULT and saved.tensor and len(users) == 1:
                later = saved.tensor, known.made, known.name.partition("Backward")[0]
    return later
