"""Closes every file descriptor there is, the recorder's included."""
import os
import time

import torch

x = torch.ones(2)
time.sleep(0.5)
os.closerange(3, 4096)
x += 1
