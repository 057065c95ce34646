"""From the rows of a coordinate TXT to rings: where one ends, what closes it, and what its parcel line states of it."""

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from pyproj import Geod

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.txt.lines import read_sheet
from zoning.sites.txt.ring_split import Ring, RingReader
from zoning.sites.txt.statements import stated_area, stated_points
from zoning.sites.txt.wide import narrow
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("界址点.txt")
Point = tuple[float, float]
A, B, C, D = (0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)
FAR = [(1000.0 + x, y) for x, y in (A, B, C, D)]


def rings_of(
    points: Sequence[Point], names: Sequence[str] = (), *, ring: str = "1", degrees: bool = False
) -> tuple[list[Ring], tuple[Text, ...]]:
    """Return the rings of one run of points, which stand on line 2 and the following, and what was said."""
    named = names or [f"P{number}" for number in range(len(points))]
    rows = [f"{name},{ring},{x!r},{y!r}" for name, (x, y) in zip(named, points, strict=True)]
    sheet = read_sheet(["4,1,D1,甲,面,,,,@", *rows], HERE, Limits())
    lines = np.frombuffer(sheet.lines, dtype=sheet.lines.typecode)
    reader = RingReader(sheet.columns(), lines, HERE, degrees=degrees)
    (run,) = sheet.parcels[0].runs
    return reader.rings(run), tuple(reader.warnings)


def shapes(points: Sequence[Point], names: Sequence[str] = ()) -> list[tuple[tuple[int, int], bool]]:
    """Return first and last line of every ring and whether it is closed; nothing may be said."""
    found, warnings = rings_of(points, names)
    assert warnings == ()
    return [(ring.lines, ring.closed) for ring in found]


def refused(points: Sequence[Point], names: Sequence[str] = (), *, ring: str = "1") -> tuple[str, str]:
    return both(lambda: rings_of(points, names, ring=ring), SiteError)


# --- Where a ring ends ---


def test_a_ring_that_comes_back_is_closed() -> None:
    (ring,), warnings = rings_of([A, B, C, D, A])
    assert (ring.number, ring.lines, ring.closed, warnings) == (1, (2, 6), True, ())
    assert ring.xy.tolist() == [list(point) for point in (A, B, C, D, A)]


def test_a_ring_that_does_not_come_back_is_left_open() -> None:
    (ring,), warnings = rings_of([A, B, C, D])
    assert (ring.lines, ring.closed, len(ring.xy), warnings) == ((2, 5), False, 4, ())


@pytest.mark.parametrize(("away", "closed"), [(0.001, True), (0.0011, False)])
def test_a_millimetre_closes_a_ring_exactly(away: float, *, closed: bool) -> None:
    (ring,), _ = rings_of([A, B, C, D, (away, 0.0)])
    assert ring.closed is closed
    assert (ring.xy[-1].tolist() == [0.0, 0.0]) is closed


@pytest.mark.parametrize(("away", "closed"), [(1e-8, True), (1.2e-8, False)])
def test_degrees_are_closed_within_a_millimetre_as_well(away: float, *, closed: bool) -> None:
    square = [(112.0, 35.0), (112.01, 35.0), (112.01, 35.01), (112.0, 35.01)]
    (ring,), _ = rings_of([*square, (round(112.0 + away, 10), 35.0)], degrees=True)
    assert ring.closed is closed


def test_rings_follow_one_another_without_a_number_of_their_own() -> None:
    assert shapes([A, B, C, D, A, *FAR, FAR[0]]) == [((2, 6), True), ((7, 11), True)]
    assert shapes([A, B, C, D, A, *FAR]) == [((2, 6), True), ((7, 10), False)]
    assert shapes([A, B, C, A, *FAR[:3], FAR[0], *FAR[1:], FAR[1]]) == [
        ((2, 5), True),
        ((6, 9), True),
        ((10, 13), True),
    ]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_the_closing_point_written_again_is_no_ring(times: int) -> None:
    assert shapes([A, B, C, D, A, *[A] * times]) == [((2, 6), True)]


