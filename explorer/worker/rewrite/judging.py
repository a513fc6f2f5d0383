"""Whether a statement that ran may have written into tensors, or changed containers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from explorer.worker.recording.container_kinds import TENSOR, kind_of
from explorer.worker.rewrite.answering import are_harmless
from explorer.worker.rewrite.marks import Mark
from explorer.worker.rewrite.purity import still_mean
from explorer.worker.rewrite.reach import NOWHERE, Reach
from explorer.worker.statements import Statements


class Judging:
    """Judges the statements of one run by their marks and by what their names stand for."""

    def __init__(self, statements: Statements, trouble: Callable[[Exception], None]) -> None:
        """``trouble`` hears of what should not happen; the worst is assumed then."""
        self._statements = statements
        self._recorded = statements.known
        self._trouble = trouble

    def reach_of(self, mark: Mark, frame: FrameType) -> Reach | None:
        """Where a statement may have written; None when it may have been anywhere."""
        if mark.roots is None:
            return None
        reach = Reach() if mark.asks else NOWHERE
        return reach if self._as_taken(mark.roots, mark, frame, reach) else None

    def may_write(self, mark: Mark, frame: FrameType) -> bool:
        """Whether a statement may have written into tensors."""
        reach = self.reach_of(mark, frame)
        return reach is None or bool(reach.tensors)

    def spares(
        self, mark: Mark, values: Iterable[Any], frame: FrameType, reach: Reach | None
    ) -> bool:
        """Whether a statement, which bound names to ``values`` and wrote within ``reach``, has
        certainly changed no container."""
        if mark.spares is None or not all(kind_of(value) <= TENSOR for value in values):
            return False
        if reach is None:
            reach = Reach()
            if not self._as_taken(mark.spares, mark, frame, reach):
                return False
        return not reach.fills

    def is_calm(self, frame: FrameType | None) -> bool:
        """Whether the statement that runs in a recorded frame, and calls a function that begins
        now, has certainly written nothing so far."""
        if frame is None:
            return False
        try:
            mark = self._statements.alone_at(frame.f_code, frame.f_lineno)
            return mark is not None and mark.calm and not self.may_write(mark, frame)
        except RecursionError:
            return False
        except Exception as err:
            self._trouble(err)
            return False

    def _as_taken(self, roots: tuple[str, ...], mark: Mark, frame: FrameType, reach: Reach) -> bool:
        try:
            if not still_mean(roots, frame.f_globals):
                return False
            return not mark.asks or are_harmless(mark.asks, frame, self._recorded, reach)
        except RecursionError:  # no room left on the stack to ask
            return False
        except Exception as err:
            self._trouble(err)
            return False
