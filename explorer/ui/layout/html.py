"""Facts and sums of a layout as rich text in the theme's colours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from explorer.model.layout.header_facts import Fact
from explorer.model.layout.why import Piece
from explorer.ui.theme import theme


def pieces_html(pieces: Sequence[Piece]) -> str:
    """A sum with its strides and its place set off."""
    colours = theme()
    styles = {
        "stride": f"font-weight:700; color:{colours.text.name()}",
        "place": f"font-weight:700; color:{colours.current.name()}",
        "muted": f"color:{colours.muted.name()}",
    }
    parts = []
    for piece in pieces:
        text = escape(piece.text).replace("  ", "&nbsp; ")
        style = styles.get(piece.role)
        parts.append(f'<span style="{style}">{text}</span>' if style else text)
    return "".join(parts)


def facts_html(facts: Sequence[Fact]) -> str:
    """Labels muted, values plain, warnings in their colour; parted by air, which may end a line."""
    strong, warning = theme().text.name(), theme().warning.name()
    parts = [
        f"{escape(fact.label)} "
        f'<span style="color:{warning if fact.warns else strong}">{escape(fact.text)}</span>'
        for fact in facts
    ]
    parts = [part.replace(" ", "&nbsp;").replace("<span&nbsp;", "<span ") for part in parts]
    return "&nbsp;&nbsp;&nbsp; ".join(parts)
