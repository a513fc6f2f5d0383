"""match with literals, sequences, mappings, classes, guards, alternatives and captures."""
import dataclasses

import torch


@dataclasses.dataclass
class Pair:
    left: torch.Tensor
    right: torch.Tensor


def look(thing):
    match thing:
        case 0:
            found = torch.zeros(1)
        case int(n) if n > 10:
            found = torch.full((1,), n)
        case int() | float():
            found = torch.tensor([-1])
        case [torch.Tensor() as first, *rest]:
            found = first + len(rest)
        case {"x": value, **others}:
            found = value * (1 + len(others))
        case Pair(left=a, right=b):
            found = a - b
        case str(text):
            found = torch.tensor([len(text)])
        case _:
            found = None
    return found


results = []
for thing in (0, 50, 5, 2.5, [torch.ones(2), 1, 2], {"x": torch.ones(1), "y": 2}, "abc", None):
    results.append(look(thing))
results.append(look(Pair(torch.tensor([5]), torch.tensor([3]))))
command = ("move", torch.tensor([1.0, 2.0]))
match command:
    case ("move", step):
        step += 1
        place = step * 2
print(results, command, place)
