"""In-place operations of every family, on whole tensors and through index assignment."""
import torch

x = torch.arange(6.0).reshape(2, 3)
x.add_(1)
x.mul_(torch.tensor([1.0, 2.0, 3.0]))
x.sub_(x)
x.fill_(2)
x += 1
x -= 0.5
x *= x
x /= 2
x **= 2
x.sqrt_().neg_().abs_()
x.clamp_(max=3)
x.zero_()
x[0] = 5
x[:, 1] = torch.tensor([8.0, 9.0])
x[x > 8] = -1
x[torch.tensor([1]), torch.tensor([2])] = 77
x[..., 0].copy_(torch.tensor([1.0, 2.0]))
x.t_()
x.transpose_(0, 1)
x.unsqueeze_(0)
x.squeeze_(0)
x.index_add_(0, torch.tensor([0, 1]), torch.ones(2, 3))
x.index_copy_(1, torch.tensor([2]), torch.full((2, 1), 3.0))
x.scatter_add_(1, torch.tensor([[0, 0, 0], [1, 1, 1]]), torch.ones(2, 3))
x.masked_scatter_(x > 5, torch.arange(6.0))
x.put_(torch.tensor([0, 5]), torch.tensor([-5.0, -6.0]))
x.addmm_(torch.ones(2, 2), torch.ones(2, 3))
x.lerp_(torch.zeros(2, 3), 0.5)
x.cumsum_(1)
x.tril_()
x.fill_diagonal_(9)
x.swapaxes_(0, 1)
torch.relu_(x)
torch.nn.functional.threshold_(x, 1, 0)
b = torch.tensor([True, False])
b.logical_not_()
b &= True
i = torch.tensor([6, 3])
i.bitwise_and_(5)
i.floor_divide_(2)
i.remainder_(2)
x.data.sort(1)
print(x, b, i)
