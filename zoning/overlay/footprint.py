"""The footprint in the measuring plane: what every layer is measured against."""

from dataclasses import dataclass, field
from math import hypot, pi, sqrt
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import SiteError, TangledError
from zoning.layers.datum import parse_crs
from zoning.overlay import beside, robust
from zoning.overlay.frame import LocalFrame
from zoning.overlay.origin import Origin
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import Repaired, polygonal, repair_lines, repair_polygons
from zoning.sites.site import Repair, Site

STEP_M = 10.0
"""Longest distance between vertices of a site, that of the official formula: edges bend by less than 0.01 mm."""

MAX_VERTICES = 20_000
"""Very long borders get longer steps instead of more vertices: 85 m, sagitta 0.1 mm, is reached at 1,700 km."""

_ARC = 16  # segments per quarter circle: a buffer is short of its distance by 0.1 % at most
_CIRCLE = 64  # the same for a point with a width: its area is short by 0.01 %
_ROUNDING_M = 1e-6
_COARSE_ARC = 2
_SPRAWLING = 4
_STRAIGHT_M = 0.0005  # the vertices of densified edges slow buffers down and change nothing
_EDGE_M = 250.0  # edges of buffers bend by less than 1 mm between frame and plane
_NOTHING = shapely.Polygon()


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """A site in the measuring plane, or the part of it in one territory.

    Attributes
    ----------
    geometry
        Valid Polygon or MultiPolygon in the measuring plane.
    lonlat
        The same in longitude and latitude.
    area_m2
        Area on the ellipsoid.
    repairs
        What had to be done to make it valid; the reader's repairs are in `site.repairs`.
    frame
        True metres around the site.
    within
        The territory that the footprint is a part of, in the measuring plane.
    """

    site: Site
    plane: MeasuringPlane
    geometry: BaseGeometry
    lonlat: BaseGeometry
    area_m2: float
    repairs: tuple[Repair, ...]
    frame: LocalFrame
    within: BaseGeometry | None = None
    whole: "Footprint | None" = None
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, plane: MeasuringPlane) -> "Footprint":
        """Bring a site into the measuring plane: repaired, densified in its own coordinate system, projected.

        Raises
        ------
        SiteError
            When nothing of it has an area: points and lines without a width, collapsed polygons; when its border is a
            tangle.
        CRSError
            When its coordinate system has no exact way to CGCS2000, or its coordinates do not fit it.
        """
        try:
            own, repaired = _areal(site, plane)
        except TangledError as error:
            raise _tangled(site, error) from error
        if repaired.geometry.is_empty or repaired.geometry.area <= 0:
            raise _no_area(site)
        geometry = repaired.geometry
        x, y = _middle(geometry)
        frame = LocalFrame.at(plane, x, y)
        lonlat = plane.one_to_lonlat(geometry)
        shapely.prepare(geometry)
        kept: dict[tuple[Any, ...], Any] = {("own",): own}
        return cls(site, plane, geometry, lonlat, float(geometry.area), repaired.repairs, frame, _kept=kept)

    @property
    def own(self) -> BaseGeometry:
        """The whole site in its own coordinate system as it is measured: valid polygons; points and lines as drawn."""
        found: BaseGeometry = self._kept[("own",)] if self.whole is None else self.whole.own
        return found

    @property
    def is_part(self) -> bool:
        """Whether something of the site lies outside the territory that this is the part in."""
        return self.whole is not None and self.area_m2 < self.whole.area_m2

    def part(self, within: BaseGeometry | None) -> "Footprint | None":
        """Return the part of the site in a territory (its polygon in the measuring plane); None when there is none."""
        if within is None:
            return self
        key = ("part", id(within))
        if key not in self._kept:
            # The territory is kept beside its part: its id stays its own.
            self._kept[key] = (self._cut(within), within)
        found: Footprint | None = self._kept[key][0]
        return found

    def _cut(self, within: BaseGeometry) -> "Footprint | None":
        if shapely.covers(within, self.geometry):
            geometry = self.geometry
        else:
            common = robust.intersection(self.near, self.origin.near(within), self.origin.grid_m)
            geometry = self.origin.back(polygonal(common))
        if geometry.is_empty or geometry.area <= 0:
            return None
        shapely.prepare(geometry)
        lonlat = self.plane.one_to_lonlat(geometry)
        area = float(geometry.area)
        return Footprint(self.site, self.plane, geometry, lonlat, area, self.repairs, self.frame, within, self)

    def grown(self, metres: float) -> BaseGeometry:
        """Return the footprint grown by true metres.

        A part grows neither into the rest of its site nor out of its territory.
        """
        return self._buffered(metres)

    def shrunk(self, metres: float) -> BaseGeometry:
        """Return the footprint shrunk by true metres, empty when nothing is left; the cut of a part is no border."""
        if self.whole is not None and metres > 0:
            key = ("shrunk", metres)
            if key not in self._kept:
                left = polygonal(robust.intersection(self.near_of(self.whole.shrunk(metres)), self.near))
                self._kept[key] = _ready(self.origin.back(left))
            part: BaseGeometry = self._kept[key]
            return part
        return self._buffered(-metres)

    def _buffered(self, metres: float) -> BaseGeometry:
        if metres == 0:
            return self.geometry
        key = ("buffered", metres)
        if key not in self._kept:
            # No circle of this size fits into the footprint: nothing can be left.
            vanished = -metres > sqrt(self.area_m2 / pi) + 0.01
            local = _NOTHING if vanished else self._outline.buffer(metres, quad_segs=_ARC)
            plane = _NOTHING if local.is_empty else self.frame.to_plane([shapely.segmentize(local, _EDGE_M)])[0]
            self._kept[key] = _ready(self._clip_growth(plane) if metres > 0 else plane)
        found: BaseGeometry = self._kept[key]
        return found

    def _clip_growth(self, grown: BaseGeometry) -> BaseGeometry:
        if self.whole is None or self.within is None:
            return grown
        grid = self.origin.grid_m
        own = robust.difference(self.origin.near(grown), self._rest(self.whole), grid)
        # A territory that ends with the site says nothing about the land around it. The corners of an intersection lie
        # on the border only within rounding.
        reaches_out = not self.whole.geometry.buffer(_ROUNDING_M).covers(self.within)
        if reaches_out:
            own = robust.intersection(own, self.near_of(self.within), grid)
        return self.origin.back(polygonal(own))

    def _rest(self, whole: "Footprint") -> BaseGeometry:
        """Return the site without this part, seen from the origin."""
        if ("rest",) not in self._kept:
            self._kept["rest",] = polygonal(robust.difference(whole.near, self.near, self.origin.grid_m))
        found: BaseGeometry = self._kept["rest",]
        return found

    @property
    def origin(self) -> Origin:
        """From where its overlays are taken: the same for the whole site and for every part of it."""
        whole = self.whole or self
        return Origin.beside(self.frame.x, self.frame.y, whole.radius_m)

    @property
    def near(self) -> BaseGeometry:
        """The footprint as it is seen from its origin."""
        return self.near_of(self.geometry)

    def near_of(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of the plane as it is seen from the origin; kept, since it will be asked for again."""
        key = ("near", id(geometry))
        if key not in self._kept:
            # The geometry is kept beside it: its id stays its own.
            self._kept[key] = (self.origin.near(geometry), geometry)
        found: BaseGeometry = self._kept[key][0]
        return found

    @property
    def radius_m(self) -> float:
        """How far the site reaches from the point of its frame: parts of one site can lie 40 km apart."""
        west, south, east, north = self.geometry.bounds
        corners = hypot(max(self.frame.x - west, east - self.frame.x), max(self.frame.y - south, north - self.frame.y))
        return corners * max(self.frame.stretch, 1 / self.frame.stretch)

    def reach(self, metres: float) -> tuple[float, float]:
        """Return width and height in the measuring plane that hold everything within true metres of the footprint."""
        return self.frame.reach(metres, self.radius_m)

    def box(self, metres: float) -> tuple[float, float, float, float]:
        """Return the box of the plane (west, south, east, north) that holds everything within true metres of it."""
        wide, high = self.reach(metres)
        west, south, east, north = self.geometry.bounds
        return west - wide, south - high, east + wide, north + high

    def surroundings(self, metres: float) -> BaseGeometry:
        """Return a polygon of the plane that holds everything within true metres, and not much more; prepared."""
        key = ("surroundings", metres)
        if key not in self._kept:
            box = shapely.box(*self.box(2 * metres))
            # A road of 80 km leaves most of its box alone. The corners of this arc lie 1.8 times the metres away.
            wide = box.area > _SPRAWLING * (self.area_m2 + 2 * metres * self.geometry.length)
            self._kept[key] = _ready(self._around(2 * metres) if wide else box)
        found: BaseGeometry = self._kept[key]
        return found

    def _around(self, metres: float) -> BaseGeometry:
        band = self._outline.buffer(metres, quad_segs=_COARSE_ARC)
        found: BaseGeometry = self.frame.to_plane([shapely.segmentize(band, _EDGE_M)])[0]
        return found

    @property
    def local(self) -> BaseGeometry:
        """The footprint in the frame: true metres."""
        if ("local",) not in self._kept:
            self._kept[("local",)] = self.frame.to_frame([self.geometry])[0]
        found: BaseGeometry = self._kept[("local",)]
        return found

    @property
    def _outline(self) -> BaseGeometry:
        if ("outline",) not in self._kept:
            self._kept[("outline",)] = shapely.simplify(self.local, _STRAIGHT_M)
        found: BaseGeometry = self._kept[("outline",)]
        return found

    def kept(self, key: tuple[Any, ...]) -> Any:
        """Return what was kept under a key, None when nothing was."""
        return self._kept.get(key)

    def keep(self, key: tuple[Any, ...], value: Any) -> None:
        """Keep something that other layers will ask for again."""
        self._kept[key] = value


def _ready(geometry: BaseGeometry) -> BaseGeometry:
    shapely.prepare(geometry)
    return geometry


def _middle(geometry: BaseGeometry) -> tuple[float, float]:
    west, south, east, north = geometry.bounds
    return (west + east) / 2, (south + north) / 2


def _areal(site: Site, plane: MeasuringPlane) -> tuple[BaseGeometry, Repaired]:
    """Return the site as repaired polygons in the plane: polygons as they are, points and lines with their width.

    Before them its own coordinates, repaired.
    """
    step = _step_m(site)

    def project(geometry: BaseGeometry) -> BaseGeometry:
        found: BaseGeometry = plane.to_plane([geometry], site.crs, step_m=step)[0]
        return found

    def area(geometry: BaseGeometry) -> float:
        return plane.area_m2(geometry, site.crs, step_m=step)

    kinds = {part.geom_type for part in _leaves(site.geometry)}
    if kinds <= {"Polygon"}:
        repaired = repair_polygons(site.geometry, area)
        return repaired.geometry, Repaired(_valid(project(repaired.geometry)), repaired.repairs)
    if site.width_m is None or site.width_m <= 0:
        raise _no_width(site)
    thin = [part for part in _leaves(site.geometry) if part.geom_type != "Polygon"]
    repaired = repair_lines(shapely.GeometryCollection(thin), area)
    bands = _bands(project(repaired.geometry), site.width_m, plane)
    polygons = repair_polygons(site.geometry, area)
    whole = bands if polygons.geometry.is_empty else beside.union([bands, project(polygons.geometry)])
    return site.geometry, Repaired(polygonal(whole), (*repaired.repairs, *polygons.repairs))


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    # Two edges a few nanometres apart can cross when they are projected.
    return geometry if geometry.is_valid else polygonal(shapely.make_valid(geometry))


def _bands(lines: BaseGeometry, width_m: float, plane: MeasuringPlane) -> BaseGeometry:
    """Return points and lines of the plane with a width in true metres, each in its own frame."""
    bands = []
    for part in _leaves(lines):
        frame = LocalFrame.at(plane, *_middle(part))
        arc = _CIRCLE if part.geom_type == "Point" else _ARC
        band = frame.to_frame([part])[0].buffer(width_m / 2, quad_segs=arc)
        bands.append(frame.to_plane([shapely.segmentize(band, _EDGE_M)])[0])
    return beside.union(bands)


def _leaves(geometry: BaseGeometry) -> list[BaseGeometry]:
    parts = [geometry]
    while any(hasattr(part, "geoms") for part in parts):
        parts = [leaf for part in parts for leaf in (part.geoms if hasattr(part, "geoms") else [part])]
    return [part for part in parts if not part.is_empty]


def _step_m(site: Site) -> float:
    length = float(site.geometry.length)
    if parse_crs(site.crs).is_geographic:
        length *= 111_700.0
    return max(STEP_M, length / MAX_VERTICES)


def _tangled(site: Site, error: TangledError) -> SiteError:
    return SiteError(
        f"{site.source}：地块“{site.name}”{error.text.zh}", f"{site.source}: footprint '{site.name}': {error.text.en}"
    )


def _no_area(site: Site) -> SiteError:
    return SiteError(
        f"{site.source}：地块“{site.name}”面积为零；须为有面积的多边形；请检查界址点是否重合或共线",
        f"{site.source}: footprint '{site.name}' has no area; a polygon with an area is needed; "
        "check for vertices that coincide or lie on one line",
    )


def _no_width(site: Site) -> SiteError:
    return SiteError(
        f"{site.source}：地块“{site.name}”是点或线，没有面积；请用 --width 写明宽度（如 20 m）",
        f"{site.source}: footprint '{site.name}' is a point or a line and has no area; state its width (such as 20 m)",
    )


def window(footprint: Footprint, margin_m: float) -> tuple[float, float, float, float]:
    """Return the lon/lat box that holds everything within `margin_m` of the footprint."""
    box = shapely.box(*footprint.box(margin_m))
    found: tuple[float, float, float, float] = footprint.plane.one_to_lonlat(box).bounds
    return found
