"""Writes into tensors that containers hold, beside calls of the same names that change them."""

from collections import defaultdict

import torch
from torch import nn


class Shadow:
    """Named like a tensor's methods, and changes what it holds."""

    def __init__(self) -> None:
        self.rows = [torch.zeros(2)]
        self.count = 0

    def add_(self, row: torch.Tensor) -> "Shadow":
        self.rows.append(row)
        self.count += 1
        return self

    def items(self):
        for number in range(2):
            self.rows[0] += number + 1
            yield number, self.rows[0]

    def parameters(self):
        self.rows.append(torch.full((2,), 7.0))
        return iter(self.rows)


held = {"a": torch.zeros(2), "b": torch.ones(2)}
for name, one in held.items():
    one.add_(1)
    held[name].mul_(2).sub_(torch.ones(2))
for one in held.values():
    one -= 0.5

shadow = Shadow()
shadow.add_(torch.ones(2))
x = torch.ones(2)
shadow.add_(x).add_(x * 2)
for number, row in shadow.items():
    x.add_(row)
for row in shadow.parameters():
    row.mul_(3)

rows = [torch.zeros(1)]
rows += [x]
rows *= 2
rows[0] += 1
alias = rows
alias += [torch.ones(1)]

made = defaultdict(lambda: torch.zeros(2))
made["first"].add_(1)
x.add_(made["second"])
total = sum(one.sum() for one in made.values())
y = made["third"] + 1

net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
average = {name: parameter.detach().clone() for name, parameter in net.named_parameters()}
net(torch.ones(4, 2)).sum().backward()
with torch.no_grad():
    for name, parameter in net.named_parameters():
        parameter -= 0.1 * parameter.grad
        average[name].mul_(0.9).add_(parameter, alpha=0.1)
for parameter in net.parameters():
    parameter.grad.zero_()
    parameter.data = parameter.data.clone()
for buffer in net.buffers():
    buffer.zero_()


def inner() -> torch.Tensor:
    global rows
    rows = [torch.ones(1)]
    return torch.ones(2)


x.add_(inner())
x += inner()
