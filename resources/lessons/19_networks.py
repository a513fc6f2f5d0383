"""Item 19. Networks: modules, parameters, activations, hooks.

A module owns parameters (tensors that want gradients) and may own other
modules; the names of its parameters are the paths down that tree, such as
body.0.weight. Calling it runs forward. A hook is a function of yours that a
module calls with what goes in and what comes out: here it keeps the activations.
"""

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(3)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 2, kernel_size=3), nn.ReLU())
        self.head = nn.Linear(2 * 4 * 4, 3)

    def forward(self, picture):
        # 1 × 2 × 4 × 4
        features = self.body(picture)
        # 1 × 3
        return self.head(features.flatten(1))


model = Small()
for name, parameter in model.named_parameters():
    print(f"{name:14} {tuple(parameter.shape)}")

activations = {}


def keep(module, inputs, output):
    activations[type(module).__name__] = output.detach()


handles = [layer.register_forward_hook(keep) for layer in (*model.body, model.head)]

picture = torch.rand(1, 1, 6, 6)
scores = model(picture)
loss = functional.cross_entropy(scores, torch.tensor([2]))
# every parameter now has a .grad
loss.backward()
print("kept:", {name: tuple(value.shape) for name, value in activations.items()})
print("gradient of the first filter:", model.body[0].weight.grad[0, 0], sep="\n")

for handle in handles:
    handle.remove()
