"""torch.compile-free tools that read programs: jit, fx, func, custom ops, library, hooks, modes."""

import copy
import inspect

import torch
import torch.fx
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode


@torch.jit.script
def scripted(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        x = x + i
        if bool(x.sum() > 3):
            break
    return x


print(scripted(torch.ones(2), 3), scripted.code)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.register_buffer("b", torch.ones(2))

    def forward(self, x):
        y = self.a(x) * self.b
        return y.relu()


torch.manual_seed(0)
net = Net()
print(torch.fx.symbolic_trace(net).code)
print(torch.jit.trace(net, torch.ones(1, 2)).code)
print(torch.jit.script(net).code)
print(net, [n for n, _ in net.named_parameters()], list(net.state_dict()))
f = lambda x: (x**2).sum()
print(torch.func.grad(f)(torch.ones(3)), torch.func.vmap(f)(torch.ones(2, 3)))
print(torch.func.jacrev(lambda x: x.sin())(torch.zeros(2)), torch.func.hessian(f)(torch.ones(2)))
print(torch.func.jvp(f, (torch.ones(2),), (torch.ones(2),)))


def inside(x):
    y = x * 2
    y = y + 1
    return y.sum()


print(torch.func.vmap(torch.func.grad(inside))(torch.ones(2, 2)))
print(torch.func.functional_call(net, {"b": torch.zeros(2)}, torch.ones(1, 2)))
traced = (
    torch.fx.experimental.proxy_tensor.make_fx(inside)(torch.ones(2))
    if hasattr(torch.fx, "experimental")
    else None
)
if traced is not None:
    print(traced.code)
print(torch._C._get_tracing_state(), torch.jit.is_scripting(), torch.jit.is_tracing())


class Log(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        print("dispatch", func)
        return func(*args, **(kwargs or {}))


with Log():
    p = torch.ones(2)
    p += 1
    q = p[0]
    del q
    r = net(torch.ones(1, 2)).sum()
r.backward()


class Sub(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        print("function", func.__name__)
        return super().__torch_function__(func, types, args, kwargs or {})


s = torch.ones(2).as_subclass(Sub)
s = s + 1
s[0] = 5
l = [s]
d = {"s": s}
print(type(s * 2).__name__, s.shape)
packs = []
with torch.autograd.graph.saved_tensors_hooks(
    lambda t: packs.append(tuple(t.shape)) or t, lambda t: packs.append("u") or t
):
    w = torch.ones(2, requires_grad=True)
    z = (w * w).exp().sum()
z.backward()
print(packs)
hooks = []
h = net.register_forward_hook(lambda m, i, o: hooks.append(tuple(o.shape)))
g = net.register_full_backward_hook(
    lambda m, gi, go: hooks.append([None if t is None else tuple(t.shape) for t in gi])
)
net(torch.ones(1, 2)).sum().backward()
print(
    hooks,
    len(net._forward_hooks),
    len(net._backward_hooks),
    len(torch.nn.modules.module._global_forward_hooks),
)
node = (w * 3).grad_fn
node.metadata["mine"] = 1
print(
    node.metadata,
    node.name(),
    node.next_functions[0][0].variable is w,
    dir(node) == dir((w * 4).grad_fn),
)
print(w._backward_hooks, w._post_accumulate_grad_hooks, w.grad_fn, w._cdata == w._cdata)
other = copy.deepcopy(net)
print(
    other.a.weight.equal(net.a.weight),
    other.a.weight is net.a.weight,
    inspect.getsource(Net.forward),
)
print(
    torch.overrides.has_torch_function((s,)),
    torch.overrides.get_overridable_functions() is not None,
)
with torch.overrides.TorchFunctionMode():
    print(len(torch.overrides._get_current_function_mode_stack()))
print(torch._C._len_torch_dispatch_stack(), torch._C._len_torch_function_stack())
print(
    torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.autograd._profiler_enabled()
)
