"""Puts a probe behind every statement of a syntax tree.

A probe is called through a constant: the callee is written as a unique string that is replaced in
``co_consts`` once the tree is compiled. So no name is added to the program's namespaces, and the
call costs no look-up. Every inserted node takes the place of what it follows in the source, so
tracebacks and line events stay those of the plain program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from explorer.worker.assigned import (
    Effect,
    bound_names,
    effect_of,
    parameters,
    take_expression,
    take_pattern,
)
from explorer.worker.headers import Source

PROBE = "\0explorer probe"
ARITHMETIC = "\0explorer arithmetic"
TAP = "\0explorer tap"
ENTER = "\0explorer enter"
CAUGHT = "\0explorer caught"
EXTEND = "\0explorer extend"
KIND = "\0explorer type"
SCALARS = "\0explorer scalars"
ID = "\0explorer id"
FRAME = "\0explorer frame"
READY = "\0explorer ready"

MODULE, FUNCTION, CLASS = "module", "function", "class"


@dataclass
class Mark:
    """What is known of a statement before it runs.

    ``homes`` tells for each of ``names`` whether it is bound in the module (True) or in the
    statement's own frame. ``writes``: it may write into tensors; with ``roots`` only when one of
    these names does not mean what it was taken for. ``fills``: it may change containers.
    ``thorough``: it may exchange what a tensor is made of.
    """

    id: int
    file: int
    line: int
    end_line: int
    function: str
    code: str
    names: tuple[str, ...]
    homes: tuple[bool, ...]
    removed: tuple[str, ...]
    uncertain: bool
    writes: bool
    roots: tuple[str, ...] | None
    fills: bool
    thorough: bool
    scope: str


@dataclass
class Entry:
    """What is known of a function, class body or module before it is entered."""

    id: int
    file: int
    function: str
    names: tuple[str, ...]
    scope: str


@dataclass
class Scope:
    """Where the marker stands: what kind of body, its name, and names declared global in it."""

    kind: str
    function: str
    cls: str = ""
    """The class around it, by which Python mangles private names."""
    local: frozenset[str] = frozenset()
    """Names that the function binds itself."""
    module_names: set[str] = field(default_factory=set)

    def inner(self, name: str) -> str:
        """Qualified name of something defined here."""
        if self.kind == MODULE:
            return name
        return f"{self.function}.<locals>.{name}" if self.kind == FUNCTION else self._joined(name)

    def _joined(self, name: str) -> str:
        return f"{self.function}.{name}"

    def mangled(self, name: str) -> str:
        """The name under which Python keeps it: ``__x`` in a class ``C`` is ``_C__x``."""
        if self.cls and name.startswith("__") and not name.endswith("__"):
            return f"_{self.cls}{name}"
        return name


class Marker:
    """Rewrites one file's tree; its marks and entries are numbered on from those given."""

    def __init__(self, source: Source, file: int, marks: list[Mark], entries: list[Entry]) -> None:
        self._source = source
        self._file = file
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
        first = _undisturbed(body)
        where = body[first] if first < len(body) else body[-1] if body else None
        loads = [ast.Name(name, ast.Load()) for name in names]
        call = ast.Expr(_call(ENTER, [ast.Constant(entry.id), *loads]))
        entered = [_placed(call, where)] if where is not None else []
        return [*body[:first], *entered, *self._body(body[first:], scope)]

    def _body(self, body: list[ast.stmt], scope: Scope) -> list[ast.stmt]:
        return [made for statement in body for made in self._statement(statement, scope)]

    def _statement(self, statement: ast.stmt, scope: Scope) -> Iterator[ast.stmt]:
        _make_ready(statement)
        method = getattr(self, f"_{type(statement).__name__.lower()}", None)
        if method is not None:
            yield from method(statement, scope)
            return
        effect = effect_of(statement, scope.local)
        mark = self._mark(statement, scope, effect)
        yield statement
        yield self._probe(mark, effect, scope, _end_of(statement))

    # Statements that leave before anything behind them runs.

    def _return(self, statement: ast.Return, scope: Scope) -> Iterator[ast.stmt]:
        if statement.value is None or isinstance(statement.value, ast.Constant):
            yield from self._before(statement, scope)
            return
        effect = Effect(scope.local)
        take_expression(statement.value, effect)
        mark = self._mark(statement, scope, effect, bind=False)
        statement.value = _tap(mark, statement.value)
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
        effect = Effect(scope.local)
        take_expression(statement.target, effect)
        once = Effect(scope.local)
        take_expression(statement.iter, once)
        effect.uncertain = bool(once.names) or once.uncertain
        effect.augmented = True  # a loader may write into what it hands out; a counter does not
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
        effect = Effect(scope.local, writes=True)
        for item in statement.items:
            take_expression(item.context_expr, effect)
            if item.optional_vars is not None:
                take_expression(item.optional_vars, effect)
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
        caught = ast.Expr(_call(CAUGHT, [ast.Constant(mark.id)]))
        handler.body = [_placed(caught, handler), *self._body(handler.body, scope)]

    def _match(self, statement: ast.Match, scope: Scope) -> Iterator[ast.stmt]:
        effect = Effect(scope.local)
        take_expression(statement.subject, effect)
        mark = self._mark(statement, scope, effect, bind=False)
        for case in statement.cases:
            self._case(case, scope)
        statement.subject = _tap(mark, statement.subject)
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
        pure = effect.judge.pure and not (effect.writes or effect.augmented)
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
            effect.writes or effect.calls or effect.augmented,
            tuple(effect.judge.roots) if pure else None,
            not pure or effect.judge.changes_containers,
            effect.thorough,
            scope.kind,
        )
        self.marks.append(mark)
        return mark

    def _probe(self, mark: Mark, effect: Effect, scope: Scope, where: ast.AST) -> ast.stmt:
        number = ast.Constant(mark.id)
        # A class body's names may live in a mapping that minds being asked.
        names = () if scope.kind == CLASS or not mark.names else tuple(effect.names)
        values: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
        arithmetic = effect.arithmetic and len(values) == 1
        slow = _call(ARITHMETIC if arithmetic else PROBE, [number, *values])
        quiet = not (effect.writes or effect.calls or mark.uncertain or mark.removed)
        plain = quiet and scope.kind != CLASS
        if not plain or len(names) > 1:
            return _placed(ast.Expr(slow), where)
        if not names:
            quick: ast.expr = self._quick(mark, scope, ast.Constant(None))
        else:
            kind = _call(KIND, [ast.Name(names[0], ast.Load())])
            test = ast.Compare(kind, [ast.In()], [ast.Constant(SCALARS)])
            quick = ast.IfExp(test, self._quick(mark, scope, values[0]), slow)
        return _placed(ast.Expr(quick), where)

    def _quick(self, mark: Mark, scope: Scope, value: ast.expr) -> ast.expr:
        """Three entries for the log: statement, frame, value."""
        frame: ast.expr = ast.Constant(-1 - self._file)
        if scope.kind != MODULE:
            frame = _call(ID, [_call(FRAME, [])])
        return _call(EXTEND, [ast.Tuple([ast.Constant(mark.id), frame, value], ast.Load())])


