"""Which Pythons this machine has, and which of them can run programs for the window.

A worker needs Python 3.10 or newer with torch and numpy. Nothing is imported to find that out:
each interpreter is asked for the metadata of its packages, in a process of its own and with a
limit of time, so one that hangs costs nothing but its place in the list.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.model.interpreters.kinds import in_short
from explorer.model.interpreters.mending import in_one_sentence, what_is_not_there, what_lacks
from explorer.model.interpreters.places import candidates

PATIENCE = 10.0  # seconds
LAST_WORDS = 1.0  # seconds that a killed process's children may still hold its output

_MARK = "tensor-explorer-interpreter "
# Runs in any Python from 2.7 on. torch's own file of versions tells for which CUDA it was built.
_QUESTION = f"""
import os, sys
found = {{"python": "%d.%d.%d" % sys.version_info[:3], "torch": "", "numpy": "", "cuda": "",
         "rocm": "", "pip": "", "ensurepip": "", "managed": "", "uv": ""}}
try:
    from importlib import metadata, util
    import re, sysconfig
    for name in ("pip", "ensurepip"):
        found[name] = "yes" if util.find_spec(name) else ""
    alone = sys.prefix == sys.base_prefix
    mark = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    found["managed"] = "yes" if alone and os.path.exists(mark) else ""
    settings = os.path.join(sys.prefix, "pyvenv.cfg")
    if os.path.exists(settings):
        with open(settings) as file:
            found["uv"] = "yes" if re.search("^uv *=", file.read(), re.M) else ""
    for name in ("torch", "numpy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    folders = util.find_spec("torch").submodule_search_locations if found["torch"] else []
    for folder in folders:
        with open(os.path.join(folder, "version.py")) as file:
            words = file.read()
        for name, key in (("cuda", "cuda"), ("hip", "rocm")):
            built = re.search("^" + name + r"[^=\\n]*= *'([^']+)'", words, re.M)
            found[key] = built.group(1) if built else ""
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
    rocm: str = ""
    lacks: str = ""
    """One sentence: what is missing, and the command that mends it."""
    mend: str = ""
    """That command alone; empty where another interpreter is the only way."""
    name: str = ""
    """Who made it and what it is called, such as ``conda ml``."""

    @property
    def devices(self) -> str:
        """``CPU`` or ``CPU, CUDA 12.8``: what its torch was built for."""
        if not self.torch:
            return ""
        built = [f"CUDA {self.cuda}"] if self.cuda else []
        built += [f"ROCm {self.rocm}"] if self.rocm else []
        built += ["MPS"] if sys.platform == "darwin" else []
        return ", ".join(["CPU", *built])


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
    return replace(_answer_of(str(path), patience), name=in_short(str(path)))


def _answer_of(here: str, patience: float) -> Interpreter:
    try:
        said = _ask(here, patience)
    except subprocess.TimeoutExpired:
        return Interpreter(here, lacks=f"{here} did not answer within {patience:g} seconds.")
    except FileNotFoundError:
        said, mend = what_is_not_there(here)
        return Interpreter(here, lacks=in_one_sentence(said, mend), mend=mend)
    except OSError as error:
        return Interpreter(here, lacks=f"{here} cannot be started ({error.strerror}).")
    line = next((text for text in said.splitlines() if text.startswith(_MARK)), "")
    if not line:
        return Interpreter(here, lacks=f"{here} is not a Python that works.")
    facts: dict[str, str] = json.loads(line.removeprefix(_MARK))
    lacks, mend = what_lacks(here, facts)
    known = {name: facts.get(name, "") for name in ("python", "torch", "numpy", "cuda", "rocm")}
    return Interpreter(here, **known, lacks=in_one_sentence(lacks, mend), mend=mend)


def _ask(python: str, patience: float) -> str:
    """What an interpreter prints when it is asked; it and its children are gone afterwards.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it does not answer in time.
    """
    process = subprocess.Popen(
        [python, "-c", _QUESTION],
        cwd=Path(python).parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=patience)
    except BaseException:
        _end(process)
        raise
    return said.decode("utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started, and do not wait for what cannot be ended."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=LAST_WORDS)
    if process.stdout is not None:
        process.stdout.close()
