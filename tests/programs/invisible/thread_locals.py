"""A class of threading.local makes its attributes when a thread asks first, and not before."""
import threading

import torch


class Own(threading.local):
    def __init__(self, start):
        print("made in", threading.current_thread().name)
        self.start = torch.full((2,), float(start))


own = Own(5)
mine = own


def asks(one, held):
    print("before")
    held.append(one)
    value = one.start
    print("after", value)


def never_asks(one):
    rows = [one]
    print("never", len(rows))


for work, given in ((asks, (own, [])), (never_asks, (own,))):
    thread = threading.Thread(target=work, args=given, name=work.__name__)
    thread.start()
    thread.join()
print(mine.start)
