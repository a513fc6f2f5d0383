"""jit-scripted functions and modules write like others."""
import warnings

import torch

warnings.simplefilter("ignore")


@torch.jit.script
def add_in_place(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        x.add_(i)
    y = x * 2
    return y


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.count = torch.nn.Parameter(torch.zeros(2), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        return x + self.count


x = torch.zeros(2)
y = add_in_place(x, 3)
view = x[:1]
y = add_in_place(view, 2)
net = torch.jit.script(Net())
z = net(x)
z = net(z)
traced = torch.jit.trace(lambda t: t.mul_(2) + 1, torch.ones(2), check_trace=False)
w = traced(x)
print(x, y, z, net.count, w)
