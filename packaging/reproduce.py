"""Builds one commit twice, each time from a clone of its own, and compares what came out.

    python3 packaging/reproduce.py [full] [light] [--formats FORMAT,...] [--work FOLDER] [--keep]

The clones lie in folders of different names and have environments of their own. Compared are the
lists of files and the hashes of the project's own files, which must be equal; the number of other
files that differ is told, and so is whether packages in the formats chosen (none unless asked
for) have the same bytes. What is not committed does not count. With --keep the first build of an
earlier time is kept, and its commit is built once more.
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
    parser.add_argument("--formats", default="none", help="what to pack into, as for make.py")
    parser.add_argument("--keep", action="store_true", help="take the first build as it is")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "reproduce")
    chosen = parser.parse_args()
    work = chosen.work.resolve()
    if not chosen.keep:
        shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(work / NAMES[1], ignore_errors=True)
    first = work / NAMES[0] / "source"
    commit = _commit(first if chosen.keep else ROOT)
    for name in NAMES[1:] if chosen.keep else NAMES:
        build(work / name, commit, chosen.kinds, chosen.formats)
    print(commit)
    return 1 if compare(*(work / name / "dist" for name in NAMES)) else 0


def build(folder: Path, commit: str, kinds: list[str], formats: str) -> None:
    """Clone a commit and make its downloads in ``folder/dist``."""
    run("git", "clone", "-q", ROOT, folder / "source")
    run("git", "-C", folder / "source", "checkout", "-q", commit)
    run(
        sys.executable, folder / "source" / "packaging" / "make.py", *kinds,
        "-o", folder / "dist", "--work", folder / "work", "--formats", formats,
    )  # fmt: skip


def compare(one: Path, two: Path) -> list[str]:
    """Print how two folders of downloads differ; what must not."""
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


def _commit(repository: Path) -> str:
    command = ["git", "-C", str(repository), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
