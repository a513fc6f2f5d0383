"""Small programs over ``torch.nn.functional``: layers, activations, losses, pooling, padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812

_INTS = torch.tensor([2, 0, 1])
_INTS2 = torch.tensor([[0, 1, 1], [1, 0, 1]])

# name -> (function, shapes of its inputs).
M, V = (2, 3), (3,)
LAYERS: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...], ...]]] = {
    "avg_pool2d": (lambda a: F.avg_pool2d(a, 2), ((1, 2, 4, 4),)),
    "avg_pool3d": (lambda a: F.avg_pool3d(a, 2), ((1, 1, 4, 4, 4),)),
    "batch_norm": (lambda a, w, b: F.batch_norm(a, None, None, w, b, True), ((4, 3), V, V)),
    "bce": (lambda a: F.binary_cross_entropy(a, torch.full(M, 0.3).double()), (M,)),
    "bce_logits": (
        lambda a: F.binary_cross_entropy_with_logits(a, torch.full(M, 0.3).double()),
        (M,),
    ),
    "celu": (lambda a: F.celu(a - 0.5), (M,)),
    "conv1d": (lambda a, w, b: F.conv1d(a, w, b), ((1, 2, 5), (3, 2, 3), (3,))),
    "conv2d": (lambda a, w, b: F.conv2d(a, w, b, padding=1), ((1, 2, 4, 4), (3, 2, 3, 3), (3,))),
    "conv_transpose2d": (F.conv_transpose2d, ((1, 2, 3, 3), (2, 3, 2, 2))),
    "ctc_loss": (
        lambda a: F.ctc_loss(
            a.log_softmax(2), _INTS2[:1, :2] + 1, torch.tensor([5]), torch.tensor([2])
        ),
        ((5, 1, 4),),
    ),
    "elu": (lambda a: F.elu(a - 0.5), (M,)),
    "embedding": (lambda w: F.embedding(_INTS, w), ((4, 2),)),
    "embedding_bag": (lambda w: F.embedding_bag(_INTS2, w), ((4, 2),)),
    "gelu": (F.gelu, (M,)),
    "gelu_tanh": (lambda a: F.gelu(a, approximate="tanh"), (M,)),
    "glu": (F.glu, ((2, 4),)),
    "grid_sample": (
        lambda a, g: F.grid_sample(a, g - 0.5, align_corners=False),
        ((1, 1, 4, 4), (1, 2, 2, 2)),
    ),
    "group_norm": (lambda a, w, b: F.group_norm(a, 2, w, b), ((2, 4, 3), (4,), (4,))),
    "hardshrink": (lambda a: F.hardshrink(a - 0.5, 0.2), (M,)),
    "hardsigmoid": (lambda a: F.hardsigmoid(a * 8 - 4), (M,)),
    "hardswish": (lambda a: F.hardswish(a * 8 - 4), (M,)),
    "hardtanh": (lambda a: F.hardtanh(a, 0.3, 0.6), (M,)),
    "huber": (lambda a, b: F.huber_loss(a * 4, b, delta=0.5), (M, M)),
    "kl_div": (lambda a: F.kl_div(a, torch.full(M, 0.3).double(), reduction="sum"), (M,)),
    "layer_norm": (lambda a, w, b: F.layer_norm(a, (3,), w, b), (M, V, V)),
    "leaky_relu": (lambda a: F.leaky_relu(a - 0.5, 0.1), (M,)),
    "log_sigmoid": (F.logsigmoid, (M,)),
    "max_pool1d": (lambda a: F.max_pool1d(a, 2), ((1, 2, 4),)),
    "max_pool2d": (lambda a: F.max_pool2d(a, 2), ((1, 2, 4, 4),)),
    "max_pool3d": (lambda a: F.max_pool3d(a, 2), ((1, 1, 4, 4, 4),)),
    "mish": (F.mish, (M,)),
    "mse": (F.mse_loss, (M, M)),
    "mse_none": (lambda a, b: F.mse_loss(a, b, reduction="none"), (M, M)),
    "nll_loss": (lambda a: F.nll_loss(a, torch.tensor([0, 2])), (M,)),
    "pad": (lambda a: F.pad(a, (1, 2)), (M,)),
    "pixel_shuffle": (lambda a: F.pixel_shuffle(a, 2), ((1, 4, 2, 2),)),
    "prelu": (lambda a, w: F.prelu(a - 0.5, w), (M, (1,))),
    "reflection_pad1d": (lambda a: F.pad(a, (1, 1), mode="reflect"), ((1, 2, 4),)),
    "relu": (lambda a: F.relu(a - 0.5), (M,)),
    "replication_pad1d": (lambda a: F.pad(a, (1, 1), mode="replicate"), ((1, 2, 4),)),
    "sdpa": (F.scaled_dot_product_attention, ((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))),
    "selu": (lambda a: F.selu(a - 0.5), (M,)),
    "silu": (F.silu, (M,)),
    "smooth_l1": (lambda a, b: F.smooth_l1_loss(a * 4, b), (M, M)),
    "soft_margin": (lambda a: F.soft_margin_loss(a, torch.ones(M).double()), (M,)),
    "softplus": (lambda a: F.softplus(a, 2), (M,)),
    "softshrink": (lambda a: F.softshrink(a - 0.5, 0.2), (M,)),
    "threshold": (lambda a: F.threshold(a, 0.5, 0.0), (M,)),
    "upsample_bilinear": (
        lambda a: F.interpolate(a, scale_factor=2, mode="bilinear"),
        ((1, 1, 2, 2),),
    ),
    "upsample_nearest": (lambda a: F.interpolate(a, scale_factor=2), ((1, 1, 2, 2),)),
}
