"""Hooks and Functions that write in place: into gradients, saved tensors, parameters, outside tensors."""

import torch
from torch import nn

outside = torch.zeros(2)
x = torch.tensor([1.0, 2.0], requires_grad=True)


def count(grad):
    outside.add_(grad)


def halve(grad):
    grad.mul_(0.5)
    return grad


def replace(leaf):
    leaf.data.sub_(leaf.grad)
    leaf.grad = None


y = x * 3
y.register_hook(count)
y.register_hook(halve)
x.register_post_accumulate_grad_hook(replace)
(y * y).sum().backward()
(x * 2).sum().backward()


class Dirty(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t, extra):
        t.add_(1)
        extra.fill_(7)
        ctx.mark_dirty(t)
        ctx.save_for_backward(extra)
        return t

    @staticmethod
    def backward(ctx, grad):
        (extra,) = ctx.saved_tensors
        outside.mul_(2)
        grad = grad.clone()
        grad[0] = 100
        return grad, None


base = torch.ones(2, requires_grad=True)
mid = base * 1
extra = torch.zeros(1)
out = Dirty.apply(mid, extra)
out.sum().backward()


class Two(torch.autograd.Function):
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.scale = inputs[1]
        ctx.set_materialize_grads(False)

    @staticmethod
    def forward(t, scale):
        return t * scale, t.detach().clone()

    @staticmethod
    def backward(ctx, one, two):
        return None if one is None else one * ctx.scale, None


p, q = Two.apply(base, 4.0)
p.sum().backward()
net = nn.Linear(2, 2)
with torch.no_grad():
    net.weight.fill_(1), net.bias.fill_(0)
net.register_forward_hook(lambda m, i, o: outside.copy_(o.detach()[0]) is None or None)
net.register_full_backward_hook(lambda m, i, o: outside.neg_() is None or None)
net.register_full_backward_pre_hook(lambda m, o: (o[0] * 2,))
net.weight.register_hook(lambda g: g.clamp_(max=1.5))
net(base[None]).sum().backward()
net.bias.grad.data.fill_(9)
packed = []


def pack(t):
    packed.append(t.detach().clone())
    outside.add_(0.25)
    return len(packed) - 1


def unpack(place):
    outside.add_(0.5)
    return packed[place]


with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
    s = (base.exp() * base).sum()
s.backward()
multi = torch.autograd.graph.register_multi_grad_hook(
    [base, net.weight], lambda gs: outside.zero_(), mode="all"
)
(net(base[None]).sum()).backward()
multi.remove()
t1 = torch.ones(2, requires_grad=True)
t2 = t1.clone()
t2[0].mul_(5)
t2.retain_grad()
t3 = t2.view(2)
t3.add_(t1)
t3.sum().backward(create_graph=True)
t1.grad.sum().backward() if t1.grad.requires_grad else None
acc = torch.ones(2, requires_grad=True)
acc.grad = torch.zeros(2)
kept = acc.grad
for i in range(3):
    (acc * i).sum().backward()
same = kept is acc.grad
print(x, outside, base.grad, mid, extra, net.weight.grad, t1.grad, t2.grad, kept, same)
