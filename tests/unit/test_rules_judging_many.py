"""One judge for many sites, days and territories, and the layers that have to be read."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from override_world import ALL, ANY, BOTH, ELSEWHERE, HECTARE, IN_ONE, LAYERS, ON, ONE, book, hit, overlap, rule, site
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.facts import FactSheet
from zoning.rules.judge import Judge, judge, unread_layers
from zoning.rules.situation import Situation

# --- judging many sites with one judge


def test_a_judge_gives_every_site_what_it_would_get_alone() -> None:
    rules = (
        rule("R001", "restrict", over=["R002"], when={"building": "yes"}),
        rule("R002", "prohibit", BOTH),
        rule("R003", "restrict", ELSEWHERE),
    )
    farm = overlap("farmland", hit("level-1", 9.0))
    sheets: tuple[dict[str, bool], ...] = ({}, {"building": True}, {"building": False})
    waters = (
        overlap("water"),
        overlap("water", hit("level-1", 6000.0)),
        overlap("water", hit("level-1", 6000.0), hit("level-2", 4000.0)),
        overlap("water", status="no_data", covered_m2=0.0, uncovered_m2=HECTARE),
    )
    together = Judge(book(*rules))
    sites = [site(water, *more, **facts) for water in waters for more in ((), (farm,)) for facts in sheets]
    for here in [*sites, *reversed(sites)]:
        assert together.findings(here) == judge(book(*rules), here)


def test_sites_with_the_same_share_of_a_zone_have_the_same_finding_and_others_their_own() -> None:
    book_ = book(rule("R001", "prohibit", BOTH))
    together = Judge(book_)
    told = [
        together.findings(site(overlap("water", hit("level-1", area_m2))))[0].overlap_m2
        for area_m2 in (6000.0, 6000.0, 4000.0, 6000.0)
    ]
    assert told == [6000.0, 6000.0, 4000.0, 6000.0]
    beside = site(overlap("water"))
    assert together.findings(beside) == together.findings(beside) == judge(book_, beside)


def test_facts_of_one_site_are_not_taken_for_those_of_the_next() -> None:
    number = rule("R001", "prohibit", BOTH, when={"building": "yes"})
    together = Judge(book(number, rule("R002", "restrict", BOTH)))
    here = overlap("water", hit("level-1", 6000.0))
    for facts in ({"building": True}, {"building": False}, {}, {"building": True}):
        assert together.findings(site(here, **facts)) == judge(
            book(number, rule("R002", "restrict", BOTH)), site(here, **facts)
        )


def test_what_one_site_made_step_back_is_not_kept_for_the_next() -> None:
    rules = (rule("R001", "restrict", None, over=["R002"], when={"building": "yes"}), rule("R002", "prohibit", None))
    together = Judge(book(*rules))
    told = [together.findings(site(building=building))[1].decision for building in (True, False, True)]
    assert told == [None, "prohibited", None]


def test_findings_are_those_of_the_day() -> None:
    later = rule("R001", "restrict", in_force={"from": "2026-07-01"})
    together = Judge(book(later, rule("R002", "prohibit", in_force={"from": "2023-01-01", "to": "2026-06-30"})))
    for day, names in ((ON, ["R002"]), (date(2026, 6, 30), ["R002"]), (date(2026, 7, 1), ["R001"]), (ON, ["R002"])):
        assert [finding.rule for finding in together.findings(replace(IN_ONE, on=day))] == names


def test_findings_are_those_of_the_territory() -> None:
    together = Judge(book(rule("R001", "restrict"), rule("R002", "prohibit", territories=["u"])))
    for territory, names in (("t", ["R001"]), ("u", ["R002"]), ("v", []), ("t", ["R001"])):
        found = together.findings(replace(IN_ONE, territory=territory))
        assert [finding.rule for finding in found] == names
        assert {finding.territory for finding in found} <= {territory}


def test_a_figure_of_a_rule_is_that_of_the_day_also_for_kept_findings() -> None:
    values = {
        "far": {
            "title": ANY,
            "unit": "m",
            "in_force": {
                "2023-01-01": {"value": "100 m", "source": ANY},
                "2026-07-01": {"value": "500 m", "source": ANY},
            },
        }
    }
    near = rule("R001", "prohibit", {**ALL, "relation": "within", "distance": "far"}, values=values)
    here = site(overlap("water", distances_m={"level-1": 300.0}))
    together = Judge(book(near))
    for day, decision in ((ON, None), (date(2026, 7, 1), "prohibited"), (ON, None)):
        assert together.findings(replace(here, on=day))[0].decision == decision


# --- layers that were not read


UNREAD = [
    pytest.param(None, True, id="not in the workspace"),
    pytest.param(overlap("water", status="no_data", covered_m2=0.0, uncovered_m2=HECTARE), True, id="no data"),
    pytest.param(overlap("water", status="no_data", covered_m2=0.0), True, id="nothing of it"),
    pytest.param(overlap("water", hit("level-1", 5.0), uncovered_m2=0.1), True, id="a part has no data"),
    pytest.param(overlap("water", hit("level-1", 5.0)), False, id="hit"),
    pytest.param(overlap("water", hit("level-1", 5.0, "possible"), status="possible"), False, id="possible"),
    pytest.param(overlap("water"), False, id="clear"),
]


@pytest.mark.parametrize(("found", "unread"), UNREAD)
def test_a_layer_is_unread_while_a_part_of_the_site_has_no_data(found: LayerOverlap | None, *, unread: bool) -> None:
    here = Situation("t", HECTARE, {} if found is None else {"water": found}, LAYERS, FactSheet({}), ON)
    assert unread_layers(book(rule("R001", "prohibit")), here) == (frozenset({"water"}) if unread else frozenset())


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"effect": "prohibit"}, True),
        ({"effect": "restrict"}, True),
        ({"effect": "require"}, False),
        ({"effect": "encourage"}, False),
        # A proviso can make of a duty a ban; a baseline rule never moves the decision.
        ({"effect": "require", "provisos": [{"when": {"supply": "yes"}, "effect": "prohibit"}]}, True),
        ({"effect": "prohibit", "provisos": [{"when": {"supply": "yes"}, "effect": "none"}]}, True),
        ({"effect": "prohibit", "scope": "baseline"}, False),
        ({"effect": "prohibit", "in_force": {"from": "2026-06-02"}}, False),
        ({"effect": "prohibit", "in_force": {"from": "2023-01-01", "to": "2026-06-01"}}, True),
        ({"effect": "prohibit", "in_force": {"from": "2023-01-01", "to": "2026-05-31"}}, False),
        ({"effect": "prohibit", "territories": ["u"]}, False),
    ],
)
def test_only_layers_of_rules_that_can_bar_here_today_have_to_be_read(changes: dict[str, Any], *, counts: bool) -> None:
    here = Situation("t", HECTARE, {}, LAYERS, FactSheet({}), ON)
    one = rule("R001", **{"effect": "prohibit", **changes})
    assert unread_layers(book(one), here) == (frozenset({"water"}) if counts else frozenset())


def test_a_layer_named_in_a_condition_or_a_proviso_has_to_be_read_too() -> None:
    rules = (
        rule("R001", "prohibit", None, when={"not": {"overlaps": ONE}}),
        rule("R002", "restrict", None, provisos=[{"when": {"overlaps": ELSEWHERE}, "effect": "none"}]),
    )
    here = Situation("t", HECTARE, {}, LAYERS, FactSheet({}), ON)
    assert unread_layers(book(*rules), here) == {"water", "farmland"}
    assert unread_layers(book(), here) == frozenset()
