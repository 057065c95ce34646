"""Management units, soil-risk zones, contaminated plots and other control zones."""

from collections.abc import Sequence

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from demo_data.coverage import faces, joined, labels, partition
from demo_data.land import Land
from demo_data.plane import HECTARE, LonLat
from demo_data.shapes import blob, fitted, rounded, surface
from demo_data.zones import Zone

_UNITS = (
    ("priority", "优先保护单元", "1", "空间布局约束：按所含红线、保护地、水源、泉域各自规定从严"),
    (
        "key",
        "重点管控单元",
        "2",
        "空间布局约束：优化布局；污染物排放管控、环境风险防控、资源开发效率：从严（清单待发布）",
    ),
    ("general", "一般管控单元", "3", "执行国家、省、市产业准入、总量控制和排放标准"),
)


def management_units(land: Land, protected: BaseGeometry, intense: BaseGeometry) -> list[Zone]:
    """Divide a territory without gaps into priority, key and general units per township."""
    pieces = faces([protected, intense, *land.towns], land.outline)
    kinds = labels(pieces, [protected, intense])
    towns = labels(pieces, list(land.towns))
    pairs = [min(t, len(land.towns) - 1) * 3 + k for k, t in zip(kinds, towns, strict=True)]
    shapes = joined(pieces, pairs, 3 * len(land.towns), least=2500.0)
    found, serial = [], {"1": 0, "2": 0, "3": 0}
    for index, shape in enumerate(shapes):
        kind, title, digit, access = _UNITS[index % 3]
        if shape.is_empty:
            continue
        serial[digit] += 1
        town = land.facts.towns[index // 3][0]
        county = land.facts.county_codes[index // 3] if land.facts.county_codes else land.facts.code
        code = f"ZH{county}{digit}{serial[digit]:04d}"
        found.append(Zone(f"{town}{title}（示意）", kind, shape, (("township", town), ("access", access)), code))
    return sorted(found, key=lambda zone: zone.id)


def soil_zones(land: Land, parks: Sequence[Zone], region: BaseGeometry) -> list[Zone]:
    """Divide 晋城市城区 into its three soil zones with the documented areas."""
    inner = shapely.union_all([p.geometry for p in parks])

    def grown(distance: float) -> BaseGeometry:
        free = shapely.difference(rounded(region, distance, detail=10), inner)
        return shapely.intersection(free, land.outline)

    first = fitted(grown, 1896.0 * HECTARE, -80.0, 600.0)
    shapes = partition([*(p.geometry for p in parks), first], land.outline, least=1.0)
    titles = [(f"{p.name}建设用地污染风险重点管控区", "construction-key") for p in parks]
    titles += [("土壤环境优先保护区", "priority"), ("土壤环境一般管控区", "general")]
    more = (("basis", "示意"),)
    return [Zone(name, kind, shape, more) for (name, kind), shape in zip(titles, shapes, strict=True)]


_LOBES: dict[str, dict[str, tuple[tuple[str, str, LonLat, float], ...]]] = {
    "contaminated-plots": {
        "140522": (
            ("原化工厂地块（示意）", "registered", (112.383, 35.5325), 4.2), ("原冶炼厂地块（示意）",
            "survey-unfinished", (112.437, 35.4865), 2.6),
            ("原电镀车间地块（示意）", "suspected", (112.4505, 35.5225), 1.8), ("北留原焦化厂地块（示意）",
            "survey-unfinished", (112.5955, 35.4835), 5.5)),
        "140502": (
            ("原农药厂地块（示意）", "registered", (112.842, 35.5445), 5.1), ("原铸造厂地块（示意）",
            "survey-unfinished", (112.858, 35.485), 3.3),
            ("加工园遗留地块（示意）", "suspected", (112.8845, 35.4725), 2.4)),
        "140825": (
            ("原化工厂地块（示意）", "registered", (111.2315, 35.6145), 6.3), ("原焦化地块（示意）",
            "survey-unfinished", (111.2055, 35.6285), 4.8),
            ("原印染厂地块（示意）", "suspected", (111.2445, 35.6275), 2.1)),
        "1403": (
            ("原化工厂地块（示意）", "registered", (113.552, 37.868), 5.6), ("原冶炼厂地块（示意）",
            "survey-unfinished", (113.60, 37.855), 4.1)),
    },
    "groundwater-overdraft": {
        "140522": (("县城—北留超采区（示意）", "overdraft", (112.56, 35.478), 2600.0),),
        "140502": (("城区严重超采区（示意）", "severe", (112.853, 35.497), 2400.0), ("北石店超采区（示意）",
        "overdraft", (112.862, 35.548), 1300.0)),
        "140825": (("龙兴—古交超采区（示意）", "overdraft", (111.20, 35.635), 5200.0), ("阳王严重超采区（示意）",
        "severe", (111.165, 35.53), 1400.0)),
        "1403": (("娘子关泉域超采区（示意）", "overdraft", (113.64, 37.88), 9000.0),),
    },
    "no-coal-zones": {
        "140522": (("县城禁煤区（示意）", "no-coal", (112.408, 35.493), 3200.0),),
        "140502": (("城区禁煤区（示意）", "no-coal", (112.85, 35.497), 6500.0),),
        "140825": (("县城禁煤区（示意）", "no-coal", (111.222, 35.6225), 2900.0),),
    },
    "livestock-zones": {
        "140522": (("县城禁养区（示意）", "no-breeding", (112.408, 35.493), 3500.0), ("县城限养区（示意）",
        "limited-breeding", (112.408, 35.493), 6400.0)),
        "140502": (("城区禁养区（示意）", "no-breeding", (112.85, 35.495), 7000.0),),
    },
    "heritage": {
        "140522": (
            ("皇城相府保护范围", "protection", (112.578, 35.5185), 3.6), ("皇城相府建设控制地带（示意）", "control",
            (112.578, 35.5185), 28.0),
            ("天官王府保护范围（示意）", "protection", (112.549, 35.526), 5.2), ("砥洎城保护范围（示意）",
            "protection", (112.5245, 35.5445), 4.1)),
        "140825": (
            ("绛州古城保护范围（示意）", "protection", (111.219, 35.6165), 62.0), ("绛州古城建设控制地带（示意）",
            "control", (111.219, 35.6165), 190.0),
            ("光村历史文化名村保护范围（示意）", "protection", (111.211, 35.727), 24.0),
            ("泉掌历史文化名镇保护范围（示意）", "protection", (111.275, 35.734), 30.0)),
    },
    "mine-parcels": {
        "140522": (
            ("屯城采煤沉陷区（示意）", "subsidence", (112.497, 35.578), 120.0), ("芦河采煤沉陷区（示意）",
            "subsidence", (112.42, 35.545), 160.0),
            ("东冶大矿坪铁矿废弃坑（示意）", "historic", (112.585, 35.315), 14.0), ("尹家沟废弃采石场（示意）",
            "historic", (112.60, 35.465), 9.0),
            ("伏岩矸石场（示意）", "responsible", (112.47, 35.553), 18.0)),
        "140502": (
            ("北部历史遗留露天采坑（示意）", "historic", (112.885, 35.560), 11.0), ("西部历史遗留采石坑（示意）",
            "historic", (112.796, 35.515), 8.0),
            ("西上庄历史遗留采坑（示意）", "historic", (112.806, 35.495), 6.0), ("西部采煤沉陷区（示意）",
            "subsidence", (112.80, 35.505), 70.0)),
        "140825": (("北张历史遗留露天采坑（示意）", "historic", (111.13, 35.743), 13.0), ("泽掌采石场（示意）",
        "responsible", (111.20, 35.742), 16.0)),
        "1403": (
            ("山底河采煤沉陷区（示意）", "subsidence", (113.53, 37.92), 210.0), ("小河历史遗留采坑（示意）",
            "historic", (113.575, 37.835), 17.0),
            ("盂县历史遗留采坑（示意）", "historic", (113.44, 38.12), 21.0)),
    },
    "special-ecological-areas": {
        "140522": (
            ("析城山水源涵养区（示意）", "water-conservation", (112.20, 35.34), 7200.0), ("崦山水源涵养区（示意）",
            "water-conservation", (112.38, 35.64), 5200.0),
            ("董封水库洪水调蓄区（示意）", "flood-storage", (112.155, 35.4985), 95.0), ("西丰水库洪水调蓄区（示意）",
            "flood-storage", (112.362, 35.4325), 40.0),
            ("九女湖洪水调蓄区（示意）", "flood-storage", (112.60, 35.328), 180.0),
            ("芹池—寺头水土流失重点预防区（示意）", "soil-loss-prevention", (112.29, 35.60), 3900.0),
            ("河北—蟒河水土流失重点预防区（示意）", "soil-loss-prevention", (112.38, 35.33), 3600.0)),
    },
}  # fmt: skip


def lobes(layer: str, land: Land) -> list[Zone]:
    """Return schematic zones of a layer that the documents name without boundaries; stricter ones keep the land."""
    found: list[Zone] = []
    taken: BaseGeometry = MultiPolygon()
    for name, kind, place, size in _LOBES[layer].get(land.facts.code, ()):
        stem = name.split("禁")[0].split("限")[0].split("保护范围")[0].split("建设控制")[0]
        shape = blob(place, size * HECTARE, f"{layer} {stem}", stretch=1.35, step=50)
        here = surface(shapely.difference(shapely.intersection(shape, land.outline), taken))
        if layer != "special-ecological-areas":
            taken = shapely.union(taken, here)
        found.append(Zone(name, kind, here, (("area_ha", round(here.area / HECTARE, 2)),)))
    return found


def no_breeding_at_water(water: Sequence[Zone]) -> list[Zone]:
    """Return no-breeding zones at level-1 and level-2 water zones."""
    return [
        Zone(
            f"{zone.name}禁养区（示意）",
            "no-breeding",
            zone.geometry,
            (("area_ha", round(zone.geometry.area / HECTARE, 2)),),
        )
        for zone in water
        if zone.kind in {"level-1", "level-2"}
    ]
