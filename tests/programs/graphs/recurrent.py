"""A recurrent cell over a sequence, cut by detach every two steps."""
import torch

torch.manual_seed(0)
cell = torch.nn.RNNCell(2, 3)
state = torch.zeros(1, 3)
inputs = torch.ones(4, 1, 2)
for step in range(4):
    if step % 2 == 0:
        state = state.detach()
    state = cell(inputs[step], state)
    if step % 2 == 1:
        state.sum().backward()
lstm = torch.nn.LSTM(2, 2)
out, (h, c) = lstm(inputs)
out.sum().backward()
print(cell.weight_hh.grad, h.shape, c.shape)
