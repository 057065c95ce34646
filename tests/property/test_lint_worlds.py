"""What the examination calls impossible is impossible: compared with answers and places gone through one by one."""

from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lint_world
from situations import DAY, knowing
from zoning.rules.cases import Case, situation_of
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf
from zoning.rules.derivation.industry import IndustryCode
from zoning.rules.facts import Vocabulary
from zoning.rules.lint.worlds import Worlds, resolved
from zoning.rules.places import Band, Where
from zoning.rules.situation import Situation
from zoning.rules.truth import Truth
from zoning.workspace import Workspace

TEXT = {"zh": "某", "en": "some"}
WORDS = ("a", "b", "c", "d")
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "one": {"title": TEXT, "question": TEXT, "kind": "choice", "values": dict.fromkeys(WORDS, TEXT)},
            "several": {"title": TEXT, "question": TEXT, "kind": "choices", "values": dict.fromkeys(WORDS, TEXT)},
            "flag": {"title": TEXT, "question": TEXT, "kind": "yes_no"},
            "size": {"title": TEXT, "question": TEXT, "kind": "number", "unit": "t"},
            "code": {
                "title": TEXT,
                "question": TEXT,
                "kind": "code",
                "pattern": "[A-T][0-9]{4}",
                "examples": ["C2521"],
            },
        }
    }
)
NUMBERS = ("1", "2", "3")
LEVELS = ("C", "25", "252", "C2521", "0610", "B")
CODES = tuple(map(IndustryCode, ("C2521", "C2522", "C2511", "C1310", "B0610", "B0620", "A0111")))
RELATIONS = ("at_least", "above", "at_most", "below")


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True).map(tuple)


