"""Starting, stopping and hearing of a run."""

from __future__ import annotations

from explorer.protocol.message import message, part


@part
class ProgramError:
    """An exception that ended the program, as plain Python would print it."""

    type: str
    message: str
    explained: str
    """One sentence for a learner, or empty when there is nothing to add."""
    traceback: str
    file: str
    line: int

    @property
    def words(self) -> str:
        """``ValueError: too large``, as the last line of a traceback has it."""
        return f"{self.type}: {self.message}" if self.message else self.type


@message
class Hello:
    """News, first of all: who the worker is. ``token`` is the one-time token of its start."""

    token: str
    protocol: int
    process: int
    python: str
    executable: str


@message
class TorchReady:
    """News: torch is imported, a program can run at once."""

    torch: str
    numpy: str
    seconds: float


@message
class CannotServe:
    """News: this interpreter lacks something; ``sentence`` says what and how to mend it."""

    sentence: str


@message
class ImportAhead:
    """Request to a worker that has run no program: import these modules, which the program to
    come will import. Not answered; a `RunProgram` that follows waits until it is done."""

    modules: tuple[str, ...]


@part
class Chance:
    """With what the random numbers of a run began, where it did not say so itself: the state of
    Python's generator and of NumPy's old one (empty when it was never there), and torch's seed."""

    python: str
    numpy: str
    torch: str


@message
class RunProgram:
    """Request: run a file as ``__main__``. Answered by `ProgramStarted`."""

    path: str
    arguments: tuple[str, ...] = ()
    device: str = ""
    """Where new tensors are made, such as ``cuda:0``; empty leaves torch's own default."""
    seed: int | None = None
    """When given, ``torch.manual_seed`` with it before the first statement."""
    budget: int = 0
    """Bytes that snapshots may take; 0 is a quarter of the free memory."""
    disk: int = 0
    """Bytes that older snapshots may take on disk; 0 is a quarter of what is free there, and with
    less than 0 none are written."""
    own_input: bool = False
    """True when the worker's stdin belongs to the program; else `InputWanted` asks for lines."""
    node_passes: int = 3
    """How many backward passes called by one statement keep every node's gradients."""
    keep_passes: tuple[int, ...] = ()
    """Numbers of more passes (`PassRan`) that keep every node's gradients."""
    chance: Chance | None = None
    """With what an earlier run began, so that this one draws the same random numbers."""
    follow: tuple[str, ...] = ()
    """More folders whose modules are recorded like the program's own folder."""


@message
class ProgramStarted:
    """Answer to `RunProgram`."""

    folder: str


@message
class ReadChance:
    """Request: with what this run began. Answered by `ChanceRead`."""


@message
class ChanceRead:
    """Answer to `ReadChance`."""

    chance: Chance


@message
class StopProgram:
    """Request: end the program at its next statement. Answered by `Done`."""


@message
class GiveInput:
    """Request: a line for the program's stdin, line end included; empty text is end of file."""

    text: str


@message
class InputWanted:
    """News: the program waits for a line; ``prompt`` was printed just before."""

    prompt: str


@message
class OutputPrinted:
    """News: text that the program printed while step ``step`` was being executed."""

    step: int
    stream: str
    """``stdout`` or ``stderr``."""
    text: str


@message
class ProgramOver:
    """News: the program runs no longer; its last steps and `ProgramEnded` are on their way."""


@message
class ProgramEnded:
    """News: the program ended; the worker stays to serve the recording."""

    how: str
    """``finished``, ``raised``, ``exited`` (``sys.exit``), ``stopped`` or ``refused``."""
    code: int
    seconds: float
    error: ProgramError | None = None


@message
class Cancel:
    """Request: the answer to request ``asked`` is no longer wanted. Not answered."""

    asked: int


@message
class Done:
    """Answer: it is done, and there is nothing to tell."""


@message
class Failed:
    """Answer: it cannot be done; ``sentence`` says why and what to do."""

    sentence: str
    reason: str = ""
    """A word for the window's page: ``dropped``, ``busy``, ``freed``, ``refused`` or empty."""


@message
class ReadDevices:
    """Request: what this machine has. Answered by `Devices`."""


@part
class Device:
    """One place where tensors can live."""

    name: str
    """As torch spells it: ``cpu``, ``cuda:0``, ``mps``, ``xpu:0``, ``meta``."""
    title: str
    usable: bool
    reason: str
    """Why it cannot be chosen, in one sentence; empty when it can."""
    used: int = 0
    """Bytes in use, 0 when not known."""
    total: int = 0
    """Bytes there are, 0 when not known."""


@message
class Devices:
    """Answer to `ReadDevices`."""

    devices: tuple[Device, ...]
