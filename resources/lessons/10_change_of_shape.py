"""Item 10. Change of shape: a new header, or new numbers?

view never copies; it refuses when no strides can describe the wish. reshape
returns a view whenever the strides allow it and copies only when they do not.
The often-heard sentence that reshape always copies is wrong, and this program
shows both cases. Look at the storage letters: same letter, same memory.
"""

import torch

a = torch.arange(6.0)

# same storage: a view
matrix = a.reshape(2, 3)
# same storage, strides exchanged
turned = matrix.t()
# no stride walks this way: a copy
flat = turned.reshape(6)
print("matrix is a view:", matrix.data_ptr() == a.data_ptr())
print("flat is a view:  ", flat.data_ptr() == a.data_ptr())

try:
    # view refuses instead of copying
    turned.view(6)
except RuntimeError as error:
    print("refused:", error)

# a copy in reading order ...
packed = turned.contiguous()
# ... which view accepts
viewed = packed.view(6)
print("already in order, nothing to do:", matrix.contiguous() is matrix)

cube = torch.arange(24.0).view(2, 3, 4)
# 4 × 2 × 3: strides permuted, storage shared
moved = cube.permute(2, 0, 1)
# drops a dimension of size 1
thin = cube[:1].squeeze(0)
# adds one: 6 × 1
thick = a.unsqueeze(1)
# stride 0: four columns, six numbers
wide = thick.expand(6, 4)
# a view here, since cube lies in order
line = cube.flatten()

small = torch.zeros(2)
# makes its own storage larger, in place: the new numbers are whatever lay there
small.resize_(2, 2)
small.fill_(1.0)
print(wide.stride(), wide.shape, small)
