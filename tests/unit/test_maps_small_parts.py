"""Small parts of maps: who is in charge of a river, the window around a site, outlines as numbers, figures in words."""

from math import cos, radians
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.maps.contacts import contacts_of
from zoning.maps.content import Box
from zoning.maps.product import Sheet
from zoning.maps.sheet import METRES_PER_DEGREE, cut, flat, geojson, label_place, sheet_of
from zoning.maps.steps import steps_of
from zoning.maps.wording import amount_text, area_text, share_text
from zoning.texts import Text

RIVER = ("濩泽河", "huoze")


# --- contacts -------------------------------------------------------------------------------------------------------


def table(root: Path, content: str | bytes) -> Path:
    path = root / "maps" / "c.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rows_of_the_river_alone_without_the_column_that_says_so(tmp_path: Path) -> None:
    table(tmp_path, "river,name,电话\n濩泽河,甲,1\n沁河,乙,2\n huoze , 丙 ,3\n")
    found = contacts_of(tmp_path, "c.csv", RIVER)
    assert found.heads == (Text("姓名", "name"), Text("电话", "电话"))
    assert found.rows == (("甲", "1"), ("丙", "3"))
    assert found.missing is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("head", ["river", "河流"])
def test_tables_as_offices_save_them(tmp_path: Path, encoding: str, head: str) -> None:
    table(tmp_path, f"name,{head}\r\n甲,濩泽河\r\n".encode(encoding))
    assert contacts_of(tmp_path, "c.csv", RIVER).rows == (("甲",),)


@pytest.mark.parametrize(("file", "where"), [(None, ""), ("c.csv", "（maps/c.csv）")])
def test_without_a_table_nobody_is_made_up(tmp_path: Path, file: str | None, where: str) -> None:
    found = contacts_of(tmp_path, file, RIVER)
    assert found.rows == ()
    assert found.missing is not None
    assert found.missing.zh == f"数据缺失：工作空间没有联系人表{where}"
    assert [head.en for head in found.heads] == ["role", "office", "name", "telephone"]


def test_a_table_without_the_river_says_so(tmp_path: Path) -> None:
    table(tmp_path, "river,name\n沁河,乙\n")
    found = contacts_of(tmp_path, "c.csv", RIVER)
    assert found.missing == Text(
        "数据缺失：联系人表（c.csv）没有这条河流", "no data: the table of contacts (c.csv) lacks this river"
    )


@pytest.mark.parametrize("content", ["", "\n\n", "name,phone\n甲,1\n"])
def test_a_table_must_say_which_river(tmp_path: Path, content: str) -> None:
    path = table(tmp_path, content)
    with pytest.raises(ContentError) as caught:
        contacts_of(tmp_path, "c.csv", RIVER)
    assert caught.value.get("zh") == f"{path}:1：没有“river”（河流）列，无法知道每行属于哪条河流"


def test_short_rows_are_filled_up_and_empty_ones_left_out(tmp_path: Path) -> None:
    table(tmp_path, "river,name,phone\n,,\n濩泽河\n\n")
    assert contacts_of(tmp_path, "c.csv", RIVER).rows == (("", ""),)


@pytest.mark.parametrize(("before", "line"), [("", 2), ("\n", 3), ("沁河,乙\n\n\n", 5)])
def test_a_row_with_too_many_cells_is_named_with_its_line_in_the_file(tmp_path: Path, before: str, line: int) -> None:
    path = table(tmp_path, f"river,name\n{before}濩泽河,甲,1\n")
    with pytest.raises(ContentError) as caught:
        contacts_of(tmp_path, "c.csv", RIVER)
    assert caught.value.get("zh") == f"{path}:{line}：有 3 格，表头只有 2 列；含逗号的内容请加引号"


def test_a_text_in_no_known_encoding(tmp_path: Path) -> None:
    path = table(tmp_path, b"river\n\xff\xff\n")
    with pytest.raises(ContentError) as caught:
        contacts_of(tmp_path, "c.csv", RIVER)
    assert caught.value.get("zh") == f"{path}：文字编码不是 UTF-8 或 GBK"


# --- the window around a site ---------------------------------------------------------------------------------------


def sheet(**changes: float | None) -> Sheet:
    return Sheet.model_validate({"margin": 100, "times": 1, "most": 1_000, "proportion": 1, **changes})


def sides(box: Box) -> tuple[float, float]:
    """Return width and height in metres."""
    middle = radians((box.south + box.north) / 2)
    return (
        (box.east - box.west) * METRES_PER_DEGREE * cos(middle),
        (box.north - box.south) * METRES_PER_DEGREE,
    )


def square(metres: float) -> shapely.Polygon:
    high = metres / METRES_PER_DEGREE
    wide = high / cos(radians(35.5))
    return shapely.box(112.4 - wide / 2, 35.5 - high / 2, 112.4 + wide / 2, 35.5 + high / 2)


@pytest.mark.parametrize(
    ("size", "changes", "side"),
    [
        (10, {}, 210),
        (100, {}, 300),
        (500, {}, 1_500),
        (1_000, {}, 3_000),
        (5_000, {}, 7_000),
        (5_000, {"most": None}, 15_000),
        (500, {"times": 0.5}, 1_000),
    ],
)
def test_the_margin_grows_with_the_site_between_its_limits(
    size: float, changes: dict[str, float | None], side: float
) -> None:
    assert sides(sheet_of(square(size), sheet(**changes))) == pytest.approx((side, side), rel=1e-6)


