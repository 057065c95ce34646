"""A trial with a real relief and real streams: a small workspace made in code, checked and drawn as any other.

The data (Copernicus GLO-90 elevations, drainage lines derived from them, Natural Earth rivers) are not part of this
repository. Name their folder in $ZONING_TRIAL_DATA; docs/trials.md tells what was found.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.check import Examination, check_site
from zoning.cli.maps import map_of
from zoning.cli.session import Session
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import LayerEntry
from zoning.sites import read_sites
from zoning.workspace import Workspace

DEM = "dem_yangcheng_jincheng_4326_0.0025deg.tif"
RIVERS = "rivers_ne10m_shanxi.geojson"
STREAMS = "streams_pflood_glo90_15km2.geojson"
TERRITORY = (112.00, 35.15, 112.95, 35.75)
ON = date(2026, 6, 1)
REACH_M = 1_000.0

LAYER = """\
title: {{zh: {zh}, en: {id}}}
group: base
geometry: {kind}
authority: {{zh: 试验, en: trial}}
source: {{zh: {source}, en: {source}}}
crs: EPSG:4326
schematic: true
accuracy_m: 0
id_field: id
name_field: name
class_field: class
classes: {{{classes}}}
editions: {{trial: {{file: {id}.geojson, valid_from: 2020-01-01}}}}
coverage: {{territories: ["140522"]}}
"""
RULE = """\
title: {zh: 距沁河一公里内限制, en: limited within 1 km of the Qin}
says: {zh: 试验规则, en: a rule of this trial}
citation: {section: '1', lines: '1', anchor: a}
territories: ["140522"]
in_force: {from: 2020-01-01}
scope: zone
where: {layer: rivers, classes: [qin], relation: within, distance: 1 km}
effect: restrict
condition: {zh: 试验, en: trial}
"""
DOCUMENTS = """\
documents: {plan: {title: {zh: 试验, en: trial}, number: '1', issuer: {zh: 试验, en: trial}, issued: 2020-01-01,
  weight: plan, territories: ["140522"], valid_from: 2020-01-01}}
