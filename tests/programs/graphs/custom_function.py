"""Functions of one's own: saved tensors, non-tensor arguments, None gradients, double backward."""
import torch


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        result = x**3 * factor
        return result

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        slope = 3 * x**2 * ctx.factor
        return grad * slope, None


class Split(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        left = x[:1].clone()
        right = x[1:].clone()
        ctx.mark_non_differentiable(right)
        return left, right

    @staticmethod
    def backward(ctx, left, right):
        whole = torch.zeros(2)
        whole[:1] = left
        return whole


class InPlace(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Cube.apply(x, 2.0)
y.sum().backward()
left, right = Split.apply(x)
left.backward()
z = x.clone()
z = InPlace.apply(z)
z.sum().backward()
(g,) = torch.autograd.grad(Cube.apply(x, 1.0).sum(), x, create_graph=True)
g.sum().backward()
print(x.grad, y, left, right, right.requires_grad, z)
