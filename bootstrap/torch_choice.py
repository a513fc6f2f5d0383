"""Which build of PyTorch to install.

On Linux the package index's own build carries gigabytes of CUDA libraries. Where the machine has
no NVIDIA GPU the CPU build is taken: from where pip is already configured to look, else from the
index that PyTorch keeps for it. A torch that is there stays as it is.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from bootstrap.pip import Pip
from bootstrap.trouble import CannotGoOn

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")


def machine_has_nvidia() -> bool:
    """Whether an NVIDIA driver is at work here (``/dev/dxg`` is how WSL offers one)."""
    signs = ("/proc/driver/nvidia/version", "/dev/nvidia0", "/dev/dxg")
    return shutil.which("nvidia-smi") is not None or any(Path(sign).exists() for sign in signs)


def arguments_for_torch(
    pip: Pip, requirement: str, *, cpu_only: bool, cpu_index: str = CPU_INDEX
) -> list[str]:
    """What to give to ``pip install`` for a torch that fits this machine.

    Args:
        pip: asked for the versions it can find.
        requirement: as in pyproject.toml, e.g. ``torch>=2.6,<2.14``.
        cpu_only: insist on a build without CUDA.
        cpu_index: where PyTorch offers such builds.

    Raises:
        CannotGoOn: a CPU build is wanted and found nowhere.
    """
    if not cpu_only:
        return [requirement]
    for options in ((), ("--index-url", cpu_index)):
        found = newest_cpu_build(pip.versions("torch", *options), requirement)
        if found is not None:
            return [*options, f"torch=={found}"]
    raise CannotGoOn(
        "This machine has no NVIDIA GPU and pip finds no CPU build of PyTorch for "
        f"Python {sys.version_info[0]}.{sys.version_info[1]}: connect it to {cpu_index}, "
        "or install torch into .venv yourself, then start again"
    )


def newest_cpu_build(versions: list[str], requirement: str) -> str | None:
    """The newest version within the bounds whose local label is ``+cpu``."""
    fitting = [v for v in versions if v.endswith("+cpu") and within(v, requirement)]
    return max(fitting, key=_numbers, default=None)


def within(version: str, requirement: str) -> bool:
    """Whether a version keeps the ``>=`` and ``<`` bounds of a requirement."""
    own = _numbers(version)
    for sign, bound in _BOUND.findall(requirement):
        if own < _numbers(bound) if sign == ">=" else own >= _numbers(bound):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """2.13.0+cpu -> (2, 13, 0); letters of a pre-release end the count."""
    parts = version.partition("+")[0].split(".")
    return tuple(int(part) for part in parts if part.isdigit())
