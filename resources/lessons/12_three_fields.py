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

y = x * 2                         # not a leaf
w = y.square()
w.retain_grad()                   # keep this one's gradient too
total = w.sum()
print("y:", y.is_leaf, y.grad_fn.name(), y.retains_grad)

total.backward()
print("x.grad", x.grad)           # 8 x
print("w.grad", w.grad)           # all ones: total is their sum
                                  # y.grad is None: not a leaf, and nobody asked

plain = x.data                    # no history, same storage
plain[0] = 100.0                  # x changes and its version does not
print(x, "version", x._version)

constant = torch.ones(3)          # a leaf as well, but one that wants no gradient
print("constant:", constant.is_leaf, constant.requires_grad)
