"""Sentences of a comparison with access lists: reasons of a clause, contradictions, units without a list, remarks."""

from datetime import date

import pytest

from access_world import GENERAL, KEY, PRIORITY, VOCABULARY
from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.entries import ClauseEntry, Status, UnitComparison
from zoning.rules.access.hits import UnitHit
from zoning.rules.access.sentences import (
    access_step,
    clause_reasons,
    contradictions,
    expired,
    open_clauses,
    unknown_unit,
)
from zoning.rules.access.words import Result
from zoning.rules.conditions import parse_condition
from zoning.rules.truth import FALSE, TRUE, Answer, Place, Truth
from zoning.texts import Text

NEAR, FAR, UNSURE = (Text(f"理由{sign}", f"reason {sign}") for sign in "甲乙丙")
BY_HAND = Text("本条没有机器条件，须人工对照", "no machine condition: compare by hand")


def clause(*, machine: bool = True) -> Clause:
    met = parse_condition({"well": "no"}) if machine else None
    raw = {"number": "1-1", "level": "unit", "unit": GENERAL, "dimension": "spatial-layout", "text": "禁止打井。"}
    return Clause.model_validate(raw).model_copy(update={"complies_when": met})


def edition(
    name: str = "county-2021", title: str = "某县清单", records: tuple[tuple[str, str], ...] = ()
) -> AccessList:
    return AccessList.model_validate(
        {
            "id": name,
            "title": {"zh": title, "en": f"list {name}"},
            "issuer": {"zh": "某县", "en": "county"},
            "territories": ["140522"],
            "valid_from": "2021-01-01",
            "units": [{"code": code, "name": told} for code, told in records],
        }
    )


def hit(code: str = GENERAL, name: str = "", class_id: str | None = "general") -> UnitHit:
    return UnitHit(code, name, class_id, "certain", 100.0)


def place(truth: Truth, reason: Text) -> Place:
    return Place(truth, reason)


def entry(unit: str | None, *results: Result, status: Status = "compared") -> UnitComparison:
    clauses = tuple(
        ClauseEntry.model_validate(
            {
                "id": f"county/{unit}/1-{number}",
                "edition": "county",
                "level": "unit",
                "dimension": "spatial-layout",
                "number": f"1-{number}",
                "printed": "",
                "text": "禁止打井。",
                "effect": "prohibit",
                "facts": (),
                "result": result,
                "reasons": (),
                "missing_facts": (),
                "missing_layers": (),
            }
        )
        for number, result in enumerate(results, 1)
    )
    raw = {
        "territory": "140522",
        "unit": unit,
        "name": "",
        "class": None,
        "class_title": None,
        "certainty": "certain",
        "overlap_m2": 1.0,
        "share": 1.0,
        "status": status,
        "reason": None,
        "missing_levels": (),
        "lists": (),
        "clauses": (),
        "silent": (),
        "warnings": (),
    }
    return UnitComparison.model_validate(raw).model_copy(update={"clauses": clauses})


@pytest.mark.parametrize(
    ("result", "first"),
    [
        ("not_concerned", Text("项目不属于本条针对的情形", "the project is not what the clause is about")),
        ("complies", Text("项目事实满足本条要求", "the facts of the project meet the clause")),
        ("violates", Text("项目事实不满足本条要求", "the facts of the project do not meet the clause")),
    ],
)
def test_a_settled_clause_says_how_it_was_settled(result: Result, first: Text) -> None:
    assert clause_reasons(clause(), result, (TRUE, TRUE), VOCABULARY) == (first,)


def test_a_clause_that_does_not_concern_names_the_places_of_its_first_condition_alone() -> None:
    concerned = Answer(Truth.FALSE, (), (place(Truth.FALSE, NEAR), place(Truth.FALSE, NEAR)))
    met = Answer(Truth.TRUE, (), (place(Truth.TRUE, FAR),))
    assert clause_reasons(clause(), "not_concerned", (concerned, met), VOCABULARY)[1:] == (NEAR,)


@pytest.mark.parametrize("result", ["complies", "violates"])
def test_a_compared_clause_names_the_places_of_both_conditions_once(result: Result) -> None:
    concerned = Answer(Truth.TRUE, (), (place(Truth.TRUE, NEAR),))
    met = Answer(Truth.TRUE, (), (place(Truth.TRUE, FAR), place(Truth.TRUE, NEAR)))
    assert clause_reasons(clause(), result, (concerned, met), VOCABULARY)[1:] == (NEAR, FAR)


