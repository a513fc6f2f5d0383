"""Warnings: text, line, source line, once per location, registry, in functions and threads."""

import threading
import warnings

import numpy as np
import torch


def helper(level):
    warnings.warn(f"level {level}", stacklevel=level)


def one():
    helper(1)
    helper(2)
    helper(3)


for i in range(2):
    one()


class Old:
    def __init__(self):
        warnings.warn("class", DeprecationWarning, stacklevel=2)


Old()
[Old() for _ in range(2)]
exec("import warnings\nwarnings.warn('in exec')")
x = torch.ones(2, 3)
x.T
x.mean(0).T
a = np.array([1.0, 0.0])
b = a / 0
torch.tensor(x)
torch.nn.functional.softmax(x)
r = torch.ones(2, requires_grad=True)
(r * 2).grad
(torch.ones(3) + torch.ones(3)).resize_(2).sum()
torch.zeros(2, 2).masked_select(torch.ones(2, 2).byte().bool())
torch.from_numpy(np.frombuffer(b"12345678", dtype=np.float32))
out = torch.empty(3)
torch.add(torch.ones(2), 1, out=out)
torch.nn.functional.mse_loss(torch.ones(2), torch.ones(2, 1))
print(sorted(str(key) for key in __warningregistry__))
t = threading.Thread(target=one)
t.start()
t.join()
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    one()
    Old()
    torch.nn.functional.softmax(x)
print(
    [
        (str(i.message)[:40], i.lineno, i.filename == __file__, i.category.__name__, i.source)
        for i in w
    ]
)
warnings.showwarning = lambda m, c, f, l, *a: print("shown", m, l)
warnings.warn("mine")
warnings.resetwarnings()
f = open(__file__)
del f
f = open(__file__)
f = None


def unclosed():
    g = open(__file__)
    return 3


unclosed()


async def nobody():
    pass


nobody()
assert (1, "always true") if False else True
print("\d" if False else "", 1 is 1 if False else "")
