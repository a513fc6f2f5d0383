"""Item 10: reshape returns a view whenever the strides allow it."""

import torch


def same_storage(left, right):
    return left.untyped_storage().data_ptr() == right.untyped_storage().data_ptr()


base = torch.arange(24.0).reshape(4, 6)
whole = base.reshape(24)
half = base[:2].reshape(12)
columns = base[:, :3].reshape(4, 3, 1)
gap = base[:, :3].reshape(12)
turned = base.t().reshape(6, 2, 2)
print(same_storage(base, whole), same_storage(base, half), same_storage(base, columns))
print(same_storage(base, gap), same_storage(base, turned))
base.fill_(1.0)
gap.fill_(2.0)
turned.fill_(3.0)
print(base.unique().tolist())
