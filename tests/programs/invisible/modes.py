"""Grad modes, inference, autocast, deterministic, default device, function and dispatch modes."""
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode


class Functions(TorchFunctionMode):
    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.seen.append(getattr(function, "__name__", str(function)))
        return function(*args, **(kwargs or {}))


class Dispatches(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.seen.append(str(function))
        return function(*args, **(kwargs or {}))


x = torch.ones(2, requires_grad=True)
with Functions() as functions:
    y = x + 1
    y = y.mul(2)
    z = torch.sum(y)
    y.shape
print(functions.seen)
with Dispatches() as dispatches:
    y = x + 1
    z = y.sum()
    z.backward()
    w = y.detach()
    w.add_(1)
print(dispatches.seen)
with torch.inference_mode():
    a = x * 2
    a.add_(1)
    print(torch.is_inference_mode_enabled(), a.is_inference())
with torch.autocast("cpu", torch.bfloat16):
    b = torch.ones(2, 2) @ torch.ones(2, 2)
    print(b.dtype, torch.is_autocast_enabled("cpu"))
torch.use_deterministic_algorithms(True)
c = torch.empty(3)
d = torch.zeros(2).resize_(4)
print(c, d, torch.are_deterministic_algorithms_enabled())
torch.use_deterministic_algorithms(False)
torch.set_default_device("meta")
e = torch.ones(2)
torch.set_default_device(None)
print(e.device, torch.ones(1).device, torch.get_num_threads(), torch.is_grad_enabled())
with torch.autograd.detect_anomaly(check_nan=False):
    (x * 2).sum().backward()
with torch.autograd.set_multithreading_enabled(False):
    (x * 3).sum().backward()
print(x.grad, torch.overrides.is_tensor_like(x), torch.get_default_dtype())
