"""Compares what the command line's ``steps --json`` tells with what the oracle saw.

Every simple statement that ended without raising must be there on both sides, in the same order,
with the same tensors under the same paths. Of compound statements the recorder tells the header
once per pass while instructions of it run at other times too (a ``with`` is left, a loop is
exhausted); there the oracle's next record of the same line is compared.
"""

from __future__ import annotations

import ast
import functools
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Key = tuple[str, int, str]

FIELDS = ("dtype", "shape", "stride", "offset", "device", "requires_grad", "is_leaf", "grad_fn")
_SILENT = {"Global", "Nonlocal"}
UNKNOWN = "unknown"  # what torch itself refuses to tell


class Comparison:
    """Both tellings of one run of one program, and where they differ."""

    def __init__(self, recorded: list[Record], observed: list[Record]) -> None:
        self.recorded = recorded
        self.observed = observed
        self.differences: list[str] = []
        self.statements = 0
        self.headers = 0
        self.tensors = 0
        self._storage_of: dict[str, int] = {}
        self._letter_of: dict[int, str] = {}
        self._files = {
            record["file"]: Statements(record["file"]) for record in observed_lines(self)
        }
        # The command line does not tell threads; a program's function runs in one of them.
        self._threads = {
            (record["file"], record["function"]): record["thread"]
            for record in observed_lines(self)
        }

    def run(self) -> Comparison:
        """Compare everything; `differences` then says what is wrong, in words."""
        told, seen = _by_thread(self._told()), _by_thread(self._seen())
        for thread in sorted(told.keys() | seen.keys()):
            self._thread(told[thread], seen[thread])
        return self

    def _told(self) -> Iterator[Record]:
        for record in self.recorded:
            if record["kind"] == "node" or record["file"] not in self._files:
                continue
            simple = self._files[record["file"]].is_simple(record["line"], record["code"])
            thread = self._threads.get((record["file"], record["function"]), 0)
            yield {**record, "thread": thread, "simple": simple and record["kind"] == "line"}

    def _seen(self) -> Iterator[Record]:
        for record in observed_lines(self):
            if record["statement"] in _SILENT or self._files[record["file"]].is_silent(record):
                continue
            yield {**record, "simple": not record["compound"] and not record["raised"]}

    def _thread(self, told: list[Record], seen: list[Record]) -> None:
        """Walk both lists from one simple statement to the next."""
        place = 0
        for record in told:
            if not record["simple"]:
                self._header(record, seen, place)
                continue
            while place < len(seen) and not seen[place]["simple"]:
                place += 1
            if place == len(seen):
                self._differ(_where(record), "the oracle saw no such step any more")
                return
            if _key(record) != _key(seen[place]):
                self._differ(_where(record), f"the oracle saw {_where(seen[place])} here")
                return
            self.statements += 1
            self._state(record, seen[place])
            place += 1
        left = [record for record in seen[place:] if record["simple"]]
        if left:
            self._differ(_where(left[0]), f"was not recorded, nor {len(left) - 1} steps after it")

    def _header(self, record: Record, seen: list[Record], place: int) -> None:
        while place < len(seen) and not seen[place]["simple"]:
            one = seen[place]
            if _key(one) == _key(record) and one["raised"] == (record["kind"] == "error"):
                self.headers += 1
                self._state(record, one)
                return
            place += 1
        if record["kind"] == "error":
            self._differ(_where(record), "the oracle saw no failure here")

    def _state(self, record: Record, seen: Record) -> None:
        if seen["inside_transform"]:
            return  # vmap and the like: what a name holds there has no numbers of its own
        told, real = record["tensors"], seen["tensors"]
        where = _where(record)
        for path in sorted(told.keys() - real.keys()):
            self._differ(where, f"{path} is recorded but is not there")
        listed = {real[path]["object"] for path in told.keys() & real.keys()}
        for path in sorted(real.keys() - told.keys()):
            if real[path]["object"] not in listed:
                self._differ(where, f"{path} is there but is not recorded")
        for path in sorted(told.keys() & real.keys()):
            self._tensor(f"{where}: {path}", told[path], real[path])

    def _tensor(self, where: str, told: Record, real: Record) -> None:
        self.tensors += 1
        for field in FIELDS:
            if told[field] != real[field] and real[field] != UNKNOWN:
                self._differ(where, f"{field} is {real[field]}, recorded {told[field]}")
        if real["version"] is not None and told["version"] != real["version"]:
            self._differ(where, f"version is {real['version']}, recorded {told['version']}")
        self._storage(where, told, real)
        self._values(where, told.get("values"), real["values"])
        if (told["grad"] is None) != (real["grad"] is None):
            self._differ(where, f"grad is {_short(real['grad'])}, recorded {_short(told['grad'])}")
        elif told["grad"] is not None:
            self._tensor(f"{where}.grad", {**told["grad"], "grad": None}, real["grad"])

    def _storage(self, where: str, told: Record, real: Record) -> None:
        if real["storage"] is None:
            return
        if told["storage_bytes"] != real["storage_bytes"]:
            text = f"storage has {real['storage_bytes']} bytes, recorded {told['storage_bytes']}"
            self._differ(where, text)
        letter, number = told["storage"], real["storage"]
        if self._storage_of.setdefault(letter, number) != number:
            self._differ(where, f"storage {letter} is two storages")
        elif self._letter_of.setdefault(number, letter) != letter:
            self._differ(where, f"storage {self._letter_of[number]} is now called {letter}")

    def _values(self, where: str, told: Any, real: Any) -> None:
        if real is None:
            if isinstance(told, list) and told:
                self._differ(where, f"has no numbers, recorded {_short(told)}")
        elif json.dumps(told) != json.dumps(real):
            self._differ(where, f"holds {_short(real)}, recorded {_short(told)}")

    def _differ(self, where: str, text: str) -> None:
        self.differences.append(f"{where}: {text}")


