"""Leaves by os._exit: nothing is flushed, no one is told."""
import os
import time

import torch

x = torch.ones(2)
print("heard")
x += 1
time.sleep(0.5)
os._exit(7)
