"""Where one ring of a table ends and the next begins, and which rings make one parcel."""

import numpy as np
import pytest

from ring_scene import Scene
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.segments import segmented

A, A_CLOSED, B, B_CLOSED = "A1 A2 A3 A4", "A1 A2 A3 A4 A1", "B1 B2 B3 B4", "B1 B2 B3 B4 B1"
GAP_BY_NUMBER = "1 2 3 4 5 6 7 8"


# --- Rings ---


@pytest.mark.parametrize("points", [A, A_CLOSED, "A1", "A1 A2", "A1 A2 A1", "A1 A2 A3"])
def test_points_in_a_row_are_one_ring(points: str) -> None:
    assert Scene(points).rings() == [[len(points.split())]]


def test_a_closed_ring_ends_where_another_point_follows() -> None:
    made = Scene(f"{A_CLOSED} {B_CLOSED}").cut()
    (parcel,) = made.parcels
    assert parcel.rings == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert parcel.points == list(range(10))
    assert made.warnings == []


def test_the_last_ring_need_not_be_closed() -> None:
    assert Scene(f"{A_CLOSED} {B}").rings() == [[5, 4]]


def test_the_closing_point_written_twice_begins_no_ring() -> None:
    assert Scene(f"{A_CLOSED} A1").rings() == [[6]]


def test_the_closing_point_written_twice_ends_the_ring_before_the_next() -> None:
    assert Scene(f"{A_CLOSED} A1 {B_CLOSED}", breaks=[(6, "")]).rings() == [[6, 5]]


def test_a_ring_that_begins_at_the_closing_point_of_the_one_before() -> None:
    """The two touch in that corner."""
    assert Scene(f"{A_CLOSED} A1 B2 B3 A1").rings() == [[5, 4]]


@pytest.mark.parametrize(("off", "rings"), [(0.001, [[5, 4]]), (-0.001, [[5, 4]]), (0.0011, [[9]])])
def test_a_point_within_a_millimetre_of_the_first_closes_the_ring(off: float, rings: list[list[int]]) -> None:
    assert Scene(f"{A_CLOSED} {B}").rings(off=off) == rings


@pytest.mark.parametrize(("off", "rings"), [(0.9e-8, [[4, 4]]), (1.2e-8, [[8]])])
def test_degrees_close_within_a_hundred_millionth(off: float, rings: list[list[int]]) -> None:
    lon = np.array([112.0, 112.1, 112.1, 112.0 + off, 113.0, 113.1, 113.1, 113.0])
    lat = np.array([35.0, 35.0, 35.1, 35.0, 35.0, 35.0, 35.1, 35.0])
    made = segmented(Scene(f"{A} {B}").track(), lon, lat, degrees=True)
    assert [[len(ring) for ring in parcel.rings] for parcel in made.parcels] == rings


def test_three_points_do_not_close_a_ring() -> None:
    assert Scene(f"A1 A2 A1 {B}").rings() == [[7]]


@pytest.mark.parametrize(
    ("labels", "rings"),
    [
        ("1 2 3 4 1 2 3 4", [[4, 4]]),
        ("J1 J2 J3 J4 J1 J2 J3 J4", [[4, 4]]),
        ("A1 A2 A3 A4 B1 B2 B3 B4", [[4, 4]]),
        (GAP_BY_NUMBER, [[8]]),
        # The next series goes on with the numbers.
        ("A1 A2 A3 A4 B5 B6 B7 B8", [[8]]),
        # Of no series at all.
        ("甲 乙 丙 丁 戊 己 庚 辛", [[8]]),
    ],
)
def test_numbers_that_begin_anew_begin_a_ring(labels: str, rings: list[list[int]]) -> None:
    assert Scene(f"{A} {B}", labels=labels).rings() == rings


def test_two_points_are_too_few_for_a_ring_whose_numbers_begin_anew() -> None:
    assert Scene("A1 A2 B1 B2 B3", labels="1 2 1 2 3").rings() == [[5]]
    assert Scene("A1 A2 A3 B1 B2 B3", labels="1 2 3 1 2 3").rings() == [[3, 3]]


def test_the_first_number_at_the_first_place_closes_the_ring() -> None:
    assert Scene(A_CLOSED, labels="1 2 3 4 1").rings() == [[5]]


