"""In which unit a drawing is drawn, and small numbers of an assumed system."""

from collections.abc import Sequence

import numpy as np
import pytest

from both_languages import both
from chinese_systems import zone_plane
from zoning.errors import CRSError, SiteError
from zoning.sites.cad.units import Fits, Unit, check_local, decide, fitting
from zoning.sites.where import Where

HERE = Where("地块.dxf")
TERRITORY = (112.0, 35.1, 112.95, 35.75)
PLACE = (112.3, 35.4)
ZONE_37 = zone_plane(PLACE, 111, 37.5e6)
PLAIN = zone_plane(PLACE, 111, 5e5)
METRE_OF_DEGREES = 1 / 111_320
FARAWAY = (37_618_000.0, 1_000_000.0)
"""In the zone, but near the equator."""


def fits(stated: str | None = None) -> Fits:
    made = fitting(TERRITORY, stated, HERE)
    assert made is not None
    return made


def decided(*places: Sequence[float], header: int = 0, stated: str | None = None) -> Unit:
    return decide(np.array(places, dtype=float), header, fits(stated), HERE)


# --- Where points may lie ---


@pytest.mark.parametrize(
    ("point", "stated", "expected"),
    [
        (ZONE_37, None, True),
        (PLAIN, None, True),
        (PLACE, None, True),
        ((PLACE[1], PLACE[0]), None, True),
        ((ZONE_37[1], ZONE_37[0]), None, True),
        (FARAWAY, None, False),
        ((120.3, 30.4), None, False),
        ((0.0, 0.0), None, False),
        ((1000.0, 2000.0), None, False),
        (ZONE_37, "EPSG:4525", True),
        ((ZONE_37[1], ZONE_37[0]), "EPSG:4525", True),
        (PLAIN, "EPSG:4546", True),
        # What the statement does not explain may still be an error of the statement.
        (ZONE_37, "EPSG:4526", True),
        (FARAWAY, "EPSG:4525", False),
        # A system that nobody knows is said later.
        (ZONE_37, "某矿独立坐标系", True),
        (FARAWAY, "某矿独立坐标系", False),
    ],
)
def test_whether_a_point_may_lie_in_the_territories(
    point: tuple[float, float], stated: str | None, *, expected: bool
) -> None:
    assert fits(stated)(*point) is expected


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        (111.5, 35.4, True),
        (111.49, 35.4, False),
        (113.45, 35.4, True),
        (113.46, 35.4, False),
        (112.3, 34.6, True),
        (112.3, 34.59, False),
        (112.3, 36.25, True),
        (112.3, 36.26, False),
    ],
)
def test_half_a_degree_around_the_territories_belongs_to_them(lon: float, lat: float, *, expected: bool) -> None:
    assert fits("EPSG:4490")(lon, lat) is expected


def test_without_territory_and_system_nothing_can_be_told() -> None:
    assert fitting(None, None, HERE) is None
    assert fitting(None, "某矿独立坐标系", HERE) is None


@pytest.mark.parametrize(
    ("point", "expected"), [((112.3, 35.4), True), ((-179.0, 89.0), True), ((200.0, 300.0), False), ((1e9, 1e9), False)]
)
def test_with_a_system_alone_anywhere_on_earth_will_do(point: tuple[float, float], *, expected: bool) -> None:
    made = fitting(None, "EPSG:4490", HERE)
    assert made is not None
    assert made(*point) is expected


# --- The unit ---


@pytest.mark.parametrize("header", [0, 6, 3, 99])
def test_metres_that_fit_are_taken_as_they_are(header: int) -> None:
    assert decided(ZONE_37, header=header) == Unit(1.0, 1.0, fits=True)


@pytest.mark.parametrize(
    ("header", "zh", "en"),
    [(4, "毫米", "millimetres"), (1, "英寸", "inches"), (7, "千米", "kilometres"), (2, "英尺", "feet")],
)
def test_metres_that_fit_count_more_than_the_header(header: int, zh: str, en: str) -> None:
    made = decided(ZONE_37, header=header)
    assert (made.factor, made.metre, made.fits) == (1.0, 1.0, True)
    (warning,) = made.warnings
    assert warning.zh == f"地块.dxf：文件头的单位是{zh}，但坐标按米才落在工作空间的区域内，已按米读取"
    assert warning.en == (
        f"地块.dxf: the header states {en}, but the coordinates lie in the workspace's territories as metres and were "
        "read as metres"
    )


@pytest.mark.parametrize(
    ("header", "factor", "zh", "en"),
    [
        (1, 0.0254, "英寸", "inches"),
        (2, 0.3048, "英尺", "feet"),
        (4, 0.001, "毫米", "millimetres"),
        (5, 0.01, "厘米", "centimetres"),
        (7, 1000.0, "千米", "kilometres"),
        (10, 0.9144, "码", "yards"),
        (13, 1e-6, "微米", "microns"),
        (14, 0.1, "分米", "decimetres"),
        (15, 10.0, "十米", "decametres"),
        (16, 100.0, "百米", "hectometres"),
        (21, 1200 / 3937, "美国测量英尺", "US survey feet"),
    ],
)
def test_a_unit_of_the_header_that_fits_is_applied_and_said(header: int, factor: float, zh: str, en: str) -> None:
    made = decided([ZONE_37[0] / factor, ZONE_37[1] / factor], header=header)
    assert (made.factor, made.metre, made.fits) == (factor, 1.0, True)
    assert made.warnings[0].zh == f"地块.dxf：文件头的单位是{zh}，坐标已换算为米读取"
    assert made.warnings[0].en == f"地块.dxf: the header states {en}; the coordinates were converted to metres"


