"""A small network trained for a few steps: parameters, gradients, momentum."""
import torch
import torch.nn.functional as F

torch.manual_seed(0)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 4)
        self.second = torch.nn.Linear(4, 2)

    def forward(self, x):
        hidden = torch.tanh(self.first(x))
        out = self.second(hidden)
        return out


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
inputs = torch.randn(5, 3)
labels = torch.tensor([0, 1, 1, 0, 1])
for epoch in range(3):
    optimizer.zero_grad()
    scores = net(inputs)
    loss = F.cross_entropy(scores, labels)
    loss.backward()
    optimizer.step()
print(loss.item())
