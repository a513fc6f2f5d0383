"""Removes modules that others need, and puts its own in their place."""
import sys
import types

import torch

x = torch.ones(2)
for name in ("json", "struct", "socket", "queue", "collections", "dataclasses", "traceback"):
    sys.modules[name] = types.ModuleType(name)
x += 1
for name in [name for name in sys.modules if name.startswith("explorer")]:
    del sys.modules[name]
x += 1
sys.modules["__main__"] = None
x += 1
