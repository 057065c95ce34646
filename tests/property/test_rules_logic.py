"""Three-valued logic: an answer that is given without a fact must stay right whatever the fact turns out to be."""

from hypothesis import given
from hypothesis import strategies as st

from situations import knowing
from zoning.rules.conditions import AllOf, AnyOf, Condition, Not, OneOf
from zoning.rules.truth import Truth

FACTS = ("a", "b", "c")
LEAVES = st.builds(OneOf, st.sampled_from(FACTS), st.sampled_from([("yes",), ("no",), ("yes", "no")]))
PARTS = st.recursive(
    LEAVES,
    lambda children: st.one_of(
        st.builds(Not, children),
        st.builds(AllOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
SHEETS = st.dictionaries(st.sampled_from(FACTS), st.booleans())


def _completions(known: dict[str, bool]) -> list[dict[str, bool]]:
    sheets = [dict(known)]
    for name in FACTS:
        if name not in known:
            sheets = [{**sheet, name: value} for sheet in sheets for value in (True, False)]
    return sheets


@given(PARTS, SHEETS)
def test_a_known_answer_holds_for_every_completion(condition: Condition, known: dict[str, bool]) -> None:
    answer = condition.decide(knowing(known), {})
    if answer.truth is not Truth.UNKNOWN:
        assert {condition.decide(knowing(sheet), {}).truth for sheet in _completions(known)} == {answer.truth}


@given(PARTS, SHEETS)
def test_with_all_facts_nothing_is_unknown(condition: Condition, known: dict[str, bool]) -> None:
    for sheet in _completions(known):
        assert condition.decide(knowing(sheet), {}).truth is not Truth.UNKNOWN


@given(PARTS, SHEETS)
def test_asks_only_for_facts_that_are_not_known(condition: Condition, known: dict[str, bool]) -> None:
    answer = condition.decide(knowing(known), {})
    assert set(answer.missing).isdisjoint(known)
    assert bool(answer.missing) == (answer.truth is Truth.UNKNOWN)


@given(PARTS, SHEETS)
def test_not_not_is_the_same(condition: Condition, known: dict[str, bool]) -> None:
    sheet = knowing(known)
    assert Not(Not(condition)).decide(sheet, {}) == condition.decide(sheet, {})
