"""What must never be permitted, and what must stay possible: places x activities x construction, with its legal basis.

Every line of the first table is asked twice: with nothing known but what it names, and with every other answer as
harmless as can be, all permits held. Neither may end with "permitted".
"""

from dataclasses import replace

import pytest

from matrix import Matrix, harmless_answers
from matrix_lines import ALLOWED_BY_PURPOSE, BANNED, HELD, NEVER_PERMITTED, STAYS_POSSIBLE, Line, Possible, words
from zoning.rules.finding import apply_rule
from zoning.rules.rule import STRICTNESS, Rule
from zoning.workspace import Workspace, builtin_root

MATRIX = Matrix(Workspace.open(builtin_root()))
BOOK = MATRIX.workspace.rulebook
VOCABULARY = BOOK.vocabulary
BARE = harmless_answers(VOCABULARY, permits=False)


@pytest.mark.parametrize("line", NEVER_PERMITTED, ids=lambda line: line.basis)
def test_it_is_never_permitted(line: Line) -> None:
    slipped = []
    for territory, day, class_id, construction, activity in line.cells():
        told = {"construction": construction, "activity": activity}
        for known, answers in (("told", told), ("harmless", {**HELD, **told})):
            if not MATRIX.is_at_least("restricted", (territory, day, line.layer, class_id), MATRIX.sheet(answers)):
                slipped.append((territory, str(day), class_id, construction, activity, known))
    assert slipped == []


@pytest.mark.parametrize("line", BANNED, ids=lambda line: line.basis)
def test_it_is_prohibited_whatever_else_is_said(line: Line) -> None:
    purposes = VOCABULARY.facts["purpose"].values
    slipped = []
    for territory, day, class_id, construction, activity in line.cells():
        # A purpose is no free pass: what is named for research, supply or restoration is looked at by its activity.
        for purpose in ("other",) if activity in ALLOWED_BY_PURPOSE else purposes:
            told = {**BARE, "construction": construction, "activity": activity, "purpose": purpose}
            if not MATRIX.is_at_least("prohibited", (territory, day, line.layer, class_id), MATRIX.sheet(told)):
                slipped.append((territory, str(day), class_id, construction, activity, purpose))
    assert slipped == []


@pytest.mark.parametrize("line", STAYS_POSSIBLE, ids=lambda line: line.basis)
def test_it_stays_possible(line: Possible) -> None:
    barred = []
    sheet = MATRIX.sheet({**HELD, **dict(line.facts)})
    for territory in line.territories:
        for day in line.days:
            decision = MATRIX.decide(MATRIX.place(territory, day, line.layer, line.class_id), sheet)
            if decision not in line.decisions:
                barred.append((territory, str(day), decision))
    assert barred == []


# What harmless-looking work beside the project, or a purpose that is only named, must not do: soften a rule.
PULLING = [rule for rule in BOOK.rules if rule.scope != "baseline" and rule.effects & {"prohibit", "restrict"}]
PROJECTS = words(
    *("coking", "chemical", "hazardous-chemicals-storage", "waste-disposal", "livestock", "housing", "hotel", "kiln"),
    *("coal-mining", "quarrying", "soil-digging", "photovoltaic", "tourism", "road-rail", "graves", "land-clearing"),
)
BESIDE = ("research-monitoring", "water-supply", "tree-planting", "mine-restoration", "crop-farming", "other")


def strictness(rule: Rule, construction: str, *activities: str, purpose: str = "other") -> int:
    """Return how strict a rule is inside its first zone; below all effects where it does not apply."""
    here = MATRIX.first_place(rule)
    assert here is not None
    told = {**BARE, "construction": construction, "activity": list(activities), "purpose": purpose}
    finding = apply_rule(rule, replace(here, facts=MATRIX.sheet(told)), BOOK)
    if finding.outcome == "does_not_apply":
        return -1
    return max(STRICTNESS[effect] for effect in (finding.effect, *finding.possible_effects))


def test_every_rule_has_a_zone_of_the_matrix() -> None:
    assert [rule.id for rule in PULLING if MATRIX.first_place(rule) is None] == []


@pytest.mark.parametrize("construction", ["new", "none"])
def test_harmless_work_beside_a_project_softens_no_rule(construction: str) -> None:
    softened = [
        (rule.id, activity)
        for rule in PULLING
        for activity in PROJECTS
        if strictness(rule, construction, activity, *BESIDE) < strictness(rule, construction, activity)
    ]
    assert softened == []


def test_a_purpose_that_is_only_named_softens_no_rule() -> None:
    softened = []
    for rule in (rule for rule in PULLING if "purpose" in rule.facts):
        for activity in words("industry", "mining", "storage-waste", "town", "photovoltaic", but="public-service"):
            plain = strictness(rule, "new", activity)
            purposes = VOCABULARY.facts["purpose"].values
            named = ((strictness(rule, "new", activity, purpose=purpose), purpose) for purpose in purposes)
            softened += [(rule.id, activity, purpose) for found, purpose in named if found < plain]
    assert softened == []
