"""embedding's max_norm writes into the weight while it reads; sparse gradients."""
import torch
import torch.nn.functional as F

weight = torch.tensor([[3.0, 4.0], [0.1, 0.2], [6.0, 8.0]])
places = torch.tensor([0, 1])
x = F.embedding(places, weight, max_norm=1.0)
bag = F.embedding_bag(torch.tensor([2]), weight, torch.tensor([0]), max_norm=2.0)
table = torch.nn.Embedding(3, 2, max_norm=1.0)
with torch.no_grad():
    table.weight.fill_(5.0)
y = table(torch.tensor([1]))
y.sum().backward()
dense = table.weight.grad.clone()
with torch.no_grad():
    table.weight[0].renorm_(2, 0, 1.0) if False else table.weight.renorm_(2, 0, 0.5)
print(weight, x, bag, table.weight, dense)
