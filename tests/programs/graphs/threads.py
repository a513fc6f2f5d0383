"""backward in threads of the program: each pass belongs to the statement of its own thread."""
import threading

import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
results = []
gate = threading.Event()


def own_graph():
    gate.wait()
    x = torch.tensor([3.0, 1.0], requires_grad=True)
    y = (w.detach() * x).sum()
    y.backward()
    results.append(x.grad)


def shared_leaf():
    gate.wait()
    loss = (w * 3).sum()
    loss.backward()


made_here = (w * w).sum()


def graph_of_another():
    gate.wait()
    made_here.backward()


first = threading.Thread(target=own_graph)
second = threading.Thread(target=shared_leaf)
third = threading.Thread(target=graph_of_another)
first.start()
gate.set() or first.join()
gate.clear()
second.start()
gate.set() or second.join()
gate.clear()
third.start()
gate.set() or third.join()
print(results, w.grad)
