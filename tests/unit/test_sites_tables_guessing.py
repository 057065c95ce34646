"""Tables without headings: columns told by the size of their numbers, and single cells."""

import pytest

from zoning.sites.limits import Bounds
from zoning.sites.tables.columns import (
    ColumnsError,
    Plan,
    degrees_kind,
    guessed,
    paired_cells,
)
from zoning.sites.tables.grid import Grid, Row
from zoning.sites.tables.heading_words import Role
from zoning.sites.where import Where

TERRITORY: Bounds = (112.0, 35.1, 112.95, 35.75)
N, E = "3919746.783", "37618082.987"


def row(*cells: str, number: int = 1) -> Row:
    return Row(number, list(cells))


# --- Without headings ---


def grid(*lines: str, lettered: bool = False) -> Grid:
    """Return a table whose cells stand between commas."""
    rows = [Row(number, line.split(",")) for number, line in enumerate(lines, 1)]
    return Grid(Where("a.csv"), rows, lettered=lettered)


def guess(*lines: str, expected: Bounds | None = TERRITORY, lettered: bool = False) -> Plan | None:
    made = grid(*lines, lettered=lettered)
    return guessed(made, made.rows, expected)


def columns_of(made: Plan | None) -> list[tuple[int, ...]]:
    assert made is not None
    (panel,) = made.panels
    return [tuple(one.columns[0] for one in pair) for pair in panel.pairs]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"J1,{N},{E}", [(1, 2)]),
        (f"J1,{E},{N}", [(1, 2)]),
        (f"{N},{E}", [(0, 1)]),
        (f"J1,{N},618082.987", [(1, 2)]),
        ("J1,112.301,35.402", [(1, 2)]),
        ("J1,35.402,112.301", [(1, 2)]),
        ("J1,112°18′0.0″,35°24′0.0″", [(1, 2)]),
        (f"J1,{N},{E},112.301,35.402", [(1, 2), (3, 4)]),
        (f"J1,112.301,35.402,{N},{E}", [(3, 4), (1, 2)]),
        (f"J1,{N},{E},812.5", [(1, 2)]),
    ],
)
def test_columns_told_by_the_size_of_their_numbers(line: str, expected: list[tuple[int, ...]]) -> None:
    text = line.replace("′", "'").replace("″", '"')
    assert columns_of(guess(text, text.replace("J1", "J2"))) == expected


@pytest.mark.parametrize(
    "lines",
    [
        ("甲,乙",),
        ("",),
        (f"J1,{N}",),
        ("J1,112.301",),
        (f"J1,{N},112.301",),
        ("1,2,3", "4,5,6"),
        ("112,35",),  # whole numbers may count something
        # No column holds the same coordinate in both rows.
        (f"J1,{N},{E}", f"J2,{E},{N}"),
    ],
)
def test_numbers_that_are_no_table_of_points(lines: tuple[str, ...]) -> None:
    assert guess(*lines) is None


def test_no_row_at_all() -> None:
    assert guess() is None


def test_rows_without_a_point_do_not_count() -> None:
    assert columns_of(guess("界址点成果", "", f"J1,{N},{E}", "合计,2", f"J2,{N},{E}")) == [(1, 2)]


def test_a_column_that_a_short_row_lacks_is_none() -> None:
    assert columns_of(guess(f"J1,{N},{E},112.301,35.402", f"J2,{N},{E}")) == [(1, 2)]


@pytest.mark.parametrize(("lettered", "names"), [(False, ["第 2 列", "第 3 列"]), (True, ["B2 单元格", "C2 单元格"])])
def test_columns_are_called_after_the_first_point(*, lettered: bool, names: list[str]) -> None:
    made = guess("标题", f"J1,{N},{E}", f"J2,{N},{E}", lettered=lettered)
    assert made is not None
    assert [one.name for one in made.panels[0].pairs[0]] == names


def test_columns_that_could_be_the_same_coordinate() -> None:
    with pytest.raises(ColumnsError) as caught:
        guess(f"J1,{N},{E},3919000.5", f"J2,{N},{E},3919001.5")
    assert caught.value.text.zh == (
        f"没有表头，有 3 列都像坐标（第 2 列 {N}、第 3 列 {E}、第 4 列 3919000.5）；请加上表头，如 点号、X坐标、Y坐标"
    )
    assert caught.value.text.en == (
        f"there are no headings and 3 columns look like coordinates (column 2: {N}, column 3: {E}, column 4: "
        "3919000.5); add headings such as 点号, X坐标, Y坐标 (or point, north, east)"
    )


def test_two_longitudes_are_refused_as_well() -> None:
    with pytest.raises(ColumnsError):
        guess("J1,112.301,35.402,112.302", "J2,112.301,35.402,112.302")


