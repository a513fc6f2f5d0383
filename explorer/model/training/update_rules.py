"""How optimizers change one number: the rule in maths, and with its numbers put in.

Each rule is the one that torch documents for its class (``torch.optim``), for one element, with
``maximize``, ``amsgrad`` and ``centered`` off. Where an optimizer is set otherwise, or its class
has no rule here, `rule_for` gives None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Settings = Mapping[str, float]
State = Mapping[str, float]


@dataclass(frozen=True)
class Worked:
    """A rule with numbers: one line an equation, and the parameter that comes out."""

    lines: tuple[str, ...]
    after: float


@dataclass(frozen=True)
class UpdateRule:
    """``formula`` is one line an equation; ``work`` takes parameter and gradient before, the
    state after the step, and the settings."""

    formula: tuple[str, ...]
    work: Callable[[float, float, State, Settings], Worked]


def rule_for(kind: str, settings: Settings) -> UpdateRule | None:
    """The rule of an optimizer class with these settings; None when it is not told here."""
    unusual = ("maximize", "amsgrad", "centered", "lr_decay")
    if any(settings.get(name) for name in unusual):
        return None
    return RULES.get(kind)


def _n(value: float) -> str:
    text = f"{value:.6g}"
    return f"({text})" if value < 0 else text


def _decayed(gradient: float, parameter: float, settings: Settings) -> tuple[float, list[str]]:
    decay = settings.get("weight_decay", 0.0)
    if not decay:
        return gradient, []
    made = gradient + decay * parameter
    return made, [f"g = {_n(gradient)} + {_n(decay)} · {_n(parameter)} = {made:.6g}"]


def _sgd(parameter: float, gradient: float, state: State, settings: Settings) -> Worked:
    used, lines = _decayed(gradient, parameter, settings)
    rate, momentum = settings["lr"], settings.get("momentum", 0.0)
    if momentum and "momentum_buffer" in state:
        buffer = state["momentum_buffer"]
        lines.append(f"b = {buffer:.6g}, the momentum after this step")
        used = used + momentum * buffer if settings.get("nesterov") else buffer
    after = parameter - rate * used
    return Worked((*lines, f"θ = {_n(parameter)} − {_n(rate)} · {_n(used)} = {after:.6g}"), after)


def _adam(parameter: float, gradient: float, state: State, settings: Settings) -> Worked:
    _, lines = _decayed(gradient, parameter, settings)
    return _adam_step(parameter, state, settings, lines)


def _adamw(parameter: float, gradient: float, state: State, settings: Settings) -> Worked:
    rate, decay = settings["lr"], settings.get("weight_decay", 0.0)
    lines: list[str] = []
    if decay:
        shrunk = parameter * (1 - rate * decay)
        lines.append(f"θ = {_n(parameter)} · (1 − {_n(rate)} · {_n(decay)}) = {shrunk:.6g}")
        parameter = shrunk
    return _adam_step(parameter, state, settings, lines)


def _adam_step(parameter: float, state: State, settings: Settings, lines: list[str]) -> Worked:
    first, second, count = state["exp_avg"], state["exp_avg_sq"], state["step"]
    mean = first / (1 - settings["beta1"] ** count)
    square = second / (1 - settings["beta2"] ** count)
    rate, tiny = settings["lr"], settings["eps"]
    after = parameter - rate * mean / (math.sqrt(square) + tiny)
    lines = [
        *lines,
        f"m̂ = {_n(first)} / (1 − {_n(settings['beta1'])}^{count:.0f}) = {mean:.6g}",
        f"v̂ = {_n(second)} / (1 − {_n(settings['beta2'])}^{count:.0f}) = {square:.6g}",
        f"θ = {_n(parameter)} − {_n(rate)} · {_n(mean)} / (√{_n(square)} + {_n(tiny)}) "
        f"= {after:.6g}",
    ]
    return Worked(tuple(lines), after)


def _rmsprop(parameter: float, gradient: float, state: State, settings: Settings) -> Worked:
    used, lines = _decayed(gradient, parameter, settings)
    average, rate, tiny = state["square_avg"], settings["lr"], settings["eps"]
    if settings.get("momentum"):
        buffer = state["momentum_buffer"]
        after = parameter - rate * buffer
        lines.append(f"θ = {_n(parameter)} − {_n(rate)} · {_n(buffer)} = {after:.6g}")
        return Worked(tuple(lines), after)
    after = parameter - rate * used / (math.sqrt(average) + tiny)
    lines.append(
        f"θ = {_n(parameter)} − {_n(rate)} · {_n(used)} / (√{_n(average)} + {_n(tiny)}) "
        f"= {after:.6g}"
    )
    return Worked(tuple(lines), after)


def _adagrad(parameter: float, gradient: float, state: State, settings: Settings) -> Worked:
    used, lines = _decayed(gradient, parameter, settings)
    total, rate, tiny = state["sum"], settings["lr"], settings["eps"]
    after = parameter - rate * used / (math.sqrt(total) + tiny)
    lines.append(
        f"θ = {_n(parameter)} − {_n(rate)} · {_n(used)} / (√{_n(total)} + {_n(tiny)}) = {after:.6g}"
    )
    return Worked(tuple(lines), after)


_MOMENTS = (
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)",
    "θ ← θ − lr·m̂ / (√v̂ + ε)",
)

RULES: Mapping[str, UpdateRule] = {
    "SGD": UpdateRule(
        ("g ← g + λ·θ", "b ← μ·b + (1 − τ)·g  (the first time b = g)", "θ ← θ − lr·b"), _sgd
    ),
    "Adam": UpdateRule(("g ← g + λ·θ", *_MOMENTS), _adam),
    "AdamW": UpdateRule(("θ ← θ·(1 − lr·λ)", *_MOMENTS), _adamw),
    "RMSprop": UpdateRule(
        ("g ← g + λ·θ", "v ← α·v + (1 − α)·g²", "θ ← θ − lr·g / (√v + ε)"), _rmsprop
    ),
    "Adagrad": UpdateRule(("g ← g + λ·θ", "s ← s + g²", "θ ← θ − lr·g / (√s + ε)"), _adagrad),
}
