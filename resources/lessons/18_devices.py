"""Item 18. Devices: where the numbers live.

A tensor lives on one device, and operations want their inputs on the same one.
.to() copies when it has to move and hands back the very same tensor when it need
not. The device meta holds no numbers at all: shape, dtype and stride are worked
out, nothing is computed. It is a quick way to try shapes.

This program takes a GPU where there is one. Without one everything but the last
part still runs.
"""

import torch

# on the CPU
x = torch.ones(2, 3)
# already there: the same object
same = x.to("cpu")
print("the same tensor:", same is x)

# 4 GB on paper, none in memory
ghost = torch.empty(1000, 1000, 1000, device="meta")
shape_only = ghost @ ghost.mT
print(shape_only.shape, shape_only.device)
try:
    # there is no number to read
    ghost[0, 0, 0].item()
except (RuntimeError, NotImplementedError) as error:
    print("refused:", error)

if torch.cuda.is_available():
    best = torch.device("cuda")
elif torch.backends.mps.is_available():
    best = torch.device("mps")
else:
    best = torch.device("cpu")
print("this machine offers", best)

# a copy if best is not the CPU
moved = x.to(best)
# made in place: nothing to copy
made_there = torch.arange(3.0, device=best)
result = moved * made_there
home = result.cpu()
print(home)

if best.type == "cuda":
    old_way = x.cuda()
    try:
        # GPU and CPU do not mix
        old_way + x
    except RuntimeError as error:
        print("refused:", error)
