"""Which answers to a fact stand for all, and which facts a decision depends on."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from zoning.rules.facts import AtLeast, FactValue, Vocabulary
from zoning.rules.questions import essential
from zoning.rules.questions.answers import Answers, answers_to, asked_by
from zoning.rules.questions.essential import Board, Reading
from zoning.rules.rule import Rule

SOME = {"zh": "某", "en": "some"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "wet": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "many": {
                "title": SOME,
                "question": SOME,
                "kind": "choices",
                "values": {"coal": SOME, "steel": SOME, "hotel": SOME, "farm": SOME, "other": SOME},
            },
            "size": {"title": SOME, "question": SOME, "kind": "number", "unit": "t"},
            "code": {
                "title": SOME,
                "question": SOME,
                "kind": "code",
                "pattern": "[A-T][0-9]{4}",
                "examples": ["2521"],
            },
        }
    }
)


def rule(when: Mapping[str, object], *provisos: Mapping[str, object]) -> Rule:
    return Rule.model_validate(
        {
            "id": "R001",
            "document": "d",
            "title": SOME,
            "says": SOME,
            "citation": [{"document": "d", "section": "一", "lines": "L1", "anchor": "某"}],
            "territories": ["t"],
            "in_force": {"from": "2023-01-01"},
            "scope": "attribute",
            "when": when,
            "effect": "prohibit",
            "provisos": list(provisos),
        }
    )


def values(name: str, *rules: Rule, **parameters: str) -> tuple[FactValue, ...]:
    asked = asked_by([(one, parameters)] for one in rules)
    return answers_to(name, asked[name], VOCABULARY).values


def test_numbers_stand_below_at_between_and_beyond_the_limits() -> None:
    told = rule({"size": {"at_least": 10, "below": "large"}})
    assert values("size", told, large="20") == (9.0, 10.0, 15.0, 20.0, 21.0)


def test_words_that_no_condition_tells_apart_are_one_answer() -> None:
    assert values("many", rule({"many": ["coal", "steel"]})) == (("hotel",), ("coal",))
    weights = answers_to("many", asked_by([[(rule({"many": ["coal", "steel"]}), {})]])["many"], VOCABULARY).weights
    assert weights == (0.6, 0.4)


def test_a_companion_takes_away_what_holds_only_for_one_word() -> None:
    told = rule({"many": ["coal", "steel"]}, {"when": {"many": ["coal", "farm"]}, "effect": "none"})
    # Coal alone is lifted; with anything that the proviso does not name it is not. Hotel is taken amiss least.
    assert set(values("many", told)) == {("farm",), ("hotel",), ("coal",), ("steel",), ("hotel", "coal")}


def test_a_condition_that_needs_two_words_gets_an_answer_with_both() -> None:
    told = rule({"all": [{"many": "coal"}, {"many": ["hotel", "farm"]}]})
    assert set(values("many", told)) == {("steel",), ("coal",), ("hotel",), ("hotel", "coal")}


def test_codes_stand_inside_and_outside_of_every_level() -> None:
    found = values("code", rule({"any": [{"code": "25"}, {"code": ["C2521"]}]}))
    assert [value for value in found if isinstance(value, tuple)] == [("A0100",), ("C2500",), ("C2521",)]


@dataclass
class Unit:
    """A unit made of a table: the answers to its facts lead to a level."""

    facts: tuple[str, ...]
    levels: Mapping[tuple[FactValue, ...], int]

    def read(self, known: Mapping[str, FactValue]) -> Reading:
        fitting = {
            level
            for answers, level in self.levels.items()
            if all(known.get(fact, answer) == answer for fact, answer in zip(self.facts, answers, strict=True))
        }
        if len(fitting) == 1:
            return Reading(fitting.pop(), (), max(fitting, default=0))
        missing = tuple(fact for fact in self.facts if fact not in known)
        return Reading(3 if max(fitting) == 4 else 1, missing, max(fitting))


YES_NO = Answers((False, True), (0.5, 0.5))


def board(*units: Unit, floor: int = 0, known: Mapping[str, FactValue] | None = None) -> Board:
    facts = {fact for unit in units for fact in unit.facts}
    return Board(units, known or {}, dict.fromkeys(facts, YES_NO), floor)


PROHIBITS_A = Unit(("a",), {(True,): 4, (False,): 0})
RESTRICTS_B = Unit(("b",), {(True,): 2, (False,): 0})


def test_a_fact_that_can_change_the_decision_is_asked_for() -> None:
    assert board(PROHIBITS_A, RESTRICTS_B).deciding() == ("a", "b")
    assert board(PROHIBITS_A, RESTRICTS_B, known={"a": False}).deciding() == ("b",)
    assert board(PROHIBITS_A, RESTRICTS_B, known={"a": True}).deciding() == ()


def test_a_fact_under_what_is_certain_is_not_asked_for() -> None:
    assert board(RESTRICTS_B, floor=2).deciding() == ()
    # Land that was not checked leaves everything below a prohibition undetermined.
    assert board(PROHIBITS_A, RESTRICTS_B, floor=3).deciding() == ("a",)


def test_a_stricter_rule_on_the_same_fact_hides_a_milder_one() -> None:
    hidden = Unit(("a", "b"), {(True, True): 2, (True, False): 0, (False, True): 0, (False, False): 0})
    assert board(PROHIBITS_A, hidden).deciding() == ("a",)


def test_three_values_can_leave_open_what_all_answers_agree_on() -> None:
    other = Unit(("a",), {(True,): 0, (False,): 4})
    found = board(PROHIBITS_A, other)
    assert not found.is_essential("a")
    assert found.deciding() == ("a",)


def test_where_the_search_is_too_long_the_question_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = Unit(("a", "b"), {(True, True): 2, (True, False): 0, (False, True): 0, (False, False): 0})
    monkeypatch.setattr(essential, "_MOST_NODES", 0)
    assert board(PROHIBITS_A, hidden).deciding() == ("a", "b")


def test_words_that_follow_from_a_code_stay_beside_the_answer() -> None:
    found = board(PROHIBITS_A, known={"many": AtLeast(("coal",))})
    assert found.given("many", ("hotel",)) == ("coal", "hotel")
    assert found.given("many", ("coal",)) == ("coal",)
    assert found.given("a", True) is True  # noqa: FBT003 - the answer itself
