"""Newer versions are asked for only when the user says so, and every refusal is a sentence."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from explorer.model.updates import NoAnswer, in_words, newest_version
from explorer.ui.updates import NO_ADDRESS, UpdatesDialog
from explorer.version import RELEASES, VERSION

REPOSITORY = Path(__file__).resolve().parents[2]


class ReleasePages(BaseHTTPRequestHandler):
    """Leads from latest to a release, as the page of a project does."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/releases/latest":
            self.send_response(302)
            self.send_header("Location", "/releases/tag/v9.10.1")
        else:
            self.send_response(200 if "nothing" not in self.path else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    ReleasePages.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), ReleasePages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_newest_version_is_read_from_where_the_page_leads(site: str) -> None:
    assert newest_version(f"{site}/releases/latest") == "9.10.1"
    with pytest.raises(NoAnswer, match="names no version"):
        newest_version(f"{site}/about")
    with pytest.raises(NoAnswer, match=r"no such page \(404\)"):
        newest_version(f"{site}/nothing")


def test_without_a_network_it_is_said() -> None:
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1 cannot be reached .* is there a network"):
        newest_version("http://127.0.0.1:9/releases/latest", patience=2)
    with pytest.raises(NoAnswer, match="cannot be reached"):
        newest_version("https://no-such-host.invalid/releases/latest", patience=5)


@pytest.mark.parametrize(
    ("own", "newest", "words"),
    [
        ("0.9.1", "0.10.0", "Version 0.10.0 is out; this is 0.9.1."),
        ("0.10.0", "0.10.0", "This is 0.10.0, the newest version."),
        ("0.11.0", "0.10.0", "This is 0.11.0, the newest version."),
    ],
)
def test_versions_are_compared_as_numbers(own: str, newest: str, words: str) -> None:
    assert in_words(own, newest) == words


def test_nobody_is_asked_before_the_button_is_pressed(site: str, qtbot: QtBot) -> None:
    dialog = UpdatesDialog(address=f"{site}/releases/latest")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.wait(100)
    assert ReleasePages.asked == []
    assert "nothing about you" in dialog.sentence
    dialog.ask_button.click()
    qtbot.waitUntil(lambda: dialog.sentence == f"Version 9.10.1 is out; this is {VERSION}.")
    assert ReleasePages.asked == ["/releases/latest", "/releases/tag/v9.10.1"]


def test_a_page_that_cannot_be_reached(qtbot: QtBot) -> None:
    dialog = UpdatesDialog(address="http://127.0.0.1:9/releases/latest")
    qtbot.addWidget(dialog)
    dialog.ask()
    qtbot.waitUntil(lambda: "cannot be reached" in dialog.sentence)
    assert dialog.ask_button.isEnabled()


def test_without_an_address_it_is_said(qtbot: QtBot) -> None:
    dialog = UpdatesDialog(address="")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.sentence == NO_ADDRESS
    assert not dialog.ask_button.isVisible()


def test_the_address_is_that_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project.get("urls", {}).get("Releases", "") == RELEASES
