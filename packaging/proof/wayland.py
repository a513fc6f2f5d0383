"""A Wayland compositor without a screen and without a graphics driver."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

PATIENCE = 20.0  # seconds


class Wayland:
    """Weston as long as the block lasts; its socket lies in a folder that the root sees."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "wayland-proof"
        self._server: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_possible() -> bool:
        """Whether this machine has the compositor."""
        return shutil.which("weston") is not None

    def __enter__(self) -> Wayland:
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        self._server = subprocess.Popen(
            [
                "weston", "--backend=headless-backend.so", "--use-pixman", "--no-config",
                "--width=1600", "--height=1000", "--idle-time=0", "--debug",
                f"--socket={self.socket.name}",
            ],
            env=self._variables(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self.socket.exists():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise SystemExit("the compositor does not start")
            time.sleep(0.05)
        self.socket.chmod(0o777)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=PATIENCE)

    def picture(self, target: Path) -> None:
        """Write what is on the screen."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["weston-screenshooter"], env=self._variables(), cwd=folder, check=True)
            shutil.move(next(Path(folder).glob("*.png")), target)
        print("picture:", target)

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": str(self.socket.parent),
            "WAYLAND_DISPLAY": self.socket.name,
        }
