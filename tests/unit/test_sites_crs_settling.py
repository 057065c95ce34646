"""Which coordinate system counts: the user's statement, the file's, or degrees that fit the territories."""

from collections.abc import Sequence

import pytest
import shapely

from both_languages import both
from zoning.errors import CRSError
from zoning.sites.crs.extent import Extent
from zoning.sites.crs.identify import Identified
from zoning.sites.crs.settling import decision, settle
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("地块.geojson")
TERRITORY = (112.0, 35.1, 112.95, 35.75)
Box = tuple[float, float, float, float]
DEGREES: Box = (112.3, 35.4, 112.31, 35.41)
PLAIN: Box = (618_000, 3_919_000, 618_500, 3_919_500)
PREFIXED: Box = (37_618_000, 3_919_000, 37_618_500, 3_919_500)


def sites(*boxes: Box) -> tuple[RawSite, ...]:
    return tuple(RawSite(HERE.at_record(i), shapely.box(*box)) for i, box in enumerate(boxes, 1))


def extent(*boxes: Box) -> Extent:
    return Extent.of(sites(*boxes))


def file(crs: str | None, *, implied: bool = False, may_be_degrees: bool = False) -> RawFile:
    declared = None if crs is None else Declared(crs, implied)
    silence = Text("文件没有写坐标系", "the file states no system")
    return RawFile((), declared, silence=silence, may_be_degrees=may_be_degrees)


def settled(
    raw: RawFile, *boxes: Box, crs: str | None = None, expected: Box | None = TERRITORY
) -> tuple[Identified, Sequence[Text]]:
    return settle(raw, extent(*boxes), Options(expected=expected, crs=crs), HERE)


def refused(raw: RawFile, *boxes: Box, crs: str | None = None, expected: Box | None = TERRITORY) -> tuple[str, str]:
    return both(lambda: settled(raw, *boxes, crs=crs, expected=expected), CRSError)


# --- Who decides ---


@pytest.mark.parametrize(
    ("declared", "stated", "code"),
    [
        ("EPSG:4525", None, "EPSG:4525"),
        (None, "EPSG:4525", "EPSG:4525"),
        ("EPSG:4525", "EPSG:4525", "EPSG:4525"),
        ("EPSG:4525", "4525", "EPSG:4525"),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 37", "EPSG:4525", "EPSG:4525"),
    ],
)
def test_where_nothing_contradicts_nothing_is_said(declared: str | None, stated: str | None, code: str) -> None:
    found, notes = settled(file(declared), PREFIXED, crs=stated)
    assert (found.code, list(notes)) == (code, [])


def test_the_users_word_overrules_the_file_and_is_said() -> None:
    found, (note,) = settled(file("EPSG:4526"), PREFIXED, crs="EPSG:4525")
    assert found.code == "EPSG:4525"
    assert note.zh.startswith("地块.geojson：文件的坐标系是 ")
    assert "EPSG:4526" in note.zh.split("按用户说明的")[0]
    assert "EPSG:4525" in note.zh.split("按用户说明的")[1]
    assert note.en.startswith("地块.geojson: the file is in ")
    assert note.en.endswith(" as the user stated")


def test_an_implied_system_is_overruled_as_well() -> None:
    found, notes = settled(file("EPSG:4326", implied=True), DEGREES, crs="EPSG:4490")
    assert (found.code, len(notes)) == ("EPSG:4490", 1)


@pytest.mark.parametrize("name", ["EPSG:2349", "EPSG:4610", "EPSG:4214", "EPSG:2436"])
def test_an_old_datum_is_refused_whoever_says_it(name: str) -> None:
    zh, en = refused(file(name), PREFIXED)
    assert zh.startswith("地块.geojson：坐标属于 ")
    assert en.startswith("地块.geojson: the coordinates are in ")
    assert refused(file(None), PREFIXED, crs=name) == (zh, en)


def test_an_old_datum_in_the_file_is_not_overruled_by_another_name() -> None:
    """Its numbers stay those of the old datum, whatever they are called."""
    assert refused(file("EPSG:2349"), PREFIXED, crs="EPSG:4525") == refused(file("EPSG:2349"), PREFIXED)


def test_a_system_that_nobody_knows_is_refused() -> None:
    zh, _ = refused(file("某矿独立坐标系"), PLAIN)
    assert zh.startswith("地块.geojson：无法识别坐标系 “某矿独立坐标系”")


# --- Without any statement ---


def test_degrees_within_the_territories_are_taken_as_such_and_it_is_said() -> None:
    found, (note,) = settled(file(None, may_be_degrees=True), DEGREES)
    assert found.code == "EPSG:4490"
    assert note.zh == ("地块.geojson：文件没有写坐标系，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取")
    assert note.en == (
        "地块.geojson: the file states no system; the coordinates are degrees within the workspace's territories and "
        "are taken as CGCS2000 longitude and latitude"
    )


