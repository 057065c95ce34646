"""Codes of units stay with their units."""

import numpy as np
import pytest
from shapely import box

from zoning.errors import ContentError
from zoning.planning.units.codes import Coded, UnitCode, assign_codes

UNITS = np.asarray([box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)], dtype=object)


def test_a_code_is_read_and_written() -> None:
    assert str(UnitCode("140522", 2, 7)) == "ZH14052220007"
    assert UnitCode.parse("ZH14052220007") == UnitCode("140522", 2, 7)
    assert UnitCode.parse("ZH14052240007") is None


def test_the_first_edition_is_numbered_by_class() -> None:
    assert assign_codes("140522", UNITS, [1, 3, 1], {}) == [
        Coded("ZH14052210001", None),
        Coded("ZH14052230001", None),
        Coded("ZH14052210002", None),
    ]


def test_a_unit_that_moved_by_an_edge_keeps_its_code() -> None:
    older = {"ZH14052210004": box(0, 0, 9, 10), "ZH14052210009": box(9, 0, 20, 10)}
    found = assign_codes("140522", UNITS, [1, 1, 1], older)
    assert [(one.code, one.kept_from) for one in found] == [
        ("ZH14052210004", 0.9),
        ("ZH14052210009", pytest.approx(100 / 110)),
        ("ZH14052210010", None),
    ]


def test_another_class_is_another_code_and_no_number_comes_back() -> None:
    older = {"ZH14052210004": box(0, 0, 10, 10)}
    found = assign_codes("140522", UNITS[:1], [2], older, retired=["ZH14052220006", "ZH14050220099"])
    assert found == [Coded("ZH14052220007", None)]


def test_of_two_that_share_an_older_unit_the_larger_share_keeps_the_code() -> None:
    older = {"ZH14052230001": box(0, 0, 16, 10)}
    found = assign_codes("140522", np.asarray([box(0, 0, 6, 10), box(6, 0, 16, 10)], dtype=object), [3, 3], older)
    assert [one.code for one in found] == ["ZH14052230002", "ZH14052230001"]


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(ContentError) as caught:
        assign_codes("140522", UNITS, [1, 1, 1], {"ZH1405221": UNITS[0]})
    assert caught.value.get("zh") == (
        "“ZH1405221”不是管控单元编码；应为 ZH、6 位县级代码、1 位类别（1、2、3）和 4 位顺序号"
    )
    assert "'ZH1405221' is no code of a management unit" in caught.value.get("en")


def test_serial_numbers_can_run_out() -> None:
    with pytest.raises(ContentError, match="the serial numbers of class 1 are used up"):
        assign_codes("140522", UNITS[:1], [1], {}, retired=["ZH14052219999"])
