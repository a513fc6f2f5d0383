"""What a program sees of its stack: its own frames alone, with tracing and profiling, too."""

import inspect
import sys
import traceback
import warnings

import torch

traceback.print_stack()
print(
    len(inspect.stack()), sys._getframe().f_back is None, sys.exc_info(), hasattr(sys, "last_type")
)
warnings.warn("hello", stacklevel=2)
warnings.warn("hello3", stacklevel=3)
try:
    sys._getframe(1000)
except ValueError as e:
    print(e)


def f():
    x = torch.ones(2, requires_grad=True)
    return x.numpy()


try:
    f()
except RuntimeError:
    traceback.print_exc()
events = []
sys.settrace(lambda fr, e, a: events.append((fr.f_code.co_name, fr.f_code.co_filename[-20:], e)))
y = 1
f2 = lambda: 3
f2()
sys.settrace(None)
print(events)
events.clear()
sys.setprofile(lambda fr, e, a: events.append((fr.f_code.co_name, fr.f_code.co_filename[-20:], e)))
y = 2
f2()
sys.setprofile(None)
print(events)
raise ValueError(3)
