"""The coordinate system of a table: from its numbers and from what is written around them."""

from collections.abc import Sequence

import pytest

import chinese_systems as cs
from table_tracks import Pair, numbers_of, track_of
from zoning.errors import CRSError, SiteError, ZoningError
from zoning.sites.limits import Options
from zoning.sites.tables.systems import System, settle_track

TERRITORY = (112.0, 35.1, 112.95, 35.75)
CORNERS = [(112.30, 35.40), (112.31, 35.40), (112.31, 35.41)]
CGCS = "2000国家大地坐标系"


def plane(meridian: float, east: float, corners: Sequence[cs.Point] = CORNERS, digits: int = 3) -> list[Pair]:
    """Return north and east of the corners, as people write them."""
    points = [cs.zone_plane(corner, meridian, east) for corner in corners]
    return [(f"{y:.{digits}f}", f"{x:.{digits}f}") for x, y in points]


ZONE_37, ZONE_38 = plane(111, 37.5e6), plane(114, 38.5e6)
ZONE_19 = plane(111, 19.5e6)
PLAIN_37, PLAIN_38 = plane(111, 5e5), plane(114, 5e5)
DEGREES: list[Pair] = [(f"{lon:.8f}°", f"{lat:.8f}°") for lon, lat in CORNERS]


def settle(*columns: list[Pair], says: Sequence[str] = (), crs: str | None = None) -> System:
    track = track_of(*[numbers_of(pairs) for pairs in columns], says=says)
    return settle_track(track, Options(expected=TERRITORY, crs=crs))


def declared(*columns: list[Pair], says: Sequence[str] = (), crs: str | None = None) -> str | None:
    found = settle(*columns, says=says, crs=crs).declared
    return None if found is None else found.crs


def refused(*columns: list[Pair], says: Sequence[str] = (), crs: str | None = None) -> tuple[str, str]:
    with pytest.raises(ZoningError) as caught:
        settle(*columns, says=says, crs=crs)
    return caught.value.get("zh"), caught.value.get("en")


# --- Degrees ---


@pytest.mark.parametrize(
    ("says", "crs"),
    [
        ((), None),
        (("界址点坐标表",), None),
        ((CGCS,), "EPSG:4490"),
        (("坐标系：WGS84",), "EPSG:4326"),
        (("1980西安坐标系",), "EPSG:4610"),
        (("北京54坐标系",), "EPSG:4214"),
        (("高德坐标",), "GCJ02"),
        (("百度坐标",), "BD09"),
        (("CGCS2000", "2000国家大地坐标系"), "EPSG:4490"),
    ],
)
def test_the_datum_of_degrees(says: tuple[str, ...], crs: str | None) -> None:
    found = settle(DEGREES, says=says)
    assert (None if found.declared is None else found.declared.crs) == crs
    assert found.degrees
    assert found.points.east.tolist() == pytest.approx([lon for lon, _ in CORNERS])


def test_two_datums_contradict_each_other() -> None:
    zh, en = refused(DEGREES, says=(CGCS, "1980西安坐标系"))
    assert zh.startswith(
        "拐点.csv:2：文件里写了几种坐标系（2000 国家大地坐标系、1980 西安坐标系），分不清坐标属于哪一种；"
    )
    assert en == (
        "拐点.csv:2: the file names several coordinate systems (CGCS2000, Xian 1980) and it is not clear which one the "
        "coordinates are in; remove the others, or state it with --crs"
    )


def test_what_the_user_states_ends_a_contradiction() -> None:
    assert declared(DEGREES, says=(CGCS, "1980西安坐标系"), crs="EPSG:4490") is None


# --- Metres ---