@pytest.mark.parametrize(
    ("factor", "header", "zh", "said"),
    [
        (0.001, 0, "毫米", "无单位"),
        (0.001, 6, "毫米", "米"),
        (0.001, 5, "毫米", "厘米"),
        (0.01, 4, "厘米", "毫米"),
        (1000.0, 0, "千米", "无单位"),
        (1000.0, 99, "千米", "无单位"),
    ],
)
def test_a_unit_that_only_fits_is_a_question(factor: float, header: int, zh: str, said: str) -> None:
    text, en = both(lambda: decided([ZONE_37[0] / factor, ZONE_37[1] / factor], header=header), SiteError)
    assert text.startswith(f"地块.dxf：坐标像是以{zh}为单位（文件头写的是{said}），换算为米后才落在工作空间的区域内；")
    assert en.startswith("地块.dxf: the coordinates seem to be in ")


@pytest.mark.parametrize(
    ("place", "header", "metre"),
    [(FARAWAY, 0, 1.0), (FARAWAY, 4, 1.0), ((0.0, 0.0), 0, METRE_OF_DEGREES), ((500.0, 700.0), 0, 1.0)],
)
def test_numbers_that_fit_in_no_unit(place: tuple[float, float], header: int, metre: float) -> None:
    assert decided(place, header=header) == Unit(1.0, metre, fits=False)


def test_one_place_of_many_that_fits_is_enough() -> None:
    assert decided(FARAWAY, (0.0, 0.0), ZONE_37).fits


# --- Degrees ---


@pytest.mark.parametrize("header", [0, 4, 6])
def test_degrees_that_fit_are_degrees_whatever_the_header_says(header: int) -> None:
    assert decided(PLACE, (112.31, 35.41), header=header) == Unit(1.0, METRE_OF_DEGREES, fits=True)


@pytest.mark.parametrize(
    ("places", "metre"),
    [
        ([PLACE, ZONE_37], METRE_OF_DEGREES),
        ([PLACE, ZONE_37, ZONE_37], 1.0),
        ([(0.0, 0.0), (1.0, 1.0), ZONE_37], 1.0),
        ([ZONE_37, (0.0, 0.0), PLACE], METRE_OF_DEGREES),
    ],
)
def test_half_of_the_places_must_be_small_and_one_of_them_fit(places: list[tuple[float, float]], metre: float) -> None:
    assert decided(*places).metre == metre


@pytest.mark.parametrize(
    ("places", "metre"),
    [
        ([PLACE], METRE_OF_DEGREES),
        ([(180.0, -180.0)], METRE_OF_DEGREES),
        ([(180.1, 35.0)], 1.0),
        ([PLACE, ZONE_37], 1.0),
        ([ZONE_37], 1.0),
    ],
)
def test_without_a_territory_all_places_must_be_small(places: list[tuple[float, float]], metre: float) -> None:
    assert decide(np.array(places), 4, None, HERE) == Unit(1.0, metre, fits=False)


def test_a_drawing_without_places_is_in_metres() -> None:
    assert decide(np.empty((0, 2)), 0, None, HERE) == Unit(1.0, 1.0, fits=False)
    assert decide(np.empty((0, 2)), 0, fits(), HERE) == Unit(1.0, 1.0, fits=False)


# --- Small numbers ---


@pytest.mark.parametrize(
    "places",
    [
        [(0, 0), (100_000, 50)],
        [(-100_000, 0), (5, 5)],
        [(618_000, 3_919_000)],
        [(112.3, 35.4), (112.31, 35.41)],
        [(35.4, 112.3), (35.41, 112.31)],
        [(70, 3), (140, 55)],
    ],
)
def test_numbers_that_some_system_may_explain(places: list[tuple[float, float]]) -> None:
    check_local(np.array(places, dtype=float), HERE)


@pytest.mark.parametrize(
    ("places", "low", "high"),
    [
        ([(0, 0), (500, 700)], "(0, 0)", "(500, 700)"),
        ([(500, 0), (0, 700)], "(0, 0)", "(500, 700)"),
        ([(-99_999.5, 0), (1, 2)], "(-99999.5, 0)", "(1, 2)"),
        ([(1, 99_999.5), (1, 2)], "(1, 2)", "(1, 99999.5)"),
        ([(69.9, 35), (112, 36)], "(69.9, 35)", "(112, 36)"),
        ([(112, 2.9), (113, 36)], "(112, 2.9)", "(113, 36)"),
        ([(112, 35), (140.1, 36)], "(112, 35)", "(140.1, 36)"),
        ([(112, 35), (113, 55.1)], "(112, 35)", "(113, 55.1)"),
    ],
)
def test_an_assumed_system_is_refused(places: list[tuple[float, float]], low: str, high: str) -> None:
    zh, en = both(lambda: check_local(np.array(places, dtype=float), HERE), CRSError)
    assert zh == (
        f"地块.dxf：坐标在 {low} 与 {high} 之间，是独立（假定）坐标，不知道地块在哪里；"
        "请测绘单位转换为 2000 国家大地坐标系后重新导出"
    )
    assert en == (
        f"地块.dxf: the coordinates run from {low} to {high}: a local (assumed) system that does not tell where the "
        "site lies; have the surveyor convert the drawing to CGCS2000"
    )
