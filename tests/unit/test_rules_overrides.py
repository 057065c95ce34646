"""Rules that make others step back, with rules made up for it: special before general, later before earlier.

R001 overrides R002 wherever nothing else is said. A milder rule may lift a ban only where it speaks of all the land
that the ban speaks of; a rule of which it is not known whether it applies lifts nothing for good.
"""

from dataclasses import replace
from typing import Any

import pytest

from override_world import (
    ALL,
    BOTH,
    ELSEWHERE,
    IN_BOTH,
    IN_ONE,
    IN_TWO_MOSTLY,
    ONE,
    TWO,
    VOCABULARY,
    book,
    decisions,
    hit,
    judged,
    overlap,
    rule,
    site,
)
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.decision import conclude
from zoning.rules.facts import FactSheet
from zoning.rules.judge import Judge, judge
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation


def permits_r002(**changes: Any) -> Rule:
    return rule("R001", "encourage", over=["R002"], **changes)


# --- which rule steps back


@pytest.mark.parametrize("weaker", ["encourage", "require", "restrict", "prohibit"])
@pytest.mark.parametrize("stronger", ["encourage", "require", "restrict", "prohibit"])
def test_a_rule_on_the_same_land_steps_back_whatever_the_effects(stronger: str, weaker: str) -> None:
    found = judged(IN_ONE, rule("R001", stronger, over=["R002"]), rule("R002", weaker))
    assert (found["R002"].overridden_by, found["R002"].decision) == ("R001", None)
    assert found["R001"].overridden_by is None
    # The finding itself stays: what it would have said, and why.
    assert (found["R002"].outcome, found["R002"].effect) == ("applies", weaker)


def test_what_stepped_back_moves_no_decision() -> None:
    rules = (rule("R001", "restrict", over=["R002"]), rule("R002", "prohibit"))
    assert conclude(judge(book(*rules), IN_ONE), VOCABULARY).decision == "restricted"
    assert conclude(judge(book(rules[1]), IN_ONE), VOCABULARY).decision == "prohibited"


@pytest.mark.parametrize("ids", [("R001", "R002"), ("R002", "R001")])
def test_the_order_of_the_ids_does_not_matter(ids: tuple[str, str]) -> None:
    special, general = ids
    rules = sorted((rule(special, "restrict", over=[general]), rule(general, "prohibit")), key=lambda one: one.id)
    assert decisions(IN_ONE, *rules) == {special: "restricted", general: None}


def test_one_rule_can_make_several_step_back_and_leaves_the_others() -> None:
    rules = (
        rule("R001", "restrict", over=["R002", "R004"]),
        *(rule(name, "prohibit") for name in ("R002", "R003", "R004")),
    )
    assert decisions(IN_ONE, *rules) == {"R001": "restricted", "R002": None, "R003": "prohibited", "R004": None}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"when": {"building": "yes"}}, "its facts are not met"),
        ({"where": TWO}, "it lies elsewhere"),
        ({"in_force": {"from": "2026-06-02"}}, "it is not in force yet"),
        ({"territories": ["elsewhere"]}, "it binds elsewhere"),
    ],
)
def test_a_rule_that_does_not_apply_makes_nothing_step_back(changes: dict[str, Any], why: str) -> None:
    here = replace(IN_ONE, facts=FactSheet({"building": False}))
    assert decisions(here, permits_r002(**changes), rule("R002", "prohibit"))["R002"] == "prohibited", why


def test_a_rule_steps_back_for_nothing_that_is_not_in_force() -> None:
    found = judged(
        IN_ONE, permits_r002(), rule("R002", "prohibit", in_force={"from": "2023-01-01", "to": "2024-01-01"})
    )
    assert list(found) == ["R001"]


def test_a_rule_that_does_not_apply_itself_is_not_marked_as_overridden() -> None:
    found = judged(IN_ONE, permits_r002(), rule("R002", "prohibit", TWO))["R002"]
    assert (found.outcome, found.overridden_by) == ("does_not_apply", None)


