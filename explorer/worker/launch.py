"""Started by path in the user's own Python: makes ``explorer`` importable, then serves.

The user's ``sys.path`` stays clean: only a finder for the one package is added.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    del sys.path[0]  # this file's folder, whose modules must not stand in for Python's own

import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


def _make_importable() -> None:
    """Let ``import explorer`` find this package, wherever it lies, and nothing beside it."""
    from importlib.machinery import PathFinder

    home = str(Path(__file__).resolve().parents[2])

    class ExplorerFinder:
        """Finds the package ``explorer`` and nothing else."""

        package = "explorer"

        @staticmethod
        def find_spec(
            name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if name == "explorer":
                return PathFinder.find_spec(name, [home], target)
            return None

    sys.meta_path.insert(0, ExplorerFinder)


def main() -> None:
    """Take the address from the environment and serve until the window goes away."""
    port = int(os.environ.pop("TENSOR_EXPLORER_PORT", "0"))
    token = os.environ.pop("TENSOR_EXPLORER_TOKEN", "")
    if os.environ.pop("TENSOR_EXPLORER_HASHING", ""):
        os.environ.pop("PYTHONHASHSEED", None)
    _make_importable()
    from explorer.worker.server import serve

    serve(port, token)


if __name__ == "__main__":
    main()
