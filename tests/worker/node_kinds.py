"""Small programs that together meet every common kind of autograd node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tests.worker.node_kinds_layers import LAYERS

Tensor = torch.Tensor
Program = Callable[..., Any]

_INTS = torch.tensor([2, 0, 1])
_INTS2 = torch.tensor([[0, 1, 1], [1, 0, 1]])
_MASK = torch.tensor([[True, False, True], [False, True, True]])

# name -> (function, shapes of its inputs). Inputs lie between 0.2 and 0.9, in float64.
M, V = (2, 3), (3,)
PROGRAMS: dict[str, tuple[Program, tuple[tuple[int, ...], ...]]] = {
    **LAYERS,
    "abs": (lambda a: (a - 0.5).abs(), (M,)),
    "acos": (torch.acos, (M,)),
    "acosh": (lambda a: torch.acosh(a + 1), (M,)),
    "add": (lambda a, b: a + b, (M, M)),
    "add_alpha": (lambda a, b: torch.add(a, b, alpha=3), (M, V)),
    "add_scalar": (lambda a: a + 2, (M,)),
    "addbmm": (torch.addbmm, ((2, 2), (3, 2, 4), (3, 4, 2))),
    "addcdiv": (lambda a, b, c: torch.addcdiv(a, b, c, value=2), (M, M, M)),
    "addcmul": (lambda a, b, c: torch.addcmul(a, b, c, value=2), (M, M, M)),
    "addmm": (lambda a, b, c: torch.addmm(a, b, c, beta=2, alpha=3), ((2, 2), M, (3, 2))),
    "addmv": (torch.addmv, ((2,), M, V)),
    "addr": (torch.addr, (M, (2,), V)),
    "amax": (lambda a: a.amax(1), (M,)),
    "amin": (lambda a: a.amin(0), (M,)),
    "angle": (lambda a: torch.angle(a), (M,)),
    "as_strided": (lambda a: a.as_strided((2, 2), (1, 1)), (M,)),
    "asin": (torch.asin, (M,)),
    "asinh": (torch.asinh, (M,)),
    "atan": (torch.atan, (M,)),
    "atan2": (torch.atan2, (M, M)),
    "atanh": (torch.atanh, (M,)),
    "baddbmm": (torch.baddbmm, ((2, 2, 2), (2, 2, 3), (2, 3, 2))),
    "bmm": (torch.bmm, ((2, 2, 3), (2, 3, 2))),
    "cat": (lambda a, b: torch.cat([a, b, a]), (M, M)),
    "cdist": (torch.cdist, ((2, 3), (4, 3))),
    "ceil": (torch.ceil, (M,)),
    "cholesky": (lambda a: torch.linalg.cholesky(a @ a.T + torch.eye(3).double()), ((3, 3),)),
    "clamp": (lambda a: a.clamp(0.3, 0.7), (M,)),
    "clamp_max": (lambda a: a.clamp_max(0.5), (M,)),
    "clamp_min": (lambda a: a.clamp_min(0.5), (M,)),
    "clamp_tensor": (lambda a, b: torch.clamp(a, min=b), (M, V)),
    "clone": (torch.clone, (M,)),
    "complex": (lambda a, b: torch.complex(a, b).abs(), (M, M)),
    "copysign": (lambda a: torch.copysign(a, torch.tensor(-1.0).double()), (M,)),
    "cos": (torch.cos, (M,)),
    "cosh": (torch.cosh, (M,)),
    "cross": (torch.linalg.cross, (M, M)),
    "cummax": (lambda a: a.cummax(1)[0], (M,)),
    "cumprod": (lambda a: a.cumprod(1), (M,)),
    "cumsum": (lambda a: a.cumsum(1), (M,)),
    "deg2rad": (torch.deg2rad, (M,)),
    "det": (torch.linalg.det, ((3, 3),)),
    "diag_embed": (torch.diag_embed, (M,)),
    "diagonal": (lambda a: a.diagonal(), ((3, 3),)),
    "digamma": (torch.digamma, (M,)),
    "dist": (torch.dist, (M, M)),
    "div": (lambda a, b: a / b, (M, M)),
    "div_floor": (lambda a, b: torch.div(a, b, rounding_mode="floor"), (M, M)),
    "div_scalar": (lambda a: a / 4, (M,)),
    "dot": (torch.dot, (V, V)),
    "eig": (lambda a: torch.linalg.eigvals(a).abs(), ((3, 3),)),
    "eigh": (lambda a: torch.linalg.eigh(a + a.T)[0], ((3, 3),)),
    "erf": (torch.erf, (M,)),
    "erfc": (torch.erfc, (M,)),
    "erfinv": (torch.erfinv, (M,)),
    "exp": (torch.exp, (M,)),
    "exp2": (torch.exp2, (M,)),
    "expand": (lambda a: a.expand(2, 3), (V,)),
    "expm1": (torch.expm1, (M,)),
    "fft": (lambda a: torch.fft.rfft(a).abs(), ((2, 4),)),
    "fft_c2c": (lambda a: torch.fft.fft(torch.complex(a, a)).abs(), ((2, 4),)),
    "ifft": (lambda a: torch.fft.irfft(torch.complex(a, a), n=4), ((2, 3),)),
    "fill": (lambda a: (a * 1).fill_(2.0) + a, (M,)),
    "flip": (lambda a: a.flip(0, 1), (M,)),
    "floor": (torch.floor, (M,)),
    "fmod": (lambda a: torch.fmod(a, 0.3), (M,)),
    "fmod_tensor": (torch.fmod, (M, M)),
    "fmax": (torch.fmax, (M, M)),
    "frac": (torch.frac, (M,)),
    "gather": (lambda a: a.gather(1, _INTS2), (M,)),
    "hypot": (torch.hypot, (M, M)),
    "i0": (torch.i0, (M,)),
    "index": (lambda a: a[:, _INTS], (M,)),
    "index_add": (lambda a, b: a.index_add(1, _INTS, b), (M, M)),
    "index_copy": (lambda a, b: a.index_copy(1, _INTS, b), (M, M)),
    "index_fill": (lambda a: a.index_fill(1, _INTS[:2], 3.0), (M,)),
    "index_put": (lambda a, b: (a * 1).index_put((_INTS[1:],), b), (M, M)),
    "index_select": (lambda a: a.index_select(1, _INTS), (M,)),
    "inverse": (torch.linalg.inv, ((3, 3),)),
    "kthvalue": (lambda a: a.kthvalue(2, 1)[0], (M,)),
    "lerp": (lambda a, b: torch.lerp(a, b, 0.3), (M, M)),
    "lerp_tensor": (torch.lerp, (M, M, M)),
    "lgamma": (torch.lgamma, (M,)),
    "log": (torch.log, (M,)),
    "log10": (torch.log10, (M,)),
    "log1p": (torch.log1p, (M,)),
    "log2": (torch.log2, (M,)),
    "log_softmax": (lambda a: a.log_softmax(1), (M,)),
    "logaddexp": (torch.logaddexp, (M, M)),
    "logaddexp2": (torch.logaddexp2, (M, M)),
    "logcumsumexp": (lambda a: a.logcumsumexp(1), (M,)),
    "logdet": (lambda a: torch.logdet(a @ a.T + torch.eye(3).double()), ((3, 3),)),
    "logit": (torch.logit, (M,)),
    "logit_eps": (lambda a: torch.logit(a, 0.3), (M,)),
    "logsumexp": (lambda a: a.logsumexp(1), (M,)),
    "lstsq": (lambda a, b: torch.linalg.lstsq(a, b)[0], ((3, 2), (3, 1))),
    "lu": (lambda a: torch.linalg.lu_factor(a)[0], ((3, 3),)),
    "lu_solve": (lambda a, b: torch.linalg.solve(a, b), ((3, 3), (3, 2))),
    "masked_fill": (lambda a: a.masked_fill(_MASK, 0.1), (M,)),
    "masked_scatter": (lambda a, b: a.masked_scatter(_MASK, b), (M, M)),
    "masked_select": (lambda a: a.masked_select(_MASK), (M,)),
    "matmul": (lambda a, b: a @ b, (M, (3, 2))),
    "matrix_exp": (torch.linalg.matrix_exp, ((3, 3),)),
    "max": (lambda a: a.max(), (M,)),
    "max_dim": (lambda a: a.max(1)[0], (M,)),
    "maximum": (torch.maximum, (M, M)),
    "mean": (torch.mean, (M,)),
    "mean_dim": (lambda a: a.mean(1), (M,)),
    "mean_keepdim": (lambda a: a.mean(0, keepdim=True), (M,)),
    "median": (torch.median, (M,)),
    "median_dim": (lambda a: a.median(1)[0], (M,)),
    "min": (lambda a: a.min(), (M,)),
    "minimum": (torch.minimum, (M, M)),
    "mode": (lambda a: a.mode(1)[0], (M,)),
    "mul": (lambda a, b: a * b, (M, M)),
    "mul_broadcast": (lambda a, b: a * b, (M, V)),
    "mul_scalar": (lambda a: a * 3, (M,)),
    "mv": (torch.mv, (M, V)),
    "nansum": (lambda a: a.nansum(1), (M,)),
    "narrow": (lambda a: a.narrow(1, 0, 2), (M,)),
    "neg": (torch.neg, (M,)),
    "norm": (torch.norm, (M,)),
    "norm_1": (lambda a: a.norm(1, dim=1), (M,)),
    "norm_3": (lambda a: a.norm(3, dim=0), (M,)),
    "permute": (lambda a: a.permute(2, 0, 1), ((2, 3, 4),)),
    "pinv": (torch.linalg.pinv, ((3, 2),)),
    "polar": (lambda a, b: torch.polar(a, b).abs(), (M, M)),
    "polygamma": (lambda a: torch.polygamma(1, a), (M,)),
    "pow": (lambda a: a**3, (M,)),
    "pow_scalar_base": (lambda a: 2**a, (M,)),
    "pow_tensor": (torch.pow, (M, M)),
    "prod": (torch.prod, (M,)),
    "prod_dim": (lambda a: a.prod(1), (M,)),
    "put": (lambda a, b: a.put(_INTS, b), (M, V)),
    "qr": (lambda a: torch.linalg.qr(a)[1], ((3, 3),)),
    "rad2deg": (torch.rad2deg, (M,)),
    "reciprocal": (torch.reciprocal, (M,)),
    "remainder": (torch.remainder, (M, M)),
    "renorm": (lambda a: a.renorm(2, 0, 0.5), (M,)),
    "repeat": (lambda a: a.repeat(2, 2), (M,)),
    "reshape_copy": (lambda a: a.t().reshape(6), (M,)),
    "roll": (lambda a: a.roll(1, 0), (M,)),
    "round": (torch.round, (M,)),
    "rsqrt": (torch.rsqrt, (M,)),
    "rsub": (lambda a: torch.rsub(a, 1), (M,)),
    "scatter": (lambda a, b: a.scatter(1, _INTS2, b), (M, M)),
    "scatter_add": (lambda a, b: a.scatter_add(1, _INTS2, b), (M, M)),
    "select": (lambda a: a[0], (M,)),
    "sgn": (torch.sgn, (M,)),
    "sigmoid": (torch.sigmoid, (M,)),
    "sign": (torch.sign, (M,)),
    "sin": (torch.sin, (M,)),
    "sinc": (torch.sinc, (M,)),
    "sinh": (torch.sinh, (M,)),
    "slice": (lambda a: a[:, 1:3], (M,)),
    "slogdet": (lambda a: torch.linalg.slogdet(a)[1], ((3, 3),)),
    "softmax": (lambda a: a.softmax(1), (M,)),
    "solve_triangular": (
        lambda a, b: torch.linalg.solve_triangular(a, b, upper=True),
        ((3, 3), (3, 2)),
    ),
    "sort": (lambda a: a.sort(1)[0], (M,)),
    "split": (lambda a: a.split(2, 1), ((2, 5),)),
    "split_sizes": (lambda a: a.split([1, 2], 1), (M,)),
    "sqrt": (torch.sqrt, (M,)),
    "square": (torch.square, (M,)),
    "squeeze": (lambda a: a.squeeze(), ((2, 1, 3),)),
    "squeeze_dim": (lambda a: a.squeeze(1), ((2, 1, 3),)),
    "stack": (lambda a, b: torch.stack([a, b], 1), (M, M)),
    "std": (torch.std, (M,)),
    "std_dim": (lambda a: a.std(1), (M,)),
    "std_mean": (torch.std_mean, (M,)),
    "sub": (lambda a, b: a - b, (M, M)),
    "sub_scalar": (lambda a: a - 2, (M,)),
    "sum": (torch.sum, (M,)),
    "sum_dim": (lambda a: a.sum(1), (M,)),
    "sum_keepdim": (lambda a: a.sum(0, keepdim=True), (M,)),
    "svd": (lambda a: torch.linalg.svd(a)[1], ((3, 3),)),
    "t": (lambda a: a.t() * 2, (M,)),
    "take": (lambda a: a.take(_INTS), (M,)),
    "take_along_dim": (lambda a: a.take_along_dim(_INTS2, 1), (M,)),
    "tan": (torch.tan, (M,)),
    "tanh": (torch.tanh, (M,)),
    "to_float": (lambda a: a.float(), (M,)),
    "topk": (lambda a: a.topk(2, 1)[0], (M,)),
    "trace": (torch.trace, ((3, 3),)),
    "transpose": (lambda a: a.transpose(0, 2) * 2, ((2, 3, 4),)),
    "tril": (torch.tril, ((3, 3),)),
    "triu": (torch.triu, ((3, 3),)),
    "trunc": (torch.trunc, (M,)),
    "unbind": (lambda a: a.unbind(1), (M,)),
    "unfold": (lambda a: a.unfold(0, 2, 1), ((4,),)),
    "unsqueeze": (lambda a: a.unsqueeze(1), (M,)),
    "var": (torch.var, (M,)),
    "var_dim": (lambda a: a.var(1), (M,)),
    "var_mean": (torch.var_mean, (M,)),
    "view": (lambda a: a.view(6), (M,)),
    "view_as_complex": (lambda a: torch.view_as_complex(a).abs(), ((3, 2),)),
    "view_as_real": (lambda a, b: torch.view_as_real(torch.complex(a, b)), (M, M)),
    "where": (lambda a, b: torch.where(_MASK, a, b), (M, M)),
    "xlogy": (torch.xlogy, (M, M)),
    "zero_": (lambda a: (a * 1).zero_() + a, (M,)),
    "gru": (lambda a: _gru(a), ((3, 1, 2),)),
    "lstm": (lambda a: _lstm(a), ((3, 1, 2),)),
    "in_place_view": (lambda a, b: _in_place_view(a, b), ((3, 3), V)),
    "double_backward": (lambda a: _double_backward(a), (M,)),
    "custom": (lambda a: Cube.apply(a), (M,)),
}


class Cube(torch.autograd.Function):
    """x ** 3 by hand."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Save x."""
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """3 x**2."""
        (x,) = ctx.saved_tensors
        return grads[0] * 3 * x**2


