from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

import boundary_writers as bw
from zoning.errors import CRSError, SiteError
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.quality.site_quality import quality_of
from zoning.sites import Site, read_sites, site_lonlat_bounds


def read(path: Path, **options: Any) -> Site:
    (site,) = read_sites(path, expected=bw.EXPECTED, **options)
    return site


def shoelace(points: list[bw.Point]) -> float:
    return abs(sum((b[0] - a[0]) * (b[1] + a[1]) / 2 for a, b in pairwise(points)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("zone", "code"), [("37", "EPSG:4525"), ("38", "EPSG:4526"), ("", "EPSG:4525")])
def test_specified_form_with_a_hole(tmp_path: Path, encoding: str, zone: str, code: str) -> None:
    text = bw.txt(bw.txt_rows([bw.SQUARE, bw.HOLE], code), 带号=zone)
    site = read(bw.write(tmp_path / "红线.txt", text.replace("\n", "\r\n"), encoding))
    assert (site.id, site.name, site.crs, site.source) == ("DK01", "一号地块", code, "红线.txt")
    assert site.geometry.geom_type == "Polygon"
    area = shoelace(bw.plane(code, bw.SQUARE)) - shoelace(bw.plane(code, bw.HOLE))
    assert site.geometry.area == pytest.approx(area, rel=1e-7)
    assert site.repairs == ()
    assert site.warnings == ()
    assert site.attributes["地块用途"] == "工业用地"


def test_east_is_x(tmp_path: Path) -> None:
    site = read(bw.write(tmp_path / "a.txt", bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4525"))))
    x, y = bw.shape(site).exterior.coords[0]
    assert (x, y) == pytest.approx(bw.plane("EPSG:4525", bw.SQUARE)[0], abs=1e-4)
    assert x > 37e6 > y


@pytest.mark.parametrize(("zone", "code"), [("37", "EPSG:4546"), ("38", "EPSG:4547")])
def test_header_zone_for_six_digit_eastings(tmp_path: Path, zone: str, code: str) -> None:
    site = read(bw.write(tmp_path / "a.txt", bw.txt(bw.txt_rows([bw.SQUARE], code), 带号=zone)))
    assert site.crs == code
    assert site_lonlat_bounds([site]) == pytest.approx((112.30, 35.40, 112.31, 35.41), abs=3e-4)


def test_swapped_columns_are_told_by_magnitude(tmp_path: Path) -> None:
    rows = [f"{n},{r},{east},{north}" for n, r, north, east in map(split, bw.txt_rows([bw.SQUARE], "EPSG:4526"))]
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows, 带号="38")))
    straight = read(bw.write(tmp_path / "b.txt", bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4526"), 带号="38")))
    assert site.geometry.equals_exact(straight.geometry, 0)
    assert [warning.zh for warning in site.warnings] == ["a.txt：X、Y 两列的次序相反（按数值大小判定），已对调读取"]


def split(row: str) -> list[str]:
    return row.split(",")


def test_unclosed_ring_is_closed_and_reported(tmp_path: Path) -> None:
    rows = bw.txt_rows([bw.SQUARE], "EPSG:4525")[:-1]
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows)))
    assert [(repair.kind, repair.count, repair.area_change_m2) for repair in site.repairs] == [("closed-ring", 1, 0.0)]
    assert len(bw.shape(site).exterior.coords) == 5


def test_closing_row_within_a_millimetre_is_the_first_point(tmp_path: Path) -> None:
    rows = bw.txt_rows([bw.SQUARE], "EPSG:4525")
    number, ring, north, east = split(rows[-1])
    rows[-1] = f"{number},{ring},{float(north) + 0.0009:.4f},{east}"
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows)))
    assert site.repairs == ()
    assert len(bw.shape(site).exterior.coords) == 5


def test_holes_are_decided_by_containment(tmp_path: Path) -> None:
    """The hole stands first, and a second outline has the number of a hole."""
    other = bw.shifted(bw.SQUARE, 0.02)
    rows = bw.txt_rows([bw.HOLE, bw.SQUARE, other], "EPSG:4525")
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows)))
    assert site.geometry.geom_type == "MultiPolygon"
    assert sorted(len(part.interiors) for part in bw.shape(site).geoms) == [0, 1]
    assert [repair.kind for repair in site.repairs] == ["ring-roles"]
    assert site.repairs[0].count == 3


def test_island_in_a_hole_is_an_outline(tmp_path: Path) -> None:
    island = [(112.304, 35.404), (112.305, 35.404), (112.305, 35.405), (112.304, 35.405), (112.304, 35.404)]
    rows = bw.txt_rows([bw.SQUARE, bw.HOLE, island], "EPSG:4525")
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows)))
    areas = [shoelace(bw.plane("EPSG:4525", ring)) for ring in (bw.SQUARE, bw.HOLE, island)]
    assert site.geometry.area == pytest.approx(areas[0] - areas[1] + areas[2], rel=1e-7)


def test_ring_that_touches_its_outline_is_a_hole(tmp_path: Path) -> None:
    hole = [(112.30, 35.402), (112.303, 35.404), (112.30, 35.406), (112.30, 35.402)]
    site = read(bw.write(tmp_path / "a.txt", bw.txt(bw.txt_rows([bw.SQUARE, hole], "EPSG:4525"))))
    assert len(bw.shape(site).interiors) == 1


