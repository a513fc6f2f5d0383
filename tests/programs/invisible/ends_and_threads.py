"""Threads that fail or exit, excepthooks, atexit's order, signals, unraisable errors."""

import atexit
import signal
import sys
import threading
import time

import torch

atexit.register(print, "first registered")
atexit.register(lambda: print("second registered", torch.ones(1).item()))


@atexit.register
def fails_at_exit():
    print("third")


def fails():
    x = torch.ones(2)
    x.view(5)


t = threading.Thread(target=fails, name="failing")
t.start()
t.join()
t = threading.Thread(target=sys.exit, args=("thread exits",))
t.start()
t.join()
threading.excepthook = lambda args: print(
    "hook", args.exc_type.__name__, args.thread.name, args.exc_traceback.tb_lineno > 0
)
t = threading.Thread(target=fails, name="hooked")
t.start()
t.join()
threading.excepthook = threading.__excepthook__
local = threading.local()
local.x = torch.ones(1)
print(
    threading.active_count(),
    threading.current_thread().name,
    threading.main_thread().name,
    [one.name for one in threading.enumerate()],
)


def handler(number, frame):
    print("signal", number, frame.f_code.co_name, frame.f_code.co_filename == __file__)


signal.signal(signal.SIGUSR1, handler)
signal.raise_signal(signal.SIGUSR1)
x = 1
signal.raise_signal(signal.SIGUSR1)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.02)
end = time.monotonic() + 0.1
while time.monotonic() < end:
    pass
print(signal.getsignal(signal.SIGINT).__name__, signal.getsignal(signal.SIGTERM))
try:
    signal.raise_signal(signal.SIGINT)
    print("not here")
except KeyboardInterrupt:
    print("interrupted")


class Bad:
    def __del__(self):
        raise RuntimeError("in del")


old = sys.unraisablehook
sys.unraisablehook = lambda args: print("unraisable", args.exc_value, args.object.__qualname__)
Bad()
bad = Bad()
bad = None
sys.unraisablehook = old
sys.excepthook, keep = (
    lambda k, v, tb: (print("my hook", k.__name__, tb.tb_lineno), sys.__excepthook__(k, v, tb)),
    sys.excepthook,
)
timer = threading.Timer(0.01, lambda: print("timer", threading.current_thread().name[:6]))
timer.start()
timer.join()
barrier = threading.Barrier(2)
results = []


def meet(n):
    y = torch.full((2,), float(n))
    barrier.wait()
    results.append(y.sum().item())
    with lock:
        total.add_(y)


lock, total = threading.Lock(), torch.zeros(2)
ts = [threading.Thread(target=meet, args=(n,)) for n in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
print(sorted(results), total)
daemon = threading.Thread(target=time.sleep, args=(100,), daemon=True)
daemon.start()
print(threading.stack_size(), sys.getswitchinterval())
raise LookupError("the end")
