"""What is known of statements before they run, and the names that probes are called by."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.worker.rewrite.asks import Ask, Key

PROBE = "\0explorer probe"
RESULT = "\0explorer result"
TAP = "\0explorer tap"
ENTER = "\0explorer enter"
CAUGHT = "\0explorer caught"
UNWINDING = "\0explorer unwinding"
LEAVING = "\0explorer leaving"
AGAIN = "\0explorer again"
REPLACED = "\0explorer replaced"
OF_FAILURES = (CAUGHT, UNWINDING, LEAVING, AGAIN)
"""Called where an exception is caught, or on its way."""
EXTEND = "\0explorer extend"
KIND = "\0explorer type"
SCALARS = "\0explorer scalars"
ID = "\0explorer id"
FRAME = "\0explorer frame"
READY = "\0explorer ready"
OVERFLOW = "\0explorer overflow"

MODULE, FUNCTION, CLASS = "module", "function", "class"


@dataclass
class Mark:
    """What is known of a statement before it runs.

    ``homes`` tells for each of ``names`` whether it is bound in the module (True) or in the
    statement's own frame. ``writes``: it may write into tensors; with ``roots`` only when one of
    these names does not mean what it was taken for, or one of the ``asks`` is not answered well.
    ``fills``: it may change containers; with ``spares`` only when the same holds for these names,
    or it bound a container. ``calm``: where it may not write, it has not when a function begins
    that it calls.
    ``thorough``: it may exchange what a tensor is made of; ``regrades``: it may give one another
    gradient.
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
    spares: tuple[str, ...] | None
    asks: tuple[Ask, ...]
    calm: bool
    thorough: bool
    regrades: bool
    scope: str
    operator: bool = False
    """Whether it binds one name to the result of an operator, which is on memory of its own."""

    def distrust(self) -> None:
        """From now on it may write, whatever it calls, and operators may give anything."""
        self.writes = self.fills = True
        self.roots = self.spares = None
        self.calm = self.operator = False


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

    def asked(self, asks: list[Ask]) -> tuple[Ask, ...]:
        """Questions with the names under which Python keeps them."""
        kept = self.mangled
        return tuple(
            one._replace(
                path=tuple(map(kept, one.path)),
                attribute=kept(one.attribute),
                key=Key(True, kept(str(one.key.value))) if one.key and one.key.is_name else one.key,
            )
            for one in asks
        )
