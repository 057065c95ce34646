"""Which units and levels a comparison with the access lists shows, and codes that contradict what is around them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from shapely.geometry import box

from access_world import (
    CITY,
    GENERAL,
    KEY,
    ON,
    PRIORITY,
    VOCABULARY,
    WIDER,
    class_overlap,
    clause,
    edition_text,
    inside,
    lists,
    overlap,
    situation,
    zone,
)
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.access.compare import binding_clauses, compare
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.hits import unit_hits
from zoning.rules.access.lists import NO_LISTS, AccessLists
from zoning.rules.facts import FactValue
from zoning.rules.situation import Situation


def check(
    found: AccessLists, units: LayerOverlap | None = None, facts: Mapping[str, FactValue] | None = None, on: date = ON
) -> tuple[UnitComparison, ...]:
    return compare(found, situation(units or inside(), facts, on), VOCABULARY)


def test_all_levels_widest_first_in_the_order_of_the_dimensions(tmp_path: Path) -> None:
    own = clause("4-1", dimension="resource-efficiency") + clause("2-1", dimension="pollutant-discharge")
    found = lists(tmp_path, own=edition_text(own), city=CITY, prov=WIDER)
    (entry,) = check(found)
    assert [(c.id, c.level) for c in entry.clauses] == [
        ("prov/province/1-1", "province"),
        ("prov/province/1-3", "province"),
        ("city/city/1-1", "city"),
        (f"own/{GENERAL}/2-1", "unit"),
        (f"own/{GENERAL}/4-1", "unit"),
    ]
    assert [one.edition for one in entry.lists] == ["prov", "city", "own"]
    assert (entry.status, entry.missing_levels, entry.reason) == ("compared", (), None)
    assert [(s.dimension, s.wording) for s in entry.silent] == [("spatial-layout", ""), ("risk-control", "")]
    shown = binding_clauses(found, GENERAL, ON)
    assert [f"{e.id}/{c.unit or c.level}/{c.number}" for e, c in shown] == [c.id for c in entry.clauses]


def test_lists_of_other_territories_never_bind(tmp_path: Path) -> None:
    elsewhere = CITY.replace('["1405"]', '["1403"]')
    (entry,) = check(lists(tmp_path, own=edition_text(clause()), city=elsewhere))
    assert [c.level for c in entry.clauses] == ["unit"]
    assert entry.missing_levels == ("province", "city")


def test_what_the_list_writes_instead_of_a_clause(tmp_path: Path) -> None:
    units = f"  - {{code: {GENERAL}, no_clause: {{risk-control: /}}}}\n"
    (entry,) = check(lists(tmp_path, own=edition_text(clause(), units)))
    assert [(s.dimension, s.wording) for s in entry.silent] == [
        ("pollutant-discharge", ""),
        ("risk-control", "/"),
        ("resource-efficiency", ""),
    ]


def test_every_unit_that_is_hit_gets_an_entry(tmp_path: Path) -> None:
    units = overlap(
        class_overlap("priority", zone(PRIORITY, 2000.0)),
        class_overlap("general", zone(GENERAL, 8000.0)),
        class_overlap("key", zone(KEY, 0.0), certainty="possible"),
    )
    entries = check(lists(tmp_path, own=edition_text(clause())), units)
    assert [(e.unit, e.certainty, e.status, e.share) for e in entries] == [
        (GENERAL, "certain", "compared", 0.8),
        (PRIORITY, "certain", "no_list", 0.2),
        (KEY, "possible", "no_list", 0.0),
    ]
    assert entries[1].reason is not None
    assert entries[1].reason.zh == (
        "缺清单，未核查：《某县清单》中没有单元 ZH14052210001；请核对单元图层与清单是否同一版本"
    )


def test_why_a_unit_has_no_list(tmp_path: Path) -> None:
    def reason(found: AccessLists, on: date = ON) -> tuple[str, str]:
        (entry,) = check(found, on=on)
        assert (entry.status, entry.clauses) == ("no_list", ())
        assert entry.reason is not None
        return entry.reason.zh, entry.reason.en

    zh, en = reason(NO_LISTS)
    assert zh == "缺清单，未核查：工作空间没有单元 ZH14052230001 的准入清单；用 zoning rules import-list 导入"
    assert en == (
        "no list, not checked: the workspace has no access list for unit ZH14052230001; import it with: zoning rules "
        "import-list"
    )
    ended = lists(tmp_path, own=edition_text(clause(), valid_to="2025-12-31"))
    zh, en = reason(ended)
    assert zh == "缺清单，未核查：《某县清单》（own）的有效期是 2021-01-01 至 2025-12-31，不含 2026-06-01"
    assert en == (
        "no list, not checked: 'list of some county' (own) is in force from 2021-01-01 to 2025-12-31, not on 2026-06-01"
    )
    assert reason(ended, date(2020, 1, 1))[0].endswith("不含 2020-01-01")


def test_parts_without_a_unit_are_told(tmp_path: Path) -> None:
    found = lists(tmp_path, own=edition_text(clause()))
    units = overlap(class_overlap("general", zone(GENERAL, 6000.0)), uncovered_m2=1000.0, covered_m2=9000.0)
    entries = check(found, units)
    assert [(e.unit, e.status, e.overlap_m2) for e in entries] == [
        (GENERAL, "compared", 6000.0),
        (None, "no_data", 1000.0),
        (None, "no_unit", 3000.0),
    ]
    reasons = [e.reason.zh for e in entries if e.reason is not None]
    assert reasons == [
        "0.1000 公顷（1.50 亩）所在的管控单元未知（部分范围不在图层覆盖之内）：清单未核查",
        "0.3000 公顷（4.50 亩）不在任何管控单元之内，请核实单元图层：清单未核查",
    ]


@pytest.mark.parametrize(
    ("units", "status"),
    [
        (overlap(status="no_data", uncovered_m2=10_000.0), "no_data"),
        (overlap(status="no_data"), "no_data"),
        (overlap(status="not_affected", covered_m2=10_000.0), "no_unit"),
        (overlap(status="not_affected"), "no_unit"),
    ],
)
def test_there_is_always_an_answer(units: LayerOverlap, status: str) -> None:
    (entry,) = check(NO_LISTS, units)
    assert (entry.unit, entry.status, entry.overlap_m2) == (None, status, 10_000.0)


def test_without_a_layer_of_units_there_is_nothing_to_compare() -> None:
    assert compare(NO_LISTS, Situation("140522", 1.0, {}, {}, situation(None).facts, ON), VOCABULARY) == ()
    (entry,) = compare(NO_LISTS, situation(None), VOCABULARY)
    assert entry.status == "no_data"


def test_a_neighbour_of_the_same_class_is_only_possible_when_the_border_may_lie_beyond() -> None:
    deep, shallow = box(0, 0, 100, 100), box(100, 0, 103, 100)
    near = zone(KEY, 300.0, shallow)
    zones = class_overlap("general", zone(GENERAL, 10_000.0, deep), near)
    assert [(hit.code, hit.certainty) for hit in unit_hits(overlap(zones))] == [(GENERAL, "certain"), (KEY, "certain")]
    # The same piece, with the border of its zone 3 m away: within the accuracy of 10 m.
    thin = type(near)(near.id, near.name, near.overlap_m2, 0.0, shallow, shallow, {})
    zones = class_overlap("general", zone(GENERAL, 10_000.0, deep), thin)
    assert [(hit.code, hit.certainty) for hit in unit_hits(overlap(zones))] == [(GENERAL, "certain"), (KEY, "possible")]


# --- codes that contradict what is around them


def test_a_county_code_of_the_past(tmp_path: Path) -> None:
    old = "ZH14042110001"
    city = CITY.replace("禁止某事。", "市的要求。")
    found = lists(tmp_path / "a", city=city)
    (entry,) = check(found, inside(old, "priority"))
    assert [c.level for c in entry.clauses] == ["city"]
    assert [w.zh for w in entry.warnings] == [
        "单元编码中的县级代码 140421 与项目所在辖区 140522 不同（可能是更名前的代码）：省、市、县级清单按两者核对"
    ]
    assert entry.clauses[0].result == "to_verify"
    told = lists(tmp_path / "b", city=city + 'former_codes: {"140421": "140522"}\n')
    (entry,) = check(told, inside(old, "priority"))
    assert (len(entry.clauses), entry.warnings) == (1, ())


def test_a_clause_that_may_not_bind_never_prohibits(tmp_path: Path) -> None:
    strict = WIDER.replace("classes: [priority]", "classes: [priority], complies_when: {well: no}")
    (entry,) = check(lists(tmp_path, prov=strict), inside(GENERAL, "priority"), {"well": True})
    assert [w.zh for w in entry.warnings] == [
        "单元 ZH14052230001 的编码表示一般管控单元，图层中却是另一类：两类的条款都已列出"
    ]
    doubtful = next(c for c in entry.clauses if c.number == "1-2")
    assert doubtful.result == "to_verify"
    assert doubtful.reasons[-1].zh == "单元的类别或所属县不能确定，本条是否适用须核实"
    (sure,) = check(lists(tmp_path, prov=strict), inside(PRIORITY, "priority"), {"well": True})
    assert next(c for c in sure.clauses if c.number == "1-2").result == "violates"


def test_other_names_in_layer_and_list(tmp_path: Path) -> None:
    units = f"  - {{code: {GENERAL}, name: 乙单元}}\n"
    (entry,) = check(lists(tmp_path, own=edition_text(clause(), units)), inside(name="甲单元"))
    assert [w.zh for w in entry.warnings] == [
        "单元 ZH14052230001 在图层中名为“甲单元”，在清单中名为“乙单元”：请核对版本"
    ]