@pytest.mark.parametrize("text", ["内环", "扣除部分", "第2圈"])
def test_a_line_that_announces_a_ring(text: str) -> None:
    assert Scene(f"{A} {B}", breaks=[(4, text)]).rings() == [[4, 4]]


def test_a_column_of_ring_numbers() -> None:
    column = {Role.RING: ["1", "", "", "", "2", "", "", ""]}
    assert Scene(f"{A} {B}", columns=column).rings() == [[4, 4]]


def test_a_column_of_ring_numbers_without_any() -> None:
    assert Scene(f"{A} {B}", columns={Role.RING: [""] * 8}).rings() == [[8]]


# --- Breaks ---


def test_an_empty_row_behind_an_open_ring_without_numbers_begins_another_and_is_said() -> None:
    made = Scene(f"{A} {B}", breaks=[(4, "")]).cut()
    assert [[len(ring) for ring in parcel.rings] for parcel in made.parcels] == [[4, 4]]
    assert [one.zh for one in made.warnings] == ["a.csv:13：此处分段，前后按两圈读取（前一圈没有闭合）；请核对"]
    assert made.warnings[0].en == (
        "a.csv:13: two rings are read before and after this break (the first one was not closed); check them"
    )


def test_an_empty_row_behind_a_closed_ring_is_nothing_to_say() -> None:
    made = Scene(f"{A_CLOSED} {B_CLOSED}", breaks=[(5, "")]).cut()
    assert ([len(ring) for ring in made.parcels[0].rings], made.warnings) == ([5, 5], [])


def test_an_empty_row_where_the_numbers_begin_anew_ends_the_ring() -> None:
    made = Scene(f"{A} {B}", labels="1 2 3 4 1 2 3 4", breaks=[(4, "")]).cut()
    assert ([len(ring) for ring in made.parcels[0].rings], made.warnings) == ([4, 4], [])


def test_an_empty_row_where_the_numbers_go_on_is_refused() -> None:
    assert Scene(f"{A} {B}", labels=GAP_BY_NUMBER, breaks=[(4, "")]).refused() == (
        (
            "a.csv:13：点号在此处断开后接着编（4、5），前一圈没有闭合，分不清是一圈还是两圈；"
            "若是一圈请删去此处的空行或文字，若是两圈请在每圈末尾重写首点，或用 圈号、地块 列说明"
        ),
        (
            "a.csv:13: the table breaks here but the point numbers go on (4, 5) and the ring before is not closed, so "
            "there may be one ring or two; for one ring remove the break, for two repeat the first point at the end of "
            "each, or add a column 圈号 (ring) or 地块 (parcel)"
        ),
    )


def test_an_empty_row_within_a_ring_that_closes_later_is_nothing() -> None:
    made = Scene("A1 A2 A3 B1 A4 A1", labels="1 2 3 4 5 1", breaks=[(3, "")]).cut()
    assert ([len(ring) for ring in made.parcels[0].rings], made.warnings) == ([6], [])


def test_a_ring_does_not_close_behind_the_certain_beginning_of_another() -> None:
    """The first corner comes again, but in the ring that 内环 begins."""
    scene = Scene("A1 A2 A3 B1 B2 B3 C1 C2 A1", breaks=[(3, ""), (6, "内环")])
    assert scene.rings() == [[3, 3, 3]]


@pytest.mark.parametrize("text", ["续表", "第2页"])
def test_a_page_that_goes_on_is_no_break(text: str) -> None:
    made = Scene(f"{A} {B}", labels=GAP_BY_NUMBER, breaks=[(4, text)]).cut()
    assert ([len(ring) for ring in made.parcels[0].rings], made.warnings) == ([8], [])


# --- Parcels ---


def test_a_column_of_parcels() -> None:
    made = Scene(f"{A} {B}", columns={Role.PARCEL: ["D1", "", "", "", "D2", "", "", ""]}).cut()
    assert [(one.id, one.name, one.rings) for one in made.parcels] == [
        ("D1", "", [[0, 1, 2, 3]]),
        ("D2", "", [[4, 5, 6, 7]]),
    ]


