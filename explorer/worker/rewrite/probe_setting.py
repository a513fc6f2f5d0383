"""Makes the marks of statements, and the probes that stand beside them.

A probe is called through a constant: the callee is written as a unique string that is replaced in
``co_consts`` once the tree is compiled. So no name is added to the program's namespaces, and the
call costs no look-up.
"""

from __future__ import annotations

import ast

from explorer.worker.rewrite.asks import AUGMENTED, OF_METHODS, Ask
from explorer.worker.rewrite.assigned import Effect
from explorer.worker.rewrite.grafting import graft, probe_call
from explorer.worker.rewrite.headers import Source
from explorer.worker.rewrite.marks import (
    CLASS,
    EXTEND,
    FRAME,
    ID,
    KIND,
    MODULE,
    PROBE,
    RESULT,
    SCALARS,
    Entry,
    Mark,
    Scope,
)

_OF_WHAT_IT_IS_NOW = (*OF_METHODS, AUGMENTED)
"""Questions whose answer is right for what a name stands for when the statement has bound it."""


class ProbeSetter:
    """Numbers the marks and entries of one file on from those given."""

    def __init__(
        self,
        source: Source,
        file: int,
        marks: list[Mark],
        entries: list[Entry],
        guarded: bool = True,
    ) -> None:
        self._source = source
        self._file = file
        self._guarded = guarded
        self._is_doubtful = False
        """Whether the statement that is marked next may run when one before has not come to its
        end, and nobody was told."""
        self.marks = marks
        self.entries = entries

    def _guards(self, scope: Scope) -> bool:
        """Whether probes need a guard: a module's body stands at the bottom of the stack."""
        return self._guarded and scope.kind != MODULE

    def _mark(
        self,
        node: ast.stmt | ast.ExceptHandler | ast.match_case,
        scope: Scope,
        effect: Effect,
        bind: bool = True,
    ) -> Mark:
        """``bind=False`` for a probe that sees a value which no name is bound to; names that
        a walrus in it binds are then looked up."""
        place = self._source.place(node)
        names = tuple(effect.names) if bind else ()
        doubtful = self._take_doubt(effect)
        judge, fills = effect.judge, effect.fills or doubtful
        asks = scope.asked([*judge.asks, *effect.asks])
        clear = not any(_is_bound(ask, names) for ask in asks)
        pure = judge.pure and clear and not effect.writes
        mark = Mark(
            len(self.marks) + 1,
            self._file,
            place.line,
            place.end_line,
            scope.function,
            place.text,
            tuple(map(scope.mangled, names)),
            tuple(name in scope.module_names or scope.kind == MODULE for name in names),
            tuple(map(scope.mangled, effect.removed)),
            effect.uncertain or (not bind and bool(effect.names)),
            effect.writes or effect.calls or bool(asks),
            tuple(judge.roots) if pure else None,
            fills or not pure,
            tuple(judge.roots) if clear and not fills and scope.kind != CLASS else None,
            asks,
            pure and not isinstance(node, (ast.For, ast.AsyncFor)),
            effect.thorough,
            effect.regrades,
            scope.kind,
            effect.operator,
        )
        self.marks.append(mark)
        return mark

    def _take_doubt(self, effect: Effect) -> bool:
        """Whether a statement is doubtful, which is told once; it is looked at as one that calls
        something, then."""
        doubtful, self._is_doubtful = self._is_doubtful, False
        effect.calls |= doubtful
        return doubtful

    def _probe(self, mark: Mark, effect: Effect, scope: Scope, where: ast.AST) -> ast.stmt:
        number = ast.Constant(mark.id)
        # A class body's names may live in a mapping that minds being asked.
        names = () if scope.kind == CLASS or not mark.names else tuple(effect.names)
        values: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
        result = len(values) == 1 and self._gives_result(mark, effect, scope)
        slow = probe_call(RESULT if result else PROBE, [number, *values])
        plain = scope.kind != CLASS and not (
            effect.writes or effect.calls or effect.stores or mark.uncertain or mark.removed
        )
        if not plain or len(names) > 1:
            return graft(slow, where, self._guards(scope))
        if not names:
            quick: ast.expr = self._quick(mark, scope, ast.Constant(None))
        else:
            kind = probe_call(KIND, [ast.Name(names[0], ast.Load())])
            test = ast.Compare(kind, [ast.In()], [ast.Constant(SCALARS)])
            quick = ast.IfExp(test, self._quick(mark, scope, values[0]), slow)
        return graft(quick, where, self._guards(scope))

    def _gives_result(self, mark: Mark, effect: Effect, scope: Scope) -> bool:
        """Whether the statement only binds a name of its own frame to what an expression gives,
        and writes nowhere as far as its syntax tells."""
        return (
            effect.assigns
            and mark.homes[0] == (scope.kind == MODULE)
            and mark.roots is not None
            and not (mark.fills or mark.uncertain or mark.removed)
        )

    def _quick(self, mark: Mark, scope: Scope, value: ast.expr) -> ast.expr:
        """Three entries for the log: statement, frame, value."""
        frame: ast.expr = ast.Constant(-1 - self._file)
        if scope.kind != MODULE:
            frame = probe_call(ID, [probe_call(FRAME, [])])
        return probe_call(EXTEND, [ast.Tuple([ast.Constant(mark.id), frame, value], ast.Load())])


def _is_bound(ask: Ask, names: tuple[str, ...]) -> bool:
    """Whether the statement itself binds what a question about what was there before depends on."""
    return ask.kind not in _OF_WHAT_IT_IS_NOW and any(name in names for name in ask.names())