def test_an_article_that_is_not_verified_makes_nothing_step_back() -> None:
    rules = (rule("R001", "restrict", over=["R002"]), rule("R002", "prohibit"))
    found = Judge(book(*rules, verified=False)).findings(IN_ONE)
    assert [finding.overridden_by for finding in found] == [None, None]
    cited = {"document": "d", "section": "一", "lines": "L1", "anchor": "某", "verified": False}
    assert decisions(IN_ONE, permits_r002(citation=cited), rule("R002", "prohibit"))["R002"] == "prohibited"


def test_a_rule_that_waits_for_a_procedure_makes_nothing_step_back() -> None:
    waits = rule("R001", "prohibit", over=["R002"], curable={"zh": "先调查", "en": "survey first"})
    assert decisions(IN_ONE, waits, rule("R002", "prohibit")) == {"R001": "undetermined", "R002": "prohibited"}


def test_without_overrides_findings_are_those_of_every_rule_by_itself() -> None:
    rules = (rule("R001", "restrict"), rule("R002", "prohibit"))
    assert decisions(IN_ONE, *rules) == {"R001": "restricted", "R002": "prohibited"}


# --- a milder rule lifts a ban only on its own land


@pytest.mark.parametrize(
    ("here", "stronger", "weaker", "expected"),
    [
        (IN_ONE, ONE, ONE, None),
        (IN_ONE, BOTH, ONE, None),
        (IN_ONE, ALL, ONE, None),
        (IN_ONE, ONE, ALL, None),
        (IN_ONE, ONE, BOTH, None),
        (IN_BOTH, ONE, BOTH, "prohibited"),
        (IN_BOTH, ONE, ALL, "prohibited"),
        (IN_BOTH, BOTH, ALL, None),
        (IN_BOTH, ALL, BOTH, None),
        # The stronger finding names level 1, the larger one, as the ban does.
        (IN_BOTH, BOTH, ONE, None),
        (IN_BOTH, TWO, BOTH, "prohibited"),
        (IN_TWO_MOSTLY, ONE, BOTH, "prohibited"),
        (IN_TWO_MOSTLY, TWO, BOTH, "prohibited"),
        (IN_BOTH, TWO, ONE, "prohibited"),
        # A second place of the ban that the site is clear of asks for nothing.
        (IN_ONE, ONE, [ONE, ELSEWHERE], None),
        (IN_ONE, [ONE, ELSEWHERE], [ONE, ELSEWHERE], None),
    ],
)
def test_a_milder_rule_lifts_a_ban_where_it_speaks_of_all_its_land(
    here: Situation, stronger: object, weaker: object, expected: str | None
) -> None:
    found = decisions(here, rule("R001", "restrict", stronger, over=["R002"]), rule("R002", "prohibit", weaker))
    assert found == {"R001": "restricted", "R002": expected}


@pytest.mark.parametrize("farmland", [overlap("farmland", hit("level-1", 5.0)), overlap("farmland", status="no_data")])
def test_a_ban_on_a_second_layer_that_is_not_clear_stays(farmland: LayerOverlap) -> None:
    here = replace(IN_ONE, overlaps={**IN_ONE.overlaps, "farmland": farmland})
    found = decisions(here, rule("R001", "restrict", over=["R002"]), rule("R002", "prohibit", [ONE, ELSEWHERE]))
    assert found["R002"] == "prohibited"


def test_a_ban_on_a_layer_that_the_workspace_has_not_stays() -> None:
    banned = rule("R002", "prohibit", [ONE, {"layer": "nowhere"}])
    assert decisions(IN_ONE, rule("R001", "restrict", over=["R002"]), banned)["R002"] == "prohibited"


