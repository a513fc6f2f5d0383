"""Item 15. Accumulation: gradients are added, not replaced.

A second backward() adds to .grad. Training loops therefore clear it first. The
tensors that the graph saved are freed by backward() to save memory, so a second
walk over the same graph is refused unless the first one said
retain_graph=True.
"""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)

loss = x.square().sum()
loss.backward(retain_graph=True)
print("once  ", x.grad)               # 2 x
loss.backward()                       # the same graph again, now freed
print("twice ", x.grad)               # 4 x: added up

try:
    loss.backward()                   # third time: what square saved is gone
except RuntimeError as error:
    print("refused:", str(error).split(".")[0])

x.grad.zero_()                        # by hand, in place
fresh = x.square().sum()              # a new graph
fresh.backward()
print("after zero_", x.grad)

optimizer = torch.optim.SGD([x], lr=0.1)
optimizer.zero_grad()                 # the usual way: .grad becomes None
print("after zero_grad", x.grad)
