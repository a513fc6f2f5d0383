"""The two looks of a formula: one line of plain text, and LaTeX."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIGNS = (
    (math.pi, "π", r"\pi"),
    (math.pi / 180, "π/180", r"\frac{\pi}{180}"),
    (180 / math.pi, "180/π", r"\frac{180}{\pi}"),
    (math.sqrt(2), "√2", r"\sqrt{2}"),
    (math.sqrt(2 * math.pi), "√(2π)", r"\sqrt{2\pi}"),
    (math.sqrt(2 / math.pi), "√(2/π)", r"\sqrt{\frac{2}{\pi}}"),
)
_NAMES = {"grad": "g", "grads": "g", "result": "out", "M_PI": "π", "M_LN2": "ln 2"}
_LATEX_NAMES = {"M_PI": r"\pi", "M_LN2": r"\ln 2", "M_LN10": r"\ln 10"}
_KNOWN = frozenset("sin cos tan sinh cosh tanh log exp max min det".split())


def _short(name: str) -> tuple[str, str]:
    """What is written for a name, and the number at its foot: ``result1`` -> ``out``, ``1``.

    Arguments keep their names as they are.
    """
    stem = name.rstrip("0123456789")
    if stem in _NAMES:
        return _NAMES[stem], name[len(stem) :]
    return _NAMES.get(name, name), ""


def number_text(value: float) -> str:
    """A number as it stands in a formula: six digits, whole numbers without a point."""
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "nan")
    return f"{value:.6g}"


class Looks:
    """Plain text on one line."""

    stacked: ClassVar[bool] = False
    transposed: ClassVar[str] = "T"
    marks: ClassVar[dict[str, str]] = {
        "*": "·", "==": "=", "!=": "≠", "<=": "≤", ">=": "≥",
        "&&": "and", "&": "and", "||": "or", "!": "not ", "@": "@", "%": "mod",
    }  # fmt: skip

    def name(self, name: str) -> str:
        """A name, its number small."""
        stem, number = _short(name)
        return stem + number.translate(_SMALL)

    def word(self, word: str) -> str:
        """A word of the language."""
        return word

    def constant(self, value: float) -> str:
        """A constant, by its usual sign where it has one."""
        for known, sign, _ in _SIGNS:
            if math.isclose(value, known, rel_tol=1e-9):
                return sign
        return number_text(value)

    def brackets(self, inner: str) -> str:
        """In round brackets."""
        return f"({inner})"

    def subscript(self, base: str, below: str) -> str:
        """With a small number at its foot."""
        return base + below.translate(_SMALL)

    def power(self, base: str, exponent: str) -> str:
        """Raised; small whole numbers stand raised themselves."""
        if exponent.isdigit():
            return base + exponent.translate(_RAISED)
        if exponent == self.transposed:
            return f"{base}.T"  # the raised letter is missing from many fonts
        return f"{base}^{exponent if exponent.isalnum() else f'({exponent})'}"

    def root(self, inner: str) -> str:
        """The square root."""
        return f"√{inner}" if inner.isalnum() else f"√({inner})"

    def absolute(self, inner: str) -> str:
        """The absolute value."""
        return f"|{inner}|"

    def function(self, name: str, arguments: str) -> str:
        """A function that has no notation of its own."""
        return f"{name}({arguments})"

    def fraction(self, top: str, bottom: str) -> str:
        """One over the other."""
        return f"{top} / {bottom}"

    def cases(self, yes: str, condition: str, no: str) -> str:
        """The one where the condition holds, else the other."""
        return f"{yes} if {condition} else {no}"


@dataclass(frozen=True)
class _Latex(Looks):
    stacked: ClassVar[bool] = True
    transposed: ClassVar[str] = r"\top"
    marks: ClassVar[dict[str, str]] = {
        "*": r"\cdot", "==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq",
        "&&": r"\wedge", "&": r"\wedge", "||": r"\vee", "!": r"\neg ", "@": "@", "%": r"\bmod",
    }  # fmt: skip

    def name(self, name: str) -> str:
        if name in _LATEX_NAMES:
            return _LATEX_NAMES[name]
        stem, number = _short(name)
        written = stem if len(stem) == 1 else self.word(stem)
        return f"{written}_{{{number}}}" if number else written

    def word(self, word: str) -> str:
        escaped = word.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}"

    def constant(self, value: float) -> str:
        for known, _, sign in _SIGNS:
            if math.isclose(value, known, rel_tol=1e-9):
                return sign
        return latex_number(number_text(value))

    def brackets(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def subscript(self, base: str, below: str) -> str:
        return f"{base}_{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def absolute(self, inner: str) -> str:
        return rf"\left|{inner}\right|"

    def function(self, name: str, arguments: str) -> str:
        if name == "sigmoid":
            return rf"\sigma\left({arguments}\right)"
        if name == "sum":
            return rf"\sum {self.brackets(arguments)}"
        written = rf"\{name}" if name in _KNOWN else self.word(name)
        return rf"{written}\left({arguments}\right)"

    def fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def cases(self, yes: str, condition: str, no: str) -> str:
        return (
            rf"\begin{{cases}}{yes} & \mathrm{{if}}\ {condition} \\"
            rf" {no} & \mathrm{{else}}\end{{cases}}"
        )


def latex_number(text: str) -> str:
    """A number in LaTeX: 1e-05 as a power of ten, inf and nan as signs."""
    if "inf" in text:
        return text.replace("inf", r"\infty")
    if text == "nan":
        return r"\mathrm{nan}"
    digits, letter, exponent = text.partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if letter else digits


TEXT = Looks()
LATEX = _Latex()
