"""Puts a probe behind every statement of a syntax tree.

Every inserted node takes the place of what it follows in the source, so tracebacks and line events
stay those of the plain program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from explorer.worker.rewrite.assigned import (
    Effect,
    bound_names,
    effect_of,
    parameters,
    take_expression,
    take_pattern,
)
from explorer.worker.rewrite.grafting import end_of, graft, make_ready, probe_call, tap, undisturbed
from explorer.worker.rewrite.marks import (
    AGAIN,
    CAUGHT,
    CLASS,
    ENTER,
    FUNCTION,
    LEAVING,
    MODULE,
    UNWINDING,
    Entry,
    Mark,
    Scope,
)
from explorer.worker.rewrite.openings import effect_of_loop, effect_of_with
from explorer.worker.rewrite.probe_setting import ProbeSetter
from explorer.worker.rewrite.replacing import question_behind

_EXITS = ("__exit__", "__aexit__")


class Marker(ProbeSetter):
    """Rewrites one file's tree."""

    def module(self, tree: ast.Module) -> ast.Module:
        """The tree with probes; ``tree`` itself is used up."""
        scope = Scope(MODULE, "<module>")
        tree.body = self._entered(tree.body, scope)
        return tree

    def _entered(
        self,
        body: list[ast.stmt],
        scope: Scope,
        names: tuple[str, ...] = (),
        asked: ast.expr | None = None,
    ) -> list[ast.stmt]:
        """A module's, function's or class's body, in which something is ``asked`` first: docstring
        and future imports stay before it."""
        known = tuple(map(scope.mangled, names))
        entry = Entry(len(self.entries), self._file, scope.function, known, scope.kind)
        self.entries.append(entry)
        first = undisturbed(body)
        where = body[first] if first < len(body) else body[-1] if body else None
        loads = [ast.Name(name, ast.Load()) for name in names]
        call = probe_call(ENTER, [ast.Constant(entry.id), *loads])
        calls = [call] if asked is None else [asked, call]
        if scope.kind == FUNCTION and scope.function.rpartition(".")[2] in _EXITS:
            calls.insert(0, probe_call(LEAVING, list(loads)))
        guards = self._guards(scope)
        entered = [graft(one, where, guards) for one in calls] if where is not None else []
        return [*body[:first], *entered, *self._body(body[first:], scope)]

    def _body(
        self, body: list[ast.stmt], scope: Scope, behind: ast.stmt | None = None
    ) -> list[ast.stmt]:
        """``behind``: what the first of these statements may be reached from."""
        made: list[ast.stmt] = []
        for statement in body:
            self._is_doubtful |= behind is not None and self._source.may_swallow(behind)
            made += self._statement(statement, scope)
            behind = statement
        return made

    def _asked(self, question: ast.expr | None, where: ast.AST, scope: Scope) -> list[ast.stmt]:
        return [] if question is None else [graft(question, where, self._guards(scope))]

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
        yield from self._asked(question_behind(statement), end_of(statement), scope)

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
        mark = self._mark(statement, scope, effect_of(statement, scope.local))
        if statement.exc is None:
            again = probe_call(AGAIN, [ast.Constant(mark.id)])
            yield graft(again, statement, self._guards(scope))
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
        names, asked = tuple(parameters(statement)), question_behind(statement)
        statement.body = self._entered(statement.body, inner, names, asked)
        yield statement
        yield self._probe(mark, effect, scope, statement)

    _asyncfunctiondef = _functiondef

    def _classdef(self, statement: ast.ClassDef, scope: Scope) -> Iterator[ast.stmt]:
        effect = effect_of(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        inner = Scope(CLASS, scope.inner(statement.name), statement.name.lstrip("_"))
        statement.body = self._entered(statement.body, inner)
        yield statement
        yield self._probe(mark, effect, scope, statement)

    # Compound statements: a step for the header, then their bodies.

    def _for(self, statement: ast.For | ast.AsyncFor, scope: Scope) -> Iterator[ast.stmt]:
        effect = effect_of_loop(statement, scope.local)
        self._is_doubtful |= self._source.may_swallow(statement)
        mark = self._mark(statement, scope, effect)
        header = self._probe(mark, effect, scope, statement.target)
        statement.body = [header, *self._body(statement.body, scope)]
        statement.orelse = self._body(statement.orelse, scope, statement)
        yield statement

    _asyncfor = _for

    def _while(self, statement: ast.While, scope: Scope) -> Iterator[ast.stmt]:
        self._is_doubtful |= self._source.may_swallow(statement)
        effect, mark = self._test(statement, statement.test, scope)
        header = self._probe(mark, effect, scope, statement.test)
        leaving = self._probe(mark, effect, scope, statement.test)
        statement.body = [header, *self._body(statement.body, scope)]
        statement.orelse = [leaving, *self._body(statement.orelse, scope, statement)]
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
        asked = self._asked(question_behind(statement), statement, scope)
        statement.body = [*asked, header, *self._body(statement.body, scope)]
        yield statement

    _asyncwith = _with

    def _try(self, statement: ast.Try, scope: Scope) -> Iterator[ast.stmt]:
        effect = Effect(scope.local)
        mark = self._mark(statement, scope, effect)
        yield self._probe(mark, effect, scope, statement)
        statement.body = self._body(statement.body, scope)
        for handler in statement.handlers:
            self._handler(handler, scope)
        statement.orelse = self._body(statement.orelse, scope, statement)
        if statement.finalbody:
            unwinding = probe_call(UNWINDING, [ast.Constant(mark.id)])
            statement.finalbody = [
                graft(unwinding, statement.finalbody[0], self._guards(scope)),
                *self._body(statement.finalbody, scope, statement),
            ]
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
