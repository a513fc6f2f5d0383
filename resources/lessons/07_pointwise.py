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
nearest = x.round()                       # halves go to the even neighbour: 2.5 -> 2
print(nearest)

size = x.abs()
root = size.sqrt()
power = x.pow(2)
growth = x.exp()
rest_f = torch.fmod(x, 2)                 # keeps the sign of x
rest_r = torch.remainder(x, 2)            # keeps the sign of the divisor
quotient = torch.div(x, 2, rounding_mode="floor")
held = x.clamp(-1, 1)                     # cut off at both ends

wave = torch.cos(x) ** 2 + torch.sin(x) ** 2          # 1 everywhere, nearly
angle = torch.atan2(torch.tensor(1.0), torch.tensor(-1.0))
back = torch.asin(torch.sin(held))
catenary = torch.cosh(x)
print("angle:", angle.item(), "of", math.pi)

sigmoid, tanh, relu = x.sigmoid(), x.tanh(), x.relu() # squeezed to 0…1, to -1…1, cut at 0

infinite = 1 / x                          # one cell: 1 / 0 is Inf
undefined = x.sqrt()                      # three cells: negative numbers have no real root
spread = infinite + undefined.mean()      # one NaN in the mean reaches every cell
print(infinite, undefined, spread, sep="\n")
