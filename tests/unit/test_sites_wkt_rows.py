"""The rows of a table with one geometry in a row: read line by line, none lost, none passed over."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from both_languages import both
from zoning.errors import CRSError, SiteError, UsageError
from zoning.sites.limits import Limits, Options
from zoning.sites.raw import Fault, RawSite
from zoning.sites.tables.wkt_layout import Layout, TwoGeometriesError
from zoning.sites.tables.wkt_rows import TextRows
from zoning.sites.tables.wkt_table import WktTable, read_wkt_table, several_geometries, sliced_wkt_table, table_of
from zoning.sites.where import Where

HERE = Where("地块.csv")
Cells = list[str]


def square(west: float, *, side: float = 0.01) -> str:
    east = west + side
    return f"POLYGON (({west} 35.4, {east} 35.4, {east} 35.41, {west} 35.41, {west} 35.4))"


ONE, TWO, THREE = square(112.3), square(112.4), square(112.5)
LAYOUT = Layout(("编号", "wkt", "名称"), 1, 1, ",")


# --- Texts ---


def text_rows(folder: Path, text: str, layout: Layout = LAYOUT) -> TextRows:
    path = folder / "地块.csv"
    path.write_text(text, "utf-8", newline="")
    return TextRows(path, "utf-8", layout, HERE)


def open_quote(rows: TextRows) -> str:
    zh, en = both(lambda: list(rows()), SiteError)
    place, _, sentence = zh.partition("：")
    assert sentence == "此行的引号没有成对，后面的行会被并入一格；请补上或删去引号"
    assert en.startswith(f"{place}: a quote in this line is not closed")
    return place


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_with_the_number_of_their_line(tmp_path: Path, end: str) -> None:
    rows = text_rows(tmp_path, end.join(["编号,wkt,名称", f'1,"{ONE}",甲', "", f'2,"{TWO}",乙']) + end)
    expected = [(1, ["编号", "wkt", "名称"]), (2, ["1", ONE, "甲"]), (3, []), (4, ["2", TWO, "乙"])]
    assert list(rows()) == expected
    assert list(rows()) == expected  # read anew


def test_a_geometry_without_quotes_is_put_together(tmp_path: Path) -> None:
    rows = list(text_rows(tmp_path, f"编号,wkt,名称\n1,{ONE},甲\n")())
    assert rows[1] == (2, ["1", ONE.replace(", ", ","), "甲"])


def test_a_geometry_over_several_lines_is_one_row(tmp_path: Path) -> None:
    folded = ONE.replace(", ", ",\n ")
    rows = list(text_rows(tmp_path, f'编号,wkt,名称\n1,"{folded}",甲\n2,"{TWO}",乙\n')())
    assert [line for line, _ in rows] == [1, 2, 7]
    assert rows[1][1] == ["1", folded, "甲"]


def test_a_note_over_several_lines_is_one_row(tmp_path: Path) -> None:
    rows = list(text_rows(tmp_path, f'编号,wkt,名称\n1,"{ONE}","甲\n乙"\n2,"{TWO}",丙\n')())
    assert [(line, cells[-1]) for line, cells in rows[1:]] == [(2, "甲\n乙"), (4, "丙")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # The quote of the first row takes in the second.
        (f'编号,wkt,名称\n1,"{ONE},甲\n2,{TWO},乙\n', 2),
        # A quote in a name takes in the next row up to the quote there.
        (f'编号,wkt,名称\n1,{ONE},"甲\n2,{TWO},乙"\n', 2),
        (f'编号,wkt,名称\n1,"{ONE}",甲\n2,"{TWO}","乙\n3,"{THREE}",丙\n', 3),
        # A geometry that does not end.
        ('编号,wkt,名称\n1,"POLYGON ((112.3 35.4,\n112.4 35.4",甲\n', 2),
        # Closed again by chance, with a row in it.
        (f'编号,wkt,名称\n1,"{ONE}\n2",甲\n', 2),
    ],
)
def test_a_quote_that_swallows_rows_is_refused(tmp_path: Path, text: str, line: int) -> None:
    assert open_quote(text_rows(tmp_path, text)) == f"地块.csv:{line}"


def test_a_quote_at_the_end_of_the_last_line_swallows_nothing(tmp_path: Path) -> None:
    assert [line for line, _ in text_rows(tmp_path, f'编号,wkt,名称\n1,"{ONE}","甲\n')()] == [1, 2]


def test_the_headings_may_be_swallowed_as_well(tmp_path: Path) -> None:
    assert open_quote(text_rows(tmp_path, f'编号,wkt,"名称\n1,{ONE},甲\n')) == "地块.csv:1"


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.sites.tables.wkt_rows.LONGEST_LINE", 50)
    assert both(lambda: list(text_rows(tmp_path, f"{'甲' * 50}\n")()), SiteError) == (
        "地块.csv：有一行超过 50 个字符；请检查文件",
        "地块.csv: a line has more than 50 signs; check it",
    )
    assert len(list(text_rows(tmp_path, f"{'甲' * 48}\n")())) == 1


def test_a_cell_without_end_is_taken_for_an_open_quote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.sites.tables.wkt_layout.LONGEST_LINE", 50)
    assert open_quote(text_rows(tmp_path, f"编号\n{'甲' * 51}\n")) == "地块.csv:2"


# --- Tables ---


def table(*rows: Cells, layout: Layout = LAYOUT, options: Options | None = None) -> WktTable:
    """Return a table whose first row is row 1."""

    def numbered() -> Iterator[tuple[int, Cells]]:
        yield from enumerate(rows, 1)

    return table_of(numbered, layout, HERE, options or Options(width_m=2.0))


HEAD = ["编号", "wkt", "名称"]
GOOD = table(HEAD, ["1", ONE, "甲"], ["", "", ""], ["2", TWO, " 乙 "], [], ["3", THREE])


def shapes(sites: Sequence[RawSite]) -> list[float]:
    return [round(float(shapely.bounds(site.geometry)[0]), 6) for site in sites]


def test_every_filled_row_is_a_footprint() -> None:
    read = GOOD.whole()
    assert GOOD.count == 3
    assert shapes(read.sites) == [112.3, 112.4, 112.5]
    assert [site.where for site in read.sites] == [HERE.at_line(2), HERE.at_line(4), HERE.at_line(6)]
    assert [site.attributes for site in read.sites] == [
        {"编号": "1", "名称": "甲"},
        {"编号": "2", "名称": "乙"},
        {"编号": "3"},
    ]


def test_without_a_system_the_numbers_may_be_degrees() -> None:
    assert (GOOD.head.declared, GOOD.head.may_be_degrees) == (None, True)
    assert GOOD.head.silence.zh == "表中没有写坐标系"
    assert GOOD.head.silence.en == "the table does not state its coordinate system"


def test_of_two_columns_of_one_name_the_first_that_holds_something_counts() -> None:
    layout = Layout(("名称", "wkt", "名称", ""), 1, 1)
    made = table(["名称", "wkt", "名称", ""], ["", ONE, "乙", "丙"], ["甲", TWO, "乙", ""], layout=layout)
    assert [site.attributes for site in made.whole().sites] == [{"名称": "乙"}, {"名称": "甲"}]


def test_whether_rows_have_ids_is_told_by_the_headings() -> None:
    assert GOOD.says_ids
    assert not table(["甲", "wkt", "乙"], ["1", ONE, "x"], layout=Layout(("甲", "wkt", "乙"), 1, 1)).says_ids


# A cell that is no footprint, and the half sentence about it in both languages.
BAD = [
    (
        "",
        "“wkt” 列是空的，这一行没有图形；请补全，或删去这一行",
        "the column “wkt” is empty, this row holds no geometry; ",
    ),
    (" ", "“wkt” 列是空的", "the column “wkt” is empty"),
    ("无", "“wkt” 列的 “无” 不是 WKT；应如 POLYGON ((112.1 35.1, …))，", "“无” in the column “wkt” is no WKT such as "),
    ("x" * 31, f"“wkt” 列的 “{'x' * 30}” 不是 WKT", f"“{'x' * 30}” in the column “wkt” is no WKT"),
    (f"{ONE} {TWO}", "图形之后还有 “POLYGON ((112.4 35.4”", "“POLYGON ((112.4 35.4” follows behind the geometry; "),
]


@pytest.mark.parametrize(("cell", "zh", "en"), BAD)
def test_a_row_that_is_no_footprint_is_named(cell: str, zh: str, en: str) -> None:
    made = table(HEAD, ["1", ONE, "甲"], ["2", cell, "乙"])
    said = both(made.whole, SiteError)
    assert said[0].startswith(f"地块.csv:3：{zh}")
    assert said[1].startswith(f"地块.csv:3: {en}")


def test_a_short_row_lacks_its_geometry() -> None:
    zh, _ = both(table(HEAD, ["1", ONE, "甲"], ["2"]).whole, SiteError)
    assert zh.startswith("地块.csv:3：“wkt” 列是空的")


def test_without_headings_the_column_is_called_by_its_number() -> None:
    made = table(["1", ONE], ["2", ""], layout=Layout((), 1, 0, ","))
    zh, _ = both(made.whole, SiteError)
    assert zh.startswith("地块.csv:2：“2” 列是空的")


# --- Slices ---

MIXED = table(HEAD, ["1", ONE, "甲"], ["2", "无", "乙"], ["3", THREE, "丙"], ["4", "", "丁"], ["5", TWO, "戊"])


@pytest.mark.parametrize(
    ("start", "rows", "lengths"),
    [(0, 2, [2, 2, 1]), (0, 5, [5]), (0, 6, [5]), (0, 1, [1, 1, 1, 1, 1]), (1, 2, [2, 2]), (4, 9, [1]), (5, 2, [])],
)
def test_slices_of_so_many_rows(start: int, rows: int, lengths: list[int]) -> None:
    found = list(MIXED.slices(start, rows))
    assert [len(one) for one in found] == lengths
    lines = [one.where.line for part in found for one in part]
    assert lines == [2 + start + i for i in range(sum(lengths))]


def test_a_row_that_is_no_footprint_is_a_fault_in_its_place() -> None:
    (records,) = MIXED.slices(0, 9)
    assert [isinstance(one, Fault) for one in records] == [False, True, False, True, False]
    fault = records[1]
    assert isinstance(fault, Fault)
    assert fault.error.text.zh.startswith("地块.csv:3：“wkt” 列的 “无” 不是 WKT")
    assert (fault.where, fault.attributes) == (HERE.at_line(3), {"编号": "2", "名称": "乙"})


def test_a_slice_ends_early_where_its_texts_are_long() -> None:
    long = "甲" * 3_000_000
    rows = [["1", ONE, long], ["2", TWO, long], ["3", THREE, ""]]
    assert [len(one) for one in table(HEAD, *rows).slices(0, 9)] == [2, 1]


@pytest.mark.parametrize(
    ("stop", "lines"), [(0, []), (1, [2]), (3, [2, 3, 4]), (5, [2, 3, 4, 5, 6]), (9, [2, 3, 4, 5, 6])]
)
def test_what_rows_say_of_themselves(stop: int, lines: list[int]) -> None:
    labels = [one for part in MIXED.labels(stop) for one in part]
    assert [one.where.line for one in labels] == lines
    assert [one.attributes["编号"] for one in labels] == [str(line - 1) for line in lines]


def test_labels_come_a_thousand_at_once() -> None:
    made = table(HEAD, *[[str(i), ONE, ""] for i in range(1001)])
    assert [len(part) for part in made.labels(2000)] == [1000, 1]


def test_boxes_of_all_rows() -> None:
    (boxes,) = MIXED.boxes()
    assert boxes.shape == (5, 4)
    assert boxes[0].tolist() == pytest.approx([112.3, 35.4, 112.31, 35.41])
    assert np.isnan(boxes[1]).all()
    assert np.isnan(boxes[3]).all()


# --- Systems ---


def declared(*cells: str, third: Sequence[str] = (), heading: str = "坐标系") -> str | None:
    layout = Layout(("编号", "wkt", heading), 1, 1)
    texts = list(third) or [""] * len(cells)
    rows = [["1", cell, text] for cell, text in zip(cells, texts, strict=True)]
    found = table(["编号", "wkt", heading], *rows, layout=layout).head.declared
    return None if found is None else found.crs


@pytest.mark.parametrize(
    ("cells", "third", "crs"),
    [
        ((ONE, TWO), (), None),
        ((f"SRID=4490;{ONE}", f"SRID=4490;{TWO}"), (), "EPSG:4490"),
        ((f"SRID=0;{ONE}", TWO), (), None),
        ((ONE, TWO), ("4490", "4490"), "EPSG:4490"),
        ((ONE, TWO), ("EPSG:4490", "EPSG:4490"), "EPSG:4490"),
        ((ONE, TWO), ("EPSG:4490", "4490"), "EPSG:4490"),
        # What stands before the geometry counts more than the column.
        ((f"SRID=4490;{ONE}",), ("4326",), "EPSG:4490"),
        # A row without a geometry says nothing.
        ((ONE, "无"), ("4490", "4326"), "EPSG:4490"),
    ],
)
def test_the_one_system_of_all_rows(cells: tuple[str, ...], third: tuple[str, ...], crs: str | None) -> None:
    assert declared(*cells, third=third) == crs


@pytest.mark.parametrize(
    "heading", ["坐标系", "坐标系统", "坐标系名称", "空间参考", "CRS", "srid", "EPSG", "Coordinate System"]
)
def test_columns_that_name_the_system(heading: str) -> None:
    assert declared(ONE, third=["4490"], heading=heading) == "EPSG:4490"


def test_other_columns_name_none() -> None:
    assert declared(ONE, third=["4490"], heading="名称") is None


@pytest.mark.parametrize("second", [TWO, f"SRID=4326;{TWO}", f"SRID=4526;{TWO}"])
def test_rows_in_several_systems_are_refused_at_the_first_other_one(second: str) -> None:
    rows = [["1", f"SRID=4490;{ONE}", ""], ["2", f"SRID=4490;{ONE}", ""], ["3", second, ""]]
    zh, en = both(lambda: table(HEAD, *rows), CRSError)
    assert zh == "地块.csv:4：坐标系（SRID）与前面各行不一致；一个文件只能有一个坐标系"
    assert en == "地块.csv:4: its system (SRID) differs from that of the rows before; a file has one system only"


@pytest.mark.parametrize(
    ("title", "degrees"), [("CGCS2000", True), ("WGS84", True), ("某县", True), ("西安80", False), ("百度坐标", False)]
)
def test_an_old_datum_in_the_title_is_not_taken_as_degrees(title: str, *, degrees: bool) -> None:
    layout = Layout(("编号", "wkt", "名称"), 1, 2)
    head = table([title], HEAD, ["1", ONE, ""], layout=layout).head
    assert head.may_be_degrees is degrees
    assert head.silence.zh == ("表中没有写坐标系" if degrees else "表头写的坐标系须用 --crs 说明")
    assert degrees or head.silence.en == "state the system that its headings name with --crs"


def test_two_datums_in_the_title_are_a_contradiction() -> None:
    layout = Layout(("编号", "wkt", "名称"), 1, 2)
    both(lambda: table(["CGCS2000 西安80"], HEAD, ["1", ONE, ""], layout=layout), CRSError)


def test_a_datum_among_the_rows_says_nothing() -> None:
    assert table(HEAD, ["1", ONE, "西安80宾馆"]).head.may_be_degrees


# --- Whole files ---


@pytest.mark.parametrize("rows", [[HEAD], [HEAD, [], ["", "", ""]]])
def test_a_table_without_rows_is_refused(rows: list[Cells]) -> None:
    assert both(lambda: table(*rows), SiteError) == (
        "地块.csv：没有任何图形；请重新导出",
        "地块.csv: it holds no features; export it again",
    )


def test_more_rows_than_allowed_are_refused() -> None:
    rows = [["1", ONE, ""], ["2", TWO, ""], ["3", THREE, ""]]
    assert table(HEAD, *rows, options=Options(limits=Limits(records=3))).count == 3
    zh, _ = both(lambda: table(HEAD, *rows, options=Options(limits=Limits(records=2))), SiteError)
    assert zh.startswith("地块.csv：超过 2 个图形的上限")


def test_more_corners_than_allowed_in_one_row_are_refused() -> None:
    made = table(HEAD, ["1", ONE, ""], options=Options(limits=Limits(vertices=4)))
    both(made.whole, SiteError)


def test_a_choice_of_geometries_is_named() -> None:
    error = several_geometries(TwoGeometriesError("旧\n范围", "新"), HERE)
    assert error.text.zh == "地块.csv：有几列都是图形（旧 范围、新），分不清该用哪一列；请只保留一列"
    assert error.text.en == "地块.csv: several columns hold geometries (旧 范围, 新); keep one"


def written(folder: Path, text: str, codec: str = "utf-8") -> Path:
    path = folder / "地块.csv"
    path.write_bytes(text.encode(codec))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "encoding"),
    [("甲", "utf-8", "utf-8"), ("甲", "gb18030", "gb18030"), ("a", "utf-8", ""), ("a", "utf-16", "utf-16")],
)
def test_the_encoding_is_told_where_it_matters(tmp_path: Path, name: str, codec: str, encoding: str) -> None:
    read = read_wkt_table(written(tmp_path, f'id,wkt,name\n1,"{ONE}",{name}\n', codec), Options())
    assert (read.encoding, read.sites[0].attributes["name"]) == (encoding, name)


def test_a_text_without_a_table_holds_no_features(tmp_path: Path) -> None:
    path = written(tmp_path, "甲,乙\n1,2\n")
    zh, _ = both(lambda: read_wkt_table(path, Options()), SiteError)
    assert zh == "地块.csv：没有任何图形；请重新导出"


def test_two_columns_of_geometries_are_refused_with_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, f'id,旧,新\n1,"{ONE}","{TWO}"\n')
    zh, _ = both(lambda: read_wkt_table(path, Options()), SiteError)
    assert zh.startswith("地块.csv：有几列都是图形（旧、新）")


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f'id,wkt\n1,"{ONE}"\n')
    both(lambda: read_wkt_table(path, Options(encoding="klingon")), UsageError)


def test_a_file_is_read_in_slices(tmp_path: Path) -> None:
    path = written(tmp_path, f'编号,wkt\n1,"{ONE}"\n2,"{TWO}"\n3,"{THREE}"\n')
    with sliced_wkt_table(path, Options()) as made:
        assert (made.count, [len(part) for part in made.slices(0, 2)]) == (3, [2, 1])
