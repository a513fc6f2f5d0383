"""What the cells of a tensor's row say."""

from __future__ import annotations

from explorer.model.card import Card
from explorer.model.tensor_words import shape_words, size_words
from explorer.protocol.values import Brief
from explorer.ui.tensors.row import Row

ON_META = "no numbers, on meta"


def texts_of(row: Row) -> tuple[str, ...]:
    """What each cell of a row says, in the order of the columns."""
    card, kind = row.card, row.card.kind
    nbytes = row.content.nbytes if row.content is not None else 0
    return (
        row.name,
        shape_words(kind.shape),
        kind.dtype,
        ", ".join(map(str, kind.stride)) or "–",
        str(kind.offset),
        kind.device,
        f"{row.letter} · {size_words(nbytes)}" if row.letter else "–",
        grad_words(card, row.grad),
        range_words(card, row.brief),
        "",
        str(card.version),
        size_words(card.numel * kind.itemsize),
    )


def grad_words(card: Card, grad: Card | None) -> str:
    """``leaf, none yet``, ``leaf, .grad filled``, ``AddBackward0``, or a dash."""
    kind = card.kind
    if kind.grad_fn:
        if grad is not None:
            return f"{kind.grad_fn}, .grad filled"
        retains = ", retains grad" if "retains_grad" in kind.flags else ""
        return f"{kind.grad_fn}{retains}"
    if kind.requires_grad:
        return "leaf, .grad filled" if grad is not None else "leaf, none yet"
    return ".grad filled" if grad is not None else "–"


def range_words(card: Card, brief: Brief | None) -> str:
    """``1 … 10``, the number itself for a single one, and how many NaN and Inf there are; of a
    tensor that has a shape alone, that it holds no numbers."""
    if card.numel == 0:
        return "empty"
    if card.kind.device == "meta":
        return ON_META
    return "…" if brief is None else brief_words(brief)


def brief_words(brief: Brief) -> str:
    """The same of numbers that have been looked at."""
    if brief.sentence:
        return "not known"
    words = []
    if brief.low is not None and brief.high is not None:
        low, high = number_text(brief.low), number_text(brief.high)
        words.append(low if low == high else f"{low} … {high}")
    if brief.nan:
        words.append(f"{brief.nan} NaN")
    if brief.inf:
        words.append(f"{brief.inf} Inf")
    return ", ".join(words) or "empty"


def number_text(number: float) -> str:
    """Six digits at most, without needless zeros."""
    if isinstance(number, int):
        return str(number)
    return str(int(number)) if number == int(number) and abs(number) < 1e6 else f"{number:.5g}"


def in_words(row: Row) -> str:
    """The row as one sentence."""
    kind = row.card.kind
    words = [f"{row.name}: {shape_words(kind.shape)} {kind.dtype} on {kind.device}"]
    if kind.stride:
        words.append(f"stride {', '.join(map(str, kind.stride))}, offset {kind.offset}")
    if row.letter:
        nbytes = row.content.nbytes if row.content is not None else 0
        words.append(f"storage {row.letter} of {size_words(nbytes)}")
    if row.same_as:
        words.append(f"the same tensor as {row.same_as}")
    elif row.view_of:
        words.append(f"looks into the storage of {row.view_of}")
    words.append(f"version {row.card.version}")
    words.append(f"requires_grad {kind.requires_grad}, is_leaf {kind.is_leaf}")
    words.append(f"grad_fn {kind.grad_fn or 'None'}")
    if kind.type != "Tensor":
        words.append(f"a {kind.type}")
    if row.changed:
        words.append("changed by this step")
    if row.derivative:
        words.append(f"coloured by {row.derivative}")
    if row.brief is not None and row.brief.sentence:
        words.append(row.brief.sentence.rstrip("."))
    return "; ".join(words) + "."