def combined(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaves,
        lambda children: st.one_of(
            st.builds(Not, children),
            st.builds(AllOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
        ),
        max_leaves=6,
    )


FACTS = combined(
    st.one_of(
        st.builds(OneOf, st.just("one"), some(WORDS)),
        st.builds(OneOf, st.just("several"), some(WORDS), st.booleans()),
        st.builds(OneOf, st.just("flag"), some(("yes", "no"))),
        st.builds(Compare, st.just("size"), st.sampled_from(RELATIONS), st.sampled_from(NUMBERS)),
    )
)
CODED = combined(st.builds(OneOf, st.just("code"), some(LEVELS), st.booleans()))


def subsets(words: tuple[Any, ...], most: int) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(combinations(words, size) for size in range(1, most + 1))


PROJECTS = [
    {"one": (one,), "several": several, "flag": flag, "size": size}
    for one, several, flag, size in product(
        WORDS, subsets(WORDS, 4), (True, False), (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
    )
]


@given(FACTS)
def test_facts_are_gone_through_exactly(condition: Condition) -> None:
    holds = any(condition.decide(knowing(facts), {}).truth is Truth.TRUE for facts in PROJECTS)
    worlds = Worlds(VOCABULARY, {})
    assert worlds.can_hold(condition) is holds
    assert worlds.surely_can_hold(condition) is holds


@given(CODED)
def test_codes_are_gone_through_exactly(condition: Condition) -> None:
    projects = [{"code": codes} for codes in subsets(CODES, 3)]
    holds = any(condition.decide(knowing(facts), {}).truth is Truth.TRUE for facts in projects)
    worlds = Worlds(VOCABULARY, {})
    # Three codes are not always enough for six conditions: what is found one by one is possible in any case.
    assert worlds.can_hold(condition) >= holds
    assert worlds.surely_can_hold(condition) >= holds


@cache
def workspace() -> Workspace:
    with TemporaryDirectory() as folder:
        opened = Workspace.open(lint_world.build(Path(folder) / "w"))
        assert opened.rulebook.rules
    return opened


def bands(limits: tuple[str, ...]) -> st.SearchStrategy[Band]:
    return st.dictionaries(st.sampled_from(RELATIONS), st.sampled_from(limits), min_size=1, max_size=2).map(
        lambda told: Band(**told)
    )


CLASSES = st.sampled_from([(), ("level-1",), ("level-2",), ("level-1", "level-2")])
DISTANCES, AREAS, SHARES = ("300 m", "1 km"), ("100 m2", "5000 m2"), ("30 %", "0.5")
PLACES = st.one_of(
    st.builds(Where, layer=st.just("water"), classes=CLASSES),
    st.builds(Where, layer=st.just("water"), classes=CLASSES, certainty=st.just("possible")),
    st.builds(Where, layer=st.just("water"), classes=CLASSES, area=bands(AREAS)),
    st.builds(Where, layer=st.just("water"), classes=CLASSES, share=bands(SHARES)),
    st.builds(Where, layer=st.just("water"), classes=CLASSES, area=bands(AREAS), share=bands(SHARES)),
    st.builds(Where, layer=st.just("water"), classes=CLASSES, relation=st.just("within"), distance=bands(DISTANCES)),
    st.builds(
        Where, layer=st.just("water"), classes=CLASSES, relation=st.sampled_from(["inside", "outside", "touches"])
    ),
)
STATES = [
    *({"distance": distance} for distance in ("0 m", "200 m", "300 m", "500 m", "1 km", "3 km")),
    *({"area": area} for area in ("50 m2", "100 m2", "3000 m2", "5000 m2", "10000 m2")),
    {"area": "50 m2", "certainty": "possible"},
]


@cache
def sites() -> list[Situation]:
    one, other = ([None, *STATES] for _ in range(2))
    told = []
    for first, second in product(one, other):
        zones = {name: state for name, state in (("level-1", first), ("level-2", second)) if state is not None}
        raw = {"name": "s", "on": DAY, "territory": "140522", "expect": "applies", "layers": {"water": zones}}
        told.append(situation_of(Case.model_validate(raw), workspace().catalogue, workspace().rulebook))
    return told


@given(combined(st.builds(AtPlace, PLACES)))
def test_where_a_site_lies_is_never_called_impossible(condition: Condition) -> None:
    holds = any(condition.decide(site, {}).truth is Truth.TRUE for site in sites())
    worlds = Worlds(workspace().rulebook.vocabulary, workspace().catalogue.layers)
    assert worlds.can_hold(resolved(condition, {})) >= holds


IMPLIED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"relation": "within", "distance": "300 m"}, {"relation": "within", "distance": "1 km"}),
    ({}, {"relation": "touches"}),
    ({}, {"relation": "within", "distance": "1 m"}),
    ({"relation": "inside"}, {}),
    ({"classes": ("level-1",)}, {}),
    ({}, {"classes": ("level-1", "level-2")}),
    ({}, {"certainty": "possible"}),
    ({"zones": ("汾河",)}, {}),
    ({"area": {"at_least": "500 m2"}}, {"area": {"above": "499 m2"}}),
    ({"relation": "inside"}, {"share": {"at_least": "0.9"}}),
    ({"relation": "touches"}, {"relation": "within", "distance": {"at_most": "1 m"}}),
]


@pytest.mark.parametrize(("narrow", "wide"), IMPLIED)
def test_what_follows_from_geometry_is_known(narrow: dict[str, Any], wide: dict[str, Any]) -> None:
    worlds = Worlds(workspace().rulebook.vocabulary, workspace().catalogue.layers)
    one, other = (resolved(AtPlace(Where(layer="water", **told)), {}) for told in (narrow, wide))
    assert worlds.implies(one, other)
    assert worlds.implies(other, one) is (wide == {"classes": ("level-1", "level-2")})
    assert worlds.surely_can_hold(one, other)


def test_inside_and_outside_exclude_each_other() -> None:
    worlds = Worlds(workspace().rulebook.vocabulary, workspace().catalogue.layers)
    inside, outside = (AtPlace(Where(layer="water", relation=word)) for word in ("inside", "outside"))
    assert not worlds.can_hold(inside, outside)
    assert not worlds.can_hold(Not(inside), Not(outside))


def test_what_takes_too_long_is_not_said() -> None:
    words = [f"w{number}" for number in range(40)]
    fact = {"title": TEXT, "question": TEXT, "kind": "choices", "values": dict.fromkeys(words, TEXT)}
    vocabulary = Vocabulary.model_validate({"facts": {"many": fact}})
    worlds = Worlds(vocabulary, {})
    condition = AllOf(tuple(OneOf("many", (word, "w0"), every=bool(n % 2)) for n, word in enumerate(words[1:])))
    impossible = AllOf((condition, Not(condition)))
    assert worlds.can_hold(impossible)
    assert not worlds.surely_can_hold(impossible)
