"""What can go wrong on somebody's machine, brought about in a minimal Debian."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from proof.display import Display
from proof.root import USER, USER_HOME, Root

INSIDE = "usr/lib/tensor-explorer/_internal"
OLD_VERSION = "0.0.1"
FILLS_THE_DISK = """\
import torch
x = torch.arange(4.0)
with open("much.bin", "wb") as file:
    for _ in range(64):
        file.write(bytes(1 << 20))
"""


class Wrong(SystemExit):
    """Something is not as it should be."""


def full_disk_while_installing(root: Root, package: Path) -> None:
    """dpkg says so and takes back what it had unpacked; the dependencies are there."""
    said = root.install_on_full_disk(package, megabytes=30)
    if "No space left on device" not in said:
        raise Wrong(f"a full disk was not told of: {said!r}")
    left = [path for path in (root.path / "usr").rglob("tensor-explorer*") if path.is_file()]
    if left:
        raise Wrong(f"a package that could not be unpacked left {left}")
    line = next(line for line in said.splitlines() if "No space" in line)
    print("full disk while installing:", line.strip())


def older_version(root: Root, package: Path, work: Path) -> None:
    """A newer version takes the place of an older one, files that it no longer has included."""
    old = _older(package, work)
    root.install_package(old)
    alien = root.path / INSIDE / "of_the_old_version.py"
    if not alien.exists():
        raise Wrong("the older version is not installed")
    root.install_package(package)
    if alien.exists():
        raise Wrong("a file of the older version is still there")
    print(f"over {OLD_VERSION}:", root.as_user("tensor-explorer", "--version").strip())


def _older(package: Path, work: Path) -> Path:
    """The package with a lower version number and a file more."""
    folder = work / "older"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    control = folder / "DEBIAN" / "control"
    lines = control.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [f"Version: {OLD_VERSION}\n" if li.startswith("Version:") else li for li in lines]
    control.write_text("".join(changed), encoding="utf-8")
    (folder / INSIDE / "of_the_old_version.py").write_text("old = True\n")
    old = work / f"older_{package.name}"
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(folder), str(old)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    return old


def full_disk_while_running(root: Root, lesson: str) -> None:
    """The program's own error is shown; what the window writes itself ends in a sentence."""
    small = [
        f"mount -t tmpfs -o size=2m,mode=777 tmpfs {shlex.quote(f'{root.path}/srv')}",
        f"printf %s {shlex.quote(FILLS_THE_DISK)} > {shlex.quote(f'{root.path}/srv/a.py')}",
    ]
    steps = "cd /srv && tensor-explorer steps a.py"
    answer = root.try_as_user("sh", "-c", steps, before=small)
    if answer.returncode != 1 or "No space left on device" not in answer.stderr:
        raise Wrong(f"a program on a full disk: {answer}")
    fill = "cat /dev/zero > /srv/much 2> /dev/null;"
    shot = f"{fill} tensor-explorer shot {lesson} -o /srv/picture.png"
    answer = root.try_as_user("sh", "-c", shot, before=small)
    if answer.returncode != 2 or "cannot be written" not in answer.stderr:
        raise Wrong(f"a picture on a full disk: {answer}")
    print("full disk while running:", answer.stderr.strip().splitlines()[-1])


def home_that_cannot_be_written(root: Root, lesson: str) -> None:
    """Programs run all the same."""
    locked = f"mount --bind -o ro {shlex.quote(str(root.home))} {shlex.quote(str(root.home))}"
    command = f"touch '{USER_HOME}/x' 2> /dev/null && exit 9; tensor-explorer steps {lesson}"
    answer = root.try_as_user("sh", "-c", command, before=[locked])
    if answer.returncode != 0 or "PowBackward0" not in answer.stdout:
        raise Wrong(f"with a home that cannot be written: {answer}")
    print("home that cannot be written: the lesson runs")


def no_torch_anywhere(root: Root, lesson: str) -> None:
    """The light program without a Python of the user's says what to do."""
    answer = root.try_as_user("tensor-explorer", "steps", lesson)
    if answer.returncode != 2 or "python3" not in answer.stderr:
        raise Wrong(f"without a Python: {answer}")
    print("without a Python:", answer.stderr.strip())


def other_libraries_in_the_way(root: Root, lesson: str) -> None:
    """LD_LIBRARY_PATH leads to libraries of the same names that do not fit, as conda's may."""
    inner = sorted((root.path / INSIDE / "python" / "lib").glob("*.so*"))
    # The starter asks the system for libz, as every program.
    inner = [path for path in inner if not path.name.startswith("libz.")]
    names = ["libQt6Core.so.6", "libQt6Gui.so.6", *(path.name for path in inner)]
    others = root.home / "others"
    others.mkdir()
    for name in names:
        (others / name).write_text("no library\n")
    setting, picture = f"LD_LIBRARY_PATH={USER_HOME}/others", f"{USER_HOME}/others.png"
    answer = root.try_as_user("env", setting, "tensor-explorer", "shot", lesson, "-o", picture)
    shutil.rmtree(others)
    if answer.returncode != 0:
        raise Wrong(f"with other libraries in the way: {answer}")
    print("other libraries in the way:", len(names), "of them are passed by")


def spoilt_settings_and_two_at_once(root: Root, lesson: str, pictures: Path) -> None:
    """Two windows open on a settings file that is none; it is set aside; both close well."""
    settings = root.home / ".config" / "tensor-explorer" / "tensor-explorer.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("no settings\n")
    for path in (settings, settings.parent, settings.parent.parent):
        os.chown(path, USER, USER)
    twice = 'tensor-explorer "$0" & first=$!; tensor-explorer "$0" && wait $first'
    with Display(root.sockets) as display:
        program = root.start_as_user("sh", "-c", twice, lesson, display=display.name)
        try:
            _wait_for(display, 2, program)
            time.sleep(10)  # the workers import torch meanwhile
            display.picture(pictures.with_name(pictures.name + "-two.png"))
            for left in (1, 0):
                display.wait_for_window("Tensor Explorer", program, seconds=20)
                display.press("ctrl+q")
                _wait_for(display, left, program)
            if program.wait(timeout=60) != 0:
                raise Wrong(f"two at once ended with {program.returncode}")
        finally:
            program.kill()
    aside = settings.with_name("tensor-explorer.broken-1.ini")
    if aside.read_text() != "no settings\n":
        raise Wrong("the spoilt settings were not kept")
    print("two at once on spoilt settings: both ran and closed; the settings were set aside")


def _wait_for(display: Display, windows: int, program: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while len(display.windows("Tensor Explorer")) != windows:
        if time.monotonic() > deadline or (windows and program.poll() is not None):
            raise Wrong(f"there are not {windows} windows")
        time.sleep(0.2)
