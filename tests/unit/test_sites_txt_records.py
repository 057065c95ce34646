"""The records of a coordinate TXT: shapes, attributes, statements and the order of what is said about them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import shapely

from both_languages import both
from zoning.errors import CRSError, SiteError, UsageError
from zoning.sites.limits import Limits, Options
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.txt.coordinate_txt import read_coordinate_txt

TERRITORY = (112.0, 35.1, 112.95, 35.75)
N, E = 3_920_000, 37_618_000
HEADER = ("[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格", "计量单位=米", "带号=37")
"""Lines 1 to 6; line 7 begins the coordinates, line 8 is the first parcel line, line 9 the first row."""

Corners = Sequence[tuple[float, float]]


def square(east: float, north: float, side: float) -> Corners:
    """Return a closed square, counted from the south-west, clockwise; east and north from the corner of the scene."""
    return [
        (east, north),
        (east, north + side),
        (east + side, north + side),
        (east + side, north),
        (east, north),
    ]


BIG, INNER, BESIDE = square(0, 0, 300), square(100, 100, 50), square(500, 0, 100)


def rows(*rings: Corners, numbers: Sequence[int] = ()) -> list[str]:
    found = []
    for position, ring in enumerate(rings):
        number = numbers[position] if numbers else position + 1
        names = [*range(1, len(ring)), 1 if ring[0] == ring[-1] else len(ring)]
        found += [f"J{n},{number},{N + y:.3f},{E + x:.3f}" for n, (x, y) in zip(names, ring, strict=True)]
    return found


def parcel(*, points: str = "", area: str = "", number: str = "D1", name: str = "甲", kind: str = "面") -> str:
    return f"{points},{area},{number},{name},{kind},,,,@"


def text_of(*lines: str) -> str:
    return "\n".join([*HEADER, "[地块坐标]", *lines]) + "\n"


class Reader:
    """Reads the lines behind [地块坐标] as 界址点.txt."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "界址点.txt"

    def file(self, *lines: str, options: Options | None = None) -> RawFile:
        self.path.write_text(text_of(*lines), "utf-8")
        return read_coordinate_txt(self.path, options or Options(expected=TERRITORY, width_m=2.0))

    def site(self, *lines: str) -> RawSite:
        (made,) = self.file(*lines).sites
        return made

    def refused(self, *lines: str) -> tuple[str, str]:
        return both(lambda: self.file(*lines), SiteError)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def area_of(site: RawSite) -> float:
    return float(shapely.area(site.geometry))


# --- Shapes ---


def test_a_hole_is_taken_off(reader: Reader) -> None:
    site = reader.site(parcel(), *rows(BIG, INNER))
    assert area_of(site) == pytest.approx(90_000 - 2_500)
    assert site.regrouped is None


@pytest.mark.parametrize(
    ("rings", "numbers", "wrong", "after", "before"),
    [
        # Both numbers say outline: the inner one lies in the other.
        ((BIG, INNER), (1, 1), 1, 87_500, 92_500),
        # The second number says hole: it lies beside.
        ((BIG, BESIDE), (1, 2), 1, 100_000, 90_000),
        # The hole stands first.
        ((INNER, BIG), (1, 2), 2, 87_500, 2_500),
        # All say hole; the first one stands for the outline then.
        ((BIG, BESIDE), (2, 3), 2, 100_000, 90_000),
    ],
)
def test_roles_are_decided_by_containment(
    reader: Reader,
    rings: Sequence[Corners],
    numbers: Sequence[int],
    wrong: int,
    after: float,
    before: float,
) -> None:
    site = reader.site(parcel(), *rows(*rings, numbers=numbers))
    assert area_of(site) == pytest.approx(after)
    assert site.regrouped is not None
    assert site.regrouped.count == wrong
    covered = shapely.area(site.regrouped.before)
    assert covered == pytest.approx(before)


def test_two_outlines_by_number_stay_two_outlines(reader: Reader) -> None:
    site = reader.site(parcel(), *rows(BIG, BESIDE, numbers=(1, 1)))
    assert (site.geometry.geom_type, site.regrouped) == ("MultiPolygon", None)
    assert area_of(site) == pytest.approx(100_000)


