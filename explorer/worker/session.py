"""One run as the window sees it: the program on the main thread, news from another."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import torch

from explorer.protocol import wire
from explorer.protocol.running import (
    Done,
    Failed,
    GiveInput,
    InputWanted,
    ProgramOver,
    ProgramStarted,
    RunProgram,
    StopProgram,
)
from explorer.worker.answers import offer_all
from explorer.worker.autograd.passes import Passes
from explorer.worker.autograd.wiring import offer_autograd
from explorer.worker.devices import CannotChoose, choose_device
from explorer.worker.memory.budget import Budget
from explorer.worker.output import AskingRaw, TellingRaw, telling
from explorer.worker.program.chance import Beginning
from explorer.worker.program.children import watch_children
from explorer.worker.program.compiling import DYNAMO, show_plain_code
from explorer.worker.program.concealed import conceal
from explorer.worker.program.hiding import tools_are_whole
from explorer.worker.program.imports import Imports
from explorer.worker.program.leaving import tell_before_leaving
from explorer.worker.program.unlisted import UnlistedThread
from explorer.worker.recorder import Recorder
from explorer.worker.recording.log import Said
from explorer.worker.recording.news import News
from explorer.worker.recording.optimizers import OptimizerWatch
from explorer.worker.runner import Runner

if TYPE_CHECKING:
    from explorer.worker.server import Connection, Server

REHEARSED = """
import torch
def add(x):
    return x + 1
held = [add(torch.zeros(2))]
held[0][0] = 1.0
for number in range(3):
    x = held[0] * number
try:
    x.view(3)
except RuntimeError:
    pass
"""

ROUND = 0.04
"""Seconds between two batches of news, at least."""

REST = 40
"""How many times longer than sending the last batch took the next one waits."""

LONGEST = 0.25
"""Seconds that a batch waits at most."""

PATIENCE = 50
"""How often in a run a batch waits for the program to mend the builtins that it has replaced."""


class Session:
    """Joins recorder, runner and news; answers what concerns the run as a whole."""

    def __init__(self, connection: Connection, server: Server) -> None:
        self._connection = connection
        self.recorder = Recorder()
        self.snapshots = self.recorder.snapshots
        self.news = News(self.recorder)
        self.budget = Budget(self.snapshots, self.recorder.tensors.memory_was_shared)
        self._passes = Passes(self.recorder)
        self._reading = threading.Lock()
        self._over = threading.Event()
        self._input: AskingRaw | None = None
        self._streams: list[TellingRaw] = []
        server.answer("stop_program", self.stop_program)
        server.answer("give_input", self.give_input)
        offer_all(server, self.recorder, self.news, self._over.is_set)
        offer_autograd(server, self.recorder, self._passes)
        self._chance = Beginning()
        server.answer("read_chance", self._chance.read_chance)
        self._process = os.getpid()
        lock = self.recorder.log.lock
        os.register_at_fork(
            before=lock.acquire,
            after_in_parent=lock.release,
            after_in_child=self._forked,
        )
        self._imports = Imports(self.recorder)
        self._passes.backward.install()
        rehearse()
        gc.collect()
        gc.freeze()  # nothing that torch or the recorder made so far will ever be garbage

    def run(self, request: RunProgram, number: int) -> None:
        """Run a program to its end, on this thread."""
        try:
            choose_device(request.device)
        except CannotChoose as refusal:
            self._connection.send(Failed(str(refusal), "refused"), number)
            return
        recorder = self.recorder
        runner = Runner(recorder, request.path, request.arguments)
        if request.seed is not None:
            torch.manual_seed(request.seed)
        self._passes.keep(request.node_passes, request.keep_passes)
        self._chance.begin(request.chance, self._imports.after)
        recorder.doors.install()
        self._follow_imports((runner.folder, *request.follow))
        OptimizerWatch(lambda news: recorder.log.event(Said(news)), recorder.tensor_id)
        self._take_streams(request.own_input)
        self._connection.send(ProgramStarted(runner.folder), number)
        self.budget.begin(request.budget, request.disk)
        UnlistedThread(target=self._tell, name="explorer news").start()
        gc.freeze()
        conceal(lambda: list(self.snapshots.contents))
        tell_before_leaving(self._send_news)
        ended = runner.run()
        if os.getpid() != self._process:
            os._exit(ended.code)  # a forked child that ran on to the program's end
        self._over.set()
        self._connection.send(ProgramOver())
        self._send_news()
        self._connection.send(ended)

    def _follow_imports(self, folders: tuple[str, ...]) -> None:
        imports, plain = self._imports, self.recorder.statements.plain
        imports.follow(folders)
        imports.after[DYNAMO] = lambda module: show_plain_code(module, plain)
        if DYNAMO in sys.modules:
            show_plain_code(sys.modules[DYNAMO], plain)
        watch_children(self._note_while_running, imports.after)
        imports.install()

    def _note_while_running(self, sentence: str) -> None:
        if self.recorder.enabled and not self._over.is_set():
            self.recorder.note_once(sentence)

    def stop_program(self, request: StopProgram) -> Done:
        """Answer `StopProgram`: the next statement raises KeyboardInterrupt."""
        self.recorder.stop()
        UnlistedThread(target=self._interrupt, name="explorer stop").start()
        return Done()

    def _interrupt(self) -> None:
        """Interrupt the program until it ends, in case it catches what stops it."""
        main = threading.main_thread().ident or 0
        while not self._over.is_set():
            signal.pthread_kill(main, signal.SIGINT)
            self._over.wait(0.1)

    def give_input(self, request: GiveInput) -> Done:
        """Answer `GiveInput`."""
        if self._input is not None:
            self._input.give(request.text)
        return Done()

    def _take_streams(self, own_input: bool) -> None:
        for name in ("stdout", "stderr"):
            plain = getattr(sys, name)
            raw = TellingRaw(name, plain, self.recorder.printed, copy=False)
            self._streams.append(raw)
            stream = telling(raw, plain)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        if not own_input:
            self._input = AskingRaw(sys.stdin.fileno(), self._ask)
            sys.stdin = _text_input(self._input)
            setattr(sys, "__stdin__", sys.stdin)  # noqa: B010 (declared final)

    def _ask(self) -> None:
        self._send_news()
        self._connection.send(InputWanted(""))

    def _tell(self) -> None:
        pause, patience = ROUND, PATIENCE
        while not self._over.wait(pause):
            if patience and not tools_are_whole():
                patience -= 1
                continue
            started = time.thread_time()
            try:
                self._send_news()
            except Exception as error:  # the program has broken, say, ``len`` for good
                self.recorder.note_once(f"Some steps could not be told: {error}")
            pause = min(max(ROUND, REST * (time.thread_time() - started)), LONGEST)

    def _send_news(self) -> None:
        with self._reading:
            for message in (*self.news.read(), *self.budget.news()):
                self._connection.send(message)

    def _forked(self) -> None:
        """A child of the program runs unrecorded and prints for itself."""
        self.recorder.enabled = False
        self._connection.close()
        for stream in self._streams:
            stream.on_its_own()
        self.recorder.log.lock.release()


def rehearse() -> None:
    """Record a small program for nobody, so that the real one pays for no first time."""
    recorder = Recorder()
    news = News(recorder)
    exec(recorder.compile(REHEARSED, "<rehearsal>"), {"__name__": "rehearsal"})
    for message in news.read():
        wire.encode(message)


def _text_input(raw: AskingRaw) -> Any:
    import io

    return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", line_buffering=True)
