"""retain_graph walks the same nodes again; afterwards the saved tensors are gone."""
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.pow(3)
z = y.sum()
for i in range(3):
    z.backward(retain_graph=True)
z.backward()
try:
    z.backward()
except RuntimeError as error:
    print(str(error)[:40])
try:
    y.grad_fn._saved_self
except RuntimeError as error:
    print(str(error)[:40])
print(x.grad)
