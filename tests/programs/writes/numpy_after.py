"""An array taken from a tensor after it has lived a while, and written during and after."""
import numpy as np
import torch

x = torch.zeros(4)
x.add_(1)
alias = x[:2]
array = x.numpy()
array[0] = 10
x += 1
array += 1
asked = np.asarray(x)
asked[1] = 20
del array
asked[2] = 30
x.mul_(2)
interface = x.__array__()
interface[3] = -40
parameter = torch.zeros(2, requires_grad=True)
under = parameter.detach().numpy()
under[0] = 3
result = (parameter * 2).sum()
under[1] = 4
result.backward()
gradient = parameter.grad.numpy()
gradient[:] = 9


def inside():
    local = torch.ones(2)
    held = local.numpy()
    held[0] = 5
    return held, local.view(2, 1)


held, local = inside()
held[1] = 6
forced = parameter.numpy(force=True)
forced[0] = 8
struct = x.numpy()
np.negative(struct, out=struct)
print(x, alias, parameter, parameter.grad, local)
