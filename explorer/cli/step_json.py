"""Steps as lines of JSON. What is said of a tensor is written once and used until it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from explorer.cli.followed import Followed, Told
from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.model.card import storage_letter
from explorer.model.recording import Recording
from explorer.model.steps import Step
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.running import Failed

STEPS_AT_ONCE = 200
NUMBERS_AT_ONCE = 20_000
"""Steps, or tensors, whose numbers are asked for together."""


class JsonLines:
    """Writes the steps of one recording; ``count`` numbers of each tensor, 0 for none at all."""

    def __init__(
        self,
        client: WorkerClient,
        recording: Recording,
        output: Mapping[int, list[str]],
        count: int,
    ) -> None:
        self._client = client
        self._recording = recording
        self._output = output
        self._count = count

    def lines(self, followed: Iterable[Followed]) -> Iterator[str]:
        """One line for each step.

        Raises:
            ValueError: when the worker cannot read numbers, in its sentence.
        """
        for batch in _batches(followed):
            numbers = self._numbers(batch)
            for one in batch:
                yield self._line(one, numbers)

    def _numbers(self, batch: list[Followed]) -> dict[NumbersOf, Any]:
        found = (one.numbers for step in batch for told in _anew(step) for one in told.chain())
        wanted = list(dict.fromkeys(found))
        if not wanted or not self._count:
            return {}
        try:
            answer = self._client.ask(ReadNumbers(tuple(wanted), self._count))
        except WorkerGone:
            return dict.fromkeys(wanted, "gone with the program's process")
        if isinstance(answer, Failed):
            raise ValueError(answer.sentence)
        return dict(zip(wanted, answer.lists, strict=True))

    def _line(self, followed: Followed, numbers: dict[NumbersOf, Any]) -> str:
        texts = followed.names.texts
        written: dict[int, str] = {}
        for path, told in followed.anew.items():
            if told is None:
                texts.pop(path, None)
                continue
            tensor = told.card.tensor
            if tensor not in written:
                written[tensor] = _json(self._tensor(told, numbers))
            texts[path] = f"{_json(path)}: {written[tensor]}"
        step = self._recording.step(followed.step)
        before = _json(_statement(step))
        after = _json(
            {
                "changed": followed.changed,
                "output": "".join(self._output.get(followed.step, [])),
                "error": _error(step),
            }
        )
        return f'{before[:-1]}, "tensors": {{{", ".join(texts.values())}}}, {after[1:]}'

    def _tensor(self, told: Told, numbers: dict[NumbersOf, Any]) -> dict[str, Any]:
        card, kind = told.card, told.card.kind
        said: dict[str, Any] = {
            "dtype": kind.dtype,
            "shape": list(kind.shape),
            "stride": list(kind.stride),
            "offset": kind.offset,
            "device": kind.device,
            "storage": storage_letter(card.storage),
            "storage_bytes": told.nbytes,
            "version": card.version,
            "requires_grad": kind.requires_grad,
            "is_leaf": kind.is_leaf,
            "grad_fn": kind.grad_fn or None,
            "grad": self._tensor(told.grad, numbers) if told.grad is not None else None,
        }
        if self._count and kind.device == "meta":
            said["values"] = "A tensor on meta has a shape but no numbers."
        elif self._count:
            said["values"] = numbers.get(told.numbers, "not kept")
        return said


def _batches(followed: Iterable[Followed]) -> Iterator[list[Followed]]:
    batch: list[Followed] = []
    tensors = 0
    for one in followed:
        batch.append(one)
        tensors += len(one.anew)
        if len(batch) >= STEPS_AT_ONCE or tensors >= NUMBERS_AT_ONCE:
            yield batch
            batch, tensors = [], 0
    if batch:
        yield batch


def _anew(followed: Followed) -> Iterator[Told]:
    return (told for told in followed.anew.values() if told is not None)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _statement(step: Step) -> dict[str, Any]:
    return {
        "step": step.label,
        "kind": "error" if step.error else "node" if step.node else "line",
        "line": step.statement.line,
        "file": step.file,
        "function": step.statement.function,
        "code": step.statement.code,
        "node": step.node.name if step.node else None,
    }


def _error(step: Step) -> dict[str, Any] | None:
    if step.error is None:
        return None
    told = step.error
    return {"type": told.type, "message": told.message, "explained": told.explained}
