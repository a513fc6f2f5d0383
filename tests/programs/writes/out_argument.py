"""out=: of the right size, of a wrong one, into a view, into several tensors, into oneself."""
import warnings

import torch

warnings.simplefilter("ignore")
a = torch.tensor([1.0, 2.0, 3.0])
b = torch.tensor([10.0, 20.0, 30.0])
out = torch.zeros(3)
torch.add(a, b, out=out)
torch.mul(out, 2, out=out)
matrix = torch.zeros(2, 3)
torch.sub(a, b, out=matrix[1])
grown = torch.zeros(0)
grown_alias = grown.view(0)
torch.add(a, 1, out=grown)
shrunk = torch.zeros(5)
shrunk_view = shrunk[3:]
torch.add(a, 1, out=shrunk)
values = torch.zeros(2)
places = torch.zeros(2, dtype=torch.int64)
torch.sort(torch.tensor([3.0, 1.0]), out=(values, places))
torch.max(matrix, 1, out=(values, places))
torch.arange(3, out=places)
torch.stack([a, b], out=matrix)
torch.randn(3, generator=torch.Generator().manual_seed(1), out=out)
torch.cumsum(a, 0, out=a)
turned = torch.zeros(3, 2).t()
torch.exp(torch.zeros(2, 3), out=turned)
kept = b.detach()
torch.add(b, 1, out=kept)
print(out, matrix, grown, shrunk, shrunk_view, values, places, a, turned, b, grown_alias.shape)
