"""Does what is chosen in the menu of the values pane, or by its keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.model.values.view import Comparison
from explorer.ui.troubles.bad_finder import BadFinder
from explorer.ui.values.finder import ValuesFinder
from explorer.ui.values.menu import Choice
from explorer.ui.values.out import ValuesOut

if TYPE_CHECKING:
    from explorer.ui.panes.values import ValuesPane


class ValuesChoices(QObject):
    """One method per kind of choice, named after it."""

    def __init__(self, pane: ValuesPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.finder = ValuesFinder(pane.session, self)
        self.bad = BadFinder(pane.session, self)
        self.bad.said.connect(pane.foot.say)
        self.out = ValuesOut(pane.session, pane)
        self.finder.index_found.connect(pane.choose_index)
        self.finder.said.connect(pane.foot.say)
        self.out.said.connect(pane.foot.say)
        pane.menu.chosen.connect(self.choose)
        pane.menu.names = self._names

    def choose(self, choice: Choice) -> None:
        """Do what a choice says."""
        act, _, more = choice.act.partition(":")
        getattr(self, act)(more or choice.word) if not more else self.compare_name(
            more, choice.word
        )

    def _names(self) -> list[str]:
        return list(self._pane.session.recording.names_at(self._pane.session.moment.step))

    def turn(self, _: str) -> None:
        """Swap rows and columns."""
        if self._pane.view.plane is not None:
            self._pane.choose_plane(self._pane.view.plane.transposed())

    def step(self, by: str) -> None:
        """Step through the last dimension that is not shown."""
        self._pane.dimensions.step(int(by))

    def find(self, what: str) -> None:
        """Go to the next number of a kind."""
        self.finder.find(self._pane.view, what)

    def find_back(self, what: str) -> None:
        """Go to the previous number of a kind."""
        self.finder.find(self._pane.view, what, back=True)

    def find_range(self, _: str) -> None:
        """Go to the next number between two that are asked for."""
        span = self._pane.menu.ask_range()
        if span is not None:
            self.finder.find(self._pane.view, "range", span)

    def first_bad(self, what: str) -> None:
        """Go to the first step at which any tensor had a bad number."""
        self.bad.find(what)

    def last_write(self, _: str) -> None:
        """Go to the step that last wrote the current cell."""
        self.finder.find_last_write(self._pane.view)

    def depends_on(self, _: str) -> None:
        """Colour everything upstream of the current cell by its derivative."""
        self._pane.derivatives.desk.depends_on()

    def flows_to(self, _: str) -> None:
        """Colour everything downstream of the current cell by its derivative."""
        self._pane.derivatives.desk.flows_to()

    def check(self, what: str) -> None:
        """Check derivatives by central differences: of the current ``cell``, or of the tensor."""
        self._pane.derivatives.desk.check_wanted.emit(what == "tensor")

    def by_hand(self, name: str) -> None:
        """Where the tensor is furthest from another one, in ulps."""
        self._compare(Comparison("ulps", name=name))
        self._pane.derivatives.compare_by_hand(name)

    def give_up(self, _: str) -> None:
        """Take the colours of derivatives away; else want no answer any more."""
        if self._pane.derivatives.desk.clear():
            return
        for asks in (self._pane.reader.asks, self.finder.asks, self.out.asks):
            asks.forget_all()
        self.bad.give_up()
        self._pane.foot.say("Given up; move to ask again.")

    def copy(self, form: str) -> None:
        """The numbers to the clipboard."""
        self.out.copy_numbers(self._pane.view, form, self._pane.style_of_text)

    def copy_code(self, _: str) -> None:
        """The slice as code to the clipboard."""
        self.out.copy_code(self._pane.view)

    def save_slice(self, form: str) -> None:
        """What is shown to a file."""
        path = self.out.ask_path(self._pane.view, form)
        if path and form in ("png", "svg"):
            tab = self._pane.tab
            self.out.save_picture(tab.shown if tab is not None else self._pane, form, path)
        elif path:
            self.out.save_slice(self._pane.view, form, path)

    def save_tensor(self, form: str) -> None:
        """All numbers to a file."""
        path = self.out.ask_path(self._pane.view, form)
        if path:
            self.out.save_tensor(self._pane.view, form, path)

    def compare_before(self, how: str) -> None:
        """With the same tensor as it stood one step earlier."""
        step = self._pane.session.moment.step - 1
        if step < 0:
            self._pane.foot.say("There is no step before this one.")
            return
        self._compare(Comparison(how, step=step))

    def compare_step(self, how: str) -> None:
        """With the same tensor at a step that is asked for."""
        label = self._pane.menu.ask_step()
        if not label:
            return
        try:
            step = self._pane.session.recording.steps.index_of(label)
        except ValueError as err:
            self._pane.foot.say(str(err))
            return
        self._compare(Comparison(how, step=step))

    def compare_grad(self, how: str) -> None:
        """With the tensor's gradient."""
        self._compare(Comparison(how, grad=True))

    def compare_name(self, how: str, name: str) -> None:
        """With another tensor of this step."""
        self._compare(Comparison(how, name=name))

    def _compare(self, compare: Comparison) -> None:
        self._pane.choose_wish(replace(self._pane.wish, compare=compare))
