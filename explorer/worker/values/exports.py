"""Numbers written to files: never half a file, never the whole tensor in memory twice."""

from __future__ import annotations

import json
import os
import secrets
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
import torch

from explorer.protocol.number_formats import FORMATS, shortest_text
from explorer.protocol.values import Exported, ExportNumbers, NumberBox
from explorer.worker.tiles import tensor_bytes
from explorer.worker.values.calculable import calculable, counts_as_float
from explorer.worker.values.fields import CannotShow, Field, checked, cuts, inside
from explorer.worker.values.sights import TensorOf, field_for

PIECE = 1 << 18

# Names of the dtypes in a safetensors header, as its specification lists them.
_SAFETENSORS = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "uint16": "U16",
    "int16": "I16",
    "uint32": "U32",
    "int32": "I32",
    "uint64": "U64",
    "int64": "I64",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e8m0fnu": "F8_E8M0",
    "float4_e2m1fn_x2": "F4",
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "complex64": "C64",
}


@dataclass(frozen=True)
class Source:
    """What is written: a box of a field, in the shape of the dimensions that stay."""

    field: Field
    box: NumberBox
    shape: tuple[int, ...]
    order: tuple[int, ...]
    """The box's dimensions, outermost first, as the file has them."""
    name: str

    def pieces(self) -> Iterator[torch.Tensor]:
        """The numbers row by row in the file's order, in pieces."""
        counts = tuple(self.box.counts[dim] for dim in self.order)
        for first, size in cuts(counts, PIECE):
            at, own = [0] * len(counts), [1] * len(counts)
            for place, dim in enumerate(self.order):
                at[dim], own[dim] = first[place], size[place]
            yield self.field.box(inside(self.box, at, tuple(own))).permute(self.order)


def export_numbers(request: ExportNumbers, tensor_of: TensorOf) -> Iterator[Exported | None]:
    """Answer `ExportNumbers`: None between pieces, the answer last.

    Raises:
        CannotShow: when the form is not known or the file cannot be written.
    """
    writers: dict[str, Callable[[Source, BinaryIO], Iterator[str]]] = {
        "npy": write_npy,
        "npz": write_npz,
        "safetensors": write_safetensors,
        "csv": write_csv,
    }
    if request.form not in writers:
        raise CannotShow(f"'{request.form}' is no form; there are {', '.join(writers)}.")
    source = _source(request, tensor_of)
    path = Path(request.path)
    remark = ""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            for said in writers[request.form](source, file):
                remark = said or remark
                yield None
            file.flush()
            os.fsync(file.fileno())
        nbytes = partial.stat().st_size
        partial.replace(path)
    except OSError as err:
        raise CannotShow(f"{path} cannot be written: {err.strerror or err}.") from err
    finally:
        with suppress(OSError):
            partial.unlink()
    yield Exported(str(path), nbytes, remark)


def _source(request: ExportNumbers, tensor_of: TensorOf) -> Source:
    field = field_for(request.sight, tensor_of)
    box = checked(request.box, field.shape)
    dims = range(len(box.counts))
    keep = request.keep or tuple(dims)
    rest = tuple(dim for dim in dims if dim not in keep)
    if sorted(keep + rest) != list(dims) or any(box.counts[dim] != 1 for dim in rest):
        raise CannotShow("The dimensions that stay do not fit the box.")
    shape = tuple(box.counts[dim] for dim in keep)
    return Source(field, box, shape, rest + keep, request.name)


def _numpy_form(source: Source) -> tuple[str, str]:
    """numpy's dtype that holds the numbers exactly, and a remark where it is another one."""
    dtype = source.field.dtype
    kind = FORMATS.get(dtype)
    if kind is None:
        raise CannotShow(f"The dtype {dtype} is newer than this program and cannot be written.")
    plain = {"float": "f", "complex": "c", "int": "i", "uint": "u", "bool": "b", "bits": "u"}
    if hasattr(np, dtype) and kind.kind != "bits" and dtype != "complex32":
        return f"<{plain[kind.kind]}{kind.itemsize}".replace("<b1", "|b1"), ""
    if kind.kind == "complex":
        return "<c8", "numpy has no complex32; the numbers are kept exactly as complex64."
    wide = "<f4" if kind.is_float else "<i8"
    name = "float32" if kind.is_float else "int64"
    return wide, f"numpy has no {dtype}; the numbers are kept exactly as {name}."