def test_latitude_before_longitude_is_left_to_the_decision_about_axes() -> None:
    found, notes = settled(file(None, may_be_degrees=True), (35.4, 112.3, 35.41, 112.31))
    assert (found.code, len(notes)) == ("EPSG:4490", 1)


@pytest.mark.parametrize(
    ("box", "may_be_degrees", "expected"),
    [
        (DEGREES, False, TERRITORY),
        (DEGREES, True, None),
        (PREFIXED, True, TERRITORY),
        (PLAIN, True, TERRITORY),
        ((120.3, 30.4, 120.31, 30.41), True, TERRITORY),
    ],
)
def test_other_numbers_without_a_system_are_refused(box: Box, expected: Box | None, *, may_be_degrees: bool) -> None:
    zh, en = refused(file(None, may_be_degrees=may_be_degrees), box, expected=expected)
    assert zh.startswith("地块.geojson：文件没有写坐标系")
    assert en.startswith("地块.geojson: the file states no system")


def test_a_file_without_any_box_is_refused_too() -> None:
    zh, _ = refused(file(None))
    assert zh.startswith("地块.geojson：文件没有写坐标系")


def test_one_record_elsewhere_and_nothing_is_taken_as_degrees() -> None:
    refused(file(None, may_be_degrees=True), DEGREES, PREFIXED)


# --- Zones in front of the easting ---


@pytest.mark.parametrize("name", ["CGCS2000 37带", "2000国家大地坐标系 3度带37带"])
@pytest.mark.parametrize(
    ("box", "code"),
    [
        (PREFIXED, "EPSG:4525"),
        (PLAIN, "EPSG:4546"),
    ],
)
def test_a_name_that_leaves_the_zone_open_is_settled_by_size(name: str, box: Box, code: str) -> None:
    found, _ = settled(file(name), box)
    assert found.code == code


# Zone 13, the first of 6 degrees, begins at 13,000,000 - 500,000.
@pytest.mark.parametrize(("largest", "code"), [(12_500_000.0, "EPSG:4525"), (12_499_999.0, "EPSG:4546")])
def test_the_smallest_easting_with_a_zone(largest: float, code: str) -> None:
    found, _ = settled(file("CGCS2000 37带"), (0, 0, largest, 1))
    assert found.code == code


def test_one_large_easting_among_all_records_is_enough() -> None:
    found, _ = settled(file("CGCS2000 37带"), PLAIN, PREFIXED)
    assert found.code == "EPSG:4525"


def test_a_code_leaves_nothing_open() -> None:
    assert settled(file("EPSG:4525"), PLAIN)[0].code == "EPSG:4525"


def test_boxes_are_asked_for_only_where_something_is_open() -> None:
    for name, asked in (("EPSG:4525", False), ("CGCS2000 37带", True)):
        boxes = extent(PREFIXED)
        settle(file(name), boxes, Options(expected=TERRITORY), HERE)
        assert boxes.asked is asked


# --- Who decided ---


@pytest.mark.parametrize(
    ("raw", "stated", "zh", "en"),
    [
        (file("EPSG:4525"), "EPSG:4525", "用户用 --crs 说明", "stated by the user with --crs"),
        (file(None), "EPSG:4525", "用户用 --crs 说明", "stated by the user with --crs"),
        (file("EPSG:4525"), None, "文件声明", "declared in the file"),
        (
            file("EPSG:4326", implied=True),
            None,
            "文件未写，按格式的规定",
            "not in the file; that of the format's standard",
        ),
        (
            file(None, may_be_degrees=True),
            None,
            "文件未写，按坐标的大小和工作空间区域判定",
            "not in the file; decided by magnitude and territory",
        ),
    ],
)
def test_who_decided_is_said(raw: RawFile, stated: str | None, zh: str, en: str) -> None:
    assert decision(raw, Options(crs=stated)) == Text(zh, en)


# --- Boxes ---


def test_the_extent_of_records_in_memory() -> None:
    boxes = extent(DEGREES, PLAIN)
    (piece,) = boxes.pieces()
    assert piece.numbers.tolist() == [0, 1]
    assert piece.boxes.tolist() == [list(DEGREES), list(PLAIN)]
    assert boxes.where_of(1) == HERE.at_record(2)
    first = boxes.first()
    assert first is not None
    assert first.tolist() == list(DEGREES)


def test_the_extent_of_nothing() -> None:
    assert list(extent().pieces()) == []
    assert extent().first() is None
