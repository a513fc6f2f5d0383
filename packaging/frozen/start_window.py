"""First lines of the installed program: the environment set right, then the command line."""

from __future__ import annotations

import os
import sys

FOR_QT = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


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
    keep_to_own_plugins()


def keep_to_own_plugins() -> None:
    """Let Qt see no plugins but those beside it, which its binding finds by itself.

    What the user has set for another Qt is taken from this process and not from ``os.environ``,
    which is what a worker gets; what the starter has set for this one is taken from both.
    """
    own = getattr(sys, "_MEIPASS", None)
    if own is None:
        return
    for name in FOR_QT:
        if os.environ.get(name, "").startswith(own):
            del os.environ[name]
        else:
            os.unsetenv(name)


if __name__ == "__main__":
    give_back_environment()
    from explorer.__main__ import main

    sys.exit(main())
