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
# 2 x
print("once  ", x.grad)
# the same graph again, now freed
loss.backward()
# 4 x: added up
print("twice ", x.grad)

try:
    # third time: what square saved is gone
    loss.backward()
except RuntimeError as error:
    print("refused:", str(error).split(".")[0])

# by hand, in place
x.grad.zero_()
# a new graph
fresh = x.square().sum()
fresh.backward()
print("after zero_", x.grad)

optimizer = torch.optim.SGD([x], lr=0.1)
# the usual way: .grad becomes None
optimizer.zero_grad()
print("after zero_grad", x.grad)
