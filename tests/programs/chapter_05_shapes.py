"""Item 5: shapes lined up from the right, stretched where one of them is 1."""

import torch

shapes = [((4, 1, 3), (2, 1)), ((1,), (5, 2)), ((), (3,)), ((0, 3), (1, 3))]
results = []
for left, right in shapes:
    x = torch.arange(max(1, torch.Size(left).numel()), dtype=torch.float32)[
        : torch.Size(left).numel()
    ]
    x = x.reshape(left)
    y = torch.full(right, 2.0)
    results.append(x * y)
seen = torch.broadcast_shapes((4, 1, 3), (2, 1))
stretched, narrow = torch.broadcast_tensors(torch.ones(2, 1), torch.arange(3.0))
print([tuple(r.shape) for r in results], tuple(seen), stretched.stride(), narrow.stride())
