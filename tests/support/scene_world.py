"""A workspace for map products: a partition with a jagged seam, zones across a border, layers that know little.

County A (140522) and county B (140825) share the meridian 112.5°E. The counties' edges are meridians and parallels, so
areas can be checked with the formula of the ellipsoid.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

import tiny_workspace

Box = tuple[float, float, float, float]

A: Box = (112.3, 35.4, 112.5, 35.6)
B: Box = (112.5, 35.4, 112.7, 35.6)
WEST_OF_A: Box = (112.3, 35.4, 112.4, 35.6)
CROSSING: Box = (112.48, 35.50, 112.52, 35.52)
"""A water zone in both counties."""

SECOND: Box = (112.47, 35.50, 112.49, 35.52)
"""Another one of its class; the two overlap."""

RIVER: Box = (112.35, 35.45, 112.45, 35.452)
TINY: Box = (112.31, 35.41, 112.310_03, 35.410_03)
"""About 3 m wide."""

SECRETS = ("张三", "13900001111", "W-SECRET", "秘密水源", "water.geojson", "gone.geojson")
"""What no map for the public may hold."""

Zone = tuple[str, str, str, BaseGeometry, Mapping[str, str]]

WORKSPACE = """\
title: {zh: 图幅工作空间, en: map workspace}
latitude: 35.5
territory_layer: territory
search_distance: 1 km
tolerance: 1 m2
notice: {zh: 初步研判。, en: Preliminary check.}
"""
HEAD = """\
title: {{zh: {zh}, en: {en}}}
group: {group}
geometry: {geometry}
authority: {{zh: 某局, en: some office}}
source: {{zh: 测试, en: test}}
crs: EPSG:4490
schematic: false
accuracy_m: 0
id_field: zone_id
name_field: name
class_field: class
attributes: {attributes}
classes: {classes}
editions: {{"2020": {{file: data/{id}.geojson, valid_from: 2020-01-01{more}}}}}
coverage: {coverage}
{public}
"""
BOTH = '{territories: ["140522", "140825"]}'


def seam() -> list[tuple[float, float]]:
    """Return the jagged line that divides A from south to north."""
    return [(112.4 + (0.0004 if k % 2 else 0.0) * (k % 7), 35.4 + 0.2 * k / 200) for k in range(201)]


def parts_of_a() -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    """Return west of the seam south of 35.5, west of it north of that, and all that is east of it."""
    line = seam()
    west, south, east, north = A
    middle = line[100]
    low = shapely.Polygon([(west, south), *line[:101], (west, middle[1])])
    high = shapely.Polygon([(west, middle[1]), *line[100:], (west, north)])
    rest = shapely.Polygon([(east, south), (east, north), *reversed(line)])
    return low, high, rest


def build(root: Path) -> Path:
    """Write the workspace into `root` and return it."""
    for name in ("layers/data", "rules", "styles", "maps"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "zoning.yaml").write_text(WORKSPACE, encoding="utf-8")
    (root / "rules" / "documents.yaml").write_text(tiny_workspace.DOCUMENTS, encoding="utf-8")
    (root / "rules" / "facts.yaml").write_text(tiny_workspace.FACTS, encoding="utf-8")
    low, high, rest = parts_of_a()
    box = shapely.box
    county = {"county": ("县", "C")}
    layer(
        root,
        "territory",
        "行政区",
        county,
        [("140522", "甲县", "C", box(*A), {}), ("140825", "乙县", "C", box(*B), {})],
    )
    kinds = {"priority": ("优先", "1"), "key": ("重点", "2"), "general": ("一般", "3")}
    units: list[Zone] = [("U1", "甲一", "1", low, {}), ("U2", "甲二", "2", high, {}), ("U3", "甲三", "3", rest, {})]
    layer(root, "units", "单元", kinds, [*units, ("U4", "乙一", "3", box(*B), {})], public="[zone_id, name]")
    fields = {"source": "秘密水源", "owner": "张三", "phone": "13900001111"}
    crossing = ("W-SECRET-1", "张三水源", "1", box(*CROSSING), fields)
    water: list[Zone] = [crossing, ("W-SECRET-2", "张三井", "1", box(*SECOND), fields)]
    layer(
        root, "water", "水源", {"level-1": ("一级", "1"), "level-2": ("二级", "2")}, water, public="[]", fields=fields
    )
    road = shapely.LineString([(112.45, 35.55), (112.55, 35.55)])
    layer(root, "roads", "道路", {"road": ("路", "R")}, [("R1", "一号路", "R", road, {})], geometry="line")
    layer(root, "tiny", "小地块", {"plot": ("地块", "P")}, [("T1", "小", "P", box(*TINY), {})])
    layer(root, "rivers", "河流", {"river": ("河", "V")}, [("V1", "小河", "V", box(*RIVER), {})])
    # What a map does not know.
    half = "{file: data/half-coverage.geojson}"
    layer(
        root, "half", "半县", {"zone": ("区", "Z")}, [("H9", "乙区", "Z", box(112.6, 35.45, 112.61, 35.46), {})], half
    )
    write(root / "layers/data/half-coverage.geojson", [("H", "", "", box(*WEST_OF_A), {})])
    far: list[Zone] = [("E1", "乙区", "Z", box(112.6, 35.45, 112.61, 35.46), {})]
    layer(root, "elsewhere", "别处", {"zone": ("区", "Z")}, far, '{territories: ["140825"]}')
    layer(root, "gone", "遗失", {"zone": ("区", "Z")}, [], public="[]")
    (root / "layers/data/gone.geojson").unlink()
    layer(root, "ended", "过期", {"zone": ("区", "Z")}, [], more=", valid_to: 2021-01-01")
    return root


def layer(  # noqa: PLR0913, PLR0917 - what a layer consists of
    root: Path,
    name: str,
    zh: str,
    classes: Mapping[str, tuple[str, str]],
    zones: Sequence[Zone],
    coverage: str = BOTH,
    geometry: str = "polygon",
    public: str | None = None,
    fields: Mapping[str, str] | None = None,
    more: str = "",
) -> None:
    """Write one layer and its data."""
    listed = ", ".join(f'{key}: {{title: {{zh: {t}, en: {key}}}, codes: ["{c}"]}}' for key, (t, c) in classes.items())
    text = HEAD.format(
        id=name,
        zh=zh,
        en=name,
        group="base",
        geometry=geometry,
        attributes="{" + ", ".join(f"{key}: {{zh: {key}, en: {key}}}" for key in fields or {}) + "}",
        classes="{" + listed + "}",
        coverage=coverage,
        public="" if public is None else f"public: true\npublic_attributes: {public}",
        more=more,
    )
    (root / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    write(root / "layers" / "data" / f"{name}.geojson", zones)


def write(path: Path, zones: Sequence[Zone]) -> None:
    """Write zones as GeoJSON: (zone_id, name, class, geometry, attributes)."""
    features = [
        {"type": "Feature", "properties": {"zone_id": i, "name": n, "class": c, **more}, "geometry": mapping(geometry)}
        for i, n, c, geometry, more in zones
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
