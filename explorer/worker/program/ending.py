"""What plain Python does when a program has ended, in a process that lives on.

Functions that torch and others have registered for the end of the process must not run: they take
apart what the recording still needs. `begin` sets aside what is registered before the program
starts; `finish` runs what the program itself has added.
"""

from __future__ import annotations

import atexit
import sys
import threading
import weakref
from typing import Any

_EXIT_FUNCTIONS = (("logging", "shutdown"), ("multiprocessing.util", "_exit_function"))
"""Those of the standard library that act for the program: (module, function)."""

OWN = "explorer"
"""How the names of the worker's own threads begin."""

_registry: Any = weakref.finalize


def begin() -> None:
    """Set aside everything that is registered for the end of the process."""
    for finalizer in list(_registry._registry):
        finalizer.atexit = False
    atexit._clear()
    atexit.register(_registry._exitfunc)
    _registry._registered_with_atexit = True
    for module, function in _EXIT_FUNCTIONS:
        if module in sys.modules:
            atexit.register(getattr(sys.modules[module], function))


def finish() -> None:
    """Wait for the program's threads, run its exit functions, flush its streams."""
    threads: Any = threading
    for stop in reversed(threads._threading_atexits):
        stop()  # executors are told to finish here
    for thread in threading.enumerate():
        is_own = thread.name.startswith(OWN)
        if not (is_own or thread.daemon or thread is threading.main_thread()):
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue  # the program closed it or put something else there; Python is as lenient
