"""Item 10. Change of shape: a new header, or new numbers?

view never copies; it refuses when no strides can describe the wish. reshape
returns a view whenever the strides allow it and copies only when they do not.
The often-heard sentence that reshape always copies is wrong, and this program
shows both cases. Look at the storage letters: same letter, same memory.
"""

import torch

a = torch.arange(6.0)

matrix = a.reshape(2, 3)                 # same storage: a view
turned = matrix.t()                      # same storage, strides exchanged
flat = turned.reshape(6)                 # no stride walks this way: a copy
print("matrix is a view:", matrix.data_ptr() == a.data_ptr())
print("flat is a view:  ", flat.data_ptr() == a.data_ptr())

try:
    turned.view(6)                       # view refuses instead of copying
except RuntimeError as error:
    print("refused:", error)

packed = turned.contiguous()             # a copy in reading order ...
viewed = packed.view(6)                  # ... which view accepts
print("already in order, nothing to do:", matrix.contiguous() is matrix)

cube = torch.arange(24.0).view(2, 3, 4)
moved = cube.permute(2, 0, 1)            # 4 × 2 × 3: strides permuted, storage shared
thin = cube[:1].squeeze(0)               # drops a dimension of size 1
thick = a.unsqueeze(1)                   # adds one: 6 × 1
wide = thick.expand(6, 4)                # stride 0: four columns, six numbers
line = cube.flatten()                    # a view here, since cube lies in order

small = torch.zeros(2)
small.resize_(2, 2)                      # makes its own storage larger, in place:
small.fill_(1.0)                         # the new numbers are whatever lay there
print(wide.stride(), wide.shape, small)
