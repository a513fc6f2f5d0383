"""What each module gave, and the gradient of that, found on the graph of the last backward.

The program's modules are left alone: which node is a module's own is told by the parameters that
it uses, and the numbers are those that some node saved for its backward.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search, gather
from explorer.protocol.autograd import Node, NodeOutput, Pass, ReadNode
from explorer.protocol.values import Brief

THROUGH = ("TBackward", "TransposeBackward", "PermuteBackward", "ExpandBackward")
"""Operations through which a parameter is still itself."""
OWN_RESULTS = (("result", "output", "result0"), ("result1",), ("result2",), ("result3",))
"""What nodes call what they made, by the number of the output."""
MOST = 400
MOST_RETURNS = 12
"""Steps in which a result has been returned to where it gets a name."""


@dataclass(frozen=True)
class Activation:
    """The output of a call of the module at ``path``.

    ``card`` describes the tensor at ``step`` where some node saved it, ``grad`` the gradient that
    came back to it at ``grad_step``; None where there is none. ``made`` is the step at which the
    module ran.
    """

    path: str
    node: int
    """0 when the output is not on the graph."""
    made: int
    output: NodeOutput | None
    step: int = -1
    card: Card | None = None
    grad_step: int = -1
    grad: Card | None = None
    after: str = ""
    """The operation behind the module whose result ``card`` is, where only that was kept."""
    part: str = ""
    """Which it is of the tensors that the call gave, such as ``[1][0]``."""
    call: int = 0
    """Which call of the module it is, where there are several."""
    again: Brief | None = None
    """The output's numbers in short, where the program was run again to see them."""


@dataclass(frozen=True)
class Activations:
    """What modules gave on the graph behind the node ``root``, 0 for none."""

    root: int = 0
    found: tuple[Activation, ...] = ()


def activations(recording: Recording, step: int) -> Search[Activations]:
    """Outputs of all modules that own parameters, on the graph that a step looks back at."""
    owners = _owners(recording, step)
    if not owners:
        return Activations()
    evidence = yield from gather(recording)
    root, ran = root_before(evidence, step, pass_before(evidence, step))
    if not root:
        return Activations()
    graph = yield from evidence.graph((root,))
    if graph is None:
        return Activations()
    found = []
    for path, node in list(_own_nodes(graph, owners).items())[:MOST]:
        found.append((yield from described(evidence, graph, path, node, ran)))
    return Activations(root, tuple(found))


def _owners(recording: Recording, step: int) -> dict[int, str]:
    """Tensor id of a parameter -> path of the module that owns it."""
    found: dict[int, str] = {}
    for path, card in recording.cards_at(step).items():
        module = path.rpartition(".")[0]
        if card.kind.type == "Parameter" and module:
            found.setdefault(card.tensor, module)
    return found


def root_before(evidence: Evidence, step: int, one: Pass | None) -> tuple[int, dict[int, int]]:
    """The node from which to look back, and for the nodes that ran in its pass the step; ``one``
    is the pass before the step."""
    if one is not None:
        return one.roots[0], {ran.node: ran.step for ran in evidence.node_steps(one)}
    cards = evidence.recording.cards_at(step).values()
    return max((card.node for card in cards), default=0), {}


def pass_before(evidence: Evidence, step: int) -> Pass | None:
    """The last pass before a step, of those of which every node was kept if there are any: of
    long loops only some rounds are."""
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


def described(
    evidence: Evidence,
    graph: RecordedGraph,
    path: str,
    node: int,
    ran: dict[int, int],
    slot: int = 0,
) -> Search[Activation]:
    """What is recorded of the output of a module that ended with a node, as its output ``slot``."""
    recording, row = evidence.recording, graph.row_of[node]
    outputs = graph.outputs[row]
    output = outputs[slot] if slot < len(outputs) else None
    tensor, at = _named_output(recording, node, int(graph.made[row]), outputs, slot)
    after = ""
    if not tensor:
        tensor, at, after = yield from _saved_output(graph, node, slot)
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
    grads = step.grads_in if step is not None else ()
    given = grads[slot] if slot < len(grads) else 0
    return Activation(
        path,
        node,
        int(graph.made[row]),
        output,
        at if card is not None else -1,
        card,
        back if given else -1,
        recording.card(back, given) if given else None,
        after if card is not None else "",
    )


def _named_output(
    recording: Recording, node: int, made: int, outputs: tuple[NodeOutput, ...], slot: int
) -> tuple[int, int]:
    """The tensor that the program itself calls by a name right behind the statement, or once the
    functions have returned it."""
    named = [card for card in recording.cards_at(made).values() if card.node == node]
    card = _output_among(named, outputs, slot)
    if card is not None:
        return card.tensor, made
    for step in range(made + 1, min(made + 1 + MOST_RETURNS, len(recording))):
        change = recording.change(step)
        rows = change.cards if change is not None else ()
        found = (recording.card(step, row[0]) for row in rows if row[4] == node)
        card = _output_among([one for one in found if one is not None], outputs, slot)
        if card is not None:
            return card.tensor, step
    return 0, -1


def _output_among(cards: list[Card], outputs: tuple[NodeOutput, ...], slot: int) -> Card | None:
    """Which of the tensors that a node made is its output ``slot``: the one that looks like it.
    Of several that look alike nothing tells, unless all are there and lie one behind the other in
    one storage, as what ``chunk`` gives."""
    if len(outputs) < 2:
        return cards[0] if cards and not slot else None
    if slot >= len(outputs):
        return None
    look = outputs[slot]
    alike = [place for place, one in enumerate(outputs) if one == look]
    fitting = {
        card.tensor: card
        for card in cards
        if (card.kind.shape, card.kind.dtype) == (look.shape, look.dtype)
    }
    places = {(card.storage, card.kind.offset): card for card in fitting.values()}
    if len(alike) > 1 and len({storage for storage, _ in places}) > 1:
        return None
    if len(places) != len(alike):
        return None
    return places[sorted(places)[alike.index(slot)]]


def _saved_output(graph: RecordedGraph, node: int, slot: int) -> Search[tuple[int, int, str]]:
    """(tensor, step, operation after which it stands) of what a node made, as it or one of its
    users saved it; (0, -1, ""): nobody did."""
    names = OWN_RESULTS[slot] if slot < len(OWN_RESULTS) else ()
    own = yield ReadNode(node)
    if isinstance(own, Node):
        for saved in own.saved:
            if saved.argument in names and saved.tensor:
                return saved.tensor, own.made, ""
    users = graph.edges_into.get(node, [])
    later = (0, -1, "")
    for user, _ in users:
        known = yield ReadNode(user)
        if not isinstance(known, Node):
            continue
        given = [edge for edge in known.edges if edge.node == node and edge.slot == slot]
        arguments = {edge.argument for edge in given}
        for saved in known.saved:
            if saved.argument in arguments and saved.tensor:
                return saved.tensor, known.made, ""
            if saved.argument in OWN_RESULTS[0] and saved.tensor and given and len(users) == 1:
                later = saved.tensor, known.made, known.name.partition("Backward")[0]
    return later
