"""Interpreters are found where people keep them, and each says in a sentence what it lacks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explorer.model.interpreters.found import look_at, own_python, python_inside
from explorer.model.interpreters.kinds import in_short
from explorer.model.interpreters.mending import what_lacks
from explorer.model.interpreters.places import candidates

posix = pytest.mark.skipif(os.name != "posix", reason="scripts that stand for interpreters")


def script(path: Path, text: str) -> Path:
    """An executable that plays an interpreter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def answering(path: Path, python: str, torch: str, numpy: str, **more: str) -> Path:
    """A stand-in that answers as an interpreter of such a kind would; it has pip."""
    told = {"python": python, "torch": torch, "numpy": numpy, "pip": "yes", **more}
    facts = json.dumps(told)
    return script(
        path, f"echo 'a banner of the site'\necho 'tensor-explorer-interpreter {facts}'\n"
    )


def test_this_interpreter_is_told_as_it_is() -> None:
    import importlib.metadata as metadata

    found = look_at(sys.executable)
    assert found.lacks == ""
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert found.torch == metadata.version("torch")
    assert found.numpy == metadata.version("numpy")
    assert found.devices.startswith("CPU")


def test_an_environment_without_torch_names_the_command(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "e")], check=True)
    python = tmp_path / "e" / "bin" / "python"
    found = look_at(python)
    assert found.torch == ""
    command = f"{python} -m ensurepip && {python} -m pip install torch numpy"
    assert found.lacks == f"{python} has no torch and numpy: run '{command}'."
    assert found.mend == command


def test_the_command_that_mends_works(tmp_path: Path) -> None:
    """What is named for an environment without pip is run, up to what needs a network."""
    home = tmp_path / "ein Mensch 张伟"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    first, _, second = look_at(home / "bin" / "python").mend.partition(" && ")
    assert subprocess.run(first, shell=True, capture_output=True, check=False).returncode == 0
    pip = second.replace("install torch numpy", "--version")
    answer = subprocess.run(pip, shell=True, capture_output=True, text=True, check=True)
    assert str(home) in answer.stdout
    assert look_at(home / "bin" / "python").mend == second


FACTS = {"python": "3.12.1", "torch": "", "numpy": "2.4.6"}


@pytest.mark.parametrize(
    ("path", "facts", "command"),
    [
        ("/e/bin/python", {"pip": "yes"}, "/e/bin/python -m pip install torch"),
        ("/a b/python", {"pip": "yes"}, '"/a b/python" -m pip install torch'),
        ("/e/bin/python", {"uv": "yes"}, "uv pip install --python /e/bin/python torch"),
        (
            "/usr/bin/python3",
            {"pip": "yes", "managed": "yes", "ensurepip": "yes"},
            "/usr/bin/python3 -m venv ~/.virtualenvs/torch && "
            "~/.virtualenvs/torch/bin/pip install torch numpy",
        ),
        ("/h/.pyenv/versions/3.8.1/bin/python", {"python": "3.8.1"}, "pyenv install 3.12"),
        ("/h/share/uv/python/x/bin/python", {"python": "3.9.0"}, "uv python install 3.12"),
        ("/usr/bin/python3", {"python": "3.9.0"}, ""),
        (
            "/e/bin/python",
            {"torch": "2.1.0", "pip": "yes"},
            "/e/bin/python -m pip install --upgrade torch",
        ),
    ],
)
def test_each_kind_of_python_is_mended_in_its_own_way(
    path: str, facts: dict[str, str], command: str
) -> None:
    said, mend = what_lacks(path, {**FACTS, **facts})
    assert said.startswith(path)
    assert mend == command


