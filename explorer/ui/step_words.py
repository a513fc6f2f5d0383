"""A step in words: for the toolbar, for tips, for people who do not see the picture."""

from __future__ import annotations

from explorer.model.recording import Recording
from explorer.model.tensor_words import short_card

MOST_NAMES = 6


def node_short_name(name: str) -> str:
    """``MeanBackward0`` -> ``Mean``, ``torch::autograd::AccumulateGrad`` -> ``Accumulate``."""
    short = name.rpartition("::")[2].rpartition(".")[2]
    head, backward, rest = short.partition("Backward")
    if head and backward and (not rest or rest.isdigit()):
        return head
    return short.removesuffix("Grad") or short


def step_place(recording: Recording, step: int) -> str:
    """``step 6.2 of 7 · line 7 · backward, node 2 of 4``."""
    if not len(recording):
        return ""
    total = recording.steps.number(len(recording) - 1)
    if step < 0:
        return f"before the first of {total} steps"
    known = recording.step(step)
    words = [f"step {known.label} of {total}"]
    if known.statement.line:
        inside = known.statement.function
        where = f" in {inside}" if inside not in ("", "<module>") else ""
        words.append(f"line {known.statement.line}{where}")
    if known.node is not None:
        nodes = recording.steps.nodes_of(recording.steps.owner(step))
        place = f", node {nodes.index(step) + 1} of {len(nodes)}" if step in nodes else ""
        words.append(f"backward{place}")
    if known.error is not None:
        words.append(f"raises {known.error.type}")
    if known.thread:
        words.append(f"thread {known.thread}")
    return " · ".join([*words, *modes_in_words(recording, step)])


def modes_in_words(recording: Recording, step: int) -> list[str]:
    """What is in force at a step and is not so by default: ``default float64``, ``no_grad``."""
    modes = recording.modes.at(step)
    if modes is None:
        return []
    words = []
    if modes.default_dtype != "float32":
        words.append(f"default {modes.default_dtype}")
    if modes.inference:
        words.append("inference_mode")
    elif not modes.grad_enabled:
        words.append("no_grad")
    return words


def step_sentence(recording: Recording, step: int) -> str:
    """What the step did, in two lines at most."""
    if not 0 <= step < len(recording):
        return "Before the first step."
    known = recording.step(step)
    if known.node is not None:
        return f"Step {known.label}: {known.node.name} of line {known.statement.line}."
    code = known.statement.code.split("\n", 1)[0]
    head = f"Step {known.label}, line {known.statement.line}: {code}"
    if known.error is not None:
        return f"{head}\nIt raised {known.error.words}"
    change = recording.change(step)
    bound = []
    for path, tensor in change.names[: MOST_NAMES + 1] if change else ():
        card = recording.card(step, tensor) if tensor else None
        bound.append(f"{path} {short_card(card)}" if card else f"{path} is gone")
    more = " …" if len(bound) > MOST_NAMES else ""
    return f"{head}\n{', '.join(bound[:MOST_NAMES])}{more}" if bound else head
