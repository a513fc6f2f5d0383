"""Several statements on one line, one-line bodies, semicolons, conditional expressions."""
import torch; x = torch.zeros(3); y = x.clone()
x += 1; y -= 1; z = x * y
for i in range(3): x[i] = i; y[i] = -i
if x.sum() > 1: x.mul_(2); z.add_(1)
while x.sum() < 20: x += 3
def f(t): t = t + 1; return t
class C: w = torch.ones(1); v = w * 2
with torch.no_grad(): a = x + 1; b = a * 2
try: x += torch.ones(7); a = a * 0
except RuntimeError: b = b + 5
else: b = b * 0
finally: y.fill_(3)
c = f(x); d = f(c) if c.sum() > 3 else f(x); e = [f(t) for t in (c, d)]
assert c.sum() > 0, "positive"; del e
print(x, y, z, a, b, c, d, C.v)
