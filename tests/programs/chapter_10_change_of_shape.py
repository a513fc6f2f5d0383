"""Item 10: which changes of shape keep the storage, and which need a new one."""

import torch

x = torch.arange(12.0)
viewed = x.view(3, 4)
reshaped = x.reshape(2, 6)
turned = viewed.t()
moved = torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1)
copied = turned.reshape(12)
also_view = turned.reshape(4, 3, 1)
try:
    turned.view(12)
except RuntimeError as refusal:
    print(str(refusal).split(".")[0])
squeezed = torch.zeros(1, 3, 1).squeeze()
squeezed_last = torch.zeros(1, 3, 1).squeeze(2)
longer = x.unsqueeze(0)
stretched = x[:3].unsqueeze(1).expand(3, 4)
flat = viewed.flatten()
flat_copy = turned.flatten()
ordered = turned.contiguous()
already = viewed.contiguous()
swapped = viewed.transpose(0, 1)
opened = x.unflatten(0, (4, 3))
windows = x.unfold(0, 4, 2)
pieces = x.chunk(3)
first, second = x.split([5, 7])
smaller = torch.arange(6.0)
smaller.resize_(2, 2)
smaller.resize_(3, 2)
x[0] = 99.0
print(viewed[0, 0].item(), reshaped[0, 0].item(), copied[0].item(), flat[0].item())
print(already.data_ptr() == x.data_ptr(), ordered.data_ptr() == x.data_ptr())
