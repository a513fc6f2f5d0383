"""The first numbers of tensors at a step, as lists that JSON can carry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.values import NumberBox
from explorer.worker.quiet import quiet
from explorer.worker.snapshots import ContentGone, Snapshots
from explorer.worker.values.desk import tensors_of
from explorer.worker.values.fields import CannotShow, Field, cuts
from explorer.worker.values.sights import TensorOf, field_of


def read_numbers(snapshots: Snapshots, request: ReadNumbers) -> Numbers:
    """Answer `ReadNumbers`: a list per tensor, or the sentence that says why there is none."""
    tensor_of = tensors_of(snapshots)
    with quiet():
        lists = [_numbers_of(tensor_of, one, request.count) for one in request.wanted]
    return Numbers(tuple(lists))


def _numbers_of(tensor_of: TensorOf, wanted: NumbersOf, count: int) -> list[Any] | str:
    try:
        field = field_of(tensor_of(wanted))
        return [_plain(value) for value in first_values(field, count)]
    except (ContentGone, CannotShow) as err:
        return str(err)
    except (RuntimeError, NotImplementedError, TypeError, ValueError) as err:
        first = str(err).partition("\n")[0] or type(err).__name__
        return f"torch could not read these numbers: {first}"


def first_values(field: Field, count: int) -> Iterator[Any]:
    """The first ``count`` values of a field, row by row, without copying the rest.

    Places that hold nothing, such as those that pad a nested tensor, are left out.
    """
    rows = (_row(field, *one) for one in cuts(field.shape, max(count, 1)))
    yield from itertools.islice(itertools.chain.from_iterable(rows), count)


def _row(field: Field, starts: tuple[int, ...], counts: tuple[int, ...]) -> list[Any]:
    box = NumberBox(starts, counts, (1,) * len(counts))
    values = field.box(box).flatten()
    absent = field.missing(box) if field.absent == "nothing" else None
    found: list[Any] = (values if absent is None else values[~absent.flatten()]).tolist()
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, complex):
        return [_plain(value.real), _plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