NEAR = {**ONE, "relation": "within", "distance": "1 km"}
NEAR_TWO = {**TWO, "relation": "within", "distance": "1 km"}
NEAR_BOTH = {**BOTH, "relation": "within", "distance": "1 km"}
NEAR_ALL = {**ALL, "relation": "within", "distance": "1 km"}
BESIDE = site(overlap("water", distances_m={"level-1": 200.0, "level-2": 300.0}))


@pytest.mark.parametrize(
    ("stronger", "weaker", "expected"),
    [
        (NEAR, NEAR, None),
        (NEAR_BOTH, NEAR, None),
        (NEAR_ALL, NEAR, None),
        (NEAR_ALL, NEAR_BOTH, None),
        # Near level 2 as well, of which the milder rule does not speak.
        (NEAR, NEAR_BOTH, "prohibited"),
        (NEAR, NEAR_ALL, "prohibited"),
        (NEAR_BOTH, NEAR_ALL, "prohibited"),
        # Another distance is another place, also a larger one.
        ({**NEAR, "distance": "2 km"}, NEAR, "prohibited"),
    ],
)
def test_a_milder_rule_on_a_distance_lifts_a_ban_on_the_same_classes(
    stronger: object, weaker: object, expected: str | None
) -> None:
    found = decisions(BESIDE, rule("R001", "restrict", stronger, over=["R002"]), rule("R002", "prohibit", weaker))
    assert found == {"R001": "restricted", "R002": expected}


def test_a_milder_rule_on_a_smaller_part_of_the_zone_lifts_nothing() -> None:
    named = {**ONE, "zones": ["乙"]}
    two_zones = hit("level-1", 6000.0)
    zones = (
        replace(two_zones.zones[0], overlap_m2=5000.0),
        replace(two_zones.zones[0], id="z2", name="乙", overlap_m2=1000.0),
    )
    here = site(overlap("water", replace(two_zones, zones=zones)))
    found = judged(here, rule("R001", "restrict", named, over=["R002"]), rule("R002", "prohibit"))
    assert found["R001"].outcome == "applies"
    assert found["R002"].decision == "prohibited"


@pytest.mark.parametrize("where", [ONE, BOTH, ELSEWHERE])
def test_a_milder_rule_of_the_whole_territory_lifts_a_ban_anywhere(where: object) -> None:
    here = replace(IN_BOTH, overlaps={**IN_BOTH.overlaps, "farmland": overlap("farmland", hit("level-1", 9.0))})
    found = decisions(here, rule("R001", "restrict", None, over=["R002"]), rule("R002", "prohibit", where))
    assert found["R002"] is None


@pytest.mark.parametrize(
    ("stronger", "weaker"), [("prohibit", "prohibit"), ("prohibit", "restrict"), ("restrict", "restrict")]
)
@pytest.mark.parametrize("where", [BOTH, ALL, TWO])
def test_a_rule_that_is_no_milder_takes_the_place_on_any_land(stronger: str, weaker: str, where: object) -> None:
    found = judged(IN_BOTH, rule("R001", stronger, over=["R002"]), rule("R002", weaker, where))["R002"]
    assert (found.overridden_by, found.decision) == ("R001", None)


# --- while it is not known whether the stronger rule applies


def open_rule(effect: str, **changes: Any) -> Rule:
    return rule("R001", effect, over=["R002"], when={"building": "yes"}, **changes)


@pytest.mark.parametrize(
    ("stronger", "weaker", "decision"),
    [
        ("encourage", "prohibit", "undetermined"),
        ("require", "prohibit", "undetermined"),
        ("restrict", "prohibit", "undetermined"),
        ("encourage", "restrict", "undetermined"),
        # Whatever the answer, the project is bound no less.
        ("prohibit", "prohibit", "prohibited"),
        ("restrict", "restrict", "restricted"),
        ("prohibit", "restrict", "restricted"),
        # What moves no decision waits for nothing.
        ("encourage", "require", None),
    ],
)
def test_a_rule_waits_for_a_milder_one_of_which_it_is_not_known_whether_it_applies(
    stronger: str, weaker: str, decision: str | None
) -> None:
    found = judged(IN_ONE, open_rule(stronger), rule("R002", weaker))["R002"]
    assert (found.decision, found.overridden_by) == (decision, None)


