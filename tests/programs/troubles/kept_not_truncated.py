import torch

torch.manual_seed(0)
cell = torch.nn.GRUCell(2, 3)
state = torch.zeros(1, 3)
for _ in range(6):
    state = cell(torch.randn(1, 2), state.detach())
    loss = state.pow(2).mean()
    loss.backward()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter -= 0.01 * parameter.grad
            parameter.grad = None
