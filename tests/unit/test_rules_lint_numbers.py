"""Bands of numbers and the answers around limits, with which the examination of rules proves what can hold."""

from itertools import product
from math import inf

import pytest

from zoning.rules.conditions import AllOf, AnyOf, Compare, Not, OneOf, parse_condition
from zoning.rules.facts import Vocabulary
from zoning.rules.lint.bands import Band
from zoning.rules.lint.fact_answers import TooManyError, around, fact_vectors, number_vectors
from zoning.rules.lint.worlds import Worlds, conjuncts, resolved, subject

SOME = {"zh": "某", "en": "some"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "size": {"title": SOME, "question": SOME, "kind": "number", "unit": "t"},
            "well": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "kind": {
                "title": SOME,
                "question": SOME,
                "kind": "choice",
                "values": dict.fromkeys(("mine", "road", "farm"), SOME),
            },
            "activity": {
                "title": SOME,
                "question": SOME,
                "kind": "choices",
                "values": dict.fromkeys(("coking", "steel", "hotel"), SOME),
            },
            "industry": {
                "title": SOME,
                "question": SOME,
                "kind": "code",
                "pattern": "[A-T][0-9]{4}",
                "examples": ["2521"],
            },
        }
    }
)
CLOSED, OPEN = Band(1, False, 3, False), Band(1, True, 3, True)  # noqa: FBT003 - the ends of a band
FROM_ONE, BELOW_THREE = Band(1, False, inf, True), Band(-inf, True, 3, True)  # noqa: FBT003 - the ends of a band
VALUES = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
WORLDS = Worlds(VOCABULARY, {})


@pytest.mark.parametrize(
    ("band", "value", "covered"),
    [
        (CLOSED, 0.999, False),
        (CLOSED, 1.0, True),
        (CLOSED, 2.0, True),
        (CLOSED, 3.0, True),
        (CLOSED, 3.001, False),
        (OPEN, 1.0, False),
        (OPEN, 1.001, True),
        (OPEN, 2.999, True),
        (OPEN, 3.0, False),
        (FROM_ONE, 1.0, True),
        (FROM_ONE, 1e300, True),
        (BELOW_THREE, -1e300, True),
        (BELOW_THREE, 3.0, False),
    ],
)
def test_a_band_covers_its_numbers_and_its_closed_ends(band: Band, value: float, *, covered: bool) -> None:
    assert band.covers(value) is covered


@pytest.mark.parametrize(
    ("low", "low_open", "high", "high_open", "empty"),
    [
        (1, False, 1, False, False),
        (1, True, 1, False, True),
        (1, False, 1, True, True),
        (1, True, 1, True, True),
        (2, False, 1, False, True),
        (1, True, 2, True, False),
        (-inf, True, inf, True, False),
    ],
)
def test_a_band_is_empty_where_no_number_lies_in_it(
    low: float, high: float, *, low_open: bool, high_open: bool, empty: bool
) -> None:
    assert Band(low, low_open, high, high_open).empty is empty


BANDS = [
    Band(low, low_open, high, high_open)
    for low, high in ((1, 3), (1, 2), (2, 3), (2, 2))
    for low_open, high_open in product((False, True), repeat=2)
]


@pytest.mark.parametrize("one", BANDS, ids=str)
def test_what_two_bands_have_in_common_is_what_both_cover(one: Band) -> None:
    for other in BANDS:
        common = one.meets(other)
        assert [common.covers(value) for value in VALUES] == [
            one.covers(value) and other.covers(value) for value in VALUES
        ]


@pytest.mark.parametrize(
    ("outer", "inner", "held"),
    [
        (CLOSED, CLOSED, True),
        (CLOSED, OPEN, True),
        (OPEN, CLOSED, False),
        (FROM_ONE, CLOSED, True),
        (BELOW_THREE, CLOSED, False),
        (BELOW_THREE, OPEN, True),
        (CLOSED, FROM_ONE, False),
        (CLOSED, Band(2, False, 2, False), True),  # noqa: FBT003 - the ends of a band
        (CLOSED, Band(3, True, 4, True), False),  # noqa: FBT003 - the ends of a band
    ],
)
def test_a_band_holds_another_one_that_lies_wholly_in_it(outer: Band, inner: Band, *, held: bool) -> None:
    assert outer.holds(inner) is held


