"""W8: a small network learns from a memory that grows to 1,500 living tensors."""

import random
from collections import deque, namedtuple

import numpy as np
import torch
from torch import nn

Moment = namedtuple("Moment", "seen moved after gain")


class Swing:
    """A point that is pushed left or right and should stay near the middle."""

    def begin(self):
        self.place = np.random.uniform(-0.1, 0.1, 2).astype(np.float32)
        self.age = 0
        return self.place.copy()

    def push(self, way):
        speed = self.place[1] * 0.98 + (0.02 if way else -0.02)
        self.place = np.array([self.place[0] + speed, speed], dtype=np.float32)
        self.age += 1
        return self.place.copy(), 1.0 - abs(float(self.place[0])), self.age >= 40


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 64)
        self.second = nn.Linear(64, 64)
        self.last = nn.Linear(64, 2)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        x = torch.tanh(self.second(x))
        return self.last(x)


class Memory:
    def __init__(self, most):
        self.moments = deque(maxlen=most)

    def keep(self, *fields):
        self.moments.append(Moment(*fields))

    def some(self, count):
        return Moment(*zip(*random.sample(self.moments, count)))


random.seed(0)
np.random.seed(0)
torch.manual_seed(0)
judge, slow = Judge(), Judge()
slow.load_state_dict(judge.state_dict())
optimizer = torch.optim.AdamW(judge.parameters(), lr=1e-3)
memory = Memory(1000)


def choose(seen):
    if random.random() < 0.3:
        return torch.tensor([[random.randrange(2)]])
    with torch.no_grad():
        return judge(seen).argmax(1, keepdim=True)


def learn():
    batch = memory.some(32)
    guess = judge(torch.cat(batch.seen)).gather(1, torch.cat(batch.moved))
    with torch.no_grad():
        ahead = slow(torch.cat(batch.after)).max(1).values
    aim = torch.cat(batch.gain) + 0.95 * ahead
    loss = nn.SmoothL1Loss()(guess, aim.unsqueeze(1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(judge.parameters(), 10)
    optimizer.step()
    return loss.item()


swing = Swing()
for turn in range(10):
    seen = torch.from_numpy(swing.begin()).clone().unsqueeze(0)
    over = False
    while not over:
        moved = choose(seen)
        place, gain, over = swing.push(moved.item())
        after = torch.tensor(place).unsqueeze(0)
        memory.keep(seen, moved, after, torch.tensor([gain], dtype=torch.float32))
        seen = after
        if len(memory.moments) >= 32:
            loss = learn()
            kept, new = slow.state_dict(), judge.state_dict()
            for name in new:
                kept[name] = kept[name] * 0.99 + new[name] * 0.01
            slow.load_state_dict(kept)
print(turn, loss)
