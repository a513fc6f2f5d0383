"""Item 8. Linear algebra: rows times columns.

In a product A @ B a cell (i, k) is row i of A multiplied with column k of B and
added up. So the inner sizes must agree: (m × n) @ (n × p) gives (m × p). Choose
a cell of product and look at its row and its column.

An inverse undoes a matrix; the singular value decomposition writes any matrix
as turn, stretch, turn.
"""

import torch

A = torch.tensor([[2.0, 0.0, 1.0], [1.0, 3.0, 2.0]])   # 2 × 3
B = torch.tensor([[1.0, 2.0], [0.0, 1.0], [4.0, 0.0]]) # 3 × 2
product = torch.mm(A, B)                               # 2 × 2
same = A.matmul(B)                                     # mm is for matrices, matmul for all
print(product)

S = torch.tensor([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
diagonal = S.diag()
built = torch.diag(torch.tensor([1.0, 2.0, 3.0]))      # the other way round
trace = S.trace()                                      # sum of the diagonal
upper, lower = S.triu(), S.tril()
turned = A.t()                                         # a view: nothing is copied

inverse = S.inverse()
identity = S @ inverse                                 # 1 on the diagonal, up to rounding
print("worst rounding error:", (identity - torch.eye(3)).abs().max().item())

U, stretch, V = torch.svd(A)                           # torch.linalg.svd is the newer name
again = U @ torch.diag(stretch) @ V.t()
print("stretches:", stretch, " rebuilt:", torch.allclose(A, again, atol=1e-6))

try:
    A @ A                                              # 2 × 3 with 2 × 3: 3 meets 2
except RuntimeError as error:
    print("refused:", error)
