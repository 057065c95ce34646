"""A site against the lists of its units, clause by clause: what is not known is never taken for met."""

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from shapely.geometry import box

from access_world import (
    GENERAL,
    KEY,
    ON,
    PRIORITY,
    UNITS,
    VOCABULARY,
    class_overlap,
    clause,
    edition_text,
    fact,
    inside,
    lists,
    overlap,
    situation,
    zone,
)
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.access.compare import binding_clauses, compare
from zoning.rules.access.derive import derive_unit_access_list, with_access_fact
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.hits import unit_hits
from zoning.rules.access.lists import NO_LISTS, AccessLists
from zoning.rules.facts import FactSheet, FactValue
from zoning.rules.situation import Situation
from zoning.rules.wording.values import value_text

CONDITIONS = {
    "steel": {"applies_when": "{construction: new}", "complies_when": "{not: {activity: [industry]}}"},
    "well": {"complies_when": "{well: no}", "effect": "restrict"},
    "water": {"complies_when": "{water: {at_most: 100}}", "effect": "require"},
    "plain": {},
    "concerned": {"applies_when": "{well: yes}"},
}


def check(
    found: AccessLists, units: LayerOverlap | None = None, facts: Mapping[str, FactValue] | None = None, on: date = ON
) -> tuple[UnitComparison, ...]:
    return compare(found, situation(units or inside(), facts, on), VOCABULARY)


def one(folder: Path, facts: Mapping[str, FactValue], **condition: str) -> UnitComparison:
    (entry,) = check(lists(folder, one=edition_text(clause(**condition))), facts=facts)
    return entry


def result(folder: Path, facts: Mapping[str, FactValue], **condition: str) -> str:
    (entry,) = one(folder, facts, **condition).clauses
    return entry.result


# --- one clause


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("steel", {"construction": ("none",)}, "not_concerned"),
        ("steel", {"construction": ("new",), "activity": ("hotel",)}, "complies"),
        ("steel", {"construction": ("new",), "activity": ("steel",)}, "violates"),
        ("steel", {"construction": ("new",), "activity": ("hotel", "steel")}, "violates"),
        ("steel", {"construction": ("new",)}, "to_verify"),
        ("steel", {"activity": ("steel",)}, "to_verify"),
        ("steel", {"activity": ("hotel",)}, "complies"),
        ("steel", {}, "to_verify"),
        ("well", {"well": False}, "complies"),
        ("well", {"well": True}, "violates"),
        ("well", {}, "to_verify"),
        ("water", {"water": 100.0}, "complies"),
        ("water", {"water": 100.1}, "violates"),
        ("plain", {"well": False, "construction": ("none",)}, "to_verify"),
        ("concerned", {"well": False}, "not_concerned"),
        ("concerned", {"well": True}, "to_verify"),
        ("concerned", {}, "to_verify"),
    ],
)
def test_results(tmp_path: Path, condition: str, facts: Mapping[str, FactValue], expected: str) -> None:
    assert result(tmp_path, facts, **CONDITIONS[condition]) == expected


def test_a_clause_shows_the_facts_that_it_asks_for(tmp_path: Path) -> None:
    (entry,) = one(tmp_path, {"activity": ("hotel", "steel")}, **CONDITIONS["steel"]).clauses
    assert [(f.title.zh, f.value.zh, f.value.en, f.known) for f in entry.facts] == [
        ("建设性质", "不详", "not known", False),
        ("活动类别", "宾馆、钢铁", "hotel, steel", True),
    ]
    assert entry.missing_facts == ("construction",)
    assert [(r.zh, r.en) for r in entry.reasons] == [("尚不知道：建设性质", "not known: construction")]


def test_reasons_word_for_word(tmp_path: Path) -> None:
    cases = {
        "not_concerned": ({"construction": ("none",)}, "项目不属于本条针对的情形"),
        "complies": ({"construction": ("new",), "activity": ("hotel",)}, "项目事实满足本条要求"),
        "violates": ({"construction": ("new",), "activity": ("steel",)}, "项目事实不满足本条要求"),
    }
    for expected, (facts, sentence) in cases.items():
        (entry,) = one(tmp_path, facts, **CONDITIONS["steel"]).clauses
        assert (entry.result, [reason.zh for reason in entry.reasons]) == (expected, [sentence])
        assert (entry.missing_facts, entry.missing_layers) == ((), ())
    (plain,) = one(tmp_path, {}).clauses
    assert [reason.zh for reason in plain.reasons] == ["本条没有机器条件，须人工对照"]
    (open_,) = one(tmp_path, {}, **CONDITIONS["concerned"]).clauses
    assert [reason.zh for reason in open_.reasons] == ["尚不知道：打井", "本条没有机器条件，须人工对照"]


