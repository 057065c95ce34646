"""A trial in another country: a Swiss parcel with its published restrictions, in EPSG:2056, no line of code changed.

The sample data of pyramid_oereb (openoereb, BSD-2) are not part of this repository. Put the folder `oereb_sample`
anywhere and name the folder that holds it in $ZONING_TRIAL_DATA; docs/trials.md tells the steps by hand.
"""

import json
import os
from datetime import date
from pathlib import Path

import pytest
import shapely

from zoning.check import check_site
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import LayerEntry, Verdict
from zoning.sites import read_sites
from zoning.workspace import Workspace

THEMES = {
    "groundwater_protection_zones": ("polygon", "ch.Grundwasserschutzzonen"),
    "contaminated_public_transport_sites": ("polygon", "ch.BelasteteStandorteOeffentlicherVerkehr"),
    "land_use_plans": ("line", "ch.Nutzungsplanung"),
    "forest_perimeters": ("line", "ch.StatischeWaldgrenzen"),
    "motorways_building_lines": ("line", "ch.BaulinienNationalstrassen"),
}
LAYER = """\
title: {{zh: {theme}, en: {theme}}}
group: protection
geometry: {kind}
authority: {{zh: Kanton BL, en: Kanton BL}}
source: {{zh: pyramid_oereb, en: pyramid_oereb sample data}}
crs: EPSG:2056
schematic: false
accuracy_m: 0
id_field: id
name_field: name
classes: {{zone: {{title: {{zh: {theme}, en: {theme}}}, codes: [zone]}}}}
editions: {{sample: {{file: {theme}.geojson, valid_from: 2016-02-25}}}}
coverage: {{territories: ["{covered}"]}}
"""


@pytest.fixture
def sample() -> Path:
    folder = os.environ.get("ZONING_TRIAL_DATA")
    if not folder or not (Path(folder) / "oereb_sample").is_dir():
        pytest.skip("needs the sample data of pyramid_oereb: name its folder in $ZONING_TRIAL_DATA")
    return Path(folder) / "oereb_sample"


def geometries(sample: Path, theme: str, kind: str) -> list[shapely.Geometry]:
    wanted = {"polygon": ("Polygon", "MultiPolygon"), "line": ("LineString", "MultiLineString")}[kind]
    entries = json.loads((sample / theme / "geometry.json").read_text(encoding="utf-8"))
    parts = [p for e in entries for p in shapely.get_parts(shapely.from_wkt(e["geom"].partition(";")[2]))]
    return [part for part in parts if part.geom_type in wanted]


def write_zones(path: Path, zones: list[shapely.Geometry], ids: list[str]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": zone_id, "name": zone_id},
            "geometry": json.loads(shapely.to_geojson(g)),
        }
        for zone_id, g in zip(ids, zones, strict=True)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2056"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")


def build(root: Path, sample: Path) -> Path:
    layers = root / "layers"
    (root / "rules" / "plan").mkdir(parents=True)
    layers.mkdir()
    (root / "zoning.yaml").write_text(
        "title: {zh: Oberwil, en: Oberwil}\nlatitude: 47.5\nterritory_layer: territory\nsearch_distance: 1 km\n"
        "tolerance: 1 m2\nnotice: {zh: Probe, en: trial}\n",
        encoding="utf-8",
    )
    available = json.loads((sample / "dev.availabilities.json").read_text(encoding="utf-8"))
    codes = {entry["theme_code"]: str(entry["municipality_fosnr"]) for entry in available if entry["available"]}
    for theme, (kind, code) in THEMES.items():
        # A theme that is not available in the municipality covers it nowhere, whatever lines its file holds.
        text = LAYER.format(theme=theme, kind=kind, covered=codes.get(code, "nowhere"))
        (layers / f"{theme}.yaml").write_text(text, encoding="utf-8")
        zones = geometries(sample, theme, kind)
        write_zones(layers / f"{theme}.geojson", zones, [str(number) for number in range(len(zones))])
    (layers / "territory.yaml").write_text(
        LAYER.format(theme="territory", kind="polygon", covered="2771"), encoding="utf-8"
    )
    write_zones(layers / "territory.geojson", [shapely.box(2600000, 1255000, 2615000, 1270000)], ["2771"])
    (root / "rules" / "facts.yaml").write_text("facts: {}\n", encoding="utf-8")
    (root / "rules" / "documents.yaml").write_text(
        "documents: {plan: {title: {zh: Plan, en: plan}, number: '1', issuer: {zh: BL, en: BL}, issued: 2016-02-25, "
        "weight: plan, territories: ['2771'], valid_from: 2016-02-25}}\n",
        encoding="utf-8",
    )
    for number, theme in enumerate(THEMES, start=1):
        (root / "rules" / "plan" / f"R00{number}.yaml").write_text(
            f"title: {{zh: {theme}, en: {theme}}}\nsays: {{zh: s, en: s}}\n"
            "citation: {section: '1', lines: '1', anchor: a}\n"
            "territories: ['2771']\nin_force: {from: 2016-02-25}\n"
            f"scope: zone\nwhere: {{layer: {theme}}}\neffect: restrict\n",
            encoding="utf-8",
        )
    return root


@pytest.fixture
def verdict(sample: Path, tmp_path: Path) -> Verdict:
    w = Workspace.open(build(tmp_path / "w", sample))
    parcel = json.loads((sample / "dev.real_estates.json").read_text(encoding="utf-8"))[0]
    path = tmp_path / "parcel.wkt"
    path.write_text(parcel["limit"], encoding="utf-8")
    on = date(2026, 6, 1)
    site = read_sites(path, expected=w.extent(on))[0]
    found = check_site(site, FactSheet({}), on=on, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return found.verdict


def entry(verdict: Verdict, layer: str) -> LayerEntry:
    return next(item for item in verdict.layers if item.layer == layer)


def test_published_areas_and_shares_come_out(verdict: Verdict) -> None:
    # Published: register area 35,121 m²; 7,824 m² (22.3 %) and 3,608 m² (10.3 %): areas in the Swiss plane, which are
    # 109 ppm larger here than on the ellipsoid. That is the whole difference, the same for all three.
    plane = 1.000109
    assert verdict.site.area_m2 * plane == pytest.approx(35_121, abs=1)
    water = entry(verdict, "groundwater_protection_zones").classes[0]
    assert abs(round(water.overlap_m2) - 7_824) <= 1
    assert round(water.overlap_m2 * plane) == 7_824
    assert round(water.share * 100, 1) == 22.3
    contaminated = entry(verdict, "contaminated_public_transport_sites").classes[0]
    areas = sorted(zone.overlap_m2 for zone in contaminated.zones)
    assert [round(area * plane) for area in areas] == [3_608, 7_824]
    assert abs(round(areas[0]) - 3_608) <= 1
    assert round(areas[0] / verdict.site.area_m2 * 100, 1) == 10.3


def test_published_lengths_come_out(verdict: Verdict) -> None:
    # Published: lines of 101 m and 63 m inside the parcel.
    lengths = sorted(round(zone.length_m) for zone in entry(verdict, "land_use_plans").classes[0].zones)
    assert lengths == [63, 101]
    assert entry(verdict, "forest_perimeters").classes[0].length_m == pytest.approx(101, abs=1)


def test_a_theme_that_is_not_available_is_no_data_even_with_a_line_inside(verdict: Verdict) -> None:
    motorways = entry(verdict, "motorways_building_lines")
    assert (motorways.status, motorways.classes) == ("no_data", ())
    assert verdict.decision == "restricted"