@pytest.mark.parametrize("result", ["complies", "violates"])
def test_a_clause_without_second_condition_names_the_places_of_the_first(result: Result) -> None:
    concerned = Answer(Truth.TRUE, (), (place(Truth.TRUE, NEAR),))
    assert clause_reasons(clause(), result, (concerned, None), VOCABULARY)[1:] == (NEAR,)


@pytest.mark.parametrize(
    ("concerned", "met", "zh", "en"),
    [
        (("well",), None, "尚不知道：打井", "not known: well"),
        ((), ("water",), "尚不知道：用水量", "not known: water"),
        # Each fact once, those of the first condition first.
        (("water",), ("well", "water"), "尚不知道：用水量、打井", "not known: water, well"),
    ],
)
def test_a_clause_to_verify_names_the_facts_that_are_missing(
    concerned: tuple[str, ...], met: tuple[str, ...] | None, zh: str, en: str
) -> None:
    answers = (
        Answer(Truth.UNKNOWN if concerned else Truth.TRUE, concerned),
        None if met is None else Answer(Truth.UNKNOWN, met),
    )
    assert clause_reasons(clause(), "to_verify", answers, VOCABULARY) == (Text(zh, en),)


def test_a_clause_to_verify_names_only_places_that_are_unknown() -> None:
    concerned = Answer(Truth.TRUE, (), (place(Truth.TRUE, NEAR),))
    met = Answer(
        Truth.UNKNOWN, (), (place(Truth.UNKNOWN, UNSURE), place(Truth.FALSE, FAR), place(Truth.UNKNOWN, UNSURE))
    )
    assert clause_reasons(clause(), "to_verify", (concerned, met), VOCABULARY) == (UNSURE,)


@pytest.mark.parametrize(
    ("concerned", "reasons"),
    [
        (TRUE, (BY_HAND,)),
        (Answer(Truth.UNKNOWN, ("well",)), (Text("尚不知道：打井", "not known: well"), BY_HAND)),
        (Answer(Truth.UNKNOWN, (), (Place(Truth.UNKNOWN, UNSURE),)), (UNSURE, BY_HAND)),
    ],
)
def test_a_clause_without_machine_condition_says_so_last(concerned: Answer, reasons: tuple[Text, ...]) -> None:
    assert clause_reasons(clause(machine=False), "to_verify", (concerned, None), VOCABULARY) == reasons


def test_the_reasons_follow_one_another_in_a_fixed_order() -> None:
    met = Answer(Truth.UNKNOWN, ("well",), (place(Truth.UNKNOWN, UNSURE),))
    told = clause_reasons(clause(), "to_verify", (FALSE, met), VOCABULARY)
    assert told == (Text("尚不知道：打井", "not known: well"), UNSURE)


@pytest.mark.parametrize(
    ("code", "class_id"),
    [
        (GENERAL, "general"),
        (PRIORITY, "priority"),
        # The layer says no class, or one that is none of units.
        (GENERAL, None),
        (GENERAL, "other"),
        # The code says none.
        ("HY140522A", "key"),
    ],
)
def test_code_and_layer_that_agree_contradict_nothing(code: str, class_id: str | None) -> None:
    assert contradictions(hit(code, "", class_id), ()) == []


@pytest.mark.parametrize(
    ("code", "class_id", "zh", "en"),
    [
        (GENERAL, "key", "一般管控单元", "general control unit"),
        (KEY, "priority", "重点管控单元", "key control unit"),
        (PRIORITY, "general", "优先保护单元", "priority protection unit"),
    ],
)
def test_a_class_of_the_layer_other_than_that_of_the_code_is_told(code: str, class_id: str, zh: str, en: str) -> None:
    (told,) = contradictions(hit(code, "", class_id), ())
    assert told.zh == f"单元 {code} 的编码表示{zh}，图层中却是另一类：两类的条款都已列出"
    assert told.en == f"the code of unit {code} says {en}, the layer another class: clauses of both are listed"


@pytest.mark.parametrize(
    ("in_layer", "in_lists", "told"),
    [
        ("甲", ("甲",), None),
        ("甲", ("乙",), "乙"),
        # A name that one of them leaves open contradicts nothing.
        ("", ("乙",), None),
        ("甲", ("",), None),
        # Of several the first by its name, whatever the order of the lists.
        ("丁", ("乙", "丙"), "丙"),
        ("丁", ("丙", "乙"), "丙"),
        ("甲", ("甲", "乙"), "乙"),
    ],
)
def test_another_name_in_a_list_is_told(in_layer: str, in_lists: tuple[str, ...], told: str | None) -> None:
    own = [edition(records=((GENERAL, name),)) for name in in_lists]
    found = contradictions(hit(name=in_layer), own)
    expected = (
        []
        if told is None
        else [
            Text(
                f"单元 {GENERAL} 在图层中名为“{in_layer}”，在清单中名为“{told}”：请核对版本",
                f"unit {GENERAL} is called '{in_layer}' in the layer and '{told}' in the list: compare the editions",
            )
        ]
    )
    assert found == expected


