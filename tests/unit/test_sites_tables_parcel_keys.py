"""Id and name of the parcel of every point of a table, and numbers of points that fall or are left out."""

from collections.abc import Mapping, Sequence

import pytest

from ring_scene import Scene
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.segments import keys_of

A, A_CLOSED, B_CLOSED = "A1 A2 A3 A4", "A1 A2 A3 A4 A1", "B1 B2 B3 B4 B1"


# --- Ids and names ---


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        ({}, [("", "")] * 4),
        ({Role.PARCEL: ["a", "", "b", ""]}, [("a", ""), ("a", ""), ("b", ""), ("b", "")]),
        ({Role.NAME: ["a", "", "b", ""]}, [("", "a"), ("", "a"), ("", "b"), ("", "b")]),
        ({Role.PARCEL: ["", "1", "", ""]}, [("", ""), ("1", ""), ("1", ""), ("1", "")]),
        # 名称 beside the points: names of parcels, for they repeat.
        ({Role.LABEL: ["甲", "甲", "乙", "乙"]}, [("", "甲"), ("", "甲"), ("", "乙"), ("", "乙")]),
        (
            {Role.LABEL: ["甲", "甲", "乙", "乙"], Role.NAME: ["x", "", "", ""]},
            [("甲", "x"), ("甲", "x"), ("乙", "x"), ("乙", "x")],
        ),
        ({Role.LABEL: ["甲", "甲", "乙", "乙"], Role.NAME: ["x"] * 4, Role.PARCEL: ["1"] * 4}, [("1", "x")] * 4),
        ({Role.LABEL: ["", "", "", ""], Role.PARCEL: ["1"] * 4}, [("1", "")] * 4),
        # Numbers of points, closed or not.
        ({Role.LABEL: ["A", "B", "C", "D"]}, [("", "")] * 4),
        ({Role.LABEL: ["J1", "J2", "J3", "J1"]}, [("", "")] * 4),
        # Different, but no numbers of points.
        ({Role.LABEL: ["甲矿", "乙矿", "丙矿", "丁矿"]}, [("", "甲矿"), ("", "乙矿"), ("", "丙矿"), ("", "丁矿")]),
    ],
)  # fmt: skip
def test_id_and_name_of_the_parcel_of_every_point(
    columns: Mapping[Role, Sequence[str]], keys: list[tuple[str, str]]
) -> None:
    assert keys_of(Scene(A, columns=columns).track()) == keys


def test_numbers_of_points_under_another_heading_become_the_labels() -> None:
    track = Scene(A, columns={Role.LABEL: ["拐点1", "拐点2", "拐点3", "拐点1"]}).track()
    keys_of(track)
    assert track.labels == ["拐点1", "拐点2", "拐点3", "拐点1"]


def test_numbers_of_points_stay_where_there_are_some() -> None:
    track = Scene(A, labels="1 2 3 4", columns={Role.LABEL: ["A", "B", "C", "D"]}).track()
    assert keys_of(track) == [("", "")] * 4
    assert track.labels == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("labels", "of_points"),
    [
        ("J1 J-1 JZD1 1 1号 1# A1-2 1.2", True),
        ("拐点 拐点A1 界址点12号 桩3 十二 西北角 东南 A' a", True),
        ("甲矿 一二三四 东西南 JZDDD1 1234567 工业广场", False),
    ],
)
def test_what_may_be_the_number_of_a_point(labels: str, *, of_points: bool) -> None:
    for label in labels.split():
        track = Scene("A1", columns={Role.LABEL: [label]}).track()
        assert keys_of(track) == [("", "" if of_points else label)], label


# --- Numbers that are out of order, or left out ---

NINE = "A1 A2 A3 A4 B1 B2 B3 B4 C1"


def said(points: str, labels: str) -> list[str]:
    return [one.zh for one in Scene(points, labels=labels).cut().warnings]


@pytest.mark.parametrize("labels", ["1 3 2 5 4 6 7 8 9", "4 3 5 6 7 2 8 1 9"])
def test_numbers_that_fall_more_than_once_are_in_no_order(labels: str) -> None:
    shown = "、".join(labels.split()[:6])
    assert said(NINE, labels) == [f"a.csv:10：点号不按次序（{shown} …），仍按文件中的次序连接；请核对"]


def test_the_same_in_english() -> None:
    (warning,) = Scene(NINE, labels="1 3 2 5 4 6 7 8 9").cut().warnings
    assert warning.en == (
        "a.csv:10: the numbers of the points are in no order (1, 3, 2, 5, 4, 6 ...); they were joined in the order of "
        "the file, check it"
    )


@pytest.mark.parametrize(
    "labels",
    [
        "1 2 3 4 5 6 7 8 9",
        "5 6 7 8 9 1 2 3 4",  # begins in the middle
        "9 8 7 6 5 4 3 2 1",  # runs against its numbers
        "1 3 2 5 甲 4 7 6 8",  # not all are numbered
    ],
)
def test_orders_that_are_nothing_to_say(labels: str) -> None:
    assert said(NINE, labels) == []


def test_the_number_of_the_closing_point_is_neither_a_fall_nor_out_of_order() -> None:
    assert said("A1 A2 A3 A4 B1 A1", "5 4 3 2 1 5") == []
    assert len(said("A1 A2 A3 A4 B1 B2 A1", "1 3 2 5 4 6 1")) == 1


@pytest.mark.parametrize(
    ("labels", "before", "after", "line"),
    [
        ("1 2 3 5 6 7 8 9 10", "3", "5", 13),
        ("1 2 3 4 5 6 7 8 12", "8", "12", 18),
        ("J1 J2 J4 J5 J6 J7 J8 J9 J10", "J2", "J4", 12),
    ],
)
def test_a_number_that_is_left_out(labels: str, before: str, after: str, line: int) -> None:
    assert said(NINE, labels) == [f"a.csv:{line}：点号不连续（{before} 之后是 {after}），可能缺点；请核对"]


def test_a_number_that_is_left_out_in_english() -> None:
    (warning,) = Scene(NINE, labels="1 2 3 5 6 7 8 9 10").cut().warnings
    assert warning.en == "a.csv:13: the numbers of the points have a gap (3, then 5); a point may be missing, check it"


@pytest.mark.parametrize(
    "labels",
    [
        "1 2 3 4 5 6 7 8 13",  # too many at once
        "1 3 4 5 7 8 9 10 11",  # two gaps in eight steps
        "1 2 3 5 5 6 7 8 9",  # a number twice
        "1 2 3 甲 5 6 7 8 9",
        "1 3 2 4 5 6 7 8 9",
    ],
)
def test_gaps_that_mean_nothing(labels: str) -> None:
    assert [text for text in said(NINE, labels) if "不连续" in text] == []


def test_a_short_ring_may_have_one_gap() -> None:
    assert len(said("A1 A2 A3 A4", "1 2 4 5")) == 1
    assert said("A1 A2 A3 A4", "1 3 5 6") == []


def test_the_number_of_the_closing_point_is_no_fall() -> None:
    assert said(A_CLOSED, "1 2 3 4 1") == []
    assert said(A_CLOSED, "1 2 3 5 1") == ["a.csv:13：点号不连续（3 之后是 5），可能缺点；请核对"]


def test_of_several_parcels_the_first_gap_is_said() -> None:
    scene = Scene(f"{A_CLOSED} {B_CLOSED}", labels="1 2 3 5 1 1 3 4 5 1")
    assert [one.zh for one in scene.cut().warnings] == ["a.csv:13：点号不连续（3 之后是 5），可能缺点；请核对"]