def _gru(a: Tensor) -> Tensor:
    torch.manual_seed(0)
    out: Tensor = torch.nn.GRU(2, 2).double()(a)[0]
    return out


def _lstm(a: Tensor) -> Tensor:
    torch.manual_seed(0)
    out: Tensor = torch.nn.LSTM(2, 2).double()(a)[0]
    return out


def _in_place_view(a: Tensor, b: Tensor) -> Tensor:
    base = a * 1
    base[1].mul_(b)
    return base


def _double_backward(a: Tensor) -> Tensor:
    (grad,) = torch.autograd.grad((a**3).exp().sum(), a, create_graph=True)
    return grad


def inputs_of(name: str) -> list[Tensor]:
    """Fresh leaves for a program, the same each time."""
    generator = torch.Generator().manual_seed(sum(name.encode()))
    leaves = []
    for shape in PROGRAMS[name][1]:
        values = torch.rand(shape, generator=generator, dtype=torch.float64) * 0.7 + 0.2
        leaves.append(values.requires_grad_())
    return leaves


def loss_of(name: str) -> tuple[Tensor, list[Tensor]]:
    """Run a program; give a scalar over its results that weights every cell differently."""
    leaves = inputs_of(name)
    result = PROGRAMS[name][0](*leaves)
    results = result if isinstance(result, (tuple, list)) else [result]
    loss = torch.zeros((), dtype=torch.float64)
    for one in results:
        if one.requires_grad:
            weights = torch.linspace(0.5, 1.5, max(one.numel(), 1), dtype=one.dtype)
            loss = loss + (one * weights.reshape(one.shape)).sum()
    return loss, leaves
