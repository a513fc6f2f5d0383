"""What the recording knows of the names in an expression, as of a step."""

from __future__ import annotations

import ast
import builtins
import re

from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.protocol.console import Evaluate, KnownScalar, KnownTensor
from explorer.protocol.numbers import NumbersOf

MOST_TENSORS = 5000
"""A name that leads to more is taken with the first of them."""
MOST_LOOKED_BACK = 2000
"""Runs of one statement that are looked at to find one of the same frame."""

_ROOT = re.compile(r"[^\W\d]\w*")


def question(recording: Recording, step: int, text: str) -> Evaluate:
    """The request that evaluates ``text`` at ``step``."""
    names = names_in(text)
    tensors = known_tensors(recording, step, names)
    held = {root_of(tensor.path) for tensor in tensors}
    scalars = known_scalars(recording, step, names - held)
    return Evaluate(step, text, tensors, scalars)


def names_in(text: str) -> set[str]:
    """Names that occur in Python text; none when it is no Python."""
    tree = _tree_of(text)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()


def _tree_of(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def not_yet(recording: Recording, step: int, text: str) -> tuple[str, int] | None:
    """A name in the text that gets its first value only later, and the step that gives it.

    The worker, which knows such a name as the program has left it, would answer with a value that
    there was not at the step.
    """
    steps = recording.steps
    tree = _tree_of(text)
    if tree is None or not 0 <= step < len(steps):
        return None
    held = {root_of(path) for path in recording.cards_at(step)} | set(vars(builtins))
    for name in sorted(names_in(text) - _stored(tree) - held):
        binding = [known.id for known in steps.statements.values() if name in _given(known.code)]
        if not any(steps.run_count(statement, step) for statement in binding):
            later = [run for statement in binding if (run := steps.first_run(statement)) >= 0]
            if later:
                return name, min(later)
    return None


def root_of(path: str) -> str:
    """``net.0.weight`` -> ``net``, ``rows[2]`` -> ``rows``."""
    found = _ROOT.match(path)
    return found[0] if found else path


def known_tensors(recording: Recording, step: int, names: set[str]) -> tuple[KnownTensor, ...]:
    """Every tensor that one of the names leads to, itself or inside a container."""
    found: list[KnownTensor] = []
    for path, card in recording.cards_at(step).items():
        if root_of(path) in names and len(found) < MOST_TENSORS:
            source = _numbers(recording, step, card)
            grad_card = recording.card(step, card.grad) if card.grad else None
            grad = _numbers(recording, step, grad_card) if grad_card is not None else None
            found.append(KnownTensor(path, source, card.kind.requires_grad, grad, card.kind.device))
    return tuple(found)


def _numbers(recording: Recording, step: int, card: Card) -> NumbersOf:
    content = recording.content(step, card.storage)
    return card.numbers(content.id if content is not None else 0)


def known_scalars(recording: Recording, step: int, names: set[str]) -> tuple[KnownScalar, ...]:
    """For each name the last step of the same frame (or of the module) that bound it."""
    steps = recording.steps
    if not 0 <= step < len(steps) or not names:
        return ()
    frames = (steps.frame_of(step), 0)
    last: dict[str, tuple[int, int, int]] = {}
    for statement in steps.statements.values():
        for name in names & bound_by(statement.code):
            for place, frame in enumerate(frames):
                found = _last_in_frame(recording, statement.id, step, frame)
                if found >= 0:
                    # The frame's own names hide the module's; of two, the later one counts.
                    rank = (-place, found, statement.id)
                    last[name] = max(last.get(name, rank), rank)
                    break
    return tuple(KnownScalar(name, at, statement) for name, (_, at, statement) in last.items())


def _last_in_frame(recording: Recording, statement: int, step: int, frame: int) -> int:
    at = step
    for _ in range(MOST_LOOKED_BACK):
        at = recording.steps.last_run(statement, at)
        if at < 0 or recording.steps.frame_of(at) == frame:
            return at
        at -= 1
    return -1


def bound_by(code: str) -> set[str]:
    """Names that a statement binds; of a compound one, its header alone is given."""
    tree = _statement(code)
    return _stored(tree) if tree else set()


def _statement(code: str) -> ast.Module | None:
    for text in (code, f"{code} pass", f"{code}\n    pass"):
        tree = _tree_of(text.strip())
        if tree is not None:
            return tree
    return None


def _stored(tree: ast.Module) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _given(code: str) -> set[str]:
    """Names that a statement binds in whichever way: imports, functions and classes as well."""
    tree = _statement(code)
    names = _stored(tree) if tree else set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
