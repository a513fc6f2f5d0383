"""Programs that misbehave, through ``steps``: each works, or gets a sentence that says what it was.

Whatever a program does, every line printed is JSON, the steps up to there are told, nothing hangs,
and no traceback of the explorer itself is shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.worker.both_ways import PROGRAMS, one_thread

BAD = PROGRAMS / "bad"
PATIENCE = 300
RAN, RAISED, WRONG = 0, 1, 2


@dataclass(frozen=True)
class Case:
    """What must be told of a program: the exit code, and of these texts each one somewhere.

    ``codes`` are statements that must be among the steps, ``tensors`` what names hold at the last
    step at which they are seen, ``printed`` what its output contains, ``said`` what the explorer
    says on stderr.
    """

    code: int = RAN
    codes: tuple[str, ...] = ()
    tensors: dict[str, list[float]] = field(default_factory=dict)
    printed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    given: str = ""


CASES = {
    "closes_stdout": Case(tensors={"x": [5, 5]}, printed=("before\n",)),
    "changes_directory": Case(tensors={"x": [5, 5]}),
    "exits_with_three": Case(codes=("sys.exit(3)",), tensors={"t": [2, 2]}),
    "starts_threads": Case(tensors={"total": [10] * 20}, codes=("mine += 1",)),
    "writes_at_once": Case(
        tensors={
            "first": [300] * 8,
            "last": [150] * 8,
            "moved": [-n for n in range(8)],
            "after": [8000],
        },
        said=("threads that may write at the same time",),
    ),
    "writes_in_a_pool": Case(
        tensors={"total": [60_000] * 8, "rows[7]": [61] * 20},
        said=("threads that may write at the same time",),
    ),
    "leaves_threads_running": Case(
        codes=("x.add_(1)",),
        printed=("last statement\n", "late 1.0\n", "ValueError: in a thread"),
    ),
    "starts_subprocesses": Case(tensors={"x": [85, 85]}),
    "forks_and_goes_on": Case(tensors={"x": [12, 12]}, printed=("parent [12.0, 12.0]",)),
    "sets_settrace": Case(tensors={"b": [3]}),
    "patches_print": Case(tensors={"x": [7, 7]}),
    "repr_raises": Case(RAISED, tensors={"x": [2, 2], "tensor": [2, 2]}, said=("RudeError",)),
    "names_of_the_world": Case(
        RAISED,
        tensors={"张量": [2, 2], "值": [4, 4], "结果": [4, 4], "ρ['عربي']": [2, 2]},
        printed=("输出 🙂 عربي [4.0, 4.0]",),
        said=("ValueError: 错误 🙂",),
    ),
    "leaves_by_os_exit": Case(
        RAISED, codes=("x += 1",), printed=("heard\n",), said=("exit code 7",)
    ),
    "segmentation_fault": Case(RAISED, codes=("x += 1",), said=("signal 11",)),
    "aborts": Case(RAISED, codes=("x += 1",), said=("signal 6",)),
    "kills_itself": Case(RAISED, codes=("x += 1",), said=("signal 9",)),
    "closes_all_descriptors": Case(RAISED, codes=("x = torch.ones(2)",), said=("process ended",)),
    "asks_for_too_much": Case(tensors={"x": [5, 5]}, codes=("big = x.expand(10**9, 2)",)),
    "recurses": Case(RAISED, tensors={"x": [2]}, said=("RecursionError",)),
    "deletes": Case(tensors={"z": [1]}, codes=("del globals()[name]",)),
    "reads_beyond_input": Case(RAISED, given="3\n", tensors={"x": [4]}, said=("EOFError",)),
    "changes_the_world": Case(
        RAISED, tensors={"y": [2, 2]}, printed=("tensor([2., 2.])",), said=("at the end",)
    ),
    "messes_with_modules": Case(tensors={"x": [4, 4]}),
    "prints_without_end": Case(tensors={"x": [2]}, printed=("y" * 1_000_000, "z" * 1_000_000)),
    "clash/own_explorer": Case(
        tensors={"x": [5], "y": [6]},
        printed=("the program's own explorer the program's own worker",),
    ),
    "not_utf8": Case(RAISED, said=("SyntaxError", "UTF-8", "line 2")),
    "latin_1": Case(tensors={"x": [1, 1]}, printed=("4 True",)),
    "bom_and_carriage_returns": Case(tensors={"x": [2, 2], "y": [4, 4]}),
    "null_bytes": Case(RAISED, said=("SyntaxError", "null bytes")),
    "not_python": Case(RAISED, said=("SyntaxError", "null bytes")),
    "empty": Case(),
    "only_a_comment": Case(),
    "syntax_error": Case(RAISED, said=("SyntaxError: expected ':'", "line 3")),
    "nested_too_deep": Case(RAISED, said=("SyntaxError: too many nested parentheses",)),
    "nested_deep": Case(tensors={"x": [2]}),
}


def steps(
    program: Path | str, python: str, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """``steps PROGRAM --json``, as a person runs it."""
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--json"]
    command += ["--values", "20"]
    return subprocess.run(
        [*command, "--python", python, "--", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=PROGRAMS.parents[1],
        env=one_thread(),
        timeout=PATIENCE,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The steps; every line that was printed is one."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def values_at_last(lines: list[dict[str, Any]], name: str) -> Any:
    """What a name held at the last step at which it was seen."""
    seen = [line["tensors"][name] for line in lines if name in line["tensors"]]
    return seen[-1]["values"] if seen else None


@pytest.mark.parametrize("name", CASES)
def test_steps_of_a_bad_program(name: str, python: str) -> None:
    case = CASES[name]
    done = steps(BAD / f"{name}.py", python, *case.arguments, given=case.given)
    lines = told(done)
    assert "explorer/" not in done.stderr.replace("clash/own_explorer", "")
    for text in case.said:
        assert text.lower() in done.stderr.lower()
    codes = {line["code"] for line in lines}
    assert set(case.codes) <= codes
    held = {path: values_at_last(lines, path) for path in case.tensors}
    assert held == case.tensors
    output = "".join(line["output"] for line in lines)
    for text in case.printed:
        assert text in output
    assert done.returncode == case.code, done.stderr


@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.slow)])
def test_ten_thousand_tensors_at_each_of_six_hundred_steps(every: int, python: str) -> None:
    """Six million tensors in 1.6 GB of JSON, read as it comes; every so many lines are taken to
    pieces, of the others it is seen that they are whole."""
    program = BAD / "ten_thousand_tensors.py"
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--json"]
    tensors: dict[str, Any] = {}
    names = []
    with subprocess.Popen(
        [*command, "--python", python], stdout=subprocess.PIPE, cwd=PROGRAMS.parents[1]
    ) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            assert line.startswith(b'{"step": "') and line.endswith(b'"error": null}\n')
            names.append(line.count(b'"dtype"'))
            if number % every == 0 or number >= 605:
                tensors = json.loads(line)["tensors"]
                assert len(tensors) == names[-1]
        assert process.wait(PATIENCE) == RAN
    assert (len(names), max(names)) == (606, 11_301)
    held = {"rows[5000]": [5001], "table[7][3]": [73], "name_299": [0], "last": [0]}
    assert {path: tensors[path]["values"] for path in held} == held


def test_every_bad_program_is_run() -> None:
    there = {path.stem for path in BAD.glob("*.py")}
    assert there == {name for name in CASES if "/" not in name} | {"ten_thousand_tensors"}


def test_a_killed_child_prints_no_json_of_its_own(python: str) -> None:
    """What children print is the program's output, never a line among the steps."""
    lines = told(steps(BAD / "starts_subprocesses.py", python))
    assert [line["code"] for line in lines if line["code"] == "y = x + 5"] == []
    assert lines[-1]["code"] == "x += 1"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("no_such_file.py", "there is no file"),
        (".", "is a folder"),
    ],
)
def test_a_file_that_is_none(given: str, sentence: str, tmp_path: Path, python: str) -> None:
    done = steps(tmp_path / given, python)
    assert (done.returncode, done.stdout) == (WRONG, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    for interpreter, sentence in (
        ("/no/such/python", "is not there: choose another one"),
        ("/bin/true", "is not a Python that works"),
        (str(tmp_path), "cannot be started"),
    ):
        done = steps(BAD / "empty.py", interpreter)
        assert (done.returncode, done.stdout) == (WRONG, "")
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_an_interpreter_without_torch(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    done = steps(BAD / "empty.py", str(bare / "bin" / "python"))
    assert (done.returncode, done.stdout) == (WRONG, "")
    assert "has no torch and numpy: run" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_fifty_thousand_lines(tmp_path: Path, python: str) -> None:
    program = tmp_path / "long.py"
    program.write_text("import torch\nx = torch.zeros(1)\n" + "n = 1\n" * 49_997 + "x += 1\n")
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--at", "50000"]
    done = subprocess.run(
        [*command, "--json", "--python", python],
        capture_output=True,
        text=True,
        cwd=PROGRAMS.parents[1],
        timeout=PATIENCE,
        check=False,
    )
    (last,) = told(done)
    assert (last["line"], last["tensors"]["x"]["values"]) == (50_000, [1.0])


@pytest.mark.slow
def test_a_hundred_megabytes_of_output(python: str) -> None:
    lines = told(steps(BAD / "prints_without_end.py", python, "100"))
    assert sum(len(line["output"]) for line in lines) >= 100_000_000
    assert values_at_last(lines, "x") == [2.0]


def test_a_name_that_is_gone_is_not_told_any_more(python: str) -> None:
    lines = told(steps(BAD / "deletes.py", python))
    by_code = {line["code"]: line["tensors"] for line in lines}
    assert "x" in by_code["y = x"]
    assert "x" not in by_code["del x"]
    assert "rows[1]" in by_code["rows = [torch.ones(1), torch.zeros(1)]"]
    assert "rows[1]" not in by_code["del rows[0]"]
    assert "rows[0]" not in by_code["rows.clear()"]
    assert "thing.t" in by_code["thing = Thing()"]
    assert "thing.t" not in by_code["del thing.t"]
    assert set(lines[-1]["tensors"]) == {"z"}
