"""What hooks of plain torch say of one backward pass of a program, in a process of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.warm_python import ready_python
from tests.worker.both_ways import one_thread

HOOKS = """
import json, sys
import torch
told = []
def hook(name):
    def ran(out, into):
        rows = lambda grads: [None if g is None else g.flatten().tolist() for g in grads]
        told.append([name, rows(into), rows(out)])
    return ran
plain = torch.Tensor.backward
calls = []
def backward(self, *args, **kwargs):
    calls.append(1)
    handles = []
    if len(calls) == int(sys.argv[2]):
        waiting, seen = [self.grad_fn], set()
        while waiting:
            node = waiting.pop()
            if node is not None and node not in seen:
                seen.add(node)
                handles.append(node.register_hook(hook(node.name().rpartition("::")[2])))
                waiting += [child for child, _ in node.next_functions]
    plain(self, *args, **kwargs)
    for handle in handles:
        handle.remove()
torch.Tensor.backward = backward
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), {"__name__": "__main__"})
print(json.dumps(told))
"""


def by_hooks(path: Path, number: int) -> list[list[Any]]:
    """[name, gradients in, gradients out] of every node of pass ``number`` of a program."""
    script = path.with_name("hooks.py")
    script.write_text(HOOKS)
    command = [ready_python(), str(script), str(path), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_thread())
    told: list[list[Any]] = json.loads(done.stdout.splitlines()[-1])
    return told
