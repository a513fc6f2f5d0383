"""Asks the project's release page for the newest version; only ever when the user wants it."""

from __future__ import annotations

import http.client
import re
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from explorer.protocol.versions import numbers

PATIENCE = 10.0  # seconds


class NoAnswer(Exception):
    """The newest version is not known; the text says why, in one sentence."""


def newest_version(address: str, patience: float = PATIENCE) -> str:
    """The version of the newest release.

    Args:
        address: of a page that leads on to the newest release, as ``…/releases/latest`` does; the
            version is the last part of the address that it leads to.
        patience: seconds until it is given up.

    Raises:
        NoAnswer: there is no network, nobody answers, or what answers names no version.
    """
    host = urlsplit(address).hostname or address
    request = urllib.request.Request(address, headers={"User-Agent": "tensor-explorer"})
    try:
        with urllib.request.urlopen(request, timeout=patience) as answer:
            led_to: str = answer.geturl()
    except urllib.error.HTTPError as err:
        raise NoAnswer(f"{host} answers that there is no such page ({err.code}).") from err
    except (OSError, http.client.HTTPException, ValueError) as err:
        raise NoAnswer(f"{host} cannot be reached ({_reason(err)}); is there a network?") from err
    last = urlsplit(led_to).path.rstrip("/").rpartition("/")[2]
    found = re.fullmatch(r"v?(\d+(?:\.\d+)+)", last)
    if found is None:
        raise NoAnswer(f"{host} answers, but names no version.")
    return found[1]


def in_words(own: str, newest: str) -> str:
    """How this version stands to the newest one."""
    if numbers(newest) > numbers(own):
        return f"Version {newest} is out; this is {own}."
    return f"This is {own}, the newest version."


def _reason(err: Exception) -> str:
    inner = getattr(err, "reason", err)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return "its certificate is not trusted here"
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    return str(getattr(inner, "strerror", None) or inner)
