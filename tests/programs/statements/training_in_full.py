"""Loops over optimizers and data with all that training does: DataLoader, samplers, metrics, early stop."""

import itertools
import random

import torch
from torch import nn
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    random_split,
)

torch.manual_seed(0)
random.seed(0)


class Squares(Dataset):
    def __init__(self, n):
        self.data = torch.arange(float(n))
        self.seen = torch.zeros(n)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        self.seen[i] += 1
        x = self.data[i]
        return x, x * x


class Stream(IterableDataset):
    def __iter__(self):
        for i in range(3):
            made = torch.full((1,), float(i))
            yield made


def collate(batch):
    xs, ys = zip(*batch)
    return torch.stack(xs)[:, None], torch.stack(ys)


data = Squares(6)
train, test = random_split(data, [4, 2])
loader = DataLoader(train, batch_size=2, shuffle=True, collate_fn=collate)
net = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1))
best, patience = float("inf"), 0
optimizer = torch.optim.RMSprop(net.parameters(), lr=0.01)
history = []
for epoch in range(3):
    net.train()
    for x, y in loader:
        optimizer.zero_grad(set_to_none=epoch == 1)
        out = net(x).squeeze(1)
        loss = nn.functional.mse_loss(out, y)
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        score = sum((net(x[None, None]).squeeze() - y) ** 2 for x, y in test)
    history.append(score)
    if score < best:
        best, patience = score, 0
        kept = {k: v.clone() for k, v in net.state_dict().items()}
    else:
        patience += 1
        if patience > 1:
            break
net.load_state_dict(kept)
confusion = torch.zeros(2, 2, dtype=torch.long)
for a, b in itertools.product(range(2), repeat=2):
    confusion[a, b] += a + b
streamed = [item for item in DataLoader(Stream(), batch_size=2)]
sub = Subset(data, [0, 1])
x, y = sub[1]
moving = None
for value in history:
    moving = value if moving is None else 0.9 * moving + 0.1 * value
embed = nn.EmbeddingBag(4, 2, sparse=True)
sparse_opt = torch.optim.SparseAdam(embed.parameters())
embed(torch.tensor([0, 1]), torch.tensor([0])).sum().backward()
sparse_opt.step()
w = nn.Parameter(torch.ones(2))
sgd = torch.optim.SGD([w], lr=0.1)


def scaled():
    scaler = torch.amp.GradScaler("cpu")
    scaler.scale((w * 3).sum()).backward()
    scaler.unscale_(sgd), scaler.step(sgd), scaler.update()


scaled()
sgd.zero_grad()
print(history, confusion, data.seen, streamed, w, moving, x, y)
