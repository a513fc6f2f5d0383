"""Leaves everything changed: defaults, modes, collectors, limits, locale, warnings, signals."""
import gc
import locale
import os
import signal
import sys
import threading
import warnings

import torch

torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.set_default_device("meta")
torch.autograd.set_detect_anomaly(True)
torch.use_deterministic_algorithms(True)
x = torch.ones(2)
torch.set_default_device("cpu")
y = torch.ones(2)
gc.disable()
gc.set_threshold(1)
sys.setrecursionlimit(120)
sys.setswitchinterval(1e-6)
warnings.simplefilter("error")
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
locale.setlocale(locale.LC_ALL, "C")
os.environ.clear()
sys.path.clear()
sys.argv.clear()
sys.stdin.close()
sys.modules.pop("json", None)
threading.main_thread().name = "other"
sys.excepthook = lambda *error: os.write(2, b"own hook\n")
y += 1
print(y)
raise ValueError("at the end")
