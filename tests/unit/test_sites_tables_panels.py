"""Panels that were pasted row by row, and pairs of coordinates that cannot be meant."""

from collections.abc import Sequence

import pytest

from table_tracks import numbers_of, track_of
from zoning.sites.limits import Bounds
from zoning.sites.tables.grid import Break, Track
from zoning.sites.tables.pairs import doubt, odd_pair
from zoning.sites.tables.panels import in_order
from zoning.sites.tables.signs import plain
from zoning.sites.tables.tokens import Token, tokens

TERRITORY: Bounds = (112.0, 35.1, 112.95, 35.75)


# --- Panels ---


def panels(labels: str, *, packed: bool = False, breaks: Sequence[int] = ()) -> Track:
    """Return points whose northing tells their label, from row 5 on."""
    names = labels.split()
    pairs = [
        (f"35.{10 + i}", f"112.{10 + i}") if packed else (f"39197{10 + i}.5", "37618082.5") for i in range(len(names))
    ]
    track = track_of(numbers_of(pairs))
    track.labels = names
    track.breaks = [Break(index, 4 + index) for index in breaks]
    return track


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        ("1 3 2 4", [0, 2, 1, 3]),
        ("1 4 2 5 3 6", [0, 2, 4, 1, 3, 5]),
        ("1 3 5 2 4 6", [0, 3, 1, 4, 2, 5]),
        ("1 4 7 2 5 8 3 6 9", [0, 3, 6, 1, 4, 7, 2, 5, 8]),
        ("1 3 5 7 2 4 6 8", [0, 4, 1, 5, 2, 6, 3, 7]),
        ("1 4 2 5 3", [0, 2, 4, 1, 3]),
        ("J1 J3 J2 J4", [0, 2, 1, 3]),
        # Closed: the first number again, last in the last panel.
        ("1 4 2 5 3 1", [0, 2, 4, 1, 3, 5]),
    ],
)
def test_points_of_panels_are_put_into_the_order_of_their_numbers(labels: str, order: list[int]) -> None:
    names = labels.split()
    track = in_order(panels(labels))
    assert track.labels == [names[i] for i in order]
    assert list(track.rows) == [5 + i for i in order]
    assert list(track.numbers[0].first) == [3919710.5 + i for i in order]
    assert list(track.numbers[0].second) == [37618082.5] * len(names)
    assert [one.zh for one in track.warnings] == ["拐点.csv:5：表格左右并列，各点按点号的次序连接；请核对"]
    assert track.warnings[0].en == (
        "拐点.csv:5: the table has panels side by side; its points were put into the order of their numbers, check it"
    )


@pytest.mark.parametrize(
    "labels",
    [
        "1 2 3 4",
        "3 4 5 6",
        "1 2 3 4 1",
        "1 3 2",  # three are too few
        "1 3 2 甲",  # one without a number
        "1 3 2 2",  # a number twice
        "1 3 2 5",  # no panel runs on
        "4 3 2 1",
        "1 6 2 7 3 8",  # the second panel does not go on behind the first
        "1 3 2 4 1",  # the closing row would stand in the first panel
        "1 3 5 7 9 2 4 6 8 10",  # five panels
    ],
)
def test_points_in_other_orders_stay_as_they_are(labels: str) -> None:
    track = in_order(panels(labels))
    assert track.labels == labels.split()
    assert track.warnings == []


def test_every_block_is_ordered_by_itself_and_the_first_mixed_one_is_said() -> None:
    track = in_order(panels("1 2 3 4 5 7 6 8", breaks=[4]))
    assert track.labels == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [one.en[:12] for one in track.warnings] == ["拐点.csv:9: the"[:12]]


def test_breaks_at_the_ends_divide_nothing() -> None:
    assert in_order(panels("1 3 2 4", breaks=[0, 4])).labels == ["1", "2", "3", "4"]


def test_the_other_reading_of_the_numbers_and_the_words_go_with_them() -> None:
    track = panels("1 3 2 4", packed=True)
    track.words = ["a", "b", "c", "d"]
    before = track.numbers[0].packed
    assert before is not None
    first, second = list(before[0]), list(before[1])
    made = in_order(track)
    assert made.words == ["a", "c", "b", "d"]
    after = made.numbers[0].packed
    assert after is not None
    assert list(after[0]) == [first[i] for i in (0, 2, 1, 3)]
    assert list(after[1]) == [second[i] for i in (0, 2, 1, 3)]


