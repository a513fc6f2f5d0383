"""Why a step failed, where the layout of a tensor is the reason."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.layout.contiguity import Straddle
from explorer.model.layout.origin import headers_in, refused_view
from explorer.model.layout.why import repeats_sentence
from explorer.model.layout.written_names import written_names
from explorer.model.recording import Recording
from explorer.model.strides import Layout

_SAME_PLACE = "single memory location"
"""What torch says of writing to a tensor that meets a place twice."""


@dataclass(frozen=True, slots=True)
class LayoutFailure:
    """A sentence, and what to draw: the layout that the call met, with the border that a view
    would have to cross."""

    sentence: str
    layout: Layout
    straddle: Straddle | None = None


def layout_failure(recording: Recording, step: int) -> LayoutFailure | None:
    """Why the statement of a step raised, when its shape calls or an overlap explain it."""
    error = recording.steps.errors.get(step)
    if error is None:
        return None
    code = recording.step(step).statement.code
    names = headers_in(recording, step - 1, code)
    told = refused_view(code, names)
    if told is not None and told.refusal is not None and told.refusal.error == error.type:
        refusal = told.refusal
        way_out = f" {told.code}{refusal.nearest} works." if refusal.nearest else ""
        sentence = f"{refusal.call.text} fails here. {refusal.reason}{way_out}"
        return LayoutFailure(sentence, refusal.header.layout, refusal.straddle)
    if _SAME_PLACE in error.message:
        for path in (*written_names(code), *names):
            layout = names[path].layout if path in names else None
            why = repeats_sentence(path, layout) if layout is not None else ""
            if layout is not None and why:
                return LayoutFailure(f"The write fails here. {why}", layout)
    return None
