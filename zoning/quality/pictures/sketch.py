"""What is drawn of a footprint, in true metres around one point, with few enough vertices to draw."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.footprint import Footprint
from zoning.quality.faults import Fault
from zoning.quality.inspection import Inspected
from zoning.quality.kinds import ORDER, SEVERITIES
from zoning.quality.outline import Floats, is_geographic, metres_per_unit
from zoning.quality.site_quality import SiteQuality

_Numbered = tuple[Fault, int, BaseGeometry | None]

_MANY = 4_000
_FINEST = 4_000  # of the whole picture: finer is not seen
_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Local:
    """The way from the coordinates of the file to metres around one point."""

    origin: Floats
    metres: Floats
    geographic: bool

    @classmethod
    def of(cls, footprints: Sequence[Footprint]) -> "Local":
        """Return it for the footprints of one file."""
        box = shapely.box(*shapely.total_bounds([footprint.site.geometry for footprint in footprints]))
        crs = footprints[0].site.crs
        west, south, *_ = box.bounds
        return cls(np.array([west, south]), metres_per_unit(box, crs), is_geographic(crs))

    def to(self, xy: Floats) -> Floats:
        """Return coordinates (n, 2) of the file in metres."""
        return (xy - self.origin) * self.metres

    def back(self, uv: Floats) -> Floats:
        """Return metres as coordinates of the file."""
        return uv / self.metres + self.origin

    def geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in metres."""
        moved: BaseGeometry = shapely.transform(shapely.force_2d(geometry), self.to)
        return moved


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring or line as it was drawn: its vertices (n, 2) in metres, the first not repeated."""

    xy: Floats
    number: int
    is_hole: bool
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Sketch:
    """One footprint.

    Attributes
    ----------
    after
        As it is measured, of points and lines the band.
    rings
        As they were drawn, all vertices.
    changed
        Some of what was drawn is no longer border after the repair.
    """

    quality: SiteQuality
    after: BaseGeometry
    rings: tuple[Ring, ...]
    changed: bool

    @property
    def name(self) -> str:
        """The name of the footprint."""
        return self.quality.site.name


@dataclass(frozen=True, slots=True)
class Mark:
    """A fault with its number in the picture; `at` (2,) in metres, None where it has no place."""

    number: int
    fault: Fault
    at: Floats | None
    footprint: int
    more: tuple[tuple[float, float], ...] = ()
    piece: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything of one picture.

    Attributes
    ----------
    shared
        What footprints have in common, in metres.
    left_out
        Faults that bear no number.
    """

    local: Local
    sketches: tuple[Sketch, ...]
    marks: tuple[Mark, ...]
    shared: tuple[BaseGeometry, ...]
    left_out: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        xy = np.concatenate([ring.xy for sketch in self.sketches for ring in sketch.rings])
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @property
    def vertices(self) -> int:
        """How many vertices there are."""
        return sum(len(ring.xy) for sketch in self.sketches for ring in sketch.rings)


def scene_of(inspected: Inspected, *, only: int | None = None, most: int = 12) -> Scene:
    """Return the picture of a file, or of one of its footprints.

    Parameters
    ----------
    most
        How many faults get a number.
    """
    numbers = range(len(inspected.footprints)) if only is None else [only]
    footprints = [inspected.footprints[n] for n in numbers]
    local = Local.of(footprints)
    qualities = [inspected.qualities[n] for n in numbers]
    sketches = tuple(
        _sketch(footprint, quality, local) for footprint, quality in zip(footprints, qualities, strict=True)
    )
    found: list[_Numbered] = [(fault, n, None) for n, quality in enumerate(qualities) for fault in quality.faults]
    total = sum(sum(quality.counts.values()) for quality in qualities)
    shared: tuple[BaseGeometry, ...] = ()
    if only is None:
        pairs = inspected.overlaps.pairs
        shared = tuple(local.geometry(pair.piece) for pair in pairs)
        found += [(pair.fault, pair.first, piece) for pair, piece in zip(pairs, shared, strict=True)]
        total += sum(inspected.overlaps.counts.values())
    marks = _marks(found, local, most)
    return Scene(local, sketches, marks, shared, total - len(marks))


def _sketch(footprint: Footprint, quality: SiteQuality, local: Local) -> Sketch:
    site = footprint.site
    drawn = local.geometry(site.geometry)
    after = drawn.buffer(site.width_m / 2) if site.width_m is not None else local.geometry(footprint.own)
    changed = site.width_m is None and not site.geometry.is_valid and _has_left(drawn, after)
    return Sketch(quality, after, tuple(_rings(drawn)), changed)


def _has_left(drawn: BaseGeometry, after: BaseGeometry) -> bool:
    """Tell whether some edge that was drawn is no border any more."""
    near = max(after.length * 1e-7, 1e-4)
    border = after.boundary
    shapely.prepare(border)
    for ring in shapely.get_rings(shapely.get_parts(drawn)):
        xy = shapely.get_coordinates(ring)
        shares = (0.25, 0.5, 0.75) if len(xy) <= _MANY else (0.5,)
        middles = np.concatenate([xy[:-1] + share * np.diff(xy, axis=0) for share in shares])
        if not shapely.dwithin(border, shapely.points(middles), near).all():
            return True
    return False


def _rings(geometry: BaseGeometry) -> Iterator[Ring]:
    number = 0
    for part in _leaves(geometry):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for place, ring in enumerate(rings):
            number += 1
            xy = shapely.get_coordinates(ring)
            closed = part.geom_type == "Polygon"
            yield Ring(xy[:-1] if closed else xy, number, is_hole=place > 0, closed=closed)


def _leaves(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    waiting = [geometry]
    while waiting:
        part = waiting.pop(0)
        if hasattr(part, "geoms"):
            waiting[:0] = part.geoms
        elif not part.is_empty:
            yield part


def _marks(found: "Sequence[_Numbered]", local: Local, most: int) -> tuple[Mark, ...]:
    """Give numbers to the worst faults, to a few of every kind before more of one kind."""
    worst = list(SEVERITIES)
    seen: dict[str, int] = {}
    ranked = []
    for row, (fault, footprint, _) in enumerate(found):
        seen[fault.kind] = seen.get(fault.kind, 0) + 1
        late = seen[fault.kind] > _OF_A_KIND
        ranked.append((late, worst.index(fault.severity), ORDER[fault.kind], footprint, row))
    listed = sorted(sorted(ranked)[:most], key=lambda row: row[1:])
    return tuple(_mark(number, *found[row[-1]], local) for number, row in enumerate(listed, start=1))


def _mark(number: int, fault: Fault, footprint: int, piece: BaseGeometry | None, local: Local) -> Mark:
    xy = local.to(np.array([(place.x, place.y) for place in fault.places]).reshape(-1, 2))
    more = tuple((float(x), float(y)) for x, y in xy[1:].tolist())
    return Mark(number, fault, xy[0] if len(xy) else None, footprint, more, piece)


def lighter(geometry: BaseGeometry, window: tuple[float, float, float, float]) -> BaseGeometry:
    """Return what of a geometry can be seen in a window (west, south, east, north): a bit more than lies in it.

    Of a polygon with few vertices nothing is left out.
    """
    if shapely.get_num_coordinates(geometry) <= _MANY:
        return geometry
    west, south, east, north = window
    extent = max(east - west, north - south)
    rim = extent / 10
    cut = shapely.clip_by_rect(geometry, west - rim, south - rim, east + rim, north + rim)
    simple: BaseGeometry = shapely.simplify(cut, extent / _FINEST, preserve_topology=False)
    return cut if simple.is_empty else simple
