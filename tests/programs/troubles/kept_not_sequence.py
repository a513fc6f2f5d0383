import torch

torch.manual_seed(0)
cell = torch.nn.GRUCell(2, 3)
for _ in range(2):
    state, outputs = torch.zeros(1, 3), []
    for _ in range(8):
        state = cell(torch.randn(1, 2), state)
        outputs.append(state)
    torch.stack(outputs).pow(2).mean().backward()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter -= 0.01 * parameter.grad
            parameter.grad = None
