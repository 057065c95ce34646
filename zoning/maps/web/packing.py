"""Zones of one layer as the page carries them: figures from the engine, shapes inside the page or as vector tiles."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.maps.scene import SceneLayer
from zoning.maps.sheet import label_place
from zoning.maps.web.shapes import boxes_of, parts_of, simplified, vertices
from zoning.maps.web.tiles import make_tiles

MOST_ZONES = 5_000
MOST_VERTICES = 400_000
"""A layer with more goes to the page as vector tiles: a browser draws them as they come into view."""

_BYTES_INLINE, _BYTES_TILED, _BYTES_FIGURES = 9, 6, 40
"""Of a vertex in the page, of a vertex in tiles of several zooms, of the figures of a zone: measured, rounded up."""

Kind = Literal["inline", "tiles"]


@dataclass(frozen=True, slots=True)
class Packed:
    """One layer, packed.

    Attributes
    ----------
    zones
        Columns, all in the order of the zones; of a tiled layer deflated and in base64, for they are long.
    tiles
        PMTiles archive in base64.
    vertices
        How many are drawn.
    """

    kind: Kind
    zones: dict[str, Any]
    packed: str | None = None
    tiles: str | None = None
    vertices: int = 0


@dataclass(frozen=True, slots=True)
class Shapes:
    """The zones of a layer as they will be drawn, and how many bytes of the page they will take, roughly."""

    found: SceneLayer
    drawn: NDArray[np.object_]

    @classmethod
    def of(cls, found: SceneLayer, *, tolerance_m: float) -> "Shapes":
        """Simplify the zones of a layer; see `zoning.maps.web.shapes.simplified`."""
        lines = found.layer.geometry == "line"
        return cls(found, simplified([zone.geometry for zone in found.zones], tolerance_m=tolerance_m, lines=lines))

    @property
    def are_many(self) -> bool:
        """Whether they are too many to go into the page as they are."""
        if self.found.layer.geometry == "line":
            return False
        return len(self.drawn) > MOST_ZONES or vertices(self.drawn) > MOST_VERTICES

    @property
    def size(self) -> int:
        """Return bytes."""
        each = _BYTES_TILED if self.are_many else _BYTES_INLINE
        return vertices(self.drawn) * each + len(self.drawn) * _BYTES_FIGURES


def pack(ready: Shapes, *, label: str) -> Packed:
    """Return the zones of a layer.

    Parameters
    ----------
    label
        What is written into the zones: `none`, `name` or `code`.

    Raises
    ------
    TilesError
        When the tiles of a large layer cannot be made.
    """
    found, shapes = ready.found, ready.drawn
    if ready.are_many:
        archive = make_tiles(shapes, _classes(found))
        if archive is not None:
            columns = _columns(found, label)
            columns["boxes"] = _deltas(boxes_of(shapes))
            return Packed("tiles", {}, _deflated(columns), _encoded(archive), vertices(shapes))
    columns = _columns(found, label)
    columns["shapes"] = [parts_of(shape) for shape in shapes]
    return Packed("inline", columns, vertices=vertices(shapes))


def _columns(found: SceneLayer, label: str) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "ids": [zone.id for zone in found.zones],
        "names": [zone.name for zone in found.zones],
        "classes": _classes(found),
        # As the engine measured them, to the last digit: the page only rounds them for display.
        "m2": [zone.area_m2 for zone in found.zones],
        "attributes": {name: _attribute(found, name) for name in found.layer.attributes},
    }
    if label != "none":
        columns["labels"] = [_label(zone.geometry) for zone in found.zones]
    columns["attributes"] = {name: values for name, values in columns["attributes"].items() if any(values)}
    return columns


def _classes(found: SceneLayer) -> list[int]:
    numbers = {name: number for number, name in enumerate(found.drawn_classes)}
    return [numbers[zone.class_id] for zone in found.zones]


def _attribute(found: SceneLayer, name: str) -> list[str]:
    return [(zone.attributes or {}).get(name, "") for zone in found.zones]


def _label(geometry: BaseGeometry) -> list[float]:
    (lat, lon), (high, wide) = label_place(geometry)
    return [lon, lat, wide, high]


def _deltas(boxes: NDArray[np.int32]) -> list[list[int]]:
    # Column by column, each as steps from zone to zone: short numbers that deflate well.
    return [np.diff(column.astype(np.int64), prepend=0).tolist() for column in boxes.T]


def _deflated(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _encoded(zlib.compress(text.encode("utf-8"), 9))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
