"""Item 7. Pointwise maths: each cell on its own.

These functions change every number and no shape. Two things are worth knowing:
the four roundings differ on negative numbers, and some inputs have no answer.
Division by zero gives Inf, zero by zero and the root of a negative number give
NaN, and from then on NaN spreads to whatever touches it. Walk back to the step
where the first one was born.
"""

import math

import torch

x = torch.tensor([-2.5, -1.5, -0.4, 0.0, 0.4, 1.5, 2.5])

up, down = x.ceil(), x.floor()
toward_zero = x.trunc()
# halves go to the even neighbour: 2.5 -> 2
nearest = x.round()
print(nearest)

size = x.abs()
root = size.sqrt()
power = x.pow(2)
growth = x.exp()
# keeps the sign of x
rest_f = torch.fmod(x, 2)
# keeps the sign of the divisor
rest_r = torch.remainder(x, 2)
quotient = torch.div(x, 2, rounding_mode="floor")
# cut off at both ends
held = x.clamp(-1, 1)

# 1 everywhere, nearly
wave = torch.cos(x) ** 2 + torch.sin(x) ** 2
angle = torch.atan2(torch.tensor(1.0), torch.tensor(-1.0))
back = torch.asin(torch.sin(held))
catenary = torch.cosh(x)
print("angle:", angle.item(), "of", math.pi)

# squeezed to 0…1, to -1…1, cut at 0
sigmoid, tanh, relu = x.sigmoid(), x.tanh(), x.relu()

# one cell: 1 / 0 is Inf
infinite = 1 / x
# three cells: negative numbers have no real root
undefined = x.sqrt()
# one NaN in the mean reaches every cell
spread = infinite + undefined.mean()
print(infinite, undefined, spread, sep="\n")
