"""Answers what can be asked of graph, formulas and backward passes."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from torch import Tensor

from explorer.protocol.autograd import (
    FormulaCell,
    Graph,
    Node,
    NodeEdge,
    NodeOutput,
    Pass,
    Passes,
    ReadFormulaCell,
    ReadGraph,
    ReadNode,
    ReadPasses,
    SavedTensor,
)
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.saved import ReadSaved, Saved
from explorer.worker.autograd.freed import MOST_NODES, Freed
from explorer.worker.autograd.node_table import (
    FUNCTION,
    KIND,
    LEAF_OF,
    MADE,
    SEQUENCE,
    THREAD,
    NodeDetail,
    NodeTable,
    Output,
)
from explorer.worker.autograd.saved import SavedState
from explorer.worker.autograd.saved_answers import saved_by
from explorer.worker.formula.cells import formula_at
from explorer.worker.formula.formulas import (
    derivative_of,
    formula_of_edge,
    in_words,
    node_values,
)
from explorer.worker.formula.maths import as_latex, as_text
from explorer.worker.formula.operations import NotKnown
from explorer.worker.formula.simpler import Present, simpler
from explorer.worker.formula.values import NodeValues
from explorer.worker.quiet import quiet
from explorer.worker.recording.packing import little_endian
from explorer.worker.values.desk import tensors_of

if TYPE_CHECKING:
    from explorer.worker.autograd.passes import Passes as RecordedPasses
    from explorer.worker.recorder import Recorder


class Refused(ValueError):
    """Cannot be answered; the text is one sentence for people."""

    reason = "refused"


class AutogradAnswers:
    """Reads the graph and the passes of one run. Holds no graph."""

    def __init__(self, recorder: Recorder, passes: RecordedPasses) -> None:
        self._table: NodeTable = passes.graph.table
        self._passes = passes.backward.passes
        self._freed = Freed(self._table, self._passes)
        self._tensor_of = tensors_of(recorder.snapshots)

    def read_graph(self, request: ReadGraph) -> Graph:
        """Answer `ReadGraph`."""
        table = self._table
        found = table.subgraph(map(self._checked, request.nodes), request.limit)
        nodes = found.nodes
        details = [table.details.get(node) for node in nodes]
        kinds = table.column(nodes, KIND)
        leaves = table.column(nodes, LEAF_OF)
        names = {name: at for at, name in enumerate(sorted({kind >> 2 for kind in kinds}))}
        outputs: dict[tuple[Output, ...], int] = {}
        shapes = [
            outputs.setdefault(detail.outputs, len(outputs)) if detail else -1 for detail in details
        ]
        tail = (
            nodes,
            table.column(nodes, SEQUENCE),
            table.column(nodes, MADE),
            leaves,
            self._freed_column(nodes, leaves),
            array("q", [_saved_bytes(detail) for detail in details]),
            array("i", [names[kind >> 2] for kind in kinds]),
            array("i", shapes),
            array("i", table.column(nodes, THREAD)),
            array("i", found.source),
            array("i", found.target),
            found.source_slot,
            found.target_slot,
            array("B", [kind & 3 for kind in kinds]),
        )
        return Graph(
            len(nodes),
            len(found.source),
            tuple(table.names[name] for name in names),
            tuple(tuple(map(_output, kind)) for kind in outputs),
            found.cut,
            little_endian(tail),
        )

    def read_node(self, request: ReadNode) -> Node:
        """Answer `ReadNode`."""
        table, node = self._table, self._checked(request.node)
        name = table.name_of(node)
        detail = table.details.get(node)
        entry = derivative_of(name)
        return Node(
            node,
            name,
            entry.operation if entry else "",
            "" if entry else in_words(name),
            table.sequence(node),
            table.made(node),
            table.thread(node),
            table.leaf(node),
            bool(table.flags(node) & FUNCTION),
            detail is not None,
            -1 if table.leaf(node) else self._freed.at([node]).get(node, -1),
            tuple(map(_output, detail.outputs)) if detail else (),
            tuple(self._edges(node, detail)),
            tuple(_saved(row) for row in detail.saved) if detail else (),
            tuple((key, repr(value)) for key, value in detail.scalars.items()) if detail else (),
        )

    def read_formula_cell(self, request: ReadFormulaCell) -> FormulaCell:
        """Answer `ReadFormulaCell`.

        Raises:
            Refused: when there is no formula, or a number that it needs is missing.
        """
        name = self._table.name_of(self._checked(request.node))
        edges = self._table.edges_of(request.node)
        formula = formula_of_edge(name, request.edge, len(edges))
        if formula is None:
            raise Refused(f"For {name} there is no formula here: {in_words(name)}.")
        with quiet():
            out = self._tensor_of(request.grad_out)
            known = self._values_of(request, name, formula.argument, formula.place, out)
            try:
                cell = formula_at(formula, known, out, request.cell)
            except NotKnown as missing:
                raise Refused(f"The numbers cannot be put in: {missing}.") from missing
        return FormulaCell(
            cell.text, cell.latex, cell.value, cell.recorded, cell.terms, cell.agrees
        )

    def read_passes(self, request: ReadPasses) -> Passes:
        """Answer `ReadPasses`."""
        return Passes(
            tuple(
                Pass(
                    one.number,
                    one.roots,
                    one.inputs,
                    self._leaves(one.roots),
                    one.retains,
                    one.creates_graph,
                    one.accumulates,
                    one.recorded,
                    one.thread,
                    one.began,
                    one.ended,
                    one.error,
                    one.overwritten,
                )
                for one in self._passes[request.after :]
            )
        )

    def read_saved(self, request: ReadSaved) -> Saved:
        """Answer `ReadSaved`."""
        return saved_by(self._table, self._freed.at, request)

    def _freed_column(self, nodes: array[int], leaves: array[int]) -> array[int]:
        """When each node was freed; AccumulateGrad saves nothing that could be."""
        freed = self._freed.at(nodes)
        pairs = zip(nodes, leaves, strict=True)
        return array("q", [-1 if leaf else freed.get(node, -1) for node, leaf in pairs])

    def _leaves(self, roots: tuple[int, ...]) -> tuple[int, ...]:
        table = self._table
        reached = table.subgraph(roots, MOST_NODES).nodes
        return tuple(leaf for leaf in table.column(reached, LEAF_OF) if leaf)

    def _edges(self, node: int, detail: NodeDetail | None) -> list[NodeEdge]:
        name, edges = self._table.name_of(node), self._table.edges_of(node)
        known = NodeValues(_known_without_numbers(detail), {})
        told = []
        for place, (target, slot) in enumerate(edges):
            formula = formula_of_edge(name, place, len(edges))
            if formula is None:
                told.append(NodeEdge(target, slot, "", "", "", "", ()))
                continue
            is_list = any(
                one.name == formula.argument and one.is_list
                for one in getattr(derivative_of(name), "arguments", ())
            )
            argument = f"{formula.argument}[{formula.place}]" if is_list else formula.argument
            tree = simpler(formula.own_tree, known)
            uses = tuple(sorted(formula.uses))
            told.append(
                NodeEdge(
                    target, slot, argument, formula.published, as_text(tree), as_latex(tree), uses
                )
            )
        return told

    def _values_of(
        self, request: ReadFormulaCell, name: str, argument: str, place: int, out: Tensor
    ) -> NodeValues:
        detail = self._table.details.get(request.node)
        values: dict[str, Any] = dict(detail.scalars) if detail else {}
        values.update(_not_saved(detail))
        lists: dict[str, dict[int, Tensor]] = {}
        for saved in request.saved:
            tensor = self._tensor_of(saved.numbers)
            base, _, at = saved.name.rstrip("]").partition("[")
            if at:
                lists.setdefault(base, {})[int(at)] = tensor
            else:
                values[base] = tensor
        for base, items in lists.items():
            values[base] = [items.get(at) for at in range(max(items) + 1)]
        grads = tuple(self._grad(source) for source in request.grads_in)
        return node_values(name, grads, values, {(argument, place): tuple(out.shape)})

    def _grad(self, source: NumbersOf | None) -> Tensor | None:
        return None if source is None else self._tensor_of(source)

    def _checked(self, node: int) -> int:
        if not 0 < node <= len(self._table):
            raise Refused(f"There is no node {node} in this recording.")
        return node


def _known_without_numbers(detail: NodeDetail | None) -> dict[str, Any]:
    """What decides between branches of a formula: scalars, and which tensors are there."""
    if detail is None:
        return {}
    known: dict[str, Any] = {**_not_saved(detail), **detail.scalars}
    known.update((row.argument.partition("[")[0], Present()) for row in detail.saved)
    return known


def _not_saved(detail: NodeDetail | None) -> dict[str, Any]:
    """Tensors that could have been saved and were not given to the operation."""
    return dict.fromkeys(detail.absent) if detail else {}


def _saved(row: Any) -> SavedTensor:
    state = SavedState(row.state).name.lower()
    return SavedTensor(
        row.argument, row.tensor, row.version, row.shape, row.dtype, row.nbytes, state
    )


def _output(output: Output) -> NodeOutput:
    return NodeOutput(output.shape, output.dtype, output.device)


def _saved_bytes(detail: NodeDetail | None) -> int:
    return sum(row.nbytes for row in detail.saved) if detail else -1
