"""Modules and packages of the program's own folder are followed; the library is not."""
import _neighbour
import torch
from _neighbour import Holder, table
from neighbours.deep import made

x = _neighbour.write(1.0)
y = _neighbour.write(torch.ones(2))
table[0] = 50.0
holder = Holder()
holder.t += 1
z = made()
_neighbour.table = torch.full((2,), 7.0)
w = _neighbour.write(0)
print(x, y, z, w, table, holder.t)
