"""A backward that failed because an earlier one had freed what it needs: which one, and where."""

from __future__ import annotations

from explorer.model.troubles.evidence import Evidence, Search, Trouble
from explorer.protocol.autograd import Pass

SECOND_TIME = "second time"


def walked_twice(evidence: Evidence) -> Search[list[Trouble]]:
    """One trouble for each place that walked a graph that had been freed."""
    found: dict[int, Trouble] = {}
    for one in evidence.passes:
        if SECOND_TIME not in one.error:
            continue
        trouble = yield from _told(evidence, one)
        if trouble is not None:
            found.setdefault(evidence.recording.step(trouble.step).statement.id, trouble)
    return list(found.values())


def _told(evidence: Evidence, one: Pass) -> Search[Trouble | None]:
    graph = yield from evidence.graph(one.roots)
    if graph is None:
        return None
    owner = evidence.recording.steps.owner
    asked = owner(one.ended)
    earlier = [int(step) for step in graph.freed if step >= 0 and owner(int(step)) != asked]
    first = owner(min(earlier)) if earlier else -1
    row = next((at for at, step in enumerate(graph.freed) if step >= 0), 0)
    by = f" that {evidence.place(first)} had walked and freed" if first >= 0 else " that was freed"
    sentence = (
        f"{evidence.place(asked)} walks a graph{by}. Pass retain_graph=True to the earlier one, or"
        " compute the result again."
    )
    return Trouble("freed", asked, sentence, first, int(graph.node[row]))
