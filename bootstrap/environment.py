"""The environment in .venv: made once, completed when something is missing, else left alone."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bootstrap.pip import Pip
from bootstrap.torch_choice import arguments_for_torch, machine_has_nvidia, within
from bootstrap.trouble import CannotGoOn

_VERSION_OF_TORCH = "import importlib.metadata as m; print(m.version('torch'))"
_SETUPTOOLS = "setuptools>=70.1"  # the first that builds an editable wheel by itself


@dataclass(frozen=True)
class Environment:
    """The folder of the project and the environment that belongs to it."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where the environment lies."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        place = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
        return self.folder.joinpath(*place)

    @property
    def _stamp(self) -> Path:
        return self.folder / "tensor-explorer.json"

    def prepare(self, *, tests: bool) -> None:
        """Make the environment hold what the window needs and, if asked, what the tests need.

        Does nothing, and needs no network, when pyproject.toml, the Python and the place are
        those of the last time.

        Raises:
            CannotGoOn: something is missing that only the user can bring.
        """
        extras = ["test"] if tests else []
        stamp = self._read_stamp()
        before = stamp.get("extras", [])
        if stamp and stamp == self._facts(before) and set(extras) <= set(before):
            return
        _check_folder(self.root)
        if not _runs(self.python):
            self._create()
        pip = Pip(self.python)
        self._install_torch(pip)
        pip.install(_SETUPTOOLS)
        extras = sorted({*extras, *before})
        itself = f"{self.root}[{','.join(extras)}]" if extras else str(self.root)
        pip.install("--no-build-isolation", "--editable", itself)
        self._stamp.write_text(json.dumps(self._facts(extras)))

    def _facts(self, extras: list[str]) -> dict[str, object]:
        """What the content of the environment depends on."""
        project = (self.root / "pyproject.toml").read_bytes()
        return {
            "project": hashlib.sha256(project).hexdigest(),
            "python": sys.version,
            "root": str(self.root),
            "extras": extras,
        }

    def _read_stamp(self) -> dict[str, list[str]]:
        """The facts at the last success; empty when there was none or it cannot be read."""
        try:
            stamp = json.loads(self._stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) and _runs(self.python) else {}

    def _create(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            raise CannotGoOn(
                "This Python cannot make an environment, its module ensurepip is missing: "
                "on Debian and Ubuntu run 'sudo apt-get install python3-venv', then start again"
            )
        print(f"Making the environment {self.folder}", flush=True)
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            words = (made.stderr or made.stdout).strip().splitlines() or ["no reason was given"]
            raise CannotGoOn(f"The environment {self.folder} cannot be made: {words[-1]}")

    def _install_torch(self, pip: Pip) -> None:
        """Install torch where there is none, or one too old to be used."""
        requirement = self._torch_requirement()
        at_least = requirement.partition(",")[0]
        installed = _output([str(self.python), "-c", _VERSION_OF_TORCH])
        if installed and within(installed, at_least):
            return
        cpu_only = sys.platform == "linux" and not machine_has_nvidia()
        pip.install(*arguments_for_torch(pip, requirement, cpu_only=cpu_only))

    def _torch_requirement(self) -> str:
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        requirement: str = project["project"]["optional-dependencies"]["torch"][0]
        return requirement


def _check_folder(root: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise CannotGoOn(
            f"Nothing can be written in {root} ({os.strerror(error.errno or 0)}): "
            "copy Tensor Explorer to a folder of your own and start it there"
        ) from error


def _runs(python: Path) -> bool:
    """Whether an interpreter starts and has pip."""
    return bool(_output([str(python), "-c", "import pip; print(pip.__version__)"]))


def _output(command: list[str]) -> str:
    """What a command prints; nothing when it fails or is not there."""
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
