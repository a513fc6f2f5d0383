"""Forks, and both processes run to the end of the program."""
import os
import sys

import torch

x = torch.ones(2)
child = os.fork()
if child:
    os.waitpid(child, 0)
    x += 10
else:
    x += 500
name = "parent" if child else "child"
x += 1
if not child:
    sys.exit(0)
print(name, x.tolist())