# --- Pairs in running text ---


def pairs_of(text: str) -> tuple[list[tuple[Token, Token]], list[Token]]:
    """Return the coordinates two by two, and everything that was found."""
    found = list(tokens(text, TERRITORY))
    ones = [token for token in found if token.kind in ("N", "E", "lon", "lat")]
    return list(zip(ones[::2], ones[1::2], strict=False)), found


N, E = "3919746.783", "37618082.987"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"{N} {E}\n{N} {E}", None),
        (f"{E} {N}\n{E} {N}", None),
        (f"{N} {E}\n{E} {N}", 1),
        (f"{N} {N}\n{N} {E}", 0),
        (f"{N} {E}\n{N} {E}\n{N} {N}", 2),
        ("112.301 35.402\n35.402 112.301", 1),
        (f"{N} {E}", None),
    ],
)
def test_the_first_pair_in_another_order(text: str, first: int | None) -> None:
    assert odd_pair(pairs_of(text)[0]) == first


def doubted(text: str) -> tuple[str, str] | None:
    found = doubt(*pairs_of(text), text)
    return None if found is None else (found[0].text, found[1].zh)


@pytest.mark.parametrize(
    "text",
    [
        f"J1 {N} {E}\nJ2 {N} {E}",
        f"{N}\n{E}\n{N}\n{E}",  # every number on a line of its own
        f"{N}\n{E}",
        f"X1={N} Y1={E}",
        f"X1={N}\nY1={E}",
        f"{N}, {E}; {N}, {E}",
        f"{N} {E} 812.5\n{N} {E} 813.5",
        "3919746 37618082\n3919747 37618083",
        "3919746 37618082，528",  # no decimals anywhere
    ],
)
def test_pairs_that_can_be_meant(text: str) -> None:
    assert doubted(text) is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (f"{N} 12 {E}", "12"),
        (f"J1 {N} {E}\nJ2 {N} 7 {E}", "7"),
        (f"{N}\nJ2 {E}", "J2"),
    ],
)
def test_a_number_or_a_label_between_two_coordinates(text: str, sign: str) -> None:
    assert doubted(text) == (
        N,
        (
            f"“{N}” 与 “{E}” 之间还有 “{sign}”，不能确定是同一个点；请补全或改正，"
            "每个点写 X 和 Y（或经度和纬度），小数点写 “.”"
        ),
    )


def test_a_label_between_them_on_the_same_line_is_the_name_of_the_number() -> None:
    assert doubted(f"{N} J2 {E}") is None


def test_pairs_that_reach_into_the_next_line() -> None:
    text = f"{E}\n{N} {E}\n{N} {E}\n{N}"
    assert doubted(text) == (
        E,
        f"“{E}” 与下一行的 “{N}” 配成了一对，首尾可能各缺一个数；请每行写全一个点的 X 和 Y（或经度和纬度）",
    )


@pytest.mark.parametrize(
    ("behind", "digits"),
    [("，528", "528"), (" 。5", "5"), ("·5283", "5283"), (";12", "12"), ("'5", "5")],
)
def test_decimals_behind_a_scanned_sign(behind: str, digits: str) -> None:
    text = plain(f"{N} 37618082{behind}\n{N} {E}")
    found = doubt(*pairs_of(text), text)
    assert found is not None
    assert found[0].text == "37618082"
    assert found[1].zh == f"“37618082” 后面的 “{digits}” 看来是小数；请把小数点写成 “.”"
    assert found[1].en == f"“{digits}” behind “37618082” seems to be its decimals; write a point before them"


@pytest.mark.parametrize("behind", ["，52831", "，528米", "，甲", "", " 812"])
def test_what_is_no_lost_decimals(behind: str) -> None:
    text = plain(f"{N} 37618082{behind}\n{N} {E}")
    found = doubt(*pairs_of(text), text)
    assert found is None or "小数；" not in found[1].zh