def test_the_closing_point_of_the_first_ring_again_behind_the_last_is_no_ring() -> None:
    assert shapes([A, B, C, D, A, *FAR, FAR[0], A]) == [((2, 6), True), ((7, 11), True)]


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_points_behind_a_closed_ring_are_refused(count: int) -> None:
    zh, en = refused([A, B, C, D, A, *FAR[:count]])
    assert zh == f"界址点.txt:6：圈号 1 在此处已闭合，其后还有 {count} 个点，围不成一圈；请补全或删去"
    assert en == (
        f"界址点.txt:6: ring 1 closes here but {count} more points follow, which enclose nothing; complete or "
        "remove them"
    )


def test_a_ring_without_number_is_called_the_ring() -> None:
    zh, en = refused([A, B, C, D, A, FAR[0]], ring="")
    assert zh.startswith("界址点.txt:6：这一圈在此处已闭合")
    assert en.startswith("界址点.txt:6: the ring closes here but 1 more points")


def test_three_points_behind_a_closed_ring_are_another() -> None:
    assert shapes([A, B, C, D, A, *FAR[:3]]) == [((2, 6), True), ((7, 9), False)]


def test_a_long_ring_is_closed_where_it_comes_back() -> None:
    angles = np.linspace(0, 2 * np.pi, 501)
    round_one = [(round(500 * float(np.cos(a)), 3), round(500 * float(np.sin(a)), 3)) for a in angles[:-1]]
    assert shapes([*round_one, round_one[0], *FAR, FAR[0]]) == [((2, 502), True), ((503, 507), True)]


def test_the_first_point_again_within_three_rows_closes_nothing() -> None:
    assert shapes([A, B, A, C, D]) == [((2, 6), False)]


# --- A closing point that is only near ---


@pytest.mark.parametrize("away", [0.002, 0.05])
def test_a_point_near_the_first_closes_the_ring_when_another_follows(away: float) -> None:
    found, (text,) = rings_of([A, B, C, D, (away, 0.0), *FAR, FAR[0]])
    assert [(ring.lines, ring.closed) for ring in found] == [((2, 6), False), ((7, 11), True)]
    assert text.zh == (f"界址点.txt:6：此点与第 2 行的首点只差 {away:.3f} 米，按闭合点读取，其后按另一圈读取，请核对")
    assert text.en == (
        f"界址点.txt:6: this point is only {away:.3f} m away from the first of line 2 and is taken to close the ring; "
        "another ring is read from here on, check it"
    )


def test_a_point_farther_away_closes_nothing() -> None:
    found, warnings = rings_of([A, B, C, D, (0.051, 0.0), *FAR])
    assert ([ring.lines for ring in found], warnings) == ([(2, 10)], ())


def test_of_several_near_points_the_nearest_closes() -> None:
    found, (text,) = rings_of([A, B, C, D, (0.0, 0.04), (0.0, 0.01), (0.0, 0.03), *FAR])
    assert [ring.lines for ring in found] == [(2, 7), (8, 12)]
    assert "只差 0.010 米" in text.zh


def test_what_closes_exactly_in_the_end_is_one_ring_however_near_it_passes() -> None:
    assert shapes([A, B, C, D, (0.02, 0.02), (-50.0, 50.0), (-50.0, 0.0), A]) == [((2, 9), True)]


def test_points_that_never_left_the_first_do_not_close() -> None:
    assert shapes([A, (0.02, 0.0), (0.04, 0.0), (0.04, 0.02), *FAR]) == [((2, 9), False)]


# --- Names of points ---


def test_a_closing_point_that_was_rounded_is_kept_as_a_point() -> None:
    found, (text,) = rings_of([A, B, C, D, (0.3, 0.4)], ["J1", "J2", "J3", "J4", "J1"])
    assert [(ring.lines, ring.closed, len(ring.xy)) for ring in found] == [((2, 6), False, 5)]
    assert text.zh == "界址点.txt:6：闭合点 J1 与首点相差 0.500 米，作为单独的点保留"
    assert text.en == ("界址点.txt:6: the closing point J1 is 0.500 m away from the first and is kept as a point")


def test_a_rounded_closing_point_ends_the_ring_before_another() -> None:
    names = ["J1", "J2", "J3", "J4", "J1", "K1", "K2", "K3", "K4"]
    found, (text,) = rings_of([A, B, C, D, (0.6, 0.8), *FAR], names)
    assert [ring.lines for ring in found] == [(2, 6), (7, 10)]
    assert "闭合点 J1 与首点相差 1.000 米" in text.zh


