"""What is printed while the program keeps builtins broken for a while arrives all the same."""

import builtins
import time

import torch


def refuses(*given):
    raise TypeError("not now")


x = torch.ones(2)
print("before", x)
time.sleep(0.5)
plain = builtins.len, builtins.isinstance, builtins.getattr
builtins.len = builtins.isinstance = builtins.getattr = refuses
print("during")
x.add_(1)
time.sleep(0.5)
y = 2
print("and later")
time.sleep(0.5)
builtins.len, builtins.isinstance, builtins.getattr = plain
print("after", x, len(x))
