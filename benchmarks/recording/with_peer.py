"""Runs one program once under another tool that shows what programs do; prints its CPU seconds.

``python with_peer.py pysnooper|snoop|birdseye|torchlens PROGRAM``, in an environment with the
optional dependencies ``peers``. PySnooper, snoop and birdseye watch functions, so the program
becomes the body of one; what they write goes to a file that is dropped. TorchLens watches a call
of a model: of the first ``nn.Module`` that the program calls, one call is watched, the others run
plainly, and the plain seconds of one call are printed behind. A program without a model is none
for it: nothing is printed.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

HEAD = {
    "pysnooper": "import pysnooper\n@pysnooper.snoop({out!r})\n",
    "snoop": "import snoop\nsnoop.install(out={out!r}, color=False)\n@snoop.snoop\n",
    "birdseye": "from birdseye import eye\n@eye\n",
}


def as_function(path: Path, head: str, folder: Path) -> Any:
    """The program as a function of a module, with ``head`` before it."""
    text = head.format(out=str(folder / "out.txt"))
    text += "def program():\n" + textwrap.indent(path.read_text(), "    ")
    file = folder / "watched.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location("watched", file)
    if spec is None or spec.loader is None:
        raise SystemExit("The program could not be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.program


def with_torchlens(path: Path) -> list[float]:
    """CPU seconds of one call of the program's model under TorchLens, and of the plain call."""
    import torch
    import torchlens  # type: ignore[import-not-found]

    plain = torch.nn.Module.__call__
    taken: list[float] = []

    def watched(model: Any, *args: Any, **options: Any) -> Any:
        torch.nn.Module.__call__ = plain  # type: ignore[method-assign]
        result = plain(model, *args, **options)
        started = time.process_time()
        plain(model, *args, **options)
        middle = time.process_time()
        torchlens.log_forward_pass(model, list(args), layers_to_save="all")
        taken.extend((time.process_time() - middle, middle - started))
        return result

    torch.nn.Module.__call__ = watched  # type: ignore[method-assign]
    exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    return taken


def main() -> None:
    """Measure once."""
    peer, path = sys.argv[1], Path(sys.argv[2])
    import torch

    torch.set_num_threads(1)
    torch.ones(2).requires_grad_().sum().backward()
    if peer == "torchlens":
        print(*with_torchlens(path), flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        os.environ["BIRDSEYE_DB"] = f"sqlite:///{folder}/birdseye.db"
        program = as_function(path, HEAD[peer], Path(folder))
        started = time.process_time()
        program()
        print(time.process_time() - started, flush=True)


if __name__ == "__main__":
    main()
