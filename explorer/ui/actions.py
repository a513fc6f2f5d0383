"""Every gesture of the window as a named action with its keys, and the menus made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.icons import icon


@dataclass(frozen=True)
class Gesture:
    """``keys`` are alternatives; ``note`` says more than the name, in the tip."""

    name: str
    title: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    note: str = ""
    editor: bool = False
    """Its keys count only while the editor has the focus."""
    switch: bool = False
    """It turns something on and off; whoever does that sets the action's check mark."""


FILE = (
    Gesture("new", "&New", ("Ctrl+N",)),
    Gesture("open", "&Open …", ("Ctrl+O",)),
    Gesture("save", "&Save", ("Ctrl+S",)),
    Gesture("save_as", "Save &as …", ("Ctrl+Shift+S",)),
    Gesture("close_document", "&Close", ("Ctrl+W",)),
    Gesture("quit", "&Quit", ("Ctrl+Q",)),
)
EDIT = (
    Gesture("undo", "&Undo", ("Ctrl+Z",), editor=True),
    Gesture("redo", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), editor=True),
    Gesture("cut", "Cu&t", ("Ctrl+X",), editor=True),
    Gesture("copy", "&Copy", ("Ctrl+C",), editor=True),
    Gesture("paste", "&Paste", ("Ctrl+V",), editor=True),
    Gesture("select_all", "Select &all", ("Ctrl+A",), editor=True),
    Gesture("find", "&Find …", ("Ctrl+F",)),
    Gesture("replace", "Find and &replace …", ("Ctrl+H",)),
    Gesture("find_next", "Find &next", ("F3",)),
    Gesture("find_previous", "Find pre&vious", ("Shift+F3",)),
    Gesture("toggle_comment", "Comment &out or in", ("Ctrl+/",), editor=True),
    Gesture("indent", "&Indent", ("Ctrl+]",), editor=True),
    Gesture("outdent", "O&utdent", ("Ctrl+[",), editor=True),
)
RUN = (
    Gesture("run", "&Run", ("F5",), "player-play", "run the program from its start"),
    Gesture(
        "live",
        "&Live",
        ("Ctrl+F5",),
        "point-filled",
        "save and run again whenever the text has been changed and rests",
        switch=True,
    ),
    Gesture("stop", "&Stop", ("Shift+F5",), "player-stop", "end the program"),
    Gesture("arguments", "&Arguments …", (), "", "what stands behind the program's name"),
    Gesture("seed", "Random s&eed …", (), "", "so that random draws can be had again"),
    Gesture("memory", "&Memory of recordings …", (), "", "how much recorded values may take"),
)
STEP = (
    Gesture("to_start", "To the &start", ("Alt+Home",), "player-skip-back", "the first step"),
    Gesture("back", "&Back", ("Alt+Left",), "caret-left", "the statement before"),
    Gesture("forward", "&Step", ("F11", "Alt+Right"), "caret-right", "the next statement"),
    Gesture("over", "Step &over calls", ("F10",), "", "functions that it calls are stepped over"),
    Gesture("back_over", "Bac&k over calls", ("Shift+F10",)),
    Gesture("out", "Step o&ut", ("Shift+F11",), "", "out of the function, or out of backward"),
    Gesture(
        "into_backward",
        "&Into backward",
        ("Ctrl+F11",),
        "arrow-bar-down",
        "the nodes of the graph that backward() runs, one by one",
    ),
    Gesture("into", "&Every step forward", ("Ctrl+Alt+Right",), "", "nodes and calls included"),
    Gesture("back_into", "Ever&y step back", ("Ctrl+Alt+Left",)),
    Gesture("to_end", "To the &end", ("Alt+End",), "player-skip-forward", "the last step"),
    Gesture("next_run", "&Next time this line ran", ("F7",), "", "the line of the text cursor"),
    Gesture("previous_run", "&Previous time this line ran", ("Shift+F7",)),
    Gesture("toggle_breakpoint", "&Breakpoint on this line", ("F9",)),
    Gesture("next_breakpoint", "Run to the next break&point", ("F8",)),
    Gesture("previous_breakpoint", "Back to the pre&vious breakpoint", ("Shift+F8",)),
    Gesture("play", "P&lay or pause", ("F6",), "player-play"),
)
GRADIENTS = (
    Gesture("depends_on", "What this cell &depends on", ("Ctrl+D",), "", "coloured everywhere"),
    Gesture("flows_to", "Where this cell &flows", ("Ctrl+Shift+D",), "", "coloured everywhere"),
    Gesture("clear_derivatives", "Take the &colours away"),
    Gesture("check_cell", "&Check this derivative numerically", ("Ctrl+K",)),
    Gesture("check_tensor", "Check the derivatives of &all cells", ("Ctrl+Shift+K",)),
    Gesture(
        "first_nan",
        "First step with a N&aN or Inf",
        ("Ctrl+Shift+N",),
        "",
        "in any tensor, gradients inside backward included",
    ),
)
VIEW = (
    Gesture("zoom_in", "&Larger letters", ("Ctrl++", "Ctrl+=")),
    Gesture("zoom_out", "&Smaller letters", ("Ctrl+-",)),
    Gesture("zoom_reset", "&Usual letters", ("Ctrl+0",)),
    Gesture("reset_layout", "&Panes as at first"),
)
HELP = (
    Gesture("show_keys", "&Keys", ("F1",)),
    Gesture("check_for_updates", "Check for &updates …"),
    Gesture("about", "&About Tensor Explorer"),
)

