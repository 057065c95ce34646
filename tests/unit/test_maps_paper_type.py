"""Lines of text and rows of a panel: where they break, what stays together, what is cut."""

import numpy as np
import pytest

from zoning.maps.fonts import typeface
from zoning.maps.paper.flow import (
    Row,
    draw_columns,
    height_of,
    into_columns,
    least_height,
    line_height,
    paragraph,
    under,
)
from zoning.maps.paper.marks import MM_PER_POINT, Page, Tinted, Words, text_box
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.typeset import pieces, shortened, wrapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("一级区", ["一", "级", "区"]),
        ("一级，二级", ["一", "级，", "二", "级"]),
        ("（一级）", ["（一", "级）"]),
        ("zone of level 1", ["zone", " ", "of", " ", "level", " ", "1"]),
        ("第 12.5 条", ["第", " ", "12.5", " ", "条"]),
        ("《规划》（草案）", ["《规", "划》", "（草", "案）"]),
        ("A，B", ["A，", "B"]),
        ("50%", ["50%"]),
        ("𠮷地", ["𠮷", "地"]),
    ],
)
def test_what_must_stay_together(text: str, expected: list[str]) -> None:
    assert list(pieces(text)) == expected
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("生态保护", 4, ["生态保护"]),
        ("生态保护", 3, ["生态保", "护"]),
        ("生态保，护", 3, ["生态", "保，护"]),
        ("zone of water", 7, ["zone of", "water"]),
        ("zone of water", 6, ["zone", "of", "water"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("ab abcdefgh", 3, ["ab", "abc", "def", "gh"]),
        ("a\nb", 9, ["a", "b"]),
        ("a\n\nb", 9, ["a", "", "b"]),
        ("ab", 0, ["a", "b"]),
        ("  ab", 4, ["  ab"]),
    ],
)
def test_lines_break_where_they_may(text: str, width: float, lines: list[str]) -> None:
    assert wrapped(text, width, len) == lines


@pytest.mark.parametrize("width", range(2, 12))
def test_no_sign_is_lost_and_no_line_too_wide(width: int) -> None:
    text = "本规划范围内禁止新建、扩建（含改建）排放污染物的项目，见第 12 条 paragraph two。"
    lines = wrapped(text, width, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("生态保护红线", 6, "生态保护红线"),
        ("生态保护红线", 5, "生态保护…"),
        ("生态保护红线", 2, "生…"),
        ("生态保护红线", 1, "…"),
        ("生态保护红线", 0, "…"),
        ("ab cdef", 4, "ab…"),
        ("", 0, ""),
    ],
)
def test_what_does_not_fit_ends_in_dots(text: str, width: float, expected: str) -> None:
    assert shortened(text, width, len) == expected


# --- rows -----------------------------------------------------------------------------------------------------------


def row(height: float, *, keeps: bool = False, gap: float = 0.0) -> Row:
    return Row(height, lambda _page, _place: None, keeps=keeps, gap=gap)


def shape(rows: list[Row], height: float) -> list[list[float]]:
    """Return the heights of the rows, column by column."""
    return [[one.height for one in column] for column in into_columns(rows, height)]


@pytest.mark.parametrize(
    ("heights", "room", "columns"),
    [
        ([], 10, [[]]),
        ([4, 6], 10, [[4, 6]]),
        ([4, 6.1], 10, [[4], [6.1]]),
        ([4, 4, 4], 8, [[4, 4], [4]]),
        ([20, 4], 10, [[20], [4]]),
        ([4, 20, 4], 10, [[4], [20], [4]]),
    ],
)
def test_rows_run_through_columns(heights: list[float], room: float, columns: list[list[float]]) -> None:
    assert shape([row(height) for height in heights], room) == columns


def test_a_gap_counts_below_another_row_alone() -> None:
    assert shape([row(5, gap=3), row(5, gap=1)], 10) == [[5], [5]]
    assert shape([row(5, gap=3), row(4, gap=1)], 10) == [[5, 4]]


def test_a_heading_goes_with_the_row_below_it() -> None:
    assert shape([row(6), row(2, keeps=True), row(4)], 10) == [[6], [2, 4]]
    assert shape([row(4), row(2, keeps=True), row(4)], 10) == [[4, 2, 4]]
    assert shape([row(2, keeps=True), row(2, keeps=True), row(7), row(3)], 11) == [[2, 2, 7], [3]]


