"""Many threads write into one storage at the same moment, each into a place of its own."""
import sys
import threading

import torch

sys.setswitchinterval(1e-5)
shared = torch.zeros(8, 1000)
seen_before = shared + 1
weight = torch.zeros(8, requires_grad=True)
ready = threading.Barrier(8)


def work(place):
    ready.wait()
    row = shared[place]
    for i in range(150):
        row += 1
        shared[place, 0] += 1
    with torch.no_grad():
        weight[place] -= place


threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
first, last = shared[:, 0].clone(), shared[:, -1].clone()
moved = weight.detach().clone()
shared.zero_()
after = shared.sum() + seen_before.sum()