MENUS = (
    ("File", FILE),
    ("Edit", EDIT),
    ("Run", RUN),
    ("Step", STEP),
    ("Gradients", GRADIENTS),
    ("View", VIEW),
    ("Help", HELP),
)

WALKS_BACK = ("to_start", "back", "back_over", "back_into", "previous_breakpoint")
WALKS_ON = ("forward", "over", "out", "into", "to_end", "next_breakpoint")
DERIVATIVES = ("depends_on", "flows_to", "check_cell", "check_tensor", "first_nan")
_NOT_AT_FIRST = {"stop", "into_backward", *WALKS_BACK, *WALKS_ON, *DERIVATIVES}
_LINES_BEFORE = {
    "quit", "cut", "find", "toggle_comment", "arguments", "next_run", "toggle_breakpoint",
    "play", "check_cell", "first_nan",
}  # fmt: skip


class Actions(QObject):
    """Each gesture hands its name to ``act``."""

    def __init__(self, window: QWidget, editor: QWidget, act: Callable[[str], None]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for gesture in (*FILE, *EDIT, *RUN, *STEP, *GRADIENTS, *VIEW, *HELP):
            self._make(gesture, window, editor, partial(act, gesture.name))

    def _make(
        self, gesture: Gesture, window: QWidget, editor: QWidget, act: Callable[[], object]
    ) -> None:
        action = QAction(gesture.title, self)
        action.setShortcuts([QKeySequence(key) for key in gesture.keys])
        action.setCheckable(gesture.switch)
        action.setEnabled(gesture.name not in _NOT_AT_FIRST)
        if gesture.editor:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            editor.addAction(action)
        else:
            window.addAction(action)
        if gesture.icon:
            action.setIcon(icon(gesture.icon))
        plain = gesture.title.replace("&", "").removesuffix(" …")
        note = f": {gesture.note}" if gesture.note else ""
        keys = f" ({gesture.keys[0]})" if gesture.keys else ""
        action.setToolTip(f"{plain}{note}{keys}")
        action.triggered.connect(lambda _=False: act())
        self._actions[gesture.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def of_keys(self, keys: QKeySequence) -> QAction | None:
        """The gesture that has these keys."""
        return next((one for one in self._actions.values() if keys in one.shortcuts()), None)

    def fill(self, menus: dict[str, QMenu], recent: QMenu) -> None:
        """Put every action into the menu where it belongs, and ``recent`` behind Open."""
        for name, gestures in MENUS:
            menu = menus[name]
            for gesture in gestures:
                if gesture.name in _LINES_BEFORE:
                    menu.addSeparator()
                menu.addAction(self._actions[gesture.name])
                if gesture.name == "open":
                    menu.addMenu(recent)
