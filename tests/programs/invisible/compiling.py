"""torch.jit.script and trace, torch.fx, torch.func, torch.export-like tracing of own functions."""
import torch


@torch.jit.script
def scripted(x: torch.Tensor, n: int = 3) -> torch.Tensor:
    for i in range(n):
        if i % 2 == 0:
            x = x + i
        else:
            x = x * 2
    return x


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 2)
        torch.nn.init.ones_(self.linear.weight)
        torch.nn.init.zeros_(self.linear.bias)

    def forward(self, x):
        y = self.linear(x)
        z = torch.relu(y)
        return z


def plain(x):
    y = x.sin()
    return y + 1


print(scripted(torch.ones(2)))
print(scripted.code)
net = Net()
print(torch.jit.script(net)(torch.ones(2)), torch.jit.script(net).code)
traced = torch.jit.trace(net, torch.ones(2))
print(traced.code)
graph = torch.fx.symbolic_trace(net)
print(graph.code)
print(torch.fx.symbolic_trace(plain).code)
print(torch.func.grad(lambda v: plain(v).sum())(torch.zeros(2)))
print(torch.func.vmap(plain)(torch.zeros(2)))
print(torch.func.hessian(lambda v: (v**3).sum())(torch.ones(2)))
print(torch.autograd.functional.jacobian(plain, torch.zeros(2)))


def leaves_in_the_middle(x):
    y = x * 2
    print("not compiled from here")
    rows = y.detach().numpy()
    rows += 1
    return y + 1, y.data_ptr() > 0, torch.utils.dlpack.to_dlpack(y) is not None


left = torch.compile(leaves_in_the_middle, backend="eager")
print(left(torch.ones(3)))

layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Linear(3, 3))
vector = layer.parametrizations.weight[0]._u
normed = torch.compile(layer, backend="eager")
before = vector.clone()
print(normed(torch.ones(1, 3)).shape, bool((before - vector).abs().max() < 1))
