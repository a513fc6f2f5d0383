"""Reads where no memory is."""
import ctypes
import time

import torch

x = torch.ones(2)
x += 1
time.sleep(0.5)
ctypes.string_at(0)