def test_a_place_without_data_is_to_be_verified(tmp_path: Path) -> None:
    condition = {"complies_when": "{overlaps: {layer: management-units, classes: [general]}}"}
    found = lists(tmp_path, one=edition_text(clause(**condition)))
    (entry,) = check(found)
    assert entry.clauses[0].result == "complies"
    assert entry.clauses[0].reasons[0].zh == "项目事实满足本条要求"
    elsewhere = lists(tmp_path, one=edition_text(clause(complies_when="{overlaps: {layer: rivers}}")))
    (entry,) = check(elsewhere)
    assert (entry.clauses[0].result, entry.clauses[0].missing_layers) == ("to_verify", ("rivers",))


def test_values_in_words() -> None:
    assert value_text(fact("well"), value=True).zh == "是"
    assert value_text(fact("well"), value=False).en == "no"
    assert value_text(fact("water"), 1234.5).zh == "1,234.5 t/d"
    assert value_text(fact("activity"), ("hotel", "steel")).en == "hotel, steel"


# --- units and levels

WIDER = edition_text(
    clause("1-1", "province", None, text="省的要求。")
    + clause("1-2", "province", None, text="优先单元的要求。", classes="[priority]")
    + clause("1-3", "province", None, text="一般单元的要求。", classes="[general, key]"),
    "",
    territories='["14"]',
).replace("units:\n  - {code: ZH14052210001}\n  - {code: ZH14052220001}\n  - {code: ZH14052230001}\n", "")
CITY = edition_text(clause("1-1", "city", None, text="市的要求。"), territories='["1405"]').replace(
    "units:\n  - {code: ZH14052210001}\n  - {code: ZH14052220001}\n  - {code: ZH14052230001}\n", ""
)


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


# --- the fact that follows


def derived(
    folder: Path, clauses: str, facts: Mapping[str, FactValue], units: LayerOverlap | None = None
) -> tuple[str | None, str]:
    found = derive_unit_access_list(check(lists(folder, own=edition_text(clauses)), units, facts))
    return found.value, found.because.zh


WELL = clause("1-1", complies_when="{well: no}")
RESTRICT = clause("1-2", complies_when="{construction: none}", effect="restrict")
DUTY = clause("1-3", complies_when="{water: {at_most: 100}}", effect="require")
NEW: Mapping[str, FactValue] = {"construction": ("new",)}


