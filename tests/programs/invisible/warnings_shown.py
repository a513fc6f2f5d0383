"""Warnings: text, line, once per place, filters, turned into errors."""
import sys
import warnings

import torch


def old():
    warnings.warn("do not use", DeprecationWarning, stacklevel=2)


for i in range(3):
    warnings.warn("user warning")
old()
warnings.warn("for the future", FutureWarning)
x = torch.ones(2, requires_grad=True)
y = x * 2
y.grad
torch.ones(3).t() if False else None
value = 1
print(value is 1)
"\d"
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old()
    torch.tensor(torch.ones(1))
print([(w.category.__name__, w.lineno, w.filename == __file__) for w in caught])
warnings.simplefilter("error")
try:
    old()
except DeprecationWarning as error:
    print("raised", error)
print(__warningregistry__.keys() if "__warningregistry__" in globals() else None)
sys.stdout.flush()