def test_columns_of_parcels_and_their_names() -> None:
    columns = {Role.PARCEL: ["1"] * 4 + ["2"] * 4, Role.NAME: ["甲矿", "", "", "", "乙矿", "", "", ""]}
    made = Scene(f"{A} {B}", columns=columns).cut()
    assert [(one.id, one.name) for one in made.parcels] == [("1", "甲矿"), ("2", "乙矿")]


def test_points_of_a_parcel_that_comes_again_are_another_ring_of_it() -> None:
    column = {Role.PARCEL: ["甲"] * 4 + ["乙"] * 4 + ["甲"] * 4}
    made = Scene(f"{A} {B} C1 C2 C3 C4", columns=column).cut()
    assert [(one.id, [len(ring) for ring in one.rings]) for one in made.parcels] == [("甲", [4, 4]), ("乙", [4])]


def test_the_name_beside_the_middle_of_a_parcel_is_refused() -> None:
    column = {Role.PARCEL: ["甲", "", "", "", "", "乙", "", ""]}
    zh, en = Scene(f"{A} {B}", labels="1 2 3 4 1 2 3 4", columns=column).refused()
    assert zh == "a.csv:15：“乙” 写在点 2 旁，点号却接着前一行的 1 编；请把名称写在该地块第一点的行"
    assert en == (
        "a.csv:15: “乙” stands at point 2, which goes on behind 1 of the row above; write the name in the row of the "
        "first point of its parcel"
    )


def test_a_first_name_beside_the_middle_is_refused() -> None:
    column = {Role.PARCEL: ["", "甲", "", ""], Role.NAME: ["", "一号", "", ""]}
    zh, _ = Scene(A, labels="1 2 3 4", columns=column).refused()
    assert zh.startswith("a.csv:11：“甲 一号” 写在点 2 旁")


def test_numbers_that_run_through_several_parcels_are_no_fault() -> None:
    column = {Role.PARCEL: ["甲"] * 4 + ["乙"] * 4}
    assert Scene(f"{A} {B}", labels=GAP_BY_NUMBER, columns=column).rings() == [[4], [4]]


def test_titles_between_the_points_open_parcels() -> None:
    made = Scene(f"{A} {B}", labels="1 2 3 4 1 2 3 4", breaks=[(4, "二号地块")], above=[(9, "一号地块")]).cut()
    assert [(one.title, [len(ring) for ring in one.rings]) for one in made.parcels] == [
        ("一号地块", [4]),
        ("二号地块", [4]),
    ]


def test_the_nearest_title_above_the_points_is_that_of_the_first_parcel() -> None:
    made = Scene(A, above=[(1, "三号地块"), (4, "一号地块"), (6, "单位：米")]).cut()
    assert [one.title for one in made.parcels] == ["一号地块"]


def test_a_title_below_the_first_point_is_not_that_of_the_first_parcel() -> None:
    assert [one.title for one in Scene(A, above=[(12, "一号地块")]).cut().parcels] == [""]


def test_other_texts_behind_a_closed_ring_are_titles_too() -> None:
    made = Scene(f"{A_CLOSED} {B_CLOSED}", breaks=[(5, "渣场：")], above=[(9, "工业场地：")]).cut()
    assert [one.title for one in made.parcels] == ["工业场地：", "渣场："]


def test_what_stands_further_above_is_not_the_title_of_the_first() -> None:
    made = Scene(f"{A_CLOSED} {B_CLOSED}", breaks=[(5, "渣场：")], above=[(8, "采矿场：")]).cut()
    assert [one.title for one in made.parcels] == ["", "渣场："]


def test_with_a_column_of_parcels_titles_open_none() -> None:
    column = {Role.PARCEL: ["甲"] * 10}
    made = Scene(f"{A_CLOSED} {B_CLOSED}", columns=column, breaks=[(5, "二号地块")]).cut()
    assert [(one.id, len(one.rings)) for one in made.parcels] == [("甲", 2)]


def test_with_a_column_of_parcels_a_title_still_ends_an_open_ring() -> None:
    made = Scene(f"{A} {B}", columns={Role.PARCEL: ["甲"] * 8}, breaks=[(4, "二号地块")]).cut()
    assert [(one.id, [len(ring) for ring in one.rings]) for one in made.parcels] == [("甲", [4, 4])]
    assert made.warnings == []
