"""Calls that look like torch's own, in which code of the program writes elsewhere."""

import torch
from torch import nn

aside = torch.zeros(3)
net = nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)


def note(*anything):
    exec("aside.add_(1.0)")


before = optimizer.register_step_pre_hook(lambda *given: (aside.mul_(2.0), None)[1])
net(torch.ones(3)).sum().backward()
aside.add_(1.0)
optimizer.step()
before.remove()
behind = optimizer.register_step_post_hook(lambda *given: (aside.sub_(0.5), None)[1])
optimizer.step()
behind.remove()
optimizer.step()
optimizer.step = lambda: aside.add_(10.0)
optimizer.step()
del optimizer.step


class Loud(torch.optim.SGD):
    step = lambda self: aside.add_(100.0)  # noqa: E731
    zero_grad = lambda self: aside.sub_(1.0)  # noqa: E731


loud = Loud(net.parameters(), lr=0.1)
loud.step()
loud.zero_grad()
plain_step = torch.optim.SGD.step
torch.optim.SGD.step = lambda self: aside.fill_(7.0)
optimizer.step()
torch.optim.SGD.step = plain_step
optimizer.step()


class Telling(nn.Linear):
    _load_from_state_dict = lambda self, *given: aside.fill_(8.0)  # noqa: E731


telling = Telling(3, 2)
telling.load_state_dict(net.state_dict())
telling.zero_grad = lambda: aside.add_(1.0)
telling.zero_grad()
hooked = nn.Linear(3, 2)
hooked.register_load_state_dict_post_hook(lambda *given: (aside.add_(0.25), None)[1])
hooked.load_state_dict(net.state_dict())
plain_clip = nn.utils.clip_grad_norm_
nn.utils.clip_grad_norm_ = lambda parameters, most: aside.add_(2.0)
nn.utils.clip_grad_norm_(net.parameters(), 1.0)
nn.utils.clip_grad_norm_ = plain_clip
nn.utils.clip_grad_norm_(net.parameters(), 1.0)


class Moved(torch.Tensor):
    add_ = lambda self, other: aside.fill_(9.0)  # noqa: E731


moved = torch.zeros(3).as_subclass(Moved)
moved.add_(1)
layer = nn.BatchNorm1d(3)
p = torch.zeros(3)
kept = [torch.ones(3), torch.ones(3)]
done = [p.mul_(2.0) for p in kept]
layers = [nn.Sequential(nn.BatchNorm1d(3))]
layers[0].norm = layers[0][0]
outs = [layer.norm(torch.ones(2, 3)) for layer in layers]
call = nn.ReLU()
called = [call(torch.ones(2, 3)) for call in layers]
step = nn.BatchNorm1d(3)
zero_grad = nn.BatchNorm1d(3)
zero_grad(torch.ones(2, 3))
step(torch.ones(2, 3))
doubled = list(map(lambda p: p.mul_(2.0), kept))
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda turn: float(aside.add_(1.0)[0]))
schedule.step()
optimizer.step()
n = aside.numpy()
seen = torch.from_numpy(n)
aside.add_(1.0)
seen.sub_(3.0)
x = torch.ones(3)
y = torch.from_numpy(x.numpy())
x.mul_(5.0)
