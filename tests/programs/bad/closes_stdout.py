"""Closes its own standard output and error, object and descriptor."""
import os
import sys

import torch

x = torch.ones(2)
print("before")
sys.stdout.close()
x += 1
try:
    print("after")
except ValueError as error:
    said = str(error)
os.close(1)
x += 1
sys.stderr.close()
os.close(2)
x += 1
sys.stdout = None
print("into nothing")
x += 1
