"""What the user chose, kept from one start to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMargins, QSettings

from explorer.ui.documents.user_files import make_sound, settings_file
from explorer.ui.theme import CHOICES

MOST_RECENT_FILES = 12


class Settings:
    """Typed access to one INI file; what is missing or spoilt counts as not chosen."""

    def __init__(self, file: Path | None = None) -> None:
        """Read ``file``, or the user's own settings."""
        file = file or settings_file()
        self.problem = make_sound(file)
        """One sentence when the file was spoilt or cannot be written; empty when all is well."""
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def _text(self, key: str, otherwise: str = "") -> str:
        value = self._store.value(key, otherwise)
        return value if isinstance(value, str) else otherwise

    def _number(self, key: str, otherwise: int) -> int:
        try:
            return int(self._text(key, str(otherwise)))
        except ValueError:
            return otherwise

    @property
    def theme(self) -> str:
        """``system``, ``light`` or ``dark``."""
        chosen = self._text("window/theme", "system")
        return chosen if chosen in CHOICES else "system"

    @theme.setter
    def theme(self, choice: str) -> None:
        self._store.setValue("window/theme", choice)

    @property
    def python(self) -> str:
        """Path of the interpreter that runs programs; empty for the window's own."""
        return self._text("run/python")

    @python.setter
    def python(self, path: str) -> None:
        self._store.setValue("run/python", path)

    @property
    def device(self) -> str:
        """Where new tensors are made; empty leaves torch's own default."""
        return self._text("run/device")

    @device.setter
    def device(self, name: str) -> None:
        self._store.setValue("run/device", name)

    @property
    def arguments(self) -> str:
        """What stands behind the program's name, as one would type it in a shell."""
        return self._text("run/arguments")

    @arguments.setter
    def arguments(self, text: str) -> None:
        self._store.setValue("run/arguments", text)

    @property
    def seed(self) -> int | None:
        """With what torch's random numbers begin in every run; None leaves it to torch."""
        text = self._text("run/seed")
        return int(text) if text.removeprefix("-").isdecimal() else None

    @seed.setter
    def seed(self, number: int | None) -> None:
        self._store.setValue("run/seed", "" if number is None else str(number))

    @property
    def recording_memory(self) -> int:
        """Bytes that recorded values may take in memory; 0 leaves the choice to the worker."""
        return max(0, self._number("run/memory", 0))

    @recording_memory.setter
    def recording_memory(self, count: int) -> None:
        self._store.setValue("run/memory", str(count))

    @property
    def recording_disk(self) -> int:
        """Bytes that older values may take on disk; 0 leaves the choice to the worker, -1: none."""
        return max(-1, self._number("run/disk", 0))

    @recording_disk.setter
    def recording_disk(self, count: int) -> None:
        self._store.setValue("run/disk", str(count))

    @property
    def zoom(self) -> int:
        """Points added to the size of the editor's letters."""
        return self._number("editor/zoom", 0)

    @zoom.setter
    def zoom(self, points: int) -> None:
        self._store.setValue("editor/zoom", str(points))

    @property
    def steps_a_second(self) -> int:
        """Speed of playing."""
        return max(1, self._number("play/steps_a_second", 4))

    @steps_a_second.setter
    def steps_a_second(self, steps: int) -> None:
        self._store.setValue("play/steps_a_second", str(steps))

    @property
    def recent_files(self) -> list[str]:
        """The files opened last, newest first."""
        count = self._number("files/recent/size", 0)
        found = (self._text(f"files/recent/{place}") for place in range(count))
        return [path for path in found if path][:MOST_RECENT_FILES]

    def add_recent_file(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        files = [path, *(other for other in self.recent_files if other != path)]
        self._store.setValue("files/recent/size", str(min(len(files), MOST_RECENT_FILES)))
        for place, file in enumerate(files[:MOST_RECENT_FILES]):
            self._store.setValue(f"files/recent/{place}", file)

    @property
    def open_files(self) -> list[str]:
        """The files that were open when the window was closed."""
        return [path for path in self._text("files/open").split("\n") if path]

    @open_files.setter
    def open_files(self, paths: list[str]) -> None:
        self._store.setValue("files/open", "\n".join(paths))

    def window(self, part: str) -> QByteArray | None:
        """``geometry`` or ``docks`` as they were; None when they are not known."""
        value = self._store.value(f"window/{part}")
        return value if isinstance(value, QByteArray) else None

    def set_window(self, part: str, state: QByteArray) -> None:
        """Keep ``geometry`` or ``docks``."""
        self._store.setValue(f"window/{part}", state)

    @property
    def editor_margins(self) -> QMargins | None:
        """What stood left of, above, right of and below the editor, in pixels."""
        numbers = self._text("window/around_editor").split(";")
        if len(numbers) != 4 or not all(number.isdecimal() for number in numbers):
            return None
        return QMargins(*map(int, numbers))

    @editor_margins.setter
    def editor_margins(self, margins: QMargins) -> None:
        sides = margins.left(), margins.top(), margins.right(), margins.bottom()
        self._store.setValue("window/around_editor", ";".join(map(str, sides)))

    def save(self) -> bool:
        """Write to disk now, whole or not at all; False when it could not be done."""
        self._store.sync()
        return self._store.status() == QSettings.Status.NoError