@pytest.mark.parametrize(
    ("limits", "numbers"),
    [
        ([], [0.0]),
        ([5.0], [4.0, 5.0, 6.0]),
        ([5.0, 5.0], [4.0, 5.0, 6.0]),
        ([1.0, 2.0], [0.0, 1.0, 1.5, 2.0, 3.0]),
        ([4.0, 0.0, 2.0], [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
    ],
)
def test_there_is_a_number_at_beside_and_between_all_limits(limits: list[float], numbers: list[float]) -> None:
    assert around(limits) == numbers


@pytest.mark.parametrize(
    ("asked", "vectors"),
    [
        ([("at_least", "5")], [(False,), (True,)]),
        # Below, at, above.
        ([("at_least", "5"), ("above", "5")], [(False, False), (True, False), (True, True)]),
        ([("at_least", "5"), ("below", "5")], [(False, True), (True, False)]),
        ([("at_most", "5"), ("below", "5")], [(False, False), (True, False), (True, True)]),
        # Larger than the larger limit is larger than the smaller one.
        ([("above", "5"), ("above", "10")], [(False, False), (True, False), (True, True)]),
        ([("below", "5"), ("above", "10")], [(False, False), (False, True), (True, False)]),
        # At one number alone neither nor: 5 itself.
        ([("below", "5"), ("above", "5")], [(False, False), (False, True), (True, False)]),
    ],
)
def test_the_truths_that_one_number_can_give(asked: list[tuple[str, str]], vectors: list[tuple[bool, ...]]) -> None:
    compared = [Compare("size", relation, limit) for relation, limit in asked]
    assert number_vectors(compared) == vectors
    assert fact_vectors(VOCABULARY, "size", compared) == vectors


@pytest.mark.parametrize(
    ("fact", "asked", "vectors"),
    [
        ("well", [("yes",), ("no",)], [(False, True), (True, False)]),
        ("well", [("yes", "no")], [(True,)]),
        ("kind", [("mine",), ("road",)], [(False, False), (False, True), (True, False)]),
        ("kind", [("mine", "road"), ("road", "farm")], [(False, True), (True, False), (True, True)]),
        # Of several both can be chosen.
        ("activity", [("coking",), ("steel",)], [(False, False), (False, True), (True, False), (True, True)]),
        ("activity", [("coking", "steel", "hotel")], [(True,)]),
        # A code below a level is below the level above it.
        ("industry", [("C",), ("C25",)], [(False, False), (True, False), (True, True)]),
    ],
)
def test_the_truths_that_one_answer_can_give(
    fact: str, asked: list[tuple[str, ...]], vectors: list[tuple[bool, ...]]
) -> None:
    assert fact_vectors(VOCABULARY, fact, [OneOf(fact, words) for words in asked]) == vectors


def test_all_chosen_words_must_be_meant_where_the_condition_says_every() -> None:
    asked = [OneOf("activity", ("coking",)), OneOf("activity", ("coking",), every=True)]
    # Coking alone; coking with another one; another one alone.
    assert fact_vectors(VOCABULARY, "activity", asked) == [(False, False), (True, False), (True, True)]


@pytest.mark.parametrize(
    ("fact", "asked"),
    [
        ("nothing", [OneOf("nothing", ("a",))]),
        ("kind", [OneOf("kind", ("mine",)), Compare("kind", "above", "1")]),
        ("industry", [OneOf("industry", ("C99X",))]),
    ],
)
def test_nothing_is_said_of_what_cannot_be_gone_through(fact: str, asked: list[OneOf | Compare]) -> None:
    with pytest.raises(TooManyError):
        fact_vectors(VOCABULARY, fact, asked)


@pytest.mark.parametrize(
    ("table", "holds"),
    [
        ({"size": {"at_least": "5", "at_most": "5"}}, True),
        ({"size": {"above": "5", "at_most": "5"}}, False),
        ({"size": {"at_least": "5", "below": "5"}}, False),
        ({"size": {"above": "5", "below": "6"}}, True),
        ({"all": [{"well": "yes"}, {"well": "no"}]}, False),
        ({"any": [{"well": "yes"}, {"well": "no"}]}, True),
        ({"not": {"any": [{"well": "yes"}, {"well": "no"}]}}, False),
        ({"all": [{"kind": "mine"}, {"kind": "road"}]}, False),
        ({"all": [{"kind": ["mine", "road"]}, {"kind": ["road", "farm"]}]}, True),
        ({"not": {"kind": ["mine", "road", "farm"]}}, False),
        ({"all": [{"activity": "coking"}, {"activity": "steel"}]}, True),
        # The contradiction lies in a part that shares nothing with the rest.
        ({"well": "yes", "all": [{"kind": "mine"}, {"kind": "road"}]}, False),
        ({"any": [{"all": [{"kind": "mine"}, {"kind": "road"}]}, {"well": "yes"}]}, True),
        ({"all": [{"industry": "C25"}, {"not": {"industry": "C"}}]}, False),
        ({"all": [{"industry": "C"}, {"not": {"industry": "C25"}}]}, True),
        ({"overlaps": {"layer": "rivers"}, "not": {"overlaps": {"layer": "rivers"}}}, False),
        ({"overlaps": {"layer": "rivers"}, "not": {"overlaps": {"layer": "lakes"}}}, True),
        ({"within": {"layer": "rivers", "distance": "1 km"}, "not": {"overlaps": {"layer": "rivers"}}}, True),
        ({"overlaps": {"layer": "rivers"}, "not": {"within": {"layer": "rivers", "distance": "1 km"}}}, False),
        ({"inside": {"layer": "rivers"}, "outside": {"layer": "rivers"}}, False),
        ({"inside": {"layer": "rivers"}, "not": {"overlaps": {"layer": "rivers"}}}, False),
        ({"touches": {"layer": "rivers"}, "not": {"overlaps": {"layer": "rivers"}}}, True),
    ],
)
def test_whether_a_condition_can_ever_hold(table: dict[str, object], *, holds: bool) -> None:
    condition = parse_condition(table)
    assert WORLDS.can_hold(condition) is holds
    assert WORLDS.surely_can_hold(condition) is holds


def test_what_cannot_be_gone_through_can_hold_but_not_surely() -> None:
    unknown = parse_condition({"nothing": "a"})
    assert WORLDS.can_hold(unknown)
    assert not WORLDS.surely_can_hold(unknown)


def test_several_conditions_must_hold_at_once() -> None:
    mine, road = parse_condition({"kind": "mine"}), parse_condition({"kind": "road"})
    assert WORLDS.can_hold(mine)
    assert WORLDS.can_hold(road)
    assert not WORLDS.can_hold(mine, road)


@pytest.mark.parametrize(
    ("one", "other", "implied"),
    [
        ({"size": {"above": "10"}}, {"size": {"above": "5"}}, True),
        ({"size": {"above": "5"}}, {"size": {"above": "10"}}, False),
        ({"size": {"above": "5"}}, {"size": {"at_least": "5"}}, True),
        ({"size": {"at_least": "5"}}, {"size": {"above": "5"}}, False),
        ({"kind": "mine"}, {"kind": ["mine", "road"]}, True),
        ({"kind": ["mine", "road"]}, {"kind": "mine"}, False),
        ({"kind": "mine", "well": "yes"}, {"well": "yes"}, True),
        ({"well": "yes"}, {"kind": "mine"}, False),
        # What is not known implies nothing.
        ({"nothing": "a"}, {"nothing": ["a", "b"]}, False),
    ],
)
def test_a_condition_implies_another_one_only_where_that_is_proven(
    one: dict[str, object], other: dict[str, object], *, implied: bool
) -> None:
    assert WORLDS.implies(parse_condition(one), parse_condition(other)) is implied


A, B, C = (Compare("size", "above", limit) for limit in "123")


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        (A, [A]),
        (AllOf((A, B)), [A, B]),
        (AllOf((A, AllOf((B, C)))), [A, B, C]),
        (AnyOf((A, B)), [AnyOf((A, B))]),
        (Not(A), [Not(A)]),
        (Not(Not(A)), [A]),
        (Not(Not(AllOf((A, B)))), [A, B]),
        # De Morgan.
        (Not(AnyOf((A, B))), [Not(A), Not(B)]),
        (Not(AnyOf((A, Not(B)))), [Not(A), B]),
        (Not(AllOf((A, B))), [Not(AllOf((A, B)))]),
    ],
)
def test_a_condition_falls_apart_into_what_must_all_hold(condition: AllOf, parts: list[object]) -> None:
    assert conjuncts(condition) == parts


