"""Programs that misbehave: each simply works or gets a sentence; the window lives."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.whole.conftest import Driver


def test_an_empty_program(driver: Driver) -> None:
    driver.run("")
    assert driver.session.run.how == "finished"
    assert driver.session.moment.step == -1
    driver.run("# only a comment\n")
    assert driver.session.run.how == "finished"


def test_a_program_that_is_no_python(driver: Driver) -> None:
    driver.type("%PDF-1.7 this is not Python\n")
    driver.wait_ready()
    with driver.qtbot.waitSignal(driver.window.runner.refused, timeout=20_000):
        driver.do("run")
    assert "SyntaxError in line 1" in driver.window.editor.banner.sentence


def test_a_text_without_a_file_runs_all_the_same(driver: Driver) -> None:
    driver.window.editor.document.show_text("import torch\nx = torch.ones(2)\n")
    driver.press_run()
    driver.wait_ended()
    assert set(driver.tensors) == {"x"}
    assert driver.window.editor.document.path is None
    assert driver.window.editor.document.editor.is_modified()


def test_fifty_thousand_lines_run(driver: Driver) -> None:
    driver.run("x = 1\n" * 49_999 + "import torch; last = torch.ones(1)\n")
    assert driver.session.run.how == "finished"
    assert len(driver.session.recording) >= 50_000
    assert driver.line == 50_000
    assert "last" in driver.tensors
    driver.do("to_start")
    assert driver.line == 1


def test_exit_code_threads_folders_and_print_of_its_own(driver: Driver) -> None:
    (driver.folder / "elsewhere").mkdir()
    driver.run(
        "import os, sys, threading, builtins\n"
        "import torch\n"
        "os.chdir('elsewhere')\n"
        "print(os.path.basename(os.getcwd()), sys.argv[0].endswith('program.py'), __name__)\n"
        "def work():\n"
        "    y = torch.ones(3)\n"
        "    y += 1\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "thread.join()\n"
        "builtins.print = lambda *a: sys.stdout.write('mine\\n')\n"
        "print('x')\n"
        "sys.settrace(None)\n"
        "sys.exit(3)\n"
    )
    assert driver.output == "elsewhere True __main__\nmine\n"
    assert driver.session.run.how == "exited"
    assert driver.session.run.sentence.startswith("The program ended with sys.exit(3)")


def test_a_closed_stdout_and_a_subprocess(driver: Driver) -> None:
    driver.run(
        "import subprocess, sys\n"
        f"done = subprocess.run([{sys.executable!r}, '-c', 'print(40 + 2)'], "
        "capture_output=True, text=True)\n"
        "print(done.stdout.strip())\n"
        "sys.stdout.close()\n"
        "x = 1\n"
    )
    assert driver.session.run.how == "finished"
    assert "42" in driver.output


def test_a_hundred_megabytes_of_output(driver: Driver) -> None:
    driver.run("for i in range(1000):\n    print('x' * 100_000)\nprint('end')\n")
    assert driver.session.run.how == "finished"
    driver.qtbot.waitUntil(lambda: driver.output.endswith("end\n"), timeout=60_000)


def test_names_in_chinese_and_emoji_in_strings(driver: Driver) -> None:
    driver.run(
        "import torch\n张量 = torch.ones(2)\nδ = 张量 * 2\nprint('😀', δ.sum().item())\n", "程序.py"
    )
    assert driver.output == "😀 4.0\n"
    assert set(driver.tensors) == {"张量", "δ"}
    assert driver.notes[2].startswith("张量 f32[2]")


def test_a_repr_that_raises(driver: Driver) -> None:
    driver.run(
        "import torch\n"
        "class Shy(torch.Tensor):\n"
        "    def __repr__(self, **kw):\n"
        "        raise ValueError('no')\n"
        "s = torch.ones(3).as_subclass(Shy)\n"
        "t = torch.zeros(2)\n"
    )
    assert driver.session.run.how == "finished"
    assert set(driver.tensors) == {"s", "t"}
    assert driver.tensors["s"]["range"] == "1"


def test_a_variable_that_is_deleted_while_looked_at(driver: Driver) -> None:
    driver.run("import torch\na = torch.ones(3)\nb = a + 1\ndel a\nc = b + 1\n")
    driver.go("3")
    recording = driver.session.recording
    driver.session.look(driver.session.moment.on_tensor(recording.tensor_named(2, "a"), "a"))
    driver.go("4")
    assert "a" not in driver.tensors
    driver.go("2")
    driver.qtbot.waitUntil(lambda: driver.session.moment.name == "a")
    assert driver.session.moment.tensor == recording.tensor_named(1, "a")


def test_ten_thousand_tensors(driver: Driver) -> None:
    driver.run("import torch\nrows = [torch.full((2,), float(i)) for i in range(10_000)]\n")
    tensors = driver.tensors
    assert len(tensors) == 10_000
    assert tensors["rows[3]"]["range"] == "3"


def test_warnings_and_stderr_are_red_but_no_problem(driver: Driver) -> None:
    driver.run("import sys, warnings\nwarnings.warn('careful')\nprint('err', file=sys.stderr)\n")
    assert "careful" in driver.output
    assert driver.output.endswith("err\n")
    assert driver.problems == []


def test_a_file_that_goes_away_while_open(driver: Driver) -> None:
    path = driver.type("x = 1\n")
    path.unlink()
    driver.window.editor.disk.check()
    assert "is gone from the disk" in driver.window.editor.banner.sentence
    driver.window.editor.document.editor.replace_text("y = 2\n")
    driver.press_run()
    driver.wait_ended()
    assert path.read_text() == "y = 2\n"


@pytest.mark.parametrize("bad", ["/bin/false", "/no/such/python"])
def test_a_bad_interpreter_is_told_of_and_another_one_mends_it(driver: Driver, bad: str) -> None:
    workers = driver.window.workers
    driver.window.runs.choose_interpreter(bad)
    driver.qtbot.waitUntil(lambda: bool(workers.problem), timeout=30_000)
    assert bad in driver.window.editor.banner.sentence
    assert driver.window.interpreter.value == "none that works"
    driver.type("x = 1\n")
    with driver.qtbot.waitSignal(driver.session.noted, timeout=30_000) as told:
        driver.do("run")
    assert bad in told.args[0]
    driver.window.runs.choose_interpreter(sys.executable)
    driver.run("x = 1\n")
    assert driver.session.run.how == "finished"


def test_meta_as_device(driver: Driver) -> None:
    driver.wait_ready()
    driver.qtbot.waitUntil(lambda: bool(driver.window.device.devices), timeout=30_000)
    names = {device.name: device for device in driver.window.device.devices}
    assert names["cpu"].usable
    assert names["meta"].usable
    driver.run("import torch\nx = torch.ones(3)\n")
    driver.window.device.choose("meta")
    driver.qtbot.waitUntil(lambda: driver.session.run.serial == 2, timeout=60_000)
    driver.wait_ended()
    assert driver.tensors["x"]["device"] == "meta"


def test_a_left_text_is_offered_and_brought_back(driver: Driver, tmp_path: Path) -> None:
    copies = tmp_path / "data" / "autosave" / "abandoned"
    copies.mkdir(parents=True)
    (copies / "a.json").write_text('{"path": "", "text": "x = 1  # was not saved\\n"}')
    driver.window.files.offer_left_texts()
    banner = driver.window.editor.banner
    assert "1 text was not saved when the window ended last time" in banner.sentence
    next(button for button in banner._buttons if button.text() == "Bring back").click()
    assert driver.window.editor.document.editor.text() == "x = 1  # was not saved\n"
    assert not copies.exists()
