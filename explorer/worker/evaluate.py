"""Evaluates an expression with the names of a step, aside: nothing of the program changes.

Where the process can be copied it is done in a copy, at any time. Elsewhere it is done here, on
copies of the tensors, and only when the program has ended.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import io
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import torch

from explorer.protocol.console import Evaluate, Evaluated, KnownTensor
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.worker.program.copied_process import can_copy, in_a_copy
from explorer.worker.quiet import quiet
from explorer.worker.recorder import Recorder
from explorer.worker.recording.containers import Walk
from explorer.worker.runner import without_own
from explorer.worker.snapshots import ContentGone

LONGEST = 100_000
"""Characters of an answer."""

_BUSY = Failed(
    "Here the console answers when the program has ended: until then it would disturb it.", "busy"
)
_GAVE_UP = Failed("The process that evaluated this ended before it had an answer.", "failed")
META = "meta"
_PLAIN = re.compile(r"[^\W\d]\w*")


class Evaluator:
    """``values`` holds what each step bound, ``ended`` tells whether the program is over."""

    def __init__(self, recorder: Recorder, values: list[Any], ended: Callable[[], bool]) -> None:
        self._recorder = recorder
        self._values = values
        self._ended = ended

    def evaluate(self, request: Evaluate) -> Iterator[Evaluated | Failed | None]:
        """Answer `Evaluate`; in pieces, so that it can be cancelled."""
        if can_copy():
            told: bytes | None = None
            for told in in_a_copy(lambda: _packed(self._evaluated(request))):
                if told is None:
                    yield None
            yield _unpacked(told) if told else _GAVE_UP
        elif self._ended():
            devices = list(range(torch.cuda.device_count())) if torch.cuda.is_available() else []
            with torch.random.fork_rng(devices=devices):
                yield self._evaluated(request)
        else:
            yield _BUSY

    def _evaluated(self, request: Evaluate) -> Evaluated | Failed:
        try:
            names = self._names(request)
        except ContentGone as err:
            return Failed(str(err), "dropped")
        text, raised = run_text(request.text, names)
        more = f"\n… {len(text) - LONGEST:,} more characters" if len(text) > LONGEST else ""
        return Evaluated(text[:LONGEST] + more, raised)

    def _names(self, request: Evaluate) -> dict[str, Any]:
        """The program's names as they were at the step, as far as the recording knows them."""
        live = vars(sys.modules["__main__"])
        names = dict(live)
        inside: dict[str, dict[str, torch.Tensor]] = {}
        for known in request.tensors:
            tensor = self._rebuilt(known)
            root = _PLAIN.match(known.path)
            if root is None or root[0] == known.path:
                names[known.path] = tensor
            else:
                inside.setdefault(root[0], {})[known.path] = tensor
        for name, tensors in inside.items():
            if name in live and name not in tensors:
                names[name] = _container(name, live[name], tensors)
        for scalar in request.scalars:
            bound = self._bound(scalar.step, scalar.statement, scalar.name)
            if bound is not None:
                names[scalar.name] = bound
        return names

    def _rebuilt(self, known: KnownTensor) -> torch.Tensor:
        with quiet():
            tensor = self._copy(known.source, known.device)
        if known.grad is not None:
            with quiet():
                grad = self._copy(known.grad, known.device)
            tensor.grad = grad
        return tensor.requires_grad_(known.requires_grad) if _may_learn(tensor) else tensor

    def _copy(self, source: NumbersOf, device: str) -> torch.Tensor:
        if device == META:
            dtype = getattr(torch, source.dtype)
            return torch.empty_strided(source.shape, source.stride, dtype=dtype, device=META)
        held = self._recorder.snapshots.tensor_of(
            source.content, source.dtype, source.shape, source.stride, source.offset
        )
        return held.detach().clone()

    def _bound(self, step: int, statement: int, name: str) -> Any:
        """The plain value that a statement gave to a name; None when it is not known."""
        marks = self._recorder.statements.marks
        if not (0 <= step < len(self._values) and 0 < statement <= len(marks)):
            return None
        bound, names = self._values[step], marks[statement - 1].names
        if name not in names:
            return None
        if len(names) == 1:
            return bound
        place = names.index(name)
        return bound[place] if isinstance(bound, tuple) and place < len(bound) else None


def _packed(answer: Evaluated | Failed) -> bytes:
    if isinstance(answer, Failed):
        return json.dumps(["failed", answer.sentence, answer.reason]).encode()
    return json.dumps(["evaluated", answer.text, answer.raised]).encode()


def _unpacked(told: bytes) -> Evaluated | Failed:
    kind, text, more = json.loads(told)
    return Failed(text, more) if kind == "failed" else Evaluated(text, more)


def _may_learn(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def _container(name: str, live: Any, tensors: dict[str, torch.Tensor]) -> Any:
    """A copy of a container in which each tensor is the one of the step."""
    memo: dict[int, Any] = {}
    for path, tensor in Walk(live).found:
        known = tensors.get(name + path)
        if known is not None:
            same = isinstance(tensor, torch.nn.Parameter)
            made = torch.nn.Parameter(known.detach(), known.requires_grad) if same else known
            made.grad = known.grad
            memo[id(tensor)] = made
    try:
        return copy.deepcopy(live, memo)
    except Exception:  # what cannot be copied is shown as the program left it
        return live


def run_text(text: str, names: dict[str, Any]) -> tuple[str, bool]:
    """What Python's prompt would print for a text, and whether it raised."""
    out = io.StringIO()
    names["print"] = functools.partial(print, file=out)
    try:
        tree = ast.parse(text, "<console>")
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stderr(out), contextlib.redirect_stdout(out):
            exec(compile(tree, "<console>", "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "<console>", "eval"), names)
                if value is not None:
                    out.write(repr(value))
    except BaseException as err:
        trace = without_own(err.__traceback__)
        out.write("".join(traceback.format_exception(type(err), err, trace)))
        return out.getvalue(), True
    return out.getvalue(), False