def test_a_rule_that_waits_asks_what_the_other_one_asks() -> None:
    found = judged(IN_ONE, open_rule("restrict"), rule("R002", "prohibit"))["R002"]
    assert (found.outcome, found.possible_effects, found.missing_facts, found.missing_layers) == (
        "undetermined",
        ("prohibit",),
        ("building",),
        (),
    )
    concluded = conclude(judge(book(open_rule("restrict"), rule("R002", "prohibit")), IN_ONE), VOCABULARY)
    assert concluded.decision == "undetermined"
    assert [question.fact for question in concluded.missing_facts] == ["building"]
    # The rule that would lift it is asked about together with the one that would be lifted.
    assert concluded.missing_facts[0].why == ("R001", "R002")


@pytest.mark.parametrize(("building", "decision"), [(True, "restricted"), (False, "prohibited")])
def test_the_answer_settles_what_waited_for_it(*, building: bool, decision: str) -> None:
    here = replace(IN_ONE, facts=FactSheet({"building": building}))
    found = Judge(book(open_rule("restrict"), rule("R002", "prohibit"))).findings(here)
    assert conclude(found, VOCABULARY).decision == decision


def test_a_ban_on_other_land_waits_for_no_milder_rule() -> None:
    doubtful = overlap("water", hit("level-1", 60.0, "possible"))
    sure = overlap("farmland", hit("level-1", 60.0))
    found = judged(
        site(doubtful, sure), rule("R001", "restrict", ONE, over=["R002"]), rule("R002", "prohibit", ELSEWHERE)
    )
    assert found["R002"].decision == "prohibited"


def test_what_is_itself_not_known_stays_as_it_is() -> None:
    asks = rule("R002", "prohibit", when={"supply": "yes"})
    found = judged(IN_ONE, open_rule("restrict"), asks)["R002"]
    assert (found.outcome, found.missing_facts) == ("undetermined", ("supply",))


def test_a_rule_that_waits_for_a_procedure_stays_blocked() -> None:
    waits = rule("R002", "prohibit", curable={"zh": "先调查", "en": "survey first"})
    found = judged(IN_ONE, open_rule("restrict"), waits)["R002"]
    assert (found.outcome, found.blocked, found.decision) == ("applies", True, "undetermined")


def test_a_proviso_that_can_make_the_stronger_rule_milder_leaves_the_ban_open() -> None:
    softened = rule("R001", "prohibit", over=["R002"], provisos=[{"when": {"supply": "yes"}, "effect": "restrict"}])
    here = replace(IN_ONE, facts=FactSheet({}))
    found = judged(here, softened, rule("R002", "prohibit"))["R002"]
    assert (found.decision, found.missing_facts) == ("undetermined", ("supply",))
    for supply, decision in ((True, "restricted"), (False, "prohibited")):
        told = replace(IN_ONE, facts=FactSheet({"supply": supply}))
        assert conclude(judge(book(softened, rule("R002", "prohibit")), told), VOCABULARY).decision == decision


def test_a_proviso_that_can_lift_the_stronger_rule_leaves_the_ban_as_it_is() -> None:
    lifted = rule("R001", "prohibit", over=["R002"], provisos=[{"when": {"supply": "yes"}, "effect": "none"}])
    found = judged(IN_ONE, lifted, rule("R002", "prohibit"))["R002"]
    assert found.decision == "prohibited"
    told = replace(IN_ONE, facts=FactSheet({"supply": True}))
    assert decisions(told, lifted, rule("R002", "prohibit")) == {"R001": None, "R002": "prohibited"}
