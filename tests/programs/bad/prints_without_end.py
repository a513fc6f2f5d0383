"""Prints as many megabytes as it is told, in lines, in one piece, and without a line end."""
import sys

import torch

megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 3
x = torch.ones(1)
line = "x" * 99 + "\n"
for i in range(megabytes - 2):
    sys.stdout.write(line * 10_000)
print("y" * 1_000_000)
sys.stderr.write("z" * 1_000_000)
x += 1
