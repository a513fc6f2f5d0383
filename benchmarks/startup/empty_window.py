"""The least that a window of PySide6 with a text in it can be: what no program of its kind beats
without loading the binding otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

application = QApplication([sys.argv[0], "-style", "Fusion"])
window = QMainWindow()
text = QPlainTextEdit(Path(sys.argv[1]).read_text(encoding="utf-8"))
window.setCentralWidget(text)
window.resize(1200, 760)
window.show()
application.exec()
