"""Which column of a coordinate TXT is north: decided by magnitude; and which numbers are degrees."""

from array import array
from collections.abc import Sequence

import numpy as np
import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.txt.columns import arrange, unpacked, within
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where

HERE = Where("界址点.txt")
EXPECTED = (112.0, 35.0, 113.0, 36.0)
N, E37, E = 3_919_700.0, 37_612_300.0, 612_300.0
Rows = Sequence[tuple[float, float]]


def sheet_of(rows: Rows) -> Sheet:
    """Return a sheet whose rows begin on line 8."""
    first, second = (array("d", column) for column in zip(*rows, strict=True))
    return Sheet(first=first, second=second, lines=array("I", range(8, 8 + len(rows))))


@pytest.mark.parametrize(
    ("north", "east", "degrees"),
    [
        (N, E37, False),
        (N, E, False),
        (1_000_000.0, E37, False),
        (9_999_999.9, E37, False),
        (N, 100_000.0, False),
        (N, 999_999.9, False),
        (N, 13_500_000.0, False),
        (N, 23_999_999.0, False),
        (N, 25_000_000.0, False),
        (N, 45_999_999.0, False),
        (35.4, 112.3, True),
        (2.0, 65.0, True),
        (59.9, 144.9, True),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_east_comes_first_whatever_the_order(north: float, east: float, *, degrees: bool, swapped: bool) -> None:
    row = (east, north) if swapped else (north, east)
    found = arrange(sheet_of([row, row]), HERE)
    assert found.xy.tolist() == [[east, north]] * 2
    assert (found.swapped, found.degrees) == (swapped, degrees)


@pytest.mark.parametrize(
    "row",
    [
        (999_999.9, E37), (10_000_000.0, E37), (N, 99_999.9), (N, 1_000_000.0), (N, 12_999_999.0), (N, 24_500_000.0),
        (N, 46_000_000.0), (-N, E37), (N, -E), (N, N), (E, E), (0.0, E37), (N, 112.3),
    ],
)  # fmt: skip
def test_metres_out_of_any_zone_are_refused(row: tuple[float, float]) -> None:
    zh, en = both(lambda: arrange(sheet_of([(N, E37), row]), HERE), SiteError)
    shown = f"({row[0]:.3f}, {row[1]:.3f})"
    assert zh == (f"界址点.txt:9：坐标 {shown} 不合规定：X（北）整数 7 位，Y（东）整数 8 位（含带号）或 6 位；请改正")
    assert en == (
        f"界址点.txt:9: the coordinates {shown} are not as specified: X (north) has 7 digits, Y (east) 8 with the zone "
        "or 6 without; correct them"
    )


@pytest.mark.parametrize("row", [(1.9, 112.3), (60.0, 112.3), (35.4, 64.9), (35.4, 145.0), (35.4, 35.4), (0.0, 0.0)])
def test_degrees_far_from_the_country_are_refused(row: tuple[float, float]) -> None:
    zh, en = both(lambda: arrange(sheet_of([(35.4, 112.3), row]), HERE), SiteError)
    shown = f"({row[0]:g}, {row[1]:g})"
    assert zh == (
        f"界址点.txt:9：坐标 {shown} 是度数；坐标 TXT 规定用米（X 7 位、Y 8 位），请换算后导出；"
        "确为十进制度数时请在表头写明 计量单位=度"
    )
    assert en == (
        f"界址点.txt:9: the coordinates {shown} are degrees; a coordinate TXT is in metres (X 7 digits, Y 8 digits): "
        "export it in metres, or state 计量单位=度 in the header if they are decimal degrees"
    )


def test_the_first_wrong_row_is_named() -> None:
    rows = [(N, E37), (N, E37), (N, 5.0), (N, 6.0)]
    assert both(lambda: arrange(sheet_of(rows), HERE), SiteError)[0].startswith(
        "界址点.txt:10：坐标 (3919700.000, 5.000)"
    )


def test_degrees_among_metres_are_named() -> None:
    assert "是度数" in both(lambda: arrange(sheet_of([(N, E37), (35.4, 112.3)]), HERE), SiteError)[0]


@pytest.mark.parametrize("swapped", [False, True])
def test_one_order_holds_for_all_rows(*, swapped: bool) -> None:
    right, wrong = (N, E37), (E37, N)
    rows = [wrong, wrong, right] if swapped else [right, right, wrong]
    zh, en = both(lambda: arrange(sheet_of(rows), HERE), SiteError)
    assert zh == "界址点.txt:10：X、Y 的次序与前面的界址点相反；请统一后导出"
    assert en == "界址点.txt:10: X and Y are in the opposite order to the points before; export all in one order"


@pytest.mark.parametrize(
    ("xy", "expected"),
    [
        ([(112.5, 35.5)], True),
        ([(112.0, 35.0)], True),
        ([(113.0, 36.0)], True),
        ([(111.9, 35.5), (112.0, 35.5)], True),
        ([(111.0, 34.0), (114.0, 37.0)], True),
        ([(111.99, 35.5)], False),
        ([(113.01, 35.5)], False),
        ([(112.5, 34.99)], False),
        ([(112.5, 36.01)], False),
    ],
)
def test_a_box_that_touches_the_territories_lies_within(xy: Rows, *, expected: bool) -> None:
    assert within(np.array(xy), EXPECTED) is expected
    assert within(np.array(xy), None) is False


@pytest.mark.parametrize(
    ("packed", "degrees"),
    [
        (112.1830, 112 + 18 / 60 + 30 / 3600),
        (112.5959, 112 + 59 / 60 + 59 / 3600),
        (112.0, 112.0),
        (112.18305, 112 + 18 / 60 + 30.5 / 3600),
        (35.01, 35 + 1 / 60),
    ],
)
def test_minutes_and_seconds_behind_the_point(packed: float, degrees: float) -> None:
    found = unpacked(np.array([[packed, 35.0]]))
    assert found is not None
    assert found[0].tolist() == pytest.approx([degrees, 35.0], abs=1e-12)


@pytest.mark.parametrize("number", [112.60, 112.1860, 112.5960, 112.99])
def test_sixty_minutes_or_seconds_are_none(number: float) -> None:
    assert unpacked(np.array([[112.1830, 35.2430], [number, 35.0]])) is None
