"""for and while with else, break, continue, nested, over tensors, with unpacking."""
import torch

x = torch.arange(6.0).reshape(2, 3)
total = torch.zeros(3)
for row in x:
    total += row
    row.mul_(2)
else:
    total = total * 10
n = 0
while n < 3:
    n += 1
    if n == 2:
        continue
    total -= n
else:
    ended = total.clone()
for i in range(10):
    t = torch.tensor(i)
    if i == 2:
        break
else:
    never = torch.zeros(1)
for i, (a, b) in enumerate([(torch.ones(1), torch.zeros(1)), (torch.zeros(1), torch.ones(1))]):
    for j in range(2):
        c = a * i + b * j
        if j:
            break
for name, value in {"p": torch.ones(2), "q": torch.zeros(2)}.items():
    value += len(name)
while True:
    n += 1
    x[0, 0] += n
    if x[0, 0] > 10:
        break
for x[1, 0] in (7.0, 8.0):
    seen = x[1, 0].clone()
for left, *middle, right in [torch.arange(4.0)]:
    middle[0].add_(1)
print(total, ended, t, c, x, seen, left, middle, right, n)
