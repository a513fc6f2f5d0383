"""A program written, run and looked at in the real window."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from explorer.model.moment import Moment
from explorer.ui.running.worker_process import WorkerProcess
from tests.warm_python import warm_python
from tests.whole.conftest import Driver

OF_THEIR_OWN = (
    "program_of_the_picture",
    "ignores interrupts",
    "huge product",
    "segmentation fault",
    "kill -9",
    "ended_from_outside",
)


@pytest.fixture
def python(request: pytest.FixtureRequest) -> str:
    """Where they are ended by force or die, and in one test more, processes that are what they are
    from their start; elsewhere forked ones."""
    real = any(words in request.node.name for words in OF_THEIR_OWN)
    return sys.executable if real else warm_python()


AUTOGRAD = """\
import torch as t
x = t.ones(3, 4, requires_grad=True)
d = x.detach().t()
d[0] *= 10
y = x + 2
z = t.mean(y.pow(3))
z.backward()
print(x.grad)
"""


def test_the_program_of_the_picture(driver: Driver) -> None:
    driver.run(AUTOGRAD)
    assert driver.session.run.how == "finished"
    assert driver.label == "8"
    assert driver.line == 8
    assert driver.output.startswith("tensor([[36.0000,  2.2500")
    driver.go("4")
    assert driver.line == 4
    assert set(driver.tensors) == {"x", "d"}
    assert driver.tensors["x"]["range"] == "1 … 10"
    assert driver.tensors["x"]["grad"] == "leaf, none yet"
    assert driver.tensors["d"]["stride"] == "1, 4"
    assert driver.tensors["d"]["storage"] == driver.tensors["x"]["storage"] == "A · 48 B"
    assert driver.notes[2] == "x f32[3, 4] leaf"
    assert driver.notes[3] == "d f32[4, 3] view of x"
    driver.qtbot.waitUntil(lambda: driver.notes[4] == "writes 3 cells, seen by x")
    assert driver.notes[8] == "not run yet"
    driver.go("3")
    assert driver.tensors["x"]["range"] == "1"
    driver.go("7.2")
    assert driver.line == 7
    assert driver.notes[7] == "node 2 of 4"
    assert driver.tensors["x"]["grad"] == "leaf, none yet"
    driver.qtbot.waitUntil(lambda: driver.notes[6] == "z f32[] = 452.25")
    driver.go("7")
    assert driver.tensors["x"]["grad"] == "leaf, .grad filled"
    assert driver.notes[7] == "4 nodes, fills x.grad"


def test_every_pane_shows_the_moment(driver: Driver) -> None:
    driver.run(AUTOGRAD)
    for name, dock in driver.window.docks.docks.items():
        driver.window.docks.reveal(name)
        driver.settle()
        assert dock.pane is not None
        driver.do("to_start", "forward", "forward", "forward")
        driver.session.look(driver.session.moment.on_tensor(1, "x"))
        driver.settle()
        assert not dock.pane.grab().isNull()
    assert driver.session.moment == Moment(3, driver.session.moment.tensor, "x")


def test_stepping_in_both_directions(driver: Driver) -> None:
    driver.run(AUTOGRAD)
    assert driver.do("to_start") == "1"
    assert driver.do("forward", "forward") == "3"
    assert driver.do("back") == "2"
    assert driver.do("into_backward") == "7.1"
    assert driver.window.toolbar.backward.text() == "Out of backward"
    assert driver.do("forward") == "7.2"
    assert driver.do("into_backward") == "7"
    assert driver.do("back") == "6"
    assert driver.do("into") == "7.1"
    assert driver.do("to_end") == "8"
    assert not driver.window.gestures["forward"].isEnabled()
    driver.window.editor.document.editor.set_caret(5)
    assert driver.do("previous_run") == "5"
    driver.window.editor.document.editor.set_breakpoints(frozenset({3, 6}))
    assert driver.do("previous_breakpoint") == "3"
    assert driver.do("next_breakpoint") == "6"
    assert driver.do("next_breakpoint") == "8"


LOOP = """\
import torch
def double(x):
    y = x * 2
    return y
total = torch.zeros(())
for i in range(4):
    total += double(torch.tensor(float(i)))
