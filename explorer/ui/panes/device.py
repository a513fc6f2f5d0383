"""The device selector: where new tensors are made, what cannot be had and why, memory in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.widgets.value_button import ValueButton

if TYPE_CHECKING:
    from explorer.protocol.running import Device

Ask = Callable[[object, Callable[[Any], None]], bool]
"""Hands a request to some worker; False when there is none."""


class DeviceButton(ValueButton):
    """A menu of every device, those that cannot be chosen greyed with the reason."""

    chosen = Signal(str)
    """Name of a device; empty for torch's own default."""

    def __init__(self, ask: Ask, device: str, parent: QWidget | None = None) -> None:
        super().__init__("Device", parent)
        self._ask = ask
        self._device = device
        self._devices: tuple[Device, ...] = ()
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._opened)
        self.setMenu(menu)
        self._group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        self._show_choice()

    @property
    def devices(self) -> tuple[Device, ...]:
        """As the worker told them last."""
        return self._devices

    def refresh(self) -> None:
        """Ask a worker anew."""
        from explorer.protocol.running import ReadDevices

        self._ask(ReadDevices(), self._answered)

    def _opened(self) -> None:
        self._fill()
        self.refresh()

    def _answered(self, answer: Any) -> None:
        from explorer.protocol.running import Devices

        if isinstance(answer, Devices) and answer.devices != self._devices:
            self._devices = answer.devices
            self._fill()
            self._show_choice()

    def _fill(self) -> None:
        """In an open menu the same entries stay, and with them the one that keys have reached."""
        if not self._devices:
            self.menu().clear()
            self.menu().addAction("Asking the interpreter …").setEnabled(False)
            return
        if [device.name for device in self._devices] != list(self._actions):
            self._make_entries()
        for device in self._devices:
            action = self._actions[device.name]
            action.setText(device_words(device))
            action.setEnabled(device.usable)
            action.setToolTip(device.reason or f"Make new tensors on {device.title}, and run again")
            action.setChecked(device.name == (self._device or "cpu"))

    def _make_entries(self) -> None:
        menu = self.menu()
        menu.clear()
        self._actions.clear()
        for device in self._devices:
            action = QAction(menu, checkable=True)
            action.triggered.connect(lambda _=False, name=device.name: self.choose(name))
            self._group.addAction(action)
            menu.addAction(action)
            self._actions[device.name] = action

    def choose(self, name: str) -> None:
        """Take a device for all runs from now on."""
        name = "" if name == "cpu" else name
        if name != self._device:
            self._device = name
            self._show_choice()
            self.chosen.emit(name)

    def _show_choice(self) -> None:
        name = self._device or "cpu"
        self.set_value(name.upper() if name in ("cpu", "mps") else name)
        known = next((device for device in self._devices if device.name == name), None)
        words = device_words(known) if known is not None else name
        self.setToolTip(f"New tensors are made on {words}. Choosing another device runs again.")


def device_words(device: Device) -> str:
    """``CPU · 1.5 of 25 GB in use, 23 GB free``, or the reason why it cannot be chosen."""
    if not device.usable:
        return f"{device.title} – {device.reason}"
    if not device.total:
        return device.title
    from explorer.model.tensor_words import size_words

    if not device.used:
        return f"{device.title} · {size_words(device.total)}"
    free = size_words(device.total - device.used)
    used, total = size_words(device.used), size_words(device.total)
    return f"{device.title} · {used} of {total} in use, {free} free"
