"""Programs that others wrote: CPython's own test files, and the examples in torch's docstrings."""

from __future__ import annotations

import ast
import doctest
import inspect
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

LANGUAGE = """
abc asyncgen augassign baseexception binop bool call class closure compare context contextlib
contextlib_async copy coroutines dataclasses decorators defaultdict deque descr descrtut dict
dictcomps dictviews dynamic dynamicclassattribute enum enumerate except_star exception_group
exception_hierarchy exception_variations exceptions extcall float fstring funcattrs functools gc
generator_stop generators genericalias genericclass genexps global grammar heapq inspect int
isinstance iter itertools keyword keywordonlyarg lambda list listcomps metaclass
named_expressions operator opcodes ordered_dict patma pep646_syntax pickle positional_only_arg
pow print property raise range richcmp scope set setcomps slice sort string_literals
structseq subclassinit super syntax sys_setprofile sys_settrace threading_local traceback tuple
type_annotations typechecks types typing unary unicode_identifiers unpack unpack_ex userdict
userlist weakref weakset with yield_from
""".split()
"""Tests of the language and of the builtins that live closest to it."""

RUN_TESTS = """
if __name__ == "__main__":
    import unittest
    unittest.main()
"""

SKIPPED_EXAMPLES = ("distributed", "multiprocessing", "cuda", "xpu", "mps", "onnx", "tensorboard")
"""Parts of torch whose examples need other processes, other devices or other packages."""


@dataclass(frozen=True)
class Foreign:
    """A program and how to start it."""

    name: str
    path: Path
    arguments: tuple[str, ...] = ()


def language_tests(folder: Path, chosen: list[str]) -> Iterator[Foreign]:
    """Copies of CPython's test files, each alone in a folder, so that only it is recorded.

    A test that this Python does not have is left out.
    """
    library = Path(sysconfig.get_path("stdlib")) / "test"
    for name in chosen or LANGUAGE:
        own = folder / name
        file, package = library / f"test_{name}.py", library / f"test_{name}"
        if file.exists():
            own.mkdir(parents=True)
            yield Foreign(name, _runnable(Path(shutil.copy(file, own))), ("-v",))
        elif package.is_dir():
            copied = Path(shutil.copytree(package, own))
            for program in sorted(copied.glob("test_*.py")) or [copied / "__init__.py"]:
                yield Foreign(f"{name}/{program.stem}", _runnable(program), ("-v",))


def _runnable(program: Path) -> Path:
    """Add the call that runs the tests where a file has none."""
    text = program.read_text(encoding="utf-8")
    if "unittest.main()" not in text:
        program.write_text(text + RUN_TESTS, encoding="utf-8")
    return program


def torch_examples(folder: Path) -> Iterator[Foreign]:
    """One program for each of torch's docstrings that hold an example."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in _docstrings():
        source = _as_program(name, text)
        if source is not None:
            count += 1
            path = folder / f"example_{count:04}.py"
            path.write_text(source)
            yield Foreign(name, path)


def _docstrings() -> Iterator[tuple[str, str]]:
    import torch

    seen: set[str] = set()
    for module in _modules(torch):
        for name, value in sorted(vars(module).items()):
            if name.endswith("Tensor") and name != "Tensor":
                continue  # the legacy classes, which document the same again
            for full, text in _documented(f"{module.__name__}.{name}", value):
                if text not in seen and ">>>" in text:
                    seen.add(text)
                    yield full, text


def _modules(torch: Any) -> list[ModuleType]:
    names = [name for name in sys.modules if name == "torch" or name.startswith("torch.")]
    public = [name for name in names if "._" not in name and "testing" not in name]
    wanted = [name for name in public if not any(part in name for part in SKIPPED_EXAMPLES)]
    return [sys.modules[name] for name in sorted(wanted)]


def _documented(name: str, value: Any) -> Iterator[tuple[str, str]]:
    text = getattr(value, "__doc__", None)
    if isinstance(text, str):
        yield name, text
    if inspect.isclass(value) and value.__module__.startswith("torch"):
        for inner, member in sorted(vars(value).items()):
            text = getattr(member, "__doc__", None)
            if isinstance(text, str):
                yield f"{name}.{inner}", text


def _as_program(name: str, text: str) -> str | None:
    """The examples one after another; what an expression gives is printed, what raises is told."""
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return None
    lines = [f'"""The examples of {name}."""', "import torch", "from torch import nn"]
    lines.append("torch.manual_seed(0)")
    for example in examples:
        source = example.source.rstrip()
        if any(part in source for part in SKIPPED_EXAMPLES) or not _is_code(source):
            continue
        shown = f"print(repr({source}))" if _is_expression(source) else source
        body = "\n".join("    " + line for line in shown.splitlines())
        told = "except Exception as error:\n    print(type(error).__name__)"
        lines.append(f"try:\n{body}\n{told}")
    return "\n".join(lines) + "\n" if len(lines) > 4 else None


def _is_code(source: str) -> bool:
    try:
        return bool(ast.parse(source).body)
    except SyntaxError:
        return False


def _is_expression(source: str) -> bool:
    try:
        ast.parse(f"({source}\n)", mode="eval")
    except SyntaxError:
        return False
    return "#" not in source
