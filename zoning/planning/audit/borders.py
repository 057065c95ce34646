"""Borders of two sides that are meant to be one: of neighbouring territories, and of layers drawn on each other."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from math import atan2, cos, degrees, hypot, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.beside import union
from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import Geometries
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Neighbours, SharedBorders
from zoning.planning.audit.samples import Floats, Numbers, Samples, Segments, samples_of
from zoning.planning.audit.scene import AuditLayer, Scene
from zoning.planning.audit.shift import Shift, estimate_shift
from zoning.quantities import format_share
from zoning.texts import Text

_STEP_M = 10.0
_PARALLEL = cos(radians(20.0))
_SHORTEST_M = 30.0
_ACROSS = 0.5
_APART_M = 1.0  # a union is not where its zones are by much less
_QUARTERS = (
    Text("北", "north"), Text("东北", "north-east"), Text("东", "east"), Text("东南", "south-east"),
    Text("南", "south"), Text("西南", "south-west"), Text("西", "west"), Text("西北", "north-west"),
)  # fmt: skip


def own_border_findings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    """Yield where the zones of one territory and those of its neighbour have different common borders."""
    owners = [_owner(scene, shape) for shape in layer.shapes]
    codes = dict.fromkeys(owner for owner in owners if owner is not None)
    zones = {code: layer.shapes[[owner == code for owner in owners]] for code in codes}
    side = cache(lambda code: union(zones[code]))
    for one, other in combinations(zones, 2):
        if scene.wanted and not {one, other} & set(scene.wanted):
            continue
        if not _may_meet(scene, zones[one], zones[other]):
            continue
        names = _side(scene, layer, one), _side(scene, layer, other)
        yield from _mismatches(scene, (layer.layer.id,), (side(one), side(other)), names, f"{one}|{other}")


def _may_meet(scene: Scene, ones: Geometries, others: Geometries) -> bool:
    """Tell whether two sides can have a border in common: zones are united only where they can."""
    reach = 2 * scene.plan.parameters.border_reach + _APART_M
    near, far = _within(ones, others, reach), _within(others, ones, reach)
    return bool(len(near) and len(far) and len(shapely.STRtree(near).query(far, "dwithin", reach)[0]))


def _within(zones: Geometries, others: Geometries, reach_m: float) -> Geometries:
    """Return the zones that meet the box of others, grown."""
    west, south, east, north = shapely.total_bounds(others).tolist()
    box = shapely.box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    return np.asarray(zones[shapely.intersects(zones, box)], dtype=object)


def _owner(scene: Scene, shape: BaseGeometry) -> str | None:
    """Return the territory of a zone, whether it is audited or not: its neighbour may be."""
    point = shapely.point_on_surface(shape)
    return next((code for code, land in scene.all_territories.items() if shapely.intersects(land, point)), None)


def neighbour_findings(scene: Scene, pair: Neighbours) -> Iterator[Finding]:
    """Yield where two layers of neighbouring territories have different common borders."""
    layers = scene.need(pair.first), scene.need(pair.second)
    sides = union(layers[0].shapes), union(layers[1].shapes)
    names = layers[0].layer.title, layers[1].layer.title
    yield from _mismatches(scene, (pair.first, pair.second), sides, names, "")


def _side(scene: Scene, layer: AuditLayer, code: str) -> Text:
    territory = scene.need(scene.catalogue.territory_layer)
    name = next((n for i, n in zip(territory.features.ids, territory.features.names, strict=True) if i == code), "")
    title = layer.layer.title
    return Text(f"{name or code}一侧的{title.zh}", f"{title.en} on the side of {name or code}")


def _mismatches(
    scene: Scene,
    layers: tuple[str, ...],
    sides: tuple[BaseGeometry, BaseGeometry],
    names: tuple[Text, Text],
    detail: str,
) -> Iterator[Finding]:
    reach, tolerance = scene.plan.parameters.border_reach, scene.plan.parameters.border_tolerance
    one, other = (shapely.box(*side.bounds).buffer(2 * reach) for side in sides)
    near = shapely.intersection(one, other)
    if near.is_empty or not shapely.dwithin(*sides, 2 * reach):
        return
    frame = scene.frame(near)
    first, second = (frame.to_frame(_lines([side], near)) for side in sides)
    if not len(first) or not len(second):
        return
    samples = samples_of(first, _STEP_M)
    point, away = Segments(second).nearest(samples, np.zeros(2), reach, _PARALLEL)
    gaps = np.hypot(*away.T)
    # Where one border ends and another goes on in its line, the way leads along it: that is no gap between two.
    across = np.abs((away * samples.ways[point]).sum(axis=1)) <= _ACROSS * gaps
    point, gaps = point[across], gaps[across]
    for stretch in _stretches(samples, point, gaps > tolerance):
        apart = gaps[stretch]
        length = float(len(stretch)) * _STEP_M
        if length < _SHORTEST_M:
            continue
        yield _mismatch(layers, names, detail, frame, samples.xy[point[stretch]], apart, length)


def _mismatch(
    layers: tuple[str, ...],
    names: tuple[Text, Text],
    detail: str,
    frame: LocalFrame,
    xy: Floats,
    apart: Floats,
    length: float,
) -> Finding:
    line = frame.to_plane([shapely.LineString(xy)])[0]
    mean, most = float(apart.mean()), float(apart.max())
    area = mean * length
    return Finding(
        "border-mismatch",
        layers,
        (),
        Text(
            f"{names[0].zh}与{names[1].zh}的公共边界不一致：约 {length:,.0f} 米长，"
            f"平均相差 {mean:.2f} 米，最大 {most:.2f} 米",
            f"{names[0].en} and {names[1].en} have different common borders: along {length:,.0f} m, {mean:.2f} m apart "
            f"on average, {most:.2f} m at most",
        ),
        shapely.buffer(line, most + 1.0, cap_style="flat"),
        area_m2=area,
        length_m=length,
        offset_m=mean,
        detail=detail,
    )


def _stretches(
    samples: Samples, point: Numbers, apart: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[Numbers]:
    """Yield runs of neighbouring points that are apart, as positions in `point`."""
    wrong = np.flatnonzero(apart)
    if not len(wrong):
        return
    line, along = samples.line[point[wrong]], samples.along[point[wrong]]
    breaks = (np.diff(line) != 0) | (np.abs(np.diff(along)) > 2.5 * _STEP_M)
    yield from np.split(wrong, np.flatnonzero(breaks) + 1)


def _lines(shapes: Geometries | list[BaseGeometry], near: BaseGeometry | None = None) -> Geometries:
    """Return the borders of areas, and lines as they are, as LineStrings; only what lies in a box around `near`."""
    array = np.asarray(shapes, dtype=object)
    areas = shapely.get_dimensions(array) == 2  # noqa: PLR2004 - areas
    lines = shapely.get_parts(np.where(areas, shapely.boundary(array), array))
    if near is not None:
        lines = shapely.clip_by_rect(lines, *near.bounds)
    # Rings begin somewhere: what was cut there is joined again, each ring by itself.
    lines = shapely.get_parts(shapely.line_merge(lines))
    return np.asarray(lines[shapely.length(lines) > 0], dtype=object)


def shift_findings(scene: Scene, shared: SharedBorders) -> Iterator[Finding]:
    """Yield the systematic shift between two layers, territory by territory."""
    one, first = scene.chosen(shared.first)
    other, second = scene.chosen(shared.second)
    parameters = scene.plan.parameters
    for code, land in scene.territory_shapes.items():
        borders = [_borders_in(layer, zones, land) for layer, zones in ((one, first), (other, second))]
        frame = scene.frame(land)
        found = estimate_shift(
            frame.to_frame(borders[0]),
            frame.to_frame(borders[1]),
            reach_m=parameters.shift_reach,
            least_m=parameters.shift_least,
        )
        if found is not None:
            yield _shifted(one, other, code, land, found)


def _borders_in(layer: AuditLayer, zones: Numbers, land: BaseGeometry) -> Geometries:
    shapes = layer.shapes[zones]
    inside = np.asarray(shapely.intersects(land, shapes), dtype=bool)
    return _lines(shapes[inside]) if inside.any() else np.empty(0, dtype=object)


def _shifted(one: AuditLayer, other: AuditLayer, code: str, land: BaseGeometry, shift: Shift) -> Finding:
    distance = hypot(shift.dx_m, shift.dy_m)
    azimuth = degrees(atan2(shift.dx_m, shift.dy_m)) % 360
    quarter = _QUARTERS[round(azimuth / 45) % 8]
    share = format_share(shift.share)
    return Finding(
        "shift",
        (one.layer.id, other.layer.id),
        (),
        Text(
            f"{other.layer.title.zh}相对{one.layer.title.zh}向{quarter.zh}偏移 {distance:.2f} 米"
            f"（东 {shift.dx_m:+.2f}，北 {shift.dy_m:+.2f}，±{shift.confidence_m:.2f} 米，95 %）；"
            f"移回后 {share} 的应共边界重合；"
            "哪个图层偏移，须以控制点判定",
            f"{other.layer.title.en} lies {distance:.2f} m to the {quarter.en} of {one.layer.title.en} "
            f"(east {shift.dx_m:+.2f}, north {shift.dy_m:+.2f}, ±{shift.confidence_m:.2f} m with 95 %); moved back, "
            f"{share} of the borders that could be common coincide; which of the two is off, control points must tell",
        ),
        shapely.point_on_surface(land),
        territory=code,
        length_m=shift.length_m,
        offset_m=distance,
        dx_m=shift.dx_m,
        dy_m=shift.dy_m,
        confidence_m=shift.confidence_m,
        placed=False,
    )
