"""The ledger of an import: where a remark belongs, how it reads, and that the gravest come first."""

from dataclasses import replace

import pytest
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from access_world import GENERAL, KEY, PRIORITY, class_overlap, overlap, zone
from zoning.overlay.overlap import Certainty
from zoning.rules.access.hits import gap_m2, unit_hits
from zoning.rules.access.ledger import KINDS, Ledger, Remark
from zoning.texts import Text


@pytest.mark.parametrize(
    ("remark", "place", "text"),
    [
        (Remark("ditto", "同上"), Text("", ""), Text("同上", "同上")),
        (
            Remark("ditto", "同上", "单元"),
            Text("工作表“单元”", "sheet '单元'"),
            Text("工作表“单元”：同上", "sheet '单元': 同上"),
        ),
        (Remark("ditto", "同上", "", 7), Text("第 7 行", "row 7"), Text("第 7 行：同上", "row 7: 同上")),
        (
            Remark("ditto", "同上", "单元", 7),
            Text("工作表“单元”第 7 行", "sheet '单元', row 7"),
            Text("工作表“单元”第 7 行：同上", "sheet '单元', row 7: 同上"),
        ),
        (Remark("row_hidden", "", "单元", 1), Text("工作表“单元”第 1 行", "sheet '单元', row 1"), None),
        (Remark("row_hidden", "", "", None), Text("", ""), Text("", "")),
    ],
)
def test_a_remark_says_place_and_words(remark: Remark, place: Text, text: Text | None) -> None:
    assert remark.place == place
    assert remark.text == (text or place)


def test_words_of_several_lines_stand_on_one() -> None:
    assert "\n" not in Remark("heading", "一\n二", "单元").text.zh


def test_remarks_stay_in_the_order_of_the_file() -> None:
    ledger = Ledger()
    ledger.note("ditto", "乙", row=2)
    ledger.note("sheet_not_read", "甲")
    assert ledger.remarks == [Remark("ditto", "乙", "", 2), Remark("sheet_not_read", "甲")]


def test_kinds_come_gravest_first_and_only_where_they_occur() -> None:
    ledger = Ledger()
    for kind, what in (("above_header", "题"), ("ditto", "一"), ("sheet_not_read", "表"), ("ditto", "二")):
        ledger.note(kind, what)  # type: ignore[arg-type]  # kinds of the ledger
    grouped = [(kind, [remark.what for remark in found]) for kind, found in ledger.by_kind()]
    assert grouped == [("sheet_not_read", ["表"]), ("ditto", ["一", "二"]), ("above_header", ["题"])]


def test_an_import_without_remarks_has_no_kinds() -> None:
    assert list(Ledger().by_kind()) == []


def test_what_was_lost_weighs_more_than_what_was_read_otherwise() -> None:
    order = list(KINDS)
    for lost in ("sheet_not_read", "row_without_code", "row_not_read", "column_not_read"):
        for read in ("row_hidden", "above_header", "formula", "ditto"):
            assert order.index(lost) < order.index(read)


INSIDE = box(0, 0, 100, 100)


def hits(*classes: object, accuracy_m: float = 10.0) -> list[tuple[str, str | None, Certainty]]:
    found = overlap(*classes)  # type: ignore[arg-type]  # classes of the made-up layer
    assert found.accuracy_m == accuracy_m
    return [(hit.code, hit.class_id, hit.certainty) for hit in unit_hits(found)]


def test_a_site_in_no_unit_hits_none() -> None:
    assert hits() == []


@pytest.mark.parametrize("code", [GENERAL, GENERAL.lower(), f" {GENERAL} ", "ＺＨ14052230001"])
def test_the_code_of_a_unit_is_compared_in_one_spelling(code: str) -> None:
    assert hits(class_overlap("general", zone(code, 100.0, INSIDE))) == [(GENERAL, "general", "certain")]


def test_a_class_that_is_only_assumed_is_none() -> None:
    assert hits(class_overlap("general", zone(GENERAL, 100.0, INSIDE), assumed=True)) == [(GENERAL, None, "certain")]


