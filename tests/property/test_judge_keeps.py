"""A judge that has seen many sites says of each what one that has seen none would say, whatever it keeps."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from override_world import ALL, BOTH, ELSEWHERE, HECTARE, ON, ONE, TWO, book, hit, overlap, rule, site
from zoning.overlay.overlap import LayerOverlap
from zoning.rules import judge as judging
from zoning.rules.judge import Judge, judge
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation

RULES: tuple[Rule, ...] = (
    rule("R001", "prohibit", ONE),
    rule("R002", "restrict", BOTH, when={"building": "yes"}),
    rule("R003", "prohibit", TWO, when={"any": [{"building": "yes"}, {"supply": "no"}]}),
    rule("R004", "restrict", ELSEWHERE, over=["R001"]),
    rule("R005", "prohibit", None, when={"building": "yes", "not": {"overlaps": ONE}}),
    rule("R006", "restrict", {**ALL, "relation": "within", "distance": "200 m"}),
    rule("R007", "require", ELSEWHERE, provisos=[{"when": {"supply": "yes"}, "effect": "none"}]),
    rule("R008", "prohibit", {**ALL, "relation": "outside"}, when={"supply": "yes"}),
    rule("R009", "restrict", {**BOTH, "area": {"above": "3000 m2"}}),
    rule("R010", "prohibit", ONE, in_force={"from": "2026-07-01"}),
    rule("R011", "restrict", ONE, territories=["u"]),
    rule("R012", "encourage", [ONE, ELSEWHERE]),
)

AREAS = st.sampled_from([0.5, 3000.0, 4000.0, HECTARE])
HITS = st.builds(hit, st.sampled_from(["level-1", "level-2"]), AREAS, st.sampled_from(["certain", "possible"]))


def one_each(hits: list[Any]) -> list[Any]:
    """Keep one overlap of each class, as a measurement has it."""
    return list({one.class_id: one for one in hits}.values())


def layers(name: str) -> st.SearchStrategy[LayerOverlap]:
    """Draw what was measured of a layer: nothing, zones, a part without data, no data at all, zones in the distance."""
    changes: list[dict[str, Any]] = [
        {},
        {},
        {"uncovered_m2": 100.0},
        {"distances_m": {"level-1": 150.0}},
        {"distances_m": {"level-2": 900.0}},
        {"covered_reach_m": 50.0},
        {"unleveled_m": 120.0},
        {"accuracy_m": 5.0},
        {"edition": "old"},
    ]
    measured = st.builds(
        lambda hits, more: overlap(name, *one_each(hits), **more), st.lists(HITS, max_size=2), st.sampled_from(changes)
    )
    missing = st.just(overlap(name, status="no_data", covered_m2=0.0, uncovered_m2=HECTARE))
    return st.one_of(measured, measured, measured, missing)


FACTS = st.dictionaries(st.sampled_from(["building", "supply"]), st.booleans())
SITES = st.builds(
    lambda water, farmland, facts, territory, on: replace(site(water, farmland, **facts), territory=territory, on=on),
    layers("water"),
    layers("farmland"),
    FACTS,
    st.sampled_from(["t", "t", "u"]),
    st.sampled_from([ON, ON, date(2026, 7, 1)]),
)


@given(st.lists(SITES, min_size=2, max_size=12))
def test_every_site_gets_what_it_would_get_alone(sites: list[Situation]) -> None:
    together = Judge(book(*RULES))
    for one in [*sites, *reversed(sites)]:
        assert together.findings(one) == judge(book(*RULES), one)


@given(st.lists(SITES, min_size=2, max_size=8))
def test_also_where_no_more_is_kept(sites: list[Situation]) -> None:
    with pytest.MonkeyPatch.context() as few:
        for most, kept in (("_MOST_KEPT", 5), ("_MOST_SIDES", 2), ("_MOST_SHEETS", 1)):
            few.setattr(judging, most, kept)
        together = Judge(book(*RULES))
        told = [together.findings(one) for one in [*sites, *reversed(sites)]]
    assert told == [judge(book(*RULES), one) for one in [*sites, *reversed(sites)]]
