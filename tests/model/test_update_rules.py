"""Each rule, worked with its numbers, gives the parameter that torch's optimizer gives."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from explorer.model.training.update_rules import rule_for

CASES: list[tuple[type[torch.optim.Optimizer], dict[str, Any]]] = [
    (torch.optim.SGD, {"lr": 0.1}),
    (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.3}),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1}),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    (torch.optim.Adam, {"lr": 0.1}),
    (torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.2, "betas": (0.8, 0.95)}),
    (torch.optim.AdamW, {"lr": 0.1}),
    (torch.optim.RMSprop, {"lr": 0.1}),
    (torch.optim.RMSprop, {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    (torch.optim.Adagrad, {"lr": 0.1}),
]


def settings_of(group: dict[str, Any]) -> dict[str, float]:
    found = {
        name: float(value) for name, value in group.items() if type(value) in (int, float, bool)
    }
    if "betas" in group:
        found["beta1"], found["beta2"] = group["betas"]
    return found


@pytest.mark.parametrize(
    ("cls", "options"), CASES, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_the_rule_gives_what_torch_gives(
    cls: type[torch.optim.Optimizer], options: dict[str, Any]
) -> None:
    x = torch.tensor([1.5, -2.0, 0.3], dtype=torch.float64, requires_grad=True)
    optimizer = cls([x], **options)
    for turn in range(4):
        optimizer.zero_grad()
        (x**2 * (turn + 1) + x).sum().backward()
        assert x.grad is not None
        before, gradient = x.detach().tolist(), x.grad.tolist()
        optimizer.step()
        state = optimizer.state[x]
        settings = settings_of(optimizer.param_groups[0])
        rule = rule_for(cls.__name__, settings)
        assert rule is not None
        for cell in range(3):
            here = {
                name: float(value if value.ndim == 0 else value[cell])
                for name, value in state.items()
                if isinstance(value, torch.Tensor)
            }
            worked = rule.work(before[cell], gradient[cell], here, settings)
            assert worked.after == pytest.approx(x[cell].item(), rel=1e-9)
            assert worked.lines[-1].endswith(f"= {worked.after:.6g}")


@pytest.mark.parametrize("setting", ["maximize", "amsgrad", "centered"])
def test_settings_without_a_rule_are_left_alone(setting: str) -> None:
    assert rule_for("Adam", {"lr": 0.1, setting: 1.0}) is None
    assert rule_for("LBFGS", {"lr": 1.0}) is None
