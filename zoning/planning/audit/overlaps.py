"""Zones that must not overlap: of two layers, and of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.beside import intersection
from zoning.overlay.plane import Geometries
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Apart
from zoning.planning.audit.scene import AuditLayer, Mask, Numbers, Scene, mean_width_m, parts_of
from zoning.planning.audit.wording import area_text
from zoning.texts import Text

_SAME = 0.999
_MANY = 500  # vertices, from which on a geometry is cut to a box first


@dataclass(slots=True)
class Slivers:
    """Pieces below the least area: counted and summed, for their sum is compared with the least area as well."""

    least_m2: float
    count: int = 0
    sum_m2: float = 0.0

    def add(self, area_m2: float) -> bool:
        """Count a piece; tell whether it is one of these."""
        if area_m2 >= self.least_m2:
            return False
        self.count += 1
        self.sum_m2 += area_m2
        return True

    def finding(self, layers: tuple[str, ...], what: Text, detail: str) -> Finding | None:
        """Return a note on their sum; None where even that is small."""
        if self.sum_m2 < self.least_m2:
            return None
        text = Text(
            f"{what.zh}：另有 {self.count} 处微小图形，合计 {self.sum_m2:,.2f} 平方米",
            f"{what.en}: {self.count} more tiny pieces, {self.sum_m2:,.2f} m² together",
        )
        return Finding("sliver", layers, (), text, severity="note", area_m2=self.sum_m2, detail=detail)


def common_pieces(one: Geometries, other: Geometries) -> Iterator[tuple[int, int, BaseGeometry]]:
    """Yield the polygons of the plane that zones (n,), (k,) of two layers have in common, with the numbers of both."""
    if not len(one) or not len(other):
        return
    asked, met = shapely.STRtree(other).query(one, predicate="intersects")
    yield from _met(one, other, asked, met)


def own_pieces(
    shapes: Geometries, mine: Mask | None = None, classes: Sequence[str] | None = None
) -> Iterator[tuple[int, int, BaseGeometry]]:
    """Yield the polygons of the plane that zones (n,) of one layer have in common, smaller number first.

    Parameters
    ----------
    mine
        (n,) only what these have in common with each other.
    classes
        (n,) only what zones of one and the same have in common.
    """
    zones = np.arange(len(shapes)) if mine is None else np.flatnonzero(mine)
    if not len(zones):
        return
    # All are in the tree: the order in which it gives the pairs does not depend on what is asked for.
    asked, met = shapely.STRtree(shapes).query(shapes[zones], predicate="intersects")
    asked = zones[asked]
    first = (asked < met) & np.isin(met, zones)
    if classes is not None:
        of = np.asarray(classes)
        first &= of[asked] == of[met]
    yield from _met(shapes, shapes, asked[first], met[first])


def _met(one: Geometries, other: Geometries, asked: Numbers, met: Numbers) -> Iterator[tuple[int, int, BaseGeometry]]:
    for first, second in zip(asked.tolist(), met.tolist(), strict=True):
        small, large = sorted((one[first], other[second]), key=shapely.get_num_coordinates)
        # Only that part of the larger one that can meet the smaller: neighbours share a few metres of long borders.
        near = (
            shapely.clip_by_rect(large, *_grown(small.bounds)) if shapely.get_num_coordinates(large) > _MANY else large
        )
        if not near.is_valid:
            near = large
        for part in parts_of(intersection(small, near)):
            yield first, second, part


def _grown(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - 1.0, south - 1.0, east + 1.0, north + 1.0


def apart_findings(scene: Scene, pair: Apart) -> Iterator[Finding]:
    """Yield the pieces that two layers have in common and must not, with what the documents say gives way."""
    one, first = scene.chosen(pair.first, pair.territories)
    other, second = scene.chosen(pair.second, pair.territories)
    parameters = scene.plan.parameters
    slivers = Slivers(parameters.least_area)
    layers = (one.layer.id, other.layer.id)
    for a, b, part in common_pieces(one.shapes[first], other.shapes[second]):
        territory = scene.territory_of(part)
        if (pair.territories and territory not in pair.territories) or not scene.audited(part):
            continue
        area = float(part.area)
        if slivers.add(area):
            continue
        names = one.name(int(first[a])), other.name(int(second[b]))
        size = area_text(area)
        narrow = mean_width_m(part) < parameters.sliver_width
        yield Finding(
            "lines-overlap",
            layers,
            (one.features.ids[int(first[a])], other.features.ids[int(second[b])]),
            Text(
                f"{names[0].zh}与{names[1].zh}重叠 {size.zh}{'（窄缝）' if narrow else ''}",
                f"{names[0].en} and {names[1].en} overlap by {size.en}{' (a narrow strip)' if narrow else ''}",
            ),
            part,
            severity="warning" if narrow else "error",
            territory=territory,
            area_m2=area,
            advice=pair.advice,
            citations=pair.citations,
        )
    titles = Text(
        f"{one.layer.title.zh}与{other.layer.title.zh}重叠", f"{one.layer.title.en} and {other.layer.title.en} overlap"
    )
    rest = slivers.finding(layers, titles, "apart")
    if rest is not None:
        yield rest


def own_findings(scene: Scene, layer: AuditLayer, *, every_class: bool) -> Iterator[Finding]:
    """Yield the pieces that zones of one layer have in common: of any class, or only of one and the same."""
    parameters = scene.plan.parameters
    slivers = Slivers(parameters.least_area)
    classes = None if every_class else layer.features.class_ids
    for a, b, part in own_pieces(layer.shapes, scene.beside_audited(layer.shapes), classes):
        area = float(part.area)
        if not scene.audited(part) or slivers.add(area):
            continue
        yield _own_finding(scene, layer, (a, b), part)
    title = Text(f"{layer.layer.title.zh}：区之间重叠", f"{layer.layer.title.en}: zones overlap")
    rest = slivers.finding((layer.layer.id,), title, "own")
    if rest is not None:
        yield rest


def _own_finding(scene: Scene, layer: AuditLayer, pair: tuple[int, int], part: BaseGeometry) -> Finding:
    area, size = float(part.area), area_text(float(part.area))
    shapes = np.asarray([layer.shapes[zone] for zone in pair], dtype=object)
    same = area >= _SAME * float(shapely.area(shapes).max())
    narrow = mean_width_m(part) < scene.plan.parameters.sliver_width
    kind = "duplicate-zone" if same else "sliver" if narrow else "overlap"
    one, other = (layer.name(zone) for zone in pair)
    return Finding(
        kind,
        (layer.layer.id,),
        tuple(layer.features.ids[zone] for zone in pair),
        Text(
            f"{one.zh}与{other.zh}{'是同一范围' if same else '重叠'}，{size.zh}",
            f"{one.en} and {other.en} {'are the same' if same else 'overlap'}, {size.en}",
        ),
        part,
        territory=scene.territory_of(part),
        area_m2=area,
    )
