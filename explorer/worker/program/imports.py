"""Lets modules of the program's own folders be recorded when they are imported.

Python's loader of source files is asked as always, so caches, warnings and errors are its own;
only the code that it hands out is exchanged. The functions that stand in for the loader's bear
the file name of the import machinery, which Python leaves out of tracebacks.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any

from explorer.worker.recorder import Recorder

MACHINERY = "<frozen importlib._bootstrap_external>"
LIBRARIES = ("site-packages", "dist-packages")


class Imports:
    """Watches imports from `install` to `remove`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._folders: tuple[str, ...] = ()
        self._outside = tuple(
            _folder(path) for path in sysconfig.get_paths().values() if path != sys.prefix
        )
        self._plain = (SourceFileLoader.get_code, SourceFileLoader.exec_module)
        self.after: dict[str, Callable[[ModuleType], None]] = {}
        """Module name -> what to call when it has been imported."""

    def follow(self, folders: Sequence[str]) -> None:
        """Record the modules of these folders and all below, but no libraries."""
        self._folders = tuple(map(_folder, folders))

    def install(self) -> None:
        """Stand in for the loader."""
        get_code, exec_module = self._plain

        def recorded(loader: Any, name: str) -> Any:
            return self._code_of(loader, get_code(loader, name))

        def executed(loader: Any, module: ModuleType) -> None:
            exec_module(loader, module)
            if module.__name__ in self.after:
                self.after[module.__name__](module)

        SourceFileLoader.get_code = _hidden(recorded)  # type: ignore[method-assign]
        SourceFileLoader.exec_module = _hidden(executed)  # type: ignore[method-assign]

    def remove(self) -> None:
        """Give the loader its own functions back."""
        del SourceFileLoader.get_code, SourceFileLoader.exec_module

    def _code_of(self, loader: SourceFileLoader, plain: CodeType | None) -> CodeType | None:
        if plain is None or not self._recorder.enabled or not self.is_followed(loader.path):
            return plain
        return self._recorder.compile(loader.get_data(loader.path), loader.path, plain)

    def is_followed(self, path: str) -> bool:
        """Whether a file belongs to the program's own folders."""
        full = os.path.realpath(path)
        if not full.startswith(self._folders) or any(part in full for part in LIBRARIES):
            return False
        inside = max((len(one) for one in self._folders if full.startswith(one)), default=0)
        return not any(full.startswith(one) and len(one) > inside for one in self._outside)


def _folder(path: str) -> str:
    return os.path.realpath(path).rstrip(os.sep) + os.sep


def _hidden(function: Callable[..., Any]) -> Any:
    """The function under the file name of the import machinery."""
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_filename=MACHINERY)
    return function
