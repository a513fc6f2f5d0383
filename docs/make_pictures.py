"""Makes every picture of the documentation, by the program's own ``shot``.

    .venv/bin/python docs/make_pictures.py [NAME ...]

Without names all pictures are made; with names only those that begin with one of them. They go
to docs/pictures. No display is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LESSONS = ROOT / "resources" / "lessons"
PROGRAMS = ROOT / "docs" / "programs"
TARGET = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    """One picture: its name, the lesson or program of the documentation that is run (none: an
    empty one), and the options."""

    name: str
    program: str
    options: tuple[str, ...] = ()


WINDOWS = (
    Picture("window-light", "00_first_steps", ("--at", "9.2", "--tensor", "d")),
    Picture("window-dark", "00_first_steps", ("--at", "9.2", "--tensor", "d", "--theme", "dark")),
    Picture(
        "window-small", "00_first_steps", ("--at", "9.2", "--tensor", "d", "--size", "1280x720")
    ),
    Picture("window-large", "19_networks", ("--tensor", "scores", "--size", "2560x1440")),
)
PANE_SIZE = ("--size", "900x560")
PANES = (
    Picture("pane-tensors", "00_first_steps", ("--pane", "tensors", "--at", "6")),
    Picture("pane-storages", "09_indexing", ("--pane", "storages")),
    Picture("pane-values", "05_arithmetic", ("--pane", "values", "--tensor", "grid")),
    Picture("pane-layout", "11_inside", ("--pane", "layout", "--tensor", "part")),
    Picture("pane-graph", "13_graph", ("--pane", "graph", "--tensor", "again")),
    Picture("pane-modules", "19_networks", ("--pane", "modules")),
    Picture("pane-curves", "21_training", ("--pane", "curves")),
    Picture("pane-types", "02_types", ("--pane", "types")),
    Picture("pane-output", "15_accumulation", ("--pane", "output")),
)
LAYOUT_SIZE = ("--size", "620x420")
LAYOUTS = tuple(
    Picture(f"layout-{name}", "layouts", ("--pane", "layout", "--tensor", name, *LAYOUT_SIZE))
    for name in (
        "x", "turned", "stepped", "wide", "diagonal", "windows", "first", "picture", "shared",
        "tiny",
    )
)  # fmt: skip
GRAPH_SIZE = ("--size", "700x760")
GRAPHS = tuple(
    Picture(f"graph-{name.replace('_', '-')}", name, ("--pane", "graph", *how, *GRAPH_SIZE))
    for name, how in (
        ("sigmoid", ("--at", "5", "--tensor", "total")),
        ("dead_relu", ("--at", "7", "--tensor", "loss")),
        ("attention", ("--tensor", "loss")),
        ("double_backward", ("--at", "6", "--tensor", "total")),
        ("rnn", ("--tensor", "loss")),
        ("resnet", ("--tensor", "loss")),
        ("resnet_deep", ("--tensor", "loss")),
    )
)
UNFOLDED = (
    Picture(
        "graph-resnet-half", "resnet_deep",
        ("--pane", "graph", "--tensor", "loss", "--unfold", "net.layer1.0", *GRAPH_SIZE),
    ),
)  # fmt: skip
EMPTY = tuple(
    Picture(f"empty-{pane}", "", ("--pane", pane))
    for pane in (
        "tensors", "modules", "storages", "writes", "values", "layout", "operation", "graph",
        "curves", "optimizer", "output", "console", "problems",
    )
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Make the pictures; 1 when one of them could not be made."""
    chosen = [
        picture
        for picture in (*WINDOWS, *PANES, *LAYOUTS, *GRAPHS, *UNFOLDED, *EMPTY)
        if not wanted or picture.name.startswith(tuple(wanted))
    ]
    if not chosen:
        print("there is no picture of that name")
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    failed = [picture.name for picture in chosen if not make(picture)]
    if failed:
        print("not made: " + ", ".join(failed))
    return 1 if failed else 0


def make(picture: Picture) -> bool:
    """Make one picture; whether it worked."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        program = LESSONS / f"{picture.program}.py"
        if picture.program and not program.exists():
            program = PROGRAMS / f"{picture.program}.py"
        if not picture.program:
            program = Path(folder) / "empty.py"
            program.write_text("pass\n", encoding="utf-8")
        size = PANE_SIZE if "--pane" in picture.options else ()
        target = TARGET / f"{picture.name}.png"
        command = [sys.executable, "-m", "explorer", "shot", str(program), "-o", str(target)]
        environment = {**os.environ, "FONTCONFIG_FILE": str(ROOT / "docs" / "fonts.conf")}
        done = subprocess.run(
            [*command, *size, *picture.options],
            cwd=ROOT,
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
        )
    print(f"{'made' if done.returncode == 0 else 'FAILED'} {picture.name}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