def test_self_crossing_ring_stays_as_it_is(tmp_path: Path) -> None:
    bow = [(112.30, 35.40), (112.31, 35.41), (112.31, 35.40), (112.30, 35.41), (112.30, 35.40)]
    site = read(bw.write(tmp_path / "a.txt", bw.txt(bw.txt_rows([bow], "EPSG:4525"))))
    assert not site.geometry.is_valid
    assert len(bw.shape(site).exterior.coords) == 5


def test_several_parcels_and_a_repeated_number(tmp_path: Path) -> None:
    first = bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4525"))
    rows = bw.txt_rows([bw.shifted(bw.SQUARE, 0.03)], "EPSG:4525")
    text = first + "\n".join(["5,,DK01,二号地块,面,,,,@", *rows]) + "\n"
    sites = read_sites(bw.write(tmp_path / "a.txt", text), expected=bw.EXPECTED)
    assert [(site.id, site.name) for site in sites] == [("DK01", "一号地块"), ("DK01-2", "二号地块")]
    assert sites[1].warnings[-1].en == "a.txt, record 2: the id DK01 is taken, it is called DK01-2"


@pytest.mark.parametrize(
    ("stated", "square_metres"),
    [("100.8157", 1_008_157.0), ("1008157.33", 1_008_157.33), ("1512.2360", 1_008_157.333), ("101.8", 1_018_000.0)],
    ids=["ha", "m2", "mu", "one percent less"],
)
def test_unit_of_the_stated_area_is_decided_by_comparison(tmp_path: Path, stated: str, square_metres: float) -> None:
    rows = bw.txt_rows([bw.SQUARE], "EPSG:4525")
    assert shoelace(bw.plane("EPSG:4525", bw.SQUARE)) == pytest.approx(1_008_157.33, abs=0.01)
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows, parcel=f"5,{stated},DK01,一号地块,面,,,,@")))
    assert site.stated_area_m2 == pytest.approx(square_metres, rel=1e-7)
    assert site.warnings == ()


def test_stated_area_off_by_more_than_one_percent_is_a_fault(tmp_path: Path) -> None:
    rows = bw.txt_rows([bw.SQUARE], "EPSG:4525")
    site = read(bw.write(tmp_path / "a.txt", bw.txt(rows, parcel="5,120,DK01,甲,面,,,,@")))
    assert (site.stated_area_m2, site.warnings) == (1_200_000, ())
    (fault,) = quality_of(Footprint.of(site, MeasuringPlane(35.5))).faults
    # 1,008,157 m² in the plane are 100.78 ha on the ellipsoid.
    assert fault.text.en.startswith("stated 120.0000 ha (1,800.00 mu), by the coordinates 100.7")


def test_number_of_points_that_does_not_fit_is_a_fault(tmp_path: Path) -> None:
    rows = bw.txt_rows([bw.SQUARE], "EPSG:4525")
    for stated, faults in (("4", []), ("5", []), ("7", ["标注界址点 7 个，实有 4 个"])):
        site = read(bw.write(tmp_path / "a.txt", bw.txt(rows, parcel=f"{stated},,DK01,甲,面,,,,@")))
        assert site.warnings == ()
        found = quality_of(Footprint.of(site, MeasuringPlane(35.5))).faults
        assert [fault.text.zh for fault in found] == faults


def test_lines_and_points_need_a_width(tmp_path: Path) -> None:
    rows = bw.txt_rows([bw.SQUARE[:3]], "EPSG:4525")
    path = bw.write(tmp_path / "a.txt", bw.txt(rows, parcel="3,,G1,管线,线,,,,@"))
    with pytest.raises(SiteError, match="give its width"):
        read(path)
    line = read(path, width_m=12.0)
    assert (line.geometry.geom_type, line.width_m) == ("LineString", 12.0)
    path = bw.write(tmp_path / "b.txt", bw.txt(rows, parcel="3,,G1,钻孔,点,,,,@"))
    points = read(path, width_m=5.0)
    assert (points.geometry.geom_type, len(bw.shape(points).geoms)) == ("MultiPoint", 3)


def test_the_users_word_settles_a_missing_zone(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.txt", bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4547"), 带号=""))
    with pytest.raises(CRSError, match="EPSG:4526"):
        read_sites(path, expected=None)
    (site,) = read_sites(path, expected=None, crs="EPSG:4547")
    assert site.crs == "EPSG:4547"
    assert site.warnings == ()


def test_a_site_on_the_zone_boundary_has_one_place(tmp_path: Path) -> None:
    """The same vertices in both zones come back to the same degrees."""
    ring = bw.shifted(bw.SQUARE, 0.195)
    corners = []
    for zone, code in (("37", "EPSG:4525"), ("38", "EPSG:4526")):
        path = bw.write(tmp_path / f"{zone}.txt", bw.txt(bw.txt_rows([ring], code, decimals=6), 带号=zone))
        geometry = bw.shape(read(path))
        back = Transformer.from_crs(code, "EPSG:4490", always_xy=True)
        corners.append([back.transform(x, y) for x, y in geometry.exterior.coords])
    for a, b, true in zip(*corners, ring, strict=True):
        assert a == pytest.approx(b, abs=1e-10)
        assert a == pytest.approx(true, abs=1e-10)
