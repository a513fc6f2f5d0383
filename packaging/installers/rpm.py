"""The package for Fedora, openSUSE and their kin, from the same laid-out root as the .deb."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from installers.project import SUMMARY, Build, run, source_date, version

# The program's own libraries are found by their place: rpm must neither offer nor ask for them.
_SPEC = """\
%global _build_id_links none
%global debug_package %{{nil}}
%global __os_install_post %{{nil}}
%global source_date_epoch_from_changelog 0
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost localhost
%global _binary_payload w{level}T2.zstdio
Name: {name}
Version: {version}
Release: 1
Summary: {summary}
License: MIT
Conflicts: {other}
AutoReqProv: no
{requires}

%description
Runs a PyTorch program once, keeps every step, and walks through it forward and back.
{contains}

%install
cp -a {root}/. %{{buildroot}}/

%files
/usr/bin/tensor-explorer
/usr/lib/tensor-explorer
/usr/share/applications/tensor-explorer.desktop
/usr/share/metainfo/*.xml
/usr/share/man/man1/tensor-explorer.1.gz
/usr/share/icons/hicolor/*/apps/tensor-explorer.*
/usr/share/doc/{name}
"""
_CONTAINS = {
    "full": "It brings its own Python and PyTorch (CPU) and needs no network.",
    "light": "It runs programs in a Python of yours that has torch and numpy.",
}


def make(build: Build, root: Path, libraries: list[str], target: Path) -> Path:
    """Pack a laid-out root that links to these libraries of the system; the package's path.

    The root must not hold Debian's folder.
    """
    top = build.work / "rpm"
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    spec = top / "tensor-explorer.spec"
    spec.write_text(_spec(build, root, libraries), encoding="utf-8")
    run("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {top}", spec,
        SOURCE_DATE_EPOCH=str(source_date()))  # fmt: skip
    made = next((top / "RPMS").rglob("*.rpm"))
    return Path(shutil.move(made, target / made.name))


def _spec(build: Build, root: Path, libraries: list[str]) -> str:
    glibc = platform.libc_ver()[1]
    wanted = [f"{name}()(64bit)" for name in libraries if name != "libc.so.6"]
    wanted += [f"libc.so.6(GLIBC_{glibc})(64bit)", "xkeyboard-config"]
    return _SPEC.format(
        name=build.package,
        version=version(),
        level=1 if build.quick else 19,
        summary=SUMMARY,
        other=build.other_package,
        requires="\n".join(f"Requires: {name}" for name in wanted),
        contains=_CONTAINS[build.kind],
        root=root,
    )


def is_possible() -> bool:
    """Whether this machine has rpm's packer."""
    return shutil.which("rpmbuild") is not None
