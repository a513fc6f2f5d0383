"""A virtual display, and a hand on its keyboard."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType

SIZE = "1600x1000x24"
PATIENCE = 20.0  # seconds


class Display:
    """Xvfb as long as the block lasts; its socket can be shown to a root."""

    def __init__(self, sockets: Path) -> None:
        """``sockets`` is the folder that the root sees as /tmp/.X11-unix."""
        self.name = ""
        self._sockets = sockets
        self._window = ""
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Display:
        """Start the server on a number that nobody uses; it writes that number when it is ready.

        -noreset: else it starts anew whenever its last client leaves, which may be the xdotool that
        looks for a window, and throws out the program that connects at that moment.
        """
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            [*command, "-ac", "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise SystemExit("the virtual display does not start")
        self.name = f":{number}"
        self._sockets.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)

    def wait_for_window(
        self, name: str, program: subprocess.Popen[bytes], seconds: float, pause: float = 0.1
    ) -> str:
        """The number of a program's first visible window with a name; it gets the keyboard.

        Raises:
            SystemExit: the program ended, or there is none in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if program.poll() is not None:
                raise SystemExit(f"the program ended with {program.returncode} without a window")
            found = self.windows(name)
            if found:
                self._window = found[0]
                if self._has_keyboard():
                    return self._window
            time.sleep(pause)
        raise SystemExit(f"no window named {name!r} within {seconds:g} seconds")

    def windows(self, name: str) -> list[str]:
        """The numbers of the visible windows with a name."""
        return self._tell("search", "--onlyvisible", "--name", name).split()

    def press(self, *keys: str) -> None:
        """Press keys as a hand does, through the X server.

        Raises:
            SystemExit: the window does not take the keyboard.
        """
        deadline = time.monotonic() + PATIENCE
        while not self._has_keyboard():
            if time.monotonic() > deadline:
                raise SystemExit("the window does not take the keyboard")
            time.sleep(0.1)
        self._tell("key", "--clearmodifiers", *keys)

    def _has_keyboard(self) -> bool:
        """Whether the window has it; where no window manager gives it, it is given here."""
        if self._tell("getwindowfocus", "-f") != self._window:
            self._tell("windowfocus", "--sync", self._window)
        return self._tell("getwindowfocus", "-f") == self._window

    def picture(self, target: Path) -> None:
        """Write what is on the screen."""
        subprocess.run(
            ["import", "-display", self.name, "-window", "root", str(target)], check=True
        )
        print("picture:", target)

    def _tell(self, *words: str) -> str:
        answer = subprocess.run(
            ["timeout", "5", "xdotool", *words],
            env={"DISPLAY": self.name, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.stdout.strip()