@pytest.mark.parametrize(
    ("pairs", "says", "crs"),
    [
        (ZONE_37, (CGCS,), "EPSG:4525"),
        (ZONE_38, (CGCS,), "EPSG:4526"),
        (ZONE_19, (CGCS,), "EPSG:4497"),
        (ZONE_37, (CGCS, "带号：37"), "EPSG:4525"),
        (ZONE_37, (CGCS, "中央子午线111°"), "EPSG:4525"),
        (ZONE_19, (CGCS, "3度带 带号37"), "EPSG:4497"),  # the same meridian
        (PLAIN_37, (CGCS, "带号：37"), "EPSG:4546"),
        (PLAIN_38, (CGCS, "中央经线 114°"), "EPSG:4547"),
        (PLAIN_37, (CGCS, "六度带 第19带"), "EPSG:4508"),
        (PLAIN_37, (CGCS, "3度带第37带", "中央子午线111度"), "EPSG:4546"),
        (ZONE_37, ("1980西安坐标系",), "EPSG:2361"),
        (PLAIN_38, ("北京54坐标系 38带",), "EPSG:2435"),
        (PLAIN_37, ("UTM 49",), "EPSG:32649"),
        (PLAIN_37, ("WGS84 UTM zone 49N",), "EPSG:32649"),
        (ZONE_37, (), None),
        (PLAIN_37, ("带号37",), None),
    ],
)
def test_the_plane_of_metres(pairs: list[Pair], says: tuple[str, ...], crs: str | None) -> None:
    found = settle(pairs, says=says)
    assert (None if found.declared is None else found.declared.crs) == crs
    assert not found.degrees


def test_metres_of_unknown_datum() -> None:
    assert settle(ZONE_37).silence.en == "the table does not state its coordinate system"
    assert settle(ZONE_37).silence.zh == "坐标表没有写坐标系"


def test_metres_of_unknown_zone() -> None:
    found = settle(PLAIN_37, says=(CGCS,))
    assert found.declared is None
    assert found.silence.en == "neither the table nor Y states the zone"
    assert found.silence.zh == "坐标表没有写带号或中央子午线，Y 坐标也不带带号"


@pytest.mark.parametrize(("title", "name"), [("WGS84坐标", "WGS84"), ("高德坐标", "GCJ-02"), ("百度坐标", "BD-09")])
def test_metres_of_a_datum_of_degrees(title: str, name: str) -> None:
    found = settle(PLAIN_37, says=(title, "带号37"))
    assert found.declared is None
    assert found.silence.en == (
        f"the table says {name} but its coordinates are metres in a projection that it does not name"
    )
    assert found.silence.zh == f"表中写的是 {name}，坐标却是平面坐标（米），没有写投影"


def test_an_old_datum_without_a_zone_is_refused_as_such() -> None:
    zh, en = refused(PLAIN_37, says=("界址点", "1980西安坐标系"))
    assert en.startswith("拐点.csv:2: the coordinates are in Xian 1980;")
    assert zh.startswith("拐点.csv:2：坐标属于 1980 西安坐标系")


def test_utm_on_another_datum_is_a_contradiction() -> None:
    zh, en = refused(PLAIN_37, says=(CGCS, "UTM 49带"))
    assert en.startswith("拐点.csv:2: the file names several coordinate systems (CGCS2000, UTM)")
    assert "（2000 国家大地坐标系、UTM）" in zh


# --- Zones ---


def test_points_in_different_zones() -> None:
    zh, en = refused([ZONE_37[0], ZONE_38[1], ZONE_37[2]], says=(CGCS,))
    assert en == (
        "拐点.csv:6: the zone of the easting differs from the points before (3° zone 37, here 3° zone 38); use one zone"
    )
    assert zh == ("拐点.csv:6：东坐标的带号与前面不一致（前面为 3° 带第 37 带，此处为 3° 带第 38 带）；请换算到同一带")


def test_one_point_without_its_zone() -> None:
    assert "(6° zone 19, here no zone)" in refused([ZONE_19[0], PLAIN_37[1]], says=(CGCS,))[1]
    assert "（前面为 不带带号，此处为 6° 带第 19 带）" in refused([PLAIN_37[0], ZONE_19[1]], says=(CGCS,))[0]


def test_zone_of_the_title_against_that_of_the_easting() -> None:
    zh, en = refused(ZONE_37, says=("坐标表", f"{CGCS} 第38带"))
    assert en == "拐点.csv:2: the table says 3° zone 38 but the easting begins with zone 37; correct one of them"
    assert zh == "拐点.csv:2：表中写的是 3° 带第 38 带，东坐标的带号却是 37；请核对后改正其中之一"


