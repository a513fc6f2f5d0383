"""torch._foreach_ and copies between lists of tensors."""
import torch

a = [torch.zeros(2), torch.ones(3)]
b = [torch.full((2,), 5.0), torch.arange(3.0)]
torch._foreach_add_(a, 1)
torch._foreach_add_(a, b)
torch._foreach_mul_(a, [2.0, 3.0])
torch._foreach_copy_(b, a)
torch._foreach_zero_(a)
norms = torch._foreach_norm(b)
torch._foreach_lerp_(a, b, 0.5)
made = torch._foreach_neg(a)
flat = torch.nn.utils.parameters_to_vector(b)
views = torch.split(flat, [2, 3])
torch._foreach_sub_(list(views), 1)
print(a, b, norms, made, flat)