def test_one_name_at_two_places_is_refused() -> None:
    zh, en = refused([A, B, C, D, (3.0, 4.0)], ["J1", "J2", "J3", "J4", "J1"])
    assert zh == "界址点.txt:6：点号 J1 与第 2 行相同，位置却相差 5.000 米；请改正其中之一"
    assert en == ("界址点.txt:6: the point J1 bears the name of line 2 but lies 5.000 m away; correct one of them")


def test_names_that_begin_anew_begin_another_ring() -> None:
    names = ["J1", "J2", "J3", "J4"]
    found, (text,) = rings_of([A, B, C, D, *FAR], names * 2)
    assert [(ring.lines, ring.closed) for ring in found] == [((2, 5), False), ((6, 9), False)]
    assert text.zh == "界址点.txt:6：点号 J1 再次出现而位置不同，前面的点未闭合；由此起按另一圈读取，请核对"
    assert text.en == (
        "界址点.txt:6: the point name J1 comes again at another place and the points before do not close; another ring "
        "is read from here on, check it"
    )


def test_names_that_begin_anew_near_the_first_point_begin_another_ring() -> None:
    near = [(0.5, 0.0), (-100.0, 0.0), (-100.0, -100.0), (0.0, -100.0)]
    found, (text,) = rings_of([A, B, C, D, *near], ["J1", "J2", "J3", "J4"] * 2)
    assert [ring.lines for ring in found] == [(2, 5), (6, 9)]
    assert text.zh == "界址点.txt:6：点号 J1 再次出现，其后点号从头编起；由此起按另一圈读取，请核对"
    assert text.en == (
        "界址点.txt:6: the point name J1 comes again and the names begin anew behind it; another ring is read from "
        "here on, check it"
    )


def test_closed_rings_with_the_same_names_say_nothing() -> None:
    names = ["J1", "J2", "J3", "J4", "J1"]
    assert shapes([A, B, C, D, A, *FAR, FAR[0]], names * 2) == [((2, 6), True), ((7, 11), True)]


def test_a_name_that_comes_again_within_three_rows_ends_nothing() -> None:
    assert shapes([A, B, C, D, *FAR], ["J1", "J2", "J1", "J4", "K1", "K2", "K3", "K4"]) == [((2, 9), False)]


def test_a_line_is_taken_as_it_stands() -> None:
    rows = [f"P,1,{x!r},{y!r}" for x, y in (A, B, C, A, D)]
    sheet = read_sheet(["5,1,D1,甲,线,,,,@", *rows], HERE, Limits())
    reader = RingReader(sheet.columns(), np.frombuffer(sheet.lines, dtype=sheet.lines.typecode), HERE, degrees=False)
    ring = reader.path(sheet.parcels[0].runs[0])
    assert (ring.lines, ring.closed, len(ring.xy)) == ((2, 6), False, 5)


# --- What the parcel line states ---

PLACE = HERE.at_line(1)
SQUARE = shapely.box(0, 0, 100, 100)
"""One hectare: 15 mu, 10,000 m²."""


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [
        ("1", 10_000.0),
        ("1.2", 12_000.0),
        ("15", 10_000.0),
        ("10000", 10_000.0),
        ("9000.", 9_000.0),
        ("2公顷", 20_000.0),
        ("2 ha", 20_000.0),
        ("2HA", 20_000.0),
        ("2hm2", 20_000.0),
        ("2hm²", 20_000.0),
        ("2平方米", 2.0),
        ("2平米", 2.0),
        ("2m2", 2.0),
        ("2m²", 2.0),
        ("2㎡", 2.0),
        ("3亩", 2_000.0),
        ("3 Mu", 2_000.0),
        ("２公顷", 20_000.0),
    ],
)
def test_the_unit_is_the_one_written_or_the_nearest(text: str, square_metres: float) -> None:
    area, said = stated_area(text, SQUARE, PLACE, degrees=False)
    assert area == pytest.approx(square_metres, rel=1e-12)
    assert said == ()