def test_a_heading_is_written_once_more_in_the_next_column() -> None:
    heading = row(2)
    rows = [row(2, keeps=True), *under([row(4), row(4), row(4)], [heading])]
    columns = into_columns(rows, 10)
    assert [[one.height for one in column] for column in columns] == [[2, 4, 4], [2, 4]]
    assert [[one.repeated for one in column] for column in columns] == [[False] * 3, [True, False]]


def test_a_repeated_heading_takes_room() -> None:
    rows = [row(9), *under([row(4), row(4), row(4)], [row(2)])]
    assert shape(rows, 10) == [[9], [2, 4, 4], [2, 4]]


def test_headings_are_not_changed_by_being_repeated() -> None:
    heading = row(2)
    under([row(4)], [heading])
    assert (heading.keeps, heading.repeated) == (False, False)


@pytest.mark.parametrize(
    ("rows", "height"),
    [([], 0), ([row(4, gap=3)], 4), ([row(4, gap=3), row(5, gap=1)], 10), ([row(1), row(1), row(1, gap=0.5)], 3.5)],
)
def test_the_height_of_a_column(rows: list[Row], height: float) -> None:
    assert height_of(rows) == height


@pytest.mark.parametrize(("columns", "least"), [(1, 40), (2, 20), (3, 16), (4, 12), (10, 4), (11, 4)])
def test_the_least_height_is_found_to_the_millimetre(columns: int, least: float) -> None:
    """Ten rows of 4 mm: three columns hold four, three and three of them."""
    found = least_height([row(4)] * 10, columns)
    assert least <= found <= least + 1
    assert len(into_columns([row(4)] * 10, found)) <= columns


def test_rows_are_drawn_from_the_top_down_column_by_column() -> None:
    places: list[tuple[float, float, float, float]] = []

    def draws(height: float, gap: float) -> Row:
        return Row(height, lambda _page, place: places.append(place.sides), gap=gap)

    columns = [[draws(4, 9), draws(6, 1)], [draws(3, 9)]]
    draw_columns(Page(100, 100, typeface("en")), columns, Rectangle(10, 0, 90, 50), 30, 5)
    assert places == [(10, 46, 40, 50), (10, 39, 40, 45), (45, 47, 75, 50)]


# --- text on a page -------------------------------------------------------------------------------------------------


@pytest.fixture
def page() -> Page:
    return Page(297, 210, typeface("zh"))


@pytest.mark.parametrize(("align", "share"), [("left", 0.0), ("middle", 0.5), ("right", 1.0)])
def test_where_a_line_of_text_begins(page: Page, align: str, share: float) -> None:
    box = page.write("水源保护区", 100, 50, 10, align=align)
    (mark,) = page.marks
    width = page.wide("水源保护区", 10)
    assert isinstance(mark, Words)
    assert (mark.x, mark.y) == pytest.approx((100 - share * width, 50))
    assert box == text_box(mark.x, 50, width, 10)


def test_five_chinese_characters_are_five_times_as_wide_as_the_type(page: Page) -> None:
    assert page.wide("水源保护区", 10) == pytest.approx(50 * MM_PER_POINT, rel=1e-3)
    assert page.wide("水源保护区", 20) == pytest.approx(2 * page.wide("水源保护区", 10))
    assert page.wide("", 10) == 0


def test_the_box_of_a_text_reaches_below_its_base() -> None:
    point = MM_PER_POINT
    assert text_box(10, 20, 30, 10).sides == pytest.approx((10, 20 - 2.2 * point, 40, 20 + 9 * point))


def test_a_paragraph_is_as_high_as_its_lines(page: Page) -> None:
    width = page.wide("水源保护", 10) + 0.01
    made = paragraph(page, "水源保护区范围", width, 10, colour="#000000", gap=2.0, keeps=True)
    assert made.height == pytest.approx(2 * line_height(10))
    assert (made.gap, made.keeps) == (2.0, True)
    made.draw(page, Rectangle(5, 0, 5 + width, made.height))
    first, second = page.marks
    assert isinstance(first, Words)
    assert isinstance(second, Words)
    assert (first.text, second.text) == ("水源保护", "区范围")
    assert first.y - second.y == pytest.approx(line_height(10))
    assert 0 < second.y < first.y < made.height


def test_a_picture_of_few_colours_has_their_pixels() -> None:
    colours = np.array([[0, 0, 0], [255, 0, 0]], dtype=np.uint8)
    made = Tinted(np.array([[0, 1, 1]], dtype=np.uint8), colours)
    assert made.pixels().tolist() == [[[0, 0, 0], [255, 0, 0], [255, 0, 0]]]
