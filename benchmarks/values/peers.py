"""How other programs draw the same tensor; each is left out where it is not installed."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from typing import Any

import torch

Draw = Callable[[torch.Tensor], object]


def matplotlib_imshow(x: torch.Tensor) -> object:
    """A figure with ``imshow``, drawn by Agg."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 10), dpi=100)
    figure.subplots().imshow(x.numpy())
    out = io.BytesIO()
    figure.savefig(out, format="raw")
    return out


def lovely_picture(x: torch.Tensor) -> object:
    """lovely-tensors' picture of the whole tensor."""
    import lovely_tensors

    return lovely_tensors.rgb(x[None].expand(3, -1, -1), denorm=None).fig


def treescope_picture(x: torch.Tensor) -> object:
    """treescope's picture, truncated as it is by default, as the HTML that a notebook is given.

    Not truncated, it took all memory at 6,000 × 6,000. Given as an array: treescope 0.1.10 asks
    tensors for names that torch 2.13 no longer has.
    """
    import treescope

    return treescope.render_to_html(treescope.render_array(x.numpy(), truncate=True))


def napari_layer(x: torch.Tensor) -> object:
    """napari's image layer, its thumbnail and contrast limits made."""
    napari: Any = __import__("napari.layers").layers
    return napari.Image(x.numpy()).thumbnail


_PEERS: dict[str, tuple[str, Draw]] = {
    "matplotlib imshow": ("matplotlib", matplotlib_imshow),
    "lovely-tensors": ("lovely_tensors", lovely_picture),
    "treescope": ("treescope", treescope_picture),
    "napari layer": ("napari", napari_layer),
}


def installed_peers() -> dict[str, Draw]:
    """The peers that can be imported here; the others are named."""
    found = {}
    for name, (module, draw) in _PEERS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{name:24} not installed, left out")
        else:
            found[name] = draw
    return found
