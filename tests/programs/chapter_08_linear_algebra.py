"""Item 8: linear algebra, from the trace to the singular values."""

import torch

a = torch.tensor([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
b = torch.arange(6.0).reshape(3, 2)
trace = torch.trace(a)
diagonal = torch.diag(a)
square = torch.diag(torch.tensor([1.0, 2.0]))
upper = torch.triu(a)
lower = torch.tril(a, diagonal=-1)
product = torch.mm(a, b)
same = a @ b
batch = torch.matmul(torch.stack([a, a * 2]), b)
vector = torch.matmul(a, torch.tensor([1.0, 0.0, -1.0]))
turned = b.t()
undone = torch.inverse(a)
almost_eye = a @ undone
u, s, v = torch.svd(b)
rebuilt = u @ torch.diag(s) @ v.t()
determinant = torch.linalg.det(a)
solved = torch.linalg.solve(a, b)
values, vectors = torch.linalg.eigh(a)
length = torch.linalg.norm(b)
try:
    torch.mm(b, a)
except RuntimeError as mismatch:
    print(mismatch)
print(torch.allclose(rebuilt, b, atol=1e-5), torch.allclose(almost_eye, torch.eye(3), atol=1e-5))
print(trace.item(), turned.shape, turned.is_contiguous())