def test_names_of_other_units_do_not_matter() -> None:
    assert contradictions(hit(name="甲"), [edition(records=((KEY, "乙"),))]) == []


def test_class_and_name_are_told_both_class_first() -> None:
    told = contradictions(hit(name="甲", class_id="key"), [edition(records=((GENERAL, "乙"),))])
    assert ["编码表示" in told[0].zh, "名为" in told[1].zh] == [True, True]


@pytest.mark.parametrize(("last", "end"), [(date(2023, 12, 31), "2023-12-31"), (date.max, "…")])
def test_a_list_that_does_not_hold_names_its_days(last: date, end: str) -> None:
    told = expired(edition(), last, date(2026, 6, 1))
    assert told.zh == f"缺清单，未核查：《某县清单》（county-2021）的有效期是 2021-01-01 至 {end}，不含 2026-06-01"
    assert told.en == (
        f"no list, not checked: 'list county-2021' (county-2021) is in force from 2021-01-01 to {end}, "
        "not on 2026-06-01"
    )


@pytest.mark.parametrize(
    ("lists", "zh", "en"),
    [
        ((edition(),), "《某县清单》中没有单元", "'list county-2021' does not know unit"),
        (
            (edition("a", "甲"), edition("b", "乙")),
            "《甲》、《乙》中没有单元",
            "'list a', 'list b' does not know unit",
        ),
        ((), "用 zoning rules import-list 导入", "import it with: zoning rules import-list"),
    ],
)
def test_a_unit_of_no_list_is_told(lists: tuple[AccessList, ...], zh: str, en: str) -> None:
    told = unknown_unit(KEY, iter(lists))
    assert told.zh.startswith("缺清单，未核查：")
    assert told.en.startswith("no list, not checked: ")
    assert zh in told.zh
    assert en in told.en
    assert KEY in told.zh
    assert KEY in told.en


@pytest.mark.parametrize(
    ("entries", "remark"),
    [
        ((), None),
        ((entry(GENERAL, "complies", "violates", "not_concerned"),), None),
        (
            (entry(GENERAL, "to_verify"),),
            Text(
                "另：准入清单有 1 条需进一步核实。", "Besides: 1 clause of access lists left for a person to compare."
            ),
        ),
        (
            (entry(GENERAL, "to_verify", "complies"), entry(KEY, "to_verify")),
            Text(
                "另：准入清单有 2 条需进一步核实。", "Besides: 2 clauses of access lists left for a person to compare."
            ),
        ),
        (
            (entry(GENERAL, status="no_list"),),
            Text("另：1 个管控单元缺清单，未核查。", "Besides: 1 management unit without a list, not compared."),
        ),
        (
            (entry(GENERAL, status="no_list"), entry(KEY, status="no_list")),
            Text("另：2 个管控单元缺清单，未核查。", "Besides: 2 management units without a list, not compared."),
        ),
        # Clauses of the province are compared also where the unit has no list.
        (
            (entry(GENERAL, "to_verify", status="no_list"),),
            Text(
                "另：准入清单有 1 条需进一步核实；1 个管控单元缺清单，未核查。",
                "Besides: 1 clause of access lists left for a person to compare; 1 management unit without a list, "
                "not compared.",
            ),
        ),
        # Land in no unit is no unit without a list.
        ((entry(None, status="no_unit"),), None),
        ((entry(None, status="no_list"),), None),
    ],
)
def test_the_remark_beside_the_answer(entries: tuple[UnitComparison, ...], remark: Text | None) -> None:
    assert open_clauses(iter(entries)) == remark


@pytest.mark.parametrize(
    ("entries", "units", "without", "clauses"),
    [
        ((), 0, 0, 0),
        ((entry(GENERAL, "complies", "violates"),), 1, 0, 2),
        ((entry(GENERAL, "complies"), entry(KEY, status="no_list")), 2, 1, 1),
        ((entry(GENERAL, "complies"), entry(None, status="no_unit")), 1, 0, 1),
    ],
)
def test_the_step_of_the_trace_counts_units_and_clauses(
    entries: tuple[UnitComparison, ...], units: int, without: int, clauses: int
) -> None:
    assert access_step(iter(entries)) == Text(
        f"准入清单：{units} 个管控单元（{without} 个缺清单），对照 {clauses} 条",
        f"access lists: {units} management units ({without} without a list), {clauses} clauses compared",
    )
