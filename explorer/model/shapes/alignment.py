"""How the shapes of an operation fit: lined up from the right, stretched, or in conflict."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.shapes.operation import Operation

Shape = tuple[int, ...]

FITS, STRETCHED, ADDED, CLASHES, SUMMED, GONE = (
    "fits",
    "stretched",
    "added",
    "clashes",
    "summed",
    "gone",
)


@dataclass(frozen=True)
class AlignedCell:
    """One size in its column; ``state`` says what becomes of that dimension.

    ``fits``, ``stretched`` (size 1 is repeated), ``added`` (the dimension is missing and stands
    for 1), ``clashes``, ``summed`` (it runs out in the sum) or ``gone`` (not in the result).
    """

    size: int
    state: str


@dataclass(frozen=True)
class AlignedRow:
    """An operand, or the result when it is the last row; one cell per column, None for none."""

    label: str
    cells: tuple[AlignedCell | None, ...]


@dataclass(frozen=True)
class Alignment:
    """Rows with as many cells each, and what they say in one sentence."""

    rows: tuple[AlignedRow, ...]
    sentence: str
    result: Shape | None
    """None when the shapes do not fit."""


def shape_text(shape: Shape) -> str:
    """``3 × 4``; a shape without dimensions is ``scalar``."""
    return " × ".join(map(str, shape)) or "scalar"


def align(operation: Operation) -> Alignment:
    """Line up the shapes of an operation as torch does."""
    if operation.kind == "product":
        return _product(operation)
    if operation.kind in ("reduction", "running"):
        return _reduction(operation)
    return _broadcast(operation)


def broadcast(shapes: list[Shape]) -> tuple[list[int], list[int]]:
    """Sizes of the broadcast result, aligned right, and the columns that clash.

    A column fits when all sizes in it are equal or 1 (NumPy's broadcasting rule).
    """
    width = max((len(shape) for shape in shapes), default=0)
    sizes, clashes = [1] * width, []
    for column in range(width):
        found = {
            shape[column - width + len(shape)]
            for shape in shapes
            if column - width + len(shape) >= 0
        }
        wider = found - {1}
        sizes[column] = max(wider, default=1) if 0 not in wider else 0
        if len(wider) > 1:
            clashes.append(column)
    return sizes, clashes


def _broadcast(operation: Operation) -> Alignment:
    operands = operation.operands
    sizes, clashes = broadcast([operand.shape for operand in operands])
    width = len(sizes)
    rows = []
    for operand in operands:
        missing = width - len(operand.shape)
        cells: list[AlignedCell | None] = []
        for column, size in enumerate(sizes):
            own = operand.shape[column - missing] if column >= missing else None
            cells.append(_broadcast_cell(own, size, column in clashes, bool(operand.path)))
        rows.append(AlignedRow(operand.text, tuple(cells)))
    if clashes:
        return Alignment(tuple(rows), _clash_sentence(operation, clashes, width), None)
    result = tuple(AlignedCell(size, FITS) for size in sizes)
    rows.append(AlignedRow(operation.result or "result", result))
    return Alignment(tuple(rows), _broadcast_sentence(operation, tuple(sizes)), tuple(sizes))


def _broadcast_cell(
    own: int | None, size: int, clashes: bool, is_tensor: bool
) -> AlignedCell | None:
    if own is None:
        return AlignedCell(size, ADDED) if is_tensor and not clashes else None
    if clashes:
        return AlignedCell(own, CLASHES if own != 1 else STRETCHED)
    return AlignedCell(own, STRETCHED if own == 1 and size != 1 else FITS)


def _broadcast_sentence(operation: Operation, sizes: Shape) -> str:
    tensors = [operand for operand in operation.operands if operand.path]
    stretched = [operand.text for operand in tensors if operand.shape != sizes]
    if len(tensors) == 1 or not stretched:
        return f"Cell by cell: the result has the shape {shape_text(sizes)}."
    names = " and ".join(dict.fromkeys(stretched))
    verb = "is" if len(set(stretched)) == 1 else "are"
    return (
        f"Lined up from the right, {names} {verb} stretched without copying: "
        f"the result has the shape {shape_text(sizes)}."
    )


def _clash_sentence(operation: Operation, clashes: list[int], width: int) -> str:
    column = clashes[-1]
    sizes = [
        f"{operand.text} has {operand.shape[column - width + len(operand.shape)]}"
        for operand in operation.operands
        if operand.path and column - width + len(operand.shape) >= 0
    ]
    return (
        f"The shapes do not fit: in dimension {column - width} (counted from the right) "
        f"{' and '.join(sizes)}. Sizes must be equal, or one of them 1."
    )


def _product(operation: Operation) -> Alignment:
    left, right = operation.operands[:2]
    if not left.shape or not right.shape:
        sentence = "A matrix product needs at least one dimension on both sides."
        return Alignment(_plain_rows(operation), sentence, None)
    first = left.shape if len(left.shape) > 1 else (1, *left.shape)
    second = right.shape if len(right.shape) > 1 else (*right.shape, 1)
    batch, clashes = broadcast([first[:-2], second[:-2]])
    inner_fits = first[-1] == second[-2]
    inner = SUMMED if inner_fits else CLASHES
    rows = (
        AlignedRow(left.text, _product_cells(first, batch, (FITS, inner), len(left.shape) == 1)),
        AlignedRow(right.text, _product_cells(second, batch, (inner, FITS))),
    )
    if not inner_fits or clashes:
        return Alignment(rows, _product_clash(operation, first, second, inner_fits), None)
    ends = [first[-2]] * (len(left.shape) > 1) + [second[-1]] * (len(right.shape) > 1)
    result = (*batch, *ends)
    sentence = (
        f"Row times column: the {first[-1]} columns of {left.text} meet the {second[-2]} rows of "
        f"{right.text}; the result has the shape {shape_text(result)}."
    )
    return Alignment(rows, sentence, result)


def _product_cells(
    shape: Shape, batch: list[int], ends: tuple[str, str], leading_one: bool = False
) -> tuple[AlignedCell | None, ...]:
    missing = len(batch) - (len(shape) - 2)
    cells: list[AlignedCell | None] = [None] * missing
    for size, full in zip(shape[:-2], batch[missing:], strict=True):
        cells.append(AlignedCell(size, STRETCHED if size != full else FITS))
    row, column = ends
    cells.append(None if leading_one else AlignedCell(shape[-2], row))
    cells.append(AlignedCell(shape[-1], column))
    return tuple(cells)


def _product_clash(operation: Operation, first: Shape, second: Shape, inner_fits: bool) -> str:
    left, right = operation.operands[:2]
    if inner_fits:
        return (
            f"The leading dimensions of {left.text} ({shape_text(first[:-2])}) and {right.text} "
            f"({shape_text(second[:-2])}) cannot be stretched to each other."
        )
    hint = ""
    if len(right.shape) == 2 and first[-1] == right.shape[1]:
        hint = f" {right.text}.t() has {right.shape[1]} rows: {left.text} @ {right.text}.t() fits."
    return (
        f"The product needs as many columns on the left as rows on the right: {left.text} has "
        f"{first[-1]} columns, {right.text} has {second[-2]} rows.{hint}"
    )


def _plain_rows(operation: Operation) -> tuple[AlignedRow, ...]:
    return tuple(
        AlignedRow(operand.text, tuple(AlignedCell(size, CLASHES) for size in operand.shape))
        for operand in operation.operands
    )


def _reduction(operation: Operation) -> Alignment:
    (operand,) = operation.operands
    running = operation.kind == "running"
    gone = set() if running else set(operation.dims)
    cells = tuple(
        AlignedCell(size, SUMMED if dim in operation.dims else FITS)
        for dim, size in enumerate(operand.shape)
    )
    kept: list[AlignedCell | None] = []
    for dim, size in enumerate(operand.shape):
        if dim not in gone:
            kept.append(AlignedCell(size, FITS))
        else:
            kept.append(AlignedCell(1, GONE) if operation.keepdim else None)
    result = tuple(cell.size for cell in kept if cell is not None)
    rows = (
        AlignedRow(operand.text, cells),
        AlignedRow(operation.result or "result", tuple(kept)),
    )
    dims = ", ".join(map(str, operation.dims))
    if running:
        told = f"{operation.name} runs along dimension {dims}: each cell holds all up to it."
    elif len(gone) == len(operand.shape):
        told = f"{operation.name} takes all {shape_text(operand.shape)} cells into one number."
    else:
        word = "dimension" if len(gone) == 1 else "dimensions"
        left = "kept with size 1" if operation.keepdim else "gone from the shape"
        told = f"{operation.name} runs over {word} {dims}, which is {left}."
    return Alignment(rows, f"{told} The result has the shape {shape_text(result)}.", result)
