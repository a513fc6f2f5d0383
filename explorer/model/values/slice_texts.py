"""Numbers of a slice as text to take elsewhere: table, Python code, Markdown."""

from __future__ import annotations

from explorer.model.numbers import TextStyle, known
from explorer.model.values.number_block import NumberBlock

FORMS = ("table", "python", "markdown")


def slice_text(form: str, block: NumberBlock, style: TextStyle, lone: bool = False) -> str:
    """The text of a block in a form; ``lone`` for a scalar or a single row without brackets.

    Raises:
        ValueError: for a form that is none of `FORMS`.
    """
    if form == "python":
        return _python(block, lone)
    region = block.region
    lines = [block.line(row, style) for row in range(region.row, region.row + region.rows)]
    if form == "table":
        return "\n".join("\t".join(line) for line in lines)
    if form == "markdown":
        return _markdown(lines, region.column)
    raise ValueError(f"A slice's text is one of {', '.join(FORMS)}, not {form!r}.")


def _markdown(lines: list[list[str]], first: int) -> str:
    head = [str(first + at) for at in range(len(lines[0]))]
    rows = [head, ["---:"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _python(block: NumberBlock, lone: bool) -> str:
    """A call that makes the same tensor anew, number by number."""
    region, kind = block.region, known(block.dtype)
    exact = TextStyle("exact")
    rows = [block.line(row, exact) for row in range(region.row, region.row + region.rows)]
    lines = ["[" + ", ".join(_literal(text, kind.kind) for text in row) + "]" for row in rows]
    if not lone:
        inside = "[" + ",\n              ".join(lines) + "]"
    else:
        inside = lines[0] if region.columns > 1 else lines[0][1:-1]
    return f"torch.tensor({inside}, dtype=torch.{block.dtype})"


def _literal(text: str, kind: str) -> str:
    if kind in ("float", "complex") and ("nan" in text or "inf" in text):
        if kind == "complex":
            return f'complex("{text}")'
        return f'float("{text}")'
    return text
