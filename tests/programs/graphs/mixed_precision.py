"""autocast, gradient scaling and gradients in other dtypes."""
import torch

w = torch.full((2, 2), 0.5, requires_grad=True)
x = torch.ones(2, 2)
with torch.autocast("cpu", dtype=torch.bfloat16):
    y = x @ w
    z = y.sum()
z.backward()
half = torch.ones(2, dtype=torch.float16, requires_grad=True)
(half.float() * 3).sum().backward()
scaled = (w * 2).sum() * 1024
scaled.backward()
w.grad.div_(1024)
imaginary = torch.tensor([1 + 1j], requires_grad=True)
(imaginary * imaginary.conj()).real.sum().backward()
print(y.dtype, w.grad, half.grad, imaginary.grad)
