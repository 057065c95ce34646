"""The one measuring plane: cylindrical equal-area on the ellipsoid of CGCS2000.

The shoelace area in it is the official ellipsoid area (椭球面积, TD/T 1055). It is stretched away from its parallel of
true scale, so lengths, buffers and nearest points are taken in the local frame (`zoning.overlay.frame`).
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, CRSMismatchError
from zoning.layers.datum import LonLat, parse_crs

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
T = TypeVar("T")

# The longest degree on the ellipsoid: a step in degrees is never longer than the step in metres.
_METRES_PER_DEGREE = 111_700.0
_MOST_KEPT = 64
_DEGREES = "+proj=unitconvert +xy_in=deg +xy_out=rad"


class MeasuringPlane:
    """Cylindrical equal-area plane with true scale on one parallel.

    Parameters
    ----------
    latitude
        Parallel of true scale, degrees: near the territories. Areas do not depend on it.
    longitude
        Where x is zero, degrees: only keeps the numbers small.
    """

    def __init__(self, latitude: float, longitude: float = 105.0) -> None:
        self.latitude = latitude
        self.longitude = longitude
        self._lonlat = LonLat()
        self._kept: dict[int, tuple[BaseGeometry, Any]] = {}

    @property
    def crs(self) -> str:
        """The plane as PROJ string."""
        return f"+proj=cea +ellps=GRS80 +lat_ts={self.latitude:g} +lon_0={self.longitude:g}"

    @cached_property
    def geod(self) -> Geod:
        """The ellipsoid for geodesic distances."""
        return Geod(ellps="GRS80")

    @cached_property
    def _project(self) -> Transformer:
        return Transformer.from_pipeline(f"+proj=pipeline +step {_DEGREES} +step {self.crs}")

    def same_as(self, other: "MeasuringPlane") -> None:
        """Do nothing when `other` is this plane.

        Raises
        ------
        CRSMismatchError
            When it is another: geometries of the two must not be combined.
        """
        if self.crs != other.crs:
            raise CRSMismatchError(
                f"两个几何在不同的量算平面中：{self.crs}；{other.crs}",
                f"two geometries lie in different measuring planes: {self.crs}; {other.crs}",
            )

    def to_plane(self, geometries: Sequence[BaseGeometry] | Geometries, crs: str, *, step_m: float) -> Geometries:
        """Densify in the own coordinate system, where the edges are straight, then project.

        Parameters
        ----------
        geometries
            (n,) with x east, y north; Z and M are left out.
        step_m
            Longest distance between vertices, metres. An edge of 850 m bends by less than 1 cm, of 85 m by 0.1 mm.

        Raises
        ------
        CRSError
            When `crs` cannot be converted to CGCS2000 exactly, or coordinates do not fit it.
        """
        flat = shapely.force_2d(np.asarray(geometries, dtype=object))
        step = step_m / _METRES_PER_DEGREE if parse_crs(crs).is_geographic else step_m
        dense = shapely.segmentize(flat, step)
        inverse = self._lonlat.transformer(crs)

        def project(xy: Floats) -> Floats:
            x, y = xy[:, 0], xy[:, 1]
            if inverse is not None:
                x, y = inverse.transform(x, y)
            return np.column_stack(self._project.transform(x, y))

        return _finite(_apply(dense, project), crs)

    def area_m2(self, geometry: BaseGeometry, crs: str, *, step_m: float) -> float:
        """Return the area of polygons as they are given, valid or not: loops that run the other way count negative.

        Raises
        ------
        CRSError
            When `crs` cannot be converted to CGCS2000 exactly, or coordinates do not fit it.
        """
        polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and not part.is_empty]
        rings, owners = shapely.get_rings(np.asarray(polygons, dtype=object), return_index=True)
        # Ring by ring: a polygon would be mended while it is densified.
        areas = np.asarray(shapely.area(shapely.polygons(self.to_plane(rings, crs, step_m=step_m))))
        shells = np.diff(owners, prepend=-1) > 0
        return float(areas[shells].sum() - areas[~shells].sum())

    def to_lonlat(self, geometries: Sequence[BaseGeometry] | Geometries) -> Geometries:
        """Return geometries of the plane as longitude and latitude in degrees, (n,)."""
        return _apply(np.asarray(geometries, dtype=object), self._unproject)

    def one_to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return one geometry of the plane as longitude and latitude in degrees."""
        found: BaseGeometry = self.to_lonlat([geometry])[0]
        return found

    def _unproject(self, xy: Floats) -> Floats:
        x, y = xy[:, 0], xy[:, 1]
        lon, lat = self._project.transform(x, y, direction="INVERSE")
        # PROJ's series for the way back is wrong by up to 1 mm; the way there is closed, so one step corrects it.
        error = self._project.transform(lon, lat)[1] - y
        lon, lat = self._project.transform(x, y - error, direction="INVERSE")
        return np.column_stack((lon, lat))

    def distance_m(self, one: Floats, other: Floats) -> float:
        """Return the geodesic distance of two points of the plane, each (2,)."""
        # Not corrected as in `to_lonlat`: both points are off by the same fraction of a millimetre.
        lon, lat = self._project.transform([one[0], other[0]], [one[1], other[1]], direction="INVERSE")
        return float(self.geod.inv(lon[0], lat[0], lon[1], lat[1])[2])

    def length_m(self, geometry: BaseGeometry) -> float:
        """Return the geodesic length of the lines of a geometry in the plane."""
        if geometry.is_empty:
            return 0.0
        return float(self.geod.geometry_length(self.one_to_lonlat(geometry)))

    def kept_for(self, geometry: BaseGeometry, make: Callable[[BaseGeometry], T]) -> T:
        """Return what `make` made of this very geometry object before, or makes now: layers share their coverage."""
        kept = self._kept.get(id(geometry))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            # The geometry is kept as well, so that its id stays its own.
            kept = self._kept[id(geometry)] = (geometry, make(geometry))
        found: T = kept[1]
        return found


def _apply(geometries: Geometries, function: Callable[[Floats], Floats]) -> Geometries:
    moved: Any = shapely.transform(geometries, function)
    return np.asarray(moved, dtype=object)


def _finite(geometries: Geometries, crs: str) -> Geometries:
    if np.isfinite(shapely.get_coordinates(geometries)).all():
        return geometries
    raise CRSError(
        f"有坐标超出坐标系“{crs[:60]}”的范围；请检查坐标系、带号和坐标顺序",
        f"coordinates lie outside of what '{crs[:60]}' can show; check coordinate system, zone and axis order",
    )
