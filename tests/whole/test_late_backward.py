"""The inside of a late backward in the real window: asked for by a key, shown in every pane."""

from __future__ import annotations

from tests.whole.conftest import RUN_MS, Driver

LOOP = """\
import torch
torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
for i in range(20):
    w.grad = None
    loss = (w * i).pow(2).sum()
    loss.backward()
print("done", i)
"""


def test_into_the_last_backward(driver: Driver) -> None:
    driver.run(LOOP)
    end = driver.label
    driver.do("into_backward")
    runner = driver.window.runner
    assert "look into step" in runner.waiting
    assert driver.window.gestures["stop"].isEnabled()
    driver.qtbot.waitUntil(lambda: "." in driver.label, timeout=RUN_MS)
    driver.wait_ended()
    label = driver.label
    assert label == f"{int(end) - 1}.1"
    assert not runner.waiting
    assert driver.line == 7
    assert driver.notes[7] == "node 1 of 4"
    assert driver.output == "done 19\n"
    assert driver.tensors["w"]["grad"] == "leaf, none yet"
    assert driver.do("forward", "forward", "forward", "forward") == f"{int(end) - 1}"
    driver.settle()
    assert driver.tensors["w"]["grad"] == "leaf, .grad filled"
    assert driver.do("forward") == end
