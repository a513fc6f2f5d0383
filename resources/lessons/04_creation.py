"""Item 4. Creation: where the numbers of a tensor come from.

They are copied from Python or NumPy, taken over in place from NumPy, filled
with a pattern, or drawn at random. The difference between copied and taken over
matters: from_numpy keeps the array's own memory, so a write to one is a write to
the other, while torch.tensor and torch.Tensor copy.

Random draws come from a generator with a seed. The same seed gives the same
numbers again.
"""

import numpy
import torch

# dtype from the content: int64
listed = torch.tensor([[1, 2], [3, 4]])
# dtype from the default: float32
old_way = torch.Tensor([[1, 2], [3, 4]])

array = numpy.array([1.0, 2.0, 3.0])
# the array's own memory, float64
taken_over = torch.from_numpy(array)
# new memory, float32
copied = torch.Tensor(array)
# seen by taken_over, not by copied
array[0] = 100
print(taken_over, copied)

ones = torch.ones(2, 3)
zeros = torch.zeros(2, 3)
identity = torch.eye(3)
# start, end (left out), step
counted = torch.arange(0, 10, 2.5)
# start, end (included), how many
divided = torch.linspace(0, 10, 5)
print(counted, divided)

torch.manual_seed(7)
# uniform between 0 and 1
even = torch.rand(3)
# normal, mean 0, deviation 1
bell = torch.randn(3)
shifted = torch.normal(5.0, 0.1, size=(3,))
# in place: the underscore says so
filled = torch.empty(3).uniform_(-1, 1)
shuffled = torch.randperm(6)

torch.manual_seed(7)
even_again = torch.rand(3)
print("the same draw:", torch.equal(even, even_again))
