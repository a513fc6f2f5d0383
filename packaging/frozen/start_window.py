"""First lines of the installed program: the environment set right, then the command line."""

from __future__ import annotations

import os
import sys


def give_back_environment() -> None:
    """Undo what the frozen program's starter did to the environment.

    It points the system's loader at the program's own libraries. This process has read that
    already; a worker in another Python must not inherit it.
    """
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH"):
        before = os.environ.pop(name + "_ORIG", None)
        if before is not None:
            os.environ[name] = before
        elif getattr(sys, "frozen", False):
            os.environ.pop(name, None)


if __name__ == "__main__":
    give_back_environment()
    from explorer.__main__ import main

    sys.exit(main())
