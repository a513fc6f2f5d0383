"""The device selector: choices, reasons, memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from explorer.protocol.running import Device, Devices, ReadDevices
from explorer.ui.panes.device import DeviceButton, device_words

DEVICES = (
    Device("cpu", "CPU", True, "", 2_000_000_000, 25_000_000_000),
    Device("cuda:0", "CUDA", False, "This torch is built without CUDA."),
    Device("mps", "MPS", True, ""),
    Device("meta", "meta · shapes without numbers", True, ""),
)


def button_that_knows(devices: tuple[Device, ...], qtbot: QtBot) -> DeviceButton:
    def ask(request: object, on_answer: Callable[[Any], None]) -> bool:
        assert isinstance(request, ReadDevices)
        on_answer(Devices(devices))
        return True

    button = DeviceButton(ask, "")
    qtbot.addWidget(button)
    button.refresh()
    return button


def test_what_cannot_be_chosen_is_grey_and_says_why(qtbot: QtBot) -> None:
    button = button_that_knows(DEVICES, qtbot)
    button.menu().aboutToShow.emit()
    actions = button.menu().actions()
    assert [action.isEnabled() for action in actions] == [True, False, True, True]
    assert actions[1].text() == "CUDA – This torch is built without CUDA."
    assert actions[0].text() == "CPU · 2.0 GB of 25.0 GB in use, 23.0 GB free"
    assert actions[0].isChecked()


def test_news_of_memory_leave_an_open_menu_where_it_is(qtbot: QtBot) -> None:
    answers: list[Callable[[Any], None]] = []

    def ask(_: object, on_answer: Callable[[Any], None]) -> bool:
        answers.append(on_answer)
        return True

    button = DeviceButton(ask, "")
    qtbot.addWidget(button)
    menu = button.menu()
    menu.aboutToShow.emit()
    answers[0](Devices(DEVICES))
    menu.setActiveAction(menu.actions()[3])
    cpu = Device("cpu", "CPU", True, "", 3_000_000_000, 25_000_000_000)
    answers[0](Devices((cpu, *DEVICES[1:])))
    assert menu.actions()[0].text() == "CPU · 3.0 GB of 25.0 GB in use, 22.0 GB free"
    assert menu.activeAction() is menu.actions()[3]
    answers[0](Devices(DEVICES[1:]))
    assert len(menu.actions()) == 3


def test_choosing_is_told_once(qtbot: QtBot) -> None:
    button = button_that_knows(DEVICES, qtbot)
    told: list[str] = []
    button.chosen.connect(told.append)
    button.menu().aboutToShow.emit()
    button.menu().actions()[3].trigger()
    button.choose("meta")
    assert told == ["meta"]
    assert button.value == "meta"
    button.choose("cpu")
    assert told == ["meta", ""]
    assert button.value == "CPU"
    assert "Device: CPU" in button.accessibleName()


def test_no_worker_to_ask(qtbot: QtBot) -> None:
    button = DeviceButton(lambda request, on_answer: False, "cuda:1")
    qtbot.addWidget(button)
    button.menu().aboutToShow.emit()
    assert not button.menu().actions()[0].isEnabled()
    assert button.value == "cuda:1"


def test_words() -> None:
    assert device_words(Device("a", "A", True, "", 0, 8_000_000_000)) == "A · 8.0 GB"
    assert device_words(Device("a", "A", True, "")) == "A"
