"""The recording as it is streamed: steps, cards, contents, frames and statements.

Ids are whole numbers, serial within one run and starting at 1, except step indices, which start
at 0, and frame 0, the program's module. 0 as a tensor, storage, content or node id means none.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator

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
    ``elsewhere``: (frame, path, tensor id) for names of other frames than the step's.
    """

    step: int
    names: tuple[tuple[str, int], ...] = ()
    cards: tuple[tuple[int, ...], ...] = ()
    contents: tuple[tuple[int, ...], ...] = ()
    elsewhere: tuple[tuple[int, str, int], ...] = ()


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

    @property
    def words(self) -> str:
        """``ValueError: too large``, as the last line of a traceback has it."""
        return f"{self.type}: {self.message}" if self.message else self.type


@part
class NodeOwner:
    """Node steps ``first`` to ``last`` ran during the statement recorded as step ``owner``."""

    first: int
    last: int
    owner: int


@part
class PassRan:
    """A backward pass that ran during the statement recorded as step ``owner``.

    ``number`` counts all passes of the run from 1; ``began`` is the step that was the next one
    when it began; ``recorded`` when every node of it is a step.
    """

    number: int
    owner: int
    began: int
    recorded: bool


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
    statement id (0 for a node step), frame id, thread number. Behind them lie packed changes,
    little-endian int64: for each the step, how many names, names elsewhere, cards and contents
    follow, then these, where a path is its place in ``paths``. A change may belong to the step
    that comes first in the next batch.
    """

    first: int
    count: int
    tail: bytes
    frames: tuple[Frame, ...] = ()
    kinds: tuple[CardKind, ...] = ()
    """New kinds; their ids go on from the last one sent, starting at 1."""
    paths: tuple[str, ...] = ()
    changes: tuple[StepChange, ...] = ()
    nodes: tuple[NodeStep, ...] = ()
    owners: tuple[NodeOwner, ...] = ()
    errors: tuple[StepError, ...] = ()
    passes: tuple[PassRan, ...] = ()
    """Those whose statements have ended."""

    @property
    def columns(self) -> bytes:
        """The three columns of the tail."""
        return self.tail[: 12 * self.count]

    def every_change(self) -> Iterator[StepChange]:
        """All changes of this batch, packed ones unpacked, in order of their steps.

        Raises:
            ValueError: when the tail does not hold what it should.
        """
        yield from self.changes
        packed = array("q")
        packed.frombytes(self.tail[12 * self.count :])
        if sys.byteorder == "big":
            packed.byteswap()
        at = 0
        while at < len(packed):
            change, at = self._unpacked(packed, at)
            yield change

    def _unpacked(self, packed: array[int], at: int) -> tuple[StepChange, int]:
        if len(packed) < at + 5 or min(packed[at + 1 : at + 5]) < 0:
            raise ValueError("A batch of changes arrived that cannot be read.")
        step, *counts = packed[at : at + 5]
        sections = []
        at += 5
        for count, width in zip(counts, (2, 3, 7, 4), strict=True):
            end = at + count * width
            if end > len(packed):
                raise ValueError("A batch of changes arrived that ends too early.")
            sections.append([tuple(packed[i : i + width]) for i in range(at, end, width)])
            at = end
        names, elsewhere, cards, contents = sections
        try:
            named = tuple((self.paths[path], tensor) for path, tensor in names)
            others = tuple((frame, self.paths[path], one) for frame, path, one in elsewhere)
        except IndexError as err:
            raise ValueError("A batch of changes arrived that names an unknown path.") from err
        return StepChange(step, named, tuple(cards), tuple(contents), others), at


@message
class ModesChanged:
    """News: from step ``step`` on other modes are in force."""

    step: int
    default_dtype: str
    """Type of new floating tensors: ``float32``."""
    grad_enabled: bool
    """False inside ``no_grad``."""
    inference: bool
    """True inside ``inference_mode``."""


@message
class ContentsDropped:
    """News: these contents are no longer held, for one reason."""

    contents: tuple[int, ...]
    reason: str


@message
class MemoryHeld:
    """News: bytes of snapshots in memory, the budget, bytes in the spill file and its limit."""

    held: int
    budget: int
    spilled: int
    limit: int = 0


@message
class RecordingNoted:
    """News: something about the recording that the user should know, in one sentence."""

    sentence: str
    step: int = -1
