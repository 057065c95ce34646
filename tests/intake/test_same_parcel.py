"""One parcel in every format and coordinate system: one geometry to the millimetre, and one verdict."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

import china_offsets_oracle as oracle
import parcel_writers as pw
from parcel_writers import Written
from zoning.check import check_site
from zoning.overlay.source import LayerSource
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Verdict
from zoning.sites import Site, read_sites
from zoning.workspace import Workspace

ON = date(2026, 9, 1)
ROUNDED = 0.005
ENOUGH = 40

# MapInfo: Gauss-Krüger is 8; 104 is WGS84, the nearest datum that old versions name.
MIF_38 = 'CoordSys Earth Projection 8, 104, "m", 114, 0, 1, 38500000, 0'
VCT_38 = {"Projection": "高斯-克吕格投影", "Parameters": "114,0,1,38500000,0,0"}

WAYS: list[Written] = [
    Written("geojson degrees", pw.geojson(None)),
    *(
        Written(f"geojson {code}", pw.geojson(f"EPSG:{code}"))
        for code in (4490, 4326, 4525, 4526, 4546, 4547, 4497, 4508, 4498, 4509, 32649, 3857)
    ),
    *(Written(f"wkt {code}", pw.wkt(f"EPSG:{code}")) for code in (4490, 4526, 4547)),
    Written("wkb 4525", pw.wkb("EPSG:4525", as_hex=False)),
    Written("wkb hex 4490", pw.wkb("EPSG:4490", as_hex=True)),
    Written("txt 38", pw.txt("EPSG:4526", 带号="38"), {}, ROUNDED),
    Written("txt 37", pw.txt("EPSG:4525", 带号="37"), {}, ROUNDED),
    Written("txt 38 swapped utf-8", pw.txt("EPSG:4526", swapped=True, encoding="utf-8-sig", 带号="38"), {}, ROUNDED),
    Written("txt without prefix", pw.txt("EPSG:4547", 带号="38"), {}, ROUNDED),
    Written("txt without any zone", pw.txt("EPSG:4546", 带号=""), {}, ROUNDED),
    Written("txt 6-degree", pw.txt("EPSG:4497", 带号="19", 几度分带="6"), {}, ROUNDED),
    Written("shapefile 4490", pw.shapefile("EPSG:4490")),
    Written("shapefile 4547", pw.shapefile("EPSG:4547")),
    Written(
        "shapefile of ArcGIS",
        pw.shapefile("EPSG:4526", prj=pw.esri_prj("CGCS2000_3_Degree_GK_Zone_38", 114, 38_500_000)),
    ),
    Written("shapefile zipped", pw.shapefile("EPSG:4525", pack="范围线")),
    Written("geopackage 4526", pw.ogr("a.gpkg", "GPKG", "EPSG:4526")),
    Written("geopackage 3857", pw.ogr("a.gpkg", "GPKG", "EPSG:3857")),
    Written("flatgeobuf 4490", pw.ogr("a.fgb", "FlatGeobuf", "EPSG:4490")),
    Written("flatgeobuf 4547", pw.ogr("a.fgb", "FlatGeobuf", "EPSG:4547")),
    # A geodatabase keeps whole numbers of a tenth of a millimetre.
    Written("geodatabase 4526", pw.ogr("a.gdb", "OpenFileGDB", "EPSG:4526")),
    Written("geodatabase 4490 zipped", pw.packed(pw.ogr("a.gdb", "OpenFileGDB", "EPSG:4490"), "a.gdb")),
    Written("geoparquet 4490", pw.parquet("EPSG:4490")),
    Written("geoparquet 4526", pw.parquet("EPSG:4526")),
    Written("kml", pw.kml),
    Written("kmz", pw.packed(pw.kml, "doc.kml", "b.kmz")),
    Written("gml 4490 urn", pw.gml("EPSG:4490", urn=True)),
    Written("gml 4526 urn", pw.gml("EPSG:4526", urn=True)),
    Written("gml 4326 short", pw.gml("EPSG:4326", urn=False)),
    Written("dxf 4526", pw.dxf("EPSG:4526"), {"crs": "EPSG:4526"}),
    Written("dxf 4547", pw.dxf("EPSG:4547"), {"crs": "EPSG:4547"}),
    Written("vct 38", pw.vct("EPSG:4526", VCT_38)),
    Written("mif 38", pw.mif("EPSG:4526", MIF_38)),
    # MapInfo keeps whole numbers; without these bounds steps of 7 cm.
    Written("tab 4326", pw.ogr("a.tab", "MapInfo File", "EPSG:4326", BOUNDS="112,35,113,36"), {}, ROUNDED),
    Written("csv degrees", pw.csv(pw.rows(None)), {"crs": "EPSG:4490"}),
    Written("csv degrees, minutes, seconds", pw.csv(pw.rows(None, angles=True), "utf-8"), {}, ROUNDED),
    Written("csv 38", pw.csv(pw.rows("EPSG:4526")), {"crs": "EPSG:4526"}, ROUNDED),
    Written("xlsx 37", pw.xlsx(pw.rows("EPSG:4525")), {"crs": "EPSG:4525"}, ROUNDED),
    Written("xlsx degrees", pw.xlsx(pw.rows(None)), {}),
    Written("pasted 38 without prefix", pw.pasted(pw.rows("EPSG:4547")), {"crs": "EPSG:4547"}, ROUNDED),
    Written("GCJ-02", pw.moved_geojson(pw.shifted_rings(oracle.to_gcj02)), {"crs": "GCJ02"}),
    Written("BD-09", pw.moved_geojson(pw.shifted_rings(oracle.to_bd09)), {"crs": "BD09"}),
]


@pytest.fixture(scope="module")
def workspace(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def layers(workspace: Workspace) -> LayerSource:
    """Return the layers around the parcel, read once for all its ways: in a window that holds those of all of them."""
    source = workspace.source()
    around = shapely.Polygon(pw.RINGS[0]).buffer(0.001, join_style="mitre")
    verdict_of(Site("1", "around", around, "EPSG:4490", "around"), workspace, source)
    return source


Sites = Callable[[Written], Site]


@pytest.fixture(scope="module")
def site_of(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """Return what reads the parcel in a way, once for all tests."""
    extent = workspace.extent(ON)

    @cache
    def read(name: str) -> Site:
        way = next(way for way in WAYS if way.name == name)
        (site,) = read_sites(way.make(tmp_path_factory.mktemp("way")), expected=extent, **way.options)
        return site

    return lambda way: read(way.name)


def test_enough_ways() -> None:
    assert len({way.name for way in WAYS}) == len(WAYS) >= ENOUGH


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_every_vertex_is_where_it_was(way: Written, site_of: Sites) -> None:
    site = site_of(way)
    assert isinstance(site.geometry, shapely.Polygon)
    rings = [site.geometry.exterior, *site.geometry.interiors]
    assert len(rings) == len(pw.RINGS)
    back = Transformer.from_crs(site.crs, "EPSG:4490", always_xy=True)
    geod = Geod(ellps="GRS80")
    for ring, meant in zip(rings, pw.RINGS, strict=True):
        xy = shapely.get_coordinates(ring)
        lon, lat = back.transform(xy[:, 0], xy[:, 1])
        # Formats may start elsewhere and run the other way round: every vertex has its nearest one.
        there = np.array(meant)
        assert len(xy) == len(there)
        nearest = [
            int(np.argmin((there[:, 0] - x) ** 2 + (there[:, 1] - y) ** 2)) for x, y in zip(lon, lat, strict=True)
        ]
        assert set(nearest) >= set(range(1, len(there) - 1))
        away = geod.inv(lon, lat, there[nearest, 0], there[nearest, 1])[2]
        assert max(away) <= way.tolerance_m


def summary(verdict: Verdict) -> object:
    """Return what decides: everything but the digits that a millimetre changes."""
    layers = [
        (entry.layer, entry.status, [(c.class_, [z.id for z in c.zones], c.certainty) for c in entry.classes])
        for entry in verdict.layers
    ]
    findings = [(f.rule, f.outcome, f.decision, f.effect) for f in verdict.findings]
    return verdict.decision, layers, findings, [fact.fact for fact in verdict.missing_facts]


def areas(verdict: Verdict) -> list[float]:
    return [verdict.site.area_m2, *(c.overlap_m2 for entry in verdict.layers for c in entry.classes)]


def verdict_of(site: Site, w: Workspace, layers: LayerSource) -> Verdict:
    facts = FactSheet({"construction": ("new",)})
    return check_site(
        site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings, source=layers
    ).verdict


@pytest.fixture(scope="module")
def meant(site_of: Sites, workspace: Workspace, layers: LayerSource) -> Verdict:
    return verdict_of(site_of(WAYS[0]), workspace, layers)


@pytest.mark.parametrize("way", WAYS[1:], ids=[way.name for way in WAYS[1:]])
def test_every_way_has_the_same_verdict(
    way: Written, site_of: Sites, workspace: Workspace, layers: LayerSource, meant: Verdict
) -> None:
    found = verdict_of(site := site_of(way), workspace, layers)
    if site.accuracy_m == 0:
        assert summary(found) == summary(meant)
    assert found.decision == meant.decision
    # A millimetre around the border of the parcel.
    assert areas(found) == pytest.approx(areas(meant), abs=1600 * way.tolerance_m)