def test_the_systems_own_python_is_known() -> None:
    """Debian's Python refuses pip, and says so by a file that is looked for."""
    python = Path("/usr/bin/python3")
    if not list(Path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED")) or not python.exists():
        pytest.skip("a Python that belongs to the system")
    found = look_at(python)
    if found.torch:
        pytest.skip("the system's Python has torch")
    assert "-m venv ~/.virtualenvs/torch && " in found.mend


@posix
def test_too_old_is_said(tmp_path: Path) -> None:
    old = answering(tmp_path / "py", "3.8.18", "", "")
    assert look_at(old).lacks == (
        f"{old} is Python 3.8.18; 3.10 or newer is needed: choose another one."
    )
    stale = answering(tmp_path / "stale", "3.11.7", "2.1.0+cu121", "1.26", cuda="12.1")
    assert "has torch 2.1.0+cu121; 2.6 or newer is needed" in look_at(stale).lacks
    assert f"'{stale} -m pip install --upgrade torch'" in look_at(stale).lacks


def test_a_real_python_that_is_too_old_understands_the_question() -> None:
    known = sorted((Path.home() / ".pyenv" / "versions").glob("[23].[0-9].*/bin/python"))
    named = [shutil.which(f"python3.{minor}") for minor in (6, 7, 8, 9)]
    old = [*known, *(Path(name) for name in named if name and "shims" not in name)]
    if not old:
        pytest.skip("a Python older than 3.10")
    for python in old:
        assert "; 3.10 or newer is needed" in look_at(python).lacks


@posix
def test_cuda_is_told(tmp_path: Path) -> None:
    found = look_at(answering(tmp_path / "py", "3.12.1", "2.13.0", "2.4.6", cuda="13.0"))
    assert found.devices == "CPU, CUDA 13.0"
    assert found.lacks == ""
    other = look_at(answering(tmp_path / "r", "3.12.1", "2.13.0", "2.4.6", rocm="7.2"))
    assert other.devices == "CPU, ROCm 7.2"


@posix
def test_one_that_hangs_costs_no_more_than_the_patience(tmp_path: Path) -> None:
    hanging = script(tmp_path / "py", "exec sleep 60\n")
    began = time.monotonic()
    assert "did not answer within 0.3 seconds" in look_at(hanging, patience=0.3).lacks
    assert time.monotonic() - began < 30


@posix
def test_children_that_hold_the_output_do_not_hang_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hanging = script(tmp_path / "py", f"sleep 60 &\necho $! > '{note}'\nwait\n")
    began = time.monotonic()
    assert "did not answer" in look_at(hanging, patience=0.5).lacks
    assert time.monotonic() - began < 30
    state = Path(f"/proc/{note.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@posix
def test_what_is_no_python_is_said(tmp_path: Path) -> None:
    other = script(tmp_path / "py", "echo hello\n")
    assert look_at(other).lacks == f"{other} is not a Python that works."
    gone = tmp_path / "gone"
    assert look_at(gone).lacks == f"{gone} is not there: choose another one."
    assert "cannot be started" in look_at(tmp_path).lacks


@posix
def test_found_where_people_keep_them(tmp_path: Path) -> None:
    home = tmp_path / "hóme"
    expected = [
        script(home / "active" / "bin" / "python", ""),
        script(home / "project" / ".venv" / "bin" / "python", ""),
        script(home / ".pyenv" / "versions" / "3.12.1" / "bin" / "python", ""),
        script(home / ".pyenv" / "versions" / "3.11.7" / "bin" / "python", ""),
        script(home / ".local/share/uv/python/cpython-3.13/bin/python", ""),
        script(home / ".cache/pypoetry/virtualenvs/a-py3.11/bin/python", ""),
        script(home / "miniconda3" / "bin" / "python", ""),
        script(home / "miniconda3" / "envs" / "deep" / "bin" / "python", ""),
        script(home / "data" / "conda environment" / "bin" / "python", ""),
        script(tmp_path / "system" / "python3", ""),
    ]
    (tmp_path / "system" / "python3.11").symlink_to("python3")
    script(home / ".pyenv" / "shims" / "python3", "")
    (home / ".conda").mkdir()
    (home / ".conda" / "environments.txt").write_text(f"{home}/data/conda environment\n/gone\n")
    path = os.pathsep.join([str(home / ".pyenv" / "shims"), str(tmp_path / "system")])
    environment = {"VIRTUAL_ENV": str(home / "active"), "PATH": path}
    program = home / "project" / "inner" / "train.py"
    assert candidates(program, home, environment) == expected


@posix
def test_found_where_the_variables_of_their_makers_say(tmp_path: Path) -> None:
    expected = {
        "XDG_DATA_HOME": script(tmp_path / "data/uv/python/cpython-3.13/bin/python", ""),
        "XDG_CACHE_HOME": script(tmp_path / "c/pypoetry/virtualenvs/a-py3.12/bin/python", ""),
        "POETRY_CACHE_DIR": script(tmp_path / "p/virtualenvs/b-py3.12/bin/python", ""),
        "MAMBA_ROOT_PREFIX": script(tmp_path / "mamba/envs/deep/bin/python", ""),
        "ProgramFiles": script(tmp_path / "Program Files/Python312/bin/python", ""),
    }
    variables = {
        name: str(tmp_path / path.relative_to(tmp_path).parts[0]) for name, path in expected.items()
    }
    without = candidates(None, tmp_path / "home", {"PATH": ""})
    found = candidates(None, tmp_path / "home", {**variables, "PATH": ""})
    assert set(found) - set(without) == set(expected.values())


def test_a_machine_without_any_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = look_at("python3")
    assert found.lacks.startswith("There is no Python with torch and numpy on this machine: ")
    if Path("/etc/debian_version").exists():
        assert "apt-get install python3-venv && python3 -m venv ~/.virtualenvs/" in found.mend


def test_from_source_the_window_runs_programs_itself() -> None:
    assert own_python() == sys.executable


def test_an_installed_program_has_its_own(tmp_path: Path) -> None:
    assert python_inside(tmp_path) is None
    python = tmp_path / "python" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.touch()
    assert python_inside(tmp_path) == python


@posix
def test_the_light_program_takes_the_first_that_has_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = script(tmp_path / "bare" / "bin" / "python", "exec sleep 60\n")
    good = script(tmp_path / "good" / "bin" / "python", "exec sleep 60\n")
    version = tmp_path / "good" / "lib" / "python3.12" / "site-packages" / "torch" / "version.py"
    version.parent.mkdir(parents=True)
    version.touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "program"), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONDA_PREFIX", "PYENV_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(bare.parent))
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "bare"))
    assert own_python() == "python3"
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "good"))
    assert own_python() == str(good)