def test_a_sheet_is_at_least_as_wide_as_its_proportion() -> None:
    wide, high = sides(sheet_of(square(100), sheet(proportion=1.5)))
    assert wide == pytest.approx(1.5 * high)
    box = sheet_of(square(100), sheet(proportion=1.5))
    assert ((box.west + box.east) / 2, (box.south + box.north) / 2) == pytest.approx((112.4, 35.5))


def test_what_lies_beside_the_window_is_cut_away() -> None:
    box = Box(0, 0, 1, 1)
    assert cut(shapely.box(0.5, 0.5, 2, 2), box, detail_m=1).bounds == (0.5, 0.5, 1, 1)
    assert cut(shapely.box(2, 2, 3, 3), box, detail_m=1).is_empty


@pytest.mark.parametrize(("detail_m", "corners"), [(1.0, 3), (3.0, 2)])
def test_borders_are_displaced_by_no_more_than_the_detail(detail_m: float, corners: int) -> None:
    """A corner 2 m beside the line."""
    line = shapely.LineString([(0.1, 0.1), (0.2, 0.1 + 2 / METRES_PER_DEGREE), (0.3, 0.1)])
    assert len(cut(line, Box(0, 0, 1, 1), detail_m=detail_m).coords) == corners


def test_a_name_stands_in_the_largest_part() -> None:
    two = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(10, 10, 14, 12)])
    (lat, lon), (high, wide) = label_place(two)
    assert 10 < lon < 14
    assert 10 < lat < 12
    assert (high, wide) == (1.0, 2.0)


def test_a_name_of_a_line_stands_half_way() -> None:
    place, half = label_place(shapely.LineString([(0, 0), (4, 0)]))
    assert (place, half) == ((0.0, 2.0), (0.0, 2.0))


def test_coordinates_are_rounded_and_points_on_a_straight_line_left_out() -> None:
    line = shapely.LineString([(0, 0), (1, 0), (2.123_456_78, 0)])
    assert geojson(line) == {"type": "LineString", "coordinates": ((0.0, 0.0), (2.1234568, 0.0))}
    assert geojson(line, digits=2)["coordinates"] == ((0.0, 0.0), (2.12, 0.0))


def test_lines_or_areas_of_a_mixed_geometry() -> None:
    area, line = shapely.box(0, 0, 1, 1), shapely.LineString([(5, 5), (6, 6)])
    mixed = shapely.GeometryCollection([area, line, shapely.Point(9, 9)])
    assert flat(mixed, lines=False).equals(area)
    assert flat(mixed, lines=True).equals(line)
    assert flat(shapely.Point(9, 9), lines=False).is_empty
    assert flat(shapely.GeometryCollection([area, shapely.box(2, 0, 3, 1)]), lines=False).area == 2


# --- outlines as numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "steps"),
    [
        (shapely.LineString([(1, 2), (1.000_001, 2), (1.000_001, 1.999_998)]), [[1_000_000, 2_000_000, 1, 0, 0, -2]]),
        (shapely.Point(1, 2), []),
        (shapely.MultiLineString([[(0, 0), (1e-6, 0)], [(2e-6, 0), (0, 0)]]), [[0, 0, 1, 0], [2, 0, -2, 0]]),
        (shapely.Polygon([(0, 0), (4e-6, 0), (0, 4e-6)]), [[0, 0, 4, 0, -4, 4, 0, -4]]),
    ],
    ids=["line", "point", "lines", "area"],
)
def test_the_first_vertex_then_steps_in_millionths(shape: BaseGeometry, steps: list[list[int]]) -> None:
    assert list(steps_of(shape)) == steps


def test_holes_are_rings_of_their_own_and_errors_do_not_add_up() -> None:
    hole = [(1e-6, 1e-6), (2e-6, 1e-6), (1e-6, 2e-6)]
    assert len(list(steps_of(shapely.Polygon([(0, 0), (9e-6, 0), (0, 9e-6)], [hole])))) == 2
    (numbers,) = steps_of(shapely.LineString([(n * 0.4e-6, 0) for n in range(11)]))
    assert sum(numbers[::2]) == 4


# --- figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0.00 %"),
        (1e-12, "< 0.01 %"),
        (0.000_049_9, "< 0.01 %"),
        (0.000_051, "0.01 %"),
        (0.231_04, "23.10 %"),
        (1, "100.00 %"),
    ],
)
def test_a_share_that_is_there_never_reads_as_nothing(share: float, text: str) -> None:
    assert share_text(share) == text


def test_areas_in_both_languages() -> None:
    assert area_text(1_234_567.0, "zh") == "123.4567 公顷 (1,851.85 亩)"
    assert area_text(1_234_567.0, "en") == "123.4567 ha (1,851.85 mu)"


@pytest.mark.parametrize(
    ("area_m2", "length_m", "text"),
    [
        (10_000.0, None, "1.0000 公顷 (15.00 亩)"),
        (10_000.0, 5.0, "1.0000 公顷 (15.00 亩)"),
        (0.0, 5.0, "5.00 m"),
        (None, 5.0, "5.00 m"),
        (None, None, ""),
        (0.0, 0.0, ""),
    ],
)
def test_the_length_is_told_where_there_is_no_area(area_m2: float | None, length_m: float | None, text: str) -> None:
    assert amount_text(area_m2, length_m, "zh") == text
