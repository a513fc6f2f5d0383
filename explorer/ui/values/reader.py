"""Brings the values pane its numbers: asked once, kept by content, dropped when left."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.model.numbers import UnknownDtype
from explorer.model.tile_cache import Region, TileCache
from explorer.model.values.number_block import NumberBlock, block_of
from explorer.model.values.plane import Plane
from explorer.model.values.view import ValuesView, box_of
from explorer.protocol.running import Failed
from explorer.protocol.values import (
    NumberBox,
    ReadShape,
    ReadStatistics,
    ReadSummary,
    ReadTile,
    Sight,
    SightShape,
    Statistics,
    Summary,
    Tile,
)
from explorer.ui.asks import Asks
from explorer.ui.session import Session

PICTURES = 16 << 20
"""Bytes of pictures that are kept."""
MOST_KEPT = 2000
"""Shapes and statistics that are kept."""


@dataclass(frozen=True)
class Blocks:
    """Numbers of a summary: layers × rows × columns of blocks."""

    values: NDArray[np.floating[Any]]
    exact: bool


class ValuesReader(QObject):
    """Answers from what is held; asks for what is not, and says when it has arrived."""

    arrived = Signal()
    failed = Signal(object)
    """A `Failed`."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.asks = Asks(session, self)
        self._run = session.run.serial
        self._blocks: TileCache[NumberBlock] = TileCache()
        self._pictures: TileCache[Blocks] = TileCache(PICTURES)
        self._shapes: TileCache[SightShape | None] = TileCache(MOST_KEPT)
        self._counted: TileCache[Statistics] = TileCache(MOST_KEPT)
        self._hopeless: set[Hashable] = set()

    def begin_run(self) -> None:
        """Contents of another run have the same ids: forget everything about the last one."""
        if self._run == self._session.run.serial:
            return
        self._run = self._session.run.serial
        self.asks.forget_all()
        for cache in (self._blocks, self._pictures, self._shapes, self._counted):
            cache.clear()
        self._hopeless.clear()

    def look_at(self, view: ValuesView) -> None:
        """Give up what concerns other sights; what failed may be tried again."""
        sights = {view.sight, view.changed, view.derivative}
        self.asks.keep_only(
            lambda key: isinstance(key, tuple) and (key[0] == "shape" or key[1] in sights)
        )
        self._hopeless.clear()

    # What is held, or asked for.

    def shape_of(self, sight: Sight) -> SightShape | None:
        """Dtype, shape and parts of a sight."""
        key = ("shape", sight)
        found = self._shapes.get(key)
        if found is None:
            self._ask(key, ReadShape(sight), self._take_shape)
        return found

    def block(self, sight: Sight, plane: Plane, region: Region) -> NumberBlock | None:
        """The block of a region, when it is held; `want_blocks` asks for it."""
        return self._blocks.get(_block_key(sight, plane, region))

    def want_blocks(self, sight: Sight, plane: Plane, regions: list[Region]) -> None:
        """Ask for the blocks that are not held; others of this sight are not wanted any more."""
        keys = {_block_key(sight, plane, region): region for region in regions}
        self.asks.keep_only(
            lambda key: not (isinstance(key, tuple) and key[:2] == ("block", sight)) or key in keys
        )
        for key, region in keys.items():
            if self._blocks.get(key) is None:
                box = box_of(plane, region.row, region.rows, region.column, region.columns)
                self._ask(key, ReadTile(sight, box), partial(self._take_block, plane, region))

    def statistics(self, sight: Sight, box: NumberBox) -> Statistics | None:
        """Statistics of a box."""
        key = ("statistics", sight, box)
        found = self._counted.get(key)
        if found is None:
            self._ask(key, ReadStatistics(sight, box), self._take_statistics)
        return found

    def picture(self, request: ReadSummary) -> Blocks | None:
        """A summary, when it is held; others of its kind are not wanted any more."""
        key = ("picture", request.sight, request)
        found = self._pictures.get(key)
        if found is None:
            self._ask(key, request, self._take_picture)
        return found

    def finest_picture(self, requests: list[ReadSummary]) -> tuple[ReadSummary, Blocks] | None:
        """The last of some summaries that is held; those that are not are asked for in order."""
        held = [(one, found) for one in requests if (found := self.picture(one)) is not None]
        return held[-1] if held else None

    def drop_pictures(self, sight: Sight, kept: list[ReadSummary]) -> None:
        """Give up the pictures of a sight that are under way but for some."""
        self.asks.keep_only(
            lambda key: (
                not (isinstance(key, tuple) and key[:2] == ("picture", sight)) or key[2] in kept
            )
        )

    # What arrives.

    def _ask(self, key: Hashable, request: object, take: Any) -> None:
        if key in self._hopeless:
            return
        self.asks.ask(key, request, lambda answer: self._took(key, take, answer))

    def _took(self, key: Hashable, take: Any, answer: Any) -> None:
        if isinstance(answer, Failed):
            self._hopeless.add(key)
            self.failed.emit(answer)
            return
        try:
            take(key, answer)
        except (UnknownDtype, ValueError) as err:
            self._hopeless.add(key)
            self.failed.emit(Failed(str(err), "failed"))
            return
        self.arrived.emit()

    def _take_shape(self, key: Hashable, answer: SightShape) -> None:
        self._shapes.put(key, answer, 1)

    def _take_block(self, plane: Plane, region: Region, key: Hashable, tile: Tile) -> None:
        block = block_of(tile, plane, region)
        self._blocks.put(key, block, block.nbytes)

    def _take_statistics(self, key: Hashable, answer: Statistics) -> None:
        self._counted.put(key, answer, 1)

    def _take_picture(self, key: tuple[str, Sight, ReadSummary], answer: Summary) -> None:
        dtype = "<f8" if answer.dtype == "float64" else "<f4"
        values = np.frombuffer(answer.tail, dtype).reshape(answer.shape)
        exact = key[2].how != "sample" or key[2].block == (1, 1)
        self._pictures.put(key, Blocks(values, exact), len(answer.tail))


def _block_key(sight: Sight, plane: Plane, region: Region) -> tuple[object, ...]:
    box = box_of(plane, region.row, region.rows, region.column, region.columns)
    return ("block", sight, box, plane.dims)
