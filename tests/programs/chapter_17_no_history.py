"""Item 17: the places where the graph is cut."""

import torch

x = torch.ones(3, requires_grad=True)
tracked = x * 2
with torch.no_grad():
    cut = x * 2
    inner = tracked + 1
    with torch.enable_grad():
        again = x * 5
detached = tracked.detach()
detached_copy = tracked.detach().clone()
with torch.inference_mode():
    inferred = x * 3
    view = inferred[1:]
    inferred.add_(1)
torch.set_grad_enabled(False)
off = x * 4
torch.set_grad_enabled(True)


@torch.no_grad()
def quiet(value):
    doubled = value * 2
    return doubled


silent = quiet(x)
detached[0] = 50.0
with torch.no_grad():
    x += 1
try:
    x += 1
except RuntimeError as refusal:
    print(str(refusal).split(",")[0])
try:
    inferred.requires_grad_(True)
except RuntimeError as refusal:
    print(str(refusal).split(".")[0])
print(tracked.requires_grad, cut.requires_grad, again.requires_grad, inferred.is_inference())
print(tracked[0].item(), silent.grad_fn, off.grad_fn)
