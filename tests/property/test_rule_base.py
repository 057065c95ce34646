"""What must hold of the built-in rule base, whatever is found and known."""

import random
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from random_situations import (
    answers_of,
    cases,
    changed,
    judged,
    judged_situation,
    lifting_layers,
    overlaps_of,
    shuffled,
    turned,
)
from zoning.rules.cases import Case, situation_of
from zoning.workspace import Workspace, builtin_root

BASE = Workspace.open(builtin_root())
BOOK, CATALOGUE = BASE.rulebook, BASE.catalogue
ASKED = sorted(name for name, fact in BOOK.vocabulary.facts.items() if fact.kind != "code" and not fact.worked_out)
SPOKEN = sorted({where.layer for rule in BOOK.rules for where in rule.places} & CATALOGUE.layers.keys())
STRICT = {"prohibit", "restrict"}
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
DRAWN = cases(BASE)


@SLOW
@given(DRAWN, st.data())
def test_what_is_decided_stays_when_another_fact_becomes_known(case: Case, data: st.DataObject) -> None:
    before, conclusion = judged(case, BOOK, CATALOGUE)
    unknown = [name for name in ASKED if name not in case.facts]
    open_ = [item.fact for item in conclusion.missing_facts]
    name = data.draw(st.sampled_from(open_ or unknown))
    answer = data.draw(answers_of(BOOK.vocabulary.facts[name]))
    after, concluded = judged(changed(case, "facts", name, answer), BOOK, CATALOGUE)
    for rule, finding in before.items():
        if finding.outcome != "undetermined":
            assert (after[rule].outcome, after[rule].effect) == (finding.outcome, finding.effect), (rule, name, answer)
        elif after[rule].outcome != "does_not_apply":
            assert after[rule].effect in finding.possible_effects, (rule, name, answer)
    if conclusion.decision != "undetermined":
        assert concluded.decision == conclusion.decision


@SLOW
@given(DRAWN, st.sampled_from(SPOKEN))
def test_a_layer_that_is_taken_away_never_permits_and_never_lifts_a_ban(case: Case, layer: str) -> None:
    before, conclusion = judged(case, BOOK, CATALOGUE)
    without = changed(case, "layers", layer, "no data")
    after, concluded = judged(without, BOOK, CATALOGUE)
    assert case.territory is not None
    in_force = BOOK.in_force(case.on, case.territory)
    used = [r for r in in_force if r.scope != "baseline" and r.effects & STRICT]
    if any(where.layer == layer for rule in used for where in rule.places):
        assert concluded.decision != "permitted"
    for rule in in_force:
        banned = before[rule.id].decision == "prohibited"
        if banned and all(where.layer != layer for where in rule.places) and not before[rule.id].overridden_by:
            assert after[rule.id].decision == "prohibited"
            assert concluded.decision == "prohibited"
    if conclusion.decision == "prohibited":
        assert concluded.decision in ("prohibited", "undetermined", "restricted")


@SLOW
@given(DRAWN, st.sampled_from(SPOKEN), st.data())
def test_another_zone_never_makes_it_milder_unless_an_exemption_names_it(
    case: Case, layer: str, data: st.DataObject
) -> None:
    assert case.territory is not None
    in_force = BOOK.in_force(case.on, case.territory)
    assume(layer not in case.layers)
    assume(not any(layer in lifting_layers(rule) for rule in in_force))
    found = data.draw(overlaps_of(CATALOGUE.layers[layer]).filter(lambda drawn: drawn != "no data"))
    _, conclusion = judged(case, BOOK, CATALOGUE)
    _, concluded = judged(changed(case, "layers", layer, found), BOOK, CATALOGUE)
    allowed = {
        "prohibited": {"prohibited"},
        "restricted": {"restricted", "undetermined", "prohibited"},
        # What is certain now can outweigh what was open before: a restriction, never a clearance.
        "undetermined": {"undetermined", "restricted", "prohibited"},
        "permitted": {"permitted", "restricted", "undetermined", "prohibited"},
    }
    assert concluded.decision in allowed[conclusion.decision]


@SLOW
@given(DRAWN, st.randoms(use_true_random=False))
def test_the_order_of_rules_layers_and_zones_is_irrelevant(case: Case, chance: random.Random) -> None:
    order = list(range(len(BOOK.rules)))
    chance.shuffle(order)
    situation = situation_of(case, CATALOGUE, BOOK)
    names = list(situation.overlaps)
    chance.shuffle(names)
    other = replace(situation, overlaps={name: turned(situation.overlaps[name]) for name in names})
    before, conclusion = judged_situation(situation, BOOK)
    after, concluded = judged_situation(other, shuffled(BOOK, order))
    assert {rule: (f.outcome, f.effect, f.decision) for rule, f in before.items()} == {
        rule: (f.outcome, f.effect, f.decision) for rule, f in after.items()
    }
    assert concluded.decision == conclusion.decision
    assert {item.fact for item in concluded.missing_facts} == {item.fact for item in conclusion.missing_facts}
