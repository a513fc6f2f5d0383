"""Which panes there are, where they stand at first, and how each is made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from explorer.ui.session import Session


@dataclass(frozen=True)
class PaneSpec:
    """``place`` is ``below`` (the editor), or of the right half ``top``, ``middle``, ``right`` or
    ``lower``: under the middle, or a tab of it where the window is not tall."""

    name: str
    title: str
    place: str
    make: Callable[[Session], QWidget]
    shown: bool = True


def _output(session: Session) -> QWidget:
    from explorer.ui.panes.output import OutputPane

    return OutputPane(session)


def _console(session: Session) -> QWidget:
    from explorer.ui.panes.console import ConsolePane

    return ConsolePane(session)


def _problems(session: Session) -> QWidget:
    from explorer.ui.panes.problems import ProblemsPane

    return ProblemsPane(session)


def _lesson(session: Session) -> QWidget:
    from explorer.ui.panes.lesson import LessonPane

    return LessonPane(session)


def _tensors(session: Session) -> QWidget:
    from explorer.ui.panes.tensors import TensorsPane

    return TensorsPane(session)


def _values(session: Session) -> QWidget:
    from explorer.ui.panes.values import ValuesPane

    return ValuesPane(session)


def _graph(session: Session) -> QWidget:
    from explorer.ui.panes.graph import GraphPane

    return GraphPane(session)


def _modules(session: Session) -> QWidget:
    from explorer.ui.panes.modules import ModulesPane

    return ModulesPane(session)


def _types(session: Session) -> QWidget:
    from explorer.ui.panes.types import TypesPane

    return TypesPane(session)


def _curves(session: Session) -> QWidget:
    from explorer.ui.panes.curves import CurvesPane

    return CurvesPane(session)


def _layout(session: Session) -> QWidget:
    from explorer.ui.panes.layout import LayoutPane

    return LayoutPane(session)


def _walk(session: Session) -> QWidget:
    from explorer.ui.panes.walk import WalkPane

    return WalkPane(session)


def _what_if(session: Session) -> QWidget:
    from explorer.ui.panes.what_if import WhatIfPane

    return WhatIfPane(session)


def _storages(session: Session) -> QWidget:
    from explorer.ui.panes.storages import StoragesPane

    return StoragesPane(session)


def _writes(session: Session) -> QWidget:
    from explorer.ui.panes.writes import WritesPane

    return WritesPane(session)


def _operation(session: Session) -> QWidget:
    from explorer.ui.panes.operation import OperationPane

    return OperationPane(session)


def _weights(session: Session) -> QWidget:
    from explorer.ui.panes.weights import WeightsPane

    return WeightsPane(session)


def _optimizer(session: Session) -> QWidget:
    from explorer.ui.panes.optimizer import OptimizerPane

    return OptimizerPane(session)


PANES = (
    PaneSpec("output", "Output", "below", _output),
    PaneSpec("console", "Console", "below", _console),
    PaneSpec("problems", "Problems", "below", _problems),
    PaneSpec("lesson", "Lesson", "below", _lesson),
    PaneSpec("tensors", "Tensors", "top", _tensors),
    PaneSpec("modules", "Modules", "top", _modules),
    PaneSpec("storages", "Storages", "top", _storages),
    PaneSpec("writes", "Writes", "top", _writes),
    PaneSpec("values", "Values", "middle", _values),
    PaneSpec("layout", "Layout", "lower", _layout),
    PaneSpec("walk", "Walk", "lower", _walk),
    PaneSpec("what_if", "What if", "lower", _what_if),
    PaneSpec("operation", "Operation", "lower", _operation),
    PaneSpec("graph", "Graph", "right", _graph),
    PaneSpec("curves", "Curves", "right", _curves),
    PaneSpec("optimizer", "Optimizer", "right", _optimizer),
    PaneSpec("weights", "Weights", "right", _weights),
    PaneSpec("types", "Types", "right", _types),
)


def find_pane(name: str) -> PaneSpec | None:
    """The pane of a name, however it is capitalized."""
    return next((spec for spec in PANES if spec.name == name.casefold()), None)
