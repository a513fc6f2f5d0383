"""Optimizers in their plain, foreach and fused forms write parameters and state."""
import torch


def train(make, steps=2):
    weight = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
    bias = torch.nn.Parameter(torch.tensor(0.5))
    optimizer = make([weight, bias])
    for step in range(steps):
        optimizer.zero_grad()
        loss = ((weight * 3 + bias) ** 2).sum()
        loss.backward()
        optimizer.step()
    return weight, bias, optimizer


optim = torch.optim
plain = train(lambda p: optim.SGD(p, lr=0.01, momentum=0.9, foreach=False))
foreach = train(lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True, foreach=True))
fused = train(lambda p: optim.SGD(p, lr=0.01, fused=True))
adam = train(lambda p: optim.Adam(p, lr=0.1, foreach=False))
adam_foreach = train(lambda p: optim.Adam(p, lr=0.1, foreach=True, amsgrad=True))
adam_fused = train(lambda p: optim.AdamW(p, lr=0.1, fused=True))
rms = train(lambda p: optim.RMSprop(p, lr=0.01, centered=True))
grad = train(lambda p: optim.Adagrad(p, lr=0.1))
delta = train(lambda p: optim.Adadelta(p))
print(plain[0], foreach[0], fused[0], adam[0], adam_foreach[0], adam_fused[0], rms[0], grad[0])
print(delta[1])