# Every line: what stands in front of the coordinates.
@pytest.mark.parametrize(
    ("before", "fields"),
    [
        (["J1", "J2", "J3", "J1"], {Role.POINT: 0}),
        (["1", "2", "3", "4"], {Role.POINT: 0}),
        (["甲", "甲", "甲", "甲"], {Role.PARCEL: 0}),
        (["甲", "甲", "乙", "乙"], {Role.PARCEL: 0}),
        (["", "", "", ""], {}),
        (["1,1", "2,1", "3,1", "4,1"], {Role.POINT: 0, Role.RING: 1}),
        (["J1,1", "J2,1", "J3,2", "J4,2"], {Role.POINT: 0, Role.RING: 1}),
        (["甲,1", "甲,2", "甲,3", "甲,4"], {Role.PARCEL: 0, Role.POINT: 1}),
        (["J1,甲", "J2,甲", "J3,乙", "J4,乙"], {Role.POINT: 0, Role.PARCEL: 1}),
        (["1,A", "2,B", "3,C", "4,D"], {Role.POINT: 0, Role.LABEL: 1}),
        # Whole numbers that repeat in front of the numbers of points are not told.
        (["1,1", "1,2", "1,3", "1,4"], {Role.POINT: 1}),
    ],
)
def test_what_stands_before_the_coordinates(before: list[str], fields: dict[Role, int]) -> None:
    made = guess(*[f"{text},{N},{E}" for text in before])
    assert made is not None
    assert made.panels[0].fields == fields


def test_columns_behind_and_untold_ones_are_unknown() -> None:
    made = guess(f"1,1,{N},{E},x,3", f"1,2,{N},{E},y,4", f"1,3,{N},{E},z,5")
    assert made is not None
    assert made.unknown == (0, 4, 5)
    assert made.headings == {}


# --- Single cells ---


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((N, E), True),
        ((E, N), True),
        (("112.3", "35.4"), True),
        (("112.3°", "35.4°"), True),
        (("东经112°", "北纬35°"), True),
        ((N, N), False),
        ((N, "112.3"), False),
        (("112.3", "113.4"), False),
        (("112", "35"), False),
        ((N,), False),
        ((), False),
        (("备注", N, "", E), True),
        ((f"{N}{' ' * 60}", E), False),  # longer than a coordinate is
        ((f"{N}{' ' * 49}", E), True),
    ],
)
def test_a_row_that_holds_both_coordinates(cells: tuple[str, ...], *, expected: bool) -> None:
    assert paired_cells(row(*cells), TERRITORY) is expected


def test_a_cell_that_lost_its_digits_is_no_coordinate_but_does_not_stop_the_search() -> None:
    assert not paired_cells(row("3.76E+07", N), TERRITORY)


# Within five degrees of the territory, then within the country.
@pytest.mark.parametrize(
    ("value", "expected", "kind"),
    [
        (112.3, TERRITORY, "lon"),
        (35.4, TERRITORY, "lat"),
        (107.0, TERRITORY, "lon"),
        (117.95, TERRITORY, "lon"),
        (30.1, TERRITORY, "lat"),
        (40.75, TERRITORY, "lat"),
        (73.0, TERRITORY, "lon"),
        (72.99, TERRITORY, ""),
        (136.0, TERRITORY, "lon"),
        (136.01, TERRITORY, ""),
        (3.0, TERRITORY, "lat"),
        (2.99, TERRITORY, ""),
        (54.0, TERRITORY, "lat"),
        (54.01, TERRITORY, ""),
        (73.0, None, "lon"),
        (72.99, None, ""),
        (136.0, None, "lon"),
        (136.01, None, ""),
        (54.0, None, "lat"),
        (54.01, None, ""),
        (3.0, None, "lat"),
        (2.99, None, ""),
        (-112.3, None, ""),
        # A territory elsewhere on earth is all that is known of it.
        (7.0, (5.0, 45.0, 10.0, 48.0), "lon"),
        (46.0, (5.0, 45.0, 10.0, 48.0), "lat"),
        (-0.5, (5.0, 45.0, 10.0, 48.0), ""),
        (0.0, (5.0, 45.0, 10.0, 48.0), "lon"),
        # Where longitudes and latitudes are the same numbers the country decides.
        (40.0, (38.0, 38.0, 42.0, 42.0), "lat"),
        (80.0, (78.0, 78.0, 82.0, 82.0), "lon"),
    ],
)
def test_longitude_or_latitude(value: float, expected: Bounds | None, kind: str) -> None:
    assert degrees_kind(value, expected) == kind
