"""Gradients that are all zero, and the node where they died."""

from __future__ import annotations

from collections import defaultdict

from explorer.model.graph.recorded import RecordedGraph
from explorer.model.troubles.evidence import (
    Evidence,
    Search,
    Trouble,
    is_alive,
    is_zero,
)
from explorer.protocol.autograd import Node, Pass, ReadNode
from explorer.protocol.recording import NodeStep
from explorer.protocol.values import Brief

ROUNDING = ("Round", "Floor", "Ceil", "Trunc", "Sign", "Sgn", "Heaviside")
SATURATING = ("Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Erf", "Silu", "Gelu")
CLIPPING = ("Clamp", "ClampMin", "ClampMax", "Hardtanh", "Hardsigmoid", "Hardshrink", "Softshrink")
MASKING = ("MaskedFill", "Where", "MaskedScatter", "NativeDropout", "Tril", "Triu", "Zero", "Fill")
FACTORS = ("Mul",)
Dead = tuple[int, Pass, NodeStep, NodeStep]
"""(leaf, pass, step of the node where the gradient died, step that filled the leaf)."""


def zero_gradients(evidence: Evidence) -> Search[list[Trouble]]:
    """Leaves that got nothing but zeros in every recorded pass, with the node to blame."""
    dead: dict[int, Dead] = {}
    alive: set[int] = set()
    for one in evidence.passes:
        steps = evidence.node_steps(one)
        leaves = [step for step in steps if step.leaf and step.grads_in]
        added = yield from evidence.briefs(
            evidence.numbers(step.step, step.grads_in[0]) for step in leaves
        )
        zeros = [step for step, brief in zip(leaves, added, strict=True) if is_zero(brief)]
        alive |= {step.leaf for step, brief in zip(leaves, added, strict=True) if is_alive(brief)}
        for step in zeros:
            if step.leaf not in dead:
                died = yield from _where_it_died(evidence, one, steps, step)
                if died is not None:
                    dead[step.leaf] = (step.leaf, one, died, step)
    found: dict[int, list[Dead]] = defaultdict(list)
    for leaf, case in dead.items():
        if leaf not in alive:
            found[case[2].node].append(case)
    troubles = []
    for cases in found.values():
        trouble = yield from _told(evidence, cases)
        if trouble is not None:
            troubles.append(trouble)
    return troubles


def _where_it_died(
    evidence: Evidence, one: Pass, steps: list[NodeStep], leaf: NodeStep
) -> Search[NodeStep | None]:
    """The node that was given numbers and sent zeros towards the leaf; None when none was."""
    graph = yield from evidence.graph(one.roots)
    if graph is None:
        return None
    by_node = {step.node: step for step in steps}
    waiting, seen = [leaf.node], {leaf.node}
    while waiting:
        for feeder, slot in _feeders(graph, waiting.pop()):
            step = by_node.get(feeder)
            if step is None or feeder in seen or slot >= len(step.grads_out):
                continue
            into, out = yield from _both_sides(evidence, step, slot)
            if not is_zero(out):
                continue
            if any(map(is_alive, into)):
                return step
            seen.add(feeder)
            waiting.append(feeder)
    return None


def _feeders(graph: RecordedGraph, node: int) -> list[tuple[int, int]]:
    return graph.edges_into.get(node, [])


def _both_sides(evidence: Evidence, step: NodeStep, slot: int) -> Search[tuple[list[Brief], Brief]]:
    tensors = [*(grad for grad in step.grads_in if grad), step.grads_out[slot]]
    briefs = yield from evidence.briefs(evidence.numbers(step.step, one) for one in tensors)
    return briefs[:-1], briefs[-1]


def _told(evidence: Evidence, cases: list[Dead]) -> Search[Trouble | None]:
    leaf, _, died, filled = cases[0]
    cause = yield from _cause(evidence, died)
    if cause is None:
        return None
    names = [evidence.name_of(filled.step, case[0]) for case in cases]
    whose = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    made = yield from _made(evidence, died)
    where = f" on {evidence.place(made)}" if made >= 0 else ""
    sentence = f"The gradient of {whose} is all zeros: it died in {died.name}{where}. {cause}"
    look = evidence.numbers(died.step, next((one for one in died.grads_in if one), 0))
    return Trouble("zero", died.step, sentence, made, died.node, leaf, names[0], look)


def _made(evidence: Evidence, died: NodeStep) -> Search[int]:
    node = yield ReadNode(died.node)
    return node.made if isinstance(node, Node) else -1


def _cause(evidence: Evidence, died: NodeStep) -> Search[str | None]:
    """What makes this node give zeros; None when zeros are simply the right answer."""
    kind = died.name.partition("Backward")[0]
    if kind in ROUNDING:
        return "Rounding is flat everywhere, so its derivative is zero."
    if kind in ("Relu", "Threshold"):
        return "Every number that went into it is at or below zero there: a dead ReLU."
    if kind in CLIPPING:
        return "Every number that went into it lies outside its bounds, where it is flat."
    if kind in SATURATING:
        return "It is saturated: its results lie so near their limit that the slope rounds to 0."
    if kind in MASKING:
        return "A mask replaced every cell, so nothing of what came before is left."
    if kind in FACTORS:
        zero_factor = yield from _is_masked_by_zeros(evidence, died)
        return "It was multiplied by zeros." if zero_factor else None
    return None


def _is_masked_by_zeros(evidence: Evidence, died: NodeStep) -> Search[bool]:
    """Whether one factor is all zeros and the other is not (else it is the bottom of a bowl)."""
    node = yield ReadNode(died.node)
    if not isinstance(node, Node) or not node.saved:
        return False
    factors = yield from evidence.briefs(
        evidence.numbers(node.made, one.tensor) if one.tensor else None for one in node.saved
    )
    zeros = [is_zero(brief) for brief in factors]
    return any(zeros) and (len(zeros) == 1 or not all(zeros))
