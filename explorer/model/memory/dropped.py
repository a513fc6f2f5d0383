"""Which contents are no longer held and why, and at which steps nothing written is left."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Dropped:
    """Contents by id, a byte for each: a recording may drop millions."""

    def __init__(self) -> None:
        self._reasons = [""]
        self._reason_of = bytearray()
        self._count = 0
        self._written_at = array("i")
        """Content id -> the step that wrote it, -1 when that is not known (yet)."""
        self._left = array("i")
        """Step -> how many of the contents it wrote are held, -1 when it wrote none."""

    def __len__(self) -> int:
        return self._count

    def __contains__(self, content: int) -> bool:
        return 0 <= content < len(self._reason_of) and self._reason_of[content] > 0

    def get(self, content: int) -> str:
        """Why a content was dropped, in a sentence; empty when it was not."""
        return self._reasons[self._reason_of[content]] if content in self else ""

    @property
    def reasons(self) -> list[str]:
        """Every reason that was given, in order."""
        return self._reasons[1:]

    def written(self, content: int, step: int) -> None:
        """A content was written at a step."""
        while len(self._written_at) <= content:
            self._written_at.append(-1)
        if self._written_at[content] >= 0:
            return
        self._written_at[content] = step
        while len(self._left) <= step:
            self._left.append(-1)
        held = content not in self
        self._left[step] = max(self._left[step], 0) + held

    def add(self, contents: Iterable[int], reason: str) -> None:
        """These contents are held no more."""
        if reason not in self._reasons:
            self._reasons.append(reason)
        code = min(self._reasons.index(reason), 255)
        for content in contents:
            if content < 0 or content in self:
                continue
            if content >= len(self._reason_of):
                self._reason_of.extend(bytes(content + 1 - len(self._reason_of)))
            self._reason_of[content] = code
            self._count += 1
            step = self._written_at[content] if content < len(self._written_at) else -1
            if step >= 0:
                self._left[step] -= 1

    def steps(self, count: int) -> NDArray[np.bool_]:
        """For each of ``count`` steps whether it wrote values and none of them is held."""
        found = np.zeros(count, dtype=np.bool_)
        if self._count:
            left = np.array(self._left[:count], dtype=np.int32)
            found[: len(left)] = left == 0
        return found
