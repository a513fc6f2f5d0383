"""Twenty threads at once, each with tensors of its own and one that all write."""
import threading

import torch

shared = torch.zeros(20)
barrier = threading.Barrier(20)


def work(place):
    barrier.wait()
    mine = torch.zeros(3)
    for i in range(10):
        mine += 1
        shared[place] += 1
    y = torch.ones(2, requires_grad=True)
    (y * place).sum().backward()
    assert y.grad.tolist() == [place, place]


threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
total = shared.clone()
