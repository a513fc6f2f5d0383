"""Calls abort() in native code."""
import os
import time

import torch

x = torch.ones(2)
x += 1
time.sleep(0.5)
os.abort()
