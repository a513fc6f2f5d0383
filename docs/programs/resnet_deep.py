"""A residual network of four layers: each of bottleneck blocks, the first of which changes size."""

import torch
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU()
        self.downsample = None
        if before != 4 * width:
            short = nn.Conv2d(before, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(short, nn.BatchNorm2d(4 * width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + kept)


class ResNet(nn.Module):
    def __init__(self, blocks: tuple[int, ...]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1 = self.layer(4, 4, blocks[0], 1)
        self.layer2 = self.layer(16, 8, blocks[1], 2)
        self.layer3 = self.layer(32, 16, blocks[2], 2)
        self.layer4 = self.layer(64, 32, blocks[3], 2)
        self.fc = nn.Linear(128, 10)

    def layer(self, before: int, width: int, blocks: int, stride: int) -> nn.Sequential:
        first = Bottleneck(before, width, stride)
        return nn.Sequential(first, *(Bottleneck(4 * width, width, 1) for _ in range(blocks - 1)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


torch.manual_seed(0)
net = ResNet((3, 4, 6, 3))
pictures, classes = torch.randn(2, 3, 64, 64), torch.tensor([3, 7])
out = net(pictures)
loss = nn.functional.cross_entropy(out, classes)
loss.backward()
