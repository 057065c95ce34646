"""Rings and parts that do not fit together: holes outside, parts in parts, parts too small or too thin."""

from itertools import groupby

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.beside import common, common_m2, outside_m2
from zoning.overlay.near_pairs import touching_pairs
from zoning.overlay.repair import enclosed
from zoning.quality.faults import Gathering, Parameters, Spot
from zoning.quality.outline import Mask, Outline
from zoning.texts import Text

Geometries = NDArray[np.object_]
_SAME = 1e-9


def check_sizes(outline: Outline, flat: Mask, broken: Mask, faults: Gathering, parameters: Parameters) -> None:
    """Report rings without area (`flat`), tiny ones and slivers; what a broken ring encloses is not asked here."""
    areas_m2 = outline.areas_m2()
    perimeters = np.add.reduceat(outline.lengths_m(), outline.starts)
    for ring in faults.each("collapsed-part", np.flatnonzero(flat).tolist()):
        text = Text(f"第 {ring + 1} 圈没有围成面积", f"ring {ring + 1} encloses no area")
        faults.keep("collapsed-part", text, (outline.ring_spot(ring),))
    sound = ~broken & ~flat
    tiny = sound & (areas_m2 < parameters.tiny_m2)
    for ring in faults.each("tiny-part", np.flatnonzero(tiny).tolist()):
        area = float(areas_m2[ring])
        text = Text(
            f"第 {ring + 1} 圈（{_role(outline, ring).zh}）面积只有 {area:.4f} 平方米",
            f"ring {ring + 1} ({_role(outline, ring).en}) has an area of only {area:.4f} m²",
        )
        faults.keep("tiny-part", text, (outline.ring_spot(ring),), amount=round(area, 6))
    widths = 2 * areas_m2 / np.maximum(perimeters, _SAME)
    for ring in faults.each("sliver-part", np.flatnonzero(sound & ~tiny & (widths < parameters.sliver_m)).tolist()):
        width = float(widths[ring])
        text = Text(
            f"第 {ring + 1} 圈（{_role(outline, ring).zh}）平均宽度只有 {width:.3f} 米，像是狭长的缝隙",
            f"ring {ring + 1} ({_role(outline, ring).en}) is only {width:.3f} m wide on average and looks like a "
            "sliver",
        )
        faults.keep("sliver-part", text, (outline.ring_spot(ring),), amount=round(width, 4))


def _role(outline: Outline, ring: int) -> Text:
    return Text("内圈", "hole") if outline.is_hole[ring] else Text("外圈", "outline")


def check_roles(polygons: Geometries, outline: Outline, rings: Geometries, broken: Mask, faults: Gathering) -> bool:
    """Report holes that are no holes of their polygons, and parts that overlap; tell whether there were any.

    Parameters
    ----------
    polygons
        The parts as they were drawn, (k,).
    rings
        What every ring encloses, as polygons, (m,).
    broken
        Which of the rings meet themselves.

    Raises
    ------
    TangledError
        When a border crosses itself thousands of times.
    """
    before = faults.counts.total()
    solid = rings.copy()
    solid[broken] = [enclosed(ring) for ring in rings[broken]]
    for part, members in groupby(range(len(rings)), key=outline.part.__getitem__):
        shell, *holes = members
        if holes and not shapely.is_valid(polygons[part]):
            _check_holes(outline, solid, shell, np.array(holes), faults)
    if len(polygons) > 1:
        _check_parts(polygons, outline, faults)
    return faults.counts.total() > before


def _check_holes(outline: Outline, solid: Geometries, shell: int, holes: NDArray[np.int64], faults: Gathering) -> None:
    around = solid[shell]
    shapely.prepare(around)
    doubtful = holes[~shapely.contains_properly(around, solid[holes])]
    whole = shapely.area(solid[doubtful])
    inside = common_m2(solid[doubtful], around)
    apart = inside <= _SAME * whole
    for hole in faults.each("hole-outside", doubtful[apart].tolist()):
        text = Text(
            f"第 {hole + 1} 圈是内圈，却在第 {shell + 1} 圈之外",
            f"ring {hole + 1} is a hole and lies outside ring {shell + 1}",
        )
        faults.keep("hole-outside", text, (outline.ring_spot(hole),))
    borders = shapely.intersection(shapely.boundary(solid[doubtful]), shapely.boundary(around))
    crosses = ~apart & ((inside < (1 - _SAME) * whole) | (shapely.length(borders) > 0))
    for hole in faults.each("hole-crosses", doubtful[crosses].tolist()):
        _keep_crossing_hole(outline, solid, shell, hole, faults)
    _check_pairs_of_holes(outline, solid, np.setdiff1d(holes, doubtful[apart]), faults)


