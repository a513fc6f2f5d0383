"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.imports import REPOSITORY, sources

LINES_OF_A_FILE = 320
LINES_OF_A_FUNCTION = 45


def our_files() -> list[Path]:
    """The package and what stands beside it in Python; lessons and test programs are data."""
    roots = ["bootstrap", "packaging", "benchmarks", "docs", "tests"]
    found = [path for root in roots for path in (REPOSITORY / root).rglob("*.py")]
    return [*sources(), *(p for p in found if "programs" not in p.parts)]


def functions_of(path: Path) -> list[tuple[str, int, int]]:
    """Name, first line and length of every function; its docstring is not counted."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            length -= (first.end_lineno or first.lineno) - first.lineno + 1
        found.append((node.name, node.lineno, length))
    return found


def test_no_file_is_too_long() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in our_files()}
    wrong = [f"{p.relative_to(REPOSITORY)}: {n}" for p, n in lengths.items() if n > LINES_OF_A_FILE]
    assert not wrong, "\n".join(wrong)


def test_no_function_is_too_long() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line} {name}: {length}"
        for path in our_files()
        for name, line, length in functions_of(path)
        if length > LINES_OF_A_FUNCTION
    ]
    assert not wrong, "\n".join(wrong)
