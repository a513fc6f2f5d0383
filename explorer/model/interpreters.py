"""Which Pythons this machine has, and which of them can run programs for the window.

A worker needs Python 3.10 or newer with torch and numpy. Nothing is imported to find that out:
each interpreter is asked for the metadata of its packages, in a process of its own and with a
limit of time, so one that hangs costs nothing but its place in the list.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 10)
OLDEST_TORCH = (2, 6)
PATIENCE = 10.0  # seconds

_MARK = "tensor-explorer-interpreter "
# Runs in any Python from 2.7 on. torch's own file of versions tells for which CUDA it was built.
_QUESTION = f"""
import sys
found = {{"python": "%d.%d.%d" % sys.version_info[:3], "torch": "", "numpy": "", "cuda": ""}}
try:
    from importlib import metadata, util
    import os, re
    for name in ("torch", "numpy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    folders = util.find_spec("torch").submodule_search_locations if found["torch"] else []
    for folder in folders:
        with open(os.path.join(folder, "version.py")) as file:
            built = re.search(r"^cuda[^=\\n]*= *'([^']+)'", file.read(), re.M)
            found["cuda"] = built.group(1) if built else ""
except Exception:
    pass
import json
print("{_MARK}" + json.dumps(found))
"""


@dataclass(frozen=True)
class Interpreter:
    """What is known of one Python; ``lacks`` is empty when it can run programs."""

    path: str
    python: str = ""
    torch: str = ""
    numpy: str = ""
    cuda: str = ""
    lacks: str = ""
    """One sentence: what is missing, and the command that mends it."""

    @property
    def devices(self) -> str:
        """``CPU`` or ``CPU, CUDA 12.8``: what its torch was built for."""
        if not self.torch:
            return ""
        return f"CPU, CUDA {self.cuda}" if self.cuda else "CPU"


def own_python() -> str:
    """The interpreter for programs when the user has chosen none.

    From source it is the one that runs the window. An installed program has one inside (full), or
    takes the first one it finds that has torch (light); where there is none, ``python3``.
    Only files are looked at, no process is started: the window may wait for this.
    """
    root = getattr(sys, "_MEIPASS", None)
    if root is None:
        return sys.executable
    inside = python_inside(Path(root))
    if inside is not None:
        return str(inside)
    return next((str(path) for path in candidates() if _has_torch(path)), "python3")


def python_inside(root: Path) -> Path | None:
    """The interpreter that the full download brings along; None in the light one."""
    for folder in (root / "python", root.parent / "Resources" / "python"):
        for place in (folder / "python.exe", folder / "bin" / "python3"):
            if place.is_file():
                return place
    return None


def _has_torch(python: Path) -> bool:
    """Whether torch lies where this interpreter keeps its packages."""
    prefix = python.parent.parent if python.parent.name in ("bin", "Scripts") else python.parent
    places = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "Lib/site-packages")
    return any(
        path.is_file() for place in places for path in prefix.glob(f"{place}/torch/version.py")
    )


def look_at(path: str | Path, patience: float = PATIENCE) -> Interpreter:
    """Ask one interpreter what it is; takes up to ``patience`` seconds, so never in the UI."""
    here = str(path)
    try:
        answer = subprocess.run(
            [here, "-c", _QUESTION],
            cwd=Path(here).parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Interpreter(here, lacks=f"{here} did not answer within {patience:g} seconds.")
    except OSError as error:
        return Interpreter(here, lacks=f"{here} cannot be started ({error.strerror}).")
    said = answer.stdout.decode("utf-8", errors="replace")
    line = next((text for text in said.splitlines() if text.startswith(_MARK)), "")
    if not line:
        return Interpreter(here, lacks=f"{here} is not a Python that works.")
    facts = json.loads(line.removeprefix(_MARK))
    return Interpreter(here, **facts, lacks=_what_lacks(here, facts))


def _what_lacks(path: str, facts: Mapping[str, str]) -> str:
    if _numbers(facts["python"]) < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        return f"{path} is Python {facts['python']}; {oldest} or newer is needed."
    absent = [name for name in ("torch", "numpy") if not facts[name]]
    if absent:
        wanted = " ".join(absent)
        words = " and ".join(absent)
        return f"{path} has no {words}: run '{path} -m pip install {wanted}'."
    if _numbers(facts["torch"]) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        return (
            f"{path} has torch {facts['torch']}; {oldest} or newer is needed: "
            f"run '{path} -m pip install --upgrade torch'."
        )
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    """2.13.0+cpu -> (2, 13, 0)."""
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])[:3]))


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
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    yield pyenv / "versions"
    yield home / ".virtualenvs"
    yield home / ".local" / "share" / "uv" / "python"
    yield home / ".cache" / "pypoetry" / "virtualenvs"
    yield home / "Library" / "Caches" / "pypoetry" / "virtualenvs"
    for name in ("LOCALAPPDATA", "APPDATA"):
        if environment.get(name):
            yield Path(environment[name]) / "pypoetry" / "Cache" / "virtualenvs"
            yield Path(environment[name]) / "uv" / "python"
    for name in ("miniconda3", "anaconda3", "miniforge3", "mambaforge", ".conda"):
        yield home / name
        yield home / name / "envs"


def _in_folders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield _executable(folder)
        try:
            children = sorted(folder.iterdir(), reverse=True)
        except OSError:  # not there, or not for us to read
            continue
        yield from (_executable(child) for child in children)


def _on_path(environment: Mapping[str, str]) -> Iterator[Path]:
    folders = [Path(part) for part in environment.get("PATH", "").split(os.pathsep) if part]
    ending = ".exe" if sys.platform == "win32" else ""
    for name in ("python3", "python", *(f"python3.{minor}" for minor in range(15, 9, -1))):
        yield from (folder / f"{name}{ending}" for folder in folders)
