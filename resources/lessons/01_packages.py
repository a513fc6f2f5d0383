"""Item 1. The packages: one program that uses each of them once.

torch          tensors and the operations on them
torch.autograd derivatives of what was computed
torch.nn       networks built from modules that own their parameters
torch.optim    rules that change parameters by their gradients
torch.utils    among others the data loader, which hands out batches
torch.multiprocessing  tensors whose memory several processes share

Old books also name torch.legacy; it left torch with version 1.0.
"""

import torch
import torch.multiprocessing
from torch import autograd, nn, optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)

# torch
inputs = torch.linspace(-1, 1, 8).reshape(8, 1)
targets = 3 * inputs + 0.5

pairs = TensorDataset(inputs, targets)
# torch.utils
loader = DataLoader(pairs, batch_size=4, shuffle=True)
# torch.nn
model = nn.Linear(1, 1)
# torch.optim
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.5)

for epoch in range(6):
    for batch, wanted in loader:
        loss = (model(batch) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        # changes weight and bias in place
        optimizer.step()
    print("loss", round(loss.item(), 4))

a = torch.tensor(2.0, requires_grad=True)
# torch.autograd, without .backward()
(slope,) = autograd.grad(a ** 3, a)
print("slope of a³ at 2:", slope.item())

shared = torch.zeros(3)
print("shared before:", shared.is_shared())
# torch.multiprocessing: other processes could now write into the same bytes
shared.share_memory_()
print("shared after:", shared.is_shared())
print("there is a torch.legacy:", hasattr(torch, "legacy"))