def test_each_is_called_as_its_maker_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "hóme"
    conda = home / "miniforge3"
    for folder in (conda, conda / "envs" / "ml"):
        (folder / "conda-meta").mkdir(parents=True)
    (conda / "condabin").mkdir()
    plain, by_uv = home / "work" / ".venv", home / "other" / ".venv"
    for folder, settings in ((plain, "home = /usr/bin\n"), (by_uv, "home = /x\nuv = 0.13.9\n")):
        folder.mkdir(parents=True)
        (folder / "pyvenv.cfg").write_text(settings)
    expected = {
        conda / "bin" / "python": "conda base",
        conda / "envs" / "ml" / "bin" / "python": "conda ml",
        home / ".pyenv" / "versions" / "3.12.1" / "bin" / "python": "pyenv 3.12.1",
        home / ".local/share/uv/python/cpython-3.13/bin/python": "uv cpython-3.13",
        home / ".cache/pypoetry/virtualenvs/a-py3.11/bin/python": "poetry a-py3.11",
        plain / "bin" / "python": "venv ~/work/.venv",
        by_uv / "bin" / "python": "uv ~/other/.venv",
        Path("/usr/bin/python3"): "system /usr/bin/python3",
        home / "built" / "bin" / "python3": "~/built/bin/python3",
    }
    assert {path: in_short(str(path), home) for path in expected} == expected
    assert in_short("python3") == "python3"
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "program" / "_internal"), raising=False)
    inner = tmp_path / "program" / "_internal" / "python" / "bin" / "python3"
    assert in_short(str(inner)) == "the one that came with Tensor Explorer"


def test_a_real_environment_tells_its_name(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "e")], check=True)
    assert look_at(tmp_path / "e" / "bin" / "python").name == f"venv {tmp_path / 'e'}"
