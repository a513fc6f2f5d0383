"""While threads of a program may write at the same time, no snapshot shares memory with a tensor:
torch would give the memory of a storage to two writers twice, and lose what one of them wrote."""

from __future__ import annotations

import _thread
import threading
from types import ModuleType

import pytest
import torch

from explorer.worker.recorder import Recorder
from explorer.worker.recording.log import Entered
from explorer.worker.recording.storages import COPY, LAZY, address_of
from tests.worker.looked_at import PATH

BEFORE = """
import threading
import torch
x = torch.zeros(3)
view = x[1:]
x += 1
ready, go = threading.Event(), threading.Event()
def work():
    ready.set()
    go.wait()
thread = threading.Thread(target=work)
"""
WHILE = """
thread.start()
ready.wait()
y = torch.ones(2)
y += 1
x += 1
"""
AFTER = """
go.set()
thread.join()
x += 1
y += 1
z = torch.ones(2)
"""


def run(recorder: Recorder, source: str, names: dict[str, object]) -> None:
    """Run more of a program."""
    exec(recorder.compile(source, PATH), names)


def ways(recorder: Recorder, names: dict[str, object]) -> dict[str, int]:
    """How the storages of x, y and z are kept, of those that there are."""
    found = {}
    for name in "xyz":
        if name in names:
            row = recorder.tensors.rows[recorder.tensors.by_object[id(names[name])]]
            assert row is not None
            found[name] = recorder.snapshots.way[row[2]]
    return found


def held_now(recorder: Recorder, name: str, names: dict[str, object]) -> torch.Tensor:
    """What the newest content of a tensor's storage is."""
    row = recorder.tensors.rows[recorder.tensors.by_object[id(names[name])]]
    assert row is not None
    held: torch.Tensor = recorder.snapshots.contents[recorder.snapshots.content[row[2]]]
    return held


def test_memory_is_shared_before_and_after_but_not_while_a_thread_runs(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    run(recorder, BEFORE, names)
    x = names["x"]
    assert isinstance(x, torch.Tensor)
    assert ways(recorder, names) == {"x": LAZY}
    assert address_of(held_now(recorder, "x", names)) == address_of(x)
    run(recorder, WHILE, names)
    assert ways(recorder, names) == {"x": COPY, "y": COPY}
    assert not recorder.snapshots.lazy
    for name, value in (("x", 2), ("y", 2)):
        one, held = names[name], held_now(recorder, name, names)
        assert isinstance(one, torch.Tensor)
        assert address_of(held) != address_of(one)
        assert held.view(torch.float32).tolist() == [value] * len(one)
    run(recorder, AFTER, names)
    assert ways(recorder, names) == {"x": LAZY, "y": LAZY, "z": LAZY}
    assert address_of(held_now(recorder, "x", names)) == address_of(x)
    assert held_now(recorder, "x", names).tolist() == [3, 3, 3]


def test_what_is_watched_again_is_seen_to_be_written(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    run(recorder, BEFORE + WHILE + AFTER, names)
    before = len(recorder.snapshots.contents)
    run(recorder, "view.data.mul_(2)\nresult = torch.relu(x)\n", names)
    assert len(recorder.snapshots.contents) == before + 2
    assert held_now(recorder, "x", names).tolist() == [3, 6, 6]
    run(recorder, "array = x.numpy()\narray[0] = 9\n", names)
    assert ways(recorder, names) == {"x": COPY, "y": LAZY, "z": LAZY}
    assert held_now(recorder, "x", names).view(torch.float32).tolist() == [9, 6, 6]


def test_memory_that_others_hold_is_copied_for_ever(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    run(recorder, BEFORE + "array = x.numpy()\n" + WHILE + "other = y.numpy()\n" + AFTER, names)
    assert ways(recorder, names) == {"x": COPY, "y": COPY, "z": LAZY}


def test_a_thread_that_nobody_knows_never_ends(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    start = "import _thread\n_thread.start_new_thread(work, ())\nready.wait()\ngo.set()\n"
    run(recorder, BEFORE + start + "x += 1\nz = x + 1\n", names)
    assert ways(recorder, names) == {"x": COPY, "z": COPY}


def test_a_thread_that_cannot_begin_changes_nothing(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    with pytest.raises(TypeError, match="first arg must be callable"):
        run(recorder, BEFORE + "import _thread\n_thread.start_new_thread(3, ())\n", names)
    run(recorder, "x += 1\nx += 1\n", names)
    assert ways(recorder, names) == {"x": LAZY}


@pytest.mark.parametrize("module", ["tqdm.watching", "torch.utils.data.pinning", "tensorboard"])
def test_threads_of_libraries_that_write_nothing_do_not_matter(
    recorder: Recorder, module: str
) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    library = ModuleType(module)
    exec("import threading\ndef begin(thread):\n    thread.start()\n", vars(library))
    names["library"] = library
    run(recorder, BEFORE + "library.begin(thread)\nready.set()\nx += 1\ngo.set()\n", names)
    # Its function is the program's own: as soon as a statement of that runs, it is a writer.
    assert ways(recorder, names) == {"x": COPY}
    run(recorder, "thread.join()\nx += 1\n", names)
    library_thread = threading.Thread(target=vars(library)["begin"], args=(threading.Thread(),))
    names["thread"] = library_thread
    run(recorder, "library.begin(thread)\nx += 1\nthread.join()\n", names)
    assert ways(recorder, names) == {"x": LAZY}


def test_threads_that_carry_messages_do_not_matter(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    sending = "import multiprocessing\nqueue = multiprocessing.Queue()\nqueue.put(3)\nx += 1\n"
    run(recorder, BEFORE + sending, names)
    assert ways(recorder, names) == {"x": LAZY}
    run(recorder, "assert queue.get() == 3\nqueue.close()\nqueue.join_thread()\n", names)


def test_the_functions_that_start_threads_are_builtin_and_put_back() -> None:
    plain = {name: getattr(_thread, name) for name in ("start_new_thread", "start_new")}
    recorder = Recorder()
    recorder.doors.install()
    try:
        assert _thread.start_new_thread is not plain["start_new_thread"]
        assert type(_thread.start_new_thread) is type(plain["start_new_thread"])
        assert repr(_thread.start_new_thread) == repr(plain["start_new_thread"])
        assert _thread.start_new_thread.__doc__ == plain["start_new_thread"].__doc__
    finally:
        recorder.doors.remove()
    assert {name: getattr(_thread, name) for name in plain} == plain
    assert vars(threading)["_start_new_thread"] is _thread.start_new_thread


def test_threads_one_after_the_other_are_told_apart(recorder: Recorder) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    source = """
import threading
def work():
    step = 1
for _ in range(3):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
work()
"""
    run(recorder, source, names)
    entered = [one for one in recorder.log.entries if isinstance(one, Entered)]
    assert [one.thread for one in entered] == [0, 1, 2, 3, 0]
