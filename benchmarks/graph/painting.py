"""Unfolding, and frames while panning and zooming, drawn in software; times are of the processor.

``python -m benchmarks.graph.painting``
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.graph.loading import load, peak_megabytes
from benchmarks.timing import timed
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import FoldedGraph, folded_graph
from explorer.model.graph.scene import Role, Scene
from explorer.model.graph.texts import plain_texts
from explorer.ui.graph.measure import measure
from explorer.ui.theme import ui_font
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.view import GraphView

SIZE = (1000, 800)
FOLDED = ("resnet", "gpt2", "rnn2000", "lstm75k")


def made(graph: GraphColumns, *, flat: bool = False) -> FoldedGraph:
    """A graph with the widths of the window's own font."""
    return folded_graph(graph, compact_faces(graph, measure(ui_font(12))), flat=flat)


def paint(view: GraphView, image: QImage) -> None:
    """One frame."""
    view.render(image)


def frame(view: GraphView, step: Callable[[], object]) -> None:
    """Look elsewhere, and one frame of that in the window itself."""
    step()
    view.repaint()


def unfolding(name: str) -> None:
    """One group after another, opened and closed; and what moves when that is done."""
    graph, _ = load(name)
    folded = made(graph)
    before = folded.scene()
    times, shifts = [], 0
    for group in [g for g in folded.groups.child_group[0].tolist() if g >= 0]:
        for is_open in (True, False):

            def turn(group: int = group, is_open: bool = is_open) -> None:
                folded.set_open(group, is_open)
                folded.scene()

            times.append(timed(turn) * 1e3)
            if is_open:
                shifts += moved_otherwise(before, folded.scene(), group)
    print(
        f"  {name:10} median {statistics.median(times):5.1f} ms, worst {max(times):5.1f} ms; "
        f"boxes moved otherwise than down by one amount: {shifts}"
    )


def moved_otherwise(before: Scene, after: Scene, group: int) -> int:
    """How many boxes above an opened group have moved, and how many below it moved by another
    amount than the first of them or sideways."""
    middle = before.box[before.group == group, 1][0]
    old = {int(node): row for row, node in enumerate(before.node) if node >= 0}
    pairs = [(old[int(n)], row) for row, n in enumerate(after.node) if n >= 0 and int(n) in old]
    at = np.array(pairs, np.int64).reshape(-1, 2)
    at = at[before.role[at[:, 0]] == after.role[at[:, 1]]]
    # Leaves stand at several users: the first box of each is compared.
    shift = after.box[at[:, 1], :2] - before.box[at[:, 0], :2]
    single = np.isin(before.role[at[:, 0]], (int(Role.OPERATION), int(Role.RESULT)))
    below = before.box[at[:, 0], 1] > middle
    down = shift[single & below]
    wrong = int((np.abs(shift[single & ~below]) > 1e-6).any(axis=1).sum())
    return wrong + int((np.abs(down - down[:1]) > 1e-6).any(axis=1).sum())


def frames(view: GraphView, image: QImage) -> None:
    """Pan and zoom with about 100,000 boxes."""
    graph, _ = load("boxes100k")
    folded = made(graph, flat=True)
    picture = Picture(folded, folded.scene(), plain_texts(graph), False)
    ready = timed(picture.make_ready)
    print(f"{len(picture.scene.box):,} boxes, {len(picture.scene.points):,} points of lines")
    print(f"  made ready off the window's thread in {ready * 1e3:.0f} ms")
    view.show_picture(picture, fit=True)
    QApplication.processEvents()  # until the window is on its screen
    paint(view, image)
    for what, steps in (("pan", panning(view)), ("zoom", zooming(view))):
        times = []
        for step in steps:
            times.append(timed(lambda: frame(view, step)) * 1e3)  # noqa: B023
        print(
            f"  {what}: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms a frame"
        )
    print(f"  memory of the whole process: {peak_megabytes():.0f} MB at most")


def panning(view: GraphView) -> list[Callable[[], object]]:
    """Sixty frames of scrolling at reading size."""
    view.camera.zoom(1 / view.camera.scale, 500, 400)
    view.camera.centre(0, view.picture.scene.bounds[3] / 2 if view.picture is not None else 0)
    return [lambda: view.pan(0, -37) for _ in range(60)]


def zooming(view: GraphView) -> list[Callable[[], object]]:
    """From reading size to all of it and back."""
    factors = [0.93] * 120 + [1 / 0.93] * 120
    return [partial(view.zoom, factor) for factor in factors]


def main() -> None:
    """Print everything."""
    application = QApplication([])
    view = GraphView()
    view.resize(*SIZE)
    view.show()
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    print(f"load {os.getloadavg()[0]:.1f}")
    frames(view, image)
    print("unfold and fold")
    for name in FOLDED:
        unfolding(name)
    view.close()
    application.quit()
    assert np.asarray(image.constBits()).any(), "nothing was painted"


if __name__ == "__main__":
    main()
