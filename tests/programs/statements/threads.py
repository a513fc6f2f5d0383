"""Threads: each step knows its thread; names belong to the activation that holds them."""
import queue
import threading

import torch

shared = torch.zeros(3)
asked = queue.Queue()
answered = queue.Queue()


def serve(place):
    mine = torch.full((1,), float(place))
    while True:
        got = asked.get()
        if got is None:
            break
        mine = mine + got
        shared[place] += 1
        answered.put(mine)
    shared[place] = -1


def exchange(value):
    asked.put(value)
    return answered.get()


def end(thread):
    asked.put(None)
    thread.join()


thread = threading.Thread(target=serve, args=(1,))
thread.start()
first = exchange(torch.ones(1))
second = exchange(first)
end(thread)


class Own(threading.Thread):
    def run(self):
        x = torch.ones(2, requires_grad=True)
        y = (x * 3).sum()
        y.backward()
        self.result = x.grad


def finished(thread):
    # One statement: whether the result is there between the two is a matter of luck.
    thread.start(), thread.join()
    return thread


own = finished(Own())
gradient = own.result
print(first, second, shared, gradient)
