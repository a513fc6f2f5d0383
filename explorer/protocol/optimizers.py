"""Steps of optimizers: which parameters, with which state and settings."""

from __future__ import annotations

from explorer.protocol.message import message, part


@part
class ParameterState:
    """One parameter of an optimizer as tensor ids; ``state`` is (name, tensor id)."""

    parameter: int
    state: tuple[tuple[str, int], ...]


@part
class ParameterGroup:
    """Parameters that share their settings (learning rate and so on)."""

    settings: dict[str, float]
    parameters: tuple[ParameterState, ...]


@message
class OptimizerSeen:
    """News: what an optimizer holds, sent when that differs from what was sent before."""

    step: int
    optimizer: int
    class_name: str
    """Class of the optimizer: ``Adam``."""
    groups: tuple[ParameterGroup, ...]


@message
class OptimizerStepped:
    """News: the statement recorded as step ``step`` called ``step()`` of an optimizer."""

    step: int
    optimizer: int