"""


@dataclass(frozen=True)
class Trial:
    """The opened workspace, and the lines it was made from."""

    workspace: Workspace
    folder: Path
    streams: list[BaseGeometry]
    qin: BaseGeometry

    def check(self, box: tiny_workspace.Box) -> Examination:
        path = tiny_workspace.site_file(self.folder / "site.geojson", box)
        w = self.workspace
        site = read_sites(path, expected=w.extent(ON))[0]
        return check_site(site, FactSheet({}), on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)


def lines_of(path: Path, name: str | None = None) -> list[BaseGeometry]:
    document = json.loads(path.read_text(encoding="utf-8"))
    chosen = [f for f in document["features"] if name is None or f["properties"].get("name") == name]
    parts = [part for f in chosen for part in shapely.get_parts(shapely.from_geojson(json.dumps(f["geometry"])))]
    return [part for part in parts if part.intersects(shapely.box(*TERRITORY))]


def write_lines(path: Path, lines: list[BaseGeometry], class_id: str, name: str) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": str(number), "name": name, "class": class_id},
            "geometry": json.loads(shapely.to_geojson(line)),
        }
        for number, line in enumerate(lines)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def build(root: Path, source: Path) -> Trial:
    layers, rules = root / "layers", root / "rules" / "plan"
    layers.mkdir(parents=True)
    rules.mkdir(parents=True)
    shutil.copy(source / DEM, root / "dem.tif")
    settings = tiny_workspace.WORKSPACE.replace("search_distance: 5 km", "search_distance: 20 km")
    (root / "zoning.yaml").write_text(f"{settings}relief: [dem.tif]\n", encoding="utf-8")
    for layer_id, zh, kind, class_id, made_from in (
        ("territory", "辖区", "polygon", "county", "box"),
        ("streams", "水系", "line", "stream", STREAMS),
        ("rivers", "河流", "line", "qin", RIVERS),
    ):
        classes = f"{class_id}: {{title: {{zh: {zh}, en: {class_id}}}, codes: [{class_id}]}}"
        text = LAYER.format(id=layer_id, zh=zh, kind=kind, classes=classes, source=made_from)
        (layers / f"{layer_id}.yaml").write_text(text, encoding="utf-8")
    tiny_workspace.geojson(layers / "territory.geojson", [("140522", "试验区", "county", TERRITORY)])
    text = (layers / "territory.yaml").read_text(encoding="utf-8")
    text = text.replace("EPSG:4326", "EPSG:4490").replace("id_field: id", "id_field: zone_id")
    (layers / "territory.yaml").write_text(text, encoding="utf-8")
    streams, qin = lines_of(source / STREAMS), lines_of(source / RIVERS, "Qin")
    write_lines(layers / "streams.geojson", streams, "stream", "")
    write_lines(layers / "rivers.geojson", qin, "qin", "沁河")
    (root / "rules" / "facts.yaml").write_text("facts: {}\n", encoding="utf-8")
    (root / "rules" / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
    (rules / "R001.yaml").write_text(RULE, encoding="utf-8")
    return Trial(Workspace.open(root), root, streams, shapely.union_all(qin))


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = os.environ.get("ZONING_TRIAL_DATA")
    if not folder or not all((Path(folder) / name).is_file() for name in (DEM, RIVERS, STREAMS)):
        pytest.skip("needs a real relief and rivers: name their folder in $ZONING_TRIAL_DATA")
    return build(tmp_path_factory.mktemp("relief") / "w", Path(folder))


def square(lon: float, lat: float, half: float = 0.001) -> tiny_workspace.Box:
    return lon - half, lat - half, lon + half, lat + half


def entry(examination: Examination, layer: str) -> LayerEntry:
    return next(item for item in examination.verdict.layers if item.layer == layer)


def flat(geometry: BaseGeometry, box: tiny_workspace.Box) -> BaseGeometry:
    """Project around the middle of a box: distances from there are true, others nearby to a few millionths."""
    west, south, east, north = box
    plane = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +ellps=GRS80")
    change = pyproj.Transformer.from_crs("EPSG:4490", plane, always_xy=True)
    dense = shapely.segmentize(geometry, 0.0002)
    return shapely.transform(dense, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


def on_streams(trial: Trial) -> list[shapely.Point]:
    """Return points in the middle of the longest streams, well inside the territory."""
    inside = shapely.box(*TERRITORY).buffer(-0.02)
    longest = sorted(trial.streams, key=lambda line: line.length, reverse=True)
    return [p for line in longest if (p := line.interpolate(0.5, normalized=True)).within(inside)]


def test_streams_in_a_site_are_measured_as_on_the_ellipsoid(trial: Trial) -> None:
    geod = pyproj.Geod(ellps="GRS80")
    points = on_streams(trial)[:8]
    assert len(points) == 8
    for point in points:
        box = square(point.x, point.y)
        found = entry(trial.check(box), "streams")
        parts = [shapely.segmentize(part, 1e-4) for part in shapely.clip_by_rect(trial.streams, *box)]
        expected = sum(geod.geometry_length(part) for part in parts)
        assert found.status == "affected"
        assert 100 < found.classes[0].length_m < 2_000
        assert found.classes[0].length_m == pytest.approx(expected, rel=5e-5)
        assert sum(zone.length_m for zone in found.classes[0].zones) == pytest.approx(expected, rel=5e-5)


@pytest.mark.parametrize(("offset", "decision"), [(0.0, "restricted"), (0.006, "restricted"), (0.03, "permitted")])
def test_the_distance_to_the_qin_decides(trial: Trial, offset: float, decision: str) -> None:
    middle = trial.qin.intersection(shapely.box(112.2, 35.3, 112.8, 35.6)).representative_point()
    box = square(middle.x + offset, middle.y)
    examination = trial.check(box)
    expected = flat(shapely.box(*box), box).distance(flat(trial.qin, box))
    found = entry(examination, "rivers")
    assert examination.verdict.decision == decision
    assert (expected < REACH_M) == (decision == "restricted")
    if expected == 0:
        assert (found.status, found.classes[0].zones[0].name) == ("affected", "沁河")
    else:
        assert found.nearest_m == pytest.approx(expected, rel=1e-4, abs=0.05)


def test_the_map_shows_the_real_relief(trial: Trial) -> None:
    point = on_streams(trial)[0]
    page = map_of(trial.check(square(point.x, point.y)), trial.workspace, Session("zh", {}))
    picture = re.search(r"data:image/webp;base64,([A-Za-z0-9+/=]+)", page)
    assert picture is not None
    assert len(picture[1]) > 3_000
    assert 'data-key="streams/stream"' in page