def _numpy_bytes(source: Source, piece: torch.Tensor, form: str) -> bytes | bytearray:
    if form == "<c8" and piece.dtype == torch.complex32:
        piece = piece.to(torch.complex64)
    elif form in ("<f4", "<i8") and source.field.dtype not in ("float32", "int64"):
        piece = calculable(piece)
    return tensor_bytes(piece)


def write_npy(source: Source, file: IO[bytes]) -> Iterator[str]:
    """numpy's own format; yields between pieces, a remark where the dtype had to change."""
    form, remark = _numpy_form(source)
    kind = FORMATS[source.field.dtype]
    packed = kind.count > 1 and kind.kind != "complex"
    shape = (*source.shape, kind.count) if packed else source.shape
    header = {"descr": form, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_2_0(file, header)
    yield remark
    for piece in source.pieces():
        file.write(_numpy_bytes(source, piece, form))
        yield ""


def write_npz(source: Source, file: BinaryIO) -> Iterator[str]:
    """An archive of one npy file."""
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        archive.open(f"{source.name}.npy", "w", force_zip64=True) as inner,
    ):
        yield from write_npy(source, inner)


def write_safetensors(source: Source, file: BinaryIO) -> Iterator[str]:
    """The safetensors format: length of the header, JSON header, raw numbers."""
    dtype = source.field.dtype
    if dtype not in _SAFETENSORS:
        raise CannotShow(f"safetensors has no {dtype}; choose npy, which says how it keeps it.")
    size = FORMATS[dtype].itemsize * prod(source.shape)
    shape = list(source.shape)
    if dtype == "float4_e2m1fn_x2" and shape:
        shape[-1] *= 2  # the format counts numbers, torch counts bytes
    entry = {"dtype": _SAFETENSORS[dtype], "shape": shape, "data_offsets": [0, size]}
    header = json.dumps({source.name: entry}, ensure_ascii=False).encode()
    header += b" " * (-len(header) % 8)
    file.write(struct.pack("<Q", len(header)) + header)
    yield ""
    for piece in source.pieces():
        file.write(tensor_bytes(piece))
        yield ""


def write_csv(source: Source, file: BinaryIO) -> Iterator[str]:
    """One line per row of the last dimension; texts that mean exactly these numbers."""
    width = source.shape[-1] if source.shape else 1
    kind = FORMATS[source.field.dtype]
    column = 0
    for piece in source.pieces():
        for text in _texts(piece, source.field.dtype):
            column += 1
            ended = column == width
            file.write(f"{text}{chr(10) if ended else ','}".encode())
            column = 0 if ended else column
        yield ""
    if kind.count > 1 and kind.kind != "complex":
        yield "Each cell holds several numbers, with spaces between them."


def _texts(piece: torch.Tensor, dtype: str) -> Iterator[str]:
    kind = FORMATS[dtype]
    if kind.kind == "complex":
        wide = piece.to(torch.complex128).reshape(-1).tolist()
        yield from (f"{complex(value)}".strip("()") for value in wide)
    elif not counts_as_float(dtype):
        numbers = piece if dtype in ("bool", "uint64") else calculable(piece)
        yield from (" ".join(map(str, _list(value))) for value in _rows(numbers, piece.dim()))
    else:
        for value in _rows(calculable(piece), piece.dim()):
            yield " ".join(shortest_text(number, kind) for number in _list(value))


def _rows(numbers: torch.Tensor, rank: int) -> list[object]:
    """The elements in order; those that pack several numbers as lists."""
    last = numbers.shape[-1:] if numbers.dim() > rank else ()
    rows: list[object] = numbers.reshape(-1, *last).tolist()
    return rows


def _list(value: object) -> list[float]:
    return value if isinstance(value, list) else [value]  # type: ignore[list-item]