def test_units_come_certain_first_then_by_area_then_by_code() -> None:
    found = hits(
        class_overlap("priority", zone(PRIORITY, 9000.0, INSIDE), certainty="possible"),
        class_overlap("general", zone(GENERAL, 10.0, INSIDE)),
        class_overlap("key", zone(KEY, 10.0, INSIDE)),
    )
    assert [code for code, _, _ in found] == [KEY, GENERAL, PRIORITY]


@pytest.mark.parametrize(
    ("certainty", "area_m2", "expected"),
    [
        ("certain", 100.0, "certain"),
        ("possible", 100.0, "possible"),
        # Not overlapped at all: only within the accuracy.
        ("certain", 0.0, "possible"),
    ],
)
def test_a_unit_is_certain_where_its_class_is_and_it_is_overlapped(
    certainty: Certainty, area_m2: float, expected: Certainty
) -> None:
    found = hits(class_overlap("general", zone(GENERAL, area_m2, INSIDE), certainty=certainty))
    assert found == [(GENERAL, "general", expected)]


@pytest.mark.parametrize(("uncovered", "areas", "gap"), [(10_000.0, (), 10_000.0), (10_000.0, (4000.0,), 6000.0)])
def test_what_lies_in_no_unit_is_the_covered_rest(uncovered: float, areas: tuple[float, ...], gap: float) -> None:
    classes = [class_overlap("general", zone(GENERAL, area, INSIDE)) for area in areas]
    assert gap_m2(overlap(*classes, covered_m2=uncovered)) == gap


def test_units_that_overlap_each_other_leave_no_negative_gap() -> None:
    classes = [class_overlap(name, zone(code, 8000.0, INSIDE)) for name, code in (("key", KEY), ("general", GENERAL))]
    assert gap_m2(overlap(*classes, covered_m2=10_000.0)) == 0.0


NEIGHBOUR = zone(KEY, 10.0, box(2000, 0, 2010, 10))


@pytest.mark.parametrize(
    ("piece", "zone_area", "expected"),
    [
        # The border may lie 10 m elsewhere, in the measuring plane up to 10.5 m.
        (box(0, 0, 30, 30), box(-100, -100, 130, 130), "certain"),
        # A strip of 10 m along each border.
        (box(0, 0, 10, 100), box(0, -100, 500, 200), "possible"),
        (box(490, 0, 500, 100), box(0, -100, 500, 200), "possible"),
        (box(0, 0, 100, 10), box(-100, 0, 200, 500), "possible"),
        (box(0, 490, 100, 500), box(-100, 0, 200, 500), "possible"),
        # A strip of 12 m: its inner part lies deeper.
        (box(0, 0, 12, 100), box(0, -100, 500, 200), "certain"),
        (box(488, 0, 500, 100), box(0, -100, 500, 200), "certain"),
        (box(0, 0, 100, 12), box(-100, 0, 200, 500), "certain"),
        (box(0, 488, 100, 500), box(-100, 0, 200, 500), "certain"),
        # Not on the border, but near it: on each side within 10 m.
        (box(1, 20, 9, 80), box(0, -100, 500, 200), "possible"),
        (box(491, 20, 499, 80), box(0, -100, 500, 200), "possible"),
        (box(20, 1, 80, 9), box(-100, 0, 200, 500), "possible"),
        (box(20, 491, 80, 499), box(-100, 0, 200, 500), "possible"),
        # Of an overlap without a shape nothing is certain.
        (box(0, 0, 0, 0).intersection(box(5, 5, 6, 6)), box(0, 0, 1, 1), "possible"),
    ],
)
def test_beside_another_unit_of_its_class_a_unit_is_certain_only_deep_inside(
    piece: BaseGeometry, zone_area: BaseGeometry, expected: Certainty
) -> None:
    one = replace(zone(GENERAL, 10.0, piece), piece=piece, zone=zone_area)
    found = hits(class_overlap("general", one, NEIGHBOUR))
    assert (GENERAL, "general", expected) in found


def test_without_an_error_of_position_every_overlap_is_certain() -> None:
    edge = replace(zone(GENERAL, 10.0, INSIDE), piece=box(0, 0, 1, 1), zone=INSIDE)
    found = replace(overlap(class_overlap("general", edge, NEIGHBOUR)), accuracy_m=0.0)
    assert {hit.certainty for hit in unit_hits(found)} == {"certain"}
