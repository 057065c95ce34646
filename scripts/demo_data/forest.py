"""Forest land by kind, barren hills, and the five land zones."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from demo_data.coverage import faces, joined, labels, partition, waves
from demo_data.ground import Ground
from demo_data.land import Land
from demo_data.plane import HECTARE
from demo_data.shapes import large, polygons, rounded, surface
from demo_data.tracing import traced
from demo_data.zones import Zone

_KINDS = (
    ("natural-forest", "天然林", 1.1),
    ("public-benefit", "公益林", 0.45),
    ("young-forest", "未成林造林地（封育）", 0.3),
)


def forest_land(land: Land, ground: Ground, avoid: BaseGeometry) -> list[Zone]:
    """Return forest by kind per township, outside of `avoid`."""
    whole = traced(ground.wooded, ground.grid, 22 * HECTARE).simplify(ground.grid.size * 40_000)
    dry = shapely.difference(shapely.intersection(whole, land.outline), rounded(avoid, 8, detail=5))
    free = large(dry, 4 * HECTARE)
    shapes = [_patches(land, ground, kind) for kind, _, _ in _KINDS]
    parts = [*partition(shapes, free, least=2000.0)]
    titles = [*((kind, title) for kind, title, _ in _KINDS), ("other-forest", "其他林地")]
    found = []
    for (kind, title), part in zip(titles, parts, strict=True):
        for (town, _), area in zip(land.facts.towns, land.towns, strict=True):
            here = surface(shapely.intersection(part, area), 0.3 * HECTARE)
            found.append(Zone(f"{town}{title}（示意）", kind, here, (("township", town),)))
    return [zone for zone in found if not zone.geometry.is_empty]


def _patches(land: Land, ground: Ground, kind: str) -> BaseGeometry:
    share = {"natural-forest": 0.78, "public-benefit": 0.6, "young-forest": 0.9}[kind]
    centres = ground.grid.centres()
    score = waves(centres, f"{land.facts.code} {kind}", 5200.0).reshape(ground.height.shape)
    if kind != "young-forest":
        score += 2.2 * np.argsort(np.argsort(ground.height, axis=None)).reshape(score.shape) / score.size
    found = traced(ground.here & (score > np.quantile(score[ground.here], share)), ground.grid, 60 * HECTARE)
    return rounded(found, 0, detail=40)


def barren_hills(land: Land, ground: Ground, avoid: BaseGeometry) -> list[Zone]:
    """Return barren slopes: open ground that is neither field nor forest."""
    bare = ground.here & ~ground.arable & ~ground.wooded & (ground.slope > 3)
    free = shapely.difference(traced(bare, ground.grid, 6 * HECTARE), rounded(avoid, 30))
    parts = [p for p in polygons(shapely.intersection(free, land.outline)) if p.area > 6 * HECTARE][:60]
    return [Zone(f"{land.town_at(p)}荒坡（示意）", "barren", p, (("township", land.town_at(p)),)) for p in parts]


_LAND_ZONES = (
    ("ecological", "生态保护区"),
    ("urban", "城镇发展区"),
    ("farmland-core", "永久基本农田集中区"),
    ("village", "村庄建设区"),
    ("general-agriculture", "一般农业区"),
    ("forestry", "林业发展区"),
    ("natural-reserve-land", "自然保留区"),
)


def land_zones(land: Land, shapes: list[BaseGeometry]) -> list[Zone]:
    """Divide a territory without gaps among the five land zones and their sub-zones, per township.

    `shapes` stand in the order of the classes; the last class is what they leave.
    """
    pieces = faces([*shapes, *land.towns], land.outline)
    kinds, towns = labels(pieces, shapes), labels(pieces, land.towns)
    count = len(_LAND_ZONES)
    pairs = [min(town, len(land.towns) - 1) * count + kind for kind, town in zip(kinds, towns, strict=True)]
    found = []
    for index, part in enumerate(joined(pieces, pairs, count * len(land.towns), least=1500.0)):
        kind, title = _LAND_ZONES[index % count]
        town = land.facts.towns[index // count][0]
        found.append(Zone(f"{town}{title}（示意）", kind, part, (("township", town),)))
    return [zone for zone in found if not zone.geometry.is_empty]
