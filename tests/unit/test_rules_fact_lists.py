"""Lists that decide facts: when they answer, when they wait, and that a code alone never decides."""

from datetime import date
from typing import Any

import pytest

from zoning.rules.derivation.derive import derive
from zoning.rules.derivation.fact_lists import FactList
from zoning.rules.facts import AtLeast, FactSheet, Vocabulary, parse_facts
from zoning.texts import Text
from zoning.yaml_files import Mistake

SOME = {"zh": "某", "en": "some"}
ON = date(2026, 6, 1)
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "industry_code": {
                "title": {"zh": "代码", "en": "code"},
                "question": SOME,
                "kind": "code",
                "pattern": "[A-T][0-9]{4}",
                "examples": ["2521"],
            },
            "size": {"title": {"zh": "规模", "en": "size"}, "question": SOME, "kind": "number", "unit": "t"},
            "listed": {
                "title": {"zh": "在册", "en": "listed"},
                "question": SOME,
                "kind": "yes_no",
                "derive": [{"list": "catalogue"}],
            },
            "kind": {
                "title": {"zh": "类别", "en": "kind"},
                "question": SOME,
                "kind": "choice",
                "values": {"large": {"zh": "大", "en": "large"}, "small": {"zh": "小", "en": "small"}},
                "derive": [
                    {"from": "listed", "words": "yes", "value": "large", "basis": {"zh": "甲", "en": "first"}},
                    {"from": "old", "words": "yes", "value": "small", "basis": {"zh": "乙", "en": "second"}},
                ],
            },
            "old": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "seen": {"title": SOME, "question": SOME, "kind": "yes_no", "worked_out": True},
        }
    }
)
COKE: dict[str, object] = {"product": {"zh": "焦炭", "en": "coke"}, "codes": ["252"]}
LARGE_COKE: dict[str, object] = {**COKE, "when": {"size": {"at_least": "100"}}}


def catalogue(*entries: dict[str, object], **changes: object) -> FactList:
    raw: dict[str, object] = {
        "title": {"zh": "目录", "en": "catalogue"},
        "issuer": {"zh": "某委", "en": "office"},
        "source": {"zh": "某文", "en": "paper"},
        "issued": "2025-01-01",
        "valid_from": "2025-02-01",
        "needs": {"zh": "请补清单", "en": "supply the list"},
        "entries": list(entries),
    }
    return FactList.model_validate({**raw, **changes})


def sheet(**facts: object) -> FactSheet:
    return parse_facts(VOCABULARY, facts, "test")


@pytest.mark.parametrize(
    ("changes", "day", "holds"),
    [
        ({}, date(2025, 1, 31), False),
        ({}, date(2025, 2, 1), True),
        ({"valid_to": "2025-12-31"}, date(2025, 12, 31), True),
        ({"valid_to": "2025-12-31"}, date(2026, 1, 1), False),
        ({"entries": [], "issuer": None, "source": None}, date(2025, 6, 1), False),
        ({"entries": [], "valid_from": None}, date(2025, 6, 1), False),
    ],
)
def test_a_list_holds_from_its_first_to_its_last_day(changes: dict[str, object], day: date, *, holds: bool) -> None:
    assert catalogue(LARGE_COKE, **changes).holds_on(day) is holds


@pytest.mark.parametrize(
    ("facts", "complete", "value"),
    [
        # The line decides where its code and its condition are met.
        ({"industry_code": "2521", "size": 100}, False, "yes"),
        ({"industry_code": "2521", "size": 99.9}, False, None),
        ({"industry_code": "2521", "size": 99.9}, True, "no"),
        # A code alone waits for what the condition asks.
        ({"industry_code": "2521"}, True, None),
        # No line speaks of the code: a list that is complete says no.
        ({"industry_code": "3110", "size": 100}, False, None),
        ({"industry_code": "3110", "size": 100}, True, "no"),
        ({"industry_code": "3110"}, True, "no"),
        # Without a code nothing is said, whatever the size.
        ({"size": 100}, True, None),
        ({"size": 1}, True, None),
        ({}, True, None),
        # One of several codes is enough.
        ({"industry_code": ["3110", "2521"], "size": 100}, True, "yes"),
    ],
)
def test_what_a_list_answers(facts: dict[str, object], *, complete: bool, value: str | None) -> None:
    answer = catalogue(LARGE_COKE, complete=complete).answer(sheet(**facts), ON)
    assert (None if answer is None else answer.value) == value


