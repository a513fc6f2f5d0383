import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for batch in range(4):
    loss = net(torch.randn(2, 3)).pow(2).mean() / 2
    loss.backward()
    if batch % 2 == 1:
        optimizer.step()
        optimizer.zero_grad()
