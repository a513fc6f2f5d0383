import torch

torch.manual_seed(0)
x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64, requires_grad=True)
w = torch.randn(3, dtype=torch.float64)


class WrongCube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 2 * x**2


right = (x.sin() * w).sum()
right.backward()
by_right = x.grad.clone()
x.grad = None
wrong = WrongCube.apply(x).sum()
wrong.backward()
by_wrong = x.grad.clone()
corner = torch.tensor([0.0, 1.0], requires_grad=True)
bent = torch.relu(corner).sum()
for _ in range(4):
    step = x.detach() * 2
    looped = (step * step).sum()
torch.seed()
chance = (x * torch.rand(3, dtype=torch.float64)).sum()
print("printed by the program")
