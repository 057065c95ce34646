"""A ban falls for a milder rule only where that is known to speak of all the land that the ban speaks of."""

from dataclasses import replace

import pytest

import override_world
from layer_definitions import made
from override_world import (
    ANY,
    BOTH,
    IN_BOTH,
    IN_ONE,
    LEVELS,
    ONE,
    VOCABULARY,
    book,
    decisions,
    hit,
    overlap,
    rule,
    site,
)
from zoning.rules.decision import conclude
from zoning.rules.judge import judge, unread_layers
from zoning.rules.situation import Situation

MILD = rule("R001", "restrict", ONE, over=["R002"])
BAN = rule("R002", "prohibit", BOTH)


def test_a_ban_whose_place_stands_in_its_condition_stays_on_other_land() -> None:
    ban = rule("R002", "prohibit", None, when={"overlaps": BOTH})
    assert decisions(IN_BOTH, MILD, ban)["R002"] == "prohibited"


def decided(here: Situation) -> str:
    rules = book(MILD, BAN)
    return conclude(judge(rules, here), VOCABULARY, unread_layers=unread_layers(rules, here)).decision


def test_a_ban_on_other_levels_stays_open_where_a_part_has_no_data() -> None:
    here = site(overlap("water", hit("level-1", 6000.0), uncovered_m2=4000.0, covered_m2=6000.0))
    assert decided(here) == "undetermined"


def test_a_ban_on_other_levels_stays_open_where_a_level_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    classes = {**LEVELS, "unlevelled": {"title": ANY, "codes": ["0"], "may_be": ["level-1", "level-2"]}}
    monkeypatch.setitem(override_world.LAYERS, "water", made(id="water", classes=classes))
    here = site(overlap("water", hit("level-1", 6000.0), hit("unlevelled", 4000.0)))
    assert decided(here) == "undetermined"


def test_a_ban_on_other_levels_stays_open_where_a_level_is_assumed() -> None:
    here = site(overlap("water", hit("level-1", 6000.0), replace(hit("level-1", 4000.0), assumed=True)))
    assert decided(here) == "undetermined"


@pytest.mark.parametrize("ids", [("R001", "R002", "R003"), ("R002", "R001", "R003"), ("R003", "R002", "R001")])
def test_a_chain_does_not_depend_on_the_ids(ids: tuple[str, str, str]) -> None:
    first, second, third = ids
    rules = sorted(
        (
            rule(first, "encourage", over=[second], when={"building": "yes"}),
            rule(second, "restrict", over=[third]),
            rule(third, "prohibit"),
        ),
        key=lambda one: one.id,
    )
    found = {one.rule: one for one in judge(book(*rules), IN_ONE)}
    # Whether the second one steps back is not known, so whether it lifts the third one is not known either.
    assert (found[third].decision, found[third].overridden_by) == ("undetermined", None)


def test_rules_that_override_each_other_permit_nothing() -> None:
    rules = book(rule("R001", "restrict", over=["R002"]), rule("R002", "prohibit", over=["R001"]))
    assert conclude(judge(rules, IN_ONE), VOCABULARY).decision == "prohibited"
