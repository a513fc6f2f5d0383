"""What a runner knows of work that another worker does for its run."""

from __future__ import annotations

from typing import Protocol


class Errand(Protocol):
    """Something that another worker does for the run that is shown."""

    @property
    def sentence(self) -> str:
        """What it is and how far it has come."""
        ...

    def give_up(self) -> None:
        """Do it no more."""
        ...
