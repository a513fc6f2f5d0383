"""The words on the cards of a small graph: formulas, and what the nodes saved."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.model.graph.columns import NodeKind
from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.faces import short_name
from explorer.model.graph.reading import ACCUMULATES
from explorer.model.graph.texts import GraphTexts
from explorer.model.tensor_words import short_dtype
from explorer.protocol.autograd import Node, SavedTensor

LONGEST_FORMULA = 44


def texts_of(drawn: DrawnGraph, nodes: Mapping[int, Node], names: Mapping[int, str]) -> GraphTexts:
    """Words for a drawn graph; ``nodes`` is what is known of its nodes by id, ``names`` calls
    tensors by their ids."""
    if not drawn.cards:
        return _compact_texts(drawn)
    graph, columns = drawn.autograd, drawn.columns
    title, line, saved, letter = [], [], [], []
    for row in range(len(columns)):
        own = int(drawn.autograd_row[row])
        named = drawn.named.get(row)
        letter.append(named.letter if named is not None else "")
        cut = drawn.cuts.get(row)
        if cut is not None:
            title.append(f"cut: {cut.how}")
            line.append(cut.words)
            saved.append(("", ""))
            continue
        if named is not None:
            leaf = " leaf" if columns.kind[row] == NodeKind.LEAF else ""
            title.append(f"{named.name} {named.words}{leaf}".strip())
            line.append("")
            saved.append(("", ""))
            continue
        node = nodes.get(int(graph.node[own]))
        title.append(graph.name[own])
        accumulates = bool(graph.flags[own] & ACCUMULATES)
        line.append("leaf.grad = none" if accumulates else _formula(node))
        saved.append(_saved_words(node, names))
    return GraphTexts(title, line, saved, letter)


def _compact_texts(drawn: DrawnGraph) -> GraphTexts:
    known: dict[str, str] = {}
    title = [known.setdefault(name, short_name(name)) for name in drawn.columns.name]
    letters = [""] * len(title)
    for row, named in drawn.named.items():
        letters[row] = named.letter
        if drawn.columns.kind[row] == NodeKind.RESULT:
            title[row] = f"{named.name} {named.words}".strip() or "result"
        elif not named.name:
            title[row] = f"leaf {named.words}".strip()
    for row, cut in drawn.cuts.items():
        title[row] = f"cut: {cut.how}, line {cut.line}"
    return GraphTexts(title, [""] * len(title), [("", "")] * len(title), letters)


def _formula(node: Node | None) -> str:
    """The derivatives of a node in a line; a card always has one, so that none is smaller."""
    if node is None:
        return " "
    texts = list(dict.fromkeys(edge.text for edge in node.edges if edge.node and edge.text))
    if not texts:
        return _cut(node.words) or " "
    if len(texts) == 1:
        return _cut(texts[0])
    arguments = [edge.argument for edge in node.edges if edge.node and edge.text]
    formulas = [edge.text for edge in node.edges if edge.node and edge.text]
    return _cut("  ".join(f"{a}: {t}" for a, t in zip(arguments, formulas, strict=True)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_FORMULA else text[: LONGEST_FORMULA - 1] + "…"


def _saved_words(node: Node | None, names: Mapping[int, str]) -> tuple[str, str]:
    """The two lines of the box of saved tensors; empty when there are none."""
    if node is None or not node.saved:
        return "", ""
    if len(node.saved) == 1:
        return f"saved {node.saved[0].argument}", _tensor_words(node.saved[0], names)
    listed = ", ".join(one.argument for one in node.saved[:3])
    more = "…" if len(node.saved) > 3 else ""
    words = "  ".join(_tensor_words(one, names) for one in node.saved[:2])
    return f"saved {listed}{more}", _cut(words + ("  …" if len(node.saved) > 2 else ""))


def _tensor_words(saved: SavedTensor, names: Mapping[int, str]) -> str:
    shape = ", ".join(map(str, saved.shape))
    name = names.get(saved.tensor, "")
    state = "" if saved.state == "held" else f", {saved.state}"
    return f"{name} {short_dtype(saved.dtype)}[{shape}]{state}".strip()
