"""A write inside a function is seen by the caller's names at once and by no one before."""
import torch

x = torch.zeros(3)
rows = [x, torch.ones(3)]


def write(t, n):
    if n == 0:
        t.fill_(-1)
        return
    t[n - 1] = n
    write(t, n - 1)
    u = t[:1]
    u += 10


def quiet():
    rows[1].mul_(3)
    x.sub_(1)


class Writer:
    def __init__(self, t):
        self.t = t

    def __del__(self):
        self.t.add_(1000)

    def __enter__(self):
        self.t.add_(1)
        return self

    def __exit__(self, *error):
        self.t.add_(2)

    def __eq__(self, other):
        self.t.add_(4)
        return True

    def __iter__(self):
        self.t.add_(8)
        yield self.t
        self.t.add_(16)

    def __bool__(self):
        self.t.add_(32)
        return False

    def __getattr__(self, name):
        self.t.add_(64)
        return name


write(x, 2)
quiet()
y = torch.zeros(1)
writer = Writer(y)
with writer:
    z = y.clone()
same = writer == 3
for t in writer:
    w = t.clone()
if writer:
    never = 1
while writer:
    never = 2
text = writer.missing
del writer
print(x, rows, y, z, w, text)
