"""The two commands: what is installed, when nothing is, and what is said when it cannot go on.

Real Python, real venv, real pip; the packages are tiny wheels made here, so that no network is
needed and what was installed can be told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bootstrap import system_libraries
from bootstrap.commands import check_display
from bootstrap.environment import Environment
from bootstrap.pip import Pip, reason
from bootstrap.torch_choice import arguments_for_torch, newest_cpu_build, within
from bootstrap.trouble import CannotGoOn

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "miniature"
version = "1.0"
dependencies = []

[project.optional-dependencies]
torch = ["torch>=2.6,<2.14"]
test = ["tester"]
"""
BACKEND = """
from pathlib import Path
import shutil

def build_editable(folder, config_settings=None, metadata_directory=None):
    wheel = Path(__file__).with_name("miniature-1.0-py3-none-any.whl")
    return Path(shutil.copy(wheel, folder)).name

build_wheel = build_editable
"""


def put_wheel(folder: Path, name: str, version: str, more: str = "") -> None:
    """An empty package of a name and a version, with more lines of metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        info = f"{name}-{version}.dist-info"
        wheel.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}",
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks during the test."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def miniature(tmp_path: Path, wheels: Path) -> Environment:
    """A project of two files, with all that it wants to be found."""
    put_wheel(wheels, "setuptools", "80.0")
    put_wheel(wheels, "tester", "1.0")
    put_wheel(wheels, "torch", "2.13.0+cpu")
    root = tmp_path / "a project with späces"
    root.mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    extra = "Provides-Extra: test\nRequires-Dist: tester; extra == 'test'\n"
    put_wheel(root, "miniature", "1.0", extra)
    return Environment(root)


def installed(environment: Environment) -> dict[str, str]:
    """Name and version of every package of an environment."""
    command = [str(environment.python), "-m", "pip", "freeze", "--all"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    pairs = (line.partition("==") for line in answer.stdout.splitlines() if "==" in line)
    return {name: version for name, _, version in pairs}


def test_sets_up_once_and_then_needs_nothing(
    miniature: Environment, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    miniature.prepare(tests=False)
    assert "tester" not in installed(miniature)
    miniature.prepare(tests=True)
    assert installed(miniature)["tester"] == "1.0"
    assert installed(miniature)["torch"].startswith("2.13.0")

    shutil.rmtree(wheels)  # nothing can be fetched any more
    written = (miniature.folder / "tensor-explorer.json").stat().st_mtime_ns
    miniature.prepare(tests=True)
    miniature.prepare(tests=False)
    assert (miniature.folder / "tensor-explorer.json").stat().st_mtime_ns == written


def test_a_torch_that_is_there_stays(miniature: Environment, wheels: Path) -> None:
    put_wheel(wheels, "torch", "2.99.0")
    subprocess.run([sys.executable, "-m", "venv", str(miniature.folder)], check=True)
    Pip(miniature.python).install("torch==2.99.0")
    miniature.prepare(tests=False)
    assert installed(miniature)["torch"] == "2.99.0"


@pytest.mark.slow
def test_a_broken_environment_is_made_anew(miniature: Environment) -> None:
    miniature.python.parent.mkdir(parents=True)
    miniature.python.write_text("#!/bin/false\n")
    miniature.python.chmod(0o755)
    miniature.prepare(tests=False)
    assert "torch" in installed(miniature)


def test_the_cpu_build_is_taken_from_where_pip_looks(wheels: Path) -> None:
    put_wheel(wheels, "torch", "2.13.0")
    put_wheel(wheels, "torch", "2.13.0+cpu")
    put_wheel(wheels, "torch", "2.14.0+cpu")
    pip = Pip(Path(sys.executable))
    chosen = arguments_for_torch(pip, "torch>=2.6,<2.14", cpu_only=True)
    assert chosen == ["torch==2.13.0+cpu"]
    assert arguments_for_torch(pip, "torch>=2.6", cpu_only=False) == ["torch>=2.6"]


def test_the_cpu_build_is_taken_from_its_own_index_otherwise(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_wheel(wheels, "torch", "2.13.0")
    index = tmp_path / "index"
    put_wheel(index / "torch", "torch", "2.12.1+cpu")
    monkeypatch.delenv("PIP_NO_INDEX")
    name = "torch-2.12.1+cpu-py3-none-any.whl"
    (index / "torch" / "index.html").write_text(f'<a href="{name}">{name}</a>')
    chosen = arguments_for_torch(
        Pip(Path(sys.executable)), "torch>=2.6,<2.14", cpu_only=True, cpu_index=index.as_uri()
    )
    assert chosen == ["--index-url", index.as_uri(), "torch==2.12.1+cpu"]


def test_gigabytes_are_never_taken_instead(wheels: Path) -> None:
    put_wheel(wheels, "torch", "2.13.0")
    with pytest.raises(CannotGoOn, match="no NVIDIA GPU and pip finds no CPU build"):
        arguments_for_torch(Pip(Path(sys.executable)), "torch>=2.6", cpu_only=True)


def test_the_newest_cpu_build_within_the_bounds() -> None:
    found = ["2.9.1+cpu", "2.13.0+cu130", "2.13.0", "2.10.0+cpu", "2.14.0+cpu", "2.5.0+cpu"]
    assert newest_cpu_build(found, "torch>=2.6,<2.14") == "2.10.0+cpu"
    assert newest_cpu_build(["2.13.0"], "torch>=2.6,<2.14") is None
    assert within("2.6.0", "torch>=2.6,<2.14")
    assert not within("2.14.0+cpu", "torch>=2.6,<2.14")
    assert not within("2.5.1", "torch>=2.6")


def test_no_network_is_said(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
    with pytest.raises(CannotGoOn, match="there is no network connection"):
        Pip(Path(sys.executable)).install("--dry-run", "no-such-package-of-ours")


def test_a_full_disk_is_said() -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    assert reason(said).startswith("the disk is full")


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root can write to")
def test_a_folder_that_cannot_be_written_is_said() -> None:
    environment = Environment(Path("/proc"))
    with pytest.raises(CannotGoOn, match="Nothing can be written in /proc"):
        environment.prepare(tests=False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_no_display_is_said() -> None:
    with pytest.raises(CannotGoOn, match="no display"):
        check_display({"HOME": "/"})
    check_display({"WAYLAND_DISPLAY": "wayland-0"})
    check_display({"DISPLAY": ":0"})


@pytest.mark.skipif(sys.platform != "linux", reason="libraries of Debian")
def test_a_missing_library_is_named_by_its_package() -> None:
    lacking = system_libraries.missing({"libc.so.6": "libc6", "libnone.so.7": "libnone7"})
    assert lacking == {"libnone.so.7": "libnone7"}
    assert "apt-get install libnone7'" in system_libraries.sentence(lacking)


@pytest.mark.skipif(shutil.which("ldd") is None, reason="ldd tells what Qt links to")
def test_the_libraries_are_those_that_qt_links_to() -> None:
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    parts = [
        *qt.glob("lib/libQt6Gui.so.6"),
        *qt.glob("lib/libQt6Network.so.6"),
        *qt.glob("lib/libQt6XcbQpa.so.6"),
        *qt.glob("lib/libQt6WaylandClient.so.6"),
        *qt.glob("plugins/wayland-graphics-integration-client/*wayland-egl.so"),
        *qt.glob("plugins/platforms/libq*.so"),
    ]
    said = subprocess.run(["ldd", *parts], capture_output=True, text=True, check=True).stdout
    linked = {line.split()[0] for line in said.splitlines() if "=>" in line}
    assert {
        *system_libraries.ALWAYS,
        *system_libraries.FOR_X11,
        *system_libraries.FOR_WAYLAND,
    } <= linked


@pytest.mark.parametrize(
    ("system", "machine", "wanted"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", False),
        ("win32", "AMD64", True),
        ("win32", "ARM64", False),
        ("darwin", "arm64", True),
    ],
)
def test_the_editors_component_is_asked_for_where_it_is_built(
    system: str, machine: str, wanted: bool
) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = next(text for text in project["dependencies"] if "scintilla" in text)
    marker = Requirement(found).marker
    assert marker is not None
    assert marker.evaluate({"sys_platform": system, "platform_machine": machine}) is wanted


def test_a_wrong_word_is_answered_with_the_right_ones() -> None:
    answer = subprocess.run(
        [sys.executable, str(REPOSITORY / "run.py"), "--frobnicate"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "Not understood: --frobnicate" in answer.stderr
    assert "python3 run.py test" in answer.stderr


def test_an_old_python_is_told_in_words_that_it_understands() -> None:
    """run.py has to be read by it: no syntax newer than Python 3.0, and the check comes first."""
    source = (REPOSITORY / "run.py").read_text(encoding="utf-8")
    check, rest = source.index("version_info < (3, 11)"), source.index("from bootstrap")
    assert check < rest
    for word in ("f'", 'f"', "annotations", ":=", "match "):
        assert word not in source
