"""The one way in which the set-up ends early."""

from __future__ import annotations


class CannotGoOn(Exception):
    """The set-up cannot continue; the message is one sentence that says what to do."""
