"""``tensor-explorer steps FILE``: run under the recorder without a window, print the timeline."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from explorer.cli.followed import Followed, Follower
from explorer.cli.step_json import JsonLines
from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.model.card import storage_letter
from explorer.model.recording import Recording
from explorer.protocol.recording import ContentsDropped, FileMarked, RecordingNoted, StepsRecorded
from explorer.protocol.running import Failed, OutputPrinted, ProgramEnded, RunProgram


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
        for line in _lines(client, run, chosen, options):
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
    follower = Follower(run.recording)
    followed = map(follower.follow, steps)
    if options.json:
        yield from JsonLines(client, run.recording, run.output, options.values).lines(followed)
        return
    for one in followed:
        yield _plain(run.recording, one)
        for line in "".join(run.output.get(one.step, [])).splitlines():
            yield f"{'':>14}│ {line}"


def _plain(recording: Recording, followed: Followed) -> str:
    step = recording.step(followed.step)
    shown = []
    for path in followed.changed:
        told = followed.names.told.get(path)
        if told is not None:
            shape = ", ".join(map(str, told.card.kind.shape))
            letter = storage_letter(told.card.storage)
            shown.append(f"{path} {told.card.kind.dtype}[{shape}] {letter}".rstrip())
    what = step.node.name if step.node else step.statement.code.splitlines()[0]
    error = f"  {step.error.words}" if step.error else ""
    return f"{step.label:>6}  {step.statement.line:>5}  {what:<48}  {'; '.join(shown)}{error}"