def _keep_crossing_hole(outline: Outline, solid: Geometries, shell: int, hole: int, faults: Gathering) -> None:
    beyond = float(outside_m2(solid[hole], solid[shell]) * outline.metres.prod())
    if beyond <= _SAME * float(solid[hole].area * outline.metres.prod()):
        text = Text(
            f"第 {hole + 1} 圈（内圈）与第 {shell + 1} 圈有公共边",
            f"ring {hole + 1} (a hole) shares an edge with ring {shell + 1}",
        )
    else:
        text = Text(
            f"第 {hole + 1} 圈（内圈）与第 {shell + 1} 圈相交，有 {beyond:,.2f} 平方米在其外",
            f"ring {hole + 1} (a hole) crosses ring {shell + 1}; {beyond:,.2f} m² of it lie outside",
        )
    met = shapely.get_coordinates(shapely.intersection(solid[hole].boundary, solid[shell].boundary))
    spots = (outline.ring_spot(hole),) if len(met) == 0 else tuple(Spot(x, y, hole + 1) for x, y in met[:2].tolist())
    faults.keep("hole-crosses", text, spots, amount=round(beyond, 4))


def _check_pairs_of_holes(outline: Outline, solid: Geometries, holes: NDArray[np.int64], faults: Gathering) -> None:
    pairs, _ = touching_pairs(solid[holes])
    if len(pairs) == 0:
        return
    met = common(solid[holes[pairs[:, 0]]], solid[holes[pairs[:, 1]]])
    # A point in common is allowed, an edge is not.
    wrong = (shapely.area(met) > 0) | (shapely.length(met) > 0)
    for (one, other), piece in faults.each(
        "holes-overlap", list(zip(holes[pairs[wrong]].tolist(), met[wrong].tolist(), strict=True))
    ):
        area = float(piece.area * outline.metres.prod())
        text = Text(
            f"第 {one + 1} 圈与第 {other + 1} 圈都是内圈，互相重叠 {area:,.2f} 平方米",
            f"rings {one + 1} and {other + 1} are both holes and overlap by {area:,.2f} m²",
        )
        faults.keep("holes-overlap", text, (_inside(piece, other),), amount=round(area, 4))


def _check_parts(polygons: Geometries, outline: Outline, faults: Gathering) -> None:
    valid = polygons.copy()
    bad = ~shapely.is_valid(valid)
    valid[bad] = [enclosed(shapely.Polygon(ring)) for ring in shapely.get_exterior_ring(valid[bad])]
    pairs, _ = touching_pairs(valid)
    if len(pairs) == 0:
        return
    met = common(valid[pairs[:, 0]], valid[pairs[:, 1]])
    shared, smaller = shapely.area(met), shapely.area(valid)[pairs].min(axis=1)
    over = shared > _SAME * smaller
    nested = over & (shared >= (1 - _SAME) * smaller)
    beside = ~over & (shapely.length(met) > 0)
    for kind, which in (("nested-parts", nested), ("overlapping-parts", over & ~nested), ("adjoining-parts", beside)):
        for row in faults.each(kind, np.flatnonzero(which).tolist()):
            _keep_parts(kind, pairs[row].tolist(), met[row], valid, outline, faults)


def _keep_parts(
    kind: str, pair: list[int], piece: BaseGeometry, valid: Geometries, outline: Outline, faults: Gathering
) -> None:
    # The smaller part is named first: it is the one that lies in the other.
    one, other = sorted(pair, key=lambda part: float(shapely.area(valid[part])))
    rings = [int(np.searchsorted(outline.part, part)) + 1 for part in (one, other)]
    area = float(piece.area * outline.metres.prod())
    texts = {
        "nested-parts": Text(
            f"第 {one + 1} 部分（第 {rings[0]} 圈）整个在第 {other + 1} 部分（第 {rings[1]} 圈）之内，"
            f"重复 {area:,.2f} 平方米；若是扣除的部分，应画成内圈",
            f"part {one + 1} (ring {rings[0]}) lies inside part {other + 1} (ring {rings[1]}), {area:,.2f} m² twice; "
            "if it is to be left out, draw it as a hole",
        ),
        "overlapping-parts": Text(
            f"第 {one + 1} 部分与第 {other + 1} 部分重叠 {area:,.2f} 平方米",
            f"parts {one + 1} and {other + 1} overlap by {area:,.2f} m²",
        ),
        "adjoining-parts": Text(
            f"第 {one + 1} 部分与第 {other + 1} 部分有公共边", f"parts {one + 1} and {other + 1} share an edge"
        ),
    }
    faults.keep(kind, texts[kind], (_inside(piece, rings[0] - 1),), amount=round(area, 4))


def _inside(piece: BaseGeometry, ring: int) -> Spot:
    x, y = shapely.point_on_surface(piece).coords[0][:2]
    return Spot(x, y, ring + 1)
