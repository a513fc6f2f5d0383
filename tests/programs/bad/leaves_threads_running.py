"""A thread goes on after the last statement, another one is a daemon, a third one raises."""
import threading
import time

import torch

x = torch.zeros(1)


def late():
    time.sleep(0.2)
    x.add_(1)
    print("late", x.item())


def forever():
    while True:
        time.sleep(0.01)


def raises():
    raise ValueError("in a thread")


threading.Thread(target=late).start()
threading.Thread(target=forever, daemon=True).start()
failing = threading.Thread(target=raises)
failing.start()
failing.join()
print("last statement")
