"""Situations drawn at random against the built-in layers, facts and rules: for properties that hold for all of them."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from zoning.layers.catalogue import Catalogue, Layer
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.cases import Case, situation_of
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Condition, Not
from zoning.rules.decision import Conclusion, conclude
from zoning.rules.facts import Fact, Vocabulary
from zoning.rules.judge import Judge
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding
from zoning.workspace import Workspace

TERRITORIES = ("140522", "140502", "140825", "1403")
DAYS = (date(2024, 6, 1), date(2025, 8, 1), date(2026, 3, 15), date(2026, 8, 14), date(2026, 8, 15))


def overlaps_of(layer: Layer) -> st.SearchStrategy[Any]:
    """Draw what the overlay found in one layer: nothing at all, no data, or zones of some classes."""
    amount = st.fixed_dictionaries({"length": st.just("120 m")} if layer.geometry == "line" else {"area": AREAS})
    state = st.one_of(
        amount, amount, st.just({"certainty": "possible"}), st.fixed_dictionaries({"distance": DISTANCES})
    )
    zones = st.dictionaries(st.sampled_from(sorted(layer.classes)), state, min_size=1, max_size=2)
    return st.one_of(zones, zones, st.just("no data"))


AREAS = st.sampled_from(["1 m2", "900 m2", "5000 m2", "10000 m2"])
DISTANCES = st.sampled_from(["3 m", "299 m", "300 m", "800 m", "1 km", "1500 m", "19 km", "40 km"])


def answers_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Draw an answer to a fact."""
    if fact.kind == "yes_no":
        return st.sampled_from(["yes", "no"])
    if fact.kind == "number":
        return st.sampled_from(["0", "1", "1.5", "10", "20", "35", "60", "100", "150"])
    if fact.kind == "choices":
        return st.lists(st.sampled_from(sorted(fact.values)), min_size=1, max_size=2, unique=True)
    return st.sampled_from(sorted(fact.values))


def facts_of(vocabulary: Vocabulary, *, least: int = 0, most: int = 30) -> st.SearchStrategy[dict[str, Any]]:
    """Draw answers to some facts; construction and activity are mostly known."""
    usual = {name: answers_of(vocabulary.facts[name]) for name in ("construction", "activity", "purpose")}
    # What the check works out itself never becomes known later.
    known = {name for name, fact in vocabulary.facts.items() if fact.kind == "code" or fact.worked_out}
    others = [name for name in vocabulary.facts if name not in usual and name not in known]
    some = st.lists(st.sampled_from(others), min_size=least, max_size=most, unique=True)
    return st.tuples(
        st.fixed_dictionaries({}, optional=usual), some.flatmap(lambda names: _answers(vocabulary, names))
    ).map(lambda both: {**both[0], **both[1]})


def _answers(vocabulary: Vocabulary, names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: answers_of(vocabulary.facts[name]) for name in names})


@st.composite
def cases(draw: st.DrawFn, workspace: Workspace) -> Case:
    """Draw a case: territory, day, up to five layers that are not clear, some facts."""
    layers = workspace.catalogue.layers
    rulebook = workspace.rulebook
    spoken = sorted({where.layer for rule in rulebook.rules for where in rule.places} & layers.keys())
    names = draw(st.lists(st.sampled_from(spoken), max_size=5, unique=True))
    return Case(
        name="drawn",
        on=draw(st.sampled_from(DAYS)),
        territory=draw(st.sampled_from(TERRITORIES)),
        layers={name: draw(overlaps_of(layers[name])) for name in names},
        facts=draw(facts_of(rulebook.vocabulary)),
        expect="applies",
    )


def changed(case: Case, part: str, name: str, value: Any) -> Case:
    """Return a case with another layer or fact."""
    told = case.model_dump(exclude_none=True)
    return Case.model_validate({**told, part: {**told[part], name: value}})


def judged(case: Case, rulebook: Rulebook, catalogue: Catalogue) -> tuple[dict[str, Finding], Conclusion]:
    """Judge a case by the whole base."""
    return judged_situation(situation_of(case, catalogue, rulebook), rulebook)


def judged_situation(situation: Situation, rulebook: Rulebook) -> tuple[dict[str, Finding], Conclusion]:
    """Judge a situation by the whole base."""
    judge = Judge(rulebook)
    findings = judge.findings(situation)
    conclusion = conclude(findings, rulebook.vocabulary, unread_layers=judge.unread_layers(situation))
    return {finding.rule: finding for finding in findings}, conclusion


def lifting_layers(rule: Rule) -> set[str]:
    """Return the layers whose zones can soften a rule: named in a proviso that softens, denied, or to be outside of."""
    found = {where.layer for where in rule.where if where.relation == "outside"}
    if rule.when is not None:
        found |= _lifting(rule.when, positive=True)
    for row, proviso in zip(rule.rows, rule.provisos, strict=True):
        softer = STRICTNESS[proviso.effect] < STRICTNESS[rule.effect]
        found |= _lifting(row, positive=not softer)
    return found


def _lifting(condition: Condition, *, positive: bool) -> set[str]:
    if isinstance(condition, AllOf | AnyOf):
        return set().union(*(_lifting(part, positive=positive) for part in condition.parts))
    if isinstance(condition, Not):
        return _lifting(condition.part, positive=not positive)
    if isinstance(condition, AtPlace):
        grows = condition.where.relation != "outside" and not _upper(condition)
        return set() if grows == positive else {condition.where.layer}
    return set()


def _upper(condition: AtPlace) -> bool:
    limits = [relation for _, band, _ in condition.where.bands() for relation, _ in band.limits()]
    far = condition.where.relation == "within"
    return any(relation in (("at_least", "above") if far else ("at_most", "below")) for relation in limits)


def turned(overlap: LayerOverlap) -> LayerOverlap:
    """Return the same overlap with its classes the other way round."""
    distances = dict(reversed(list((overlap.distances_m or {}).items())))
    return replace(overlap, classes=tuple(reversed(overlap.classes)), distances_m=distances or None)


def shuffled(rulebook: Rulebook, order: list[int]) -> Rulebook:
    """Return the same rulebook with its rules in another order."""
    return replace(rulebook, rules=tuple(rulebook.rules[number] for number in order), _chosen={})
