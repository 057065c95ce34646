"""The plane of a printed map: Gauss-Krüger on CGCS2000, the 3-degree zone of the frame's centre."""

from dataclasses import dataclass
from functools import cached_property
from math import degrees, radians, sin
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError
from zoning.exchange.zone_choice import zone_at
from zoning.sites.crs.zones import ZONES_3, zone_3_code

if TYPE_CHECKING:
    from pyproj import Transformer

_LONLAT = "EPSG:4490"
_STEP_DEG = 0.005
"""Edges are straight in longitude and latitude; pieces of some 500 m bend by less than 3 mm on the ground."""


@dataclass(frozen=True, slots=True)
class GroundPoint:
    """Easting (with the number of the zone in front) and northing, metres."""

    east: float
    north: float


@dataclass(frozen=True)
class Projection:
    """One 3-degree zone."""

    zone: int

    @classmethod
    def around(cls, lon: float) -> "Projection":
        """Return the zone of a longitude.

        Raises
        ------
        CRSError
            Where CGCS2000 has no zone.
        """
        zone = zone_at(lon)
        if zone not in ZONES_3:
            raise CRSError(
                f"经度 {lon:.2f}° 不在 CGCS2000 3 度带的范围（73.5° 至 136.5°）内，不能按高斯投影出图",
                f"longitude {lon:.2f}° lies outside of the 3-degree zones of CGCS2000 (73.5° to 136.5°): "
                "no Gauss-Krüger map can be drawn",
            )
        return cls(zone)

    @property
    def meridian(self) -> int:
        """The central meridian, degrees."""
        return self.zone * 3

    @property
    def crs(self) -> str:
        """The system of the printed coordinates: eastings begin with the number of the zone."""
        return zone_3_code(self.zone, prefixed=True)

    @cached_property
    def _transformer(self) -> "Transformer":
        from pyproj import Transformer

        return Transformer.from_crs(_LONLAT, self.crs, always_xy=True)

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of longitude and latitude in metres, its edges bent as they run on the ground."""
        dense = shapely.segmentize(shapely.force_2d(geometry), _STEP_DEG)
        moved: BaseGeometry = shapely.transform(dense, lambda xy: np.column_stack(self._transformer.transform(*xy.T)))
        return moved

    def point(self, lon: float, lat: float) -> GroundPoint:
        """Return a place in metres."""
        east, north = self._transformer.transform(lon, lat)
        return GroundPoint(float(east), float(north))

    def lonlat(self, east: float, north: float) -> tuple[float, float]:
        """Return longitude and latitude of a place."""
        lon, lat = self._transformer.transform(east, north, direction="INVERSE")
        return float(lon), float(lat)

    def factors(self, lon: float, lat: float) -> Any:
        """Return what PROJ knows of the projection at a place (scale, convergence)."""
        from pyproj import Proj

        return Proj(self.crs).get_factors(lon, lat)

    def scale_error(self, lon: float, lat: float) -> float:
        """Return by which share lengths are drawn too long at a place."""
        return float(self.factors(lon, lat).meridional_scale) - 1.0

    def convergence(self, lon: float, lat: float) -> float:
        """Return how far grid north lies east of true north at a place, degrees (first term; exact to 0.001°)."""
        return degrees(radians(lon - self.meridian) * sin(radians(lat)))


class Projected:
    """Geometries in the plane of a projection; each is projected once, however many sheets are tried.

    Parameters
    ----------
    projection
        The plane of all of them.
    """

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        # The geometries are kept as well, so that their ids stay their own.
        self._whole: dict[int, tuple[BaseGeometry, BaseGeometry]] = {}
        self._simple: dict[tuple[int, float], BaseGeometry] = {}

    def whole(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of longitude and latitude in metres."""
        if id(geometry) not in self._whole:
            self._whole[id(geometry)] = (geometry, self.projection.project(geometry))
        return self._whole[id(geometry)][1]

    def simple(self, geometry: BaseGeometry, tolerance_m: float) -> BaseGeometry:
        """Return it without the corners that lie within the tolerance of a line; no part gets lost."""
        key = (id(geometry), tolerance_m)
        if key not in self._simple:
            self._simple[key] = shapely.simplify(self.whole(geometry), tolerance_m, preserve_topology=True)
        return self._simple[key]
