"""What holds for every test: no screen, no settings of the person who runs it, nothing left behind.

The environment is set before anything imports Qt. Warnings are errors by pytest's and pytest-qt's
own settings in pyproject.toml.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from tests.leaks import LeakHunt
from tests.patience import PatientBot
from tests.warm_python import end_warm_python, ready_python, warm_python

REPOSITORY = Path(__file__).resolve().parents[1]


def _home_of_the_tests() -> Path:
    """A home for settings, caches and autosaved texts that goes away with the test run."""
    home = Path(tempfile.mkdtemp(prefix="tensor-explorer-tests-"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        folder = home / variable.lower()
        folder.mkdir()
        os.environ[variable] = str(folder)
    os.environ["FONTCONFIG_FILE"] = str(REPOSITORY / "tests" / "fonts.conf")
    os.environ["OMP_NUM_THREADS"] = "1"
    return home


_HOME = _home_of_the_tests()

# A shell that starts the tests in the background lets them ignore interrupts, and all programs that
# they start; a program could then not be stopped but by force.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test fails because the machine is busy.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_unconfigure() -> None:
    """Remove the home that the tests used."""
    end_warm_python()
    shutil.rmtree(_HOME, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first, the heavy proofs (marked slow) after them."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def python() -> str:
    """A Python for programs and workers; torch is imported in it once, for all tests."""
    return warm_python()


@pytest.fixture(scope="session")
def python_ready() -> str:
    """The same, having imported what the first optimizer, checkpoint or transform brings along."""
    return ready_python()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The gestures and waits of pytest-qt, with patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a widget, a running timer, a thread or a process behind.

    What was there before the test, fixtures of a wider scope included, is not counted. Where a
    test uses Qt, the application is made first, so that it is not taken for a leak.
    """
    if "qapp" in request.fixturenames:
        request.getfixturevalue("qapp")
    hunt = LeakHunt(qt="qapp" in request.fixturenames)
    yield
    left = hunt.what_is_left()
    if left:
        pytest.fail(f"{request.node.nodeid} left behind:\n  " + "\n  ".join(left), pytrace=False)
