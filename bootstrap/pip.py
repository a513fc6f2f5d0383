"""Runs pip in an environment, and says in one sentence why it failed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from bootstrap.trouble import CannotGoOn

# What pip prints, and what it means to the person in front of the screen; the first match counts.
_REASONS = (
    ("No space left on device", "the disk is full: make room, then start again"),
    ("Read-only file system", "the folder cannot be written to: copy it to one that can"),
    ("Permission denied", "the folder .venv belongs to somebody else: remove it, then start again"),
    ("CERTIFICATE_VERIFY_FAILED", "the package index's certificate is not trusted here"),
    ("Temporary failure in name resolution", "there is no network connection"),
    ("Name or service not known", "there is no network connection"),
    ("Failed to establish a new connection", "there is no network connection"),
    ("NewConnectionError", "there is no network connection"),
    ("getaddrinfo failed", "there is no network connection"),
    ("nodename nor servname", "there is no network connection"),
    ("Network is unreachable", "there is no network connection"),
    ("ReadTimeoutError", "the package index does not answer: try again later"),
    ("No matching distribution found", "a package has no version for this Python and system"),
)


class Pip:
    """The pip of one environment."""

    def __init__(self, python: Path) -> None:
        self._command = [str(python), "-m", "pip", "--disable-pip-version-check"]
        self._environment = {**os.environ, "PIP_NO_INPUT": "1"}

    def install(self, *arguments: str) -> None:
        """Install, pip's progress in sight.

        Raises:
            CannotGoOn: pip failed; the sentence names the likely reason and pip's last word.
        """
        command = [*self._command, "install", "--retries", "2", *arguments]
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, env=self._environment, text=True, errors="replace"
        )
        assert process.stderr is not None
        said: list[str] = []
        reader = threading.Thread(target=_pass_on, args=(process.stderr, said))
        reader.start()
        code = process.wait()
        reader.join()
        process.stderr.close()
        if code != 0:
            raise CannotGoOn(f"The packages cannot be installed: {reason(''.join(said))}")

    def versions(self, package: str, *options: str) -> list[str]:
        """Every version of a package that pip can find, newest first; none where it finds none."""
        command = [*self._command, "index", "versions", "--retries", "1", *options, package]
        answer = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False
        )
        for line in answer.stdout.splitlines():
            name, _, versions = line.partition(":")
            if name.strip() == "Available versions":
                return [version.strip() for version in versions.split(",")]
        return []


def reason(said: str) -> str:
    """Pip's error output in words; its own last error line where the words are not known."""
    lines = [line.strip() for line in said.splitlines() if "error:" in line.lower()]
    last = lines[-1] if lines else "pip gave no reason"
    for sign, words in _REASONS:
        if sign in said:
            return f"{words} ({last})"
    return last


def _pass_on(stream: IO[str], said: list[str]) -> None:
    for line in stream:
        said.append(line)
        sys.stderr.write(line)
