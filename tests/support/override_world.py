"""Rules made up for it, a site of a hectare in two layers, and what they say of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shapely.geometry import Polygon

from layer_definitions import made
from zoning.citations import Document
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.judge import judge
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding

ON = date(2026, 6, 1)
HECTARE = 10_000.0
ANY = {"zh": "某", "en": "some"}
LEVELS = {
    "level-1": {"title": {"zh": "一级", "en": "level 1"}, "codes": ["1"]},
    "level-2": {"title": {"zh": "二级", "en": "level 2"}, "codes": ["2"]},
}
LAYERS = {name: made(id=name, classes=LEVELS) for name in ("water", "farmland")}
VOCABULARY = Vocabulary.model_validate(
    {"facts": {name: {"title": ANY, "question": ANY, "kind": "yes_no"} for name in ("building", "supply")}}
)
DOCUMENT: dict[str, object] = {
    "title": ANY,
    "number": "某〔2023〕1号",
    "issuer": ANY,
    "issued": "2023-01-01",
    "weight": "plan",
    "territories": ["t"],
    "valid_from": "2023-01-01",
}
ONE = {"layer": "water", "classes": ["level-1"]}
TWO = {"layer": "water", "classes": ["level-2"]}
BOTH = {"layer": "water", "classes": ["level-1", "level-2"]}
ALL = {"layer": "water"}
ELSEWHERE = {"layer": "farmland"}


def rule(name: str, effect: str, where: object = ONE, *, over: Sequence[str] = (), **changes: object) -> Rule:
    raw: dict[str, object] = {
        "id": name,
        "document": "d",
        "title": ANY,
        "says": ANY,
        "citation": {"document": "d", "section": "一", "lines": "L1", "anchor": "某"},
        "territories": ["t"],
        "in_force": {"from": "2023-01-01"},
        "scope": "zone" if where else "attribute",
        "effect": effect,
        "overrides": [{"rule": other, "because": ANY, "section": "一"} for other in over],
    }
    if where:
        raw["where"] = where
    return Rule.model_validate({**raw, **changes})


def book(*rules: Rule, verified: bool = True) -> Rulebook:
    return Rulebook(rules, {"d": Document.model_validate({**DOCUMENT, "verified": verified})}, VOCABULARY, "")


def hit(class_id: str, area_m2: float, certainty: Any = "certain") -> ClassOverlap:
    zone = ZoneOverlap("z1", "甲", area_m2, 0.0, Polygon(), Polygon(), {})
    return ClassOverlap(class_id, False, (zone,), area_m2, area_m2 / HECTARE, 0.0, certainty, None)  # noqa: FBT003 - of a class


def overlap(layer: str, *classes: ClassOverlap, **changes: Any) -> LayerOverlap:
    status: Any = "affected" if classes else "not_affected"
    found = LayerOverlap(layer, "new", status, 0.0, classes, covered_m2=HECTARE, covered_reach_m=5000.0)
    return replace(found, searched_m=5000.0, **changes)


def site(*overlaps: LayerOverlap, **facts: bool) -> Situation:
    found = {one.layer: one for one in (overlap("water"), overlap("farmland"), *overlaps)}
    return Situation("t", HECTARE, found, LAYERS, FactSheet(facts), ON)


def judged(situation: Situation, *rules: Rule) -> dict[str, Finding]:
    return {finding.rule: finding for finding in judge(book(*rules), situation)}


def decisions(situation: Situation, *rules: Rule) -> dict[str, str | None]:
    return {name: finding.decision for name, finding in judged(situation, *rules).items()}


IN_ONE = site(overlap("water", hit("level-1", 6000.0)))
IN_BOTH = site(overlap("water", hit("level-1", 6000.0), hit("level-2", 4000.0)))
IN_TWO_MOSTLY = site(overlap("water", hit("level-1", 4000.0), hit("level-2", 6000.0)))
