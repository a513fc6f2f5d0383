"""Who made an interpreter, and the short name by which people know it."""

from __future__ import annotations

import sys
from pathlib import Path

_SYSTEM = ("/usr", "/bin", "/opt/homebrew", "/Library/Frameworks", "C:\\Program Files")


def in_short(path: str, home: Path | None = None) -> str:
    """``conda ml``, ``pyenv 3.12.1``, ``venv ~/work/.venv``, ``system /usr/bin/python3``.

    Only names of files are looked at and one small file is read.

    Args:
        path: of the interpreter; what is not an absolute path is answered as it is.
        home: the user's home.
    """
    python = Path(path)
    if not python.is_absolute():
        return path
    inside = getattr(sys, "_MEIPASS", None)
    if inside is not None and python.is_relative_to(Path(inside).parent):
        return "the one that came with Tensor Explorer"
    home = home or Path.home()
    folder = python.parent.parent if python.parent.name in ("bin", "Scripts") else python.parent
    kind, name = _made_by(folder)
    if kind:
        return f"{kind} {name or _below(folder, home)}"
    place = _below(python, home)
    return f"system {place}" if path.startswith(_SYSTEM) else place


def _made_by(folder: Path) -> tuple[str, str]:
    """Maker and name of an environment; without a name it is known by its folder, without a maker
    it is no environment."""
    parts = folder.parts
    if (folder / "conda-meta").is_dir():
        return "conda", "base" if (folder / "condabin").is_dir() else folder.name
    if folder.parent.name == "versions" and {".pyenv", "pyenv", "pyenv-win"} & {*parts}:
        return "pyenv", folder.name
    if "pypoetry" in parts:
        return "poetry", folder.name
    if parts[-3:-1] == ("uv", "python"):
        return "uv", folder.name
    try:
        settings = (folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no environment
        return "", ""
    by_uv = any(line.partition("=")[0].strip() == "uv" for line in settings.splitlines())
    return "uv" if by_uv else "venv", ""


def _below(path: Path, home: Path) -> str:
    """The path as people write it: with ``~`` for the home."""
    if not path.is_relative_to(home):
        return str(path)
    return str(Path("~") / path.relative_to(home))
