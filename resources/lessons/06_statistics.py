"""Item 6. Statistics: many cells become one.

A reduction without dim takes all cells and leaves a scalar. With dim=k it walks
along dimension k only, and that dimension disappears from the shape; keepdim=True
leaves it there with size 1, so that the result still lines up with its source.

cumsum and cumprod walk the same way but write down every stop. Choose a cell of
a result and ask which cells flowed into it.
"""

import torch

scores = torch.tensor([[3.0, 1.0, 2.0, 2.0], [5.0, 5.0, 1.0, 9.0], [4.0, 0.0, 4.0, 8.0]])

# a scalar: shape []
everything = scores.sum()
# 3 × 4 -> 4: down each column
down = scores.sum(dim=0)
# 3 × 4 -> 3: along each row
across = scores.sum(dim=1)
# 3 × 4 -> 3 × 1
kept = scores.mean(dim=1, keepdim=True)
# lines up because the 1 was kept
centred = scores - kept
print(across, kept.shape)

# value, and the place it came from
median, where = scores.median(dim=1)
# the value seen most often in each row
common, _ = scores.mode(dim=1)
# root of the sum of squares
length = scores.norm(dim=1)
# the length of the difference
gap = torch.dist(scores[0], scores[1])
# divides by n - 1
spread = scores.std(dim=0)
# divides by n
variance = scores.var(dim=0, correction=0)
print(median, common)

# last column equals across
running = scores.cumsum(dim=1)
# a zero in row 2 stays zero
grown = scores.cumprod(dim=1)
print(running[:, -1] == across)
