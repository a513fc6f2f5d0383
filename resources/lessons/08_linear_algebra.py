"""Item 8. Linear algebra: rows times columns.

In a product A @ B a cell (i, k) is row i of A multiplied with column k of B and
added up. So the inner sizes must agree: (m × n) @ (n × p) gives (m × p). Choose
a cell of product and look at its row and its column.

An inverse undoes a matrix; the singular value decomposition writes any matrix
as turn, stretch, turn.
"""

import torch

# 2 × 3
A = torch.tensor([[2.0, 0.0, 1.0], [1.0, 3.0, 2.0]])
# 3 × 2
B = torch.tensor([[1.0, 2.0], [0.0, 1.0], [4.0, 0.0]])
# 2 × 2
product = torch.mm(A, B)
# mm is for matrices, matmul for all
same = A.matmul(B)
print(product)

S = torch.tensor([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
diagonal = S.diag()
# the other way round
built = torch.diag(torch.tensor([1.0, 2.0, 3.0]))
# sum of the diagonal
trace = S.trace()
upper, lower = S.triu(), S.tril()
# a view: nothing is copied
turned = A.t()

inverse = S.inverse()
# 1 on the diagonal, up to rounding
identity = S @ inverse
print("worst rounding error:", (identity - torch.eye(3)).abs().max().item())

# torch.linalg.svd is the newer name
U, stretch, V = torch.svd(A)
again = U @ torch.diag(stretch) @ V.t()
print("stretches:", stretch, " rebuilt:", torch.allclose(A, again, atol=1e-6))

try:
    # 2 × 3 with 2 × 3: 3 meets 2
    A @ A
except RuntimeError as error:
    print("refused:", error)
