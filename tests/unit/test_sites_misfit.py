from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from zoning.errors import CRSError, SiteError
from zoning.sites import Site, read_sites


def read(path: Path, **options: Any) -> tuple[Site, ...]:
    return read_sites(path, expected=bw.EXPECTED, **options)


def geojson(path: Path, *rings: bw.Ring, code: str | None = None) -> Path:
    members = {} if code is None else {"crs": bw.named_crs(code)}
    return bw.write(path, bw.geojson(*(bw.polygon([ring]) for ring in rings), **members))


def turned(ring: bw.Ring) -> bw.Ring:
    return [(y, x) for x, y in ring]


@pytest.mark.parametrize("code", ["EPSG:4525", "EPSG:4547", "EPSG:4490", "EPSG:32649"])
def test_exchanged_axes_are_put_right(tmp_path: Path, code: str) -> None:
    ring = bw.plane(code, bw.SQUARE)
    (site,) = read(geojson(tmp_path / "a.geojson", turned(ring), code=code))
    assert list(bw.shape(site).exterior.coords) == ring
    assert any("the two coordinates are in the opposite order" in warning.en for warning in site.warnings)


def test_one_record_in_the_other_order_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", bw.SQUARE, turned(bw.SQUARE))
    with pytest.raises(CRSError, match=r"a.geojson, record 2: .* with the two coordinates exchanged"):
        read(path)


def test_other_zone_and_exchanged_axes_together_are_named(tmp_path: Path) -> None:
    ring = turned(bw.plane("EPSG:4525", bw.SQUARE))
    with pytest.raises(CRSError, match=r"EPSG:4525 \(.*\) with the two coordinates exchanged"):
        read(geojson(tmp_path / "a.geojson", ring, code="EPSG:4526"))


@pytest.mark.parametrize(
    ("true", "stated"),
    [("EPSG:4526", "EPSG:4525"), ("EPSG:4526", "EPSG:4547"), ("EPSG:4497", "EPSG:4490"), ("EPSG:3857", "EPSG:4490")],
)
def test_what_would_fit_is_named(tmp_path: Path, true: str, stated: str) -> None:
    path = geojson(tmp_path / "a.geojson", bw.plane(true, bw.SQUARE), code=stated)
    with pytest.raises(CRSError, match=f"it would fit the workspace's territories if it were {true} "):
        read(path)
    assert read(path, crs=true)[0].crs == true


def test_degrees_declared_as_metres(tmp_path: Path) -> None:
    with pytest.raises(CRSError, match="if it were EPSG:4490"):
        read(geojson(tmp_path / "a.geojson", bw.SQUARE, code="EPSG:4525"))


def test_second_record_far_away_is_named(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", bw.SQUARE, bw.shifted(bw.SQUARE, -3.0))
    with pytest.raises(SiteError, match=r"a.geojson, record 2: .* outside every territory"):
        read(path)


def test_a_long_project_may_leave_the_territories(tmp_path: Path) -> None:
    ring = [(112.3, 35.4), (115.0, 36.5), (115.0, 36.51), (112.3, 35.41), (112.3, 35.4)]
    assert len(read(geojson(tmp_path / "a.geojson", ring))) == 1


def test_half_a_degree_beyond_the_envelope_is_near(tmp_path: Path) -> None:
    west = bw.EXPECTED[0] - 0.5
    for start, near in ((west - 0.009, True), (west - 0.011, False)):
        path = geojson(tmp_path / "a.geojson", bw.shifted(bw.SQUARE, start - 112.30))
        if near:
            assert len(read(path)) == 1
        else:
            with pytest.raises(SiteError, match="outside every territory"):
                read(path)


def test_texts_of_the_file_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    text = bw.kml(bw.placemark([bw.SQUARE], name="甲\u0085\u202e乙\n丙"))
    (site,) = read(bw.write(tmp_path / "a.kml", text))
    assert site.name == "甲 乙 丙"
    with pytest.raises(SiteError) as caught:
        read(bw.write(tmp_path / "a.txt", bw.txt(["J1,\x1b[31m,1,2"])))
    assert caught.value.get("en") == "a.txt:14: the ring number “ [31m” is no whole number from 1 on"
