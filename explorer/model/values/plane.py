"""Which dimensions of a slice go down and across, and where the others stand: one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.model.slicing import Axis, Slice, whole


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a tensor: for each dimension where it starts, how many, and by what step."""

    starts: tuple[int, ...]
    counts: tuple[int, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """Two axes of a tensor laid out as rows and columns, all others at one position each.

    ``down`` and ``across`` are numbers into ``axes``, None when there are too few axes.
    ``positions`` has one entry per axis; those of ``down`` and ``across`` say nothing.
    """

    shape: tuple[int, ...]
    axes: tuple[Axis, ...]
    down: int | None
    across: int | None
    positions: tuple[int, ...]

    @property
    def rows(self) -> int:
        return 1 if self.down is None else self.axes[self.down].count

    @property
    def columns(self) -> int:
        return 1 if self.across is None else self.axes[self.across].count

    @property
    def empty(self) -> bool:
        """Whether there is no number to show."""
        return any(axis.count == 0 for axis in self.axes)

    @property
    def others(self) -> tuple[int, ...]:
        """Numbers of the axes over dimensions that go neither down nor across."""
        shown = (self.down, self.across)
        return tuple(
            number
            for number, axis in enumerate(self.axes)
            if number not in shown and axis.dim is not None
        )

    @property
    def dims(self) -> tuple[int | None, int | None]:
        """Dimensions of the tensor that go down and across; None where none does."""
        return self._dim(self.down), self._dim(self.across)

    def box(self, row: int, rows: int, column: int, columns: int) -> Box:
        """The box of the tensor behind a rectangle of cells."""
        size = len(self.shape)
        starts, counts, steps = [0] * size, [1] * size, [1] * size
        for number, axis in enumerate(self.axes):
            if axis.dim is None:
                continue
            first, count = self.positions[number], 1
            if number == self.down:
                first, count = row, rows
            elif number == self.across:
                first, count = column, columns
            starts[axis.dim] = axis.index(first)
            counts[axis.dim] = count
            steps[axis.dim] = axis.step if count > 1 else 1
        return Box(tuple(starts), tuple(counts), tuple(steps))

    def whole_box(self) -> Box:
        """The box behind all cells of the plane."""
        return self.box(0, self.rows, 0, self.columns)

    def index_of(self, row: int, column: int) -> tuple[int, ...]:
        """Index into the tensor of the cell at a row and a column."""
        return self.box(row, 1, column, 1).starts

    def cell_of(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """Row and column that show an index; None when the plane does not pass through it."""
        if len(index) != len(self.shape):
            return None
        row = column = 0
        for number, axis in enumerate(self.axes):
            if axis.dim is None:
                continue
            position = axis.position(index[axis.dim])
            if position is None:
                return None
            if number == self.down:
                row = position
            elif number == self.across:
                column = position
            elif position != self.positions[number]:
                return None
        return row, column

    def towards(self, index: tuple[int, ...]) -> Plane:
        """The plane moved so that it passes through an index, as far as its axes allow."""
        plane = self
        for number in self.others:
            axis = self.axes[number]
            position = axis.position(index[axis.dim]) if axis.dim is not None else None
            if position is not None:
                plane = plane.at(number, position)
        return plane

    def at(self, number: int, position: int) -> Plane:
        """The same plane with one axis at another position, kept inside the axis."""
        last = max(self.axes[number].count - 1, 0)
        positions = list(self.positions)
        positions[number] = min(max(position, 0), last)
        return replace(self, positions=tuple(positions))

    def transposed(self) -> Plane:
        """Rows become columns."""
        return replace(self, down=self.across, across=self.down)

    def with_down(self, number: int) -> Plane:
        """Another axis goes down; if it went across, the two change places."""
        across = self.down if number == self.across else self.across
        return replace(self, down=number, across=across)

    def with_across(self, number: int) -> Plane:
        """Another axis goes across; if it went down, the two change places."""
        down = self.across if number == self.down else self.down
        return replace(self, down=down, across=number)

    def code(self, name: str = "") -> str:
        """The plane as Python code, such as ``x[0, :, ::2]``, with ``.T`` where it is turned.

        A scalar's code is its name alone.
        """
        entries = [self._entry(number, axis) for number, axis in enumerate(self.axes)]
        inside = ", ".join(entry for entry in entries if entry)
        turned = self.down is not None and self.across is not None and self.down > self.across
        if not inside:
            return name or "[()]"
        return f"{name}[{inside}]" + (".T" if turned else "")

    def _entry(self, number: int, axis: Axis) -> str:
        shown = number in (self.down, self.across)
        if axis.dim is None:
            return "None" if shown else ""
        if not shown:
            return str(axis.index(self.positions[number]))
        return range_text(axis, self.shape[axis.dim])

    def _dim(self, number: int | None) -> int | None:
        return None if number is None else self.axes[number].dim


def range_text(axis: Axis, size: int) -> str:
    """An axis over a dimension of that size as Python writes it, as short as can be."""
    if axis.count == 0:
        return "0:0" if size else ":"
    start = str(axis.start) if axis.start else ""
    step = f":{axis.step}" if axis.step > 1 else ""
    reached_end = axis.start + axis.count * axis.step >= size
    end = "" if reached_end else str(axis.start + (axis.count - 1) * axis.step + 1)
    return f"{start}:{end}{step}"


def plane_of(cut: Slice) -> Plane:
    """The plane that a slice is first shown in: its last two axes, turned if it says so.

    A dimension that the slice fixes at an index becomes an axis over all of it, standing there.
    """
    shown = [number for number, axis in enumerate(cut.axes) if not axis.fixed]
    axes, positions = [], []
    for axis in cut.axes:
        free = axis.fixed and axis.dim is not None
        axes.append(Axis(axis.dim, 0, cut.shape[axis.dim or 0]) if free else axis)
        positions.append(axis.start if free else 0)
    across = shown[-1] if shown else None
    down = shown[-2] if len(shown) > 1 else None
    if cut.turned:
        down, across = across, down
    return Plane(cut.shape, tuple(axes), down, across, tuple(positions))


def plane_over(shape: tuple[int, ...]) -> Plane:
    """The plane over a whole tensor."""
    return plane_of(whole(shape))
