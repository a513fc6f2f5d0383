"""Python's profilers and torch's see the program's calls and nobody else's."""

import cProfile
import os
import pstats
import sys

os.environ["KINETO_LOG_LEVEL"] = "9"
import torch
from torch.profiler import ProfilerActivity, profile, record_function

w = torch.ones(4, 4, requires_grad=True)
with profile(activities=[ProfilerActivity.CPU], record_shapes=True) as seen:
    with record_function("mine"):
        x = torch.ones(4)
        y = w @ x
        y = y + 1
    z = y.sum()
    z.backward()
    x += 2
    x[1] = 3
    rows = [x, y]
    rows[0] = x * 2
print(sorted((event.key, event.count) for event in seen.key_averages()))
with torch.autograd.profiler.profile() as old:
    a = torch.ones(2)
    a.add_(1)
    b = a.numpy()
    b[0] = 7
    c = a.clone()
print([event.name for event in old.function_events])


def work(n):
    t = torch.ones(n)
    for i in range(3):
        t += i
        s = i + 1
    v = t.numpy()
    return t, len(v), t.data_ptr() > 0


def names(profiler):
    return sorted((key[2], value[0]) for key, value in pstats.Stats(profiler).stats.items())


profiler = cProfile.Profile()
profiler.enable()
work(3)
profiler.disable()
print(names(profiler))
profiler = cProfile.Profile()
print(profiler.runcall(work, 2)[1], names(profiler))
profiler.enable()
k = [work(i) for i in range(2)]
q = 1
try:
    torch.ones(2).view(3)
except RuntimeError:
    profiler.create_stats()
print(names(profiler))


class Profile:
    """Minds being asked whether it is another."""

    __hash__ = None

    def __init__(self):
        self.calls = []

    def __eq__(self, other):
        print("compared")
        return True

    def __call__(self, frame, event, arg):
        self.calls.append((event, getattr(arg, "__name__", None) or frame.f_code.co_name))


sys.setprofile(Profile())
work(2)
found = sys.getprofile()
sys.setprofile(None)
print(found.calls)
lines = []


def trace(frame, event, arg):
    if frame.f_code.co_filename != __file__ and event == "call":
        lines.append(frame.f_code.co_name)
        return None
    lines.append((event, frame.f_lineno))
    return trace


sys.settrace(trace)
work(1)
sys.settrace(None)
print(lines)
