"""After calls of torch's own that are known to write here and there, only that is compared."""

from __future__ import annotations

import pytest

from explorer.worker.recorder import Recorder
from tests.worker.looked_at import looked_at_during

BEFORE = """
import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
adam, sgd = torch.optim.Adam(net.parameters()), torch.optim.SGD(net.parameters(), lr=0.1)
schedule = torch.optim.lr_scheduler.StepLR(sgd, 1)
lstm, batch, x = nn.LSTM(2, 2), torch.ones(4, 2), torch.zeros(3)
aside, kept = torch.zeros(5), [torch.zeros(1) for _ in range(3)]
saved = {name: one.clone() for name, one in net.state_dict().items()}
net(batch).sum().backward()
adam.step()
sgd.step()
view, data, norm = x[:1], x.data, net[1]
"""

PARAMETERS = {f"net[{place}].{name}" for place in (0, 1) for name in ("weight", "bias")}
GRADIENTS = {f"{name}.grad" for name in PARAMETERS}
STATE = {
    f"adam.state[{name}]['{part}']"  # it stands there under the parameter itself
    for name in PARAMETERS
    for part in ("step", "exp_avg", "exp_avg_sq")
}
STATISTICS = {f"net[1].{name}" for name in ("running_mean", "running_var", "num_batches_tracked")}
WEIGHTS = {f"lstm.{name}_l0" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}


@pytest.mark.parametrize(
    ("statement", "paths"),
    [
        ("adam.step()", PARAMETERS | GRADIENTS | STATE),
        ("sgd.step()", PARAMETERS | GRADIENTS),
        ("adam.zero_grad()", PARAMETERS),
        ("adam.zero_grad(set_to_none=False)", PARAMETERS | GRADIENTS),
        ("net.zero_grad()", PARAMETERS),
        ("schedule.step()", set()),
        ("net.load_state_dict(saved)", PARAMETERS | GRADIENTS | STATISTICS),
        ("nn.utils.clip_grad_norm_(net.parameters(), 1.0)", PARAMETERS | GRADIENTS),
        ("torch.nn.utils.clip_grad_value_(net.parameters(), 1.0)", PARAMETERS | GRADIENTS),
        ("out = net(batch)", STATISTICS),
        ("out = torch.relu(norm(batch))", STATISTICS),
        ("out, state = lstm(batch)", WEIGHTS),
        ("x.add_(1)", {"x"}),
        ("x.data.mul_(2).add_(1)", {"x"}),
        ("kept_first = x.fill_(1)", {"x"}),
        ("x += 1", {"x"}),
        ("x[0] = 2", {"x"}),
        ("x[1:] -= 1", {"x"}),
        ("x.data -= 1", {"x"}),
        ("kept[0].add_(1)", {"kept[0]"}),
        ("kept[-1] += 1", {"kept[-1]"}),
        ("name = '0.bias'\nsaved[name].mul_(2)", {"saved['0.bias']"}),
        ("norm.weight.grad *= 2", {"norm.weight.grad"}),
        ("net[0].weight.grad.zero_()", None),
        ("weight = net[0].weight", set()),
    ],
)
def test_only_what_a_call_can_reach_is_compared(
    recorder: Recorder, statement: str, paths: set[str] | None
) -> None:
    seen = looked_at_during(recorder, BEFORE, statement)
    assert seen.all == (paths is None)
    if paths is not None:
        expected = [one for path in paths if (one := eval(path, seen.names)) is not None]
        assert set(map(id, seen.alone)) == set(map(id, expected))


@pytest.mark.parametrize(
    "statement",
    [
        "adam.step(lambda: aside.add_(1).sum())",
        "hook = adam.register_step_pre_hook(lambda *given: None)\nadam.step()",
        "adam.step = lambda: aside.add_(1)\nadam.step()",
        "kept[len(kept) - 1].add_(1)",
        "kept += [x]",
        "x.data = torch.ones(3)",
        "out = [one.add_(1) for one in kept]",
        "x = x.add_(1)",
        "net.load_state_dict(saved, assign=True)",
        "loss = net(batch).sum()\nloss.backward()",
    ],
)
def test_everything_is_compared_where_the_program_may_run(
    recorder: Recorder, statement: str
) -> None:
    assert looked_at_during(recorder, BEFORE, statement).all