@pytest.mark.parametrize(
    ("table", "values", "meant"),
    [
        ({"size": {"above": "limit"}}, {"limit": "7"}, {"size": {"above": "7"}}),
        ({"size": {"above": "3"}}, {"limit": "7"}, {"size": {"above": "3"}}),
        ({"not": {"size": {"above": "limit"}}}, {"limit": "7"}, {"not": {"size": {"above": "7"}}}),
        (
            {"any": [{"size": {"above": "limit"}}, {"well": "yes"}]},
            {"limit": "7"},
            {"any": [{"size": {"above": "7"}}, {"well": "yes"}]},
        ),
        (
            {"within": {"layer": "rivers", "distance": "width"}},
            {"width": "300 m"},
            {"within": {"layer": "rivers", "distance": {"below": "300 m"}}},
        ),
        (
            {"overlaps": {"layer": "rivers", "area": {"above": "most"}}},
            {"most": "2 ha"},
            {"overlaps": {"layer": "rivers", "area": {"above": "2 ha"}}},
        ),
    ],
)
def test_names_of_figures_become_the_figures_of_the_day(
    table: dict[str, object], values: dict[str, str], meant: dict[str, object]
) -> None:
    condition = parse_condition(table)
    assert resolved(condition, values) == parse_condition(meant)
    assert condition == parse_condition(table)


@pytest.mark.parametrize(
    ("table", "about"),
    [
        ({"well": "yes"}, "well"),
        ({"size": {"above": "1"}}, "size"),
        ({"overlaps": {"layer": "rivers"}}, "layer rivers"),
        # A fact that is called like a layer is something else.
        ({"rivers": "yes"}, "rivers"),
    ],
)
def test_what_a_condition_asks_for(table: dict[str, object], about: str) -> None:
    leaf = parse_condition(table)
    assert subject(leaf) == about  # type: ignore[arg-type]  # each table holds one leaf
