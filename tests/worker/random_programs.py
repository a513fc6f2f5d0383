"""Programs made at random from a seed: views, aliases, in-place writes, control flow, backward.

    python -m tests.worker.random_programs SEED

prints one. A program is grown statement by statement, and every statement is tried at once on the
tensors that are there, so that most of them do something; some of those that raise are kept inside
``try``. Memory is never read before it is written, so two runs of a program hold the same numbers.
"""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from tests.worker.random_statements import PIECES, Piece, Situation

INDENT = "    "
_CATCH = "(RuntimeError, TypeError, ValueError, IndexError, KeyError, AttributeError)"


class Program:
    """One program while it grows."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lines = ['"""Made at random."""', "import numpy as np", "import torch", ""]
        self._space: dict[str, Any] = {}
        self._depth = 0
        self._count = 0
        self._functions = 0
        self._setup(f"torch.manual_seed({seed})")
        for _ in range(3):
            self._grow(PIECES["new"])

    def text(self, statements: int = 40) -> str:
        """The program's source, with about so many statements."""
        shapes: list[tuple[int, Callable[[], None]]] = [
            (14, self._statement),
            (1, self._loop),
            (1, self._while),
            (1, self._branch),
            (1, self._call),
            (1, self._guarded),
            (1, self._quiet),
            (1, self._several),
        ]
        weights = [weight for weight, _ in shapes]
        while self._count < statements:
            self._random.choices([shape for _, shape in shapes], weights)[0]()
        self._line("print(sorted(name for name in dir() if not name.startswith('_')))")
        return "\n".join(self._lines) + "\n"

    def _setup(self, line: str) -> None:
        exec("import numpy as np\nimport torch\n" + line, self._space)
        self._line(line)

    def _line(self, text: str) -> None:
        self._lines.append(INDENT * self._depth + text)
        self._count += 1

    @contextmanager
    def _block(self, header: str) -> Iterator[None]:
        self._line(header)
        self._depth += 1
        yield
        self._depth -= 1

    def _situation(self) -> Situation:
        return Situation(self._random, self._space)

    def _tried(self, text: str) -> bool:
        """Whether a statement works on the tensors as they are."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(text, self._space)
        except Exception:
            return False
        return True

    def _grow(self, piece: Piece) -> None:
        situation = self._situation()
        text = piece(situation) if situation.has_tensors() else PIECES["new"](situation)
        if text is None:
            return
        if self._tried(text):
            self._line(text)
        elif self._random.random() < 0.15:
            with self._block("try:"):
                self._line(text)
            with self._block(f"except {_CATCH} as error:"):
                self._line("print(type(error).__name__)")

    def _statement(self) -> None:
        kinds = list(PIECES)
        weights = [4 if kind in ("write", "view") else 2 for kind in kinds]
        self._grow(PIECES[self._random.choices(kinds, weights)[0]])

    def _body(self, most: int = 3) -> None:
        before = len(self._lines)
        for _ in range(self._random.randint(1, most)):
            self._statement()
        if len(self._lines) == before:
            self._line("pass")

    def _loop(self) -> None:
        if self._depth > 2:
            return
        name, times = self._random.choice("ij"), self._random.randint(1, 3)
        self._space[name] = 0
        with self._block(f"for {name} in range({times}):"):
            self._body()
        if self._random.random() < 0.3:
            with self._block("else:"):
                self._body(1)

    def _while(self) -> None:
        if self._depth > 1:
            return
        self._line("turns = 0")
        with self._block(f"while turns < {self._random.randint(1, 3)}:"):
            self._line("turns += 1")
            if self._random.random() < 0.3:
                with self._block("if turns == 2:"):
                    self._line(self._random.choice(["continue", "break"]))
            self._body(2)

    def _branch(self) -> None:
        if self._depth > 2:
            return
        if not self._situation().has_tensors():
            return
        name = self._situation().tensor()
        with self._block(f"if {name}.detach().sum() > {self._random.randint(-3, 6)}:"):
            self._body()
        with self._block("else:"):
            self._body()

    def _call(self) -> None:
        """A function that writes into its arguments and makes names of its own."""
        if self._depth or not self._situation().has_tensors():
            return
        self._functions += 1
        name, first = f"f{self._functions}", self._situation().tensor()
        inside = self._space
        self._space = {"torch": torch, "np": inside["np"], "a": inside[first].detach().clone()}
        with self._block(f"def {name}(a):"):
            self._body(5)
            result = self._situation()
            self._line(f"return {result.tensor() if result.has_tensors() else None}")
        self._space = inside
        with self._block("try:"):
            self._line(f"got{self._functions} = {name}({first})")
        with self._block(f"except {_CATCH}:"):
            self._line("pass")

    def _guarded(self) -> None:
        if self._depth > 2:
            return
        with self._block("try:"):
            self._body(2)
            if self._random.random() < 0.5:
                self._line("torch.ones(2) + torch.ones(3)")
        with self._block("except RuntimeError as error:"):
            self._body(1)
        with self._block("finally:"):
            self._body(1)

    def _quiet(self) -> None:
        if self._depth > 2:
            return
        guard = self._random.choice(["torch.no_grad()", "torch.enable_grad()"])
        with self._block(f"with {guard}:"):
            self._body()

    def _several(self) -> None:
        """Several statements on one line."""
        if not self._situation().has_tensors():
            return
        texts = [PIECES[kind](self._situation()) for kind in ("new", "view", "write")]
        good = [text for text in texts if text is not None and self._tried(text)]
        if good:
            self._line("; ".join(good))


def program(seed: int) -> str:
    """The source of the random program with this seed."""
    state = torch.random.get_rng_state()
    try:
        return Program(seed).text()
    finally:
        torch.random.set_rng_state(state)


if __name__ == "__main__":
    print(program(int(sys.argv[1])), end="")
