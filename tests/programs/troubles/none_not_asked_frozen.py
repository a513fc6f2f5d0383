import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
for parameter in net[0].parameters():
    parameter.requires_grad_(False)
data = torch.randn(5, 3)
for _ in range(2):
    loss = net(data).pow(2).mean()
    loss.backward()
    for parameter in net.parameters():
        if parameter.grad is not None:
            parameter.grad.clamp_(-1, 1)
    with torch.no_grad():
        for parameter in net[2].parameters():
            parameter -= 0.1 * parameter.grad
            parameter.grad = None