def test_two_zones_in_the_title() -> None:
    zh, en = refused(PLAIN_37, says=(CGCS, "37带", "38带"))
    assert en.startswith("拐点.csv:3: the file names several coordinate systems (3° zone 37, 3° zone 38)")
    assert "（3° 带第 37 带、3° 带第 38 带）" in zh


def test_a_local_meridian() -> None:
    zh, en = refused(PLAIN_37, says=(CGCS, "中央子午线112.5°"))
    assert en == (
        "拐点.csv:2: 中央子午线112.5° is the meridian of no 3- or 6-degree zone, the system is a local one; "
        "convert it to a 3-degree zone of CGCS2000, or state it with --crs"
    )
    assert "是地方坐标系；请换算为 2000 国家大地坐标系 3° 带，或用 --crs 说明" in zh


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([ZONE_37[0], ZONE_38[1]], (CGCS,)),
        (ZONE_37, (CGCS, "38带")),
        (PLAIN_37, (CGCS, "中央子午线112.5°")),
        (PLAIN_37, ("1980西安坐标系",)),
    ],
)
def test_a_stated_system_ends_all_doubt(pairs: list[Pair], says: tuple[str, ...]) -> None:
    assert declared(pairs, says=says, crs="EPSG:4546") is None


# --- Metres and degrees of the same points ---


def test_two_sets_of_one_kind() -> None:
    zh, en = refused(ZONE_37, ZONE_38)
    assert en == "拐点.csv:5: there are two sets of coordinates of the same kind (X、Y、X、Y); keep one"
    assert zh == "拐点.csv:5：有两组同类的坐标（X、Y、X、Y），分不清该用哪一组；请只保留一组"
    assert "two sets" in refused(DEGREES, DEGREES)[1]


@pytest.mark.parametrize(
    ("metres", "says", "crs"),
    [
        (ZONE_37, (CGCS,), "EPSG:4525"),
        (ZONE_37, (), "EPSG:4525"),
        (PLAIN_37, (), "EPSG:4546"),
        (PLAIN_38, (), "EPSG:4547"),
        (ZONE_19, (), "EPSG:4497"),
        (PLAIN_38, ("WGS84",), "EPSG:4547"),
        (PLAIN_38, (CGCS, "38带"), "EPSG:4547"),
        (PLAIN_38, ("百度坐标",), None),
    ],
)
@pytest.mark.parametrize("degrees_first", [True, False])
def test_metres_and_degrees_that_agree_prove_the_zone(
    metres: list[Pair], says: tuple[str, ...], crs: str | None, *, degrees_first: bool
) -> None:
    columns = (DEGREES, metres) if degrees_first else (metres, DEGREES)
    found = settle(*columns, says=says)
    assert (None if found.declared is None else found.declared.crs) == crs
    assert not found.degrees
    assert found.points.east.tolist() == [float(pair[1]) for pair in metres]
    assert "metres and degrees agree (largest difference 0.00" in found.warnings[-1].en
    assert "平面坐标与经纬度互相吻合（最大相差 0.00" in found.warnings[-1].zh


def test_the_system_they_agree_in_is_named() -> None:
    assert (
        settle(PLAIN_38, DEGREES)
        .warnings[-1]
        .en.endswith("the metres are used, in EPSG:4547 (CGCS2000 3° zone, meridian 114°E)")
    )


def test_metres_and_degrees_that_disagree_name_the_point() -> None:
    moved = [ZONE_37[0], (f"{float(ZONE_37[1][0]) + 2:.3f}", ZONE_37[1][1]), ZONE_37[2]]
    zh, en = refused(moved, DEGREES, says=(CGCS,))
    assert en == (
        "拐点.csv:6: point J2: metres (as EPSG:4525 (CGCS2000 3° zone 37, easting with zone)) and degrees differ "
        "by 2.00 m (their digits allow 0.05 m); check them, or remove one set"
    )
    assert "拐点.csv:6：点 J2 的平面坐标" in zh
    assert "与经纬度相差 2.00 米（按位数应不超过 0.05 米）；请核对，或删去其中一组" in zh


