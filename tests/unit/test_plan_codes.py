"""Codes of units stay with their units."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from shapely import Polygon, box

from zoning.errors import ContentError
from zoning.planning.units import codes
from zoning.planning.units.codes import Coded, OlderUnit, SerialForm, ToCode, UnitForm, assign_codes
from zoning.planning.units.plan import Plan
from zoning.planning.units.previous import Previous

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


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "corner", [(600_000.0, 3_930_000.0), (-40.0, 2.0**21 - 35.0)], ids=["county", "at a power of two"]
)
def test_pairs_that_cannot_share_enough_need_not_be_measured(
    seed: int, corner: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(seed)

    def moved(left: float, low: float, right: float, high: float) -> Polygon:
        by = chance.choice([0.0, 0.3, 3.0], 4) * chance.uniform(-1, 1, 4)
        tip = (right + by[2], (low + high) / 2)
        return Polygon([(left, low + by[0]), (right + by[1], low), tip, (right, high + by[3]), (left, high)])

    east, north = corner
    cells = [(east + x, north + y, east + x + 10, north + y + 10) for x in range(0, 60, 10) for y in range(0, 60, 10)]
    wanted = [ToCode(moved(*cell), COUNTY, 0, 1) for cell in cells]
    older = [OlderUnit(f"ZH1405221{number:04}", moved(*cell)) for number, cell in enumerate(cells, start=1)]
    # Some older units are twice as large, or half: about half of both is shared.
    older[::5] = [OlderUnit(one.code, moved(*one.geometry.buffer(2.07).bounds)) for one in older[::5]]
    short = assign_codes(wanted, older)
    monkeypatch.setattr(codes, "_may_be_kept", lambda _one, _other, unit, _numbers: np.ones(len(unit), dtype=bool))
    assert short == assign_codes(wanted, older)
    assert sum(one.kept_from is not None for one in short) > 20


def test_codes_are_gone_of_units_that_lie_in_the_territory_for_the_most_part() -> None:
    land = box(0, 0, 100, 100)
    places = {
        "kept": box(0, 0, 9, 9), "inside": box(20, 20, 30, 30), "most": box(94, 0, 104, 10),
        "half": box(95, 20, 105, 30), "less": box(96, 40, 106, 50), "touches": box(100, 60, 110, 70),
        "far": box(900, 0, 910, 10), "empty": Polygon(),
    }  # fmt: skip
    older = tuple(OlderUnit(code, shape) for code, shape in places.items())
    built = SimpleNamespace(territory=SimpleNamespace(geometry=land))
    units = (SimpleNamespace(code="kept"),)
    plan = Plan(
        *cast("tuple[Any, ...]", (None, None, date(2026, 6, 1), built, Previous("2024", "", older, (), ()), units))
    )
    assert plan.gone == ("inside", "most")
