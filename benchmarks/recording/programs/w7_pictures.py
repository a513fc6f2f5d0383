"""W7: a residual network trained on NumPy pictures: loader, scheduler, averaged weights, saving."""
import math
import os
import random
import tempfile
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, Dataset, random_split

@dataclass
class Config:
    epochs: int = 2
    batch: int = 16
    lr: float = 0.05
    classes: int = 10
    widths: list = field(default_factory=lambda: [16, 32, 64])


class Shapes(Dataset):
    def __init__(self, count, classes, seed=0):
        rng = np.random.default_rng(seed)
        self.images = rng.normal(size=(count, 3, 32, 32)).astype(np.float32)
        self.labels = rng.integers(0, classes, size=count)
        for image, label in zip(self.images, self.labels):
            image[:, label * 3 : label * 3 + 3, :] += 2

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = torch.from_numpy(self.images[index])
        if random.random() < 0.5:
            image = image.flip(-1)
        return image, int(self.labels[index])


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.short = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out = out + self.short(x)
        return F.relu(out)


class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        layers = []
        before = 16
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        for i, width in enumerate(config.widths):
            layers.append(Block(before, width, 1 if i == 0 else 2))
            layers.append(Block(width, width))
            before = width
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(before, config.classes)

    def forward(self, x):
        x = self.stem(x)
        x = self.layers(x)
        x = x.mean(dim=(2, 3))
        return self.head(x)


class Average:
    def __init__(self, model, decay=0.99):
        self.decay = decay
        self.shadow = {name: p.detach().clone() for name, p in model.named_parameters()}

    @torch.no_grad()
    def update(self, model):
        for name, p in model.named_parameters():
            self.shadow[name].mul_(self.decay).add_(p.detach(), alpha=1 - self.decay)


def rate(model, loader):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for images, labels in loader:
            scores = model(images)
            right += (scores.argmax(1) == labels).sum().item()
            total += len(labels)
    model.train()
    return right / total


def main():
    config = Config(epochs=1)
    torch.manual_seed(1)
    random.seed(1)
    train, held_back = random_split(Shapes(320, config.classes), [256, 64])
    loader = DataLoader(train, config.batch, shuffle=True, num_workers=0)
    model = Net(config)
    optimizer = torch.optim.SGD(model.parameters(), config.lr, momentum=0.9, nesterov=True)
    steps = config.epochs * len(loader)
    scheduler = LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
    average = Average(model)
    history = []
    for epoch in range(config.epochs):
        for number, (images, labels) in enumerate(loader):
            optimizer.zero_grad()
            scores = model(images)
            loss = F.cross_entropy(scores, labels, label_smoothing=0.1)
            loss.backward()
            norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            average.update(model)
            history.append(loss.detach())
            if number % 5 == 0:
                print(f"{epoch} {number} loss {loss.item():.3f} norm {norm:.2f}")
        print(f"{epoch} right {rate(model, DataLoader(held_back, 32)):.3f}")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "last.pt")
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
        model.load_state_dict(torch.load(path)["model"])
    print("mean loss", torch.stack(history).mean().item())


if __name__ == "__main__":
    main()
