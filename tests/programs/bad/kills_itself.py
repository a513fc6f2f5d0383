"""Sends itself the signal that nobody can refuse."""
import os
import signal
import time

import torch

x = torch.ones(2)
x += 1
time.sleep(0.5)
os.kill(os.getpid(), signal.SIGKILL)
