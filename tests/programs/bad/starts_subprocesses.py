"""Starts other processes that print, read and fail; forks and lets the child leave."""
import os
import subprocess
import sys

import torch

x = torch.ones(2)
subprocess.run([sys.executable, "-c", "print('printed by a child', flush=True)"], check=True)
x += 1
os.system("echo printed by a shell")
got = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout
x *= int(got)
failed = subprocess.run([sys.executable, "-c", "1 / 0"], stderr=subprocess.DEVNULL).returncode
child = os.fork()
if child == 0:
    x.zero_()
    y = x + 5
    os._exit(0)
os.waitpid(child, 0)
x += 1
