"""GCJ-02 and BD-09: the published formula, and what undoing it says about itself."""

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

import boundary_writers as bw
import chinese_systems as cs
from crs_parcel import HOME, geojson
from zoning.sites import read_sites
from zoning.sites.crs.conversion import NotConvertibleError
from zoning.sites.crs.mars import CHINA, bd09, from_bd09, from_gcj02, gcj02

GEOD = Geod(ellps="GRS80")

# (WGS 84, GCJ-02) as the tests of the widely used library eviltransform state them: Shanghai, Shenzhen, Beijing.
PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]


@pytest.mark.parametrize(("true", "shifted"), PUBLISHED)
def test_published_points(true: tuple[float, float], shifted: tuple[float, float]) -> None:
    assert gcj02(np.array([true]))[0] == pytest.approx(shifted, abs=1e-12)
    assert from_gcj02(np.array([shifted]))[0] == pytest.approx(true, abs=1e-12)


def test_shift_in_jinzhong_is_588_m_and_1386_m() -> None:
    here = np.array([[112.45, 37.4]])
    azimuth, _, metres = GEOD.inv(*here[0], *gcj02(here)[0])
    assert (round(metres), round(azimuth)) == (588, 82)
    assert round(GEOD.inv(*here[0], *bd09(here)[0])[2]) == 1386


def test_array_and_scalar_formulas_agree() -> None:
    rng = np.random.default_rng(2002)
    west, south, east, north = CHINA
    points = np.column_stack((rng.uniform(west, east, 500), rng.uniform(south, north, 500)))
    for ours, theirs in ((gcj02, cs.gcj02), (bd09, cs.bd09)):
        expected = [theirs((x, y)) for x, y in points.tolist()]
        assert np.abs(ours(points) - expected).max() < 1e-12


def test_nothing_in_nothing_out() -> None:
    assert from_gcj02(np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("point", [(72.0, 35.0), (137.84, 35.0), (112.0, 0.8), (112.0, 55.83), (np.nan, 35.0)])
def test_outside_of_china_it_is_refused(point: tuple[float, float]) -> None:
    inside = (112.0, 35.0)
    for undo in (from_gcj02, from_bd09):
        with pytest.raises(NotConvertibleError, match="outside of China"):
            undo(np.array([inside, point]))


# Edges of 0.9 km: they bend by 0.1 m in GCJ-02, by 1.2 m in BD-09.
@pytest.mark.parametrize(("name", "metres", "with_bend"), [("GCJ02", 10.0, 10.0), ("BD09", 15.0, 16.2)])
def test_the_site_says_what_was_done_and_how_exact_it_is(
    tmp_path: Path, name: str, metres: float, with_bend: float
) -> None:
    turn = cs.gcj02 if name == "GCJ02" else cs.bd09
    (site,) = read_sites(geojson(HOME, None, turn)(tmp_path), expected=bw.EXPECTED, crs=name)
    assert site.crs == "EPSG:4490"
    assert site.accuracy_m == with_bend
    assert site.conversion is not None
    assert "反算为 CGCS2000 经纬度，界址点逐点反算；反算误差小于 1 mm" in site.conversion.zh
    assert f"±{metres:g} m" in site.conversion.zh
    assert "vertex by vertex" in site.conversion.en
    found = bw.shape(site).exterior.coords
    worst = max(GEOD.inv(one[0], one[1], *other)[2] for one, other in zip(found, HOME, strict=True))
    assert worst < 1e-6


def test_without_a_statement_nothing_is_converted(tmp_path: Path) -> None:
    (site,) = read_sites(geojson(HOME, None, cs.gcj02)(tmp_path), expected=bw.EXPECTED)
    assert (site.conversion, site.accuracy_m) == (None, 0.0)


def test_a_file_can_state_it(tmp_path: Path) -> None:
    (site,) = read_sites(geojson(HOME, "GCJ02", cs.gcj02)(tmp_path), expected=bw.EXPECTED)
    assert site.accuracy_m == 10.0


def test_a_bow_tie_stays_one(tmp_path: Path) -> None:
    bow = [HOME[0], HOME[2], HOME[1], HOME[3], HOME[0]]
    (site,) = read_sites(geojson(bow, None, cs.gcj02)(tmp_path), expected=bw.EXPECTED, crs="GCJ02")
    assert not site.geometry.is_valid


def test_many_vertices_are_taken_in_blocks() -> None:
    points = np.column_stack((np.linspace(110, 114, 200_002), np.linspace(34, 40, 200_002)))
    assert np.abs(gcj02(from_gcj02(points)) - points).max() < 1e-12


LONG = [(112.2, 35.4), (112.3, 35.4), (112.3, 35.41), (112.2, 35.41), (112.2, 35.4)]


def test_long_edges_cost_accuracy(tmp_path: Path) -> None:
    """9 km of an edge that is straight on Baidu's map is not straight in CGCS2000."""
    (site,) = read_sites(geojson(LONG, None, cs.bd09)(tmp_path), expected=bw.EXPECTED, crs="BD09")
    start, end = (np.array(cs.bd09(point)) for point in LONG[:2])
    along = [start + k / 100 * (end - start) for k in range(101)]
    true = from_bd09(np.array(along))
    straight = true[0] + np.linspace(0, 1, 101)[:, None] * (true[-1] - true[0])
    bend = max(GEOD.inv(*one, *other)[2] for one, other in zip(true.tolist(), straight.tolist(), strict=True))
    assert bend > 20
    assert 15 + bend - 0.5 < site.accuracy_m < 15 + bend + 25
    assert site.conversion is not None
    assert f"精度按 ±{site.accuracy_m:g} m 计，请在长边上补充界址点" in site.conversion.zh
    dense = [(112.2 + k / 1000, 35.4) for k in range(101)]
    ring = [*dense, *[(x, 35.401) for x, _ in dense[::-1]], dense[0]]
    (site,) = read_sites(geojson(ring, None, cs.bd09)(tmp_path), expected=bw.EXPECTED, crs="BD09")
    assert site.accuracy_m == 15.0
