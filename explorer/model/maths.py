"""Formulas as trees, read from the part of LaTeX in which the worker writes derivatives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"\\\\|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[A-Za-z]|\s+|.", re.DOTALL)
SYMBOLS = {
    "cdot": "·", "geq": "≥", "leq": "≤", "neq": "≠", "wedge": "∧", "vee": "∨", "neg": "¬",
    "pi": "π", "sigma": "σ", "sum": "∑", "top": "T", "infty": "∞", "odot": "⊙", "times": "×",
    "ldots": "…", "approx": "≈",
}  # fmt: skip
SPACED = frozenset("·≥≤≠∧∨+-=<>@×−")
"""Signs with air on both sides when they stand between two things."""


@dataclass(frozen=True)
class Word:
    """Letters or signs that are set in one piece."""

    text: str
    slanted: bool = False


@dataclass(frozen=True)
class Line:
    """Things beside each other."""

    parts: tuple[Maths, ...] = ()


@dataclass(frozen=True)
class Fraction:
    """One thing over another."""

    top: Maths
    bottom: Maths


@dataclass(frozen=True)
class Root:
    """A square root."""

    inside: Maths


@dataclass(frozen=True)
class Scripts:
    """Something raised, lowered, or both."""

    base: Maths
    raised: Maths | None = None
    lowered: Maths | None = None


@dataclass(frozen=True)
class Fence:
    """Something between brackets that are as tall as it is."""

    left: str
    inside: Maths
    right: str


@dataclass(frozen=True)
class Cases:
    """Values with the conditions under which they hold."""

    rows: tuple[tuple[Maths, ...], ...]


Maths = Word | Line | Fraction | Root | Scripts | Fence | Cases


@dataclass
class _Reader:
    tokens: list[str] = field(default_factory=list)
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def blank(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def line(self, *ends: str) -> Maths:
        """Everything up to one of the ends, which is left where it is."""
        parts: list[Maths] = []
        while True:
            self.blank()
            token = self.peek()
            if not token or token in ends:
                break
            if token in ("^", "_"):
                self.take()
                base = parts.pop() if parts else Word("")
                parts.append(self._script(token, base, self._one()))
            else:
                parts.append(self._one())
        return parts[0] if len(parts) == 1 else Line(tuple(parts))

    def _script(self, token: str, base: Maths, mark: Maths) -> Maths:
        known = base if isinstance(base, Scripts) else Scripts(base)
        if token == "^":
            return Scripts(known.base, mark, known.lowered)
        return Scripts(known.base, known.raised, mark)

    def _one(self) -> Maths:
        self.blank()
        token = self.take()
        if token == "{":
            inside = self.line("}")
            self.take()
            return inside
        if not token.startswith("\\"):
            return Word("−" if token == "-" else token, slanted=token.isalpha())
        return self._command(token[1:])

    def _command(self, name: str) -> Maths:
        if name == "frac":
            return Fraction(self._one(), self._one())
        if name == "sqrt":
            return Root(self._one())
        if name in ("mathrm", "text", "operatorname"):
            return Word(self._plain())
        if name == "left":
            left = self.take()
            inside = self.line("\\right")
            self.take()
            return Fence(left, inside, self.take())
        if name == "begin":
            self._plain()
            return self._cases()
        return Word(SYMBOLS.get(name, name))

    def _plain(self) -> str:
        self.blank()
        if self.take() != "{":
            return ""
        text = ""
        while self.peek() not in ("}", ""):
            text += self.take().replace("\\", "")
        self.take()
        return text

    def _cases(self) -> Maths:
        rows: list[tuple[Maths, ...]] = []
        cells: list[Maths] = []
        while True:
            cells.append(self.line("&", "\\\\", "\\end"))
            end = self.take()
            if end == "&":
                continue
            rows.append(tuple(cells))
            cells = []
            if end != "\\\\":
                self._plain()
                return Cases(tuple(rows))


def read_maths(latex: str) -> Maths:
    """The tree of a formula; what is not understood stands as it was written."""
    return _Reader(TOKEN.findall(latex)).line()
