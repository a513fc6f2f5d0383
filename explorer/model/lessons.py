"""The built-in lessons: their programs, and what to look at in each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tomllib

from explorer.model.recording import Recording


@dataclass(frozen=True)
class Sight:
    """Something worth seeing: after the line that begins with ``at`` has run."""

    at: str
    see: str


@dataclass(frozen=True)
class Lesson:
    """One lesson; ``item`` is the topic's number, 0 for the introduction."""

    path: Path
    item: int
    title: str
    sights: tuple[Sight, ...]

    def text(self) -> str:
        """Its program.

        Raises:
            OSError: when the file cannot be read.
        """
        return self.path.read_text(encoding="utf-8")


def read_lessons(folder: Path) -> list[Lesson]:
    """All lessons of a folder, in the order of its ``index.toml``.

    Raises:
        OSError: when the index cannot be read.
        ValueError: when it is no TOML.
        KeyError: when an entry lacks something.
    """
    index = tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))
    return [
        Lesson(
            folder / entry["file"],
            entry["item"],
            entry["title"],
            tuple(Sight(sight["at"], sight["see"]) for sight in entry.get("look", ())),
        )
        for entry in index["lesson"]
    ]


def step_of(recording: Recording, sight: Sight) -> int | None:
    """The last step at which the sight's line had run; None when it has not run."""
    last = len(recording) - 1
    found = [
        recording.steps.last_run(known.id, last)
        for known in recording.steps.statements.values()
        if known.code.startswith(sight.at)
    ]
    step = max(found, default=-1)
    return step if step >= 0 else None
