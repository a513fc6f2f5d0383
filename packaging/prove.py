"""Proves a .deb on a system that has nothing: installs, runs, drives, removes and compares.

    sudo python3 packaging/prove.py PACKAGE.deb [-o FOLDER] [--troubles]

Makes a minimal Debian with debootstrap (no Python in it), installs the package there, and, as an
ordinary user whose home has spaces and Chinese characters in its name, with no network and a
read-only program folder: asks for the version, records a lesson, takes a picture, opens the
window on a virtual display, runs the lesson by real key presses and steps into backward; opens it
under Wayland as well. Then it removes the package and compares the file system with what it was
before. For the light package a virtual environment with torch is put into that home first.

With --troubles it also installs on a full disk and over an older version, and runs on a full disk,
with a home that cannot be written, twice at once on spoilt settings, with other libraries in the
way and, the light one, without any Python.

Needs root, and debootstrap, Xvfb, xdotool, ImageMagick and, for Wayland, weston on the machine
that proves.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from proof import troubles
from proof.display import Display
from proof.root import USER_HOME, Root
from proof.wayland import Wayland

LESSON = "/usr/lib/tensor-explorer/_internal/resources/lessons/00_first_steps.py"


def main() -> None:
    """Prove one package; the first thing that is wrong ends it."""
    parser = argparse.ArgumentParser(description="Prove a .deb in a minimal Debian.")
    parser.add_argument("package", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("build/proof"))
    parser.add_argument("--work", type=Path, default=Path("build/proof-root"))
    parser.add_argument("--troubles", action="store_true", help="bring about what can go wrong")
    parser.add_argument("--patience", type=float, default=1.0, help="so many times slower")
    chosen = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("a root is made and entered: this needs to be run as root")
    chosen.output.mkdir(parents=True, exist_ok=True)
    root = Root(chosen.work.resolve())
    package, output = chosen.package.resolve(), chosen.output.resolve()
    light = "-light" in package.name
    if light and chosen.troubles:
        root.make()
        root.install_package(package)
        troubles.no_torch_anywhere(root, LESSON)
    if light:
        root.make_with_torch()
    else:
        root.make()
    before = root.files()
    prove(root, package, output, chosen.patience)
    if chosen.troubles:
        prove_troubles(root, package, chosen.work.resolve(), output)
    name = "tensor-explorer-light" if light else "tensor-explorer"
    root.remove_package(name)
    left = root.differences(before)
    for line in left:
        print("left behind:", line)
    print("the file system is as it was" if not left else "the file system is not as it was")
    sys.exit(1 if left else 0)


def prove(root: Root, package: Path, output: Path, patience: float) -> None:
    """All that is done between installing and removing; ``patience`` makes every wait longer."""
    began = time.monotonic()
    root.install_package(package)
    print(f"installed in {time.monotonic() - began:.1f} s")
    print(root.as_user("tensor-explorer", "--version").strip())
    steps = [
        json.loads(line)
        for line in root.as_user("tensor-explorer", "steps", "--json", LESSON).splitlines()
    ]
    check_steps(steps)
    print(f"recorded {len(steps)} steps of the first lesson, its numbers are right")
    picture = f"{USER_HOME}/picture.png"
    root.as_user("tensor-explorer", "shot", LESSON, "-o", picture)
    shutil.copy(root.path / picture.lstrip("/"), output / f"{package.stem}-shot.png")
    drive(root, output / f"{package.stem}-window", patience)
    if Wayland.is_possible():
        open_under_wayland(root, output / f"{package.stem}-wayland.png", patience)


def prove_troubles(root: Root, package: Path, work: Path, output: Path) -> None:
    """What can go wrong; the package is installed before and after."""
    troubles.spoilt_settings_and_two_at_once(root, LESSON, output / package.stem)
    troubles.other_libraries_in_the_way(root, LESSON)
    troubles.full_disk_while_running(root, LESSON)
    troubles.home_that_cannot_be_written(root, LESSON)
    root.take_away(package)
    troubles.full_disk_while_installing(root, package)
    troubles.older_version(root, package, work)


def check_steps(steps: list[dict[str, object]]) -> None:
    """The lesson's numbers, known from arithmetic: 3 cells of 12³ and 9 of 3³, divided by 12.

    Raises:
        SystemExit: they are not those.
    """
    nodes = [step["node"] for step in steps if step["kind"] == "node"]
    if not any(str(node).startswith("PowBackward") for node in nodes):
        raise SystemExit(f"the nodes of backward are not there: {nodes}")
    tensors = steps[-1]["tensors"]
    assert isinstance(tensors, dict)
    if tensors["z"]["values"] != [(3 * 12**3 + 9 * 3**3) / 12]:
        raise SystemExit(f"z is {tensors['z']['values']}")
    if tensors["x"]["storage"] != tensors["d"]["storage"]:
        raise SystemExit("x and d do not share their storage")


def drive(root: Root, pictures: Path, patience: float) -> None:
    """Open the window on the lesson, run it by key presses, step into backward, close it."""
    with Display(root.sockets) as display:
        program = root.start_as_user("tensor-explorer", LESSON, display=display.name)
        try:
            began = time.monotonic()
            display.wait_for_window("Tensor Explorer", program, seconds=60 * patience)
            print(f"window after {time.monotonic() - began:.1f} s")
            time.sleep(8 * patience)  # the worker imports torch meanwhile
            display.picture(pictures.with_name(pictures.name + "-opened.png"))
            display.press("F5")
            time.sleep(4 * patience)
            display.picture(pictures.with_name(pictures.name + "-ran.png"))
            for key in ("alt+Home", "ctrl+F11"):  # back to the start, into the next backward()
                display.press(key)
                time.sleep(patience)
            display.picture(pictures.with_name(pictures.name + "-backward.png"))
            display.press("ctrl+q")
            code = program.wait(timeout=30 * patience)
            if code != 0:
                raise SystemExit(f"the program ended with {code}")
        finally:
            program.kill()


def open_under_wayland(root: Root, picture: Path, patience: float) -> None:
    """Open the window where there is no X server at all, and end it."""
    with Wayland(root.path / "people" / "wayland") as wayland:
        inside = f"/people/wayland/{wayland.socket.name}"
        program = root.start_as_user(
            "tensor-explorer", LESSON, variables={"WAYLAND_DISPLAY": inside}
        )
        try:
            time.sleep(10 * patience)
            if program.poll() is not None:
                raise SystemExit(f"under Wayland the program ended with {program.returncode}")
            wayland.picture(picture)
        finally:
            program.kill()
            program.wait(timeout=30 * patience)


if __name__ == "__main__":
    main()
