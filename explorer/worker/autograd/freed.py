"""When the saved tensors of a node were freed: by the first backward through it that let go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explorer.worker.autograd.node_table import NodeTable
from explorer.worker.backward import BackwardPass

MOST_NODES = 1_000_000


class Freed:
    """Nodes that each pass ran, found out once for each."""

    def __init__(self, table: NodeTable, passes: Sequence[BackwardPass]) -> None:
        self._table = table
        self._passes = passes
        self._ran: dict[int, frozenset[int]] = {}

    def at(self, nodes: Iterable[int]) -> dict[int, int]:
        """Node -> step at which what it had saved was freed, for those that were freed."""
        wanted = set(nodes)
        found: dict[int, int] = {}
        for one in self._passes:
            if one.retains or one.ended < 0 or not wanted:
                continue
            freed = wanted & self.nodes_of(one)
            found.update(dict.fromkeys(freed, one.ended))
            wanted -= freed
        return found

    def by(self, node: int) -> BackwardPass | None:
        """The pass that freed what a node had saved; None when it is held."""
        for one in self._passes:
            if not one.retains and one.ended >= 0 and node in self.nodes_of(one):
                return one
        return None

    def nodes_of(self, one: BackwardPass) -> frozenset[int]:
        """The nodes that ran in a pass, or, where that was not recorded, that could have run."""
        known = self._ran.get(one.number)
        if known is None:
            known = frozenset(one.nodes if one.recorded else self._possible(one))
            if one.ended >= 0:
                self._ran[one.number] = known
        return known

    def _possible(self, one: BackwardPass) -> set[int]:
        reachable = self._table.subgraph(one.roots, MOST_NODES)
        if one.inputs is None:
            return set(reachable.nodes)
        # Only nodes on a way to one of the inputs run; those of the inputs themselves do not.
        ends = set(one.inputs)
        above: dict[int, list[int]] = {}
        for source, target in zip(reachable.source, reachable.target, strict=True):
            above.setdefault(reachable.nodes[target], []).append(reachable.nodes[source])
        ran: set[int] = set()
        waiting = list(ends)
        while waiting:
            for node in above.get(waiting.pop(), ()):
                if node not in ran:
                    ran.add(node)
                    waiting.append(node)
        return ran
