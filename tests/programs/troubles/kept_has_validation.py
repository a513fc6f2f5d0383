# kept: scores
import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
scores = []
for _ in range(8):
    score = net(torch.randn(4, 3)).abs().mean()
    scores.append(score)
print(len(scores))
