"""Where people keep their Pythons: environments of all makers, and what the system has."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def candidates(
    beside: Path | None = None,
    home: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> list[Path]:
    """Every interpreter in the places where people keep them, the most likely first.

    Args:
        beside: the user's program; environments in its folder and above it come first.
        home: the user's home.
        environment: the variables of the process.
    """
    home = home or Path.home()
    places = [
        *_activated(environment),
        *(_beside(beside) if beside is not None else ()),
        *_in_folders(_environment_folders(home, environment)),
        *_conda_list(home),
        *_on_path(environment),
    ]
    found: dict[str, Path] = {}
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            # An environment is known by its own place: its executable may lead elsewhere.
            found.setdefault(str(place.parent.resolve() / place.name), place)
    return _without_doubles(found.values())


def _without_doubles(paths: Iterable[Path]) -> list[Path]:
    """python, python3 and python3.11 of one folder are one interpreter; the first name stays."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for path in paths:
        key = (str(path.parent.resolve()), str(path.resolve()))
        if key not in seen:
            seen.add(key)
            kept.append(path)
    return kept


def _executable(folder: Path) -> Path:
    if sys.platform == "win32":
        plain = folder / "python.exe"
        return plain if plain.exists() else folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def _activated(environment: Mapping[str, str]) -> Iterator[Path]:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if environment.get(name):
            yield _executable(Path(environment[name]))


def _beside(program: Path) -> Iterator[Path]:
    """Environments in the program's folder and in those above it."""
    for folder in list(program.absolute().parents)[:6]:
        for name in (".venv", "venv", "env"):
            yield _executable(folder / name)


def _environment_folders(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Folders of which each child is an environment: pyenv, uv, poetry, conda, virtualenv."""
    named = {
        "PYENV_ROOT": "versions",
        "WORKON_HOME": "",
        "UV_PYTHON_INSTALL_DIR": "",
        "POETRY_VIRTUALENVS_PATH": "",
        "POETRY_CACHE_DIR": "virtualenvs",
    }
    for name, inner in named.items():
        if environment.get(name):
            yield Path(environment[name]) / inner
    yield home / ".pyenv" / "versions"
    yield home / ".virtualenvs"
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    yield data / "virtualenvs"
    yield data / "uv" / "python"
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    yield cache / "pypoetry" / "virtualenvs"
    yield home / "Library" / "Caches" / "pypoetry" / "virtualenvs"
    for name in ("LOCALAPPDATA", "APPDATA"):
        if environment.get(name):
            yield Path(environment[name]) / "pypoetry" / "Cache" / "virtualenvs"
            yield Path(environment[name]) / "uv" / "python"
            yield Path(environment[name]) / "Programs" / "Python"
    if environment.get("ProgramFiles"):  # python.org's, when installed for everybody
        yield Path(environment["ProgramFiles"])
    yield from _conda_folders(home, environment)


def _conda_folders(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    names = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", ".conda")
    roots = [home / name for name in names]
    roots += [Path("/opt/conda"), Path("/opt/miniconda3")]
    if environment.get("MAMBA_ROOT_PREFIX"):
        roots.insert(0, Path(environment["MAMBA_ROOT_PREFIX"]))
    if environment.get("CONDA_EXE"):
        roots.insert(0, Path(environment["CONDA_EXE"]).parent.parent)
    for root in roots:
        yield root
        yield root / "envs"


def _conda_list(home: Path) -> Iterator[Path]:
    """conda writes down every environment that it makes, wherever it lies."""
    try:
        lines = (home / ".conda" / "environments.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):  # there is no conda, or what lies there is something else
        return
    yield from (_executable(Path(line.strip())) for line in lines if line.strip())


def _in_folders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield _executable(folder)
        try:
            children = sorted(folder.iterdir(), reverse=True)
        except OSError:  # not there, or not for us to read
            continue
        yield from (_executable(child) for child in children)


def _on_path(environment: Mapping[str, str]) -> Iterator[Path]:
    """What the shell would find; pyenv's shims lead to versions that are listed already."""
    folders = [Path(part) for part in environment.get("PATH", "").split(os.pathsep) if part]
    if sys.platform == "darwin":  # a program started by a double click is not told of these
        folders += [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
        folders += sorted(Path("/Library/Frameworks/Python.framework/Versions").glob("3.*/bin"))
    folders = [folder for folder in folders if folder.name != "shims"]
    ending = ".exe" if sys.platform == "win32" else ""
    for name in ("python3", "python", *(f"python3.{minor}" for minor in range(15, 9, -1))):
        yield from (folder / f"{name}{ending}" for folder in folders)