def test_one_ring_is_an_outline_whatever_its_number(reader: Reader) -> None:
    site = reader.site(parcel(), *rows(BIG, numbers=(3,)))
    assert area_of(site) == pytest.approx(90_000)
    assert site.regrouped is None


def test_rings_that_cross_are_named_by_their_lines(reader: Reader) -> None:
    zh, en = reader.refused(parcel(), *rows(BIG, square(200, 200, 200)))
    assert zh == "界址点.txt 第 1 个图形：第 9–13 行的圈与第 14–18 行的圈相交，分不清内外；请改正"
    assert en == (
        "界址点.txt, record 1: the rings of lines 9–13 and 14–18 cross, so neither is a hole of the other; correct them"
    )


def test_the_same_ring_twice_is_named_by_its_lines(reader: Reader) -> None:
    zh, en = reader.refused(parcel(), *rows(BESIDE), parcel(number="D2"), *rows(BIG, BIG))
    assert zh == "界址点.txt 第 2 个图形：第 15–19 行的圈与第 20–24 行的圈重复；请删去一个"
    assert en == "界址点.txt, record 2: the rings of lines 15–19 and 20–24 are the same; remove one"


def test_a_ring_that_encloses_nothing_is_refused_before_grouping(reader: Reader) -> None:
    zh, _ = reader.refused(parcel(), *rows(BIG, [(500, 0), (600, 0), (500, 0)]))
    assert zh.startswith("界址点.txt 第 1 个图形：")


def test_a_line_keeps_its_points(reader: Reader) -> None:
    site = reader.site(parcel(kind="线"), *rows([(0, 0), (0, 100), (100, 100)]))
    assert shapely.get_coordinates(site.geometry).tolist() == [[E, N], [E, N + 100], [E + 100, N + 100]]
    assert (site.geometry.geom_type, site.width_m) == ("LineString", 2.0)


def test_a_line_for_every_number(reader: Reader) -> None:
    site = reader.site(parcel(kind="线"), *rows([(0, 0), (0, 100)], [(50, 0), (50, 70)]))
    assert site.geometry.geom_type == "MultiLineString"
    assert site.geometry.length == pytest.approx(170)


def test_every_row_is_a_point(reader: Reader) -> None:
    site = reader.site(parcel(kind="点"), *rows([(0, 0), (0, 100)], [(50, 0)]))
    assert shapely.get_coordinates(site.geometry).tolist() == [[E, N], [E, N + 100], [E + 50, N]]


def test_an_outline_has_no_width(reader: Reader) -> None:
    assert reader.site(parcel(), *rows(BIG)).width_m is None


def test_a_line_without_a_width_is_refused(reader: Reader) -> None:
    lines = [parcel(kind="线"), *rows([(0, 0), (0, 100)])]
    zh, _ = both(lambda: reader.file(*lines, options=Options(expected=TERRITORY)), SiteError)
    assert zh.startswith("界址点.txt 第 1 个图形：")


def test_heights_move_no_corner_and_are_said_to_be_left_out(reader: Reader) -> None:
    lines = [f"{line},{800 + i}" for i, line in enumerate(rows(BIG))]
    lines[-1] = lines[0]
    site = reader.site(parcel(), *lines)
    assert area_of(site) == pytest.approx(90_000)
    assert [(one.kind, one.count) for one in site.repairs] == [("z-dropped", 5)]


# --- What a record says of itself ---


def test_empty_fields_are_no_attributes(reader: Reader) -> None:
    site = reader.site(parcel(points="4", area="9", number="D7", name="一号 矿"), *rows(BIG))
    assert site.attributes == {
        "界址点数": "4",
        "地块面积": "9",
        "地块编号": "D7",
        "地块名称": "一号 矿",
        "记录图形属性": "面",
    }
    assert (site.stated_id, site.stated_name) == ("D7", "一号 矿")
    assert (site.stated_area_m2, site.stated_points) == (90_000, 4)


def test_records_come_in_the_order_of_the_file(reader: Reader) -> None:
    read = reader.file(parcel(number="D2", name="乙"), *rows(BESIDE), parcel(number="D1", name="甲"), *rows(BIG))
    assert [(one.stated_id, one.where.record) for one in read.sites] == [("D2", 1), ("D1", 2)]
    assert [area_of(one) for one in read.sites] == pytest.approx([10_000, 90_000])