@pytest.mark.parametrize("complete", [True, False])
def test_a_line_without_a_condition_never_decides(*, complete: bool) -> None:
    assert catalogue(COKE, complete=complete).answer(sheet(industry_code="2521", size=100), ON) is None


def test_a_later_line_can_decide_where_an_earlier_one_waits() -> None:
    waits_first = catalogue(COKE, LARGE_COKE, complete=True)
    answer = waits_first.answer(sheet(industry_code="2521", size=100), ON)
    assert answer is not None
    assert (answer.value, answer.because) == ("yes", ("C2521",))
    # While one line is open the complete list does not say no.
    assert waits_first.answer(sheet(industry_code="2521", size=1), ON) is None


def test_an_answer_names_list_source_and_line() -> None:
    yes = catalogue(LARGE_COKE).answer(sheet(industry_code="2521", size=100), ON)
    assert yes is not None
    assert yes.basis == Text(
        "列入《目录》（某委，某文，2025-01-01）：焦炭", "on 'catalogue' (office, paper, 2025-01-01): coke"
    )
    no = catalogue(LARGE_COKE, complete=True).answer(sheet(industry_code="3110"), ON)
    assert no is not None
    assert no.basis == Text(
        "未列入《目录》（某委，某文，2025-01-01）", "not on 'catalogue' (office, paper, 2025-01-01)"
    )
    assert no.because == ("C3110",)


@pytest.mark.parametrize(
    ("entries", "facts", "hints"),
    [
        ([], {}, ("supply the list",)),
        ([COKE], {"industry_code": "2521"}, ("coke; to be confirmed: product, process and capacity",)),
        (
            [{**COKE, "threshold": {"zh": "百吨", "en": "100 t"}}],
            {"industry_code": "2521"},
            ("coke; to be confirmed: 100 t",),
        ),
        ([LARGE_COKE], {"industry_code": "2521"}, ("coke; also needed: size",)),
        ([LARGE_COKE], {"industry_code": "2521", "size": 1}, ()),
        ([LARGE_COKE], {"industry_code": "3110"}, ()),
        ([LARGE_COKE], {}, ()),
    ],
)
def test_hints(entries: list[dict[str, object]], facts: dict[str, object], hints: tuple[str, ...]) -> None:
    found = catalogue(*entries).hints(sheet(**facts), ON, VOCABULARY)
    assert [text.en.removeprefix("on 'catalogue' (office, paper, 2025-01-01): ") for text in found] == list(hints)


def test_a_list_out_of_force_says_so() -> None:
    assert catalogue(COKE).hints(sheet(), date(2024, 1, 1), VOCABULARY) == (
        Text("《目录》在 2024-01-01 不生效", "'catalogue' is not in force on 2024-01-01"),
    )


@pytest.mark.parametrize(
    ("changes", "en"),
    [
        ({"issuer": None}, "a list with entries needs 'issuer', 'source', 'issued' and 'valid_from'"),
        ({"source": None}, "a list with entries needs"),
        ({"issued": None}, "a list with entries needs"),
        ({"valid_from": None}, "a list with entries needs"),
        ({"entries": [], "complete": True}, "an empty list is not complete"),
        ({"entries": [{**COKE, "codes": ["98"]}]}, "has no division 98"),
        ({"entries": [{**COKE, "when": {"overlaps": {"layer": "r"}}}]}, "speaks of facts, not of places"),
        ({"entries": [{**COKE, "when": {"any": [{"old": "yes"}, {"inside": {"layer": "r"}}]}}]}, "not of places"),
    ],
)
def test_a_list_that_nobody_could_check_is_refused(changes: dict[str, object], en: str) -> None:
    with pytest.raises(ValueError, match=en):
        catalogue(COKE, **changes)


