"""Writes what `measure.py` printed into the table of docs/invisibility.md.

    python benchmarks/invisibility/note.py LOG [LOG ...]

Each LOG is the text that ``measure.py tests`` printed; where two hold the same program, the later
one counts.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "invisibility.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
LINE = re.compile(r"^(\S+) +(\d+)? +([\d.]+)s +([\d.]+)s  (.*)$")


def rows_of(text: str) -> dict[str, tuple[str, str, list[str]]]:
    """Program -> number of tests, outcome, and what differs."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    last = ""
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            last = match[1]
            found[last] = (match[2] or "", match[5], [])
        elif line.startswith("    ") and last:
            found[last][2].append(line.strip())
    return found


def table_of(rows: dict[str, tuple[str, str, list[str]]]) -> str:
    """Markdown: the sums, then a line for each program that differs, then the names of the rest."""
    same = sorted(name for name, row in rows.items() if row[1] == "same")
    others = sorted(rows.keys() - set(same))
    tests = sum(int(row[0] or 0) for row in rows.values())
    lines = [
        f"{len(rows)} files with {tests} counted tests: {len(same)} the same, {len(others)} not.",
        "",
        "| file | outcome | what differs |",
        "|---|---|---|",
    ]
    for name in others:
        _, outcome, differing = rows[name]
        shown = [re.sub(r" \(__main__\.[^)]*\)", "", one) for one in differing]
        lines.append(f"| test_{name} | {outcome} | {'<br>'.join(shown)} |")
    lines += ["", "The same: " + ", ".join(f"test_{name}" for name in same) + "."]
    return "\n".join(lines)


def main() -> int:
    """Read the logs and rewrite the page."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    rows: dict[str, tuple[str, str, list[str]]] = {}
    for log in sys.argv[1:]:
        rows.update(rows_of(Path(log).read_text(encoding="utf-8")))
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table_of(rows)}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
