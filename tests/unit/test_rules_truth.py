"""Three-valued logic (Kleene 1952), row by row, and what an answer keeps of the parts that it rests on."""

import pytest

from zoning.rules.truth import FALSE, TRUE, Answer, Place, Truth, both, either, negated, strongest
from zoning.texts import Text

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def said(truth: Truth, name: str, *missing: str) -> Answer:
    """Return an answer that rests on one place, which bears its name."""
    return Answer(truth, missing, (place(truth, name),))


def place(truth: Truth, name: str, overlap_m2: float | None = None) -> Place:
    return Place(truth, Text(name, name), name, overlap_m2=overlap_m2)


def named(answer: Answer) -> list[str | None]:
    return [one.layer for one in answer.places]


# The two tables of Kleene's strong logic: first operand, second operand, conjunction, disjunction.
TABLE = [
    (T, T, T, T),
    (T, U, U, T),
    (T, F, F, T),
    (U, T, U, T),
    (U, U, U, U),
    (U, F, F, U),
    (F, T, F, T),
    (F, U, F, U),
    (F, F, F, F),
]


@pytest.mark.parametrize(("one", "other", "conjunction", "_disjunction"), TABLE)
def test_both_is_the_conjunction(one: Truth, other: Truth, conjunction: Truth, _disjunction: Truth) -> None:
    assert both([Answer(one), Answer(other)]).truth is conjunction


@pytest.mark.parametrize(("one", "other", "_conjunction", "disjunction"), TABLE)
def test_either_is_the_disjunction(one: Truth, other: Truth, _conjunction: Truth, disjunction: Truth) -> None:
    assert either([Answer(one), Answer(other)]).truth is disjunction


@pytest.mark.parametrize(("truth", "turned"), [(T, F), (F, T), (U, U)])
def test_negated_turns_round_what_is_known(truth: Truth, turned: Truth) -> None:
    assert negated(Answer(truth)).truth is turned


@pytest.mark.parametrize(("one", "other", "conjunction", "disjunction"), TABLE)
def test_not_both_is_either_not(one: Truth, other: Truth, conjunction: Truth, disjunction: Truth) -> None:
    """De Morgan: a condition and the same one written the other way round never differ."""
    turned = [negated(Answer(one)), negated(Answer(other))]
    assert either(turned).truth is negated(Answer(conjunction)).truth
    assert both(turned).truth is negated(Answer(disjunction)).truth


def test_of_nothing_all_hold_and_none_does() -> None:
    assert both([]) == TRUE
    assert either([]) == FALSE


@pytest.mark.parametrize("truth", [T, F, U])
def test_one_part_alone_is_its_own_answer(truth: Truth) -> None:
    missing = ("a",) if truth is U else ()
    alone = said(truth, "water", *missing)
    assert both([alone]) == alone
    assert either([alone]) == alone


def test_three_parts_and_the_last_one_settles_them() -> None:
    assert both([Answer(T), Answer(U), Answer(F)]).truth is F
    assert either([Answer(F), Answer(U), Answer(T)]).truth is T


# --- what an answer rests on


def test_a_false_conjunction_rests_on_its_false_parts_alone() -> None:
    found = both([said(T, "a"), said(F, "b"), said(U, "c", "asked"), said(F, "d")])
    assert named(found) == ["b", "d"]
    assert found.missing == ()


def test_a_true_disjunction_rests_on_its_true_parts_alone() -> None:
    found = either([said(F, "a"), said(T, "b"), said(U, "c", "asked"), said(T, "d")])
    assert named(found) == ["b", "d"]
    assert found.missing == ()


@pytest.mark.parametrize(("combine", "settled"), [(both, T), (either, F)])
def test_a_settled_answer_of_equal_parts_rests_on_all_of_them(combine: object, settled: Truth) -> None:
    assert callable(combine)
    assert named(combine([said(settled, "a"), said(settled, "b")])) == ["a", "b"]


@pytest.mark.parametrize(("combine", "settled"), [(both, T), (either, F)])
def test_an_open_answer_asks_each_fact_once_in_the_order_of_the_parts(combine: object, settled: Truth) -> None:
    assert callable(combine)
    parts = [said(U, "a", "second", "first"), said(settled, "b"), said(U, "c", "first", "third")]
    found = combine(parts)
    assert found.truth is U
    assert found.missing == ("second", "first", "third")
    assert named(found) == ["a", "b", "c"]


def test_an_open_answer_does_not_ask_what_a_known_part_once_asked() -> None:
    # Only what is unknown can settle it.
    assert both([Answer(T, ("known",)), Answer(U, ("asked",))]).missing == ("asked",)


def test_a_turned_answer_keeps_its_places_and_an_open_one_its_questions() -> None:
    assert negated(said(T, "a")) == Answer(F, (), (place(T, "a"),))
    unknown = said(U, "a", "asked")
    assert negated(unknown) == unknown


# --- the place that a finding names


@pytest.mark.parametrize(
    ("places", "name"),
    [
        # What is true is named before what is unknown, that before what is false; size counts among equals only.
        ([("a", F, 900.0), ("b", U, 50.0), ("c", T, 1.0)], "c"),
        ([("a", F, 900.0), ("b", U, 50.0)], "b"),
        ([("a", T, 1.0), ("b", T, 2.0)], "b"),
        ([("a", T, 2.0), ("b", T, 1.0)], "a"),
        # A place that was not measured is smaller than any that was.
        ([("a", U, None), ("b", U, 0.5)], "b"),
        ([("a", U, 0.5), ("b", U, None)], "a"),
        # Of equal ones the first: the order of the rule.
        ([("a", T, 5.0), ("b", T, 5.0)], "a"),
        ([("a", F, None), ("b", F, 0.0)], "a"),
    ],
)
def test_the_strongest_place(places: list[tuple[str, Truth, float | None]], name: str) -> None:
    found = strongest([place(truth, layer, area) for layer, truth, area in places])
    assert found is not None
    assert found.layer == name


def test_of_no_places_none_is_the_strongest() -> None:
    assert strongest([]) is None
