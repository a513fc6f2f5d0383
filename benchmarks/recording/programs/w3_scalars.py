"""W3: 20,000 iterations of scalar arithmetic and one tiny tensor operation."""

import torch

t = torch.ones(3)
total = 0
x = 0.5
for i in range(20_000):
    a = i * 2 + 1
    b = a % 7
    c = a * b - i
    x = x * 0.999 + 0.001
    if b > 3:
        total += c
    else:
        total -= b
    t = t * 0.5 + x
