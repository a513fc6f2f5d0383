"""Item 4: a random draw is repeated by its seed, and by a saved generator state."""

import torch

torch.manual_seed(3)
first = torch.rand(4)
state = torch.get_rng_state()
second = torch.rand(4)
torch.set_rng_state(state)
second_again = torch.rand(4)
torch.manual_seed(3)
first_again = torch.rand(4)
own = torch.Generator()
own.manual_seed(11)
third = torch.randn(3, generator=own)
own.manual_seed(11)
third_again = torch.randn(3, generator=own)
print(torch.equal(first, first_again), torch.equal(second, second_again))
print(torch.equal(third, third_again))
