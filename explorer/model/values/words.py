"""What a tensor's numbers are like, in sentences."""

from __future__ import annotations

from explorer.model.numbers import known
from explorer.model.values.view import ValuesView
from explorer.protocol.number_formats import NumberFormat, shortest_text
from explorer.protocol.values import Bars, Statistics


def number_words(number: float | int | None, kind: NumberFormat | None = None) -> str:
    """A number in few characters; one of a format in the fewest that mean it."""
    if number is None:
        return "–"
    if isinstance(number, int):
        return f"{number:,}".replace("-", "−")
    if kind is not None and kind.kind == "float":
        text = shortest_text(number, kind)
        if len(text) <= 12:
            return text.replace("-", "−")
    return f"{number:.6g}".replace("-", "−")


def count_words(count: int, one: str, many: str = "") -> str:
    """``1 zero``, ``24 zeros``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def statistics_words(found: Statistics, dtype: str) -> str:
    """One sentence: how many, from where to where, mean, and what stands out."""
    if found.count == 0:
        return "There are no numbers."
    kind = known(dtype)
    exact = kind if kind.kind == "float" else None
    parts = [count_words(found.count, "number")]
    if kind.kind == "complex" and found.count > 1:
        parts[0] += " by size |z|"
    if found.count == 1 and found.low is not None:
        return f"One number, {number_words(found.low, exact)}."
    if found.low is None:
        parts.append("none of them finite")
    elif found.low == found.high:
        parts.append(f"all of them {number_words(found.low, exact)}" if _all_finite(found) else
                     f"the finite ones all {number_words(found.low, exact)}")  # fmt: skip
    else:
        low, high = number_words(found.low, exact), number_words(found.high, exact)
        parts.append(f"from {low} to {high}")
        parts.append(f"mean {number_words(found.mean)}")
        if found.deviation is not None:
            parts.append(f"standard deviation {number_words(found.deviation)}")
    parts += bad_words(found)
    if found.zeros and found.low != found.high:
        parts.append(count_words(found.zeros, "zero"))
    return ", ".join(parts) + "."


HOW_WORDS = {
    "absolute": "Difference",
    "relative": "Relative difference",
    "ulps": "Difference in ulps",
}


def difference_words(view: ValuesView) -> str:
    """What the numbers are compared with, and how; empty where they are not."""
    if not view.comparison or view.sight is None:
        return ""
    return f"{HOW_WORDS.get(view.sight.how, 'Difference')} {view.comparison}."


def bad_words(found: Statistics) -> list[str]:
    """NaN and Inf, counted, where there are any."""
    words = []
    if found.nan:
        words.append(f"{found.nan:,} NaN")
    if found.plus_inf:
        words.append(f"{found.plus_inf:,} Inf")
    if found.minus_inf:
        words.append(f"{found.minus_inf:,} −Inf")
    return words


def _all_finite(found: Statistics) -> bool:
    return not (found.nan or found.plus_inf or found.minus_inf)


def bar_edges(bars: Bars, at: int) -> tuple[float, float]:
    """Lower and upper edge of a bar."""
    unit = 2.0**bars.power if bars.power > -1074 else 5e-324
    return (bars.first + at) * unit, (bars.first + at + 1) * unit


def bar_words(bars: Bars, at: int, total: int) -> str:
    """What one bar of a histogram says."""
    low, high = bar_edges(bars, at)
    count = bars.counts[at]
    share = 100 * count / total if total else 0
    span = f"from {number_words(low)} to below {number_words(high)}"
    return f"{count_words(count, 'number')} {span}, {share:.3g} %"


def histogram_words(bars: Bars) -> str:
    """Where most of the numbers of a histogram lie."""
    total = sum(bars.counts)
    if not total:
        return "There is no finite number to count."
    at = max(range(len(bars.counts)), key=lambda place: bars.counts[place])
    if len(bars.counts) == 1:
        return f"The only bar holds {bar_words(bars, at, total)}."
    return f"The fullest of {len(bars.counts)} bars holds {bar_words(bars, at, total)}."
