"""Item 17. No history: where the graph is cut.

Inside no_grad() nothing is written down; outside again the result is a constant.
detach() gives the same numbers, on the same storage, without the history before
them. inference_mode() goes further: its tensors can never take part in a graph
later, which makes them cheaper.

Look at the graph of each result and find the place where it ends.
"""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)

# reaches down to x
whole = (x * 2).sum()
with torch.no_grad():
    # no grad_fn at all
    silent = (x * 2).sum()
print(whole.requires_grad, silent.requires_grad)

# numbers yes, history no
cut = (x * 2).detach()
# only one of the two ways leads to x
mixed = (x * cut).sum()
mixed.backward()
print(x.grad, "and not", (4 * x).tolist())

shared = x.detach()
print("same storage:", shared.data_ptr() == x.data_ptr())

with torch.inference_mode():
    quick = x * 3
print("inference tensor:", quick.is_inference())
try:
    # cannot be saved for a backward
    (x * quick).sum().backward()
except RuntimeError as error:
    print("refused:", str(error).split(".")[0])
