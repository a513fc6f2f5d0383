"""Small runs of the networks whose graphs are measured; sizes are tiny, graphs are whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

Built = tuple[nn.Module, Callable[[], Tensor]]


class Bottleneck(nn.Module):
    """1 x 1, 3 x 3, 1 x 1 convolutions around a skip (He et al., 2015, figure 5)."""

    def __init__(self, inner: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 2 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(2 * width)
        self.downsample: nn.Module | None = None
        if stride != 1 or inner != 2 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inner, 2 * width, 1, stride, bias=False), nn.BatchNorm2d(2 * width)
            )

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """The shape of ResNet-50: stages of 3, 4, 6 and 3 bottlenecks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        width, inner = 4, 4
        for stage, depth in enumerate((3, 4, 6, 3), start=1):
            blocks = []
            for block in range(depth):
                blocks.append(Bottleneck(inner, width, 2 if block == 0 and stage > 1 else 1))
                inner = 2 * width
            self.add_module(f"layer{stage}", nn.Sequential(*blocks))
            width *= 2
        self.fc = nn.Linear(inner, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in range(1, 5):
            x = self.get_submodule(f"layer{stage}")(x)
        return self.fc(x.mean((2, 3)).view(x.shape[0], -1))


class LayerNorm(nn.Module):
    """Layer normalisation written out, as a beginner writes it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(-1, keepdim=True)
        variance = ((x - mean) ** 2).mean(-1, keepdim=True)
        return (x - mean) / torch.sqrt(variance + 1e-5) * self.weight + self.bias


class Attention(nn.Module):
    """Causal self-attention, written out."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        b, t, c = x.shape
        q, k, v = self.c_attn(x).split(c, dim=2)
        q, k, v = (y.view(b, t, self.heads, c // self.heads).transpose(1, 2) for y in (q, k, v))
        scores = q @ k.transpose(-2, -1) / math.sqrt(c // self.heads)
        scores = scores.masked_fill(torch.triu(torch.ones(t, t, dtype=torch.bool), 1), -1e9)
        mixed = self.dropout(scores.softmax(-1)) @ v
        return self.dropout(self.c_proj(mixed.transpose(1, 2).contiguous().view(b, t, c)))


class Mlp(nn.Module):
    """The feed-forward half of a block, with GELU's tanh formula written out."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.c_fc(x)
        x = 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return self.c_proj(x)


class Block(nn.Module):
    """One transformer block."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    """The shape of GPT-2 small: twelve blocks."""

    def __init__(self, layers: int = 12, width: int = 16, heads: int = 2) -> None:
        super().__init__()
        self.wte = nn.Embedding(32, width)
        self.wpe = nn.Embedding(8, width)
        self.drop = nn.Dropout(0.1)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = LayerNorm(width)
        self.lm_head = nn.Linear(width, 32, bias=False)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.drop(self.wte(ids) + self.wpe(torch.arange(ids.shape[1])))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class Rnn(nn.Module):
    """A recurrent net whose loss grows with each step."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.ih = nn.Linear(width, width)
        self.hh = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, xs: Tensor) -> Tensor:
        h = torch.zeros(1, xs.shape[2])
        loss = torch.zeros(())
        for x in xs:
            h = torch.tanh(self.ih(x) + self.hh(h))
            loss = loss + (self.out(h) ** 2).mean()
        return loss


class RnnStack(Rnn):
    """The same with the outputs collected and stacked at the end."""

    def forward(self, xs: Tensor) -> Tensor:
        h = torch.zeros(1, xs.shape[2])
        outputs = []
        for x in xs:
            h = torch.tanh(self.ih(x) + self.hh(h))
            outputs.append(self.out(h))
        return torch.stack(outputs).mean()


class Lstm(nn.Module):
    """A long short-term memory (Hochreiter and Schmidhuber, 1997), four gates written out."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.gates = nn.ModuleDict({g: nn.Linear(2 * width, width) for g in "ifgo"})
        self.out = nn.Linear(width, 1)

    def forward(self, xs: Tensor) -> Tensor:
        h = c = torch.zeros(1, xs.shape[2])
        loss = torch.zeros(())
        for x in xs:
            z = torch.cat([x, h], 1)
            i, f, o = (torch.sigmoid(self.gates[gate](z)) for gate in "ifo")
            c = f * c + i * torch.tanh(self.gates["g"](z))
            h = o * torch.tanh(c)
            loss = loss + (self.out(h) ** 2).mean()
        return loss


class UNet(nn.Module):
    """Four levels down, four up, with a skip at each (Ronneberger et al., 2015)."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(self._pair(c, 4) for c in (1, 4, 4, 4))
        self.middle = self._pair(4, 4)
        self.up = nn.ModuleList(nn.ConvTranspose2d(4, 4, 2, 2) for _ in range(4))
        self.fuse = nn.ModuleList(self._pair(8, 4) for _ in range(4))
        self.head = nn.Conv2d(4, 1, 1)

    @staticmethod
    def _pair(inner: int, outer: int) -> nn.Sequential:
        first, second = nn.Conv2d(inner, outer, 3, 1, 1), nn.Conv2d(outer, outer, 3, 1, 1)
        return nn.Sequential(first, nn.ReLU(), second, nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for down in self.down:
            x = down(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.middle(x)
        for up, fuse, skip in zip(self.up, self.fuse, reversed(skips), strict=True):
            x = fuse(torch.cat([skip, up(x)], 1))
        return self.head(x)


class DenseNet(nn.Module):
    """Dense blocks, each layer fed with all before it (Huang et al., 2017)."""

    def __init__(self, blocks: tuple[int, ...] = (6, 12, 24, 16), growth: int = 2) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        channels = 4
        self.layers = nn.ModuleList()
        self.transitions = nn.ModuleList()
        for depth in blocks:
            layers = nn.ModuleList()
            for layer in range(depth):
                inner = channels + layer * growth
                layers.append(
                    nn.Sequential(
                        nn.BatchNorm2d(inner), nn.ReLU(), nn.Conv2d(inner, growth, 3, 1, 1)
                    )
                )
            self.layers.append(layers)
            channels += depth * growth
            self.transitions.append(nn.Conv2d(channels, 4, 1))
            channels = 4

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for layers, transition in zip(self.layers, self.transitions, strict=True):
            features = [x]
            for layer in cast(nn.ModuleList, layers):
                features.append(layer(torch.cat(features, 1)))
            x = transition(torch.cat(features, 1))
        return x


def _mlp() -> Built:
    model = nn.Sequential(
        nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3), nn.LogSoftmax(1)
    )
    return model, lambda: F.nll_loss(model(torch.randn(2, 4)), torch.tensor([0, 1]))


def _resnet() -> Built:
    model = ResNet()
    run = lambda: F.cross_entropy(model(torch.randn(2, 3, 32, 32)), torch.tensor([0, 1]))  # noqa: E731
    return model, run


def _gpt() -> Built:
    model = Gpt()
    ids = torch.arange(8).view(2, 4)
    return model, lambda: F.cross_entropy(model(ids).view(-1, 32), ids.view(-1))


def _recurrent(kind: type[nn.Module], steps: int) -> Callable[[], Built]:
    def built() -> Built:
        model = kind()
        return model, lambda: model(torch.randn(steps, 1, 4))

    return built


def _pictures(kind: type[nn.Module], channels: int) -> Callable[[], Built]:
    def built() -> Built:
        model = kind()
        return model, lambda: model(torch.randn(1, channels, 16, 16)).square().mean()

    return built


NETWORKS: dict[str, Callable[[], Built]] = {
    "mlp": _mlp,
    "resnet": _resnet,
    "gpt2": _gpt,
    "unet": _pictures(UNet, 1),
    "densenet": _pictures(DenseNet, 3),
    "rnn30": _recurrent(Rnn, 30),
    "rnn2000": _recurrent(Rnn, 2000),
    "rnnstack": _recurrent(RnnStack, 2000),
    "lstm30": _recurrent(Lstm, 30),
    "lstm75k": _recurrent(Lstm, 3287),
    "boxes100k": _recurrent(Lstm, 3031),
}
