"""Which names a statement binds, and whether it can write into a tensor: known from its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from explorer.worker.rewrite.asks import Ask, ask_of_more, ask_of_store
from explorer.worker.rewrite.calls import Judge

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
RUNS_CODE = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)
NAMESPACE_CALLS = {"exec", "eval", "globals", "locals", "vars"}


@dataclass
class Effect:
    """What a statement (of a compound one: its header) does to names and tensors.

    ``names`` are bound whenever the statement completes; with ``uncertain`` it may bind or unbind
    others too. ``writes`` is True when it may write into a tensor by itself: it stores into an
    attribute or item, suspends, or loops over what nobody knows; ``stores`` when that depends on
    what the ``asks`` are about, which loops have too. ``calls`` is True when it calls something,
    which the ``judge`` has looked at. ``thorough`` is True when it may exchange what a tensor is
    made of (``x.data = ...``), ``regrades`` when it stores a gradient. ``assigns``: it binds one
    name to what an ``operator`` or a call gives. ``local`` are the names that the function around
    it binds.
    """

    local: frozenset[str] = frozenset()
    names: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    uncertain: bool = False
    writes: bool = False
    stores: bool = False
    calls: bool = False
    thorough: bool = False
    regrades: bool = False
    assigns: bool = False
    operator: bool = False
    asks: list[Ask] = field(default_factory=list)
    judge: Judge = field(default_factory=Judge)

    @property
    def fills(self) -> bool:
        """Whether it may change containers, whatever the asks are answered."""
        judge = self.judge
        stores = self.writes or self.stores
        return stores or judge.changes_containers or not judge.known

    def bind(self, name: str) -> None:
        """Note that ``name`` is bound."""
        if name not in self.names:
            self.names.append(name)


def effect_of(statement: ast.stmt, local: frozenset[str]) -> Effect:
    """The effect of a simple statement, or of a definition."""
    effect = Effect(local)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        effect.writes = True
        _take_import(statement, effect)
    elif isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        effect.bind(statement.name)
        effect.writes = bool(statement.decorator_list) or isinstance(statement, ast.ClassDef)
        for expression in _evaluated_now(statement):
            take_expression(expression, effect)
    else:
        if isinstance(statement, ast.AugAssign):
            _take_more(statement.target, effect)
            take_expression(statement.value, effect)
            return effect
        if isinstance(statement, ast.AnnAssign) and statement.value is None:
            return effect
        for child in children(statement):
            if isinstance(child, ast.expr):
                take_expression(child, effect)
        _take_assignment(statement, effect)
    return effect


def _take_assignment(statement: ast.stmt, effect: Effect) -> None:
    if (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    ):
        effect.operator = isinstance(statement.value, (ast.BinOp, ast.Compare))
        effect.assigns = effect.operator or isinstance(statement.value, ast.Call)


class _FieldsWithNodes(dict[type, tuple[str, ...]]):
    """For each type of node the fields in which others may stand."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        fields: tuple[str, ...] = getattr(kind, "_fields", ())
        bare = issubclass(kind, (ast.Constant, ast.Name))
        self[kind] = () if bare else tuple(one for one in fields if one not in _NO_NODES)
        return self[kind]


_NO_NODES = {"ctx", "op", "ops", "id", "attr", "kind", "type_comment", "conversion", "is_async"}
_FIELDS = _FieldsWithNodes()


