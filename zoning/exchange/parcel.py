"""A footprint on its way out: valid, in the coordinate system of the file that is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Kind = Literal["polygon", "line", "point"]
Path = NDArray[np.float64]
_KINDS: dict[str, Kind] = {"Polygon": "polygon", "LineString": "line", "LinearRing": "line", "Point": "point"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One footprint.

    Attributes
    ----------
    geometry
        Valid; polygons, lines or points; x is east or longitude.
    area_m2
        On the ellipsoid; None for lines and points.
    """

    id: str
    name: str
    geometry: BaseGeometry
    area_m2: float | None
    attributes: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """What it consists of."""
        return kind_of(self.geometry)

    def parts(self) -> Iterator[list[Path]]:
        """Yield every part as its paths, shape (n, 2): outline and holes (closed), a line, a point."""
        for part in shapely.get_parts(self.geometry):
            rings = shapely.get_rings(part) if self.kind == "polygon" else [part]
            yield [shapely.get_coordinates(ring) for ring in rings]


def kind_of(geometry: BaseGeometry) -> Kind:
    """Return the kind of the first part, whatever the coordinates."""
    return _KINDS[shapely.get_parts(geometry)[0].geom_type]
