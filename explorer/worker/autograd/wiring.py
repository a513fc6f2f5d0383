"""Lets the server answer requests about autograd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.worker.autograd.answers import AutogradAnswers
from explorer.worker.autograd.gradient_check import GradientCheck
from explorer.worker.autograd.module_nodes import ModuleWatches
from explorer.worker.autograd.revisit import Revisits
from explorer.worker.autograd.sensitivity_answers import SensitivityAnswers

if TYPE_CHECKING:
    from explorer.worker.autograd.passes import Passes
    from explorer.worker.recorder import Recorder
    from explorer.worker.server import Server

ABOUT_GRAPHS = ("read_graph", "read_node", "read_formula_cell", "read_passes", "read_saved")
ABOUT_CELLS = ("read_sensitivity", "read_flow", "keep_derivatives")


def offer_autograd(server: Server, recorder: Recorder, passes: Passes) -> None:
    """Offer all of it."""
    graphs = AutogradAnswers(recorder, passes)
    cells = SensitivityAnswers(recorder, passes.graph)
    server.answer("check_gradient", GradientCheck().check_gradient, slow=True)
    revisits = Revisits()
    server.answer("differentiate_again", revisits.differentiate_again, slow=True)
    server.answer("flow_again", revisits.flow_again, slow=True)
    server.answer("modules_again", ModuleWatches().modules_again, slow=True)
    for name in ABOUT_GRAPHS:
        server.answer(name, getattr(graphs, name), slow=True)
    for name in ABOUT_CELLS:
        server.answer(name, getattr(cells, name), slow=True)
