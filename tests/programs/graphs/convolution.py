"""Convolution, pooling, normalisation, dropout and attention in one graph."""
import torch
import torch.nn.functional as F

torch.manual_seed(0)
picture = torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
kernel = torch.ones(2, 1, 2, 2, requires_grad=True)
features = F.conv2d(picture, kernel, padding=1)
pooled = F.max_pool2d(F.relu(features), 2)
normal = F.layer_norm(pooled, pooled.shape[1:])
dropped = F.dropout(normal, 0.5)
query = dropped.flatten(2)
attended = F.scaled_dot_product_attention(query, query, query)
loss = attended.pow(2).mean() + F.avg_pool2d(features, 2).sum()
loss.backward()
print(picture.grad.sum(), kernel.grad.sum())
