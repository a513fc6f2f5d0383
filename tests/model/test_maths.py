"""Formulas are read into trees, whatever the worker writes."""

from __future__ import annotations

import pytest

from explorer.model.maths import (
    Cases,
    Fence,
    Fraction,
    Line,
    Maths,
    Root,
    Scripts,
    Word,
    read_maths,
)
from explorer.worker.formula.derivatives import read_table, table_path
from explorer.worker.formula.functions import expand
from explorer.worker.formula.language import read_formula
from explorer.worker.formula.maths import as_latex


def words(maths: Maths) -> str:
    """A tree as plain text, with every bracket that its shape implies."""
    if isinstance(maths, Word):
        return maths.text
    if isinstance(maths, Line):
        return " ".join(map(words, maths.parts))
    if isinstance(maths, Fraction):
        return f"({words(maths.top)})/({words(maths.bottom)})"
    if isinstance(maths, Root):
        return f"√({words(maths.inside)})"
    if isinstance(maths, Scripts):
        raised = f"^({words(maths.raised)})" if maths.raised else ""
        lowered = f"_({words(maths.lowered)})" if maths.lowered else ""
        return f"{words(maths.base)}{lowered}{raised}"
    if isinstance(maths, Fence):
        return f"{maths.left}{words(maths.inside)}{maths.right}"
    assert isinstance(maths, Cases)
    return "{" + "; ".join(" | ".join(map(words, row)) for row in maths.rows) + "}"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{g}{2 \cdot \mathrm{out}}", "(g)/(2 · out)"),
        (r"{\mathrm{self}}^{\mathrm{exponent} - 1}", "self^(exponent − 1)"),
        (r"{\mathrm{mat1}}^{\top} @ g", "mat1^(T) @ g"),
        (r"\sqrt{2\pi}", "√(2 π)"),
        (r"\mathrm{out}_{1}", "out_(1)"),
        (r"\left(1 - {\mathrm{out}}^{2}\right)", "(1 − out^(2))"),
        (
            r"\begin{cases}g & \mathrm{if}\ \mathrm{self} \geq 0 \\ 0 & \mathrm{else}\end{cases}",
            "{g | if   self ≥ 0; 0 | else}",
        ),
        (r"\mathrm{native\_layer\_norm}", "native_layer_norm"),
        (r"1.5e-07 \cdot 2", "1.5e-07 · 2"),
        ("", ""),
    ],
)
def test_reading(latex: str, text: str) -> None:
    assert words(read_maths(latex)) == text


def test_every_formula_of_the_installed_table_is_read_to_its_end() -> None:
    path = table_path()
    assert path is not None
    formulas = {text for entry in read_table(path).values() for text in entry.formulas.values()}
    assert len(formulas) > 300
    for formula in formulas:
        latex = as_latex(expand(read_formula(formula)))
        read = words(read_maths(latex))
        assert "\\" not in read, latex
        assert "{" not in read or "cases" in latex, latex
