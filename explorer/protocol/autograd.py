"""The autograd graph, what its nodes saved and computed, and derivatives of single cells.

Gradients in and out of a node that ran are part of the recording (`NodeStep`); here is asked what
only the worker can tell. Node ids are those of cards and node steps; 0 means none, and a step of
-1 never.
"""

from __future__ import annotations

from explorer.protocol.message import message, part
from explorer.protocol.numbers import NumbersOf


@part
class NodeOutput:
    """What an operation gave: the shape, dtype and device that a gradient into its node has."""

    shape: tuple[int, ...]
    dtype: str
    device: str


@message
class ReadGraph:
    """Request: all that can be reached from these nodes, nearest first. Answered by `Graph`."""

    nodes: tuple[int, ...]
    limit: int = 200_000


@message
class Graph:
    """Answer to `ReadGraph`: ``nodes`` rows and ``edges`` rows, column after column in the tail.

    Little-endian. int64 columns by node: id, sequence number (-1 for AccumulateGrad), step of the
    statement that made it, tensor whose .grad it fills (0: none), step whose backward freed what
    it had saved (-1: held), bytes that it saved (-1: not looked at). int32 columns by node: place
    of its name in ``names``, place of its outputs in ``outputs`` (-1: not looked at), thread.
    int32 columns by edge: source, target (places among the nodes; the gradient flows from source
    to target), which edge of the source, which output of the target. uint8 by node: 1 for
    AccumulateGrad, 2 for a Function written in Python.
    """

    nodes: int
    edges: int
    names: tuple[str, ...]
    outputs: tuple[tuple[NodeOutput, ...], ...]
    cut: int
    """Edges that lead to nodes beyond the limit."""
    tail: bytes


@message
class ReadNode:
    """Request: all about one node. Answered by `Node`."""

    node: int


@part
class NodeEdge:
    """Where a node sends a gradient, and by which formula.

    ``argument`` is the operation's argument at that end (``tensors[1]`` in a list). ``published``
    is the text of torch's table of derivatives, empty when it publishes none; ``text`` and
    ``latex`` are the same as readable maths, and ``uses`` the saved values that it mentions.
    """

    node: int
    slot: int
    argument: str
    published: str
    text: str
    latex: str
    uses: tuple[str, ...]


@part
class SavedTensor:
    """A tensor that a node saved for its backward; ``tensor`` is 0 when it was not recorded.

    ``state`` is how it was found when it was looked at: ``held``, ``freed``, ``overwritten`` (in
    place) or ``hooked`` (packed by a hook of the program, and left alone).
    """

    argument: str
    tensor: int
    version: int
    shape: tuple[int, ...]
    dtype: str
    nbytes: int
    state: str


@message
class Node:
    """Answer to `ReadNode`."""

    node: int
    name: str
    operation: str
    """Such as ``pow.Tensor_Scalar``; empty when the table does not know the node."""
    words: str
    """Its rule in words where no formula is published, else empty."""
    sequence: int
    made: int
    thread: int
    leaf: int
    is_function: bool
    """Whether it is a ``torch.autograd.Function`` written in Python."""
    looked_at: bool
    """Whether shapes and saved tensors were read; of long loops only the first rounds are."""
    freed: int
    outputs: tuple[NodeOutput, ...]
    edges: tuple[NodeEdge, ...]
    saved: tuple[SavedTensor, ...]
    scalars: tuple[tuple[str, str], ...]
    """Saved numbers, sizes and flags, as Python writes them."""


@part
class NamedNumbers:
    """A saved tensor and where its numbers are."""

    name: str
    numbers: NumbersOf


@message
class ReadFormulaCell:
    """Request: the formula of one edge with the numbers of one cell. Answered by `FormulaCell`.

    ``grads_in`` has one entry for each output of the node; ``grad_out`` is the gradient that went
    along the edge and ``cell`` an index into it; ``saved`` are the node's saved tensors.
    """

    node: int
    edge: int
    cell: tuple[int, ...]
    grads_in: tuple[NumbersOf | None, ...]
    grad_out: NumbersOf
    saved: tuple[NamedNumbers, ...]


@message
class FormulaCell:
    """Answer to `ReadFormulaCell`.

    ``value`` is what the numbers in ``text`` give in double precision, ``recorded`` what backward
    computed; ``agrees`` when they are equal as far as the dtype can tell. ``terms`` is how many
    products or cells were added up.
    """

    text: str
    latex: str
    value: float
    recorded: float
    terms: int
    agrees: bool


@message
class ReadPasses:
    """Request: every backward pass after number ``after``. Answered by `Passes`."""

    after: int = 0


@part
class Pass:
    """One call of backward() or autograd.grad().

    Its node steps, when every node was ``recorded``, are those from ``began`` to before
    ``ended``; ``ended`` is -1 while it runs. ``inputs`` are the nodes of the tensors that were
    asked for, None when all leaves are meant; ``leaves`` are the tensors whose .grad can be
    reached from ``roots``.
    """

    number: int
    roots: tuple[int, ...]
    inputs: tuple[int, ...] | None
    leaves: tuple[int, ...]
    retains: bool
    creates_graph: bool
    accumulates: bool
    recorded: bool
    thread: int
    began: int
    ended: int
    error: str
    overwritten: tuple[tuple[int, str], ...] = ()
    """When the error is that a saved tensor was overwritten: (node, argument) of each."""


@message
class Passes:
    """Answer to `ReadPasses`."""

    passes: tuple[Pass, ...]


@message
class ReadSensitivity:
    """Request: the derivative of one cell with respect to everything upstream, from the graph
    that the program still holds. Answered by `Sensitivity`.

    ``node`` and ``version`` are those of the tensor's card: when the tensor has moved on since,
    the answer is `Failed`. ``own_code`` allows that backward code of the program runs again.
    """

    tensor: int
    node: int
    version: int
    cell: tuple[int, ...]
    own_code: bool = False


@part
class TensorDerivative:
    """Derivatives for each cell of a tensor; they are kept until the next question."""

    tensor: int
    numbers: NumbersOf


@message
class Sensitivity:
    """Answer to `ReadSensitivity`.

    The tail holds for each node that was reached, ``nodes`` in number: its id (int64), then for
    each the derivative furthest from zero (float64).
    """

    derivatives: tuple[TensorDerivative, ...]
    nodes: int
    tail: bytes


@message
class ReadFlow:
    """Request: how each of ``downstream`` depends on one cell of ``tensor``. Answered by `Flow`."""

    tensor: int
    cell: tuple[int, ...]
    downstream: tuple[int, ...]
    own_code: bool = False


@message
class Flow:
    """Answer to `ReadFlow`; tensors to which nothing flows are left out."""

    derivatives: tuple[TensorDerivative, ...]
    refused: str = ""
    """Why some could not be told, in one sentence."""
