"""Pickling of the program's own classes and functions; copies; dataclasses; enums."""
import copy
import dataclasses
import enum
import io
import pickle

import torch


@dataclasses.dataclass(order=True)
class Point:
    x: float
    t: torch.Tensor = dataclasses.field(compare=False, default=None)


class Colour(enum.Enum):
    RED = 1

    def shout(self):
        return self.name + "!"


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))

    def forward(self, x):
        return x * self.weight


def double(x):
    return x * 2


point = pickle.loads(pickle.dumps(Point(1.0, torch.ones(2))))
print(point, point == Point(1.0), Point(0.0) < point, dataclasses.asdict(point))
print(pickle.loads(pickle.dumps(Colour.RED)) is Colour.RED, Colour.RED.shout())
print(pickle.loads(pickle.dumps(double)) is double)
buffer = io.BytesIO()
torch.save(Net(), buffer)
buffer.seek(0)
net = torch.load(buffer, weights_only=False)
print(type(net) is Net, net(torch.ones(2)), net.state_dict())
print(copy.deepcopy(net).weight, Net.__module__, double.__module__)
print(len(pickle.dumps(double)), len(pickle.dumps(Point)), repr(Point))
try:
    pickle.dumps(lambda: 1)
except Exception as error:
    print(type(error).__name__, str(error).split(" at 0x")[0])
