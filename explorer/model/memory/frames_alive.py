"""Which activations of functions are under way at a step, as far as steps tell.

A function has ended when a function that called it completes a statement. A generator that waits
between two values counts as ended until it goes on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.model.recording import Recording

MODULE = "<module>"


def callers_of(recording: Recording, frame: int) -> list[int]:
    """The frame itself and whoever called it, on the same thread, outermost last."""
    chain = [frame]
    known = recording.frames.get(frame)
    while known is not None and chain[-1] != 0:
        above = recording.frames.get(known.caller)
        if above is None or above.thread != known.thread or above.id in chain:
            break
        chain.append(above.id)
        known = above
    return chain


def last_step_with_names(recording: Recording, step: int) -> int:
    """The last step before one at which a name of its frame leads to a tensor; -1 for none."""
    stop = min(step, len(recording))
    named = np.array(recording.frames_with_names(), np.int32)
    if stop <= 0 or not len(named):
        return -1
    frames = recording.steps.frames()[:stop].copy()
    frames[recording.steps.statement_ids()[:stop] == 0] = -1  # a node sees no names
    places = np.flatnonzero(np.isin(frames, named))
    owners, lasts = np.unique(frames[places][::-1], return_index=True)
    found = -1
    for at, frame in sorted(zip(places[::-1][lasts].tolist(), owners.tolist(), strict=True))[::-1]:
        if at < found:
            break  # no frame that is left was at work later
        if recording.names_in(frame, at):
            found = at
        else:
            found = max(found, _last_within(recording.named_spans(frame), frames == frame))
    return found


def _last_within(spans: list[tuple[int, int]], at_work: NDArray[np.bool_]) -> int:
    """The last step of a frame in one of the spans (first, behind the last); -1 for none."""
    for first, behind in sorted(spans, key=lambda span: -span[1]):
        inside = np.flatnonzero(at_work[first:behind])
        if len(inside):
            return first + int(inside[-1])
    return -1


def frames_alive(recording: Recording, step: int) -> set[int]:
    """Frames whose names still hold at a step; modules never end."""
    if not 0 <= step < len(recording):
        return set()
    alive = {frame.id for frame in recording.frames.values() if frame.function == MODULE}
    alive.update(callers_of(recording, recording.steps.frame_of(step)))
    threads = {frame.thread for frame in recording.frames.values()}
    if len(threads) > 1:
        alive.update(_of_other_threads(recording, step))
    return alive


def _of_other_threads(recording: Recording, step: int) -> set[int]:
    """The frames of each thread as its last step up to this one left them."""
    frames = recording.steps.frames()[: step + 1]
    last_steps = len(frames) - 1 - np.unique(frames[::-1], return_index=True)[1]
    latest: dict[int, int] = {}
    for at in sorted(last_steps.tolist()):
        frame = int(frames[at])
        latest[recording.frames[frame].thread] = frame
    alive: set[int] = set()
    for frame in latest.values():
        alive.update(callers_of(recording, frame))
    return alive
