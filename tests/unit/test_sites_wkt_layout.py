"""Where the geometry stands in a table with one geometry in a row, and what is no such table."""

import csv

import pytest

from zoning.sites.tables.wkt_layout import (
    ANYWHERE,
    GEOMETRY_WORD,
    Layout,
    TwoGeometriesError,
    layout_of,
    long_cells,
    several_outlines,
    text_layout,
)

SQUARE = "POLYGON ((112.3 35.4, 112.31 35.4, 112.31 35.41, 112.3 35.4))"
QUOTED = f'"{SQUARE}"'


def layout(*lines: str) -> Layout | None:
    return text_layout("\n".join(lines))


def place(*lines: str) -> tuple[tuple[str, ...], int, int, str]:
    """Return headings, column, rows above and sign."""
    found = layout(*lines)
    assert found is not None
    return found.headings, found.column, found.above, found.sign


# --- What a geometry begins with ---


@pytest.mark.parametrize(
    "text",
    [
        "POINT (1 2)",
        "point(1 2)",
        " Polygon ((",
        "POLYGON Z ((",
        "POLYGON ZM ((",
        "POLYGONZ((",
        "POINTM (1 2 3)",
        "MULTIPOLYGON (((",
        "MULTICURVE (",
        "MULTISURFACE (",
        "GEOMETRYCOLLECTION (",
        "CIRCULARSTRING (",
        "COMPOUNDCURVE (",
        "CURVEPOLYGON (",
        "POLYHEDRALSURFACE (",
        "TIN (",
        "TRIANGLE (",
        "POLYGON EMPTY",
        "SRID=4490;POLYGON ((",
        "srid = 4326 ; point (1 2)",
    ],
)
def test_a_cell_with_a_geometry(text: str) -> None:
    assert GEOMETRY_WORD.match(text)


@pytest.mark.parametrize(
    "text",
    ["", "Point", "POLYGONS (1)", "POLYGON EMPTYING", "x POINT (1 2)", "MULTI (1)", "SRID=;POINT (1 2)", "面 ((1 2"],
)
def test_a_cell_without_a_geometry(text: str) -> None:
    assert not GEOMETRY_WORD.match(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"甲：{SQUARE}", 1),
        (f"{SQUARE} {SQUARE}", 2),
        ("POINT(1 2)LINESTRING Z(-1 2 3", 2),
        ("multipolygon(((+1 2", 1),
        ("POLYGON ((x", 0),
        ("WAYPOINT (1 2)", 0),
        ("POLYGON EMPTY", 0),
    ],
)
def test_geometries_within_a_text(text: str, count: int) -> None:
    assert len(ANYWHERE.findall(text)) == count


# --- Layouts ---


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_headings_and_the_column_of_the_geometry(sign: str) -> None:
    lines = [f"id{sign}wkt{sign}名称", f"1{sign}{QUOTED}{sign}甲", f"2{sign}{QUOTED}{sign}乙"]
    assert place(*lines) == (("id", "wkt", "名称"), 1, 1, sign)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # The column is found by what stands in it.
        (("id,范围,名称", f"1,{QUOTED},甲"), (("id", "范围", "名称"), 1, 1, ",")),
        # One column.
        (("wkt", QUOTED), (("wkt",), 0, 1, ",")),
        # A title, empty rows.
        (("某县地块", "", "id,wkt", f"1,{QUOTED}"), (("id", "wkt"), 1, 3, ",")),
        # Without headings.
        ((f"1,{QUOTED},甲", f"2,{QUOTED},乙"), ((), 1, 0, ",")),
        # The first row may lack its geometry: nothing says that it is a heading.
        (("空,,", f"1,{QUOTED},甲"), ((), 1, 0, ",")),
        # Blanks around headings.
        ((" id , wkt ", f"1,{QUOTED}"), (("id", "wkt"), 1, 1, ",")),
        # Nobody put the geometry into quotes.
        (("id,wkt,名称", f"1,{SQUARE},甲"), (("id", "wkt", "名称"), 1, 1, ",")),
        (("id,geom", f"1,{SQUARE}"), (("id", "geom"), 1, 1, ",")),
        # An empty geometry is one.
        (("id,wkt", "1,POLYGON EMPTY"), (("id", "wkt"), 1, 1, ",")),
        # Only headings, or only rows without a geometry: WKT says where they should stand.
        (("id,wkt",), (("id", "wkt"), 1, 1, ",")),
        (("id,WKT文本", "1,无"), (("id", "WKT文本"), 1, 1, ",")),
        (("id,geometry", "1,", "2, "), (("id", "geometry"), 1, 1, ",")),
        (("编号,几何信息", "1,"), (("编号", "几何信息"), 1, 1, ",")),
    ],
)
def test_where_things_stand(lines: tuple[str, ...], expected: tuple[tuple[str, ...], int, int, str]) -> None:
    assert place(*lines) == expected


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        ("点号,X,Y", "J1,3919746.783,37618082.987"),
        ("id,geometry", "1,甲"),
        ("geometry", "甲"),
        ("geometry",),
        ("geometry", ""),
        ("id,名称", "1,甲"),
        # Named as such, but a table of points.
        ("点号,X,Y,shape", "J1,3919746.783,37618082.987,"),
    ],
)
def test_what_is_no_table_of_geometries(lines: tuple[str, ...]) -> None:
    assert layout(*lines) is None


def test_vertices_whose_place_stands_there_twice_are_points_of_a_table() -> None:
    rows = ["点号,X,Y,wkt", "J1,3919746.7,37618082.9,POINT (112.3 35.4)", "J2,3919746.7,37618082.9,POINT (112.3 35.4)"]
    assert layout(*rows) is None
    areas = [row.replace("POINT (112.3 35.4)", f'"{SQUARE}"') for row in rows]
    assert place(*areas)[1] == 3


