"""Builds one commit twice, each time from a clone of its own, and compares what came out.

    python3 packaging/reproduce.py [full] [light] [--pack] [--work FOLDER]

The clones lie in folders of different names and have environments of their own. Compared are the
lists of files and the hashes of the project's own files, which must be equal; the number of other
files that differ is told. With --pack the second build is packed as well, and the packages are
compared byte by byte. What is not committed does not count. The first build's files are in
FOLDER/one/dist, packed.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from installers.contents import differences, others_that_differ
from installers.project import KINDS, ROOT, run

NAMES = ("one", "another one")


def main() -> int:
    """Build twice and compare; ends with 1 if something of ours differs."""
    parser = argparse.ArgumentParser(description="Build one commit twice and compare.")
    parser.add_argument("kinds", nargs="*", metavar="full|light", default=list(KINDS))
    parser.add_argument("--pack", action="store_true", help="pack the second build as well")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "reproduce")
    chosen = parser.parse_args()
    work = chosen.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    for name in NAMES:
        options = [] if chosen.pack or name == NAMES[0] else ["--unpacked"]
        build(work / name, chosen.kinds, options)
    return 1 if compare(*(work / name / "dist" for name in NAMES)) else 0


def build(folder: Path, kinds: list[str], options: list[str]) -> None:
    """Clone what is committed and make its downloads in ``folder/dist``."""
    run("git", "clone", "-q", ROOT, folder / "source")
    run(
        sys.executable, folder / "source" / "packaging" / "make.py", *kinds, *options,
        "-o", folder / "dist", "--work", folder / "work",
    )  # fmt: skip


def compare(one: Path, two: Path) -> list[str]:
    """Print how two folders of downloads differ; what must not."""
    commit = ["git", "-C", str(ROOT), "log", "-1", "--format=%h %s"]
    print(subprocess.run(commit, capture_output=True, text=True, check=True).stdout.strip())
    wrong = []
    for file in sorted(one.iterdir()):
        other = two / file.name
        if not other.exists():
            continue
        if not file.name.endswith(".contents.txt"):
            same = _digest(file) == _digest(other)
            print(f"{'same bytes' if same else 'other bytes'}: {file.name}")
            continue
        first, second = (path.read_text(encoding="utf-8") for path in (file, other))
        found = differences(first, second)
        wrong += [f"{file.name}: {line}" for line in found]
        rest = others_that_differ(first, second)
        print(f"{file.name}: {len(first.splitlines())} files, ours equal: {not found}")
        print(f"  of other people's files {len(rest)} differ {rest[:5]}")
    print("\n".join(wrong) if wrong else "the two builds agree")
    return wrong


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
