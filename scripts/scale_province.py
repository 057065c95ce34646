"""The synthetic province as a workspace: nine layers in longitude and latitude, a rule on each."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from bench.province.files import Province
from bench.province.layers import NAMES
from bench.province.writing import measuring_plane, write_geopackage

TERRITORY = "140000"
WORKSPACE = """\
title: {zh: 合成省, en: synthetic province}
latitude: 37.5
territory_layer: territory
search_distance: 2 km
tolerance: 1 m2
notice: {zh: 测试数据。, en: Made for measuring.}
"""
LAYER = """\
title: {{zh: {name}, en: {name}}}
group: {group}
geometry: {geometry}
authority: {{zh: 合成, en: made}}
source: {{zh: 合成, en: made}}
crs: EPSG:4490
schematic: true
accuracy_m: 0
id_field: zone_id
name_field: name
class_field: class
classes:
{classes}
editions:
  "2026": {{file: data/{name}.gpkg, table: {name}, valid_from: 2026-01-01}}
coverage: {{territories: ["140000"]}}
"""
CLASS = '  {name}: {{title: {{zh: {name}, en: {name}}}, codes: ["{code}"]}}'
DOCUMENTS = """\
documents:
  plan:
    title: {zh: 合成规划, en: made plan}
    issuer: {zh: 合成, en: made}
    issued: 2026-01-01
    weight: plan
    territories: ["140000"]
    valid_from: 2026-01-01
"""
FACTS = """\
facts:
  construction:
    title: {zh: 建设性质, en: kind of construction}
    question: {zh: 新建吗？, en: is it new?}
    kind: yes_no
"""
RULE = """\
title: {{zh: 规则, en: rule}}
says: {{zh: 规则, en: rule}}
citation: {{section: 第一章, lines: L1, anchor: 某}}
territories: ["140000"]
in_force: {{from: 2026-01-01}}
scope: zone
where: {{layer: {layer}, classes: [{classes}]}}
when: {{construction: "yes"}}
effect: restrict
"""


def make_workspace(root: Path, province: Province) -> None:
    """Write a workspace with the layers of the province, in longitude and latitude."""
    (root / "layers" / "data").mkdir(parents=True)
    (root / "rules" / "plan").mkdir(parents=True)
    (root / "zoning.yaml").write_text(WORKSPACE, encoding="utf-8")
    (root / "rules" / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
    (root / "rules" / "facts.yaml").write_text(FACTS, encoding="utf-8")
    _write_layer(root, "territory", province.outline.geometries(), np.array(["province"]), ids=[TERRITORY])
    for number, name in enumerate(NAMES):
        layer = province.layer(name)
        classes = _write_layer(root, name, province.geometries(name), layer.classes)
        text = RULE.format(layer=name, classes=", ".join(classes))
        (root / "rules" / "plan" / f"R{number:03}.yaml").write_text(text, encoding="utf-8")


def _write_layer(root: Path, name: str, shapes: Any, codes: np.ndarray, ids: list[str] | None = None) -> list[str]:
    found = [str(code) for code in np.unique(codes)]
    classes = [f"c{number}" for number in range(len(found))]
    lines = [
        f'  {c}: {{title: {{zh: {c}, en: {c}}}, codes: ["{code}"]}}' for c, code in zip(classes, found, strict=True)
    ]
    geometry = "line" if shapely.get_dimensions(shapes[:1])[0] == 1 else "polygon"
    group = "base" if name == "territory" else "protection"
    text = LAYER.format(name=name, classes="\n".join(lines), geometry=geometry, group=group)
    (root / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    lonlat = measuring_plane().to_lonlat(shapes)
    path = root / "layers" / "data" / f"{name}.gpkg"
    write_geopackage(path, lonlat, codes, name, crs="EPSG:4490")
    if ids is not None:
        _rename(path, name, ids)
    return classes


def _rename(path: Path, table: str, ids: list[str]) -> None:
    """Give zones the ids that rules name them by."""
    import pyogrio

    frame = pyogrio.read_dataframe(path)
    frame["zone_id"] = ids
    path.unlink()
    pyogrio.write_dataframe(frame, path, layer=table)


def sites_file(path: Path, province: Province, count: int) -> None:
    """Write sites of all kinds in longitude and latitude."""
    lonlat = measuring_plane().to_lonlat(province.sites(count).geometries)
    write_geopackage(path, lonlat, np.full(count, "1"), "sites", crs="EPSG:4490")
