"""Reads from the source which module imports which, deferred imports included."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "explorer"


@dataclass(frozen=True)
class Import:
    """One imported module, by its full dotted name, and the line where it is imported."""

    importer: str
    imported: str
    line: int
    for_types_only: bool

    def __str__(self) -> str:
        return f"{self.importer} line {self.line} imports {self.imported}"


def sources() -> list[Path]:
    """Every source file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """explorer/model/moment.py -> explorer.model.moment."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def all_imports() -> tuple[Import, ...]:
    """Every import statement of the package; names of modules resolved as far as files tell."""
    modules = {module_name(path) for path in sources()}
    return tuple(found for path in sources() for found in _imports_of(path, modules))


def _imports_of(path: Path, modules: set[str]) -> Iterator[Import]:
    importer = module_name(path)
    package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    guarded = _lines_for_types_only(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _names_of(node, package, modules)
        else:
            continue
        for name in names:
            yield Import(importer, name, node.lineno, node.lineno in guarded)


def _names_of(node: ast.ImportFrom, package: str, modules: set[str]) -> list[str]:
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, *([base] if base else [])])
    inside = [f"{base}.{alias.name}" for alias in node.names]
    # "from explorer.model import moment" names the module moment, not the package alone.
    return [name if name in modules else base for name in inside]


def _lines_for_types_only(tree: ast.Module) -> set[int]:
    """Lines under ``if TYPE_CHECKING:``, which never run."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for statement in node.body:
                lines.update(range(statement.lineno, (statement.end_lineno or 0) + 1))
    return lines
