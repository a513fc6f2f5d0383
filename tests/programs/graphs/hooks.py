"""Hooks on tensors, nodes, accumulated gradients and modules; some change the gradient."""
import torch

seen = []
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
handle = y.register_hook(lambda grad: grad * 10)


def remember(grad):
    copy = grad.clone()
    seen.append(copy)


x.register_hook(remember)
def afterwards(leaf):
    leaf.grad.add_(1000)


x.register_post_accumulate_grad_hook(afterwards)
z = y.pow(2)
z.grad_fn.register_prehook(lambda grads: (grads[0] + 1,))
z.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * 2,))
z.sum().backward()
handle.remove()
layer = torch.nn.Linear(2, 1)
with torch.no_grad():
    layer.weight.fill_(1)
    layer.bias.fill_(0)
layer.register_full_backward_hook(lambda m, gi, go: seen.append(go[0].clone()))
layer.register_forward_hook(lambda m, i, o: o * 3)
layer.register_forward_pre_hook(lambda m, i: (i[0] + 1,))
out = layer(x)
out.backward()
print(x.grad, seen, layer.weight.grad)
