"""What the functions named in torch's derivative table compute, in the table's own dialect.

The table often names a C++ function instead of a formula: ``tanh_backward(grad, result)``. Here
stands what such a function computes, so that it can be shown and evaluated. Each line follows
from the derivative of the operation; the tests compare every one with the gradient that torch
itself computes. ``spread(g, sizes, dims, keepdim)`` repeats a reduced gradient over the
dimensions that were reduced, and ``only(list, x)`` is a value that stands for a list of one.
"""

from __future__ import annotations

from explorer.worker.formula.language import Call, Name, Tree, map_children, read_formula

_LINES = """
handle_r_to_c(type, g) = g
maybe_multiply(t, s) = t * s
mul_tensor_backward(g, other, type) = g * other.conj()
div_tensor_self_backward(g, other, type) = g / other.conj()
div_tensor_self_backward(g, other, type, mode) = mode.defined() ? 0 * g : g / other.conj()
div_tensor_other_backward(g, self, other) = -g * (self / other / other).conj()
div_tensor_other_backward(g, self, other, mode) =
    mode.defined() ? 0 * g : -g * (self / other / other).conj()
pow_backward(g, self, exponent) =
    exponent == 0 ? 0 * g : g * (exponent * self.pow(exponent - 1)).conj()
pow_backward_self(g, self, exponent) =
    where(exponent == 0, 0, g * (exponent * self.pow(exponent - 1)).conj())
pow_backward_exponent(g, self, exponent, result) =
    where((self == 0) && (exponent >= 0), 0, g * (result * self.log()).conj())
tanh_backward(g, result) = g * (1 - result.pow(2)).conj()
sigmoid_backward(g, result) = g * (result * (1 - result)).conj()
threshold_backward(g, self, threshold) = where(self > threshold, g, 0)
log_sigmoid_backward(g, self, buffer) = g * (-self).sigmoid()
softplus_backward(g, self, beta, threshold) =
    where(self * beta > threshold, g, g * (self * beta).sigmoid())
elu_backward(g, alpha, scale, input_scale, is_result, x) =
    is_result ? where(x > 0, g * scale, g * input_scale * (x + alpha * scale))
    : where(x > 0, g * scale, g * input_scale * alpha * scale * (x * input_scale).exp())
leaky_relu_backward(g, x, slope, is_result) = where(x > 0, g, g * slope)
hardtanh_backward(g, self, min, max) = where((self > min) && (self < max), g, 0)
hardsigmoid_backward(g, self) = where((self > -3) && (self < 3), g / 6, 0)
hardswish_backward(g, self) =
    where(self <= -3, 0, where(self < 3, g * (self / 3 + 0.5), g))
hardshrink_backward(g, self, lambd) = where((self >= -lambd) && (self <= lambd), 0, g)
softshrink_backward(g, self, lambd) = where((self >= -lambd) && (self <= lambd), 0, g)
silu_backward(g, self) = g * (self.sigmoid() * (1 + self * (1 - self.sigmoid())))
mish_backward(g, self) = g * (self.softplus().tanh()
    + self * self.sigmoid() * (1 - self.softplus().tanh().pow(2)))
gelu_backward(g, self, approximate) = approximate == "none"
    ? g * (0.5 * (1 + (self / 1.4142135623730951).erf())
        + self * (-self.pow(2) / 2).exp() / 2.5066282746310002)
    : g * (0.5 * (1 + (0.7978845608028654 * (self + 0.044715 * self.pow(3))).tanh())
        + 0.5 * self * (1 - (0.7978845608028654 * (self + 0.044715 * self.pow(3))).tanh().pow(2))
        * 0.7978845608028654 * (1 + 0.134145 * self.pow(2)))
_prelu_kernel_backward(g, self, weight) =
    {where(self >= 0, g, weight * g), where(self >= 0, 0, self * g)}
logit_backward(g, self, eps) = eps.defined()
    ? where((self < eps) || (self > 1 - eps), 0, g / (self * (1 - self)))
    : g / (self * (1 - self))
sinc_backward(g, self) = where(self == 0, 0, g * (3.141592653589793 * self
    * (3.141592653589793 * self).cos() - (3.141592653589793 * self).sin())
    / (3.141592653589793 * self.pow(2)))
atan2_backward(g, self, other, mask) =
    {g * other / (self.pow(2) + other.pow(2)), -g * self / (self.pow(2) + other.pow(2))}
log1p_backward(g, self) = g / (self + 1).conj()
deg2rad_backward(g) = g * 0.017453292519943295
rad2deg_backward(g) = g * 57.29577951308232
copysign_tensor_self_backward(g, self, result) = where(self == 0, 0, g * (result / self))
clamp_backward(g, self, min, max) = min.defined()
    ? (max.defined() ? where((self >= min) && (self <= max), g, 0) : where(self >= min, g, 0))
    : where(self <= max, g, 0)
clamp_backward_min_max(g, self, min, max, mask) = {max.defined()
    ? where((min < max) && (self < min), g, 0) : where(self < min, g, 0),
    min.defined() ? where((max < min) || (self > max), g, 0) : where(self > max, g, 0)}
angle_backward(g, self) = 0 * g
sgn_backward(self, g, result) = 0 * g
sum_to(g, sizes) = summed_to(g, sizes)
restore_reduced_dims(x, dims, keepdim) = restored(x, dims, keepdim)
scale_grad_by_count(g, mask, dims) = where(mask, g, 0) / count_true(mask, dims)
linalg_det_backward(g, det, A, LU, pivots) = g * det * A.inverse().mT()
slogdet_backward(g_sign, g, A, sign, LU, pivots) = g * A.inverse().mT()
linalg_solve_backward(g, X, A, LU, pivots, left, for_B) =
    {-A.mT().inverse().matmul(g).matmul(X.mT()), A.mT().inverse().matmul(g)}
linalg_eig_backward(g, g_vectors, values, vectors, is_hermitian) = g_vectors.defined()
    ? backward_through_eigenvectors(g, g_vectors, values, vectors)
    : vectors.mH().inverse().matmul(g.diag_embed()).matmul(vectors.mH())
var_mean_backward(g_var, g_mean, self, dim, correction, keepdim) =
    g_var.defined() ? (g_mean.defined()
        ? var_backward(g_var, self, dim, correction, keepdim)
            + mean_backward(g_mean, self.sym_sizes(), dim, self.sym_numel(), keepdim)
        : var_backward(g_var, self, dim, correction, keepdim))
    : mean_backward(g_mean, self.sym_sizes(), dim, self.sym_numel(), keepdim)
std_mean_backward(g_std, g_mean, self, std, dim, correction, keepdim) =
    g_std.defined() ? (g_mean.defined()
        ? std_backward(std, g_std, self, dim, correction, keepdim)
            + mean_backward(g_mean, self.sym_sizes(), dim, self.sym_numel(), keepdim)
        : std_backward(std, g_std, self, dim, correction, keepdim))
    : mean_backward(g_mean, self.sym_sizes(), dim, self.sym_numel(), keepdim)
sum_backward(g, sizes, dims, keepdim) = spread(g, sizes, dims, keepdim)
mean_backward(g, sizes, dims, numel, keepdim) =
    spread(g, sizes, dims, keepdim) / count(sizes, dims)
nansum_backward(g, self, dims, keepdim) =
    spread(g, self.sym_sizes(), dims, keepdim) * self.isnan().logical_not()
var_backward(g, self, dim, correction, keepdim) =
    2 / (count(self.sym_sizes(), dim) - amount(correction))
    * spread(g, self.sym_sizes(), dim, keepdim) * (self - mean_along(self, dim))
std_backward(result, g, self, dim, correction, keepdim) =
    spread(g / result, self.sym_sizes(), dim, keepdim) * (self - mean_along(self, dim))
    / (count(self.sym_sizes(), dim) - amount(correction))
prod_backward(g, self, result) = (self == 0).any()
    ? g * product_of_the_others(self) : g * result / self
prod_backward(g, self, result, dim, keepdim) = (self == 0).any()
    ? spread(g, self.sym_sizes(), only(dim), keepdim) * product_of_the_others(self, dim)
    : spread(g * result, self.sym_sizes(), only(dim), keepdim) / self
norm_backward(g, self, p, norm) =
    norm_backward(g, self, p, norm, none, true)
norm_backward(g, self, p, norm, dim, keepdim) =
    p.defined() && p != 2
    ? (p == 1 ? self.sgn() * spread(g, self.sym_sizes(), dim, keepdim)
        : self.sgn() * (self.abs() / spread(norm, self.sym_sizes(), dim, keepdim)).pow(p - 1)
        * spread(g, self.sym_sizes(), dim, keepdim))
    : self * spread(g / norm, self.sym_sizes(), dim, keepdim)
linalg_vector_norm_backward(g, self, ord, norm, dim, keepdim) =
    norm_backward(g, self, ord, norm, dim, keepdim)
logsumexp_backward(g, self, result, dim, keepdim) =
    spread(g, self.sym_sizes(), dim, keepdim)
    * (self - spread(result, self.sym_sizes(), dim, keepdim)).exp()
_softmax_backward_data(g, result, dim, type) = result * (g - (g * result).sum(dim, true))
_log_softmax_backward_data(g, result, dim, type) = g - result.exp() * g.sum(dim, true)
cumsum_backward(g, dim) = g.flip(dim).cumsum(dim).flip(dim)
mm_mat1_backward(g, mat2, sizes, strides, layout, alpha) = g.mm(mat2.t().conj()) * alpha
mm_mat2_backward(g, mat1, sizes, strides, layout, alpha) = mat1.t().conj().mm(g) * alpha
masked_fill_backward(g, mask) = where(mask, g, 0).sum()
evenly_distribute_backward(g, self, result) = where(self == result, g, 0) / (self == result).sum()
native_dropout_backward(g, mask, scale) = g * mask * scale
infinitely_differentiable_native_dropout_backward(g, mask, scale) = g * mask * scale
mse_loss_backward(g, self, target, reduction) = reduction == 1
    ? 2 * (self - target) * g / self.numel() : 2 * (self - target) * g
smooth_l1_loss_backward(g, self, target, reduction, beta) =
    where((self - target).abs() < beta, (self - target) / beta, (self - target).sgn())
    * (reduction == 1 ? g / self.numel() : g)
huber_loss_backward(g, self, target, reduction, delta) =
    where((self - target).abs() <= delta, self - target, delta * (self - target).sgn())
    * (reduction == 1 ? g / self.numel() : g)
soft_margin_loss_backward(g, self, target, reduction) =
    -target * (-target * self).sigmoid() * (reduction == 1 ? g / self.numel() : g)
binary_cross_entropy_backward(g, self, target, weight, reduction) =
    (self - target) / (self * (1 - self)) * (weight.defined() ? weight : 1)
    * (reduction == 1 ? g / self.numel() : g)
binary_cross_entropy_with_logits_backward(g, self, target, weight, pos_weight, reduction) =
    (pos_weight.defined()
        ? (pos_weight * target + 1 - target) * self.sigmoid() - pos_weight * target
        : self.sigmoid() - target) * (weight.defined() ? weight : 1)
    * (reduction == 1 ? g / self.numel() : g)
_to_copy_backward(g, options) = g
wrap_opt_if(value, condition) = value
slice_backward_wrapper(g, sizes, dim, start, end, step) =
    slice_backward(g, sizes, dim, start, end, step)
"""


def _read_lines() -> dict[tuple[str, int], tuple[tuple[str, ...], Tree]]:
    functions = {}
    joined = _LINES.strip().replace("\n    ", " ")
    for line in joined.splitlines():
        head, _, body = line.partition(" =")
        call = read_formula(head)
        assert isinstance(call, Call)
        parameters = tuple(part.name for part in call.arguments if isinstance(part, Name))
        functions[call.function, len(parameters)] = (parameters, read_formula(body))
    return functions


FUNCTIONS = _read_lines()


def expand(tree: Tree) -> Tree:
    """The same expression with every known function replaced by what it computes."""
    tree = map_children(tree, expand)
    if not isinstance(tree, Call):
        return tree
    name = tree.function.removesuffix("_symint")
    known = FUNCTIONS.get((name, len(tree.arguments)))
    if known is None:
        return tree
    parameters, body = known
    return expand(substitute(body, dict(zip(parameters, tree.arguments, strict=True))))


def substitute(tree: Tree, by_name: dict[str, Tree]) -> Tree:
    """The same expression with names replaced by expressions."""
    if isinstance(tree, Name):
        return by_name.get(tree.name, tree)
    return map_children(tree, lambda part: substitute(part, by_name))