def test_a_refusal_of_a_list_is_a_mistake_with_its_key() -> None:
    with pytest.raises(ValueError, match="empty list") as refused:
        catalogue(complete=True)
    inner = refused.value.errors()[0]["ctx"]["error"]  # type: ignore[attr-defined]  # of pydantic
    assert isinstance(inner, Mistake)
    assert inner.at == ("complete",)


# --- what follows from a list, and what follows from that


def derived(lists: dict[str, FactList], **facts: object) -> Any:
    return derive(VOCABULARY, sheet(**facts), lists, ON)


WHOLE = {"catalogue": catalogue(LARGE_COKE, complete=True)}


def test_what_follows_from_a_list_leads_on() -> None:
    found = derived(WHOLE, industry_code="2521", size=100)
    assert (found.sheet.get("listed"), found.sheet.get("kind")) == (True, ("large",))
    assert [(one.fact, one.value, one.from_, one.because) for one in found.derivations] == [
        ("kind", ("large",), "listed", ("yes",)),
        ("listed", ("yes",), "catalogue", ("C2521",)),
    ]
    assert found.warnings == ()


def test_no_can_follow_too_and_leads_to_nothing_that_asks_for_yes() -> None:
    found = derived(WHOLE, industry_code="3110")
    assert found.sheet.get("listed") is False
    assert found.sheet.get("kind") is None


@pytest.mark.parametrize(("told", "warned"), [("yes", 0), ("no", 1)])
def test_what_was_told_wins_over_the_list(told: str, warned: int) -> None:
    found = derived(WHOLE, industry_code="2521", size=100, listed=told)
    assert found.sheet.get("listed") is (told == "yes")
    assert len(found.warnings) == warned
    if warned:
        assert found.warnings[0].en.startswith("what was told of 'listed' contradicts what follows; it was kept")
        assert found.warnings[0].zh.endswith("（推断为“是”）")


def test_answers_that_contradict_each_other_leave_the_fact_unknown() -> None:
    found = derived(WHOLE, industry_code="2521", size=100, old="yes")
    assert found.sheet.get("kind") is None
    assert found.warnings == (
        Text(
            "“类别”有相互矛盾的推断（大、小），视为不详",
            "contradicting answers follow for 'kind' (large, small): it counts as unknown",
        ),
    )
    assert "kind" not in [one.fact for one in found.derivations]


@pytest.mark.parametrize(("facts", "value"), [({}, False), ({"seen": "yes"}, True), ({"seen": "no"}, False)])
def test_what_the_check_works_out_is_no_where_nothing_says_yes(facts: dict[str, object], *, value: bool) -> None:
    assert derived({}, **facts).sheet.get("seen") is value


def test_without_the_list_nothing_follows_and_nothing_is_hinted() -> None:
    found = derived({}, industry_code="2521", size=100)
    assert found.sheet.get("listed") is None
    assert (found.derivations, dict(found.hints)) == ((), {})


def test_the_sheet_that_was_told_is_not_changed() -> None:
    told = sheet(industry_code="2521", size=100)
    before = dict(told.values)
    derive(VOCABULARY, told, WHOLE, ON)
    assert told.values == before


def test_words_known_in_part_are_no_words_told_as_the_whole() -> None:
    assert AtLeast(("a",)) == AtLeast(("a",))
    assert AtLeast(("a",)) != ("a",)
    assert {AtLeast(("a",)): 1}.get(AtLeast(("a",))) == 1
    assert hash(AtLeast(("a",))) != hash(("a",))
