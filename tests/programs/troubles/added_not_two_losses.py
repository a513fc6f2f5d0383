import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 2)
for _ in range(2):
    net.zero_grad()
    out = net(torch.randn(4, 3))
    first, second = out[:, 0].pow(2).mean(), out[:, 1].abs().mean()
    first.backward(retain_graph=True)
    second.backward()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter -= 0.01 * parameter.grad