@pytest.mark.parametrize(("off_m", "agree"), [(0.04, True), (0.06, False)])
def test_fine_digits_agree_to_five_centimetres(off_m: float, *, agree: bool) -> None:
    moved = [(f"{float(y) + off_m:.3f}", x) for y, x in ZONE_37]
    if agree:
        assert declared(moved, DEGREES) == "EPSG:4525"
    else:
        assert "differ by 0.06 m" in refused(moved, DEGREES)[1]


def test_coarse_digits_agree_as_far_as_they_go_and_prove_no_datum() -> None:
    """Degrees of four decimals may lie 8 m off: an old datum could as well be meant."""
    coarse = [(f"{lon:.4f}°", f"{lat:.4f}°") for lon, lat in CORNERS]
    moved = [(f"{float(y) + 8:.3f}", x) for y, x in ZONE_37]
    assert declared(moved, coarse) is None
    assert declared(moved, coarse, says=(CGCS,)) == "EPSG:4525"
    assert "differ by 12.00 m" in refused([(f"{float(y) + 12:.3f}", x) for y, x in ZONE_37], coarse)[1]


def test_metres_prove_how_degrees_are_written() -> None:
    """112.1830 as decimals or as 112°18′30″: the metres beside it decide."""
    corners = [(112 + 18 / 60 + 30 / 3600, 35 + 24 / 60 + 30 / 3600)]
    packed = [("112.18300000", "35.24300000")]
    assert declared(plane(111, 37.5e6, corners), packed) == "EPSG:4525"
    assert declared(plane(111, 37.5e6, [(112.183, 35.243)]), packed) == "EPSG:4525"


@pytest.mark.parametrize(
    ("crs", "degrees"),
    [
        ("EPSG:4490", True),
        ("4490", True),
        ("GCJ02", True),
        ("百度", True),
        ("CGCS2000", True),
        ("EPSG:4525", False),
        ("4525", False),
        ("CGCS2000 3度带 37带", False),
        ("no such system", False),
        ("CGCS2000 3度带", False),
    ],
)
def test_the_stated_system_says_which_set_is_meant(crs: str, *, degrees: bool) -> None:
    assert settle(ZONE_37, DEGREES, crs=crs).degrees is degrees


# --- Rounding ---


@pytest.mark.parametrize(
    ("pairs", "shown_zh", "shown_en", "moved"),
    [
        ([("112°18′30″", "35°24′30″")], "1″", "1″", 20.0),
        ([("112°18.5′", "35°24.5′")], "0.1′", "0.1′", 119.8),
        ([("112.308°", "35.408°")], "0.001°", "0.001°", 71.9),
        ([("112.3081°", "35.4082°")], "0.0001°", "0.0001°", 7.2),
    ],
)
def test_coarse_degrees_are_said(pairs: list[Pair], shown_zh: str, shown_en: str, moved: float) -> None:
    """Half of the last digit, north and east together: half a second is 15.46 m and, at 35.4°, 12.6 m."""
    found = settle(pairs, says=(CGCS,))
    assert found.accuracy_m == pytest.approx(moved, rel=0.02)
    (warning,) = found.warnings
    assert f"the coordinates are written to {shown_en} only, which moves points by up to" in warning.en
    assert f"坐标只写到 {shown_zh}，取整使点位最多偏" in warning.zh
    assert found.declared is not None


@pytest.mark.parametrize("pairs", [[("112.308123°", "35.408234°")], [("112°18′30.01″", "35°24′30.01″")]])
def test_fine_degrees_are_not(pairs: list[Pair]) -> None:
    found = settle(pairs, says=(CGCS,))
    assert found.warnings == ()
    assert found.accuracy_m == 0.0


def test_whole_metres_are_fine_and_their_rounding_is_not_said() -> None:
    found = settle([("3919746", "37618082")], says=(CGCS,))
    assert (found.warnings, found.accuracy_m) == ((), 0.0)


def test_errors_have_their_class() -> None:
    with pytest.raises(SiteError):
        settle(ZONE_37, ZONE_38)
    with pytest.raises(CRSError):
        settle(ZONE_37, says=(CGCS, "38带"))