def _undisturbed(body: list[ast.stmt]) -> int:
    """How many statements at the start must stay first: a docstring and future imports."""
    count = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        count = int(isinstance(body[0].value.value, str))
    while count < len(body):
        statement = body[count]
        if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
            break
        count += 1
    return count


def _make_ready(statement: ast.stmt) -> None:
    """Let what stands behind ``out=`` in this statement's own expressions pass a probe first."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.keyword) and node.arg == "out":
            call = _call(READY, [node.value])
            node.value = _placed(call, node.value)
            pending.extend(ast.iter_child_nodes(call))
            continue
        children = ast.iter_child_nodes(node)
        pending.extend(one for one in children if not isinstance(one, ast.stmt))


def _tap(mark: Mark, value: ast.expr) -> ast.expr:
    tapped: ast.expr = _placed(_call(TAP, [ast.Constant(mark.id), value]), value)
    return tapped


def _call(callee: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Constant(callee), arguments, [])


def _end_of(statement: ast.stmt) -> ast.AST:
    """The part of a simple statement that is executed last."""
    if isinstance(statement, ast.Assign):
        return statement.targets[-1]
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return statement.target
    return statement


Node = TypeVar("Node", bound=ast.AST)


def _placed(node: Node, where: ast.AST) -> Node:
    """Give ``node`` and everything new below it the place of ``where``."""
    pending: list[ast.AST] = [node]
    while pending:
        one = pending.pop()
        if "lineno" not in one._attributes or not hasattr(one, "lineno"):
            ast.copy_location(one, where)
            pending.extend(ast.iter_child_nodes(one))
    return node
