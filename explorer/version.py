"""The one place that holds the program's version number."""

from __future__ import annotations

VERSION = "0.1.0"
