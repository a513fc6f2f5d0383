"""The menu of the values pane: how numbers are written, compared, found, copied and saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.values.view import Comparison, ValuesView, Wish
from explorer.ui.values.out import SLICE_FORMS, TENSOR_FORMS

STYLES = (
    ("4 decimals", TextStyle("decimals", 4)),
    ("2 decimals", TextStyle("decimals", 2)),
    ("8 decimals", TextStyle("decimals", 8)),
    ("As exact as needed", TextStyle("exact")),
    ("Scientific", TextStyle("scientific", 4)),
    ("Hexadecimal bits", TextStyle("hex")),
    ("Bits", TextStyle("bits")),
)
HOWS = (
    ("absolute", "difference"),
    ("relative", "relative difference"),
    ("ulps", "difference in ulps"),
)


@dataclass(frozen=True)
class Choice:
    """An entry of the menu that does something: what, and with which words."""

    act: str
    word: str = ""


class ValuesMenu(QObject):
    """Builds the menu anew each time it opens; keys work while the pane has the focus."""

    style_chosen = Signal(object)
    wish_chosen = Signal(object)
    chosen = Signal(object)
    """A `Choice` for the pane."""

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self._pane = pane
        self.menu = QMenu(pane)
        self.menu.aboutToShow.connect(self._fill)
        self.view = ValuesView()
        self.wish = Wish()
        self.style = TextStyle()
        self.names: Callable[[], list[str]] = list
        self._keys()

    def _keys(self) -> None:
        for keys, choice in (
            ("T", Choice("turn")),
            ("]", Choice("step", "1")),
            ("[", Choice("step", "-1")),
            ("N", Choice("find", "nan")),
            ("Shift+N", Choice("find_back", "nan")),
            ("I", Choice("find", "inf")),
            ("Z", Choice("find", "zero")),
            ("M", Choice("find", "max")),
            ("Shift+M", Choice("find", "min")),
            ("W", Choice("last_write")),
            ("D", Choice("depends_on")),
            ("Shift+D", Choice("flows_to")),
            ("Ctrl+C", Choice("copy", "table")),
            ("Ctrl+Shift+C", Choice("copy_code")),
            ("Esc", Choice("give_up")),
        ):
            action = QAction(self._pane)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, c=choice: self.chosen.emit(c))
            self._pane.addAction(action)

    def _fill(self) -> None:
        self.menu.clear()
        self._fill_styles(self.menu.addMenu("Write numbers with"))
        if self.view.parts:
            self._fill_parts(self.menu.addMenu("Part of the tensor"))
        self._fill_comparisons(self.menu.addMenu("Compare"))
        find = self.menu.addMenu("Find")
        for title, word, keys in (
            ("Next NaN", "nan", "N"),
            ("Next Inf", "inf", "I"),
            ("Next zero", "zero", "Z"),
            ("Next number that is not zero", "nonzero", ""),
            ("Next largest", "max", "M"),
            ("Next smallest", "min", "Shift+M"),
        ):
            self._add(find, title, Choice("find", word), keys)
        self._add(find, "Next in a range …", Choice("find_range"))
        find.addSeparator()
        self._add(find, "First step with a NaN in any tensor", Choice("first_bad", "nan"))
        self._add(find, "First step with a NaN or Inf in any tensor", Choice("first_bad", "inf"))
        self._add(find, "Step that last wrote this cell", Choice("last_write"), "W")
        self._fill_derivatives(self.menu.addMenu("Derivatives"))
        self.menu.addSeparator()
        self._add(self.menu, "Swap rows and columns", Choice("turn"), "T")
        copy = self.menu.addMenu("Copy the slice")
        self._add(copy, "Numbers", Choice("copy", "table"), "Ctrl+C")
        self._add(copy, "Python code that makes it", Choice("copy", "python"))
        self._add(copy, "Markdown table", Choice("copy", "markdown"))
        self._add(copy, "The slice itself as code", Choice("copy_code"), "Ctrl+Shift+C")
        save = self.menu.addMenu("Save the slice as")
        for form in SLICE_FORMS:
            self._add(save, f"{form.upper()} …", Choice("save_slice", form))
        save = self.menu.addMenu("Save the tensor as")
        for form in TENSOR_FORMS:
            self._add(save, f"{form} …", Choice("save_tensor", form))

    def _fill_derivatives(self, menu: QMenu) -> None:
        self._add(menu, "What this cell depends on", Choice("depends_on"), "D")
        self._add(menu, "Where this cell flows", Choice("flows_to"), "Shift+D")
        menu.addSeparator()
        self._add(menu, "Check this derivative numerically", Choice("check", "cell"))
        self._add(menu, "Check the derivatives of all cells", Choice("check", "tensor"))
        others = menu.addMenu("By hand against autograd: compare with")
        names = [name for name in self.names() if name != self.view.name]
        others.setEnabled(bool(names))
        for name in names[:60]:
            self._add(others, name, Choice("by_hand", name))

    def _add(self, menu: QMenu, title: str, choice: Choice, keys: str = "") -> None:
        action = menu.addAction(f"{title}\t{keys}" if keys else title)
        action.triggered.connect(lambda: self.chosen.emit(choice))

    def _fill_styles(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for title, style in STYLES:
            action = group.addAction(title)
            action.setCheckable(True)
            action.setChecked(style == self.style)
            action.triggered.connect(lambda _=False, s=style: self.style_chosen.emit(s))
            menu.addAction(action)

    def _fill_parts(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for part, title in (("", "the tensor itself"), *self.view.parts):
            action = group.addAction(title)
            action.setCheckable(True)
            action.setChecked(part == self.wish.part)
            wish = replace(self.wish, part=part)
            action.triggered.connect(lambda _=False, w=wish: self.wish_chosen.emit(w))
            menu.addAction(action)

    def _fill_comparisons(self, menu: QMenu) -> None:
        how = self.wish.compare.how if self.wish.compare is not None else "absolute"
        none = menu.addAction("Show the numbers themselves")
        none.setCheckable(True)
        none.setChecked(self.wish.compare is None)
        none.triggered.connect(lambda: self.wish_chosen.emit(replace(self.wish, compare=None)))
        menu.addSeparator()
        group = QActionGroup(menu)
        for word, title in HOWS:
            action = group.addAction(f"as {title}")
            action.setCheckable(True)
            action.setChecked(word == how and self.wish.compare is not None)
            compare = self.wish.compare or Comparison(word, grad=True)
            wish = replace(self.wish, compare=replace(compare, how=word))
            action.triggered.connect(lambda _=False, w=wish: self.wish_chosen.emit(w))
            action.setEnabled(self.wish.compare is not None)
            menu.addAction(action)
        menu.addSeparator()
        self._add(menu, "with itself before this step", Choice("compare_before", how))
        self._add(menu, "with itself at a step …", Choice("compare_step", how))
        self._add(menu, "with its gradient", Choice("compare_grad", how))
        others = menu.addMenu("with another tensor")
        names = [name for name in self.names() if name != self.view.name]
        others.setEnabled(bool(names))
        for name in names[:60]:
            self._add(others, name, Choice(f"compare_name:{how}", name))

    def ask_range(self) -> tuple[float, float] | None:
        """Two numbers from the user; None when there shall be none."""
        text, given = QInputDialog.getText(
            self._pane, "Find a number in a range", "From … to …, such as  -1 to 2.5"
        )
        parts = (
            text.replace("−", "-").replace("…", " ").replace("to", " ").replace(",", " ").split()
        )
        try:
            low, high = (float(part) for part in parts)
        except ValueError:
            return None
        return (low, high) if given else None

    def ask_step(self) -> str:
        """A step's label from the user; empty when there shall be none."""
        text, given = QInputDialog.getText(
            self._pane, "Compare with a step", "Number of the step, such as  4  or  6.2"
        )
        return text.strip() if given else ""
