"""How other programs draw the same tensor, each in a process and a Python of its own.

``PYTHON -m benchmarks.values.peers NAME SIDE ROUNDS GIGABYTES`` runs one of the peers in an
environment that has it, torch and numpy, each round beside one pass of ``torch.aminmax``, and
prints one JSON object: processor seconds of both, and how much memory the peer took beyond the
tensor. With ``jumps`` for NAME it is Spyder's array editor model in a table of Qt's.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.timing import in_rounds

JUMPS = 1000


def matplotlib_imshow(x: torch.Tensor) -> object:
    """A figure with ``imshow``, drawn by Agg."""
    figure = importlib.import_module("matplotlib.figure").Figure(figsize=(10, 10), dpi=100)
    figure.subplots().imshow(x.numpy())
    out = io.BytesIO()
    figure.savefig(out, format="raw")
    return out


def lovely_picture(x: torch.Tensor) -> object:
    """lovely-tensors' picture of the whole tensor, as the PNG that a notebook is given."""
    lovely = importlib.import_module("lovely_tensors")
    return lovely.chans(x[None])._repr_png_()


def treescope_picture(x: torch.Tensor) -> object:
    """treescope's picture, truncated as it is by default, as the HTML that a notebook is given.

    Not truncated, it takes all memory. Given as an array: treescope 0.1.10 asks tensors for names
    that torch 2.13 no longer has.
    """
    treescope = importlib.import_module("treescope")
    return treescope.render_to_html(treescope.render_array(x.numpy(), truncate=True))


def napari_layer(x: torch.Tensor) -> object:
    """napari's image layer: contrast limits and thumbnail, without the canvas, which needs a
    graphics card."""
    return importlib.import_module("napari.layers").Image(x.numpy()).thumbnail


PEERS: dict[str, tuple[str, Callable[[torch.Tensor], object]]] = {
    "matplotlib imshow": ("matplotlib", matplotlib_imshow),
    "lovely-tensors": ("lovely_tensors", lovely_picture),
    "treescope": ("treescope", treescope_picture),
    "napari layer": ("napari", napari_layer),
}


def spyder_jumps(x: torch.Tensor) -> list[float]:
    """Processor seconds of each of many jumps of a table over Spyder's model, all of it loaded."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    widgets: Any = importlib.import_module("qtpy.QtWidgets")
    application = widgets.QApplication.instance() or widgets.QApplication([])
    editor: Any = importlib.import_module("spyder.plugins.variableexplorer.widgets.arrayeditor")
    model = editor.ArrayModel(x.numpy())
    model.rows_loaded, model.cols_loaded = x.shape
    table = widgets.QTableView()
    table.setModel(model)
    table.resize(1100, 700)
    table.show()
    application.processEvents()
    chance, taken = random.Random(0), []
    for _ in range(JUMPS):
        index = model.index(chance.randrange(x.shape[0]), chance.randrange(x.shape[1]))
        started = time.thread_time()
        table.setCurrentIndex(index)
        table.scrollTo(index)
        table.viewport().repaint()
        taken.append(time.thread_time() - started)
    return taken


def peak() -> float:
    """Most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(name: str, side: int, rounds: int, gigabytes: int) -> None:
    """Run one peer and print what it took; past so much memory it is ended."""
    most = gigabytes << 30  # so that it does not take the whole machine's
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = torch.empty(side, side)
    for stripe in x.split(500):
        stripe.normal_()
    if name == "jumps":
        before = peak()
        print(json.dumps({"jumps": spyder_jumps(x), "extra": peak() - before}))
        return
    draw = PEERS[name][1]
    draw(x[:200, :200].contiguous())  # imports, fonts and the like
    before = peak()
    one_pass, drawn = in_rounds([lambda: torch.aminmax(x), lambda: draw(x)], rounds, warm=0)
    found = {"one pass": one_pass.seconds, "peer": drawn.seconds, "extra": peak() - before}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
