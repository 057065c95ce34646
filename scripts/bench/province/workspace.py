"""The province as a workspace of zoning: nine layers in longitude and latitude, one territory, one rule per layer."""

import json
import os
from pathlib import Path

import numpy as np
import shapely

from bench.province.files import Province, once
from bench.province.layers import NAMES
from bench.province.writing import measuring_plane, write_geopackage
from bench.province.zones import Geometries

TERRITORY = "140000"
GROUPS = {
    "units": ("control", "管控单元"),
    "redline": ("protection", "生态保护红线"),
    "reserves": ("protection", "自然保护区"),
    "water": ("protection", "饮用水源保护区"),
    "towns": ("town", "城镇开发边界"),
    "springs": ("protection", "泉域"),
    "rivers": ("protection", "河流"),
    "mines": ("risk", "采矿图斑"),
    "farmland": ("agriculture", "永久基本农田"),
}
ORDER = {"units": ("priority", "key", "general"), "reserves": ("core", "buffer", "experimental")}
ACCURACY_M = 5.0
_ROOT = """\
title: {zh: 合成省份, en: synthetic province}
latitude: 37.5
territory_layer: territory
search_distance: 2 km
tolerance: 1 m2
notice: {zh: 测速用，无任何效力。, en: For benchmarks only.}
"""
_LAYER = """\
title: {{zh: {zh}, en: {id}}}
group: {group}
geometry: {geometry}
authority: {{zh: 无, en: none}}
source: {{zh: 合成, en: synthetic}}
crs: EPSG:4490
schematic: true
accuracy_m: {accuracy}
id_field: zone_id
name_field: name
class_field: class
classes:
{classes}
editions:
  "2026": {{file: data/{id}.gpkg, table: {id}, valid_from: 2020-01-01}}
coverage: {{territories: ["140000"]}}
"""
_DOCUMENTS = """\
documents:
  plan:
    title: {zh: 合成规划, en: synthetic plan}
    number: 合成〔2023〕1号
    issuer: {zh: 合成省人民政府, en: synthetic government}
    issued: 2023-01-01
    weight: plan
    territories: ["140000"]
    valid_from: 2023-01-01
"""
_FACTS = """\
facts:
  construction:
    title: {zh: 建设性质, en: kind of construction}
    question: {zh: 新建吗？, en: is it new?}
    kind: choice
    values: {new: {zh: 新建, en: new}, none: {zh: 无, en: none}}
"""
_RULE = """\
title: {{zh: {zh}限制建设, en: building in {id} limited}}
says: {{zh: {zh}限制建设, en: building in {id} limited}}
citation: {{section: 第一章, lines: L1, anchor: 某}}
territories: ["140000"]
in_force: {{from: 2023-01-01}}
scope: zone
where: {{layer: {id}, classes: [{class_id}]}}
when: {{construction: new}}
effect: restrict
"""


def workspace(province: Province, name: str) -> Path:
    """Return a workspace of the province; two of different names share their data, not what is prepared from them."""
    root = province.root / f"workspace-{name}"
    data = province.root / "lonlat"
    for layer in NAMES:
        path = data / f"{layer}.gpkg"
        once(path, lambda partial, layer=layer: _write(province, partial, layer))  # type: ignore[misc]  # a default holds the value of this turn
    once(data / "territory.gpkg", lambda partial: _write_territory(province, partial))
    once(root, lambda partial: _write_content(province, partial, data))
    return root


def site_file(province: Province, count: int, site: int) -> Path:
    """Return one of the sites as a boundary file."""
    path = province.root / f"site-{count}-{site}.geojson"

    def write(partial: Path) -> None:
        (shape,) = measuring_plane().to_lonlat(province.sites(count).geometries[site : site + 1])
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
        feature = {
            "type": "Feature",
            "properties": {"name": f"site {site}"},
            "geometry": shapely.geometry.mapping(shape),
        }
        content = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        partial.write_text(json.dumps(content), encoding="utf-8")

    once(path, write)
    return path


def sites_file(province: Province, count: int) -> Path:
    """Return the sites within the province as a GeoPackage in longitude and latitude."""
    path = province.root / f"sites-{count}.gpkg"

    def write(partial: Path) -> None:
        sites = province.sites(count)
        inside = sites.geometries[sites.kinds != "outside"]
        lonlat = measuring_plane().to_lonlat(inside)
        write_geopackage(partial, lonlat, np.full(len(inside), "site"), "sites", crs="EPSG:4490")

    once(path, write)
    return path


def _write(province: Province, partial: Path, name: str) -> None:
    lonlat = measuring_plane().to_lonlat(province.geometries(name))
    write_geopackage(partial, lonlat, province.layer(name).classes, name, crs="EPSG:4490")


def _write_territory(province: Province, partial: Path) -> None:
    outline: Geometries = measuring_plane().to_lonlat(province.outline.geometries())
    names = np.array([TERRITORY], dtype=object)
    write_geopackage(partial, outline, np.array(["territory"]), "territory", crs="EPSG:4490", ids=names)


def _write_content(province: Province, root: Path, data: Path) -> None:
    for folder in ("layers/data", "rules/plan", "rules/cases", "styles", "maps"):
        (root / folder).mkdir(parents=True)
    (root / "zoning.yaml").write_text(_ROOT, encoding="utf-8")
    (root / "rules/documents.yaml").write_text(_DOCUMENTS, encoding="utf-8")
    (root / "rules/facts.yaml").write_text(_FACTS, encoding="utf-8")
    _write_layer(root, "territory", "base", "辖区", ("territory",))
    for number, (name, (group, zh)) in enumerate(GROUPS.items()):
        drawn = province.layer(name)
        classes = ORDER.get(name) or tuple(sorted(set(drawn.classes.tolist())))
        _write_layer(root, name, group, zh, classes, geometry="line" if drawn.lines else "polygon")
        rule = _RULE.format(id=name, zh=zh, class_id=classes[0])
        (root / f"rules/plan/R{number + 1:03d}.yaml").write_text(rule, encoding="utf-8")
    for file in sorted(data.glob("*.gpkg")):
        os.link(file, root / "layers" / "data" / file.name)


def _write_layer(
    root: Path, name: str, group: str, zh: str, classes: tuple[str, ...], *, geometry: str = "polygon"
) -> None:
    lines = "\n".join(f"  {one}: {{title: {{zh: {one}, en: {one}}}, codes: [{one}]}}" for one in classes)
    text = _LAYER.format(id=name, zh=zh, group=group, geometry=geometry, accuracy=ACCURACY_M, classes=lines)
    (root / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")
