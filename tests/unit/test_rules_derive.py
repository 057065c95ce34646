"""What follows from facts and lists: what was told wins, contradictions are said, and nothing follows from nothing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.errors import ContentError
from zoning.rules.derivation.derive import Derived, derive
from zoning.rules.derivation.fact_lists import FactList, read_lists
from zoning.rules.facts import AtLeast, Vocabulary, parse_facts
from zoning.texts import Text

RULES = Path(__file__).resolve().parents[2] / "rules"
ON = date(2026, 6, 1)
SOME = {"zh": "某", "en": "some"}
BASIS = {"zh": "理由", "en": "reason"}
YES_NO = {"question": SOME, "kind": "yes_no"}
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
            "activity": {
                "title": {"zh": "活动", "en": "activity"},
                "question": SOME,
                "kind": "choices",
                "values": {
                    "coking": {"zh": "焦化", "en": "coking"},
                    "hotel": {"zh": "宾馆", "en": "hotel"},
                    "mine": SOME,
                    "wash": SOME,
                },
                "groups": {"heavy": {"title": SOME, "words": ["coking", "mine"]}},
                "derive": [
                    {"from": "industry_code", "codes": ["2521"], "value": "coking", "basis": BASIS},
                    {"from": "industry_code", "codes": "H61", "value": "hotel", "basis": {"zh": "住宿", "en": "inns"}},
                    {"from": "industry_code", "codes": "06", "suggests": ["mine", "wash"], "basis": SOME},
                ],
            },
            "size": {
                "title": {"zh": "规模", "en": "size"},
                "question": SOME,
                "kind": "choice",
                "values": {"large": {"zh": "大", "en": "large"}, "small": {"zh": "小", "en": "small"}},
                "derive": [
                    {"from": "activity", "words": "heavy", "value": "large", "basis": BASIS},
                    {"from": "activity", "words": "hotel", "value": "small", "basis": BASIS},
                ],
            },
            "coal": {
                "title": {"zh": "用煤", "en": "coal"},
                **YES_NO,
                "derive": [{"from": "size", "words": "large", "value": "yes", "basis": BASIS}],
            },
            "boiler": {
                "title": {"zh": "锅炉", "en": "boiler"},
                "question": SOME,
                "kind": "number",
                "unit": "t/h",
                "derive": [{"from": "coal", "words": "no", "value": "0", "basis": BASIS}],
            },
            "two_high": {"title": {"zh": "两高", "en": "two high"}, **YES_NO, "derive": [{"list": "two-high"}]},
        }
    }
)
LIST = {
    "title": {"zh": "目录", "en": "catalogue"},
    "issuer": {"zh": "某厅", "en": "department"},
    "source": {"zh": "1号", "en": "No. 1"},
    "issued": "2025-01-01",
    "valid_from": "2025-02-01",
    "needs": {"zh": "请提供目录", "en": "supply the catalogue"},
}
HEAD = "title: {zh: 甲, en: a}\nneeds: {zh: 乙, en: b}\nentries:\n"
COKE = {"product": {"zh": "焦炭", "en": "coke"}, "codes": ["2521"]}


def catalogue(*entries: Mapping[str, object], **changes: object) -> dict[str, FactList]:
    return {"two-high": FactList.model_validate({**LIST, "entries": list(entries), **changes})}


EMPTY = {"two-high": FactList.model_validate({"title": LIST["title"], "needs": LIST["needs"]})}


def derived(facts: Mapping[str, object], lists: Mapping[str, FactList] = EMPTY, on: date = ON) -> Derived:
    return derive(VOCABULARY, parse_facts(VOCABULARY, facts, "test"), lists, on)


def test_words_that_follow_from_a_code_are_at_least_these() -> None:
    found = derived({"industry_code": "2521"})
    assert found.sheet.get("activity") == AtLeast(("coking",))
    assert [d.model_dump(by_alias=True) for d in found.derivations if d.fact == "activity"] == [
        {
            "fact": "activity",
            "value": ("coking",),
            "from": "industry_code",
            "because": ("C2521",),
            "basis": BASIS,
        }
    ]
    assert found.hints["activity"] == (
        Text(
            "已由代码得知：焦化；请写明是否还有别的，没有就照写这些",
            "known from the code: coking; name what else there is, or these again if there is nothing else",
        ),
    )


def test_a_hotel_with_the_code_of_a_coking_plant_is_both() -> None:
    found = derived({"industry_code": "2521", "activity": "hotel"})
    assert found.sheet.get("activity") == ("hotel", "coking")
    assert not isinstance(found.sheet.get("activity"), AtLeast)
    assert [(d.fact, d.value) for d in found.derivations if d.fact == "activity"] == [("activity", ("coking",))]
    assert found.hints.keys() == {"two_high"}


def test_what_was_told_already_is_no_derivation() -> None:
    found = derived({"industry_code": "2521", "activity": ["coking"], "size": "large", "coal": "yes"})
    assert found.derivations == ()
    assert found.sheet.as_plain()["activity"] == ["coking"]


def test_what_follows_leads_on_to_what_follows_from_it() -> None:
    found = derived({"industry_code": "2521"})
    assert found.sheet.get("size") == ("large",)
    assert found.sheet.get("coal") is True
    assert [(d.fact, d.from_, d.because) for d in found.derivations] == [
        ("activity", "industry_code", ("C2521",)),
        ("coal", "size", ("large",)),
        ("size", "activity", ("coking",)),
    ]


def test_a_number_can_follow() -> None:
    assert derived({"coal": "no"}).sheet.get("boiler") == 0.0
    assert derived({"coal": "yes"}).sheet.get("boiler") is None


def test_a_told_fact_wins_and_the_contradiction_is_said() -> None:
    found = derived({"activity": "coking", "size": "small"})
    assert found.sheet.get("size") == ("small",)
    assert found.sheet.get("coal") is None
    assert found.derivations == ()
    assert found.warnings == (
        Text(
            "所填“规模”与推断不一致，按所填判断，请核对：理由（推断为“大”）",
            "what was told of 'size' contradicts what follows; it was kept, verify it: reason (follows: large)",
        ),
    )


def test_contradicting_answers_leave_a_fact_unknown_and_nothing_follows_from_it() -> None:
    found = derived({"industry_code": ["2521", "6110"]})
    assert found.sheet.get("activity") == AtLeast(("coking", "hotel"))
    assert found.sheet.get("size") is None
    assert found.sheet.get("coal") is None
    assert found.warnings == (
        Text(
            "“规模”有相互矛盾的推断（大、小），视为不详",
            "contradicting answers follow for 'size' (large, small): it counts as unknown",
        ),
    )


def test_a_suggestion_is_a_hint_and_no_answer() -> None:
    found = derived({"industry_code": "0610"})
    assert found.sheet.as_plain() == {"industry_code": ["B0610"]}
    assert found.hints["activity"] == (Text("某", "some"),)


def test_an_empty_list_decides_nothing_and_says_what_is_needed() -> None:
    found = derived({"industry_code": "2521"})
    assert found.sheet.get("two_high") is None
    assert found.hints["two_high"] == (Text("请提供目录", "supply the catalogue"),)


def test_a_code_on_a_list_alone_never_decides() -> None:
    lists = catalogue({**COKE, "threshold": {"zh": "常规机焦炉", "en": "slot ovens"}}, complete=True)
    found = derived({"industry_code": "2521"}, lists)
    assert found.sheet.get("two_high") is None
    assert found.hints["two_high"] == (
        Text(
            "列入《目录》（某厅，1号，2025-01-01）：焦炭；须核对：常规机焦炉",
            "on 'catalogue' (department, No. 1, 2025-01-01): coke; to be confirmed: slot ovens",
        ),
    )


@pytest.mark.parametrize(
    ("facts", "listed", "in_whole_list"),
    [
        ({"industry_code": "2521", "coal": "yes"}, True, True),
        ({"industry_code": "2521", "coal": "no"}, None, False),
        ({"industry_code": "2911"}, None, False),
        ({"industry_code": "6110", "activity": "hotel"}, None, False),
        ({"coal": "yes"}, None, None),
        ({}, None, None),
    ],
)
def test_a_line_with_a_condition_decides_where_the_facts_meet_it(facts: Any, listed: Any, in_whole_list: Any) -> None:
    line = {**COKE, "when": {"coal": "yes"}}
    assert derived(facts, catalogue(line)).sheet.get("two_high") is listed
    assert derived(facts, catalogue(line, complete=True)).sheet.get("two_high") is in_whole_list


def test_a_line_that_waits_for_a_fact_names_it() -> None:
    lists = catalogue({**COKE, "when": {"boiler": {"above": "35"}}}, complete=True)
    found = derived({"industry_code": "2521"}, lists)
    assert found.sheet.get("two_high") is None
    assert found.hints["two_high"] == (
        Text(
            "列入《目录》（某厅，1号，2025-01-01）：焦炭；还须知道：锅炉",
            "on 'catalogue' (department, No. 1, 2025-01-01): coke; also needed: boiler",
        ),
    )


def test_a_line_without_codes_can_hit_any_project() -> None:
    lists = catalogue({"product": SOME}, complete=True)
    assert derived({"industry_code": "2911"}, lists).sheet.get("two_high") is None
    by_facts = catalogue({"product": SOME, "when": {"coal": "yes"}}, complete=True)
    assert derived({"coal": "yes"}, by_facts).sheet.get("two_high") is True


def test_a_list_derives_only_on_its_days() -> None:
    lists = catalogue({**COKE, "when": {"coal": "yes"}}, valid_to="2026-05-31")
    facts = {"industry_code": "2521", "coal": "yes"}
    assert derived(facts, lists, date(2025, 1, 31)).sheet.get("two_high") is None
    assert derived(facts, lists, date(2025, 2, 1)).sheet.get("two_high") is True
    assert derived(facts, lists, date(2026, 5, 31)).sheet.get("two_high") is True
    late = derived(facts, lists, date(2026, 6, 1))
    assert late.sheet.get("two_high") is None
    assert late.hints["two_high"] == (
        Text("《目录》在 2026-06-01 不生效", "'catalogue' is not in force on 2026-06-01"),
    )


def test_a_derivation_from_a_list_names_list_and_source() -> None:
    lists = catalogue({**COKE, "when": {"coal": "yes"}})
    found = derived({"industry_code": "2521", "coal": "yes"}, lists)
    (derivation,) = [d for d in found.derivations if d.fact == "two_high"]
    assert (derivation.from_, derivation.value, derivation.because) == ("two-high", ("yes",), ("C2521",))
    assert derivation.basis == Text(
        "列入《目录》（某厅，1号，2025-01-01）：焦炭", "on 'catalogue' (department, No. 1, 2025-01-01): coke"
    )


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        (
            "title: {zh: 甲, en: a}\nneeds: {zh: 乙, en: b}\nentries: [{product: {zh: 丙, en: c}}]\n",
            3,
            "entries：有条目的清单须写 issuer、source、issued、valid_from",
            "entries: a list with entries needs 'issuer', 'source', 'issued' and 'valid_from'",
        ),
        (
            "title: {zh: 甲, en: a}\nneeds: {zh: 乙, en: b}\ncomplete: true\n",
            3,
            "complete：空清单不能写 complete",
            "complete: an empty list is not complete",
        ),
        (
            f"{HEAD}- {{product: {{zh: 丙, en: c}}, codes: [B25]}}\n",
            4,
            "entries.0.codes：“B25”：大类 25 属于门类 C，不属于 B；请写 C25 或核对代码",
            "entries.0.codes: 'B25': division 25 belongs to section C, not B; write C25, or check the code",
        ),
        (
            f"{HEAD}- product: {{zh: 丙, en: c}}\n  when: {{overlaps: {{layer: rivers}}}}\n",
            5,
            "entries.0.when：清单的条件只能写项目事实，不能写地点",
            "entries.0.when: the condition of a list speaks of facts, not of places",
        ),
    ],
)
def test_mistakes_in_a_list_name_their_place(tmp_path: Path, text: str, line: int, zh: str, en: str) -> None:
    path = tmp_path / "two-high.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_lists(tmp_path, VOCABULARY)
    assert caught.value.get("zh") == f"{path}:{line}：{zh}"
    assert caught.value.get("en") == f"{path}:{line}: {en}"


def test_a_list_that_a_fact_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_lists(tmp_path, VOCABULARY)
    assert caught.value.get("en") == (
        f"{tmp_path / 'two-high.yaml'}:1: facts.yaml names this list, but there is no such file"
    )


def test_the_condition_of_a_list_is_compared_with_the_facts(tmp_path: Path) -> None:
    lines = ["title: {zh: 甲, en: a}", "needs: {zh: 乙, en: b}", "issuer: {zh: 乙, en: b}", "source: {zh: 乙, en: b}"]
    lines += ["issued: 2025-01-01", "valid_from: 2025-01-01", "entries:", "- product: {zh: 丙, en: c}"]
    lines += ["  when: {activity: heavy, size: largest}", ""]
    (tmp_path / "two-high.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ContentError, match=r"two-high.yaml:9: .*'largest'.* - did you mean 'large'\?"):
        read_lists(tmp_path, VOCABULARY)


def test_the_built_in_lists_are_empty_and_decide_nothing() -> None:
    vocabulary = Vocabulary.read(RULES / "facts.yaml")
    lists = read_lists(RULES / "lists", vocabulary)
    assert {name: found.entries for name, found in lists.items()} == {"high-pollution": (), "two-high": ()}
    sheet = parse_facts(vocabulary, {"industry_code": "3110", "activity": "steel"}, "test")
    found = derive(vocabulary, sheet, lists, ON).sheet
    assert (found.get("two_high"), found.get("high_pollution")) == (None, None)


CODES = st.lists(st.sampled_from(("2521", "6110", "0610", "2911")), max_size=2, unique=True)
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "industry_code": CODES,
        "activity": st.lists(st.sampled_from(("coking", "hotel", "mine")), max_size=2, unique=True),
        "size": st.sampled_from(("large", "small")),
        "coal": st.sampled_from(("yes", "no")),
    },
)
LISTS = st.sampled_from(
    (EMPTY, catalogue({**COKE, "when": {"coal": "yes"}}), catalogue({**COKE, "when": {"coal": "yes"}}, complete=True))
)


@given(TOLD, LISTS)
def test_nothing_follows_without_an_entry_that_hits(told: dict[str, Any], lists: dict[str, FactList]) -> None:
    sheet = parse_facts(VOCABULARY, told, "test")
    found = derive(VOCABULARY, sheet, lists, ON)
    explained = {derivation.fact for derivation in found.derivations}
    for name in VOCABULARY.facts:
        before, after = sheet.get(name), found.sheet.get(name)
        if before != after:
            assert name in explained
        if before is not None:
            # What was told stays: words can only be added.
            assert before == after or (isinstance(before, tuple) and set(before) <= set(after))  # type: ignore[arg-type]  # a tuple as well
    for derivation in found.derivations:
        if derivation.from_ in VOCABULARY.facts:
            known = found.sheet.as_plain()[derivation.from_]
            assert set(derivation.because) <= set(known if isinstance(known, list) else ["yes" if known else "no"])


@given(TOLD, LISTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_and_entries_is_irrelevant(
    told: dict[str, Any], lists: dict[str, FactList], order: Any
) -> None:
    def shuffled(items: Any) -> list[Any]:
        listed = list(items)
        order.shuffle(listed)
        return listed

    facts = {
        name: fact.model_copy(update={"derive": tuple(shuffled(fact.derive))})
        for name, fact in shuffled(VOCABULARY.facts.items())
    }
    sheet = parse_facts(VOCABULARY, told, "test")
    usual = derive(VOCABULARY, sheet, lists, ON)
    other = derive(Vocabulary(facts=facts), sheet, lists, ON)
    assert other.sheet.as_plain() == usual.sheet.as_plain()
    assert other.derivations == usual.derivations
    assert set(other.warnings) == set(usual.warnings)
    assert {name: set(hints) for name, hints in other.hints.items()} == {n: set(h) for n, h in usual.hints.items()}


@given(TOLD, LISTS)
def test_deriving_from_what_was_told_and_followed_adds_nothing(
    told: dict[str, Any], lists: dict[str, FactList]
) -> None:
    first = derive(VOCABULARY, parse_facts(VOCABULARY, told, "test"), lists, ON)
    again = derive(VOCABULARY, first.sheet, lists, ON)
    assert again.sheet.as_plain() == first.sheet.as_plain()
    assert again.derivations == ()
