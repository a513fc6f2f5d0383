"""An exception that nobody catches, raised in a finally while another one is under way."""
import atexit
import sys

import torch


def leave():
    print("atexit ran")


atexit.register(leave)
sys.stderr.write("before\n")
try:
    torch.ones(2) @ torch.ones(3)
finally:
    {}["missing"]
