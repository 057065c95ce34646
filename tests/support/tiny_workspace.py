"""A small complete workspace made in code: one territory, two layers, three rules, no style of its own.

Two neighbouring counties, A (140522) and B (140825), share the meridian 112.5°E. All edges of zones are meridians and
parallels, so areas can be checked by hand with the formula of the ellipsoid.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Box = tuple[float, float, float, float]

TERRITORIES: Mapping[str, Box] = {"140522": (112.3, 35.4, 112.5, 35.6), "140825": (112.5, 35.4, 112.7, 35.6)}
WATER: Mapping[str, Box] = {"1": (112.400, 35.500, 112.410, 35.510), "2": (112.390, 35.490, 112.420, 35.520)}
FARMLAND: Mapping[str, Box] = {"F": (112.450, 35.450, 112.460, 35.460)}

WORKSPACE = """\
title: {zh: 小工作空间, en: tiny workspace}
latitude: 35.5
territory_layer: territory
search_distance: 5 km
tolerance: 1 m2
notice: {zh: 初步研判。, en: Preliminary check.}
"""
LAYER = """\
title: {{zh: {zh}, en: {en}}}
group: {group}
authority: {{zh: 某局, en: some office}}
source: {{zh: 测试, en: test}}
crs: EPSG:4490
schematic: false
accuracy_m: {accuracy}
id_field: zone_id
name_field: name
class_field: class
classes:
{classes}
editions:
  "2020": {{file: data/{id}.geojson, valid_from: 2020-01-01}}
coverage: {{territories: ["140522"{more}]}}
"""
DOCUMENTS = """\
documents:
  plan:
    title: {zh: 甲县规划, en: plan of county A}
    number: 甲政发〔2023〕1号
    issuer: {zh: 甲县人民政府, en: county A}
    issued: 2023-01-01
    weight: plan
    territories: ["140522"]
    valid_from: 2023-01-01
"""
FACTS = """\
facts:
  construction:
    title: {zh: 建设性质, en: kind of construction}
    question: {zh: 新建吗？, en: is it new?}
    kind: choice
    values: {new: {zh: 新建, en: new}, none: {zh: 无, en: none}}
  supply:
    title: {zh: 供水, en: water supply}
    question: {zh: 供水吗？, en: for water supply?}
    kind: yes_no
"""
RULE = """\
title: {{zh: {zh}, en: {en}}}
says: {{zh: {zh}, en: {en}}}
citation: {{section: 第一章, lines: L1, anchor: 某}}
territories: ["140522"]
in_force: {{from: 2023-01-01}}
scope: zone
where: {{layer: {layer}, classes: [{class_id}]}}
when: {{construction: new}}
effect: {effect}
"""


def geojson(path: Path, zones: Sequence[tuple[str, str, str, Box]]) -> None:
    """Write boxes as zones: (zone_id, name, class, box)."""
    features = [
        {"type": "Feature", "properties": {"zone_id": i, "name": n, "class": c}, "geometry": polygon(box)}
        for i, n, c, box in zones
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def polygon(box: Box) -> dict[str, object]:
    """Return a box as GeoJSON."""
    west, south, east, north = box
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def site_file(path: Path, box: Box, name: str = "地块一") -> Path:
    """Write a box as a boundary file in longitude and latitude."""
    feature = {"type": "Feature", "properties": {"id": "1", "name": name}, "geometry": polygon(box)}
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False), encoding="utf-8"
    )
    return path


def build(root: Path, *, accuracy_m: float = 0.0) -> Path:
    """Write the workspace into `root` and return it."""
    data = root / "layers" / "data"
    for folder in (data, root / "rules" / "plan", root / "rules" / "cases", root / "styles", root / "maps"):
        folder.mkdir(parents=True, exist_ok=True)
    (root / "zoning.yaml").write_text(WORKSPACE, encoding="utf-8")
    _layer(root, "territory", "辖区", "base", 0.0, {"county": ("县", "C")}, more=', "140825"')
    _layer(root, "water", "水源", "protection", accuracy_m, {"level-1": ("一级区", "1"), "level-2": ("二级区", "2")})
    _layer(root, "farmland", "基本农田", "agriculture", accuracy_m, {"field": ("图斑", "F")})
    geojson(data / "territory.geojson", [(code, f"县{code}", "C", box) for code, box in TERRITORIES.items()])
    geojson(data / "water.geojson", [(f"W{code}", "下芹", code, box) for code, box in WATER.items()])
    geojson(data / "farmland.geojson", [(f"F{code}", "", code, box) for code, box in FARMLAND.items()])
    rules = root / "rules"
    (rules / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
    (rules / "facts.yaml").write_text(FACTS, encoding="utf-8")
    _rule(root, "R042", "一级区禁止建设", "no building in level 1", "water", "level-1", "prohibit")
    _rule(root, "R048", "二级区限制建设", "building in level 2 limited", "water", "level-2", "restrict")
    _rule(root, "R083", "基本农田禁止建设", "no building on farmland", "farmland", "field", "prohibit")
    return root


def _layer(
    root: Path, name: str, zh: str, group: str, accuracy: float, classes: Mapping[str, tuple[str, str]], more: str = ""
) -> None:
    lines = "\n".join(f'  {key}: {{title: {{zh: {t}, en: {key}}}, codes: ["{c}"]}}' for key, (t, c) in classes.items())
    text = LAYER.format(id=name, zh=zh, en=name, group=group, accuracy=accuracy, classes=lines, more=more)
    (root / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")


def _rule(root: Path, rule_id: str, zh: str, en: str, layer: str, class_id: str, effect: str) -> None:
    text = RULE.format(zh=zh, en=en, layer=layer, class_id=class_id, effect=effect)
    (root / "rules" / "plan" / f"{rule_id}.yaml").write_text(text, encoding="utf-8")
