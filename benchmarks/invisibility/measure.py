"""How many of other people's programs can tell that they are recorded.

    python benchmarks/invisibility/measure.py tests [NAME ...]
    python benchmarks/invisibility/measure.py examples [--first N] [--most N]

``tests``: CPython's own test files for the language, as installed with this Python, each run
plainly and under the recorder in a fresh process; test by test the results must be the same.
``examples``: every example in the docstrings of the installed torch, as a program; output and exit
code must be the same. They run in forks of one warm Python, unless ``--fresh`` is given.

A program whose two plain runs differ already (times, random names) is told apart. Prints a table;
runs that differ are kept in build/invisibility.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from outcomes import differences, keep, plain, recorded
from programs import Foreign, language_tests, torch_examples

from tests.warm_python import WarmPython

KEPT = Path(__file__).resolve().parents[2] / "build" / "invisibility"


class Table:
    """Counts, and one line for each program."""

    def __init__(self, python: str) -> None:
        self._python = python
        self.programs = self.parts = self.same = self.unsteady = 0
        self.differing: list[str] = []
        print(f"{'program':44} {'tests':>6} {'plain':>7} {'recorded':>9}  outcome", flush=True)

    def run(self, program: Foreign) -> None:
        """Run one program both ways and write its line."""
        one, other = plain(program, self._python), recorded(program, self._python)
        found = differences(one, other)
        self.programs += 1
        self.parts += len(one.parts)
        outcome = "same"
        if found and differences(one, plain(program, self._python)):
            outcome = "differs from one plain run to the next as well"
            self.unsteady += 1
        elif found:
            outcome = f"{len(found)} differ"
            self.differing.append(program.name)
            keep(KEPT, program.name, one, other)
        else:
            self.same += 1
        tests = len(one.parts) or ""
        line = f"{program.name:44} {tests:>6} {one.seconds:6.1f}s {other.seconds:8.1f}s  {outcome}"
        print(line, flush=True)
        for text in found if outcome.endswith("differ") else []:
            print(f"    {text[:150]}", flush=True)

    def sum(self) -> None:
        """Write the last line."""
        print(
            f"{self.programs} programs with {self.parts} tests: {self.same} the same, "
            f"{len(self.differing)} differ, {self.unsteady} differ plainly as well"
        )


def chosen_programs(chosen: argparse.Namespace, folder: Path) -> Iterator[Foreign]:
    """What the command line asks for."""
    if chosen.which == "tests":
        return language_tests(folder, chosen.names)
    examples = torch_examples(folder)
    first = chosen.first - 1
    return islice(examples, first, first + chosen.most)


def main() -> int:
    """Run all and print; returns 1 when any program differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("which", choices=("tests", "examples"))
    parser.add_argument("names", nargs="*")
    parser.add_argument("--first", type=int, default=1, help="number of the first example")
    parser.add_argument("--most", type=int, default=100_000, help="examples, at most")
    parser.add_argument("--fresh", action="store_true", help="a new Python for each example")
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"  # sums in one order
    with tempfile.TemporaryDirectory(prefix="invisibility-") as folder, ExitStack() as stack:
        python = sys.executable
        if chosen.which == "examples" and not chosen.fresh:
            python = stack.enter_context(WarmPython()).executable
        table = Table(python)
        for program in chosen_programs(chosen, Path(folder) / "programs"):
            table.run(program)
    table.sum()
    return 1 if table.differing else 0


if __name__ == "__main__":
    sys.exit(main())
