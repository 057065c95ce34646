"""Access lists: how a clause comes out in three-valued logic, and what all clauses together say of the project."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from zoning.rules.access.compare import outcome
from zoning.rules.access.derive import FACT, VIOLATED, derive_unit_access_list, with_access_fact
from zoning.rules.access.entries import ClauseEntry, ListEntry, UnitComparison
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.truth import Answer, Truth
from zoning.texts import Text

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
SOME = Text("某", "some")
ANY = {"zh": "某", "en": "some"}
WORDS = ("prohibited", "restricted", "encouraged", "guided", "not-listed")
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            FACT: {
                "title": {"zh": "清单结论", "en": "list"},
                "question": ANY,
                "kind": "choice",
                "values": {word: {"zh": f"[{word}]", "en": word} for word in WORDS},
            },
            VIOLATED: {"title": ANY, "question": ANY, "kind": "yes_no", "worked_out": True},
        }
    }
)


@pytest.mark.parametrize(
    ("concerned", "met", "result"),
    [
        (T, T, "complies"),
        (T, F, "violates"),
        (T, U, "to_verify"),
        (T, None, "to_verify"),
        # Not known whether it concerns the project: met it is met, not met it is still open.
        (U, T, "complies"),
        (U, F, "to_verify"),
        (U, U, "to_verify"),
        (U, None, "to_verify"),
        (F, T, "not_concerned"),
        (F, F, "not_concerned"),
        (F, U, "not_concerned"),
        (F, None, "not_concerned"),
    ],
)
def test_how_a_clause_comes_out(concerned: Truth, met: Truth | None, result: str) -> None:
    assert outcome(Answer(concerned), None if met is None else Answer(met)) == result


def clause(result: str, effect: str = "prohibit", number: str = "1") -> ClauseEntry:
    return ClauseEntry.model_validate(
        {
            "id": f"city/unit/{number}",
            "edition": "city",
            "level": "unit",
            "dimension": "spatial-layout",
            "number": number,
            "printed": "",
            "text": "某",
            "effect": effect,
            "facts": (),
            "result": result,
            "reasons": (),
            "missing_facts": (),
            "missing_layers": (),
        }
    )


def unit(*clauses: ClauseEntry, code: str = "ZH14052210001", **changes: Any) -> UnitComparison:
    plain: dict[str, Any] = {
        "territory": "140522",
        "unit": code,
        "name": "某单元",
        "class_": None,
        "class_title": None,
        "certainty": "certain",
        "overlap_m2": 100.0,
        "share": 0.01,
        "status": "compared",
        "reason": None,
        "missing_levels": (),
        "lists": (
            ListEntry(
                edition="city",
                title=Text("市清单", "city list"),
                issuer=SOME,
                number="1",
                valid_from=date(2021, 1, 1),
                valid_to=None,
                schematic=False,
            ),
        ),
        "clauses": clauses,
        "silent": (),
        "warnings": (),
    }
    return UnitComparison(**{**plain, **changes})


NO_LIST = unit(status="no_list", reason=Text("没有清单", "no list"))
COMPLIES, CONCERNS_NOT = clause("complies"), clause("not_concerned")


@pytest.mark.parametrize(
    ("comparisons", "value"),
    [
        ([], None),
        ([unit()], "not-listed"),
        ([unit(COMPLIES, CONCERNS_NOT)], "not-listed"),
        ([unit(clause("violates"))], "prohibited"),
        ([unit(clause("violates", "restrict"))], "restricted"),
        ([unit(clause("violates", "restrict"), clause("violates"))], "prohibited"),
        # A duty that is not met is neither a ban nor nothing.
        ([unit(clause("violates", "require"))], None),
        # What is open: nothing is said that could turn out milder than it is.
        ([unit(clause("to_verify"))], None),
        ([unit(clause("to_verify", "require"))], None),
        ([unit(clause("to_verify", "restrict"))], None),
        ([unit(clause("violates"), clause("to_verify"))], "prohibited"),
        ([unit(clause("violates", "restrict"), clause("to_verify"))], None),
        ([unit(clause("violates", "restrict"), clause("to_verify", "restrict"))], "restricted"),
        ([unit(clause("violates", "restrict"), clause("violates", "require"))], "restricted"),
        # A unit that is only possibly hit bars nothing for certain, and lets nothing through either.
        ([unit(clause("violates"), certainty="possible")], None),
        ([unit(clause("violates", "restrict"), certainty="possible")], None),
        ([unit(COMPLIES, certainty="possible")], "not-listed"),
        ([unit(clause("violates", "restrict")), unit(clause("violates"), certainty="possible")], None),
        ([unit(clause("violates")), unit(clause("violates"), certainty="possible")], "prohibited"),
        # A part without a list.
        ([NO_LIST], None),
        ([unit(COMPLIES), NO_LIST], None),
        ([NO_LIST, unit(clause("violates", "restrict"))], None),
        ([NO_LIST, unit(clause("violates"))], "prohibited"),
    ],
)
def test_what_the_lists_say(comparisons: Sequence[UnitComparison], value: str | None) -> None:
    assert derive_unit_access_list(comparisons).value == value


def test_the_answer_names_unit_list_and_clause() -> None:
    found = derive_unit_access_list([unit(COMPLIES), unit(clause("violates", number="7"), code="ZH14052220002")])
    assert found.clause == "city/unit/7"
    assert found.because == Text(
        "单元 ZH14052220002：《市清单》空间布局约束 7 不符合",
        "unit ZH14052220002: 'city list', spatial layout 7 is not complied with",
    )


def test_what_is_open_is_named() -> None:
    possible = derive_unit_access_list([unit(clause("violates"), certainty="possible")])
    assert possible.because.zh.startswith("单元 ZH14052210001（精度内可能涉及）：《市清单》")
    assert derive_unit_access_list([unit(clause("to_verify"))]).because.en.endswith("1 is to be verified")
    assert derive_unit_access_list([NO_LIST]).because == Text("没有清单", "no list")
    assert derive_unit_access_list([]).because.en == "the workspace has no layer of management units"
    both = derive_unit_access_list([unit(), unit(code="ZH14052220002")])
    assert both.because.zh == "单元 ZH14052210001、ZH14052220002 的准入清单逐条对照，均为符合或不涉及"


# --- told and found: the stricter one counts


BAN, LIMIT, NOTHING = [unit(clause("violates"))], [unit(clause("violates", "restrict"))], [unit(COMPLIES)]


@pytest.mark.parametrize(
    ("told", "comparisons", "value", "warned"),
    [
        (None, BAN, "prohibited", False),
        (None, LIMIT, "restricted", False),
        (None, NOTHING, "not-listed", False),
        (None, [NO_LIST], None, False),
        ("prohibited", BAN, "prohibited", False),
        ("prohibited", LIMIT, "prohibited", True),
        ("prohibited", NOTHING, "prohibited", True),
        ("restricted", BAN, "prohibited", True),
        ("restricted", LIMIT, "restricted", False),
        ("restricted", NOTHING, "restricted", True),
        ("encouraged", BAN, "prohibited", True),
        ("guided", LIMIT, "restricted", True),
        # Several mild answers say nothing against each other.
        ("encouraged", NOTHING, "encouraged", False),
        ("guided", NOTHING, "guided", False),
        ("not-listed", NOTHING, "not-listed", False),
        ("not-listed", LIMIT, "restricted", True),
        ("not-listed", [NO_LIST], "not-listed", False),
    ],
)
def test_the_stricter_of_told_and_found_counts(
    *, told: str | None, comparisons: Sequence[UnitComparison], value: str | None, warned: bool
) -> None:
    sheet = FactSheet({} if told is None else {FACT: (told,)})
    found = with_access_fact(VOCABULARY, sheet, comparisons)
    assert found.sheet.get(FACT) == (None if value is None else (value,))
    assert bool(found.warnings) is warned
    assert sheet.get(FACT) == (None if told is None else (told,))


def test_the_warning_says_which_one_counts() -> None:
    (kept,) = with_access_fact(VOCABULARY, FactSheet({FACT: ("prohibited",)}), LIMIT).warnings
    assert "按所填判断" in kept.zh
    assert "it was kept" in kept.en
    (changed,) = with_access_fact(VOCABULARY, FactSheet({FACT: ("guided",)}), BAN).warnings
    assert "按对照结果判断" in changed.zh
    assert changed.en.endswith("(follows: prohibited)")


def test_a_derivation_names_the_clause() -> None:
    (entry,) = with_access_fact(VOCABULARY, FactSheet({}), BAN).derivations
    assert (entry.fact, entry.value, entry.from_, entry.because) == (
        FACT,
        ("prohibited",),
        "access-lists",
        ("city/unit/1",),
    )
    (mild,) = with_access_fact(VOCABULARY, FactSheet({}), NOTHING).derivations
    assert mild.because == ()


@pytest.mark.parametrize(
    ("comparisons", "violated"),
    [
        (BAN, True),
        (LIMIT, True),
        ([unit(clause("violates", "restrict"), clause("to_verify"))], True),
        ([NO_LIST, unit(clause("violates", "restrict"))], True),
        ([unit(clause("violates", "require"))], None),
        ([unit(clause("violates"), certainty="possible")], None),
        (NOTHING, None),
        ([], None),
    ],
)
def test_that_a_clause_is_violated_is_known_also_while_others_are_open(
    comparisons: Sequence[UnitComparison], *, violated: bool | None
) -> None:
    assert with_access_fact(VOCABULARY, FactSheet({}), comparisons).sheet.get(VIOLATED) is violated


def test_a_vocabulary_without_the_facts_is_left_alone() -> None:
    none = Vocabulary(facts={})
    assert with_access_fact(none, FactSheet({}), BAN).sheet == FactSheet({})
