"""Activations of functions and the tensors that their names lead to."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from threading import get_ident
from types import CodeType, FrameType
from typing import Any

from explorer.worker.program.concealed import UNCOUNTED
from explorer.worker.recording import containers
from explorer.worker.recording.comparing import nothing
from explorer.worker.recording.container_kinds import NOTHING, TENSOR, kind_of
from explorer.worker.recording.log import Change, Log
from explorer.worker.recording.tensors import Tensors
from explorer.worker.recording.together import running_thread

Paths = dict[str, int]
Left = dict[int, dict[str, set[str]]]
"""Frame id -> every path that ever led to a tensor there, by the name it starts with."""


class Root:
    """A name that leads to a container: what the container held, and the paths into it."""

    __slots__ = ("holder", "paths")

    def __init__(self, holder: containers.Holder, paths: Paths) -> None:
        self.holder = holder
        self.paths = paths


class Activation:
    """One activation of a function, class body or module."""

    __slots__ = ("cells", "ever", "fickle", "filled", "id", "roots", "seen", "tensors", "thread")

    def __init__(self, number: int, thread: int, cells: tuple[str, ...]) -> None:
        self.id = number
        self.cells = cells
        """Names shared with functions inside or outside, who may bind them too."""
        self.thread = thread
        self.seen = number + 1
        """How many activations there were when this one was looked at last."""
        self.filled = -1
        """What `Frames.filled` was then: when it is more, its containers and the names that it
        shares may have come to lead elsewhere."""
        self.tensors: dict[str, int] = {}
        """Names that were last bound to a tensor, with its id."""
        self.roots: dict[str, Root] = {}
        """Names that were last bound to a container."""
        self.fickle = False
        """Whether a container of its has been one that may change when it is only asked."""
        self.ever: dict[str, set[str]] = {}
        """Every path that ever led to a tensor here, by the name it starts with."""


class Frames:
    """All activations of the run that may still be running. Used under the log's lock."""

    def __init__(self, log: Log, tensors: Tensors, recorded: Mapping[int, CodeType]) -> None:
        self._log = log
        self._tensors = tensors
        self._recorded = recorded
        self.by_object: dict[int, Activation] = {}
        """``id`` of a frame object -> its activation."""
        self.modules: dict[int, Activation] = {}
        """File id -> the activation of that module's body."""
        self.by_id: dict[int, Activation] = {}
        self.ever: set[str] = set()
        """Names that led to a tensor in some frame of the run."""
        self.note: Callable[[str], None] = lambda sentence: None
        self.count = 0
        self.filled = 0
        """How many statements may have changed containers, and how many functions began that share
        names with functions around them."""
        self._left: Left = {}
        self._threads: dict[int, tuple[Any, int]] = {}
        """Of each thread that ran, by the system's number, which may come to be another's: what
        refers to the thread, and its number here."""
        self._threads_met = 0

    def enter(self, frame: FrameType) -> Activation:
        """A new activation; frame id 0 is the program's module, which is entered first."""
        code = frame.f_code
        activation = Activation(self.count, self.thread(), code.co_cellvars + code.co_freevars)
        self.count += 1
        self.filled += bool(code.co_freevars)
        activation.filled = self.filled
        before = self.by_object.get(id(frame))
        if before is not None:
            self._left[before.id] = before.ever
            self.by_id.pop(before.id, None)
        self.by_object[id(frame)] = self.by_id[activation.id] = activation
        return activation

    def thread(self) -> int:
        """The number of this thread, by order of appearance; the main thread is 0."""
        known = self._threads.get(get_ident())
        thread = running_thread()
        if known is None or known[0]() is not thread:
            known = nothing if thread is None else weakref.ref(thread, UNCOUNTED), self._threads_met
            self._threads[get_ident()] = known
            self._threads_met += 1
            if known[1]:
                self._tensors.thread_runs(thread)
        return known[1]

    def above(self, frame: FrameType | None) -> Activation | None:
        """The innermost recorded activation from ``frame`` outwards."""
        found = self.recorded_above(frame)
        return self.by_object.get(id(found)) if found is not None else None

    def recorded_above(self, frame: FrameType | None) -> FrameType | None:
        """The innermost frame of a recorded function from ``frame`` outwards."""
        while frame is not None and id(frame.f_code) not in self._recorded:
            frame = frame.f_back
        return frame

    def take_left(self) -> Left:
        """What the names of activations led to whose frames have become others' since this was
        asked last."""
        left, self._left = self._left, {}
        return left

    def paths_below(self, frame: int, name: str, left: Left) -> list[str]:
        """Every path that ever led to a tensor from a name of a frame; ``left`` is what was left
        when its last steps were taken out of the log."""
        activation = self.by_id.get(frame)
        ever = activation.ever if activation else left.get(frame) or self._left.get(frame, {})
        return list(ever.get(name, ()))

    def bind_all(
        self, home: Activation, names: Iterable[tuple[str, Any]], change: Change, running: int
    ) -> None:
        """Note what each name leads to. ``running`` is the frame id of the step."""
        for name, value in names:
            self.bind(home, name, value, change, running)

    def bind(self, home: Activation, name: str, value: Any, change: Change, running: int) -> None:
        """Note which tensors a name of ``home`` leads to from now on."""
        kind = kind_of(value)
        if kind == TENSOR:
            self.bind_tensor(home, name, self._tensors.id_of(value, change), change, running)
        elif kind == NOTHING:
            if name in home.tensors or name in home.roots:
                self._forget(home, name, change, running)
        else:
            if name in home.tensors:
                self._forget(home, name, change, running)
            self._bind_container(home, name, value, change, running)

    def forget_others(self, home: Activation, names: Mapping[str, Any], change: Change) -> None:
        """Note that names of ``home`` which are not among ``names`` lead nowhere any more."""
        for name in [*home.tensors, *home.roots]:
            if name not in names:
                self._forget(home, name, change, home.id)

    def bind_tensor(
        self, home: Activation, name: str, number: int, change: Change, running: int
    ) -> None:
        """Note that a name leads to the tensor with this id from now on."""
        if name in home.roots:
            self._forget(home, name, change, running)
        home.tensors[name] = number
        ever = home.ever.get(name)
        if ever is None:
            home.ever[name] = {name}
            self.ever.add(name)
        else:
            ever.add(name)
        if home.id == running:
            change.names += (self._log.path(name), number)
        else:
            change.elsewhere += (home.id, self._log.path(name), number)

    def takes(self, home: Activation, name: str) -> bool:
        """Let a name lead to tensors from now on, when it has not led to a container."""
        if name in home.roots:
            return False
        home.ever.setdefault(name, set()).add(name)
        self.ever.add(name)
        return True

    def look_into_cells(self, home: Activation, names: Mapping[str, Any], change: Change) -> None:
        """Bind what other functions have bound to names that they share with ``home``."""
        for name in home.cells:
            value: Any = names.get(name)
            kind = kind_of(value)
            known = home.tensors.get(name, 0)
            if kind == TENSOR:
                if not known or self._tensors.id_of(value, change) != known:
                    self.bind(home, name, value, change, home.id)
            elif known or (kind != NOTHING) != (name in home.roots):
                self.bind(home, name, value, change, home.id)

    def rebind_all(self, home: Activation, names: Mapping[str, Any], change: Change) -> None:
        """Note what the names of ``home`` lead to, any of which may have been bound anew."""
        for name, value in names.items():
            kind, root = kind_of(value), home.roots.get(name)
            if kind == TENSOR:
                number = self._tensors.id_of(value, change)
                if root is not None or home.tensors.get(name) != number:
                    self.bind_tensor(home, name, number, change, home.id)
            elif root is None or not self._tensors.are_alive(root.paths.values()):
                self.bind(home, name, value, change, home.id)
            elif not root.holder.still_fits(value):
                self._rewalk(home, name, root, value, change)

    def _bind_container(
        self, home: Activation, name: str, value: Any, change: Change, running: int
    ) -> None:
        walk = containers.Walk(value)
        if walk.cut:
            self.note(f"{name}: {walk.cut}")
        home.fickle |= walk.fickle
        paths = {name + step: self._tensors.id_of(one, change) for step, one in walk.found}
        before = home.roots.get(name)
        home.roots[name] = Root(walk.holder, paths)
        gone = {path: 0 for path in before.paths if path not in paths} if before else {}
        if paths or gone:
            self._emit(home, name, {**gone, **paths}, change, running)

    def _forget(self, home: Activation, name: str, change: Change, running: int) -> None:
        root = home.roots.pop(name, None)
        paths = list(root.paths) if root else []
        if home.tensors.pop(name, 0):
            paths.append(name)
        self._emit(home, name, dict.fromkeys(paths, 0), change, running)

    def _emit(
        self, home: Activation, name: str, paths: Paths, change: Change, running: int
    ) -> None:
        home.ever.setdefault(name, set()).update(paths)
        self.ever.add(name)
        path_number = self._log.path
        if home.id == running:
            for path, tensor in paths.items():
                change.names += (path_number(path), tensor)
        else:
            for path, tensor in paths.items():
                change.elsewhere += (home.id, path_number(path), tensor)

    def look_into_containers(
        self, home: Activation, names: Mapping[str, Any], change: Change
    ) -> None:
        """Note what changed inside the containers that the names of ``home`` lead to.

        Where a tensor has died, one with the same identity may have taken its place; such
        containers are walked anew.
        """
        for name, root in list(home.roots.items()):
            value = names.get(name)
            same = self._tensors.are_alive(root.paths.values())
            if same and root.holder.still_fits(value):
                continue
            if not (same and self._has_grown(home, name, root, value, change)):
                self._rewalk(home, name, root, value, change)

    def _has_grown(
        self, home: Activation, name: str, root: Root, value: Any, change: Change
    ) -> bool:
        """Whether a list only got more tensors at its end, which are noted."""
        new = root.holder.grown(value)
        if new is None or len(root.paths) + len(new) >= containers.MOST_TENSORS:
            return False
        first = len(root.holder.identities)
        paths = {
            f"{name}[{place}]": self._tensors.id_of(one, change)
            for place, one in enumerate(new, first)
        }
        root.holder.take(new)
        root.paths.update(paths)
        self._emit(home, name, paths, change, home.id)
        return True

    def _rewalk(self, home: Activation, name: str, root: Root, value: Any, change: Change) -> None:
        if kind_of(value) <= TENSOR:
            self.bind(home, name, value, change, home.id)
            return
        walk = containers.Walk(value)
        paths = {name + step: self._tensors.id_of(one, change) for step, one in walk.found}
        changed = {path: one for path, one in paths.items() if root.paths.get(path) != one}
        changed.update((path, 0) for path in root.paths if path not in paths)
        root.holder, root.paths, home.fickle = walk.holder, paths, home.fickle or walk.fickle
        if changed:
            self._emit(home, name, changed, change, home.id)
