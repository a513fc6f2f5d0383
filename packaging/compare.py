"""Compares the lists of contents of two builds of one commit.

    python3 packaging/compare.py FIRST.contents.txt SECOND.contents.txt

Prints what differs in the files' paths, or in the hashes of the project's own files; ends with 1
if anything does.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from installers.contents import differences


def main() -> int:
    """Compare the two lists named on the command line."""
    if len(sys.argv) != 3:
        print("python3 packaging/compare.py FIRST.contents.txt SECOND.contents.txt")
        return 2
    first, second = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    found = differences(first, second)
    print("\n".join(found) if found else "the two builds agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
