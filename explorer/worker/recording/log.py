"""What the probes write down: one flat list of entries, and one flat list of changes.

An entry is three items of the list: code, frame, value. A probe on the fastest path adds three
plain values and makes no object that lives on.

- code > 0: a statement whose only effect is to bind a scalar (or nothing). The frame is the ``id``
  of a frame object, or -1 - file at module level; the value is the scalar.
- code < 0: statement -code. The frame is a frame id; the value is where the change record of the
  step begins, -1 when it changed nothing; or a pair of that and what was bound; or a number below
  -1: -2 minus where a short record begins.
- code 0: an event; the value is one of the classes below.

A change record is a run of whole numbers: step (filled in when the log is read), then how many
names, names elsewhere, cards and contents follow, then these: names as (path, tensor), names
elsewhere as (frame, path, tensor), cards as 7 and contents as 4 numbers each. A short record is
what most statements on tensors are: a name came to lead to a new tensor without history on memory
of its own. Its `SHORT` numbers are path, tensor, kind, storage, version, content and bytes.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

NOTHING = -1
HEADER = 5
"""Numbers before the first name of a change record."""
SHORT = 7
"""Numbers of a short record."""


class Change:
    """What a step changed, collected while the step is looked at."""

    __slots__ = ("cards", "contents", "elsewhere", "names")

    def __init__(self) -> None:
        self.names: list[int] = []
        self.elsewhere: list[int] = []
        self.cards: list[int] = []
        self.contents: list[int] = []


class Entered(NamedTuple):
    """A function, class body or module was entered; ``frame_object`` is the ``id`` of its frame."""

    frame: int
    frame_object: int
    function: str
    caller: int
    thread: int
    file: int
    is_module: bool
    changes: int


class Said(NamedTuple):
    """News whose field ``step`` is filled in when the log is read."""

    news: Any


class Printed(NamedTuple):
    """Text was printed."""

    stream: str
    text: str


class Noted(NamedTuple):
    """Something that the user should know."""

    sentence: str


class NodeRan(NamedTuple):
    """A node of the graph ran: a step."""

    frame: int
    node: int
    name: str
    grads_in: tuple[int, ...]
    grads_out: tuple[int, ...]
    leaf: int
    changes: int


class PassEnded(NamedTuple):
    """A backward pass, called from a statement of this frame, is over."""

    frame: int
    number: int
    began: int
    recorded: bool


class Raised(NamedTuple):
    """A statement raised: a step."""

    frame: int
    statement: int
    type: str
    message: str
    explained: str
    caught: bool
    changes: int


class Escaped(NamedTuple):
    """Nobody has caught what was raised at ``step``; ``raised`` says so."""

    step: int
    raised: Raised


class Taken(NamedTuple):
    """Everything that was written since the log was last read."""

    entries: list[Any]
    changes: list[int]
    paths: list[str]


class Log:
    """The log of one run. Whoever writes more than one entry at a time holds ``lock``."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.entries: list[Any] = []
        self.changes: list[int] = []
        self._first = 0
        self._no_steps = 0
        self.paths: dict[str, int] = {}
        """Paths that names of `changes` refer to, by number; new with every reading."""

    def path(self, text: str) -> int:
        """The number that stands for a path until the log is read next."""
        number = self.paths.get(text)
        if number is None:
            number = self.paths[text] = len(self.paths)
        return number

    def write(self, change: Change) -> int:
        """Move what was noted into a change record; tells where the record begins, `NOTHING` when
        there is nothing in it."""
        names, elsewhere = change.names, change.elsewhere
        cards, contents = change.cards, change.contents
        if not (names or cards or contents or elsewhere):
            return NOTHING
        start = len(self.changes)
        counts = (len(names) // 2, len(elsewhere) // 3, len(cards) // 7, len(contents) // 4)
        self.changes.extend((0, *counts, *names, *elsewhere, *cards, *contents))
        names.clear()
        cards.clear()
        contents.clear()
        if elsewhere:
            elsewhere.clear()
        return start

    def event(self, event: tuple[Any, ...]) -> None:
        """Add an event."""
        with self.lock:
            self.entries.extend((0, 0, event))
            self._no_steps += not isinstance(event, (NodeRan, Raised))

    def next_step(self) -> int:
        """Index of the step that is being executed: the one that will be written down next."""
        with self.lock:
            return self._first + len(self.entries) // 3 - self._no_steps

    def take(self) -> Taken:
        """Take everything out."""
        with self.lock:
            end = len(self.entries)
            self._first += end // 3 - self._no_steps
            self._no_steps = 0
            taken = Taken(self.entries[:end], self.changes, list(self.paths))
            del self.entries[:end]
            self.changes = []
            self.paths = {}
        return taken
