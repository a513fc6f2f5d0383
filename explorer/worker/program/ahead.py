"""Imports what a program will need before it is run, while nobody waits."""

from __future__ import annotations

import contextlib
import gc
import importlib
from collections.abc import Sequence

from explorer.worker.program.collector import collector_at_rest


def import_ahead(modules: Sequence[str]) -> None:
    """Import modules as the program would; one that cannot be imported is left to it."""
    with collector_at_rest():
        for name in modules:
            # The program meets the same exception, where it can be seen.
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.freeze()
