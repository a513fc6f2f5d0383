"""What a recording takes: told in the timeline, chosen in a dialog, dropped values said to be."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.model.memory.words import memory_note, memory_sentence
from explorer.protocol.recording import MemoryHeld
from explorer.ui.memory_dialog import MemoryDialog
from explorer.ui.panes.timeline import TimelinePane
from explorer.ui.panes.values import ValuesPane
from explorer.ui.settings import Settings
from tests.ui.running import running

MEGA = 1 << 20

WRITES = """
import torch
rows = [torch.zeros(5_000) for _ in range(8)]
for write in range(1, 1001):
    rows[write % 8].fill_(write)
"""


def test_what_is_held_is_told_in_words() -> None:
    little = MemoryHeld(48, 4_000_000_000, 0, 100)
    assert memory_sentence(little, 0) == "The recording holds 48 B of 4.0 GB in memory."
    assert memory_note(little, 0) == "48 B"
    much = MemoryHeld(1_200_000_000, 4_000_000_000, 3_400_000_000, 9_000_000_000)
    assert memory_sentence(much, 1) == (
        "The recording holds 1.2 GB of 4.0 GB in memory and 3.4 GB of 9.0 GB on disk. "
        "1 older value has been dropped."
    )
    assert memory_sentence(much, 12_000).endswith(" 12,000 older values have been dropped.")
    assert memory_note(much, 3) == "1.2 GB · disk 3.4 GB …"


def test_the_dialog_keeps_what_is_chosen(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path / "settings.ini")
    dialog = MemoryDialog(settings, "The recording holds nothing.")
    qtbot.addWidget(dialog)
    assert dialog.memory.text() == "a quarter of the free memory"
    assert dialog.disk.text() == "a quarter of the free disk"
    dialog.memory.setValue(1.5)
    dialog.disk.setValue(20)
    dialog.reject()
    assert (settings.recording_memory, settings.recording_disk) == (0, 0)
    dialog.accept()
    assert (settings.recording_memory, settings.recording_disk) == (1536 * MEGA, 20480 * MEGA)
    again = MemoryDialog(settings, "")
    qtbot.addWidget(again)
    assert (again.memory.value(), again.disk.value()) == (1.5, 20.0)
    again.on_disk.setChecked(False)
    assert not again.disk.isEnabled()
    again.accept()
    assert settings.recording_disk == -1


def test_a_run_beyond_its_memory_says_what_is_gone(tmp_path: Path, qtbot: QtBot) -> None:
    with running(qtbot, tmp_path, WRITES, 6 * MEGA, MEGA) as session:
        timeline, values = TimelinePane(session), ValuesPane(session)
        for pane in (timeline, values):
            qtbot.addWidget(pane)
            pane.resize(700, 300)
            pane.show()
        recording = session.recording
        assert recording.memory is not None
        assert "on disk" in timeline.memory.toolTip()
        assert "dropped" in timeline.memory.accessibleDescription()
        assert "MB" in timeline.memory.text()
        early = recording.steps.index_of("20")
        tensor = recording.tensor_named(early, "rows[1]")
        session.look(session.moment.at(early).on_tensor(tensor, "rows[1]"))
        assert values.view.page is not None
        assert values.view.page.title == "Dropped"
        assert "room on disk" in values.view.page.sentence
        lost = recording.dropped.steps(len(recording))
        assert lost[early]
        assert not lost[-1]
        assert "have been dropped" in timeline.strip.accessibleDescription()