"""


def test_lines_that_run_more_than_once_and_calls(driver: Driver) -> None:
    driver.run(LOOP)
    editor = driver.window.editor.document.editor
    driver.do("to_start")
    editor.set_caret(3)
    seen = [driver.do("next_run") for _ in range(4)]
    assert len(set(seen)) == 4
    assert driver.line == 3
    assert driver.do("previous_run") == seen[2]
    assert driver.do("out") > seen[2]
    assert driver.line == 7
    before = driver.label
    driver.do("over")
    assert driver.line in (6, 7)
    assert driver.do("back_over") == before
    assert driver.do("next_run") == seen[3]
    assert set(driver.tensors) == {"x", "y"}


def test_play_walks_to_the_end(driver: Driver) -> None:
    driver.run(LOOP)
    driver.do("to_start")
    driver.window.furniture.choose_speed(100)
    driver.do("play")
    driver.qtbot.waitUntil(lambda: not driver.window.stepper.playing, timeout=20_000)
    assert driver.session.moment.step == len(driver.session.recording) - 1


def test_input_is_asked_for_in_the_window(driver: Driver) -> None:
    driver.type("name = input('who? ')\nprint('hello', name)\n")
    driver.press_run()
    driver.qtbot.waitUntil(lambda: driver.session.run.state == "waiting", timeout=20_000)
    driver.qtbot.waitUntil(lambda: "who? " in driver.output)
    pane = driver.window.docks.pane("output")
    pane.input.setText("Ada")  # type: ignore[attr-defined]
    pane.input.returnPressed.emit()  # type: ignore[attr-defined]
    driver.wait_ended()
    assert driver.output == "who? Ada\nhello Ada\n"
    assert driver.session.run.how == "finished"


def test_an_exception_is_marked_and_the_recording_stays(driver: Driver) -> None:
    driver.run("import torch\na = torch.ones(3)\nb = torch.ones(4)\nc = a @ b\nd = 1\n")
    assert driver.session.run.how == "raised"
    assert driver.line == 4
    assert "Traceback (most recent call last):" in driver.output
    assert "line 4, in <module>" in driver.output
    assert any(text.startswith("RuntimeError:") for text in driver.problems)
    assert driver.notes[4].startswith("RuntimeError:")
    assert driver.notes[5] == "did not run"
    assert driver.do("back") == "3"
    assert set(driver.tensors) == {"a", "b"}


def test_a_syntax_error_leaves_the_old_recording(driver: Driver) -> None:
    driver.run("x = 1\ny = 2\n")
    steps = len(driver.session.recording)
    driver.type("x = 1\nif x:\nprint(\n")
    driver.wait_ready()
    with driver.qtbot.waitSignal(driver.window.runner.refused, timeout=20_000):
        driver.do("run")
    assert len(driver.session.recording) == steps
    assert "in line 3" in driver.window.editor.banner.sentence
    assert any("Error" in text for text in driver.problems)
    driver.run("z = 3\n")
    assert len(driver.session.recording) == 1
    assert driver.window.editor.banner.sentence == ""


@pytest.mark.parametrize(
    "program",
    [
        "while True:\n    pass\n",
        "import time\ntime.sleep(1000)\n",
        "import torch\na = torch.rand(7000, 7000)\nwhile True:\n    a = a @ a\n",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    x = 1\n",
        "input()\n",
    ],
    ids=["endless loop", "blocking call", "huge product", "ignores interrupts", "waits for input"],
)
def test_stop_ends_any_program(driver: Driver, program: str) -> None:
    driver.type(program)
    driver.press_run()
    driver.qtbot.wait(400)
    assert driver.session.run.going
    driver.do("stop")
    driver.wait_ended()  # hundreds of thousands of steps may still be on their way
    assert driver.session.run.how == "stopped"  # whether it listened or was ended by force
    driver.run("x = 1\n")
    assert driver.session.run.how == "finished"


def test_a_spare_that_is_ended_from_outside_is_replaced(driver: Driver) -> None:
    driver.wait_ready()
    (spare,) = driver.window.workers.findChildren(WorkerProcess)
    assert spare.hello is not None
    os.kill(spare.hello.process, signal.SIGKILL)
    workers = driver.window.workers
    driver.qtbot.waitUntil(lambda: not workers.is_ready)
    assert workers.title.startswith("Python 3")
    driver.run("x = 1\n")
    assert driver.session.run.how == "finished"
    assert driver.window.editor.banner.sentence == ""


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import ctypes\nctypes.string_at(0)\n", "SIGSEGV"),
        ("import os\nos._exit(7)\n", "exit code 7"),
        ("import os\nos.kill(os.getpid(), 9)\n", "SIGKILL"),
    ],
    ids=["segmentation fault", "os._exit", "kill -9"],
)
def test_a_worker_that_dies_costs_the_run_alone(driver: Driver, program: str, words: str) -> None:
    driver.type("x = 1\n" + program)
    driver.press_run()
    driver.wait_ended()
    assert driver.session.run.state == "lost"
    assert words in driver.session.run.sentence
    assert words in driver.window.editor.banner.sentence
    if words != "SIGSEGV":  # who leaves on purpose is heard to the end
        assert [driver.session.recording.step(at).statement.code for at in range(2)] == [
            "x = 1",
            program.partition("\n")[0],
        ]
    assert driver.window.editor.document.editor.text() == "x = 1\n" + program
    driver.run("y = 2\n")
    assert driver.session.run.how == "finished"
    assert driver.window.editor.banner.sentence == ""
