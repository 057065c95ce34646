"""What stands beside the geometry: ids given twice, fields left empty, codes that contradict class or county."""

from typing import Any

import pytest
import shapely

from audit_scene import EAST_LAND, WEST_LAND, Zone, audit_layer, scene
from overlay_world import box_m
from zoning.planning.audit.attributes import attribute_findings, code_findings
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Codes
from zoning.planning.audit.sources import Written
from zoning.texts import Text


def attributes(zones: list[Zone], *, demanded: dict[str, list[str]] | None = None, **more: Any) -> list[Finding]:
    layer = audit_layer("parks", zones, **more)
    return list(attribute_findings(scene(layer, attributes=demanded or {}), layer))


PARKS: list[Zone] = [(f"P{n}", "one" if n < 2 else "two", box_m(100 * n, 0, 100 * n + 50, 50)) for n in range(3)]


def test_nothing_is_missing_where_all_is_filled() -> None:
    assert attributes(PARKS, demanded={"parks": ["name"]}, names=("甲", "乙", "丙")) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (("P0", "P1", "P2"), []),
        (("P0", "P0", "P2"), ["parks：编码“P0”用了 2 次"]),
        (("P0", "P1", "P0"), ["parks：编码“P0”用了 2 次，类别还不相同"]),
        (("P0", "P0", "P0"), ["parks：编码“P0”用了 3 次，类别还不相同"]),
    ],
)
def test_an_id_that_is_given_twice(written: tuple[str, ...], told: list[str]) -> None:
    found = attributes(PARKS, written=Written(written, 0))
    assert [one.text.zh for one in found] == told
    assert all((one.kind, one.zones, one.detail) == ("duplicate-id", (written[0],), "id") for one in found)


def test_an_empty_id_is_missing_and_given_to_nobody_twice() -> None:
    found = attributes(PARKS, written=Written(("", "P1", ""), 0))
    assert [(one.kind, one.zones, one.severity, one.detail) for one in found] == [
        ("attribute-missing", ("P0",), "error", "zone_id"),
        ("attribute-missing", ("P2",), "error", "zone_id"),
    ]
    assert found[0].text == Text("parks“P0”：缺少 zone_id", "parks 'P0': zone_id is missing")


def test_a_class_that_is_not_told_is_an_error_that_says_what_checks_do() -> None:
    (found,) = attributes(PARKS, assumed=(False, True, False))
    assert (found.zones, found.severity, found.detail) == (("P1",), "error", "class")
    assert found.text == Text(
        "parks“P1”：没有类别（class），核查按最严的类别处理", "parks 'P1': no class (class); checks take the strictest"
    )


def test_fields_that_are_demanded_are_warnings_where_they_are_empty() -> None:
    rows: tuple[dict[str, str], ...] = ({"grade": "1"}, {"grade": ""}, {})
    found = attributes(PARKS, demanded={"parks": ["name", "grade"]}, names=("甲", "", "丙"), attributes=rows)
    assert [(one.zones, one.detail, one.severity) for one in found] == [
        (("P1",), "name", "warning"),
        (("P1",), "grade", "warning"),
        (("P2",), "grade", "warning"),
    ]


@pytest.mark.parametrize("lost", [0, 3])
def test_records_without_geometry_are_seen_by_no_check(lost: int) -> None:
    found = attributes(PARKS, written=Written(("P0", "P1", "P2"), lost))
    assert [(one.text.zh, one.severity, one.detail) for one in found] == (
        [(f"parks：{lost} 条记录没有图形，任何核查都看不到它们", "error", "geometry")] if lost else []
    )


def codes(written: str, *, class_id: str = "key", at: shapely.Polygon = WEST_LAND) -> list[Finding]:
    layer = audit_layer("units", [(written or "U1", class_id, at)], written=Written((written,), 0))
    told = {"layer": "units", "digits": {"priority": "1", "key": "2", "general": "3"}}
    return list(code_findings(scene(layer), Codes.model_validate(told)))


@pytest.mark.parametrize(
    ("written", "at"),
    [("ZH14052220001", WEST_LAND), ("zh1405222 0001", WEST_LAND), ("ZH14082520001", EAST_LAND), ("", WEST_LAND)],
)
def test_a_code_that_fits(written: str, at: shapely.Polygon) -> None:
    assert codes(written, at=at) == []


@pytest.mark.parametrize("written", ["U1", "ZH1405222001", "ZH14052240001", "HY14052220001"])
def test_what_is_no_code(written: str) -> None:
    (found,) = codes(written)
    assert (found.kind, found.severity) == ("class-code", None)
    assert found.text.zh == (f"units：“{written}”不是管控单元编码（ZH+6位县级代码+类别1/2/3+4位序号）")


@pytest.mark.parametrize(("class_id", "wanted"), [("priority", "1"), ("general", "3"), ("other", "-")])
def test_a_code_of_another_class(class_id: str, wanted: str) -> None:
    (found,) = codes("ZH14052220001", class_id=class_id)
    assert (found.severity, found.detail) == (None, class_id)
    assert found.text.zh == f"units“ZH14052220001”：编码的类别位是 2，属性为图层（应为 {wanted}）"


def test_a_code_of_another_county_is_a_note() -> None:
    (found,) = codes("ZH14082520001")
    assert found.severity == "note"
    assert found.text.zh.startswith("units“ZH14082520001”：编码的县级代码是 140825，单元位于 140522；")


def test_a_unit_outside_all_territories_is_compared_with_none() -> None:
    assert codes("ZH14082520001", at=box_m(9000, 0, 9100, 100)) == []
