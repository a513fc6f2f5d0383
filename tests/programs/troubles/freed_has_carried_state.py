# freed: line 10 (loss.backward())
import torch

w = torch.tensor(0.5, requires_grad=True)
state = torch.tensor(1.0)
try:
    for _ in range(3):
        state = torch.tanh(state * w)
        loss = state.pow(2)
        loss.backward()
        w.grad = None
except RuntimeError as error:
    print(error)
