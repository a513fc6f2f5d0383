"""What makes Qt's binding start quicker: to be called before anything of Qt is imported."""

from __future__ import annotations

from explorer.ui.quick import binding, enums


def load_qt() -> None:
    """Load the binding without what hardly any start needs.

    Raises:
        ImportError: Qt's packages or libraries are not complete.
    """
    enums.begin()
    binding.begin()
    try:
        import PySide6  # noqa: F401
    finally:
        binding.end()


def stand() -> None:
    """The window is there, and the process is like any other from now on."""
    enums.end()
