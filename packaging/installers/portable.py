"""The download that needs no installation: unpack anywhere, start ``tensor-explorer`` in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from installers.linux_root import share
from installers.project import ROOT, Build, run, source_date, version

README = """\
Tensor Explorer, to be used from this folder: start the file tensor-explorer in it. Nothing is
installed; to remove it, remove the folder. Your settings lie in ~/.config/tensor-explorer, texts
that were not saved in ~/.local/share/tensor-explorer.

For a menu entry copy share/applications and share/icons to ~/.local/share, with the full path of
this folder in the lines Exec and Icon of the desktop entry.
"""


def make(build: Build, target: Path) -> Path:
    """Pack the program's folder; the archive's path."""
    folder = build.work / f"{build.package}-{version()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(build.folder, folder, symlinks=True)
    share(build, folder / "share")
    (folder / "README.txt").write_text(README, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    archive = target / build.file_name("tar.zst")
    tar = archive.with_suffix("")
    run(
        "tar", "--create", "--file", tar, "--directory", build.work, "--sort=name",
        f"--mtime=@{source_date()}", "--owner=0", "--group=0", "--numeric-owner",
        "--mode=u+rwX,go+rX,go-w", folder.name,
    )  # fmt: skip
    level = "-1" if build.quick else "-19"
    run("zstd", "-q", "--force", level, "--long=27", "-T2", "--rm", tar, "-o", archive)
    shutil.rmtree(folder)
    return archive
