"""Dual numbers: tangents beside the values, alone and together with backward."""
import torch
import torch.autograd.forward_ad as fwad

x = torch.tensor([1.0, 2.0])
with fwad.dual_level():
    dual = fwad.make_dual(x, torch.ones(2))
    square = dual * dual
    primal, tangent = fwad.unpack_dual(square)
w = torch.tensor([3.0, 4.0], requires_grad=True)
with fwad.dual_level():
    both = fwad.make_dual(w, torch.ones(2))
    out = (both * both).sum()
    kept = fwad.unpack_dual(out).tangent
    (mixed,) = torch.autograd.grad(kept, w)
print(primal, tangent, kept, mixed)
