"""Modes opened as functions, decorators, managers, across functions, generators and threads."""

import threading

import torch
from torch.autograd.graph import disable_saved_tensors_hooks, save_on_cpu
from torch.overrides import TorchFunctionMode, BaseTorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, _get_current_dispatch_mode_stack


@torch.no_grad()
def no(x):
    y = x * 2
    return y.requires_grad, torch.is_grad_enabled()


@torch.inference_mode()
def inf(x):
    y = x * 2
    y += 1
    z = y[0]
    return z.is_inference(), y.requires_grad


x = torch.ones(2, requires_grad=True)
print(no(x), inf(x), torch.is_grad_enabled())


@torch.no_grad()
def gen():
    for i in range(2):
        yield torch.is_grad_enabled(), (x * 2).requires_grad


for g in gen():
    print(g, torch.is_grad_enabled(), (x * 2).requires_grad)
torch.set_grad_enabled(False)
y = x * 2
print(y.requires_grad)
t = threading.Thread(target=lambda: print("thread", torch.is_grad_enabled()))
t.start()
t.join()
torch.set_grad_enabled(True)
i = None
with torch.inference_mode():
    i = torch.ones(3)
    i.add_(1)
    v = i.view(3, 1)
try:
    i.add_(1)
    i.requires_grad_()
except RuntimeError as e:
    print(str(e)[:70])
try:
    i._version
except RuntimeError as e:
    print(e)
i2 = i.clone()
print(i.is_inference(), i2.is_inference(), v.is_inference())


class Count(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.ops = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.ops.append(func.__name__)
        out = func(*args, **(kwargs or {}))
        tmp = torch.zeros(1)
        tmp += 1
        return out


class Fun(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        log.append(getattr(func, "__name__", "?"))
        return func(*args, **(kwargs or {}))


log = []
c = Count()
with c, Fun():
    a = torch.ones(2)
    b = [a, a + 1]
    b[0] += 1
    d = {"b": b[1]}

    def inner(q):
        r = q * 2
        return r

    e = inner(a)
    print(len(_get_current_dispatch_mode_stack()))
    for k in range(2):
        e = e + k
    n = a.numpy()
    n[0] = 3
print(c.ops, log)
with torch.autocast("cpu", dtype=torch.bfloat16):
    m = torch.nn.Linear(2, 2)
    o = m(torch.ones(1, 2))
    print(o.dtype, torch.get_autocast_dtype("cpu"), torch.is_autocast_cache_enabled())
    with torch.autocast("cpu", enabled=False):
        print(m(torch.ones(1, 2)).dtype)
with torch.device("meta"):
    z = torch.ones(3)
    z += 1
    w = [z]
print(z.device, w)
with torch.random.fork_rng():
    torch.manual_seed(3)
    print(torch.rand(2))
print(torch.rand(2) is not None)
with torch.autograd.set_detect_anomaly(True):
    try:
        (torch.zeros(1, requires_grad=True).sqrt() * 0).backward()
    except RuntimeError as e:
        print(e)
with torch.autograd.forward_ad.dual_level():
    dual = torch.autograd.forward_ad.make_dual(torch.ones(2), torch.ones(2))
    f = dual * dual
    print(torch.autograd.forward_ad.unpack_dual(f))
with save_on_cpu():
    s = (x * x).sum()
s.backward()
with disable_saved_tensors_hooks("not allowed"):
    s = (x * x).sum()
s.backward()
print(x.grad)
with torch.sparse.check_sparse_tensor_invariants():
    sp = torch.sparse_coo_tensor([[0]], [1.0], (2,))
    sp = sp * 2
print(sp)
torch.set_default_dtype(torch.float64)
q = torch.ones(1)
torch.set_default_dtype(torch.float32)
print(q.dtype, torch.ones(1).dtype)
torch.set_printoptions(precision=2)
print(torch.tensor([1 / 3]))
torch.set_flush_denormal(True)
print(torch.tensor([1e-310], dtype=torch.float64) * 1)
with torch._subclasses.FakeTensorMode():
    fk = torch.ones(3)
    fk = fk + 1
    fk.add_(2)
print(fk)
from torch._subclasses.functional_tensor import FunctionalTensorMode


def fun(t):
    u = t.clone()
    u.add_(1)
    v = u.view(-1)
    v.mul_(2)
    return u


print(torch.func.functionalize(fun)(torch.ones(2)))
