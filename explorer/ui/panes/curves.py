"""Curves: every scalar that the program computes repeatedly, growing as it runs."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.model.training.curve_export import FORMATS, write_curves
from explorer.model.training.curves import Curve, CurveKey
from explorer.ui.panes.curve_reader import CurveReader
from explorer.ui.session import Session
from explorer.ui.widgets.curve_plot import CurvePlot

SHOWN_AT_MOST = 24
REDRAW_MS = 100


class CurvesPane(QWidget):
    """One plot under the other; a click on a point goes to its step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plots: dict[CurveKey, CurvePlot] = {}
        self.reader = CurveReader(session, self)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._show_curves)
        self.empty = QLabel(
            "A name that is given a number at least three times in a run, such as the loss of a "
            "training loop, becomes a curve here.",
            self,
        )
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._page())
        self.reader.grown.connect(self._grown)
        session.turns.on_moment(self._moment_changed)

    def _page(self) -> QWidget:
        page = QWidget(self)
        self.sentence = QLabel(page)
        self.save = QPushButton("Save as…", page)
        self.save.clicked.connect(self._ask_where)
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 10, 6)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.save)
        inside = QWidget(page)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addStretch(0)
        scroll = QScrollArea(page)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName("Curves")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        return page

    def plots(self) -> list[CurvePlot]:
        """The plots that are shown, in no particular order."""
        return list(self._plots.values())

    def _grown(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _show_curves(self) -> None:
        all_curves = self.reader.book.shown()
        curves = all_curves[:SHOWN_AT_MOST]
        self._pages.setCurrentIndex(1 if curves else 0)
        wanted = {curve.key for curve in curves}
        for key in [key for key in self._plots if key not in wanted]:
            self._plots.pop(key).deleteLater()
        for curve in curves:
            self._plot(curve).set_points(*curve.arrays())
        more = len(all_curves) - len(curves)
        told = f"{len(all_curves)} curves" if len(all_curves) != 1 else "1 curve"
        self.sentence.setText(told + (f", the {len(curves)} longest shown" if more else ""))

    def _plot(self, curve: Curve) -> CurvePlot:
        plot = self._plots.get(curve.key)
        if plot is None:
            plot = self._plots[curve.key] = CurvePlot(curve.key.title, self)
            plot.set_current(self._session.moment.step)
            plot.step_chosen.connect(self._session.go)
            self._column.insertWidget(self._column.count() - 1, plot, 1)
        return plot

    def _moment_changed(self) -> None:
        for plot in self._plots.values():
            plot.set_current(self._session.moment.step)

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the curves", "curves.csv", ";;".join(FORMATS)
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write all curves; the file's ending chooses the format. Failures are told."""
        try:
            write_curves(path, self.reader.book.shown(), time.time())
        except (OSError, ValueError) as err:
            self._session.note(f"The curves could not be saved: {err}.")
        else:
            self._session.note(f"The curves were saved in {path.name}.")
