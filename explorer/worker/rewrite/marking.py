"""Puts a probe behind every statement of a syntax tree.

A probe is called through a constant: the callee is written as a unique string that is replaced in
``co_consts`` once the tree is compiled. So no name is added to the program's namespaces, and the
call costs no look-up. Every inserted node takes the place of what it follows in the source, so
tracebacks and line events stay those of the plain program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from explorer.worker.rewrite.asks import METHOD
from explorer.worker.rewrite.assigned import (
    Effect,
    bound_names,
    effect_of,
    parameters,
    take_expression,
    take_pattern,
)
from explorer.worker.rewrite.grafting import end_of, graft, make_ready, probe_call, tap, undisturbed
from explorer.worker.rewrite.headers import Source
from explorer.worker.rewrite.marks import (
    CAUGHT,
    CLASS,
    ENTER,
    EXTEND,
    FRAME,
    FUNCTION,
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
from explorer.worker.rewrite.openings import effect_of_loop, effect_of_with


class Marker:
    """Rewrites one file's tree; its marks and entries are numbered on from those given."""

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
        self.marks = marks
        self.entries = entries

    def module(self, tree: ast.Module) -> ast.Module:
        """The tree with probes; ``tree`` itself is used up."""
        scope = Scope(MODULE, "<module>")
        tree.body = self._entered(tree.body, scope, ())
        return tree

    def _entered(
        self, body: list[ast.stmt], scope: Scope, names: tuple[str, ...]
    ) -> list[ast.stmt]:
        """A module's, function's or class's body: docstring and future imports stay first."""
        known = tuple(map(scope.mangled, names))
        entry = Entry(len(self.entries), self._file, scope.function, known, scope.kind)
        self.entries.append(entry)
        first = undisturbed(body)
        where = body[first] if first < len(body) else body[-1] if body else None
        loads = [ast.Name(name, ast.Load()) for name in names]
        call = probe_call(ENTER, [ast.Constant(entry.id), *loads])
        entered = [graft(call, where, self._guards(scope))] if where is not None else []
        return [*body[:first], *entered, *self._body(body[first:], scope)]

    def _body(self, body: list[ast.stmt], scope: Scope) -> list[ast.stmt]:
        return [made for statement in body for made in self._statement(statement, scope)]

    def _statement(self, statement: ast.stmt, scope: Scope) -> Iterator[ast.stmt]:
        if self._source.may_tell_out(statement):
            make_ready(statement)
        method = getattr(self, f"_{type(statement).__name__.lower()}", None)
        if method is not None:
            yield from method(statement, scope)
            return
        effect = effect_of(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        yield statement
        yield self._probe(mark, effect, scope, end_of(statement))

    def _guards(self, scope: Scope) -> bool:
        """Whether probes need a guard: a module's body stands at the bottom of the stack."""
        return self._guarded and scope.kind != MODULE

    # Statements that leave before anything behind them runs.

    def _return(self, statement: ast.Return, scope: Scope) -> Iterator[ast.stmt]:
        if statement.value is None or isinstance(statement.value, ast.Constant):
            yield from self._before(statement, scope)
            return
        effect = Effect(scope.local)
        take_expression(statement.value, effect)
        mark = self._mark(statement, scope, effect, bind=False)
        statement.value = tap(mark, statement.value)
        yield statement

    def _before(self, statement: ast.stmt, scope: Scope) -> Iterator[ast.stmt]:
        effect = Effect(scope.local)
        mark = self._mark(statement, scope, effect)
        yield self._probe(mark, effect, scope, statement)
        yield statement

    _break = _before
    _continue = _before

    def _raise(self, statement: ast.Raise, scope: Scope) -> Iterator[ast.stmt]:
        self._mark(statement, scope, effect_of(statement, scope.local))
        yield statement

    def _global(self, statement: ast.Global, scope: Scope) -> Iterator[ast.stmt]:
        scope.module_names.update(statement.names)
        yield statement

    def _nonlocal(self, statement: ast.Nonlocal, scope: Scope) -> Iterator[ast.stmt]:
        yield statement

    # Definitions.

    def _functiondef(
        self, statement: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
    ) -> Iterator[ast.stmt]:
        effect = effect_of(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        local = bound_names(statement)
        inner = Scope(FUNCTION, scope.inner(statement.name), scope.cls, local)
        statement.body = self._entered(statement.body, inner, tuple(parameters(statement)))
        yield statement
        yield self._probe(mark, effect, scope, statement)

    _asyncfunctiondef = _functiondef

    def _classdef(self, statement: ast.ClassDef, scope: Scope) -> Iterator[ast.stmt]:
        effect = effect_of(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        inner = Scope(CLASS, scope.inner(statement.name), statement.name.lstrip("_"))
        statement.body = self._entered(statement.body, inner, ())
        yield statement
        yield self._probe(mark, effect, scope, statement)

    # Compound statements: a step for the header, then their bodies.

    def _for(self, statement: ast.For | ast.AsyncFor, scope: Scope) -> Iterator[ast.stmt]:
        effect = effect_of_loop(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        header = self._probe(mark, effect, scope, statement.target)
        statement.body = [header, *self._body(statement.body, scope)]
        statement.orelse = self._body(statement.orelse, scope)
        yield statement

    _asyncfor = _for

    def _while(self, statement: ast.While, scope: Scope) -> Iterator[ast.stmt]:
        effect, mark = self._test(statement, statement.test, scope)
        header = self._probe(mark, effect, scope, statement.test)
        leaving = self._probe(mark, effect, scope, statement.test)
        statement.body = [header, *self._body(statement.body, scope)]
        statement.orelse = [leaving, *self._body(statement.orelse, scope)]
        yield statement

    def _if(self, statement: ast.If, scope: Scope) -> Iterator[ast.stmt]:
        effect, mark = self._test(statement, statement.test, scope)
        taken = self._probe(mark, effect, scope, statement.test)
        passed = self._probe(mark, effect, scope, statement.test)
        statement.body = [taken, *self._body(statement.body, scope)]
        statement.orelse = [passed, *self._body(statement.orelse, scope)]
        yield statement

    def _test(self, statement: ast.stmt, test: ast.expr, scope: Scope) -> tuple[Effect, Mark]:
        effect = Effect(scope.local)
        take_expression(test, effect)
        return effect, self._mark(statement, scope, effect)

    def _with(self, statement: ast.With | ast.AsyncWith, scope: Scope) -> Iterator[ast.stmt]:
        effect = effect_of_with(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        header = self._probe(mark, effect, scope, statement)
        statement.body = [header, *self._body(statement.body, scope)]
        yield statement

    _asyncwith = _with

    def _try(self, statement: ast.Try, scope: Scope) -> Iterator[ast.stmt]:
        effect = Effect(scope.local)
        mark = self._mark(statement, scope, effect)
        yield self._probe(mark, effect, scope, statement)
        statement.body = self._body(statement.body, scope)
        for handler in statement.handlers:
            self._handler(handler, scope)
        statement.orelse = self._body(statement.orelse, scope)
        statement.finalbody = self._body(statement.finalbody, scope)
        yield statement

    _trystar = _try

    def _handler(self, handler: ast.ExceptHandler, scope: Scope) -> None:
        effect = Effect(scope.local, writes=True)
        if handler.name:
            effect.bind(handler.name)
        mark = self._mark(handler, scope, effect)
        caught = probe_call(CAUGHT, [ast.Constant(mark.id)])
        handler.body = [
            graft(caught, handler, self._guards(scope)),
            *self._body(handler.body, scope),
        ]

    def _match(self, statement: ast.Match, scope: Scope) -> Iterator[ast.stmt]:
        effect = Effect(scope.local)
        take_expression(statement.subject, effect)
        mark = self._mark(statement, scope, effect, bind=False)
        for case in statement.cases:
            self._case(case, scope)
        statement.subject = tap(mark, statement.subject)
        yield statement

    def _case(self, case: ast.match_case, scope: Scope) -> None:
        effect = Effect(scope.local)
        take_pattern(case.pattern, effect)
        if case.guard is not None:
            take_expression(case.guard, effect)
        mark = self._mark(case, scope, effect)
        header = self._probe(mark, effect, scope, case.pattern)
        case.body = [header, *self._body(case.body, scope)]

    # Marks and probes.

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
        judge, fills = effect.judge, effect.fills
        asks = scope.asked([*judge.asks, *effect.asks])
        clear = not any(ask.path[0] in names and ask.kind != METHOD for ask in asks)
        pure = judge.pure and clear and not (effect.writes or effect.augmented)
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
            effect.writes or effect.calls or effect.augmented or bool(asks),
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
