"""The console of the real window: expressions with the names of the step, on copies."""

from __future__ import annotations

import random

import torch

from explorer.model.console_names import bound_by, names_in
from explorer.ui.panes.console import ConsolePane
from tests.whole.conftest import Driver

PROGRAM = """\
import torch
def scale(v, by):
    out = v * by
    return out
x = torch.ones(2, requires_grad=True)
n = 3
rows = [torch.zeros(2), torch.ones(2)]
y = scale(x, n)
n = 4
with torch.no_grad():
    rows[1] += 5
y.sum().backward()
x = torch.zeros(5)
"""


def ask(driver: Driver, text: str) -> str:
    """What the console answers."""
    pane = driver.window.docks.pane("console")
    assert isinstance(pane, ConsolePane)
    pane.text.start_anew()
    pane.evaluate(text)
    driver.settle()
    asked = len(text.strip("\n").split("\n"))
    return "\n".join(pane.text.toPlainText().rstrip("\n").split("\n")[asked:])


def at_line(driver: Driver, line: int) -> None:
    steps = driver.session.recording.steps
    path = driver.session.run.path
    driver.window.stepper.look_at(steps.runs_of_line(path, line)[0])
    driver.settle()


def test_names_are_those_of_the_step(driver: Driver) -> None:
    driver.run(PROGRAM)
    at_line(driver, 8)
    assert ask(driver, "x.shape, n") == "(torch.Size([2]), 3)"
    assert ask(driver, "x.grad is None") == "True"
    assert ask(driver, "rows[1].tolist()") == "[1.0, 1.0]"
    at_line(driver, 12)
    assert ask(driver, "x.grad.tolist()") == "[3.0, 3.0]"
    assert ask(driver, "[row.sum().item() for row in rows], n") == "([0.0, 12.0], 4)"
    at_line(driver, 13)
    assert ask(driver, "x.shape") == "torch.Size([5])"
    at_line(driver, 3)
    assert ask(driver, "y + 1") == "y has no value yet: step 8 gives it one."
    assert ask(driver, "v.tolist(), out.tolist()") == "([1.0, 1.0], [3.0, 3.0])"


LATE = """\
import torch
def late(by):
    sum = by + 1
    return sum
x = torch.ones(2)
import math as m
for i in range(3):
    k = i
    late(k)
class Box: pass
"""


def test_a_name_that_has_no_value_yet_is_not_answered_with_its_last_one(driver: Driver) -> None:
    driver.run(LATE)
    at_line(driver, 2)
    for text, step in (("x * 2", 3), ("m.pi", 4), ("k", 6), ("Box()", 21), ("i", 5)):
        name = text[0] if text != "Box()" else "Box"
        assert ask(driver, text) == f"{name} has no value yet: step {step} gives it one."
    assert ask(driver, "late(1)") == "2"
    assert ask(driver, "x = 5; x") == "5"
    assert ask(driver, "[k for k in range(2)]") == "[0, 1]"
    assert ask(driver, "sum([1, 2])") == "3"
    at_line(driver, 8)
    assert ask(driver, "k, x.tolist()") == "(0, [1.0, 1.0])"


def test_nothing_of_the_program_or_the_recording_changes(driver: Driver) -> None:
    driver.run(PROGRAM)
    at_line(driver, 8)
    steps = len(driver.session.recording)
    assert ask(driver, "x.data.add_(7).tolist()") == "[8.0, 8.0]"
    assert ask(driver, "rows.clear()") == ""
    assert ask(driver, "(x * 2).sum().backward(); x.grad.tolist()") == "[2.0, 2.0]"
    assert ask(driver, "x.tolist(), x.grad, len(rows)") == "([1.0, 1.0], None, 2)"
    assert len(driver.session.recording) == steps
    assert driver.tensors["x"]["range"] == "1"


