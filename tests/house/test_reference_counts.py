"""PySide6 must not lose references to None and True.

PySide6 6.12.0 on Python before 3.12 drops one reference to None in every call from Python that
returns nothing, and one to True in every emit, until the interpreter dies. Which versions are
sound is known only by trying: a child process makes 20,000 of each.
"""

from __future__ import annotations

import subprocess
import sys

SOAK = """
import sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Sender(QObject):
    changed = Signal(int)

application = QApplication([])
label = QLabel()
sender = Sender()
seen = []
sender.changed.connect(seen.append)
before = sys.getrefcount(None), sys.getrefcount(True)
for number in range(20_000):
    label.setText(str(number))
    sender.changed.emit(number)
after = sys.getrefcount(None), sys.getrefcount(True)
print(len(seen), before[0] - after[0], before[1] - after[1])
"""


def test_twenty_thousand_calls_lose_no_reference() -> None:
    process = subprocess.run(
        [sys.executable, "-c", SOAK], capture_output=True, text=True, check=False, timeout=120
    )
    assert process.returncode == 0, process.stderr
    emitted, lost_none, lost_true = map(int, process.stdout.split())
    assert emitted == 20_000
    assert lost_none < 100
    assert lost_true < 100
