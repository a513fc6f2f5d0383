"""A program that traces and profiles itself sees its own lines and calls as ever."""
import sys
import threading

import torch

lines = []
calls = []


def trace(frame, event, arg):
    if frame.f_code.co_filename != __file__:
        return None
    lines.append((frame.f_code.co_name, event, frame.f_lineno))
    return trace


def profile(frame, event, arg):
    if frame.f_code.co_filename == __file__ and event in ("call", "return"):
        calls.append((frame.f_code.co_name, event))


def traced(x):
    y = x + 1
    for i in range(2):
        y = y * 2
    if i:
        return y
    return x


sys.settrace(trace)
a = traced(torch.ones(1))
sys.settrace(None)
print(lines)
sys.setprofile(profile)
b = traced(torch.ones(1))
sys.setprofile(None)
print(calls)
lines.clear()
threading.settrace(trace)
thread = threading.Thread(target=traced, args=(torch.ones(1),))
thread.start()
thread.join()
threading.settrace(None)
print(lines)
print(sys.gettrace(), sys.getprofile())
