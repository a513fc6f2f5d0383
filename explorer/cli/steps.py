"""``tensor-explorer steps FILE``: run under the recorder without a window, print the timeline."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.model.card import Card, storage_letter
from explorer.model.recording import Recording
from explorer.model.steps import Step
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.recording import ContentsDropped, FileMarked, RecordingNoted, StepsRecorded
from explorer.protocol.running import Failed, OutputPrinted, ProgramEnded, RunProgram

AT_ONCE = 200
"""Steps whose numbers are asked for together."""


@dataclass(frozen=True)
class StepsOptions:
    """What the command line asked for; ``at`` is a step's label or empty for all steps."""

    file: str
    arguments: tuple[str, ...] = ()
    json: bool = False
    at: str = ""
    values: int = 10
    python: str = sys.executable
    device: str = ""
    seed: int | None = None
    node_passes: int = 3
    memory: int = 0
    disk: int = 0


@dataclass
class RecordedRun:
    """All that the worker told of one run."""

    recording: Recording = field(default_factory=Recording)
    output: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
    end: ProgramEnded | None = None
    lost: str = ""
    """Why the worker is gone, when it died before the program's end."""

    def take(self, news: object) -> None:
        """Take one piece of news."""
        if isinstance(news, StepsRecorded):
            self.recording.steps_recorded(news)
        elif isinstance(news, FileMarked):
            self.recording.file_marked(news)
        elif isinstance(news, ContentsDropped):
            self.recording.contents_dropped(news)
        elif isinstance(news, OutputPrinted):
            self.output[news.step].append(news.text)
        elif isinstance(news, RecordingNoted):
            self.notes.append(news.sentence)
        elif isinstance(news, ProgramEnded):
            self.end = news

    def take_printed(self, texts: list[str]) -> None:
        """Take what came past Python; it is told with the last step that is known."""
        while texts:
            self.output[max(len(self.recording) - 1, 0)].append(texts.pop(0))


def print_steps(options: StepsOptions, out: TextIO) -> int:
    """Run the file and print its steps; returns 0, or 1 when the program raised or its process
    died: then what was recorded up to there is printed.

    Raises:
        WorkerGone: when the worker cannot be started.
        ValueError: when there is no step ``options.at``.
    """
    client = WorkerClient(options.python)
    try:
        run = run_recorded(client, options)
        chosen = _chosen(run.recording, options.at)
        for first in range(0, len(chosen), AT_ONCE):
            for line in _lines(client, run, chosen[first : first + AT_ONCE], options):
                print(line, file=out)
    finally:
        client.close()
    for note in [*run.notes, *([run.lost] if run.lost else [])]:
        print(note, file=sys.stderr)
    if run.end is not None and run.end.error is not None:
        print(run.end.error.traceback, end="", file=sys.stderr)
    return 1 if run.end is None or run.end.how == "raised" else 0


def run_recorded(client: WorkerClient, options: StepsOptions) -> RecordedRun:
    """Run a program to its end, or to that of its worker, and take all news of it.

    Raises:
        ValueError: when the worker refuses the program, in one sentence.
    """
    run = RecordedRun()
    request = RunProgram(
        options.file,
        options.arguments,
        options.device,
        options.seed,
        own_input=True,
        node_passes=options.node_passes,
        budget=options.memory,
        disk=options.disk,
    )
    started = client.ask(request)
    if isinstance(started, Failed):
        raise ValueError(started.sentence)
    while run.end is None and not run.lost:
        try:
            run.take(client.news())
        except WorkerGone as gone:
            run.lost = f"{gone} What was recorded up to there is printed."
        run.take_printed(client.printed_beside)
    return run


def _chosen(recording: Recording, at: str) -> list[int]:
    return [recording.steps.index_of(at)] if at else list(range(len(recording)))


def _lines(
    client: WorkerClient, run: RecordedRun, steps: list[int], options: StepsOptions
) -> Iterator[str]:
    if not options.json:
        for step in steps:
            yield _plain(run, step)
            for line in "".join(run.output.get(step, [])).splitlines():
                yield f"{'':>14}│ {line}"
        return
    numbers = _numbers(client, run.recording, steps, options.values)
    for step in steps:
        told = _describe(run, step, numbers)
        yield json.dumps(told, ensure_ascii=False)


