"""Changes into a folder, removes it, and works on."""
import os
import shutil
import tempfile

import torch

x = torch.ones(2)
folder = tempfile.mkdtemp()
os.chdir(folder)
x += 1
shutil.rmtree(folder)
x += 1
try:
    os.getcwd()
except FileNotFoundError:
    x += 1
os.chdir("/")
x += 1
