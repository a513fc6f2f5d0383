"""The state in which the recorder touches tensors: no history, no modes, unseen by the program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.utils._python_dispatch import _disable_current_modes

_C = torch._C
set_grad_enabled = _C._set_grad_enabled
grad_enabled = torch.is_grad_enabled
function_modes = _C._len_torch_function_stack
dispatch_modes = _C._len_torch_dispatch_stack
skips_next = getattr(_C, "_peek_should_skip_torch_function", lambda: False)
"""Whether the next call of torch passes over ``__torch_function__`` (`redispatch_function`): a mark
that whoever reads as much as a tensor's shape takes away."""
skip_next = getattr(_C, "_set_skip_next_torch_function", lambda skipped: None)
_transform = _C._functorch.peek_interpreter_stack
_tracing = _C._get_tracing_state
_profiler_enabled = _C._autograd._profiler_enabled
_tell_profiler = _C._autograd._enable_record_function


def out_of_reach() -> bool:
    """Whether torch is tracing, or inside ``vmap``, ``grad`` and the like: there even reading a
    shape would be written into the program's own trace."""
    return _transform() is not None or _tracing() is not None


def in_the_way() -> bool:
    """Whether function or dispatch modes of the program would see what the recorder does."""
    return bool(function_modes() or dispatch_modes())


@contextmanager
def quiet() -> Iterator[None]:
    """Work on tensors without autograd, modes and subclasses noticing."""
    with ExitStack() as guards:
        guards.enter_context(_C.DisableTorchFunction())
        if dispatch_modes():
            guards.enter_context(_disable_current_modes())
        grad = grad_enabled()
        set_grad_enabled(False)
        try:
            yield
        finally:
            set_grad_enabled(grad)


class _OfThread(threading.local):
    profiler_is_told = True


_of_thread = _OfThread()


def profiling() -> bool:
    """Whether torch's profiler would be told of what the recorder does now."""
    return _profiler_enabled() and _of_thread.profiler_is_told


@contextmanager
def unprofiled() -> Iterator[None]:
    """Work without torch's profiler being told of it."""
    before = _of_thread.profiler_is_told
    _of_thread.profiler_is_told = False
    _tell_profiler(False)
    try:
        yield
    finally:
        _of_thread.profiler_is_told = before
        _tell_profiler(before)


@contextmanager
def undispatched(tensor: torch.Tensor) -> Iterator[None]:
    """The same, and without code of the tensor's own class; torch's jagged tensors need theirs."""
    with quiet(), ExitStack() as guards:
        if tensor.layout is not torch.jagged:
            guards.enter_context(_C._DisableTorchDispatch())
        yield
