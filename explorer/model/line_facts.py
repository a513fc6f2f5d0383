"""What each line of a file did last, as of a step: the words beside the code."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from explorer.model.card import Card, storage_letter
from explorer.model.recording import Recording
from explorer.model.tensor_words import history_words, short_card

MOST_CHIPS = 3
MOST_COUNTED = 3
"""Of so many storages written at once the changes are counted."""
MOST_NAMES = 2000
"""With more names in a frame, who else sees a storage is not looked for."""

_TARGET = re.compile(r"\s*([^\W\d]\w*)")


@dataclass(frozen=True)
class LineFact:
    """Words for one line. ``names`` are tensors it bound, each with its storage's letter."""

    text: str
    names: tuple[tuple[str, str], ...] = ()
    role: str = "muted"
    scalar: Card | None = None
    """Its value belongs behind the words."""
    step: int = -1
    writes: bool = False
    """It wrote into a few storages; how many numbers changed can be asked for."""
    short: str = ""
    """The same in fewer letters, for where there is little room."""


class LineFacts:
    """Remembers what it found: a step never changes once it is recorded."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.going = False
        """Whether the program is still at work, so that lines may yet run."""
        self._known: dict[int, LineFact] = {}
        self._lines: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._indexed = 0

    def of_lines(self, at: int, file: str, lines: range) -> dict[int, LineFact]:
        """Facts for the lines of a file on which a statement starts, as of step ``at``."""
        self._index()
        found = {}
        for line, statement in self._lines[file].items():
            if line in lines:
                found[line] = self._of_statement(at, statement)
        return found

    def _index(self) -> None:
        """The outermost statement that starts on each line."""
        steps = self.recording.steps
        if self._indexed == len(steps.statements):
            return
        self._indexed = len(steps.statements)
        self._lines.clear()
        for known in steps.statements.values():
            self._lines[steps.files.get(known.file, "")].setdefault(known.line, known.id)

    def _of_statement(self, at: int, statement: int) -> LineFact:
        steps = self.recording.steps
        if 0 <= at < len(steps) and steps.is_node(at):
            owner = steps.owner(at)
            running = steps.step(at).statement.id
            if running == statement and owner > at:
                return self._inside(at, owner)
        step = steps.last_run(statement, at)
        if step < 0:
            over = at >= len(steps) - 1 and not self.going
            return LineFact("did not run" if over else "not run yet", role="faint")
        if step not in self._known:
            self._known[step] = self._of_step(step)
        return self._known[step]

    def _inside(self, at: int, owner: int) -> LineFact:
        nodes = self.recording.steps.nodes_of(owner)
        place = nodes.index(at) + 1 if at in nodes else 1
        return LineFact(f"node {place} of {len(nodes)}", role="current", step=at)

    def _of_step(self, step: int) -> LineFact:
        steps = self.recording.steps
        error = steps.errors.get(step)
        if error is not None:
            said = error.words.split("\n", 1)[0]
            return LineFact(said, role="error", step=step, short=error.type)
        bound = self._bound(step)
        if bound:
            return self._binding(step, bound)
        nodes = len(steps.nodes_of(step))
        words = [f"{nodes} node{'s' if nodes > 1 else ''}"] if nodes else []
        short = list(words)
        filled = self._filled(step)
        if filled:
            words.append(f"fills {_list_of([f'{name}.grad' for name in filled])}")
            short.append(f"fills {len(filled)} .grad")
        elif not nodes:
            words += self._written(step)
        change = self.recording.change(step)
        few = change is not None and 0 < len(change.contents) <= MOST_COUNTED
        writes = few and not nodes and not filled
        told = ", ".join(words)
        brief = ", ".join(short) or told.partition(", seen by ")[0]
        return LineFact(told, step=step, writes=writes, short=brief)

    def _bound(self, step: int) -> list[tuple[str, Card]]:
        change = self.recording.change(step)
        pairs = change.names if change else ()
        plain = [(path, tensor) for path, tensor in pairs if tensor]
        top = [pair for pair in plain if "." not in pair[0] and "[" not in pair[0]]
        found = []
        for path, tensor in (top or plain)[: MOST_CHIPS + 1]:
            card = self.recording.card(step, tensor)
            if card is not None:
                found.append((path, card))
        return found

    def _binding(self, step: int, bound: list[tuple[str, Card]]) -> LineFact:
        chips = tuple((name, storage_letter(card.storage)) for name, card in bound[:MOST_CHIPS])
        if len(bound) > 1:
            more = len(bound) > MOST_CHIPS
            return LineFact("and more" if more else "", chips, step=step, short="…" if more else "")
        name, card = bound[0]
        words = [short_card(card)]
        scalar = card if not card.kind.shape else None
        if scalar is None:
            words.append(self._view_words(step, name, card) or history_words(card))
        return LineFact(" ".join(words).strip(), chips, scalar=scalar, step=step, short=words[0])

    def _view_words(self, step: int, name: str, card: Card) -> str:
        """``is x`` where another name leads to the same tensor, else ``view of x``."""
        names = self.recording.names_at(step)
        same = [path for path, tensor in names.items() if tensor == card.tensor and path != name]
        if same and len(names) <= MOST_NAMES:
            return f"is {min(same, key=len)}"
        others = [
            path
            for path in self._seeing(step, card.storage)
            if path != name and not path.startswith((f"{name}.", f"{name}["))
        ]
        return f"view of {others[0]}" if others and not card.kind.grad_fn else ""

    def _seeing(self, step: int, storage: int) -> list[str]:
        """Paths whose tensors look into a storage, by the age of the tensors, then their own."""
        names = self.recording.names_at(step)
        if not storage or len(names) > MOST_NAMES:
            return []
        cards = ((path, self.recording.card(step, tensor)) for path, tensor in names.items())
        seen = [(card.tensor, path) for path, card in cards if card and card.storage == storage]
        return [path for _, path in sorted(seen, key=lambda pair: pair[0])]

    def _filled(self, step: int) -> list[str]:
        """Names whose ``.grad`` a backward pass of this step filled."""
        nodes = (self.recording.steps.nodes[node] for node in self.recording.steps.nodes_of(step))
        leaves = {node.leaf for node in nodes if node.leaf}
        if not leaves and "backward(" in self.recording.step(step).statement.code:
            leaves = self._with_new_gradients(step)
        if not leaves:
            return []
        names = self.recording.names_at(step)
        return [path for path, tensor in names.items() if tensor in leaves]

    def _with_new_gradients(self, step: int) -> set[int]:
        """Tensors whose ``.grad`` was made or written, for passes whose nodes were not kept."""
        change = self.recording.change(step)
        written = {row[0] for row in change.contents} if change else set()
        found = set()
        for tensor in self.recording.names_at(step).values() if written else ():
            card = self.recording.card(step, tensor)
            grad = self.recording.card(step, card.grad) if card is not None and card.grad else None
            if grad is not None and grad.storage in written:
                found.add(tensor)
        return found

    def _written(self, step: int) -> list[str]:
        change = self.recording.change(step)
        storages = [row[0] for row in change.contents] if change else []
        if not storages:
            return []
        if len(storages) > 1:
            return [f"writes {len(storages)} storages"]
        seeing = self._seeing(step, storages[0])
        code = _TARGET.match(self.recording.step(step).statement.code)
        target = code[1] if code and code[1] in seeing else ""
        others = [path for path in seeing if path != target]
        if not target:
            letter = storage_letter(storages[0])
            return [f"writes storage {letter}, seen by {_list_of(others)}" if others else ""]
        return [f"writes {target}" + (f", seen by {_list_of(others)}" if others else "")]


def _list_of(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_CHIPS])
    return f"{shown} …" if len(names) > MOST_CHIPS else shown