def children(node: ast.AST) -> list[ast.AST]:
    """Nodes directly below but contexts and operators; Run waits for it, so no field is asked for
    that never holds another."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        held = getattr(node, name, None)
        if isinstance(held, ast.AST):
            found.append(held)
        elif type(held) is list:
            found += [one for one in held if isinstance(one, ast.AST)]
    return found


def take_expression(expression: ast.expr, effect: Effect, certain: bool = True) -> None:
    """Add what evaluating an expression, or storing into it, does."""
    if isinstance(expression, ast.Name):
        if isinstance(expression.ctx, ast.Store):
            effect.bind(expression.id)
        elif isinstance(expression.ctx, ast.Del):
            effect.removed.append(expression.id)
        return
    if isinstance(expression, ast.Call):
        effect.calls = True
        effect.judge.call(expression, effect.local | effect.judge.inner)
        called = expression.func
        if isinstance(called, ast.Name) and called.id in NAMESPACE_CALLS:
            effect.uncertain = True
    elif isinstance(expression, RUNS_CODE):
        effect.writes = True
    elif isinstance(expression, (ast.Attribute, ast.Subscript)):
        if not isinstance(expression.ctx, ast.Load):
            _take_store(expression, effect)
    elif isinstance(expression, ast.NamedExpr):
        _take_walrus(expression, effect, certain)
        return
    elif isinstance(expression, COMPREHENSIONS):
        targets = [node for part in expression.generators for node in ast.walk(part.target)]
        effect.judge.inner |= {node.id for node in targets if isinstance(node, ast.Name)}
    elif isinstance(expression, ast.Lambda):
        for default in (*expression.args.defaults, *expression.args.kw_defaults):
            if default is not None:
                take_expression(default, effect, certain)
        # Whoever it is handed to may call it before the statement ends.
        effect.judge.inner |= set(parameters(expression))
        take_expression(expression.body, effect, False)
        return
    for child, sure in _children(expression, certain):
        take_expression(child, effect, sure)


def _take_more(target: ast.Name | ast.Attribute | ast.Subscript, effect: Effect) -> None:
    """Add what making ``target`` more does (``x += y``)."""
    more = ask_of_more(target)
    if more is None:
        effect.writes = True
    else:
        effect.asks.append(more)
    if isinstance(target, ast.Name):
        effect.bind(target.id)
        return
    effect.stores = True
    for child in children(target):
        if isinstance(child, ast.expr):
            take_expression(child, effect)


def _take_store(expression: ast.Attribute | ast.Subscript, effect: Effect) -> None:
    stored = ask_of_store(expression) if isinstance(expression.ctx, ast.Store) else None
    if stored is None:
        effect.writes = True
    else:
        effect.stores = True
        effect.asks.append(stored)
    effect.thorough |= getattr(expression, "attr", "") == "data"
    effect.regrades |= getattr(expression, "attr", "") == "grad"


def take_pattern(pattern: ast.pattern, effect: Effect) -> None:
    """Add the names that a pattern of ``match`` binds when it matches."""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            effect.bind(name)


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[str]:
    """Names of all parameters, in the order of ``co_varnames``."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [one.arg for one in (*named, *starred)]


def bound_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Every name that a function binds itself, its parameters included."""
    found = set(parameters(function))
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
            continue
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Nonlocal):
            found.update(node.names)
        if not isinstance(node, ast.Lambda):
            pending.extend(children(node))
    return frozenset(found)


def _take_walrus(expression: ast.NamedExpr, effect: Effect, certain: bool) -> None:
    take_expression(expression.value, effect, certain)
    if certain:
        effect.bind(expression.target.id)
    else:
        effect.uncertain = True


def _take_import(statement: ast.Import | ast.ImportFrom, effect: Effect) -> None:
    for alias in statement.names:
        if alias.name == "*":
            effect.uncertain = True
        else:
            effect.bind(alias.asname or alias.name.partition(".")[0])


def _evaluated_now(
    statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> Iterator[ast.expr]:
    yield from statement.decorator_list
    if isinstance(statement, ast.ClassDef):
        yield from statement.bases
        yield from (keyword.value for keyword in statement.keywords)
        return
    yield from statement.args.defaults
    yield from (default for default in statement.args.kw_defaults if default is not None)


def _children(expression: ast.expr, certain: bool) -> Iterator[tuple[ast.expr, bool]]:
    """Sub-expressions, each with whether it is evaluated whenever the whole one is."""
    if isinstance(expression, COMPREHENSIONS):
        yield from (
            (generator.iter, certain and not place)
            for place, generator in enumerate(expression.generators)
        )
        parts = [test for generator in expression.generators for test in generator.ifs]
        if isinstance(expression, ast.DictComp):
            parts += [expression.key, expression.value]
        else:
            parts.append(expression.elt)
        yield from ((part, False) for part in parts)
        return
    if isinstance(expression, ast.IfExp):
        yield expression.test, certain
        yield expression.body, False
        yield expression.orelse, False
        return
    if isinstance(expression, ast.BoolOp):
        for place, value in enumerate(expression.values):
            yield value, certain and place == 0
        return
    if isinstance(expression, ast.Compare):
        yield expression.left, certain
        for place, value in enumerate(expression.comparators):
            yield value, certain and place == 0
        return
    for child in children(expression):
        if isinstance(child, ast.expr):
            yield child, certain
        elif isinstance(child, ast.keyword):
            yield child.value, certain
