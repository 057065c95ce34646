"""The quality report of one footprint: counts, faults, and its area before and after every repair."""

from collections import Counter
from dataclasses import dataclass
from math import floor

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.footprint import Footprint
from zoning.quality.crossings import check_ring
from zoning.quality.faults import DEFAULTS, Fault, Gathering, Parameters, Spot
from zoning.quality.kinds import KINDS, SEVERITIES, Severity
from zoning.quality.outline import Floats, Mask, Outline, is_geographic, metres_per_unit
from zoning.quality.parts import Geometries, check_roles, check_sizes
from zoning.quality.vertices import check_edges, without_duplicates, without_spikes
from zoning.quantities import format_area
from zoning.sites.site import Repair, Site
from zoning.texts import Text

_ZONE_BORDER, _ZONE_WIDTH = 1.5, 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """A repair with the area before and after it, m² on the ellipsoid; `area_before_m2` + change = `area_after_m2`."""

    kind: str
    count: int
    area_before_m2: float
    area_after_m2: float
    area_change_m2: float
    text: Text


@dataclass(frozen=True, slots=True)
class Counts:
    """What a footprint consists of.

    Attributes
    ----------
    rings
        Outlines and holes.
    vertices
        Without those that close a ring.
    """

    parts: int
    rings: int
    holes: int
    vertices: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The shape of a footprint, judged before anything is measured.

    Attributes
    ----------
    counts
        Faults by kind: all of them, also those that are not listed.
    """

    site: Site
    size: Counts
    faults: tuple[Fault, ...]
    counts: dict[str, int]

    @property
    def severity(self) -> Severity | None:
        """That of the worst fault."""
        return worst_of(self.faults)


@dataclass(frozen=True, slots=True)
class SiteQuality:
    """A footprint with everything that is wrong with it.

    Attributes
    ----------
    faults
        Worst first.
    counts
        Faults by kind, also those that are not listed.
    steps
        The repairs in the order in which they were made.
    area_before_m2, area_after_m2
        As the file draws it (loops that run the other way count negative), and as it is measured.
    plane_area_m2
        In the plane of its own coordinate system, after the repair; None for longitude and latitude.
    """

    site: Site
    size: Counts
    faults: tuple[Fault, ...]
    counts: dict[str, int]
    steps: tuple[Step, ...]
    area_before_m2: float
    area_after_m2: float
    plane_area_m2: float | None

    @property
    def severity(self) -> Severity | None:
        """That of the worst fault; None when there is none."""
        return worst_of(self.faults)

    @property
    def plane_excess_ppm(self) -> float | None:
        """By how many millionths the area in the plane is larger than that on the ellipsoid."""
        return None if self.plane_area_m2 is None else (self.plane_area_m2 / self.area_after_m2 - 1) * 1e6


def worst_of(faults: tuple[Fault, ...]) -> Severity | None:
    """Return the worst severity of some faults."""
    return next((severity for severity in SEVERITIES if any(fault.severity == severity for fault in faults)), None)


def quality_of(footprint: Footprint, parameters: Parameters = DEFAULTS) -> SiteQuality:
    """Judge one footprint; it is measured already, so it can be.

    Raises
    ------
    TangledError
        When a border crosses itself thousands of times.
    """
    site = footprint.site
    faults = Gathering()
    size = _judge(site, faults, parameters)
    _compare_stated(footprint, size, faults, parameters)
    _zones(footprint, faults)
    steps = _steps(footprint)
    listed = faults.faults(site.crs, geographic=is_geographic(site.crs))
    before = steps[0].area_before_m2 if steps else footprint.area_m2
    return SiteQuality(
        site, size, listed, dict(faults.counts), steps, before, footprint.area_m2, _plane_area(footprint)
    )


def drawn(site: Site, parameters: Parameters = DEFAULTS) -> Drawn:
    """Judge the shape of a footprint without measuring it.

    Raises
    ------
    TangledError
        When its border crosses itself thousands of times.
    """
    faults = Gathering()
    size = _judge(site, faults, parameters)
    return Drawn(site, size, faults.faults(site.crs, geographic=is_geographic(site.crs)), dict(faults.counts))


def _judge(site: Site, faults: Gathering, parameters: Parameters) -> Counts:
    parts = shapely.get_parts(shapely.force_2d(site.geometry))
    polygons = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
    _told_by_reader(site, faults)
    if len(polygons) == 0:
        return Counts(len(parts), 0, 0, int(shapely.get_num_coordinates(site.geometry)))
    outline = Outline.of(polygons, metres_per_unit(site.geometry, site.crs))
    _open_rings(site, outline, faults)
    size = Counts(len(parts), len(outline.part), int(outline.is_hole.sum()), len(outline.xy))
    distinct = without_duplicates(outline, faults)
    straight, flat = without_spikes(distinct, faults)
    check_edges(straight, flat, faults, parameters)
    broken = flat
    if not site.geometry.is_valid:
        broken = _broken(site, polygons, straight, flat, faults)
    check_sizes(straight, flat, broken, faults, parameters)
    return size


def _broken(site: Site, polygons: Geometries, outline: Outline, flat: Mask, faults: Gathering) -> Mask:
    """Say why a geometry is invalid; return which of its rings meet themselves or enclose nothing."""
    explained = faults.counts["spike"] > 0 or bool(flat.any())
    rings = np.array(
        [shapely.Polygon(_closable(outline.xy[outline.vertices_of(ring)])) for ring in range(len(flat))], dtype=object
    )
    broken: Mask = ~shapely.is_valid(rings) | flat
    for ring in np.flatnonzero(broken & ~flat).tolist():
        explained |= check_ring(outline, ring, faults)
    explained |= check_roles(polygons, outline, rings, broken, faults)
    if not explained:
        x, y = _where_invalid(site.geometry)
        faults.add("invalid", Text("图形不符合拓扑规则", "the geometry is not valid"), (Spot(x, y),))
    return broken


def _closable(xy: Floats) -> Floats:
    # A ring of one or two points is no polygon to shapely; three are needed, the same ones will do.
    return xy if len(xy) >= 3 else np.vstack([xy, xy[[0, 0]]])  # noqa: PLR2004 - three corners make a ring


def _where_invalid(geometry: BaseGeometry) -> tuple[float, float]:
    reason = shapely.is_valid_reason(geometry)
    numbers = reason.rpartition("[")[2].rstrip("]").split()
    try:
        x, y = (float(number) for number in numbers)
    except ValueError:
        x, y = shapely.get_coordinates(geometry)[0].tolist()
    return x, y


def _told_by_reader(site: Site, faults: Gathering) -> None:
    kinds = {"z-dropped": "heights", "curve-to-line": "curves", "ring-roles": "ring-roles"}
    for repair in site.repairs:
        if repair.kind in kinds:
            faults.add(kinds[repair.kind], repair.text)


def _open_rings(site: Site, outline: Outline, faults: Gathering) -> None:
    """Report the rings that the reader closed; which ones is known where it closed all of them."""
    closed = sum(repair.count for repair in site.repairs if repair.kind == "closed-ring")
    if closed == 0:
        return
    rings = len(outline.part)
    if closed != rings:
        text = Text(f"{closed} 个圈的终点与起点不是同一点", f"{closed} rings do not end where they began")
        faults.add("open-ring", text)
        return
    for ring in faults.each("open-ring", range(rings)):
        spot, last = outline.ring_spot(ring), outline.spot(outline.vertices_of(ring).stop - 1)
        text = Text(
            f"第 {ring + 1} 圈的最后一点（第 {last.vertex} 点）没有回到第 1 点",
            f"ring {ring + 1} ends at vertex {last.vertex} and does not return to vertex 1",
        )
        faults.keep("open-ring", text, (spot, last))


def _compare_stated(footprint: Footprint, size: Counts, faults: Gathering, parameters: Parameters) -> None:
    site, area = footprint.site, footprint.area_m2
    if site.stated_area_m2 is not None and site.stated_area_m2 > 0:
        off = site.stated_area_m2 / area - 1
        if abs(off) > parameters.stated_share:
            stated, found = format_area(site.stated_area_m2), format_area(area)
            text = Text(
                f"标注 {stated.zh}，按坐标计算为 {found.zh}，相差 {abs(off):.1%}",
                f"stated {stated.en}, by the coordinates {found.en}: {abs(off):.1%} apart",
            )
            faults.add("stated-area", text, amount=round(site.stated_area_m2 - area, 4))
    if site.stated_points is not None and site.stated_points != size.vertices:
        text = Text(
            f"标注界址点 {site.stated_points} 个，实有 {size.vertices} 个",
            f"{site.stated_points} vertices are stated, there are {size.vertices}",
        )
        faults.add("stated-points", text)


def _zones(footprint: Footprint, faults: Gathering) -> None:
    west, _, east, _ = footprint.lonlat.bounds
    border = floor((east - _ZONE_BORDER) / _ZONE_WIDTH) * _ZONE_WIDTH + _ZONE_BORDER
    if west < border < east:
        text = Text(
            f"范围跨越 3° 带的分带线 {border:g}°E；面积在椭球面上计算，不受影响",
            f"it crosses {border:g}°E, the border of two 3° zones; the area is that of the ellipsoid either way",
        )
        faults.add("two-zones", text)


def _steps(footprint: Footprint) -> tuple[Step, ...]:
    """Return all repairs, those of the reader first, each with the area before and after it."""
    repairs: tuple[Repair, ...] = (*footprint.site.repairs, *footprint.repairs)
    area = footprint.area_m2 - sum(repair.area_change_m2 for repair in repairs)
    steps = []
    for repair in repairs:
        after = area + repair.area_change_m2
        steps.append(Step(repair.kind, repair.count, area, after, repair.area_change_m2, repair.text))
        area = after
    return tuple(steps)


def _plane_area(footprint: Footprint) -> float | None:
    site = footprint.site
    if is_geographic(site.crs) or site.width_m is not None:
        return None
    return float(footprint.own.area)


def titles_of(counts: dict[str, int]) -> Text:
    """Name kinds of faults with their counts.

    >>> titles_of({"spike": 1, "self-crossing": 2}).zh
    '自相交 2 处、尖刺 1 处'
    """
    present = [(KINDS[kind].title, Counter(counts)[kind]) for kind in KINDS if counts.get(kind)]
    return Text(
        "、".join(f"{title.zh} {count} 处" for title, count in present),
        ", ".join(f"{title.en} × {count}" if count > 1 else title.en for title, count in present),
    )
