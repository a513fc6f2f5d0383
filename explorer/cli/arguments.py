"""The command line: what can be asked for, and one sentence when it cannot be understood."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from explorer.cli import COMMANDS

EXAMPLES = """\
examples:
  tensor-explorer                                  open the window on what was open last
  tensor-explorer lesson.py                        open the window with lesson.py in the editor
  tensor-explorer --python ~/venv/bin/python a.py  run programs in another interpreter
  tensor-explorer steps a.py                       print what each step did
  tensor-explorer steps a.py --json --at 6.2       one step, as a line of JSON
  tensor-explorer steps a.py -- --epochs 3         hand arguments to the program
  tensor-explorer shot a.py -o a.png --at 4 --tensor d
  tensor-explorer shot a.py -o graph.png --pane graph --theme dark --size 900x600

A file whose name is steps or shot is opened as ./steps or ./shot.
"""


class WrongUsage(Exception):
    """The command line cannot be understood; the text is one sentence."""


@dataclass(frozen=True)
class Arguments:
    """What was asked for; ``command`` is ``window``, ``steps`` or ``shot``."""

    command: str = "window"
    file: str = ""
    python: str = ""
    theme: str = ""
    json: bool = False
    at: str = ""
    values: int = 10
    device: str = ""
    seed: int | None = None
    memory: int = 0
    disk: int = 0
    out: str = ""
    tensor: str = ""
    pane: str = ""
    size: tuple[int, int] = (1600, 1000)
    unfold: Sequence[str] = ()
    program_arguments: tuple[str, ...] = field(default=())


class _Versions(argparse.Action):
    """Prints the versions of the program, Qt, and the Python and torch that run programs."""

    def __init__(self, option_strings: list[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from explorer.cli.versions import versions

        print(versions())
        parser.exit()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{self.prog}: {message}; see {self.prog} --help.")


def parse(words: list[str]) -> Arguments:
    """Read the words behind the program's name.

    Raises:
        WrongUsage: when they make no sense, or name a file that is not there.
        SystemExit: for ``--help`` and ``--version``, after printing.
    """
    own, program_arguments = _split(words)
    if own[:1] and own[0] in COMMANDS:
        command, rest = own[0], own[1:]
        parser = _steps_parser() if command == "steps" else _shot_parser()
    else:
        command, rest, parser = "window", own, _window_parser()
        if program_arguments:
            raise WrongUsage("tensor-explorer: arguments behind -- belong to steps or shot.")
    given = vars(parser.parse_args(rest))
    found = Arguments(command=command, program_arguments=tuple(program_arguments), **given)
    if command != "window":
        _need_file(found.file)
    return found


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in words:
        return words, []
    place = words.index("--")
    return words[:place], words[place + 1 :]


def _need_file(file: str) -> None:
    path = Path(file)
    if path.is_dir():
        raise WrongUsage(f"tensor-explorer: {file} is a folder, not a program.")
    if not path.exists():
        raise WrongUsage(f"tensor-explorer: there is no file {file}.")


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tensor-explorer",
        description="See what a PyTorch tensor is, holds, and how autograd walks its graph, "
        "step by step, forward and back.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Versions, help="name all versions and exit")
    parser.add_argument("file", nargs="?", default="", metavar="FILE", help="program to open")
    _add_python(parser)
    _add_theme(parser, "")
    return parser


def _steps_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tensor-explorer steps",
        description="Run a program under the recorder, without a window, and print its steps.",
        epilog="exit codes: 0 the program ran, 1 it raised, 2 wrong usage or no such file",
    )
    _add_run(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--values", type=_count, default=10, metavar="N", help="numbers a tensor")
    return parser


def _shot_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tensor-explorer shot",
        description="Run a program and write a picture of the window, or of one pane, at a step. "
        "Needs no display.",
        epilog="exit codes: 0 the program ran, 1 it raised (the picture is written all the same), "
        "2 wrong usage or no such file",
    )
    _add_run(parser)
    parser.add_argument("-o", "--out", required=True, metavar="OUT.png", help="where to write it")
    parser.add_argument("--tensor", default="", metavar="NAME", help="tensor to look at")
    parser.add_argument("--pane", default="", metavar="NAME", help="only this pane")
    parser.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH", help="in pixels")
    parser.add_argument(
        "--unfold", action="append", default=[], metavar="NAME",
        help="open this group of the graph, such as net.layer1; may be given again",
    )  # fmt: skip
    _add_theme(parser, "light")
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="program to run; its arguments follow --")
    parser.add_argument("--at", default="", metavar="STEP", help="a step, such as 4 or 6.2")
    parser.add_argument("--device", default="", help="where new tensors are made, such as cuda:0")
    parser.add_argument("--seed", type=int, help="seed of torch's random numbers")
    parser.add_argument(
        "--memory",
        type=_memory,
        default=0,
        metavar="SIZE",
        help="most that recorded values may take, such as 2G; else a quarter of the free memory",
    )
    parser.add_argument(
        "--disk",
        type=_bytes,
        default=0,
        metavar="SIZE",
        help="most that older values may take on disk, 0 for none; else a quarter of the free disk",
    )
    _add_python(parser)


def _add_python(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--python", default="", metavar="PATH", help="interpreter that runs the program"
    )


def _add_theme(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--theme", choices=("light", "dark", "system"), default=default)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})[xX×](\d{2,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 1600x1000")
    return int(found[1]), int(found[2])


_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


def _memory(text: str) -> int:
    found = _bytes(text)
    if found <= 0:
        raise argparse.ArgumentTypeError("a recording needs some memory, such as 2G")
    return found


def _bytes(text: str) -> int:
    """Bytes from a size such as 500M; none at all is -1, because 0 leaves the choice open."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", text, re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 500M or 2G")
    return int(float(found[1]) * (1 << _UNITS[found[2].upper()])) or -1


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no number of values")
    return int(text)
