"""Sparse layouts: made, added to, coalesced, turned dense."""
import warnings

import torch

warnings.simplefilter("ignore")
places = torch.tensor([[0, 1, 1], [2, 0, 2]])
values = torch.tensor([3.0, 4.0, 5.0])
coo = torch.sparse_coo_tensor(places, values, (2, 3), check_invariants=True)
dense = coo.to_dense()
joined = coo.coalesce()
doubled = joined * 2
csr = dense.to_sparse_csr()
crow = csr.crow_indices()
product = torch.sparse.mm(joined, torch.ones(3, 1))
values.mul_(10)
again = coo.to_dense()
print(dense, product, again, crow)
