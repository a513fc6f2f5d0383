"""Graphs as text for other programs: Graphviz' DOT, JSON and SVG."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

from explorer.model.graph.columns import GraphColumns, NodeKind
from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.scene import Role, Scene

_DOT_SHAPES = {
    NodeKind.OPERATION: 'shape=box, style="rounded,filled", fillcolor="#d8eafb"',
    NodeKind.LEAF: 'shape=box, style="rounded,filled", fillcolor="#dcf3dc"',
    NodeKind.RESULT: 'shape=box, style="rounded,filled", fillcolor="#e3f3ec"',
    NodeKind.CUT: 'shape=box, style="filled", fillcolor="#fbe0dd"',
}


def as_dot(graph: GraphColumns) -> str:
    """The graph in Graphviz' language, edges in the direction of the data."""
    lines = ["digraph autograd {", "  node [fontname=sans, fontsize=10]"]
    for node, name in enumerate(graph.name):
        shape = _DOT_SHAPES[NodeKind(int(graph.kind[node]))]
        lines.append(f"  n{node} [label={json.dumps(name, ensure_ascii=False)}, {shape}]")
    edges = zip(graph.source.tolist(), graph.target.tolist(), strict=True)
    lines += [f"  n{source} -> n{target}" for source, target in edges]
    return "\n".join([*lines, "}", ""])


def as_json(drawn: DrawnGraph, scene: Scene | None = None) -> str:
    """Nodes and edges with all that is known of them, and where they are drawn.

    A node's ``id`` is its row; ``kind`` is ``operation``, ``leaf``, ``result`` or ``cut``; an edge
    goes from ``source`` to ``target`` in the direction of the data.
    """
    columns, graph = drawn.columns, drawn.autograd
    nodes = []
    for row, name in enumerate(columns.name):
        own = int(drawn.autograd_row[row])
        found: dict[str, Any] = {
            "id": row,
            "kind": NodeKind(int(columns.kind[row])).name.lower(),
            "name": name,
            "grad_fn": graph.name[own],
            "sequence": int(graph.sequence[own]),
            "line": int(columns.line[row]),
            "gives": graph.output_words(own),
            "device": graph.device(own),
            "saved_bytes": max(int(graph.saved[own]), 0),
        }
        if scene is not None and scene.shown[row] >= 0:
            found["box"] = [round(v, 2) for v in scene.box[scene.shown[row]].tolist()]
        nodes.append(found)
    keys = ("source", "target", "source_slot", "target_slot")
    rows = zip(*(getattr(columns, key).tolist() for key in keys), strict=True)
    edges = [dict(zip(keys, row, strict=True)) for row in rows]
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, indent=1) + "\n"


_FILLS = {
    Role.OPERATION: ("#d8eafb", "#5d86ad"),
    Role.DOCKED: ("#dcf3dc", "#63a063"),
    Role.LEAF: ("#dcf3dc", "#63a063"),
    Role.RESULT: ("#e3f3ec", "#00795a"),
    Role.CUT: ("#fbe0dd", "#c62828"),
    Role.GROUP: ("#ffecc4", "#b5923f"),
    Role.FROM: ("#ffffff", "#9aa5b1"),
    Role.TO: ("#ffffff", "#9aa5b1"),
    Role.SAVED: ("#f6f7f9", "#dfe3e8"),
}
LINE = 15.0
"""From one line of a box to the next."""
_ROUND = (Role.LEAF, Role.DOCKED, Role.FROM, Role.TO)


def as_svg(scene: Scene, label: Callable[[int], Sequence[str]], title: Callable[[int], str]) -> str:
    """The picture as it is folded now; ``label`` gives the lines of boxes, the first of them bold
    where more follow, ``title`` names open groups."""
    left, top, right, bottom = scene.bounds
    margin = 12.0
    view = (left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)
    box = " ".join(f"{number:.1f}" for number in view)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
        f'width="{view[2]:.0f}" height="{view[3]:.0f}" '
        'font-family="Inter, sans-serif" font-size="12">',
        *_frames(scene, title),
        _ARROW,
        '<g fill="none" stroke="#76828f" stroke-width="1.2">',
        *(f'<path d="{way}" marker-end="url(#arrow)"/>' for way in _ways(scene)),
        *(f'<path d="{way}"/>' for way in _links(scene)),
        "</g>",
        *_boxes(scene, label),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#76828f"/></marker></defs>'
)


def _frames(scene: Scene, title: Callable[[int], str]) -> Iterator[str]:
    rows = zip(scene.frame.tolist(), scene.frame_group.tolist(), strict=True)
    for (x, y, width, height), group in rows:
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="5" '
            'fill="#8296b4" fill-opacity="0.1" stroke="#93a6c4"/>'
        )
        yield f'<text x="{x + 9:.1f}" y="{y + 16:.1f}" fill="#626d7a">{escape(title(group))}</text>'


def _ways(scene: Scene) -> Iterator[str]:
    """The lines as paths, each from where its arrow comes to its head."""
    points, first = scene.points.tolist(), scene.first.tolist()
    for start, end in itertools.pairwise(first):
        line = points[start:end][::-1] if scene.upwards else points[start:end]
        way = [f"M{line[0][0]:.1f} {line[0][1]:.1f}"]
        for (x0, y0), (x1, y1) in itertools.pairwise(line):
            middle = (y0 + y1) / 2
            if x0 == x1:
                way.append(f"V{y1:.1f}")
            else:
                way.append(f"C{x0:.1f} {middle:.1f} {x1:.1f} {middle:.1f} {x1:.1f} {y1:.1f}")
        yield "".join(way)


def _links(scene: Scene) -> Iterator[str]:
    """The short lines to what hangs at boxes."""
    for x0, y0, x1, y1 in scene.links.tolist():
        yield f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"


def _boxes(scene: Scene, label: Callable[[int], Sequence[str]]) -> Iterator[str]:
    for row, (x, y, width, height) in enumerate(scene.box.tolist()):
        role = Role(int(scene.role[row]))
        fill, line = _FILLS[role]
        corner = height / 2 if role in _ROUND else 4
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="{corner:.1f}" fill="{fill}" stroke="{line}"/>'
        )
        lines = label(row)
        upmost = y + height / 2 + 4 - LINE * (len(lines) - 1) / 2
        for place, text in enumerate(lines):
            look = ' font-size="10.5"' if place else ' font-weight="600"' if lines[1:] else ""
            yield (
                f'<text x="{x + width / 2:.1f}" y="{upmost + place * LINE:.1f}" '
                f'text-anchor="middle"{look}>{escape(text)}</text>'
            )