def test_points_of_their_own_are_a_table_of_geometries() -> None:
    assert place("编号,wkt", "1,POINT (112.3 35.4)", "2,SRID=4490;MULTIPOINT ((112.3 35.4))")[1] == 1


def test_of_points_and_areas_the_areas_count() -> None:
    assert place("id,中心,范围", f"1,POINT (1 2),{QUOTED}", f"2,POINT (1 2),{QUOTED}")[1] == 2
    assert place("id,范围,中心", f"1,{QUOTED},POINT (1 2)")[1] == 1


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (("id,旧,新", f"1,{QUOTED},{QUOTED}"), ("旧", "新")),
        (("id,a,b", "1,POINT (1 2),POINT (1 2)"), ("a", "b")),
        ((f"1,{QUOTED},{QUOTED}",), ("2", "3")),
        (("id,甲", f"1,{QUOTED},{QUOTED}"), ("甲", "3")),
    ],
)
def test_two_columns_of_geometries_are_a_choice(lines: tuple[str, ...], names: tuple[str, ...]) -> None:
    with pytest.raises(TwoGeometriesError) as caught:
        layout(*lines)
    assert caught.value.args == names


def test_a_row_that_was_cut_off_counts_only_where_the_text_was_cut() -> None:
    lines = ["编号,范围", '1,"POLYGON ((112.3 35.4, 112.3']
    assert text_layout("\n".join(lines)) is None
    found = text_layout("\n".join(lines), cut=True)
    assert found is not None
    assert (found.column, found.above) == (1, 1)


def test_a_geometry_that_is_not_closed_counts_under_a_heading_that_says_so() -> None:
    assert place("编号,wkt", "1,POLYGON ((112.3 35.4")[1] == 1


def test_cells_of_a_workbook_have_no_sign_between_them() -> None:
    found = layout_of([["id", "wkt"], ["1", SQUARE]])
    assert found == Layout(("id", "wkt"), 1, 1, "")


def test_a_title_of_more_than_twenty_rows_is_still_above_the_headings() -> None:
    rows = [["说明"]] * 25 + [["id", "wkt"], ["1", SQUARE]]
    found = layout_of(rows)
    assert found is not None
    assert (found.headings, found.above) == (("id", "wkt"), 26)


def test_only_twenty_rows_are_looked_through_for_headings_where_no_geometry_follows() -> None:
    assert layout_of([["说明"]] * 19 + [["id", "wkt"]]) is not None
    assert layout_of([["说明"]] * 20 + [["id", "wkt"]]) is None


# --- One row ---


def test_the_name_of_the_column() -> None:
    assert Layout(("id", "范围"), 1, 1).name == "范围"
    assert Layout((), 1, 0).name == "2"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", SQUARE, "甲"], ["1", SQUARE, "甲"]),
        (["1", *SQUARE.split(","), "甲"], ["1", SQUARE, "甲"]),
        (["1", *SQUARE.split(",")], ["1", SQUARE]),
        # Too few cells, nothing to put together, or no end.
        (["1", "POLYGON ((1 2"], ["1", "POLYGON ((1 2"]),
        (["1", "x", "y", "z"], ["1", "x", "y", "z"]),
        (["1", "POLYGON ((1 2", "3 4", "5 6"], ["1", "POLYGON ((1 2", "3 4", "5 6"]),
        (["1"], ["1"]),
        ([], []),
    ],
)
def test_what_commas_have_cut_is_put_together(cells: list[str], expected: list[str]) -> None:
    given = list(cells)
    assert Layout(("id", "wkt", "名称"), 1, 1, ",").whole(cells) == expected
    assert cells == given


def test_without_headings_the_cells_behind_the_column_are_pieces() -> None:
    assert Layout((), 1, 0, ";").whole(["1", "POINT (1", "2)"]) == ["1", "POINT (1;2)"]


def test_cells_are_long_only_for_a_while() -> None:
    usual = csv.field_size_limit()
    with long_cells():
        assert csv.field_size_limit() == 200_000_000
    assert csv.field_size_limit() == usual
    with pytest.raises(ValueError, match="x"), long_cells():
        raise ValueError("x")
    assert csv.field_size_limit() == usual


def test_a_cell_longer_than_csv_allows_is_read() -> None:
    corners = ", ".join(f"112.{i:06d} 35.4" for i in range(12_000))
    assert len(corners) > csv.field_size_limit()
    assert place("id,wkt", f'1,"POLYGON (({corners}))"')[1] == 1


# --- Texts that are no table ---

SIX = "112.301,35.401 112.302,35.402 112.303,35.403"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SQUARE}\n{SQUARE}", True),
        (f"甲 {SQUARE} 乙 POINT (1 2)", True),
        (SQUARE, False),
        ('{"coordinates": [1, 2]}, {"coordinates":[3, 4]}', True),
        ('{"coordinates": [1, 2]}', False),
        (f'{SQUARE} {{"coordinates": [1, 2]}}', True),
        ('甲;"' + SIX + '"\n乙;"' + SIX + '"', True),
        ('甲;"' + SIX + '"', False),
        ("甲|" + SIX + "\n乙|" + SIX, True),
        ("甲|" + SIX + "\n" + SIX + "|乙", False),
        ("甲|112.301 35.401 112.302 35.402\n乙|112.301 35.401 112.302 35.402", False),
        ("J1 112.301 35.401\nJ2 112.302 35.402", False),
        ("", False),
    ],
)
def test_several_outlines_in_a_text(text: str, *, expected: bool) -> None:
    assert several_outlines(text) is expected