def test_statements_prints_and_tracebacks(driver: Driver) -> None:
    driver.run(PROGRAM)
    at_line(driver, 8)
    assert ask(driver, "for i in range(2):\n    print(i, n)\n") == "0 3\n1 3"
    assert ask(driver, "scale(x, 10).tolist()") == "[10.0, 10.0]"
    answer = ask(driver, "nowhere + 1")
    assert answer.startswith("Traceback (most recent call last):")
    assert answer.endswith("NameError: name 'nowhere' is not defined")
    assert "SyntaxError" in ask(driver, "x +")
    assert ask(driver, "raise SystemExit(3)").endswith("SystemExit: 3")
    assert ask(driver, "x.shape") == "torch.Size([2])"


ASKING = """\
import random
import torch
torch.manual_seed(3)
random.seed(3)
drawn = []
def draw():
    drawn.append(torch.rand(1).item())
    return drawn
x = torch.zeros(2)
x = x + 1
input()
x.mul_(10)
print(torch.rand(1).item(), random.random(), len(drawn), torch.is_grad_enabled())
"""


def test_while_the_program_waits_it_answers_and_leaves_it_alone(driver: Driver) -> None:
    torch.manual_seed(3)
    random.seed(3)
    expected = f"{torch.rand(1).item()} {random.random()} 0 True"
    driver.type(ASKING)
    driver.press_run()
    driver.qtbot.waitUntil(lambda: driver.session.run.state == "waiting", timeout=20_000)
    at_line(driver, 9)
    steps = len(driver.session.recording)
    assert ask(driver, "x.tolist()") == "[0.0, 0.0]"
    assert ask(driver, "len(draw() + draw())") == "4"
    assert ask(driver, "random.random() == random.random()") == "False"
    assert ask(driver, "torch.set_grad_enabled(False)") != ""
    assert ask(driver, "input()").endswith("EOFError: EOF when reading a line")
    assert ask(driver, "exit(3)").endswith("SystemExit: 3")
    at_line(driver, 10)
    assert ask(driver, "x.tolist(), len(drawn)") == "([1.0, 1.0], 0)"
    assert len(driver.session.recording) == steps
    driver.window.runner.give_input("\n")
    driver.wait_ended()
    assert driver.session.run.how == "finished"
    assert driver.output.strip() == expected


def test_it_answers_in_the_middle_of_a_long_operation_and_can_be_given_up(driver: Driver) -> None:
    driver.type("import time\nx = 7\nwhile True:\n    time.sleep(60)\n")
    driver.press_run()
    driver.qtbot.waitUntil(lambda: len(driver.session.recording) >= 2, timeout=20_000)
    at_line(driver, 2)
    assert ask(driver, "x + 1") == "8"
    pane = driver.window.docks.pane("console")
    assert isinstance(pane, ConsolePane)
    driver.window.docks.reveal("console")
    pane.evaluate("while True: pass")
    driver.qtbot.waitUntil(lambda: pane.waiting.isVisible(), timeout=5_000)
    pane.give_up()
    assert not pane.waiting.isVisible()
    assert pane.text.toPlainText().endswith("Given up.\n")
    assert ask(driver, "x + 2") == "9"
    driver.window.gestures["stop"].trigger()
    driver.wait_ended()


def test_a_tensor_without_numbers_has_its_shape(driver: Driver) -> None:
    driver.run("import torch\nx = torch.ones(3, 4, device='meta').t()\n")
    at_line(driver, 2)
    answer = "(device(type='meta'), torch.Size([4, 3]), (1, 4))"
    assert ask(driver, "x.device, x.shape, x.stride()") == answer


def test_names_of_a_text_and_names_that_a_statement_binds() -> None:
    assert names_in("f(x)[0].y + z") == {"f", "x", "z"}
    assert names_in("x +") == set()
    assert bound_by("a, (b, *c) = f(d)") == {"a", "b", "c"}
    assert bound_by("for i, j in rows:") == {"i", "j"}
    assert bound_by("n += 1") == {"n"}
    assert bound_by("if (k := 3):") == {"k"}
    assert bound_by("print(x)") == set()
