"""Item 12. Autograd's three fields: data, grad and grad_fn.

A tensor made by you with requires_grad=True is a leaf: it has no grad_fn, and
backward() fills its .grad. A tensor computed from it is not a leaf: its grad_fn
remembers the operation, and its .grad stays None, since the gradient only passes
through. retain_grad() asks to keep it as well.

.data is the same numbers without any history, on the same storage: a write to it
goes unnoticed by autograd, which is why it is dangerous.
"""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
print("x:", x.is_leaf, x.grad_fn, x.grad)

# not a leaf
y = x * 2
w = y.square()
# keep this one's gradient too
w.retain_grad()
total = w.sum()
print("y:", y.is_leaf, y.grad_fn.name(), y.retains_grad)

total.backward()
# 8 x
print("x.grad", x.grad)
# all ones: total is their sum
print("w.grad", w.grad)
# y.grad is None: not a leaf, and nobody asked

# no history, same storage
plain = x.data
# x changes and its version does not
plain[0] = 100.0
print(x, "version", x._version)

# a leaf as well, but one that wants no gradient
constant = torch.ones(3)
print("constant:", constant.is_leaf, constant.requires_grad)
