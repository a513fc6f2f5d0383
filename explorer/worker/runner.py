"""Runs a program as a clean ``__main__``, and says how it ended."""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import time
import tokenize
import traceback
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, TracebackType

from explorer.protocol.running import ProgramEnded, ProgramError
from explorer.worker.program.depth import make_even
from explorer.worker.program.ending import begin, finish
from explorer.worker.program.explain import explained
from explorer.worker.program.last_words import any_left, destroy
from explorer.worker.recorder import Recorder

EVEN_OUT = compile("make_even()", "<worker>", "exec", dont_inherit=True)
"""Run exactly as the program's module will be run."""

MAIN = "__main__"

OWN = str(Path(__file__).resolve().parent.parent)


class Runner:
    """One run of one program, on the main thread."""

    def __init__(self, recorder: Recorder, path: str, arguments: Sequence[str]) -> None:
        self._recorder = recorder
        self._given = path
        self._path = os.path.abspath(path)  # noqa: PTH100 (as Python does: links are kept)
        self._arguments = list(arguments)

    @property
    def folder(self) -> str:
        """The program's folder, first in ``sys.path`` and the current directory."""
        return str(Path(self._path).resolve().parent)

    def run(self) -> ProgramEnded:
        """Run to the end; whatever the program raises is printed as plain Python prints it."""
        started = time.perf_counter()
        begin()
        self._prepare()
        try:
            how, code, error = self._executed()
        except KeyboardInterrupt:  # a further one, while the first was being dealt with
            how, code, error = "stopped", 130, None
        _be_deaf()
        finish()
        if how != "stopped" and any_left():
            destroy(MAIN, _modules_from(set(self._recorder.statements.files)))
        return ProgramEnded(how, code, time.perf_counter() - started, error)

    def _prepare(self) -> None:
        module = ModuleType(MAIN)
        names = vars(module)
        names.update(
            __file__=self._path,
            __builtins__=builtins,
            __cached__=None,
            __loader__=SourceFileLoader(MAIN, self._path),
            __annotations__={},
        )
        sys.modules[MAIN] = module
        sys.argv = [self._given, *self._arguments]
        sys.path[0:0] = [self.folder]
        os.chdir(self.folder)

    def _executed(self) -> tuple[str, int, ProgramError | None]:
        try:
            code = self._compiled()
            exec(EVEN_OUT, {"make_even": make_even})
            exec(code, vars(sys.modules[MAIN]))
        except SystemExit as leaving:
            _be_deaf()
            self._recorder.failed(leaving, caught=False)
            return "exited", _exit_code(leaving), None
        except KeyboardInterrupt as interrupt:
            if self._recorder.stopping:
                _be_deaf()
                self._recorder.failed(interrupt, caught=False)
                return "stopped", 130, None
            return "raised", 130, self._raised(interrupt)
        except BaseException as err:
            return "raised", 1, self._raised(err)
        return "finished", 0, None

    def _compiled(self) -> CodeType:
        source = Path(self._path).read_bytes()
        try:
            refuse_null_bytes(source, self._path)
            refuse_wrong_encoding(source, self._path)
            return self._recorder.compile(source, self._path)
        except SyntaxError as err:
            # None of the program's frames is there yet, and ours are nobody's business.
            err.__traceback__ = err.__context__ = None
            raise err from None

    def _raised(self, err: BaseException) -> ProgramError:
        err.__traceback__ = without_own(err.__traceback__)
        self._recorder.failed(err, caught=False)
        text = "".join(traceback.format_exception(err))
        sys.excepthook(type(err), err, err.__traceback__)
        file, line = _place_of(err)
        return ProgramError(type(err).__name__, _message(err), explained(err), text, file, line)


def _modules_from(files: set[str]) -> list[str]:
    """The names of imported modules of the program's own, in order of import."""
    modules = list(sys.modules.items())
    found = [name for name, one in modules if getattr(one, "__file__", "") in files]
    return [name for name in found if name != MAIN]


def _be_deaf() -> None:
    """Ignore interrupts from now on: the program is over."""
    while signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        except KeyboardInterrupt:
            continue


def without_own(tb: TracebackType | None) -> TracebackType | None:
    """A traceback from the program's first frame on."""
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(OWN):
        tb = tb.tb_next
    return tb


def refuse_null_bytes(source: bytes, path: str) -> None:
    """Raise what Python raises for a file with null bytes; ``compile`` alone does not say where.

    Raises:
        SyntaxError: when there is one.
    """
    before, null, _ = source.partition(b"\0")
    if null:
        lines = before.decode("utf-8", "replace").split("\n")
        place = (path, len(lines), None, lines[-1])
        raise SyntaxError("source code cannot contain null bytes", place)


def refuse_wrong_encoding(source: bytes, path: str) -> None:
    """Raise what Python raises for a file that is not in the encoding it declares; ``compile``
    alone overlooks it in comments.

    Raises:
        SyntaxError: when the bytes cannot be decoded.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    if not encoding.startswith("utf-8"):
        return
    for number, line in enumerate(source.splitlines(), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as err:
            raise SyntaxError(
                f"Non-UTF-8 code starting with '\\x{line[err.start]:02x}' in file {path} on line "
                f"{number}, but no encoding declared; see https://peps.python.org/pep-0263/ "
                "for details"
            ) from None


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return int(leaving.code)  # a bool is an int: unittest leaves by sys.exit(True)
    print(leaving.code, file=sys.stderr)
    return 1


def _place_of(err: BaseException) -> tuple[str, int]:
    if isinstance(err, SyntaxError) and err.filename and err.lineno:
        return err.filename, err.lineno
    frames = traceback.extract_tb(err.__traceback__)
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)


def _message(err: BaseException) -> str:
    try:
        return str(err)
    except Exception:
        return "<exception str() failed>"
