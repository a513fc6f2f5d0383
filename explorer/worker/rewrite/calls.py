"""Goes through the calls of a statement's syntax: which may write, and what must be asked then."""

from __future__ import annotations

import ast

from explorer.worker.rewrite.asks import (
    CALLED,
    CALLED_TWICE,
    CLIPPED,
    WRITTEN,
    Ask,
    ask_of,
    ask_of_item,
    ask_of_method,
    path_of,
)
from explorer.worker.rewrite.known_writes import CLIPS
from explorer.worker.rewrite.purity import (
    BUILTINS,
    CONTAINER_METHODS,
    FUNCTIONAL_NAME,
    FUNCTIONS,
    IN_PLACE,
    INPLACE_AT,
    METHODS,
    MODES,
    NICKNAMES,
    UTILITIES,
)


class Judge:
    """Goes through the calls of one statement; ``roots`` are the names whose meaning must be
    checked when it has run, ``asks`` what else must be asked then. ``pure`` is False as soon as a
    call may write whatever these say, ``known`` as soon as it may do more than to write into
    tensors."""

    def __init__(self) -> None:
        self.pure = True
        self.known = True
        self.changes_containers = False
        self.roots: list[str] = []
        self.asks: list[Ask] = []
        self.inner: set[str] = set()
        """Names of comprehensions and lambdas, which nobody can be asked about afterwards."""

    def call(self, node: ast.Call, local: frozenset[str]) -> None:
        """Take one call; ``local`` are names that the function around it binds itself."""
        if any(word.arg in (None, "out", "inplace") for word in node.keywords):
            self._may_do_anything()
            return
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        function = node.func
        if isinstance(function, ast.Name) and function.id in BUILTINS - local:
            self._means(function.id)
        elif isinstance(function, ast.Attribute):
            self._attribute(function, local, 99 if starred else len(node.args), node)
        else:
            self._ask(function, node)

    def _attribute(
        self, function: ast.Attribute, local: frozenset[str], positional: int, node: ast.Call
    ) -> None:
        path = path_of(function.value)
        dotted, first = ".".join(path), path[0] if path else ""
        module = NICKNAMES.get(dotted, dotted)
        if module in FUNCTIONS and first not in local:
            at_most = 2 if module == "numpy" else 99  # behind these stands where to write
            if module == FUNCTIONAL_NAME:
                at_most = INPLACE_AT.get(function.attr, 99)
            if function.attr not in FUNCTIONS[module] or positional > at_most:
                self._may_do_anything()
            else:
                self._means(first)
        elif function.attr in CLIPS and dotted in UTILITIES and first not in local:
            self._clips(function.attr, first, node)
        elif function.attr in IN_PLACE:
            self._writes(function)
        elif function.attr in CONTAINER_METHODS or function.attr in METHODS:
            self.changes_containers |= function.attr in CONTAINER_METHODS
            ask = ask_of_method(function)
            if ask is not None:
                self._asks(ask)
        else:
            self._ask(function, node)

    def _writes(self, function: ast.Attribute) -> None:
        """A method that writes in place: of a name, its data or gradient, perhaps one after
        another (``x.mul_(a).add_(b)``)."""
        called, attribute = function, ""
        while isinstance(called.value, ast.Call):
            inner = called.value.func
            if not isinstance(inner, ast.Attribute) or inner.attr not in IN_PLACE:
                break
            called = inner
        written: ast.expr = called.value
        if isinstance(written, ast.Attribute) and written.attr in ("data", "grad"):
            attribute = written.attr
            written = written.value
        ask = ask_of_item(WRITTEN, written)
        if ask is None:
            self.pure = False
        else:
            self._asks(ask._replace(attribute=attribute))

    def _clips(self, name: str, root: str, node: ast.Call) -> None:
        """``nn.utils.clip_grad_norm_(net.parameters(), ...)``."""
        of = node.args[0] if node.args else None
        if isinstance(of, ast.Call) and isinstance(of.func, ast.Attribute):
            ask = ask_of(CLIPPED, of.func.value)
            if ask is not None and of.func.attr == "parameters" and not (of.args or of.keywords):
                self._means(root)
                self._asks(ask._replace(attribute=name))
                return
        self._may_do_anything()

    def only_sets_modes(self, manager: ast.Call, local: frozenset[str]) -> bool:
        """Whether a context manager only has torch compute in another way: ``torch.no_grad()``."""
        if "torch" in local or ".".join(path_of(manager.func)) not in MODES:
            return False
        self._means("torch")
        return True

    def _means(self, root: str) -> None:
        if root not in self.roots:
            self.roots.append(root)

    def _ask(self, function: ast.expr, node: ast.Call) -> None:
        if isinstance(function, ast.Call):
            ask = ask_of(CALLED_TWICE, function.func)
        else:
            ask = ask_of(CALLED, function)
        if ask is None:
            self._may_do_anything()
        else:
            starred = any(isinstance(argument, ast.Starred) for argument in node.args)
            count = "" if node.keywords or starred else str(len(node.args))
            self._asks(ask._replace(attribute=count))

    def _asks(self, ask: Ask) -> None:
        if not self.inner.isdisjoint(ask.names()):
            self._may_do_anything()
        else:
            self.asks.append(ask)

    def _may_do_anything(self) -> None:
        self.pure = self.known = False
