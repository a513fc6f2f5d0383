"""Looking at a large tensor: ours, and the peers in Pythons of their own.

``python -m benchmarks.values.measure [--side 20000] [--rounds 5] [--peers PYTHON ...]`` prints
processor seconds of one thread: medians, with the least and the most in brackets, and how many
passes of ``torch.aminmax`` over the tensor each is worth, measured in the same rounds. Each PYTHON
is an interpreter with torch, numpy and one or more of matplotlib, lovely-tensors, treescope, napari
and spyder. A tensor of side 20,000 takes 1.6 GB. A peer that would take more memory than
``--gigabytes`` or more time than ``--patience`` is ended, and it is said that it was.

What counts as a peer's picture: what it shows of the whole tensor when it is asked without options.
napari's layer makes contrast limits and a thumbnail; its canvas, which comes on top, needs a
graphics card. treescope shows an excerpt, the numbers in the corners, and no picture of the rest,
so it stands beside the first numbers of our grid: both read, write and lay out what a screen holds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from benchmarks.timing import Taken, in_rounds, ratio_words
from benchmarks.values.jumps import jump_words, measure_jumps
from benchmarks.values.peers import PEERS
from explorer.model.values.colour_scale import scale_over
from explorer.model.values.first_look import first_looks
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import ReadSummary, Sight
from explorer.ui.theme import LIGHT
from explorer.ui.widgets.numbers.colour_maps import colour_table, image_of
from explorer.worker.values.fields import StridedField, whole
from explorer.worker.values.statistics import statistics_of
from explorer.worker.values.summaries import summary_of

SIGHT = Sight(NumbersOf(1, "float32", (), (), 0))
SCREEN = 1000


def picture(x: torch.Tensor, how: str) -> object:
    """From the tensor to a picture on the screen: blocks in the worker, colours in the window.

    ``first`` is the one that the window asks for at once, the others see every number.
    """
    block = max(x.shape[0] // SCREEN, 1), max(x.shape[1] // SCREEN, 1)
    request = ReadSummary(SIGHT, whole(tuple(x.shape)), 0, 1, block, how)
    if how == "first":
        request = first_looks(request)[0]
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


def show(title: str, jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, Taken]:
    """Print what each job took; the first one is what the others are compared with."""
    found = dict(zip(jobs, in_rounds(list(jobs.values()), rounds), strict=True))
    first = next(iter(found.values()))
    print(f"\n{title}")
    for name, taken in found.items():
        print(f"  {name:26} {taken.words():36} {ratio_words(first, taken)}", flush=True)
    return found


def show_peers(options: argparse.Namespace, ours: dict[str, float]) -> None:
    """Run each peer in the first Python that has it; ``ours`` are passes of aminmax by name."""
    print("\npeers: passes of torch.aminmax in their own rounds, and how many times ours that is")
    for name, (module, _) in PEERS.items():
        found = ask_peer(options, name, module)
        if isinstance(found, str):
            print(f"  {name:26} {found}", flush=True)
            continue
        one, other = Taken(found["one pass"]), Taken(found["peer"])
        passes = other.median / one.median
        shown = ", ".join(f"{passes / own:.1f} of the {what}" for what, own in ours.items())
        print(f"  {name:26} {other.words():36} {passes:.2f} passes, {found['extra']:.0f} MB more; "
              f"{shown}", flush=True)  # fmt: skip
    found = ask_peer(options, "jumps", "spyder")
    if isinstance(found, str):
        print(f"  Spyder's array model: {found}")
    else:
        words = jump_words([second * 1000 for second in found["jumps"]])
        print(f"  Spyder's array model: {words}, {found['extra']:.0f} MB more memory")


def ask_peer(options: argparse.Namespace, name: str, module: str) -> Any:
    """What a peer printed, or a sentence why it did not."""
    search = f"import importlib.util as u, sys; sys.exit(not u.find_spec({module!r}))"
    for python in options.peers:
        if subprocess.run([python, "-c", search], check=False).returncode:
            continue
        numbers = (options.side, min(options.rounds, 3), options.gigabytes)
        command = [python, "-m", "benchmarks.values.peers", name, *map(str, numbers)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=options.patience
            )
        except subprocess.TimeoutExpired:
            return f"no end in {options.patience} s"
        if done.returncode:
            return f"did not end: {(done.stderr.strip().splitlines() or ['killed'])[-1][:90]}"
        return json.loads(done.stdout.splitlines()[-1])
    return "not installed, left out"


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
    parser.add_argument("--peers", nargs="*", default=[], metavar="PYTHON")
    parser.add_argument("--gigabytes", type=int, default=14, help="memory of a peer")
    parser.add_argument("--patience", type=int, default=400, help="seconds for a peer")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = made(options.side)
    print(f"float32 {options.side} x {options.side}, torch {torch.__version__}, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    picture(x[:1000], "mean")  # first calls import and allocate what every run has
    one_pass(x[:1000])
    before = peak()
    for how in ("first", "mean"):
        picture(x, how)
    one_pass(x)
    print(f"extra memory for pictures and statistics: {peak() - before:.0f} MB (peak)")
    measure_jumps(x)
    jobs: dict[str, Callable[[], object]] = {
        "torch.aminmax, one pass": partial(torch.aminmax, x),
        "first picture": partial(picture, x, "first"),
        "exact picture (mean)": partial(picture, x, "mean"),
        "exact picture (furthest)": partial(picture, x, "furthest"),
    }
    title = "pictures, and how many passes of torch.aminmax they took"
    found = show(title, jobs, options.rounds)
    jobs = {"one pass": partial(one_pass, x), "separate calls": partial(separate_calls, x)}
    show("statistics", jobs, max(options.rounds // 2, 1))
    del x, jobs
    if options.peers:
        one, *pictures = (taken.median for taken in found.values())
        names = ("first picture", "exact mean", "exact furthest")
        show_peers(options, {n: own / one for n, own in zip(names, pictures, strict=True)})


if __name__ == "__main__":
    main()