def _plain(run: RecordedRun, index: int) -> str:
    step = run.recording.step(index)
    shown = []
    for path in sorted(run.recording.changed_paths(index)):
        card = run.recording.card(index, run.recording.tensor_named(index, path))
        if card is not None:
            shape = ", ".join(map(str, card.kind.shape))
            letter = storage_letter(card.storage)
            shown.append(f"{path} {card.kind.dtype}[{shape}] {letter}".rstrip())
    what = step.node.name if step.node else step.statement.code.splitlines()[0]
    error = f"  {step.error.type}: {step.error.message}" if step.error else ""
    return f"{step.label:>6}  {step.statement.line:>5}  {what:<48}  {'; '.join(shown)}{error}"


def _wanted(recording: Recording, step: int, card: Card) -> NumbersOf:
    content = recording.content(step, card.storage)
    return card.numbers(content.id if content else 0)


def _all_cards(recording: Recording, step: int) -> Iterator[Card]:
    for card in recording.cards_at(step).values():
        yield card
        seen = {card.tensor}
        grad = recording.card(step, card.grad) if card.grad else None
        while grad is not None and grad.tensor not in seen:
            seen.add(grad.tensor)
            yield grad
            grad = recording.card(step, grad.grad) if grad.grad else None


def _numbers(
    client: WorkerClient, recording: Recording, steps: list[int], count: int
) -> dict[NumbersOf, Any]:
    wanted = list(
        dict.fromkeys(
            _wanted(recording, step, card) for step in steps for card in _all_cards(recording, step)
        )
    )
    if not wanted or not count:
        return {}
    try:
        answer = client.ask(ReadNumbers(tuple(wanted), count))
    except WorkerGone:
        return dict.fromkeys(wanted, "gone with the program's process")
    if isinstance(answer, Failed):
        raise ValueError(answer.sentence)
    return dict(zip(wanted, answer.lists, strict=True))


def _describe(run: RecordedRun, index: int, numbers: dict[NumbersOf, Any]) -> dict[str, Any]:
    recording = run.recording
    step = recording.step(index)
    cards = recording.cards_at(index)
    return {
        "step": step.label,
        "kind": "error" if step.error else "node" if step.node else "line",
        "line": step.statement.line,
        "file": step.file,
        "function": step.statement.function,
        "code": step.statement.code,
        "node": step.node.name if step.node else None,
        "tensors": {
            path: _tensor(recording, index, card, numbers, frozenset())
            for path, card in cards.items()
        },
        "changed": sorted(recording.changed_paths(index)),
        "output": "".join(run.output.get(index, [])),
        "error": _error(step),
    }


def _error(step: Step) -> dict[str, Any] | None:
    if step.error is None:
        return None
    told = step.error
    return {"type": told.type, "message": told.message, "explained": told.explained}


def _tensor(
    recording: Recording,
    step: int,
    card: Card,
    numbers: dict[NumbersOf, Any],
    inside: frozenset[int],
) -> dict[str, Any]:
    kind = card.kind
    content = recording.content(step, card.storage)
    grad = None if card.grad in inside else recording.card(step, card.grad)
    deeper = inside | {card.tensor}
    told: dict[str, Any] = {
        "dtype": kind.dtype,
        "shape": list(kind.shape),
        "stride": list(kind.stride),
        "offset": kind.offset,
        "device": kind.device,
        "storage": storage_letter(card.storage),
        "storage_bytes": content.nbytes if content else 0,
        "version": card.version,
        "requires_grad": kind.requires_grad,
        "is_leaf": kind.is_leaf,
        "grad_fn": kind.grad_fn or None,
        "grad": _tensor(recording, step, grad, numbers, deeper) if grad else None,
    }
    if numbers and kind.device == "meta":
        told["values"] = "A tensor on meta has a shape but no numbers."
    elif numbers:
        told["values"] = numbers.get(_wanted(recording, step, card), "not kept")
    return told
