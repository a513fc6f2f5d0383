"""Item 13. The graph: written down while the program runs.

Each operation on a tensor that wants gradients leaves a node behind that knows
how to carry a gradient back through it, and keeps what the derivative's formula
will need. PowBackward0 keeps y and the exponent; AddBackward0 keeps no tensor.
At the bottom, AccumulateGrad adds what arrives to the leaf's .grad.

Step on and watch the graph grow by one node per operation, downwards to x.
"""

import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)

# AddBackward0
y = x + 2
# PowBackward0: saves y and 3
cubed = y.pow(3)
# MeanBackward0: saves the shape of cubed
z = torch.mean(cubed)

node = z.grad_fn
# from the result down to the leaf
while node is not None:
    saved = [name for name in dir(node) if name.startswith("_saved_")]
    print(node.name(), saved)
    node = node.next_functions[0][0] if node.next_functions else None

# two ways down to x: they will be added
both = x * y
again = (both + z).sum()
print(again.grad_fn.name())
