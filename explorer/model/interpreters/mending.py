"""What an interpreter lacks, in one sentence, and the command that mends it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from explorer.protocol.versions import OLDEST_PYTHON, OLDEST_TORCH, numbers

NEW_ENVIRONMENT = "~/.virtualenvs/torch"
"""Where a new environment is proposed: the window looks there by itself."""
GOOD_PYTHON = "3.12"


def what_lacks(path: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Sentence and command; both are empty when it can run programs, the command alone when
    nothing but another interpreter helps.

    Args:
        path: of the interpreter.
        facts: versions of ``python``, ``torch`` and ``numpy``; ``pip``, ``ensurepip``, ``managed``
            and ``uv`` are ``yes`` or empty: what there is to install with, and whether the
            interpreter is the operating system's own.
    """
    if numbers(facts["python"]) < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        command = _newer_python(path)
        return f"{path} is Python {facts['python']}; {oldest} or newer is needed", command
    absent = [name for name in ("torch", "numpy") if not facts[name]]
    if absent:
        said = f"{path} has no {' and '.join(absent)}"
        return said, _install(path, facts, " ".join(absent))
    if numbers(facts["torch"]) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        said = f"{path} has torch {facts['torch']}; {oldest} or newer is needed"
        return said, _install(path, facts, "--upgrade torch")
    return "", ""


def what_is_not_there(path: str) -> tuple[str, str]:
    """Sentence and command for an interpreter that is gone, or for a machine that has none.

    Args:
        path: of the interpreter, or its bare name when none with torch was found.
    """
    if Path(path).is_absolute():
        return f"{path} is not there", ""
    said = "There is no Python with torch and numpy on this machine"
    if not Path("/etc/debian_version").exists():
        return said, ""
    return said, _new_environment("python3", {})


def in_one_sentence(said: str, command: str) -> str:
    """What lacks and what to do, for people."""
    if not said:
        return ""
    return f"{said}: run '{command}'." if command else f"{said}: choose another one."


def _install(path: str, facts: Mapping[str, str], packages: str) -> str:
    """The command that brings packages into this interpreter, or into a new environment."""
    quoted = _quoted(path)
    if facts.get("managed"):
        return _new_environment(quoted, facts)
    if facts.get("pip"):
        return f"{quoted} -m pip install {packages}"
    if facts.get("uv"):
        return f"uv pip install --python {quoted} {packages}"
    if facts.get("ensurepip"):
        return f"{quoted} -m ensurepip && {quoted} -m pip install {packages}"
    return _new_environment(quoted, facts)


def _new_environment(python: str, facts: Mapping[str, str]) -> str:
    """The system's own Python takes no packages: an environment made with it does."""
    first = ""
    if not facts.get("ensurepip") and Path("/etc/debian_version").exists():
        first = "sudo apt-get install python3-venv && "
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    return (
        f"{first}{python} -m venv {NEW_ENVIRONMENT} && "
        f"{NEW_ENVIRONMENT}/{scripts}/pip install torch numpy"
    )


def _newer_python(path: str) -> str:
    """How the tool that made this interpreter makes a newer one; empty where it is unknown."""
    parts = Path(path).parts
    if ".pyenv" in parts or "pyenv" in parts:
        return f"pyenv install {GOOD_PYTHON}"
    if "uv" in parts:
        return f"uv python install {GOOD_PYTHON}"
    if (Path(path).parent.parent / "conda-meta").is_dir():
        return f"conda create --name torch python={GOOD_PYTHON} pip"
    return ""


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
