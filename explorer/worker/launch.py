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
from traceback import format_exception
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


def _make_importable() -> None:
    """Let ``import explorer`` find this package, wherever it lies, and nothing beside it."""
    from importlib.machinery import PathFinder

    home = str(Path(__file__).resolve().parents[2])

    class ExplorerFinder:
        """Finds the package ``explorer``, what is in it, and nothing else."""

        package = "explorer"
        loader: Any = None
        """Loads what is found; None leaves that to Python."""

        @classmethod
        def find_spec(
            cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if name.partition(".")[0] != "explorer":
                return None
            spec = PathFinder.find_spec(name, [home] if path is None else path, target)
            if spec is not None and spec.origin is not None and cls.loader is not None:
                spec.loader = cls.loader(name, spec.origin)
            return spec

    sys.meta_path.insert(0, ExplorerFinder)
    if "TENSOR_EXPLORER_SEEN" not in os.environ:
        from explorer.worker.program.unseen import UnseenLoader

        ExplorerFinder.loader = UnseenLoader


def main() -> None:
    """Take the address from the environment and serve until the window goes away."""
    port = int(os.environ.pop("TENSOR_EXPLORER_PORT", "0"))
    token = os.environ.pop("TENSOR_EXPLORER_TOKEN", "")
    if os.environ.pop("TENSOR_EXPLORER_HASHING", ""):
        os.environ.pop("PYTHONHASHSEED", None)
    from explorer.worker.server import serve

    serve(port, token)


def _go_on(kind: type[BaseException], error: BaseException, traceback: object) -> None:
    """The worker's life, called by the interpreter itself when this file's own frame is gone."""
    sys.excepthook = sys.__excepthook__
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)
    error.__traceback__ = None
    try:
        main()
    except SystemExit as leaving:
        os._exit(leaving.code if isinstance(leaving.code, int) else 1)
    except BaseException as failure:
        # Whatever the program has made of sys.stderr, this must be seen.
        os.write(2, "".join(format_exception(failure)).encode("utf-8", "replace"))
        os._exit(1)


class HandOver(Exception):
    """Ends this file; nothing is wrong."""


if __name__ == "__main__":
    _make_importable()
    # The interpreter calls the hook with no frame of Python code below it: so the program's
    # module, which runs above it, is the outermost frame that the program sees.
    from explorer.worker.program.depth import remember_outermost
    from explorer.worker.program.unseen import unseen_function

    remember_outermost()
    main = unseen_function(main)
    sys.excepthook = unseen_function(_go_on)
    raise HandOver
