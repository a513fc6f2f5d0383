"""One thing that is wrong with a program, as the problems pane lists it."""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def place(self) -> str:
        """``autograd.py, line 7``."""
        name = self.file.replace("\\", "/").rpartition("/")[2]
        return f"{name}, line {self.line}" if name and self.line else name
