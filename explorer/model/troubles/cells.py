"""The cells that gave birth to a trouble."""

from __future__ import annotations

from dataclasses import replace

from explorer.model.troubles.evidence import Search, Trouble
from explorer.protocol.values import FindNumber, Found, NumberBox, Sight


def with_cells(search: Search[list[Trouble]]) -> Search[list[Trouble]]:
    """The same search; each trouble that says what to find is told where that stands."""
    troubles = yield from search
    placed = []
    for trouble in troubles:
        look = trouble.look
        if look is not None and trouble.what:
            whole = NumberBox((0,) * len(look.shape), look.shape, (1,) * len(look.shape))
            answer = yield FindNumber(Sight(look), whole, trouble.what)
            if isinstance(answer, Found) and answer.found:
                trouble = replace(trouble, cell=answer.index)
        placed.append(trouble)
    return placed
