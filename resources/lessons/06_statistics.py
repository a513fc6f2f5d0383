"""Item 6. Statistics: many cells become one.

A reduction without dim takes all cells and leaves a scalar. With dim=k it walks
along dimension k only, and that dimension disappears from the shape; keepdim=True
leaves it there with size 1, so that the result still lines up with its source.

cumsum and cumprod walk the same way but write down every stop. Choose a cell of
a result and ask which cells flowed into it.
"""

import torch

scores = torch.tensor([[3.0, 1.0, 2.0, 2.0], [5.0, 5.0, 1.0, 9.0], [4.0, 0.0, 4.0, 8.0]])

everything = scores.sum()                       # a scalar: shape []
down = scores.sum(dim=0)                        # 3 × 4 -> 4: down each column
across = scores.sum(dim=1)                      # 3 × 4 -> 3: along each row
kept = scores.mean(dim=1, keepdim=True)         # 3 × 4 -> 3 × 1
centred = scores - kept                         # lines up because the 1 was kept
print(across, kept.shape)

median, where = scores.median(dim=1)            # value, and the place it came from
common, _ = scores.mode(dim=1)                  # the value seen most often in each row
length = scores.norm(dim=1)                     # root of the sum of squares
gap = torch.dist(scores[0], scores[1])          # the length of the difference
spread = scores.std(dim=0)                      # divides by n - 1
variance = scores.var(dim=0, correction=0)      # divides by n
print(median, common)

running = scores.cumsum(dim=1)                  # last column equals across
grown = scores.cumprod(dim=1)                   # a zero in row 2 stays zero
print(running[:, -1] == across)
