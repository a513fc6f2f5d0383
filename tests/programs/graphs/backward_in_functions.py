"""backward called from functions, methods, generators, hooks and other backward passes."""
import torch


def step(w):
    loss = (w**2).sum()
    loss.backward()
    return loss


class Trainer:
    def __init__(self, w):
        self.w = w

    def fit(self, times):
        for i in range(times):
            yield step(self.w)


class Inner(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            copy = x.detach().requires_grad_()
            y = (copy * 2).sum()
            y.backward()
        return grad * copy.grad


w = torch.tensor([1.0, 2.0], requires_grad=True)
a = step(w)
losses = list(Trainer(w).fit(2))
x = torch.ones(2, requires_grad=True)
Inner.apply(x).sum().backward()
gradients = [torch.autograd.grad((x * i).sum(), x)[0] for i in range(3)]
print(w.grad, losses, x.grad, gradients)
