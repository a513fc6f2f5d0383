"""Started by path in the user's own Python: makes ``explorer`` importable, then serves.

The user's ``sys.path`` stays clean: only a finder for the one package is added.
"""

import os
import sys


def _make_importable():
    """Let ``import explorer`` find this package, wherever it lies, and nothing beside it."""
    from importlib.machinery import PathFinder

    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

    class ExplorerFinder:
        """Finds the package ``explorer`` and nothing else."""

        package = "explorer"

        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "explorer":
                return PathFinder.find_spec(name, [home], target)
            return None

    sys.meta_path.insert(0, ExplorerFinder)


def main():
    """Take the address from the environment and serve until the window goes away."""
    port = int(os.environ.pop("TENSOR_EXPLORER_PORT", "0"))
    token = os.environ.pop("TENSOR_EXPLORER_TOKEN", "")
    del sys.path[0]  # this file's folder
    _make_importable()
    from explorer.worker.server import serve

    serve(port, token)


if __name__ == "__main__":
    main()
