"""One thing that is wrong with a program, as the problems pane lists it."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.moment import Moment


@dataclass(frozen=True)
class Problem:
    """``role`` is ``error``, ``warning`` or ``muted`` (a remark), a colour of the theme."""

    text: str
    role: str = "error"
    file: str = ""
    line: int = 0
    step: int = -1
    """Step index to go to, -1 for none."""
    explained: str = ""
    """A sentence for a learner."""
    moment: Moment | None = None
    """What to look at instead of the step alone."""
    cause: int = -1
    """Index of the step that brought it about, -1 when it is the same or not known."""
    where: str = ""
    """Step and node, as ``step 6.2, ReluBackward0``."""

    @property
    def place(self) -> str:
        """``autograd.py, line 7``."""
        name = self.file.replace("\\", "/").rpartition("/")[2]
        return f"{name}, line {self.line}" if name and self.line else name

    @property
    def whereabouts(self) -> str:
        """Place, step and node: ``autograd.py, line 7 · step 6.2, ReluBackward0``."""
        return " · ".join(part for part in (self.place, self.where) if part)
