"""The recording as it is streamed: steps, cards, contents, frames and statements.

Ids are whole numbers, serial within one run and starting at 1, except step indices, which start
at 0, and frame 0, the program's module. 0 as a tensor, storage, content or node id means none.
"""

from __future__ import annotations

from explorer.protocol.message import message, part


@part
class Statement:
    """A statement of a followed file; ``line`` and ``end_line`` count from 1."""

    id: int
    file: int
    line: int
    end_line: int
    function: str
    """``<module>`` or the function's qualified name."""
    code: str
    """Its text, only the header of a compound statement, at most 200 characters."""


@part
class Frame:
    """One activation of a function."""

    id: int
    function: str
    caller: int
    thread: int
    """0 is the main thread; others count from 1 in order of appearance."""


@part
class CardKind:
    """All of a card that repeats from one iteration to the next."""

    type: str
    """Class of the tensor: ``Tensor``, ``Parameter`` or a subclass's name."""
    dtype: str
    """Without the ``torch.``: ``float32``."""
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    """In elements; empty where the layout has no strides (sparse)."""
    offset: int
    """Storage offset in elements."""
    itemsize: int
    """Bytes of one element."""
    device: str
    layout: str
    """``strided``, ``sparse_coo``, ``sparse_csr``, ``jagged`` ..."""
    requires_grad: bool
    is_leaf: bool
    grad_fn: str
    """Name of the grad_fn node, empty when there is none."""
    flags: tuple[str, ...] = ()
    """Any of ``view``, ``conj``, ``neg``, ``inference``, ``retains_grad``, ``pinned``,
    ``shared``, ``numpy``, ``quantized``, ``subclass``."""
    dim_names: tuple[str, ...] = ()


@part
class StepChange:
    """What one step changed; steps that changed nothing have none.

    ``names``: (path, tensor id) in the step's frame, tensor id 0 when the name is gone.
    ``cards``: (tensor, kind, storage, version, grad_fn node, tensor of .grad, tensor of ._base).
    ``contents``: (storage, content, bytes of the storage, certainty): content 0 when what it
    holds was not kept; certainty 0 when sure, 1 when another process may have changed it.
    """

    step: int
    names: tuple[tuple[str, int], ...] = ()
    cards: tuple[tuple[int, ...], ...] = ()
    contents: tuple[tuple[int, ...], ...] = ()


@part
class NodeStep:
    """A node of the graph that ran: gradients as tensor ids, 0 where autograd passed None."""

    step: int
    node: int
    name: str
    grads_in: tuple[int, ...]
    grads_out: tuple[int, ...]
    leaf: int = 0
    """For AccumulateGrad the tensor whose .grad was filled."""


@part
class StepError:
    """A step that raised; ``caught`` when the program handled it."""

    step: int
    type: str
    message: str
    explained: str
    caught: bool


@part
class NodeOwner:
    """Node steps ``first`` to ``last`` ran during the statement recorded as step ``owner``."""

    first: int
    last: int
    owner: int


@message
class FileMarked:
    """News: a followed file was read; its steps will name its statements."""

    file: int
    path: str
    statements: tuple[Statement, ...]


@message
class StepsRecorded:
    """News: steps ``first`` to ``first + count - 1``, in order of completion.

    The tail holds three int32 columns of ``count`` little-endian numbers one after another:
    statement id (0 for a node step), frame id, thread number.
    """

    first: int
    count: int
    tail: bytes
    frames: tuple[Frame, ...] = ()
    kinds: tuple[CardKind, ...] = ()
    """New kinds; their ids go on from the last one sent, starting at 1."""
    changes: tuple[StepChange, ...] = ()
    nodes: tuple[NodeStep, ...] = ()
    owners: tuple[NodeOwner, ...] = ()
    errors: tuple[StepError, ...] = ()


@message
class ContentsDropped:
    """News: these contents are no longer held, for one reason."""

    contents: tuple[int, ...]
    reason: str


@message
class MemoryHeld:
    """News: bytes of snapshots in memory, the budget, and bytes in the spill file."""

    held: int
    budget: int
    spilled: int


@message
class RecordingNoted:
    """News: something about the recording that the user should know, in one sentence."""

    sentence: str
    step: int = -1