@pytest.mark.parametrize("text", ["约1", "-1", "1,2", "2km2", "2公里", "1e3", "一", "1 2", f"{'9' * 16}"])
def test_an_area_that_is_no_number_is_said(text: str) -> None:
    area, (said,) = stated_area(text, SQUARE, PLACE, degrees=False)
    assert area is None
    assert said.zh == f"界址点.txt:1：标注面积 “{text}” 不是数字，未比较"
    assert said.en == f"界址点.txt:1: the stated area “{text}” is no number; not compared"


@pytest.mark.parametrize("text", ["0", "0.000", "0公顷"])
def test_an_area_of_nothing_is_said(text: str) -> None:
    area, (said,) = stated_area(text, SQUARE, PLACE, degrees=False)
    assert area is None
    assert (said.zh, said.en) == (
        "界址点.txt:1：标注面积为 0，未比较",
        "界址点.txt:1: the stated area is 0; not compared",
    )


def test_without_an_area_on_either_side_nothing_is_said() -> None:
    assert stated_area("", SQUARE, PLACE, degrees=False) == (None, ())
    assert stated_area("1", shapely.LineString([A, B]), PLACE, degrees=False) == (None, ())
    assert stated_area("1", shapely.LineString([(112, 35), (113, 35)]), PLACE, degrees=True) == (None, ())


def test_degrees_are_compared_on_the_ellipsoid() -> None:
    """Two squares of a thousandth of a degree: about 1 ha each, 2 ha together and not 2 m² or 2 mu."""
    squares = shapely.MultiPolygon([shapely.box(112, 35, 112.001, 35.001), shapely.box(113, 35, 113.001, 35.001)])
    size = abs(Geod(ellps="GRS80").geometry_area_perimeter(squares)[0])
    assert 19_000 < size < 21_000
    assert stated_area("2", squares, PLACE, degrees=True) == (20_000.0, ())
    assert stated_area("30", squares, PLACE, degrees=True)[0] == pytest.approx(20_000.0)


def ring(rows: int, *, closed: bool) -> Ring:
    return Ring(1, np.zeros((rows, 2)), (1, rows), closed)


@pytest.mark.parametrize(
    ("text", "rings", "points"),
    [
        ("4", [ring(5, closed=True)], 4),
        ("5", [ring(5, closed=True)], 4),
        ("6", [ring(5, closed=True)], 6),
        ("3", [ring(5, closed=True)], 3),
        ("4", [ring(4, closed=False)], 4),
        ("5", [ring(4, closed=False)], 4),
        ("8", [ring(5, closed=True), ring(5, closed=True)], 8),
        ("10", [ring(5, closed=True), ring(5, closed=True)], 8),
        ("11", [ring(5, closed=True), ring(5, closed=True)], 11),
        ("７", [ring(8, closed=True)], 7),
        ("999999999", [ring(5, closed=True)], 999_999_999),
        ("0", [ring(5, closed=True)], 0),
    ],
)
def test_the_closing_rows_may_be_counted_or_not(text: str, rings: list[Ring], points: int) -> None:
    assert stated_points(text, rings, PLACE) == (points, ())


def test_a_missing_number_of_points_says_nothing() -> None:
    assert stated_points("", [ring(5, closed=True)], PLACE) == (None, ())


@pytest.mark.parametrize("text", ["五", "4.0", "-4", "1234567890", "4个"])
def test_a_number_of_points_that_is_none_is_said(text: str) -> None:
    points, (said,) = stated_points(text, [ring(5, closed=True), ring(4, closed=False)], PLACE)
    assert points is None
    assert said.zh == f"界址点.txt:1：标注界址点数 “{text}” 不是整数，实有 9 行"
    assert said.en == f"界址点.txt:1: the stated number of points “{text}” is no whole number; 9 rows follow"


# --- Full-width signs ---


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("！～", "!~"), ("Ａｚ０９", "Az09"), ("＝：，．＠", "=:,.@"), ("【〔［", "[[["), ("】〕］", "]]]"),
        ("a\u3000b\u00a0c", "a b c"), ("\ufeffa\u200bb\u200c\u200d\u2060", "ab"), ("\u3000甲\u3000", "甲"),
        ("甲（乙）", "甲(乙)"), ("", ""), ("[a] ", "[a] "),
    ],
)  # fmt: skip
def test_full_width_signs_are_meant_as_plain_ones(wide: str, plain: str) -> None:
    assert narrow(wide) == plain
