"""What a typed chain of shape calls would give, before it runs.

Nothing is executed: the text is parsed, and each call is answered by a rule that says what torch
does to shape, strides, offset and storage, or why it refuses and which call comes nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.model.layout.contiguity import Straddle
from explorer.model.shapes.nearest_call import nearest_call
from explorer.model.shapes.rules.outcome import Header, Outcome, Refused, ShapeCall
from explorer.model.shapes.rules.signatures import predict
from explorer.model.shapes.syntax import NotUnderstood, python_spelling, read_chain


@dataclass(frozen=True, slots=True)
class Refusal:
    """torch raises `error` here; `nearest` is a call that works, or empty."""

    call: ShapeCall
    header: Header
    """What the call met."""
    error: str
    reason: str
    nearest: str
    straddle: Straddle | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer for one text. `mistake` alone is set when the text was not understood."""

    start: str = ""
    header: Header | None = None
    steps: tuple[tuple[ShapeCall, Outcome], ...] = ()
    refusal: Refusal | None = None
    mistake: str = ""

    @property
    def result(self) -> Header | None:
        """The header at the end of the chain; None when there is no end."""
        if self.mistake or self.refusal is not None:
            return None
        return self.steps[-1][1].header if self.steps else self.header

    @property
    def copied(self) -> bool:
        """Whether any call of the chain made a new storage."""
        return any(outcome.copied for _, outcome in self.steps)

    @property
    def code(self) -> str:
        """The chain as code; up to the call that is refused, if one is."""
        text = self.start
        for call, _ in self.steps:
            text = call.text.replace("(_", f"({text}", 1) if call.as_function else text + call.text
        return text


def forecast(text: str, names: Mapping[str, Header], chosen: str) -> Forecast:
    """Predict a chain of calls on one of the named tensors; see `read_chain` for what is read.

    Raises KeyError when `chosen` is not among the names.
    """
    try:
        chain = read_chain(text, names, chosen)
    except NotUnderstood as mistake:
        return Forecast(mistake=str(mistake))
    first = next(one for name, one in names.items() if python_spelling(name) == chain.start)
    header = first
    steps: list[tuple[ShapeCall, Outcome]] = []
    for call in chain.calls:
        try:
            outcome = predict(header, call)
        except Refused as refused:
            refusal = Refusal(
                call,
                header,
                refused.error,
                refused.reason,
                nearest_call(header, call),
                refused.straddle,
            )
            return Forecast(chain.start, first, tuple(steps), refusal)
        steps.append((call, outcome))
        header = outcome.header
    return Forecast(chain.start, first, tuple(steps))
