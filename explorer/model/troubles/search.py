"""The search for everything that goes wrong with gradients."""

from __future__ import annotations

from explorer.model.recording import Recording
from explorer.model.troubles.accumulated import added_to_old_ones
from explorer.model.troubles.births import births
from explorer.model.troubles.evidence import Search, Trouble, gather
from explorer.model.troubles.kept import kept_graphs
from explorer.model.troubles.missing import missing_gradients
from explorer.model.troubles.overwritten import overwritten_tensors
from explorer.model.troubles.trend import trends
from explorer.model.troubles.walked_twice import walked_twice
from explorer.model.troubles.zeros import zero_gradients


def find_troubles(recording: Recording) -> Search[list[Trouble]]:
    """All troubles of a recording, in order of the steps where they show.

    A generator: it yields requests for the worker and is sent their answers; see `drive`.
    """
    if not len(recording):
        return []
    evidence = yield from gather(recording)
    found = missing_gradients(evidence)
    for search in (
        zero_gradients,
        trends,
        births,
        added_to_old_ones,
        overwritten_tensors,
        kept_graphs,
        walked_twice,
    ):
        found += yield from search(evidence)
    return sorted(found, key=lambda trouble: (trouble.step, trouble.kind, trouble.name))
