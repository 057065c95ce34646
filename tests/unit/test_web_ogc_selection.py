"""What a request for features selects: every parameter is read strictly, or refused with its name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import shapely

from zoning.web.ogc.service.reference import CRS84, SYSTEMS, reference
from zoning.web.ogc.service.refusing import OgcRefused
from zoning.web.ogc.service.selection import DEFAULT_LIMIT, MOST, Days, selection, system, whole

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
NOTHING: frozenset[str] = frozenset()
A, B, C, D = (date(2026, month, 1) for month in (1, 2, 3, 4))


def refused(params: Mapping[str, str]) -> tuple[str, str]:
    with pytest.raises(OgcRefused) as caught:
        selection(params, NOTHING)
    assert caught.value.status == 400
    return caught.value.text.zh, caught.value.text.en


def bounds(**params: str) -> tuple[float, ...]:
    area = selection({name.replace("_", "-"): value for name, value in params.items()}, NOTHING).area
    assert area is not None
    return tuple(area.bounds)


def days(text: str) -> tuple[date | None, date | None]:
    found = selection({"datetime": text}, NOTHING).days
    assert found is not None
    return found.first, found.last


def test_without_parameters_everything_is_selected_from_the_start() -> None:
    found = selection({}, NOTHING)
    assert (found.limit, found.offset, found.crs.uri) == (DEFAULT_LIMIT, 0, CRS84)
    assert (found.area, found.days, found.equal, found.hits_only) == (None, None, {}, False)


@pytest.mark.parametrize(
    ("text", "limit"),
    [("1", 1), ("007", 7), ("500", 500), (str(MOST), MOST), (str(MOST + 1), MOST), ("1000000000", MOST)],
)
def test_a_limit_beyond_the_most_is_the_most(text: str, limit: int) -> None:
    assert selection({"limit": text}, NOTHING).limit == limit


@pytest.mark.parametrize(
    "text", ["0", "-1", "+1", "1.0", "", " 1", "1e3", "ten", "１", "1000000001", "00000000001", "9" * 40, "0x1"]
)
def test_any_other_limit_is_refused(text: str) -> None:
    assert refused({"limit": text}) == ("limit 须为不小于 1 的整数", "limit has to be a whole number of at least 1")


@pytest.mark.parametrize(("text", "offset"), [("0", 0), ("5001", 5001), ("1000000000", 1_000_000_000)])
def test_an_offset_may_be_any_place(text: str, offset: int) -> None:
    assert selection({"offset": text}, NOTHING).offset == offset


@pytest.mark.parametrize("text", ["-1", "", "1000000001", "x"])
def test_any_other_offset_is_refused(text: str) -> None:
    assert refused({"offset": text})[1] == "offset has to be a whole number of at least 0"


def test_a_whole_number_that_is_not_told_is_the_usual_one() -> None:
    assert whole({}, "limit", 10, 1) == 10
    assert whole({"limit": "3"}, "limit", 10, 3) == 3
    with pytest.raises(OgcRefused, match="at least 4"):
        whole({"limit": "3"}, "limit", 10, 4)


def test_properties_are_compared_only_where_the_collection_has_them() -> None:
    params = {"name": "下芹", "limit": "1", "f": "json", "class": ""}
    assert selection(params, frozenset({"name", "class", "area"})).equal == {"name": "下芹", "class": ""}


@pytest.mark.parametrize(("text", "hits"), [("hits", True), ("results", False)])
def test_hits_may_be_asked_for_alone(text: str, hits: bool) -> None:
    assert selection({"resulttype": text}, NOTHING).hits_only is hits


@pytest.mark.parametrize("text", ["", "HITS", "hit", "result"])
def test_any_other_kind_of_result_is_refused(text: str) -> None:
    assert refused({"resulttype": text}) == ("resulttype 须为 results 或 hits", "resulttype is results or hits")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("112,35,113,36", (112, 35, 113, 36)),
        ("112.5,35.25,112.5,35.25", (112.5, 35.25, 112.5, 35.25)),
        ("112,35,-50,113,36,9000", (112, 35, 113, 36)),
        ("-180,-90,180,90", (-180, -90, 180, 90)),
        (" 112 , 35 , 113 , 36 ", (112, 35, 113, 36)),
        ("1.12e2,35,113,36", (112, 35, 113, 36)),
    ],
)
def test_a_box_is_read_with_or_without_heights(text: str, expected: tuple[float, ...]) -> None:
    assert bounds(bbox=text) == expected


@pytest.mark.parametrize("code", ["4490", "4326"])
def test_a_box_of_a_system_with_latitude_first_is_turned(code: str) -> None:
    assert bounds(bbox="35,112,36,113", bbox_crs=f"{EPSG}{code}") == (112, 35, 113, 36)


def test_a_box_across_the_antimeridian_is_in_two_parts() -> None:
    area = selection({"bbox": "170,10,-170,20"}, NOTHING).area
    assert area is not None
    assert area.area == pytest.approx(200)
    assert area.contains(shapely.Point(175, 15))
    assert area.contains(shapely.Point(-175, 15))
    assert not area.intersects(shapely.Point(0, 15))


def test_a_box_in_metres_is_followed_into_degrees() -> None:
    # The middle of the belt of 114 E (EPSG:4547 has no number of its belt in the east value), latitude first.
    area = selection({"bbox": "3930000,490000,3940000,510000", "bbox-crs": f"{EPSG}4547"}, NOTHING).area
    assert area is not None
    west, south, east, north = area.bounds
    # Near 35.5 N a degree of longitude is about 90.7 km, of latitude 111 km; the false east is 500 km.
    assert [west, east] == pytest.approx([114 - 10 / 90.7, 114 + 10 / 90.7], abs=0.001)
    assert north - south == pytest.approx(10 / 111, abs=0.001)
    assert 35 < south < north < 36
    assert shapely.get_num_coordinates(area) > 100  # edges are curves in degrees


@pytest.mark.parametrize("text", ["", "112", "112,35", "112,35,113", "112,35,113,36,1", "1,2,3,4,5,6,7"])
def test_a_box_has_four_or_six_numbers(text: str) -> None:
    told = refused({"bbox": text})
    assert told in (
        ("bbox 须为 4 个或 6 个数", "bbox has 4 or 6 numbers"),
        ("bbox 中有不是数的内容", "the bbox holds what is no number"),
    )


@pytest.mark.parametrize(
    "text", ["a,b,c,d", "112,35,113,", "nan,35,113,36", "112,inf,113,36", "112,35,113," + "3" * 41]
)
def test_a_box_holds_numbers_only(text: str) -> None:
    assert refused({"bbox": text}) == ("bbox 中有不是数的内容", "the bbox holds what is no number")


def test_a_number_of_forty_signs_is_still_one() -> None:
    assert bounds(bbox="112,35,113,36." + "0" * 37) == (112, 35, 113, 36)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("112,36,113,35", CRS84),
        ("36,112,35,113", f"{EPSG}4490"),
        ("3940000,490000,3930000,510000", f"{EPSG}4547"),
        ("3930000,510000,3940000,490000", f"{EPSG}4547"),
        ("3930000,490000,3930000,490000", f"{EPSG}4547"),
    ],
)
def test_a_box_that_is_upside_down_or_nothing_is_refused(text: str, crs: str) -> None:
    assert refused({"bbox": text, "bbox-crs": crs}) == (
        "bbox 的顺序不对，或不在坐标系范围内",
        "the bbox is in the wrong order, or not of its system",
    )


def test_a_system_of_a_box_without_a_box_is_refused() -> None:
    assert refused({"bbox-crs": CRS84}) == ("写了 bbox-crs 但没有 bbox", "there is a bbox-crs but no bbox")


@pytest.mark.parametrize("uri", SYSTEMS)
def test_every_system_can_be_asked_for(uri: str) -> None:
    assert system({"crs": uri}, "crs").uri == uri


@pytest.mark.parametrize("uri", ["", "EPSG:4490", f"{EPSG}3857", f"{EPSG}4490 ", CRS84.lower()])
@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
def test_any_other_system_is_refused_with_those_that_there_are(uri: str, name: str) -> None:
    zh, en = refused({name: uri, "bbox": "1,2,3,4"})
    assert zh == f"{name}：可用的坐标系为 {', '.join(SYSTEMS)}"
    assert en == f"{name}: allowed are {', '.join(SYSTEMS)}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-01", A, A),
        ("2026-01-01/2026-02-01", A, B),
        ("2026-01-01/2026-01-01", A, A),
        ("2026-01-01/..", A, None),
        ("2026-01-01/", A, None),
        ("../2026-01-01", None, A),
        ("/2026-01-01", None, A),
        ("../..", None, None),
        ("/", None, None),
        # A moment is the day that it is in China.
        ("2025-12-31T15:59:59Z", date(2025, 12, 31), date(2025, 12, 31)),
        ("2025-12-31T16:00:00Z", A, A),
        ("2026-01-01T00:30:00+08:00", A, A),
        ("2026-01-01T23:30:00-01:00", date(2026, 1, 2), date(2026, 1, 2)),
        ("2025-12-31T16:00:00.5Z/2026-02-01", A, B),
    ],
)
def test_days_are_a_day_a_moment_or_an_interval(text: str, first: date | None, last: date | None) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2026",
        "20260101",
        "2026-1-1",
        "2026-02-30",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "T",
        "2026-01-01T25:00:00Z",
        "2026-01-01/2026-02-01/2026-03-01",
        "2026-01-01/x",
        "x/2026-01-01",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:00:00-10:00",
        "２０２６-01-01",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    zh, en = refused({"datetime": text})
    assert zh.startswith("datetime 须为日期（2026-11-23）、时刻")
    assert en.startswith("datetime is a day (2026-11-23), a moment")


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    told = refused({"datetime": "2026-02-01/2026-01-31"})
    assert told == ("datetime 的起始晚于结束", "datetime ends before it begins")


@pytest.mark.parametrize(
    ("days_", "first", "last", "meets"),
    [
        (Days(B, C), B, C, True),
        (Days(B, C), A, B, True),
        (Days(B, C), C, D, True),
        (Days(B, C), A, A, False),
        (Days(B, C), D, D, False),
        (Days(B, C), None, A, False),
        (Days(B, C), None, B, True),
        (Days(B, C), D, None, False),
        (Days(B, C), C, None, True),
        (Days(B, C), None, None, True),
        (Days(None, B), A, None, True),
        (Days(None, B), C, None, False),
        (Days(B, None), None, A, False),
        (Days(B, None), A, C, True),
        (Days(None, None), A, A, True),
        (Days(B, B), A, C, True),
    ],
)
def test_ranges_meet_where_they_share_a_day(days_: Days, first: Any, last: Any, meets: bool) -> None:
    assert days_.meets(first, last) is meets
    assert Days(first, last).meets(days_.first, days_.last) is meets


def test_only_the_listed_systems_are_known() -> None:
    assert reference("EPSG:4490") is None
    assert [reference(uri) is not None for uri in SYSTEMS] == [True] * len(SYSTEMS)


@pytest.mark.parametrize(
    ("uri", "is_geographic", "swaps"),
    [(CRS84, True, False), (f"{EPSG}4490", True, True), (f"{EPSG}4326", True, True), (f"{EPSG}4547", False, True)],
)
def test_axes_follow_the_authority(uri: str, is_geographic: bool, swaps: bool) -> None:
    found = reference(uri)
    assert found is not None
    assert (found.is_geographic, found.swaps) == (is_geographic, swaps)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (CRS84, [112.123456789, 35.5]),
        (f"{EPSG}4490", [35.5, 112.123456789]),
        (f"{EPSG}4326", [35.5, 112.123456789]),
    ],
)
def test_degrees_are_written_in_the_order_of_the_axes_to_a_tenth_of_a_millimetre(
    uri: str, expected: list[float]
) -> None:
    found = reference(uri)
    assert found is not None
    (point,) = found.written(shapely.points([[112.1234567891, 35.5]]))
    assert list(point.coords[0]) == expected


def test_metres_are_written_north_first_and_heights_are_left_out() -> None:
    found = reference(f"{EPSG}4547")
    assert found is not None
    (point,) = found.written(shapely.points([[114.0, 35.5, 700.0]]))
    north, east = point.coords[0]
    assert east == 500_000
    assert 3_900_000 < north < 3_960_000
    assert (round(north, 4), point.has_z) == (north, False)