def observed_lines(comparison: Comparison) -> Iterator[Record]:
    """The oracle's statements, without the nodes."""
    return (record for record in comparison.observed if record["kind"] == "line")


@functools.cache
class Statements:
    """Which of a file's statements are simple, by line and text."""

    def __init__(self, path: str) -> None:
        text = Path(path).read_text(encoding="utf-8")
        self._lines = [line.encode() for line in text.splitlines()]
        self._simple: set[tuple[int, str]] = set()
        self._silent: set[int] = set()
        self._defined: set[int] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.stmt) and not hasattr(node, "body"):
                self._simple.add((node.lineno, self._text(node)))
            if isinstance(node, _DEFINITIONS):
                self._defined.add(node.lineno)
            if (
                isinstance(node, (ast.Module, *_DEFINITIONS))
                and ast.get_docstring(node) is not None
            ):
                self._silent.add(node.body[0].lineno)
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._silent.add(node.lineno)

    def is_simple(self, line: int, code: str) -> bool:
        """Whether this is no header of a compound statement, or that of a definition."""
        defined = line in self._defined and code.startswith(_DEFINES)
        return defined or (line, code) in self._simple

    def is_silent(self, record: Record) -> bool:
        """Docstrings and future imports are no steps."""
        return record["statement"] in ("Expr", "ImportFrom") and record["line"] in self._silent

    def _text(self, node: ast.stmt) -> str:
        last = node.end_lineno or node.lineno
        lines = self._lines[node.lineno - 1 : last]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b" ".join(line.strip() for line in lines).decode()[:200].strip()


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DEFINES = ("def ", "async def ", "class ")


def _by_thread(records: Iterator[Record]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record.get("thread", 0)].append(record)
    return found


def _key(record: Record) -> Key:
    return (record["file"], record["line"], record["function"])


def _where(record: Record) -> str:
    name = Path(record["file"]).name
    step = f" step {record['step']}" if "step" in record else ""
    return f"{name}:{record['line']} in {record['function']}{step}"


def _short(value: Any) -> str:
    text = json.dumps(value.get("values", value) if isinstance(value, dict) else value)
    return text if len(text) < 100 else text[:97] + "..."
