"""Makes the request that checks recorded derivatives by running the program again."""

from __future__ import annotations

from explorer.model.recording import Recording
from explorer.protocol.gradient_check import CheckedPlace, CheckGradient


class CannotCheck(ValueError):
    """There is nothing to run again for this question; the text says why in one sentence."""


def check_request(
    recording: Recording,
    program: tuple[str, tuple[str, ...], int | None],
    upstream: tuple[int, int],
    result: tuple[int, int],
    at: tuple[int, ...],
    expected: float,
    derivatives: dict[tuple[int, ...], float],
) -> CheckGradient:
    """Ask whether ``derivatives``, by cell of ``upstream``, are those of cell ``at`` of a result.

    ``program`` is (path, arguments, seed); ``upstream`` and ``result`` are (step, tensor): the
    tensor as it stood at that step. ``expected`` is what the result's cell held.

    Raises:
        CannotCheck: when a tensor had no name, or was made outside the program's own file.
    """
    path, arguments, seed = program
    moved = place_of(recording, *upstream, path)
    read = place_of(recording, *result, path)
    return CheckGradient(
        path,
        arguments,
        seed,
        moved,
        read,
        at,
        expected,
        tuple(derivatives),
        tuple(derivatives.values()),
    )


def place_of(recording: Recording, step: int, tensor: int, file: str) -> CheckedPlace:
    """Right behind the statement that last wrote a tensor up to ``step``.

    Raises:
        CannotCheck: when it had no name there, or the statement is not in ``file``.
    """
    card = recording.card(step, tensor)
    content = recording.content(step, card.storage) if card is not None else None
    if card is None or content is None:
        raise CannotCheck("This tensor was not there at that step.")
    written = recording.steps.owner(content.since)
    while not (names := recording.names_of_tensor(written, tensor)):
        written += 1
        if written > step:
            raise CannotCheck("This tensor had no name that the program could be followed by.")
    done = recording.step(written)
    if done.file != file:
        raise CannotCheck("It was made in another file than the program's own.")
    return place_behind(recording, written, names[0])


def place_behind(recording: Recording, step: int, name: str) -> CheckedPlace:
    """Right behind the statement of a step; ``name`` is what it calls the tensor looked at
    there, empty for none."""
    statement = recording.step(step).statement
    times = recording.steps.run_count(statement.id, step)
    return CheckedPlace(statement.line, statement.end_line, statement.code, times, name)
