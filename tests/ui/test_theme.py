"""Colours, typefaces and icons, in both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.ui.icons import icon
from explorer.ui.layout.storage_colours import contrast, letter_index, readable_on, storage_colour
from explorer.ui.resources import resource
from explorer.ui.theme import (
    DARK,
    LIGHT,
    MONO_FAMILY,
    UI_FAMILY,
    Theme,
    appearance,
    load_fonts,
    mono_font,
    style_sheet,
    theme,
    ui_font,
)

LETTERS = [chr(code) for code in range(ord("A"), ord("Z") + 1)] + ["AA", "AB", "BA"]


@pytest.fixture
def restored(qapp: QApplication) -> Iterator[None]:
    choice = appearance().choice
    yield
    appearance().choose(choice)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(colours: Theme) -> None:
    grounds = (colours.background, colours.panel, colours.current_line, colours.selection)
    for ground in grounds:
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.muted, ground) >= 4.5
    for name in ("keyword", "number", "string", "definition", "error", "warning", "good"):
        assert contrast(getattr(colours, name), colours.background) >= 4.5, name
    assert contrast(colours.comment, colours.background) >= 3.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.current, colours.current_line) >= 4.0
    for name in ("negative", "neutral", "positive", "nan", "inf", "changed", "dropped"):
        assert contrast(colours.text, getattr(colours, name)) >= 4.5, name


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.01)


def test_storage_letters_have_colours_that_differ_and_can_be_written_on() -> None:
    assert [letter_index(letter) for letter in LETTERS[:26]] == list(range(26))
    assert letter_index("AA") == 26
    assert len({storage_colour(letter).name() for letter in LETTERS[:8]}) == 8
    assert storage_colour("A") == storage_colour("I")
    for letter in LETTERS:
        colour = storage_colour(letter)
        assert contrast(readable_on(colour), colour) >= 3.4
    assert storage_colour("").isValid()


@pytest.mark.parametrize("strong", [False, True])
def test_the_diverging_map_is_centred_on_zero(strong: bool) -> None:
    values = np.array([-2.0, -1.0, 0.0, 0.5, 1.0, np.nan, np.inf, -np.inf])
    made = LIGHT.diverging_rgb(values, strong=strong)
    assert made.shape == (8, 3)
    assert made.dtype == np.uint8
    ends = [QColor(*map(int, made[at])) for at in (0, 2, 4, 5, 6, 7)]
    kind = "_strong" if strong else ""
    wanted = [f"negative{kind}", f"neutral{kind}", f"positive{kind}", "nan", "inf", "inf"]
    assert [c.name() for c in ends] == [getattr(LIGHT, name).name() for name in wanted]
    assert (made[0] == made[1]).all()
    assert LIGHT.diverging(0.5, strong=strong).red() == made[3][0]


def test_choosing_a_theme_changes_the_window_and_is_told(restored: None, qtbot: QtBot) -> None:
    appearance().choose("light")
    with qtbot.waitSignal(appearance().changed):
        appearance().choose("dark")
    assert theme() is DARK
    palette = QApplication.palette()
    assert palette.window().color() == DARK.background
    assert palette.text().color() == DARK.text
    with qtbot.assertNotEmitted(appearance().changed):
        appearance().choose("dark")
    with pytest.raises(ValueError, match="system, light, dark"):
        appearance().choose("pink")


def test_the_style_sheet_names_only_known_colours() -> None:
    text = resource("themes", "window.qss").read_text(encoding="utf-8")
    named = set(re.findall(r"@(\w+)", text))
    assert named <= {*LIGHT.named(), "icons"}  # the second is the folder of pictures
    assert "@" not in style_sheet(LIGHT).split("*/", 1)[1]


def test_the_bundled_typefaces_are_used(qapp: QApplication) -> None:
    load_fonts()
    assert QFontInfo(ui_font()).family() == UI_FAMILY
    assert QFontInfo(mono_font()).family() == MONO_FAMILY
    assert QFontInfo(mono_font()).fixedPitch()
    assert QFontInfo(ui_font(17, bold=True)).pixelSize() == 17
    for name in ("OFL-Inter.txt", "OFL-JetBrainsMono.txt"):
        assert "SIL OPEN FONT LICENSE" in resource("fonts", name).read_text(encoding="utf-8")


def test_icons_take_the_colour_of_the_theme(restored: None, qtbot: QtBot) -> None:
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        appearance().choose(name)
        picture = icon("player-stop").pixmap(QSize(24, 24)).toImage()
        assert picture.pixelColor(12, 12).name() == colours.text.name()
        assert picture.pixelColor(0, 0).alpha() == 0
    sharp = icon("player-stop").pixmap(QSize(24, 24), 1.5)
    assert (sharp.width(), sharp.devicePixelRatio()) == (36, 1.5)
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
