"""The command line of Tensor Explorer."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from explorer.cli import COMMANDS

if TYPE_CHECKING:
    from explorer.cli.arguments import Arguments

RAN, RAISED, WRONG = 0, 1, 2


def main(words: list[str] | None = None) -> int:
    """Do what the command line asks for; returns the exit code."""
    words = sys.argv[1:] if words is None else words
    if len(words) < 2 and not any(word in COMMANDS or word[:1] == "-" for word in words):
        return _open(*words)  # there is nothing to understand
    from explorer.cli.arguments import WrongUsage, parse

    try:
        arguments = parse(words)
    except WrongUsage as err:
        return _refuse(str(err))
    if arguments.command == "steps":
        return _steps(arguments)
    if arguments.command == "window":
        return _open(arguments.file, arguments.python, arguments.theme)
    try:
        return _shot(arguments)
    except ImportError as err:
        from explorer.cli.display import why_no_qt

        return _refuse(why_no_qt(err))


def _open(file: str = "", python: str = "", theme: str = "") -> int:
    try:
        return _window(file, python, theme)
    except ImportError as err:
        from explorer.cli.display import why_no_qt

        return _refuse(why_no_qt(err))


def _window(file: str, python: str, theme: str) -> int:
    from explorer.cli.display import why_no_window

    reason = why_no_window()
    if reason:
        return _refuse(reason)
    gc.disable()  # all that is made until the window stands there stays: see `app.settle`
    from explorer.ui.quick import load_qt

    load_qt()
    from explorer.ui.app import WindowOptions, start

    return start(WindowOptions(file, python, theme))


def _steps(arguments: Arguments) -> int:
    from explorer.cli.steps import StepsOptions, print_steps
    from explorer.cli.worker_client import WorkerGone
    from explorer.model.interpreters.found import own_python

    python = arguments.python or own_python()
    reason = _why_no_program(python)
    if reason:
        return _refuse(reason)
    options = StepsOptions(
        arguments.file,
        arguments.program_arguments,
        arguments.json,
        arguments.at,
        arguments.values,
        python,
        arguments.device,
        arguments.seed,
        memory=arguments.memory,
        disk=arguments.disk,
    )
    try:
        return print_steps(options, sys.stdout)
    except (WorkerGone, ValueError) as err:
        return _refuse(str(err))
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has had enough
        return RAN
    except OSError as err:
        sys.stdout = None  # what it still holds cannot be written either
        return _refuse(f"The steps cannot be written: {err.strerror}.")


def _why_no_program(python: str) -> str:
    """What an interpreter other than this one lacks, in one sentence; nothing when it will do."""
    from explorer.model.interpreters.found import look_at

    return "" if python == sys.executable else look_at(python).lacks


def _shot(arguments: Arguments) -> int:
    from explorer.cli.shot import CannotShoot, take_shot

    try:
        return take_shot(arguments)
    except CannotShoot as err:
        return _refuse(str(err))


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
