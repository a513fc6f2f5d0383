"""Records the autograd graph while the program builds it, and keeps none of it alive.

Nodes are read through ``grad_fn`` and ``next_functions`` and written down as numbers; no node
and no saved tensor is held. A node is known by its sequence number and the thread that made it,
AccumulateGrad, which has no sequence number, by its tensor. (The ``id`` of a node's Python
object means nothing: the object dies and its address is used again.)

Reading the ``grad_fn`` of a view that was written in place makes a new node, so the counter of
nodes is read after the graph, never before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from threading import get_ident
from typing import Any

from torch import Tensor

from explorer.worker.autograd.node_details import read_detail
from explorer.worker.autograd.node_table import FUNCTION, LEAF, ROW, NodeTable
from explorer.worker.autograd.saved import WATCH, is_python_function
from explorer.worker.autograd.thread_nodes import ThreadNodes, nodes_made

NO_SEQUENCE = (1 << 64) - 1
"""What AccumulateGrad answers for a sequence number."""

MOST_NODES = 8_000_000
MOST_RECENT = 100_000

TensorId = Callable[[Tensor], int]


class GraphRecorder:
    """The graph of one run.

    ``tensor_id`` gives a tensor its id in the recording; ``clock`` is the recorder's time,
    written down with each node. ``keep`` gives the id of a tensor whose values are kept for the
    recording; it is used for saved tensors while ``detailed`` is true.
    """

    def __init__(
        self, tensor_id: TensorId, clock: Callable[[], int], keep: TensorId | None = None
    ) -> None:
        self.table = NodeTable()
        self.detailed_rounds = 3
        self.detailed = True
        self.full = False
        self._tensor_id = tensor_id
        self.now = clock
        self._keep = keep or tensor_id
        self._leaves: dict[int, int] = {}
        self._kinds: dict[type, int] = {}
        self._threads: dict[int, ThreadNodes] = {}
        self._rounds: Counter[int] = Counter()
        self._alone: ThreadNodes | None = None
        self._thread()
        WATCH.install()

    def node_id(self, grad_fn: Any) -> int:
        """The id of a node; it and all behind it are written down when they are new.

        0 for None, and for new nodes once `MOST_NODES` are known (``full`` is then true).
        """
        if grad_fn is None:
            return 0
        alone = self._alone
        if alone is not None and get_ident() == alone.ident:
            # One thread alone needs no second look, and this is the path that must be quick.
            number = alone.recent.get(grad_fn._sequence_nr())
            if number is not None:
                return number
        return self._known(grad_fn) or self._discover(grad_fn)

    def find(self, node: Any) -> int:
        """The id of a node that is written down, 0 for any other; for threads that only look."""
        if node is None:
            return 0
        if node._sequence_nr() == NO_SEQUENCE:
            return self._known_leaf(node)
        return self._among_others(node, 0)

    def live_nodes(self, roots: Iterable[Any], most: int) -> list[tuple[int, Any]]:
        """(id, node) for all nodes reachable from live ``roots``; new ones are written down.

        The nodes are held by the list alone. At most ``most``, nearest first.
        """
        node_id = self.node_id
        waiting = [root for root in roots if root is not None]
        found: dict[int, Any] = {}
        for node in waiting:
            number = node_id(node)
            if number and number not in found:
                found[number] = node
                if len(found) >= most:
                    break
                waiting += [child for child, _ in node.next_functions if child is not None]
        return list(found.items())

    def entered(self, caller: int) -> None:
        """A function of the program begins, called from frame ``caller``."""
        self._thread().entered(caller)

    def statement_ended(self, frame: int, statement: int = 0) -> None:
        """A statement of ``frame`` has ended, at the present clock.

        Nodes that it made and that are asked for until the next one ends are read in detail when
        it is one of the first ``detailed_rounds`` times that this statement made nodes.
        """
        thread = self._thread()
        if thread.ended(frame, self.now()):
            self._rounds[statement] += 1
            self.detailed = self._rounds[statement] <= self.detailed_rounds

    def read_details(self, nodes: Iterable[tuple[int, Any]]) -> None:
        """Read shapes and saved tensors of live nodes where that was not done before."""
        details = self.table.details
        for number, node in nodes:
            if number not in details and node._sequence_nr() != NO_SEQUENCE:
                details[number] = read_detail(node, self._keep)

    def _known(self, node: Any) -> int:
        sequence = node._sequence_nr()
        if sequence == NO_SEQUENCE:
            return self._known_leaf(node)
        thread = self._thread()
        number = thread.find(sequence)
        if self._alone is not None or (number and self._is(number, node)):
            return number
        if not number and thread.before <= sequence < nodes_made():
            return 0  # this very statement made it
        return self._among_others(node, number)

    def _among_others(self, node: Any, ruled_out: int) -> int:
        """The node among those of all threads, known by what it looks like."""
        sequence = node._sequence_nr()
        for thread in list(self._threads.values()):
            other = thread.find(sequence)
            if other and other != ruled_out and self._is(other, node):
                return other
        return 0

    def _known_leaf(self, node: Any) -> int:
        variable = getattr(node, "variable", None)
        return self._leaves.get(self._tensor_id(variable), 0) if variable is not None else 0

    def _is(self, number: int, node: Any) -> bool:
        """Whether a live node looks like the one that was written down under this id."""
        table = self.table
        edges = table.edges_of(number)
        live = node.next_functions
        if table.rows[number * ROW] != self._kind(node) or len(edges) != len(live):
            return False
        for (target, _), (child, _) in zip(edges, live, strict=True):
            sequence = child._sequence_nr() if child is not None else NO_SEQUENCE
            if sequence == NO_SEQUENCE:
                sequence = -1
            if table.sequence(target) != sequence:
                return False
        return True

    def _discover(self, root: Any) -> int:
        """Write down a new node and everything behind it that is new."""
        table, kinds, thread = self.table, self._kinds, self._thread()
        recent, find = thread.recent, thread.find
        rows, edges, now = table.rows, table.edges, self.now()
        since = thread.before if thread.marked == now else thread.last
        alone = self._alone is not None
        first = number = len(rows) // ROW
        if first > MOST_NODES:
            self.full = True
            return 0
        new, sequences = [root], [root._sequence_nr()]
        self._remember(recent, sequences[0], root, first)
        for node, sequence in zip(new, sequences):  # noqa: B905 (both grow on the way)
            made, leaf = now, 0
            if sequence == NO_SEQUENCE:
                sequence, leaf = -1, self._leaf_of(node, number)
            elif sequence < since:
                made = thread.made_at(sequence, now)
            kind = kinds.get(type(node)) or self._kind(node)
            rows.extend((kind, sequence, made, leaf, thread.number, len(edges)))
            number += 1
            for child, slot in node.next_functions:
                if child is None:
                    edges.extend((0, slot))
                    continue
                order = child._sequence_nr()
                quick = alone and order != NO_SEQUENCE
                target = (recent.get(order) or find(order)) if quick else self._known(child)
                if not target:
                    target = first + len(new)
                    new.append(child)
                    sequences.append(order)
                    self._remember(recent, order, child, target)
                edges.extend((target, slot))
        if len(recent) > MOST_RECENT:
            thread.put_away()
        if self.detailed:
            self.read_details(zip(range(first, number), new, strict=True))
        return first

    def _remember(self, recent: dict[int, int], order: int, node: Any, number: int) -> None:
        if order != NO_SEQUENCE:
            recent[order] = number
        else:
            self._leaf_of(node, number)

    def _leaf_of(self, node: Any, number: int) -> int:
        """The tensor that an AccumulateGrad fills; from now on known under that tensor."""
        variable = getattr(node, "variable", None)
        if variable is None:
            return 0
        leaf = self._tensor_id(variable)
        self._leaves[leaf] = number
        return leaf

    def _kind(self, node: Any) -> int:
        """Name and flags of a node, by its type where that says it all."""
        kind = type(node)
        known = self._kinds.get(kind)
        if known is None:
            flags = LEAF if hasattr(node, "variable") else 0
            if is_python_function(node):
                flags |= FUNCTION
            known = self.table.kind(node.name().rpartition("::")[2], flags)
            if kind.__name__ != "CppFunction" and not flags & FUNCTION:  # those are the program's
                self._kinds[kind] = known
        return known

    def _thread(self) -> ThreadNodes:
        ident = get_ident()
        thread = self._threads.get(ident)
        if thread is None:
            thread = self._threads[ident] = ThreadNodes(len(self._threads))
            self._alone = thread if len(self._threads) == 1 else None
        return thread
