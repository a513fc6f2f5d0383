"""Item 21. Pictures of training: the curve and what lies behind it.

A small network learns the exclusive or: four points that no straight line
separates. The loss curve tells that it learns; histograms of weights and
gradients tell how. The gradients spread widest near the middle, where the loss
falls fastest, and shrink to almost nothing at the end, because little is left to
mend.

Draw loss against the step, then choose a weight and move through the run.
"""

import torch
from torch import nn

torch.manual_seed(0)

inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
targets = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
criterion = nn.BCEWithLogitsLoss()

losses = []
for epoch in range(60):
    scores = model(inputs)
    loss = criterion(scores, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if epoch % 10 == 0:
        print(f"epoch {epoch:2}  loss {losses[-1]:.4f}")

answers = torch.sigmoid(model(inputs)).detach()
print("answers:", answers.flatten().tolist())
print("all right:", bool(((answers > 0.5) == (targets > 0.5)).all()))
