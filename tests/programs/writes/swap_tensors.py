"""swap_tensors exchanges two tensors in place, views and parameters included."""
import torch

a = torch.zeros(2)
b = torch.ones(3)
same = a
torch.utils.swap_tensors(a, b)
a += 10
b -= 1
layer = torch.nn.Linear(2, 1, bias=False)
weight = layer.weight
new = torch.nn.Parameter(torch.full((1, 2), 5.0))
torch.utils.swap_tensors(layer.weight, new)
with torch.no_grad():
    weight.mul_(2)
rows = [torch.zeros(1), torch.ones(1)]
torch.utils.swap_tensors(rows[0], rows[1])
rows[0].add_(7)
print(a, b, same is a, layer.weight, new.shape, rows)
