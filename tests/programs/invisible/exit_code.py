"""Leaves by sys.exit with a code, after atexit functions and with buffered output."""
import atexit
import sys

import torch

atexit.register(lambda: print("goodbye"))
x = torch.ones(2)
sys.stdout.write("no line end")
sys.exit(3)
