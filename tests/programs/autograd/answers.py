import torch

x = torch.ones(3, 4, requires_grad=True)
y = x + 2
z = torch.mean(y.pow(3))
z.backward()
w = torch.tensor([1.0, 2.0], requires_grad=True)
v = (w * 3).exp()
u = v.sum() + v[0]
c = v.clamp(min=2.0)


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        print("the program's own backward")
        return grad * 3 * x**2


own = Cube.apply(w)
w2 = torch.tensor([1.0, 2.0], requires_grad=True)
changed = w2 * 2
later = changed.pow(2)
changed.mul_(5)
for repeat in range(6):
    loss = (w2 * repeat).sum()
    loss.backward()