@pytest.mark.parametrize(("area", "square_metres"), [("9", 90_000), ("135", 90_000), ("90100", 90_100), ("", None)])
def test_the_stated_area(reader: Reader, area: str, square_metres: float | None) -> None:
    site = reader.site(parcel(area=area), *rows(BIG))
    assert (site.stated_area_m2, site.warnings) == (square_metres, ())


def test_what_is_said_about_a_record_comes_in_one_order(reader: Reader) -> None:
    site = reader.site(parcel(points="很多", area="很大"), *rows(BIG))
    assert [one.zh for one in site.warnings] == [
        "界址点.txt:8：标注界址点数 “很多” 不是整数，实有 5 行",
        "界址点.txt:8：标注面积 “很大” 不是数字，未比较",
    ]
    assert site.stated_area_m2 is None


# --- The whole file ---


def test_what_the_file_says_of_its_system(reader: Reader) -> None:
    read = reader.file(parcel(), *rows(BIG))
    assert read.declared is not None
    assert (read.declared.crs, read.warnings, read.encoding) == ("EPSG:4525", (), "utf-8-sig")


def test_swapped_columns_are_read_the_right_way_round(reader: Reader) -> None:
    swapped = [",".join([*row.split(",")[:2], *row.split(",")[:1:-1]]) for row in rows(BIG)]
    read = reader.file(parcel(), *swapped)
    assert shapely.get_coordinates(read.sites[0].geometry)[0].tolist() == [E, N]
    assert len(read.warnings) == 1


def test_lines_in_other_signs_are_said_before_swapped_columns(reader: Reader) -> None:
    swapped = [",".join([*row.split(",")[:2], *row.split(",")[:1:-1]]) for row in rows(BIG)]
    swapped[1] = swapped[1].replace(",", "，")
    swapped[3] = swapped[3].replace(",", " ")
    first, second = reader.file(parcel(), *swapped).warnings
    assert first.zh == "界址点.txt:10：此行起共 2 行用了全角符号，或以空白代替逗号，已按规定格式的半角逗号读取"
    assert first.en == (
        "界址点.txt:10: from here on 2 lines have full-width signs, or blanks instead of commas; read as plain commas"
    )
    assert second.zh == "界址点.txt：X、Y 两列的次序相反（按数值大小判定），已对调读取"


def test_no_parcel_at_all(reader: Reader) -> None:
    assert reader.refused() == (
        "界址点.txt：没有界址点坐标；请重新导出",
        "界址点.txt: it holds no points; export it again",
    )


def test_the_first_parcel_without_points_is_named(reader: Reader) -> None:
    zh, en = reader.refused(parcel(), *rows(BIG), parcel(number="D2"), parcel(number="D3"))
    assert zh == "界址点.txt:14：没有界址点坐标；请重新导出"
    assert en == "界址点.txt:14: it holds no points; export it again"


def test_an_unknown_encoding_is_refused(reader: Reader) -> None:
    both(lambda: reader.file(parcel(), *rows(BIG), options=Options(expected=TERRITORY, encoding="klingon")), UsageError)


def test_a_datum_that_is_not_read_is_refused(reader: Reader) -> None:
    reader.path.write_text(text_of(parcel(), *rows(BIG)).replace("2000国家", "1980西安"), "utf-8")
    with pytest.raises(CRSError):
        read_coordinate_txt(reader.path, Options(expected=TERRITORY))


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(records=1), "个图形"),
        (Limits(vertices=9), "个点"),
        (Limits(rings=1), "个环"),
        (Limits(fields=5), "个属性值"),
    ],
)
def test_the_limits_hold_for_all_parcels_together(reader: Reader, limits: Limits, word: str) -> None:
    lines = [parcel(), *rows(BIG), parcel(number="D2"), *rows(BESIDE)]
    zh, _ = both(lambda: reader.file(*lines, options=Options(expected=TERRITORY, limits=limits)), SiteError)
    assert word in zh


def test_within_the_limits_it_is_read(reader: Reader) -> None:
    lines = [parcel(), *rows(BIG), parcel(number="D2"), *rows(BESIDE)]
    limits = Limits(records=2, vertices=10, rings=2, fields=6)
    assert len(reader.file(*lines, options=Options(expected=TERRITORY, limits=limits)).sites) == 2
