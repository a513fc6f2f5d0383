"""Gradients that shrink or grow from one repeated operation to the next, all along a pass."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

from explorer.model.troubles.evidence import Evidence, Search, Trouble, strength
from explorer.protocol.autograd import Pass
from explorer.protocol.recording import NodeStep

REPEATS = 8
"""So many nodes of one kind make a chain."""
FACTOR = 1e6
"""From one end of the chain to the other."""
STEADY = 0.7
"""Part of the steps along the chain that must go the same way."""


def trends(evidence: Evidence) -> Search[list[Trouble]]:
    """The steepest chain of each place that calls backward, when it is steep enough."""
    found: dict[tuple[int, str], Trouble] = {}
    for one in evidence.passes:
        chains: defaultdict[str, list[NodeStep]] = defaultdict(list)
        for step in evidence.node_steps(one):
            if not step.leaf and any(step.grads_in):
                chains[step.name].append(step)
        for name, chain in chains.items():
            if len(chain) < REPEATS:
                continue
            trouble = yield from _in_chain(evidence, one, name, chain)
            if trouble is not None:
                found.setdefault((_place(evidence, one), trouble.kind), trouble)
    return list(found.values())


def _place(evidence: Evidence, one: Pass) -> int:
    owner = evidence.recording.steps.owner(one.began)
    at = owner if owner < len(evidence.recording) else evidence.last
    return evidence.recording.step(at).statement.id


def _in_chain(
    evidence: Evidence, one: Pass, name: str, chain: list[NodeStep]
) -> Search[Trouble | None]:
    briefs = yield from evidence.briefs(
        evidence.numbers(step.step, next(grad for grad in step.grads_in if grad)) for step in chain
    )
    sizes = [
        (step, strength(brief))
        for step, brief in zip(chain, briefs, strict=True)
        if not brief.sentence and not brief.nan and not brief.inf
    ]
    sizes = [(step, size) for step, size in sizes if size > 0]
    if len(sizes) < REPEATS:
        return None
    logs = [math.log10(size) for _, size in sizes]
    change = logs[-1] - logs[0]
    if abs(change) < math.log10(FACTOR):
        return None
    same_way = sum((b - a) * change > 0 for a, b in itertools.pairwise(logs))
    if same_way < STEADY * (len(logs) - 1):
        return None
    kind = "vanishing" if change < 0 else "exploding"
    (first, large), (last, small) = sizes[0], sizes[-1]
    per_step = 10 ** (change / (len(logs) - 1))
    sentence = (
        f"Gradients {'vanish' if change < 0 else 'explode'} on the way back: over"
        f" {len(sizes)} {name} the largest number goes from {large:.2g} to {small:.2g},"
        f" by a factor of {per_step:.2g} each time."
    )
    look = evidence.numbers(last.step, next(grad for grad in last.grads_in if grad))
    return Trouble(kind, last.step, sentence, first.step, last.node, look=look)
