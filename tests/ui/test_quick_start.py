"""Qt's binding loaded the quick way is the same as loaded the usual way."""

from __future__ import annotations

import enum
import json
import os
import random
import subprocess
import sys
from typing import Any

import pytest

from explorer.ui.quick import enums
from tests.conftest import REPOSITORY

KEEP = enum.FlagBoundary.KEEP  # what Qt's binding asks for

EXPLAIN = """
import sys
if sys.argv[1] == "quick":
    from explorer.ui.quick import load_qt, stand
    load_qt()
from PySide6.QtCore import *
from PySide6.QtGui import *
from PySide6.QtWidgets import *
if sys.argv[1] == "quick":
    stand()
from shibokensupport.signature import get_signature
def tell(call):
    try:
        print(call())
    except Exception as err:
        print(type(err).__name__, err)
tell(lambda: QRect("a"))
tell(lambda: QWidget.setFont(1, 2, 3))
tell(lambda: QTimer(intervall=0))
tell(lambda: get_signature(QWidget.resize))
tell(lambda: QRect.__doc__)
tell(lambda: sorted(name for name in globals() if name.startswith("Q")))
tell(lambda: [(member.name, member.value) for member in Qt.Key])
tell(lambda: [member.name for member in Qt.AlignmentFlag])
tell(lambda: Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
tell(lambda: (Qt.AlignmentFlag.AlignCenter & Qt.AlignmentFlag.AlignVCenter, ~Qt.MouseButton(3)))
tell(lambda: (Qt.Key(65), Qt.Orientation["Vertical"], QEvent.Type.Paint in QEvent.Type))
import csv, inspect, tempfile
tell(lambda: (inspect.signature(csv.reader), inspect.getsource(csv.Dialect)[:40]))
tell(lambda: tempfile.gettempprefix())
"""


def _told(way: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", EXPLAIN, way],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_errors_signatures_and_names_are_the_same() -> None:
    usual = _told("usual")
    assert "Supported signatures" in usual and "('Key_A', 65)" in usual
    assert _told("quick") == usual


def test_every_enumeration_of_qt_is_the_same() -> None:
    """Each is made both ways, as Qt's binding asks for it, and compared attribute by attribute."""
    ran = subprocess.run(
        [sys.executable, "-c", "from tests.ui.test_quick_start import make_all; make_all()"],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    quick, count = json.loads(ran.stdout)
    assert count > 500
    assert quick > 0.95 * count  # and hardly any is left to the standard library


def make_all() -> None:
    """Prints how many were made the quick way, and how many there are."""
    made: list[bool] = []

    def create(cls: Any, class_name: str, names: Any, **rest: Any) -> Any:
        ours = enums._create(cls, class_name, names, **{**rest, "module": "same"})
        made.append(enums._is_plain(cls, names))
        compare(enums._standard(cls, class_name, names, **{**rest, "module": "same"}), ours)
        return ours

    maker: Any = enum.EnumType
    maker._create_ = create
    for name in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg"):
        exec(f"from PySide6.{name} import *", {})
    print(json.dumps([sum(made), len(made)]))


def compare(usual: Any, ours: Any) -> None:
    """Every attribute of two enumeration classes, and how they answer."""
    held, own = dict(vars(usual)), dict(vars(ours))
    assert held.keys() == own.keys()
    assert list(usual.__members__) == list(ours.__members__)
    assert [member.name for member in usual] == [member.name for member in ours]
    for name, value in held.items():
        if name in usual.__members__:
            one, other = value, own[name]
            assert vars(one).keys() == vars(other).keys()
            assert (one.name, one.value) == (other.name, other.value)
            assert one._sort_order_ == other._sort_order_
            assert (repr(one), str(one)) == (repr(other), str(other))
            assert ours(one.value) is other and ours[name] is other and other in ours
        elif name in ("_member_map_", "_value2member_map_"):
            assert [(key, one.name) for key, one in value.items()] == [
                (key, one.name) for key, one in own[name].items()
            ]
        elif name in ("__new__", "_generate_next_value_"):
            assert getattr(value, "__func__", value) is getattr(own[name], "__func__", own[name])
        elif name == "_iter_member_":
            assert value.__func__ is own[name].__func__
        else:
            assert value == own[name], name


@pytest.mark.parametrize("kind", enums.KINDS)
def test_any_enumeration_is_made_as_by_the_standard_library(kind: Any) -> None:
    chance = random.Random(7)
    for _ in range(200):
        values = [
            chance.choice([chance.randrange(40), 1 << chance.randrange(12)])
            for _ in range(chance.randrange(1, 30))
        ]
        pairs = [(f"A{place}", value) for place, value in enumerate(values)]
        rest = {"module": "same", "boundary": KEEP, "start": 1, "type": None, "qualname": None}
        ours = enums._create(kind, "Drawn", pairs, **rest)
        assert enums._models[kind] is not None
        compare(enums._standard(kind, "Drawn", pairs, **rest), ours)


@pytest.mark.parametrize(
    "names", ["RED GREEN", [("name", 1)], [("_x", 1)], [("a", "b")], [("real", 1), ("b", 2)], []]
)
def test_what_is_not_plain_is_left_to_the_standard_library(names: Any) -> None:
    assert not enums._is_plain(enum.IntEnum, names)


def test_all_is_as_before_in_the_end() -> None:
    maker: Any = enum.EnumType
    before = maker._create_
    enums.begin()
    try:
        Colour = enum.Enum("Colour", [("RED", 1), ("GREEN", 2)])  # noqa: N806
    finally:
        enums.end()
    assert Colour.__module__ == __name__
    assert maker._create_ == before == enums._standard