@pytest.mark.parametrize(
    ("clauses", "facts", "value", "because"),
    [
        (WELL, {"well": True}, "prohibited", f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"),
        (WELL, {"well": False}, "not-listed", f"单元 {GENERAL} 的准入清单逐条对照，均为符合或不涉及"),
        (WELL, {}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
        (WELL + RESTRICT, {"well": False, **NEW}, "restricted", f"单元 {GENERAL}：《某县清单》空间布局约束 1-2 不符合"),
        (WELL + RESTRICT, NEW, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
        (WELL + RESTRICT, {"well": True, **NEW}, "prohibited", f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"),
        (RESTRICT + DUTY, NEW, "restricted", f"单元 {GENERAL}：《某县清单》空间布局约束 1-2 不符合"),
        (DUTY, {"water": 200.0}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-3 不符合"),
        (DUTY, {"water": 50.0}, "not-listed", f"单元 {GENERAL} 的准入清单逐条对照，均为符合或不涉及"),
        (clause(), {"well": False}, None, f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 需进一步核实"),
    ],
)
def test_the_derived_fact(
    tmp_path: Path, clauses: str, facts: Mapping[str, FactValue], value: str | None, because: str
) -> None:
    assert derived(tmp_path, clauses, facts) == (value, because)


def test_a_unit_that_is_only_possibly_hit_decides_nothing(tmp_path: Path) -> None:
    possible = overlap(class_overlap("general", zone(GENERAL, 0.0), certainty="possible"), covered_m2=0.0)
    assert derived(tmp_path, WELL, {"well": True}, possible) == (
        None,
        f"单元 {GENERAL}（精度内可能涉及）：《某县清单》空间布局约束 1-1 不符合",
    )


def test_a_unit_without_a_list_leaves_the_fact_unknown(tmp_path: Path) -> None:
    two = overlap(class_overlap("general", zone(GENERAL, 6000.0)), class_overlap("key", zone(KEY, 4000.0)))
    value, because = derived(tmp_path, WELL, {"well": False}, two)
    assert value is None
    assert because.startswith("缺清单，未核查：")
    # A prohibition in the other unit stands whatever the missing list says.
    assert derived(tmp_path, WELL, {"well": True}, two)[0] == "prohibited"
    assert derive_unit_access_list(()).value is None


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "construction": st.sampled_from([("new",), ("none",)]),
        "activity": st.sampled_from([("steel",), ("hotel",), ("hotel", "coking")]),
        "well": st.booleans(),
        "water": st.sampled_from([50.0, 150.0]),
    },
)
CLAUSES = st.lists(st.sampled_from(sorted(CONDITIONS)), min_size=1, max_size=4)
EFFECTS = st.lists(st.sampled_from(["prohibit", "restrict", "require"]), min_size=4, max_size=4)
RANK = {"not-listed": 0, "restricted": 1, "prohibited": 2}


@given(CLAUSES, EFFECTS, FACTS, FACTS)
def test_more_facts_never_take_an_answer_back(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    effects: list[str],
    few: dict[str, FactValue],
    more: dict[str, FactValue],
) -> None:
    text = "".join(
        clause(f"1-{n}", **(CONDITIONS[name] | {"effect": effect}))
        for n, (name, effect) in enumerate(zip(names, effects, strict=False), 1)
    )
    found = lists(tmp_path_factory.mktemp("lists"), own=edition_text(text))
    (before,), (after,) = check(found, facts=few), check(found, facts={**more, **few})
    fine = ("complies", "not_concerned")
    for old, new, name in zip(before.clauses, after.clauses, names, strict=True):
        if old.result != "to_verify":
            assert (old.result in fine) == (new.result in fine)
        if "complies_when" not in CONDITIONS[name]:
            assert "complies" not in (old.result, new.result)
            assert "violates" not in (old.result, new.result)
    known = derive_unit_access_list((before,)).value
    if known is not None:
        assert derive_unit_access_list((after,)).value == known


def test_the_order_of_editions_and_zones_does_not_matter(tmp_path: Path) -> None:
    zones = [class_overlap("general", zone(GENERAL, 6000.0)), class_overlap("key", zone(KEY, 4000.0))]
    found = lists(tmp_path, own=edition_text(clause()), city=CITY, prov=WIDER)
    turned = AccessLists({name: found.editions[name] for name in reversed(list(found.editions))}, found.sha256)
    seen = {
        tuple(entry.model_dump_json() for entry in check(which, overlap(*order)))
        for which, order in itertools.product((found, turned), itertools.permutations(zones))
    }
    assert len(seen) == 1


def test_entries_go_through_json(tmp_path: Path) -> None:
    entries = check(lists(tmp_path, own=edition_text(clause(**CONDITIONS["steel"])), city=CITY))
    adapter = TypeAdapter(tuple[UnitComparison, ...])
    assert adapter.validate_json(adapter.dump_json(entries)) == entries
    assert UNITS.classes["general"].title == entries[0].class_title


# --- the fact joins the others


def test_the_derived_fact_joins_the_facts(tmp_path: Path) -> None:
    entries = check(lists(tmp_path, own=edition_text(WELL)), facts={"well": True})
    found = with_access_fact(VOCABULARY, FactSheet({"well": True}), entries)
    assert found.sheet.values == {"well": True, "unit_access_list": ("prohibited",)}
    (entry,) = found.derivations
    assert (entry.fact, entry.value, entry.from_, entry.because) == (
        "unit_access_list",
        ("prohibited",),
        "access-lists",
        (f"own/{GENERAL}/1-1",),
    )
    assert entry.basis.zh == f"单元 {GENERAL}：《某县清单》空间布局约束 1-1 不符合"
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("told", "well", "counts", "warnings"),
    [
        ("prohibited", True, "prohibited", 0),
        ("guided", True, "prohibited", 1),
        ("restricted", True, "prohibited", 1),
        ("guided", False, "guided", 0),
        ("not-listed", False, "not-listed", 0),
        ("prohibited", False, "prohibited", 1),
    ],
)
def test_the_stricter_counts_and_a_contradiction_is_said(
    tmp_path: Path, told: str, well: FactValue, counts: str, warnings: int
) -> None:
    sheet = FactSheet({"well": well, "unit_access_list": (told,)})
    found = with_access_fact(VOCABULARY, sheet, check(lists(tmp_path, own=edition_text(WELL)), facts={"well": well}))
    assert found.sheet.get("unit_access_list") == (counts,)
    assert (found.derivations, len(found.warnings)) == ((), warnings)


def test_the_contradiction_word_for_word(tmp_path: Path) -> None:
    facts: Mapping[str, FactValue] = {"well": True, "unit_access_list": ("guided",)}
    entries = check(lists(tmp_path, own=edition_text(WELL)), facts=facts)
    (warning,) = with_access_fact(VOCABULARY, FactSheet(facts), entries).warnings
    assert warning.zh == (
        "所填“清单结论”与准入清单的对照不一致，按对照结果判断，请核对："
        "单元 ZH14052230001：《某县清单》空间布局约束 1-1 不符合（对照结果为“prohibited”）"
    )
    assert warning.en == (
        "what was told of 'what the list says' contradicts the access lists; the comparison counts, verify it: "
        "unit ZH14052230001: 'list of some county', spatial layout 1-1 is not complied with (follows: prohibited)"
    )


def test_an_open_answer_adds_nothing(tmp_path: Path) -> None:
    found = with_access_fact(VOCABULARY, FactSheet({}), check(lists(tmp_path, own=edition_text(WELL))))
    assert (found.sheet.values, found.derivations, found.warnings) == ({}, (), ())
