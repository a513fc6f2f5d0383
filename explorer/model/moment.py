"""What is being looked at: step + tensor + slice + cell, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Moment:
    """One place in a recording.

    ``step`` is a step index, -1 before the first step. ``tensor`` is a tensor id, 0 for none;
    ``name`` is how it is called: a path such as ``net.0.weight``, or for a gradient without a
    name, words. ``pinned`` keeps the tensor id when the step changes, for tensors that no name
    leads to. ``slice_text`` is what stands between the brackets (empty: everything), ``cell`` an
    index into the tensor's own dimensions.
    """

    step: int = -1
    tensor: int = 0
    name: str = ""
    pinned: bool = False
    slice_text: str = ""
    cell: tuple[int, ...] | None = None

    def at(self, step: int) -> Moment:
        """The same tensor, slice and cell at another step."""
        return replace(self, step=step)

    def on_tensor(self, tensor: int, name: str, *, pinned: bool = False) -> Moment:
        """Another tensor at the same step; slice and cell start anew."""
        if tensor == self.tensor and name == self.name:
            return self
        return Moment(self.step, tensor, name, pinned)

    def on_slice(self, text: str) -> Moment:
        """Another slice of the same tensor."""
        return replace(self, slice_text=text)

    def on_cell(self, cell: tuple[int, ...] | None) -> Moment:
        """Another cell of the same tensor."""
        return replace(self, cell=cell)
