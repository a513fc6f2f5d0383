# vanishing
import torch

w = torch.tensor(0.5, requires_grad=True)
h = torch.tensor(0.3, requires_grad=True)
state = h
for _ in range(40):
    state = torch.tanh(state * w)
state.backward()
