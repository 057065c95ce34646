"""What a conversion adds to the positional error makes the answer honest: possible, never a wrong "not affected"."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

import chinese_systems as cs
import overlay_world as ow
import tiny_workspace
from overlay_world import PLANE, box_m, features
from zoning.check import Examination, check_site, check_sites
from zoning.errors import CRSError
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.overlap import LayerOverlap
from zoning.replay import replay_verdict
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Verdict, verdict_schema
from zoning.sites.site import Site
from zoning.texts import Text
from zoning.workspace import Workspace

SITE = box_m(0, 0, 100, 100)
ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
DEGREE_M = 90_700.0  # of longitude at 35.45°


def against(west: float, *, layer_m: float = 0.0, site_m: float, coverage: float | None = None) -> LayerOverlap:
    """Measure a site of 100 m, accurate to `site_m`, against a zone that begins at `west`."""
    zones = features([(box_m(west, -300, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=layer_m)
    if coverage is not None:
        land = shapely.box(*box_m(-5000, -5000, coverage, 5000).bounds)
        lonlat = PLANE.to_lonlat(PLANE.to_plane([land], "EPSG:4525", step_m=100.0))[0]
        zones = replace(zones, coverage=lonlat)
    site = replace(ow.site(SITE, "EPSG:4525"), accuracy_m=site_m)
    layer = PlaneLayer.of(zones, PLANE)
    return measure(Footprint.of(site, PLANE), layer, search_m=500.0, tolerance_m2=1.0)


def test_a_site_3_m_outside_of_an_exact_zone_is_possibly_in_it() -> None:
    assert against(103, site_m=0).status == "not_affected"
    found = against(103, site_m=5)
    assert found.status == "possible"
    assert (found.accuracy_m, found.site_accuracy_m) == (5.0, 5.0)
    assert found.reason == Text(
        "在图层与地块位置精度之和（5 m）之内可能涉及",
        "may be touched within the accuracies of layer and site together (5 m)",
    )
    assert found.classes[0].flips_at_m == pytest.approx(3.0, abs=0.11)


@pytest.mark.parametrize(
    ("west", "status"),
    # 5 m of the layer and 10 m of the site: 15 m.
    [(84.7, "affected"), (85.3, "possible"), (114.7, "possible"), (115.3, "not_affected")],
)
def test_accuracies_add_up(west: float, status: str) -> None:
    assert against(west, layer_m=5, site_m=10).status == status


def test_outside_of_zones_counts_the_site_as_well() -> None:
    # The site lies 8 m deep inside the zone: whether a part of it is outside is open at 10 m, not at 5 m.
    for site_m, possible in ((5.0, False), (10.0, True)):
        found = against(-8, site_m=site_m)
        assert found.beyond is not None
        rest = found.beyond(frozenset({"level-1"}), unleveled=True)
        assert (rest.certain, rest.possible) == (False, possible)


def test_near_the_end_of_the_coverage_nothing_is_denied() -> None:
    assert against(300, site_m=5, coverage=110).status == "not_affected"
    found = against(300, site_m=15, coverage=110)
    assert found.status == "no_data"
    assert found.reason == Text(
        "在地块位置精度之内，可能有部分不在图层覆盖之内",
        "within the accuracy of the site a part may lie outside the layer's coverage",
    )
    assert 0 < found.uncovered_m2 <= found.covered_m2


def site(west: float, *, accuracy_m: float = 0.0) -> Site:
    """Return a site of about 90 m whose west side is given, beside the field that ends at 112.46°E."""
    conversion = Text("由某系转换", "converted from some system") if accuracy_m else None
    box = shapely.box(west, 35.452, west + 0.001, 35.453)
    return Site("1", "地块一", box, "EPSG:4490", "a.kml", conversion=conversion, accuracy_m=accuracy_m)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def examine(root: Path, what: Site) -> Verdict:
    w = Workspace.open(root)
    return check_site(what, NEW, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings).verdict


BESIDE = 112.46 + 3 / DEGREE_M


def test_the_decision_follows(root: Path) -> None:
    assert examine(root, site(BESIDE)).decision == "permitted"
    verdict = examine(root, site(BESIDE, accuracy_m=5.0))
    assert verdict.decision == "undetermined"
    entry = next(entry for entry in verdict.layers if entry.layer == "farmland")
    assert (entry.status, entry.accuracy_m) == ("possible", 0.0)
    finding = next(finding for finding in verdict.findings if finding.rule == "R083")
    assert finding.reasons[0].zh == "在图层与地块位置精度之和（5 m）之内可能涉及图斑，需实测界线"


def test_the_verdict_shows_it_and_runs_again_to_the_same_bytes(root: Path) -> None:
    verdict = examine(root, site(BESIDE, accuracy_m=5.0))
    assert verdict.site.conversion == Text("由某系转换", "converted from some system")
    assert verdict.site.accuracy_m == 5.0
    assert {"conversion", "accuracy_m"} <= set(verdict_schema()["$defs"]["SiteEntry"]["properties"])
    w = Workspace.open(root)
    again = Verdict.from_json(verdict.to_json())
    replay = replay_verdict(again, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert replay.same
    assert examine(root, site(BESIDE)).digests.site != verdict.digests.site


def test_verdicts_of_earlier_versions_are_still_read(root: Path) -> None:
    verdict = examine(root, site(BESIDE))
    raw = verdict.model_dump(mode="json", by_alias=True)
    for place in (raw["site"], raw["trace"]["site"]):
        del place["conversion"], place["accuracy_m"]
    old = Verdict.model_validate(raw)
    w = Workspace.open(root)
    replay = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert replay.verdict.decision == old.decision
    assert replay.effects == ()


def test_sites_of_different_accuracy_in_one_call_give_the_verdicts_of_single_calls(root: Path) -> None:
    w = Workspace.open(root)
    work = [(site(BESIDE, accuracy_m=metres), NEW) for metres in (0.0, 5.0, 300.0)]
    together = check_sites(work, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    for result, (one, _) in zip(together, work, strict=True):
        assert isinstance(result, Examination)
        assert result.verdict.to_json() == examine(root, one).to_json()


def test_nearer_to_the_border_than_the_accuracies(root: Path) -> None:
    verdict = examine(root, site(112.499 - 7 / DEGREE_M, accuracy_m=10.0))
    assert verdict.site.warnings[0].zh.startswith("距辖区 140522 的界线不足其与地块位置精度之和（10 m）")


def moved(what: Site, turn: object) -> Site:
    shift = cs.gcj02 if turn == "GCJ-02" else cs.bd09
    corners = [shift((x, y)) for x, y in shapely.get_coordinates(what.geometry).tolist()]
    return replace(what, geometry=shapely.Polygon(corners))


@pytest.mark.parametrize("name", ["GCJ-02", "BD-09"])
def test_just_outside_the_territories_the_shift_of_web_maps_is_named(root: Path, name: str) -> None:
    # The eastern end of the territories is 112.7°E; the true place lies 80 m inside.
    true = site(112.698)
    with pytest.raises(CRSError) as caught:
        examine(root, moved(true, name))
    sentence = caught.value.get("zh")
    assert "若为 GCJ-02（国测局加密坐标）" in sentence or name == "BD-09"
    assert f"{name}（" in sentence
    assert sentence.endswith("则落在辖区之内，请更正文件，或用 --crs 说明坐标系")
    assert "（最近的辖区以东" in sentence


def test_a_converted_site_is_not_suspected_again(root: Path) -> None:
    outside = replace(moved(site(112.698), "GCJ-02"), conversion=Text("x", "x"))
    with pytest.raises(CRSError, match="check coordinate system, zone and axis order"):
        examine(root, outside)


def test_beyond_the_reach_of_the_shift_it_is_not_named(root: Path) -> None:
    with pytest.raises(CRSError, match=r"\(about 4\.5 km east of the nearest one\).*; check coordinate system"):
        examine(root, site(112.75))


def test_minutes_read_as_decimals_are_named(root: Path) -> None:
    # 112°28′48″, 35°31′12″ written as degrees.minutes-seconds; read as decimals it lies south-west of the county.
    written = shapely.box(112.2848, 35.3112, 112.2849, 35.3113)
    with pytest.raises(CRSError) as caught:
        examine(root, replace(site(112.4), geometry=written))
    assert (
        "若为 EPSG:4490（CGCS2000 经纬度）而写成度.分秒（112.1830 即 112°18′30″），则落在辖区之内"
        in caught.value.get("zh")
    )


def test_utm_read_as_gauss_krueger_is_named_where_it_matters(root: Path) -> None:
    # 0.04 % of the northing is 1.6 km: read as Gauss-Krüger the place lies that far south of where UTM puts it.
    corners = [cs.utm(point, 49) for point in ((112.4, 35.401), (112.402, 35.401), (112.402, 35.403), (112.4, 35.403))]
    plain = replace(site(112.4), geometry=shapely.Polygon(corners), crs="EPSG:4546")
    with pytest.raises(CRSError) as caught:
        examine(root, plain)
    assert "若为 EPSG:32649（WGS 84 / UTM zone 49N），则落在辖区之内" in caught.value.get("zh")
