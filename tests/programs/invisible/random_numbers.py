"""The random numbers of torch, numpy and random, seeded and in torch's default state."""
import random

import numpy as np
import torch

print(torch.rand(2).tolist() != torch.rand(2).tolist(), torch.initial_seed() > 0)
torch.manual_seed(1)
np.random.seed(2)
random.seed(3)
a = torch.randn(3)
a.normal_()
b = np.random.rand(2)
c = random.random()
d = torch.randperm(5)
e = torch.nn.Linear(2, 2).weight
f = torch.nn.functional.dropout(torch.ones(5))
g = torch.multinomial(torch.ones(5), 2)
h = torch.randint(10, (3,))
state = torch.get_rng_state()
print(a, b, c, d, e, f, g, h, state.sum())
generator = torch.Generator()
generator.manual_seed(5)
print(torch.rand(2, generator=generator), generator.initial_seed())
with torch.random.fork_rng():
    print(torch.rand(1))
print(torch.rand(1))
loader = torch.utils.data.DataLoader(list(range(6)), shuffle=True, batch_size=2)
print([batch.tolist() for batch in loader])
