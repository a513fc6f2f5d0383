"""From the live graph to the first folded picture, painted: ours against torchviz and dot.

``python -m benchmarks.graph.live [--torchviz PYTHON]``, where PYTHON is an interpreter that has
torch and torchviz. Times are of the processor: ours is walking the live nodes, in a process with
torch, and folding, laying out and painting in one without.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from copy import copy

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.graph.loading import load
from benchmarks.graph.painting import SIZE, made
from benchmarks.timing import Taken, in_rounds, ratio_words
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.texts import plain_texts
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.view import GraphView

AGAINST_TORCHVIZ = ("resnet", "gpt2")
ALONE = ("rnn2000", "lstm75k")
ROUNDS = 9


def first_picture(view: GraphView, image: QImage, graph: GraphColumns) -> None:
    """Fold, lay out and paint."""
    folded = made(graph)
    view.show_picture(Picture(folded, folded.scene(), plain_texts(graph), False), fit=True)
    view.render(image)


def ours(view: GraphView, image: QImage, name: str) -> Taken:
    """Rounds of walking and painting, added."""
    graph, walked = load(name, ROUNDS)
    # A copy has nothing left from the round before.
    (painted,) = in_rounds([lambda: first_picture(view, image, copy(graph))], ROUNDS)
    return Taken([a + b for a, b in zip(walked, painted.seconds, strict=True)])


def torchviz(python: str, name: str) -> Taken:
    """Rounds of the peer, in its own process."""
    command = [python, "-m", "benchmarks.graph.torchviz_peer", name, str(ROUNDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Taken([float(line) for line in done.stdout.split()])


def main() -> None:
    """Print a line for each graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torchviz", metavar="PYTHON")
    options = parser.parse_args()
    application = QApplication([])
    view = GraphView()
    view.resize(*SIZE)
    view.show()
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    print(f"live graph to first folded picture, painted; load {os.getloadavg()[0]:.1f}")
    for name in (*AGAINST_TORCHVIZ, *ALONE):
        mine = ours(view, image, name)
        line = f"{name:8} ours {mine.words()}"
        if options.torchviz and name in AGAINST_TORCHVIZ:
            theirs = torchviz(options.torchviz, name)
            line += f", torchviz {theirs.words()}: {ratio_words(mine, theirs)}"
        print(line, flush=True)
    view.close()
    application.quit()


if __name__ == "__main__":
    main()
