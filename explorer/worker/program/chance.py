"""With what the random numbers of a program begin, where it does not say so itself.

Each process begins with numbers that the system draws. To run a program again exactly, another
process must begin with the same ones. NumPy's module is not imported for that: it is looked at
when the program imports it.
"""

from __future__ import annotations

import base64
import random
import sys
import zlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch

from explorer.protocol.running import Chance, ChanceRead, ReadChance

NUMPY = "numpy.random"
TWISTER = "MT19937"
WORDS = 624


class Beginning:
    """Knows, and can set, with what the generators of this process begin."""

    def __init__(self) -> None:
        self._told: Chance | None = None
        self._begun = Chance("", "", "")

    def begin(
        self, told: Chance | None, after_import: dict[str, Callable[[ModuleType], None]]
    ) -> None:
        """Let the program begin as ``told``, or with what there is; right before it runs.

        ``after_import`` takes what to call when a module has been imported.

        Raises:
            ValueError: when it is told what no run began with.
        """
        self._told = told
        if told is not None:
            random.setstate((3, tuple(_unpacked(told.python, WORDS + 1)), None))
            torch.default_generator.manual_seed(int(told.torch))
        words = _packed(random.getstate()[1])
        self._begun = Chance(words, "", str(torch.default_generator.initial_seed()))
        after_import[NUMPY] = self._begin_numpy
        if NUMPY in sys.modules:
            self._begin_numpy(sys.modules[NUMPY])

    def _begin_numpy(self, module: Any) -> None:
        if self._told is not None and self._told.numpy:
            *key, place = _unpacked(self._told.numpy, WORDS + 1)
            module.set_state((TWISTER, np.array(key, dtype=np.uint32), place, 0, 0.0))
        _, key, place, *_ = module.get_state()
        numpy = _packed([*key.tolist(), int(place)])
        self._begun = Chance(self._begun.python, numpy, self._begun.torch)

    def read_chance(self, request: ReadChance) -> ChanceRead:
        """Answer `ReadChance`."""
        return ChanceRead(self._begun)


def _packed(numbers: Any) -> str:
    return base64.b64encode(zlib.compress(np.array(numbers, "<u4").tobytes(), 1)).decode()


def _unpacked(text: str, count: int) -> list[int]:
    numbers: list[int] = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<u4").tolist()
    if len(numbers) != count:
        raise ValueError("No run can have begun with these random numbers.")
    return numbers
