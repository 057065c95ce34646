"""Codes of units stay with their units."""

import pytest
from shapely import box

from zoning.errors import ContentError
from zoning.planning.units.codes import Coded, OlderUnit, SerialForm, ToCode, UnitForm, assign_codes

BOXES = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)]
COUNTY = "140522"


def units(*digits: int, counties: tuple[str, ...] = (COUNTY,) * 3) -> list[ToCode]:
    places = zip(BOXES, digits, counties, strict=False)
    return [ToCode(shape, county, digit - 1, digit) for shape, digit, county in places]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ZH14052220007", ("140522", 2, 7)),
        (" ｚｈ1405222 0007", ("140522", 2, 7)),
        ("ZH14052240007", None),
        ("ZH1405222007", None),
        ("HY14052220007", None),
    ],
)
def test_a_code_is_read_as_it_is_typed(text: str, parts: tuple[str, int, int] | None) -> None:
    found = UnitForm().parse(text)
    assert (None if found is None else (found.county, found.series, found.serial)) == parts


def test_a_code_that_was_read_is_written_again() -> None:
    for form, text in ((UnitForm(), "ZH14052220007"), (SerialForm("LZ"), "140522-LZ-007")):
        parts = form.parse(text)
        assert parts is not None
        assert form.write(parts) == text


def test_the_first_edition_is_numbered_by_class() -> None:
    assert assign_codes(units(1, 3, 1), []) == [
        Coded("ZH14052210001", None),
        Coded("ZH14052230001", None),
        Coded("ZH14052210002", None),
    ]


def test_every_county_of_a_city_counts_for_itself() -> None:
    found = assign_codes(units(1, 1, 1, counties=("140302", "140321", "140302")), [])
    assert [one.code for one in found] == ["ZH14030210001", "ZH14032110001", "ZH14030210002"]


def test_a_unit_that_moved_by_an_edge_keeps_its_code() -> None:
    older = [OlderUnit("ZH14052210004", box(0, 0, 9, 10)), OlderUnit("ZH14052210009", box(9, 0, 20, 10))]
    assert [(one.code, one.kept_from) for one in assign_codes(units(1, 1, 1), older)] == [
        ("ZH14052210004", 0.9),
        ("ZH14052210009", pytest.approx(100 / 110)),
        ("ZH14052210010", None),
    ]


def test_another_class_is_another_code_and_no_number_comes_back() -> None:
    older = [OlderUnit("ZH14052210004", BOXES[0])]
    retired = ["ZH14052220006", "ZH14050220099", "not a code"]
    assert assign_codes(units(2), older, retired=retired) == [Coded("ZH14052220007", None)]


def test_half_of_both_is_not_enough() -> None:
    older = [OlderUnit("ZH14052210004", box(0, 0, 5, 10))]
    assert assign_codes(units(1), older) == [Coded("ZH14052210005", None)]


def test_of_two_that_share_an_older_unit_the_larger_share_keeps_the_code() -> None:
    older = [OlderUnit("ZH14052230001", box(0, 0, 16, 10))]
    halves = [ToCode(box(0, 0, 6, 10), COUNTY, 2, 3), ToCode(box(6, 0, 16, 10), COUNTY, 2, 3)]
    assert [one.code for one in assign_codes(halves, older)] == ["ZH14052230002", "ZH14052230001"]


def test_serial_codes_are_kept_within_a_class_only() -> None:
    older = [OlderUnit("140522-LZ-007", BOXES[0], rank=1), OlderUnit("140522-LZ-009", BOXES[1], rank=1)]
    wanted = [ToCode(BOXES[0], COUNTY, 0), ToCode(BOXES[1], COUNTY, 1)]
    found = assign_codes(wanted, older, form=SerialForm("LZ"))
    assert found == [Coded("140522-LZ-010", None), Coded("140522-LZ-009", 1.0)]


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(ContentError) as caught:
        assign_codes(units(1), [OlderUnit("ZH1405221", BOXES[0])])
    assert caught.value.get("zh") == (
        "“ZH1405221”不是管控单元编码；应为 ZH、6 位县级代码、1 位类别（1、2、3）和 4 位顺序号"
    )
    assert "'ZH1405221' is no code of a management unit" in caught.value.get("en")


def test_serial_numbers_can_run_out() -> None:
    with pytest.raises(ContentError) as caught:
        assign_codes(units(1), [], retired=["ZH14052219999"])
    assert caught.value.get("zh") == "140522 第 1 类管控单元的顺序号已用完（最多 9999 个）"
    assert caught.value.get("en") == "the serial numbers of class 1 in 140522 are used up (at most 9999)"
