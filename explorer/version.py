"""The one place that holds the program's version number, and where newer ones are found."""

from __future__ import annotations

VERSION = "0.1.0"
RELEASES = ""
"""Address of a page that leads on to the newest release, such as ``…/releases/latest``; empty as
long as there is no public one. ``project.urls`` in pyproject.toml names the same."""
