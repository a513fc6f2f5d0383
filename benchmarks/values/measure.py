"""Looking at a large tensor: ours and the peers', one after another in each round.

``python -m benchmarks.values.measure [--side 20000] [--rounds 5] [--no-peers]`` prints medians.
Peers copy the tensor several times over: at side 20,000 they need about 16 GB.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from benchmarks.values.jumps import measure_jumps
from benchmarks.values.peers import installed_peers
from explorer.model.colour_scale import scale_over
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import ReadSummary, Sight
from explorer.ui.theme import LIGHT
from explorer.ui.widgets.colour_maps import colour_table, image_of
from explorer.worker.fields import StridedField, whole
from explorer.worker.statistics import statistics_of
from explorer.worker.summaries import summary_of

SIGHT = Sight(NumbersOf(1, "float32", (), (), 0))
SCREEN = 1000


def picture(x: torch.Tensor, how: str) -> object:
    """From the tensor to a picture on the screen: blocks in the worker, colours in the window."""
    block = max(x.shape[0] // SCREEN, 1), max(x.shape[1] // SCREEN, 1)
    request = ReadSummary(SIGHT, whole(tuple(x.shape)), 0, 1, block, how)
    *_, answer = summary_of(StridedField(x), request)
    assert answer is not None
    values = np.frombuffer(answer.tail, answer.dtype).reshape(answer.shape)[0]
    scale = scale_over("symmetric", values)
    return image_of(values, scale, colour_table(LIGHT, diverging=True))


def separate_calls(x: torch.Tensor) -> object:
    """What a plain script writes."""
    return (x.min(), x.max(), x.mean(), x.std(), x.isnan().sum(), x.isinf().sum(),
            (x == 0).sum(), torch.histc(x, 128))  # fmt: skip


def one_pass(x: torch.Tensor) -> object:
    """The same by the worker."""
    return list(statistics_of(StridedField(x), whole(tuple(x.shape))))[-1]


def rounds(jobs: dict[str, Callable[[], object]], count: int) -> dict[str, float]:
    """Median seconds of each job, all of them in turn in each round."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(count):
        for name, job in jobs.items():
            started = time.perf_counter()
            job()
            taken[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) for name, times in taken.items()}


def show(title: str, found: dict[str, float]) -> None:
    """Print a group of medians, with how many times the first one each takes."""
    first = next(iter(found.values()))
    print(f"\n{title}")
    for name, seconds in found.items():
        print(f"  {name:28} {seconds * 1000:10.1f} ms   {seconds / first:7.2f} x")


def peak() -> float:
    """Most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(side: int) -> torch.Tensor:
    """Normal numbers, filled in stripes so that filling needs no second tensor."""
    x = torch.empty(side, side)
    for stripe in x.split(500):
        stripe.normal_()
    return x


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    x = made(options.side)
    print(f"float32 {options.side} x {options.side}, torch {torch.__version__}, "
          f"{torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    picture(x[:1000], "mean")  # first calls import and allocate what every run has
    one_pass(x[:1000])
    before = peak()
    for how in ("sample", "mean"):
        picture(x, how)
    one_pass(x)
    print(f"extra memory for pictures and statistics: {peak() - before:.0f} MB (peak)")
    measure_jumps(x)
    jobs: dict[str, Callable[[], object]] = {
        "torch.aminmax (one pass)": partial(torch.aminmax, x),
        "coarse picture": partial(picture, x, "sample"),
        "exact picture (mean)": partial(picture, x, "mean"),
        "exact picture (furthest)": partial(picture, x, "furthest"),
    }
    show("pictures", rounds(jobs, options.rounds))
    jobs = {"one pass": partial(one_pass, x), "separate calls": partial(separate_calls, x)}
    show("statistics", rounds(jobs, options.rounds))
    if not options.no_peers:
        jobs = {
            "coarse picture": partial(picture, x, "sample"),
            "exact picture (mean)": partial(picture, x, "mean"),
        }
        jobs.update((name, partial(draw, x)) for name, draw in installed_peers().items())
        show("pictures beside the peers'", rounds(jobs, min(options.rounds, 3)))


if __name__ == "__main__":
    main()
