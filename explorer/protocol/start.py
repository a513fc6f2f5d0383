"""How a worker is started: its command line and its environment, the same for window and shell."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

PORT = "TENSOR_EXPLORER_PORT"
TOKEN = "TENSOR_EXPLORER_TOKEN"

HASHING = "PYTHONHASHSEED"
OWN_HASHING = "TENSOR_EXPLORER_HASHING"
"""Given when the seed of hashing is the window's, of which the program must not know."""

_HASH_SEED = str(1 + secrets.randbelow((1 << 32) - 1))
"""The order of sets of texts hangs on it: the same in all workers, so that a program can be run
again exactly."""

LAUNCHER = Path(__file__).resolve().parent.parent / "worker" / "launch.py"


def command(python: str) -> list[str]:
    """The worker's command line for an interpreter given by path."""
    return [python, str(LAUNCHER)]


def new_token() -> str:
    """A token that is used for one worker and never again."""
    return secrets.token_hex(16)


def environment(base: Mapping[str, str], port: int, token: str) -> dict[str, str]:
    """The worker's environment; the launcher takes its entries out again at once.

    Variables of a frozen window would mislead the user's own Python and are left out.
    """
    kept = {
        name: value
        for name, value in base.items()
        if not name.startswith("_PYI_") and name != "_MEIPASS2"
    }
    own = {} if HASHING in kept else {HASHING: _HASH_SEED, OWN_HASHING: "1"}
    return {**kept, **own, PORT: str(port), TOKEN: token}
