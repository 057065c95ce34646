"""Attacks on the rule engine: findings that are kept, bands, shared borders, rules that make others step back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import Polygon

from zoning.citations import Document
from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import Beyond, ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.finding import apply_rule
from zoning.rules.judge import Judge
from zoning.rules.places import Where
from zoning.rules.relations import decide_where
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import Truth
from zoning.rules.verdict import Finding

ON = date(2026, 6, 1)
HECTARE = 10_000.0
ANY = {"zh": "某", "en": "some"}
LAYER = Layer.model_validate(
    {
        "id": "water",
        "title": ANY,
        "group": "protection",
        "authority": ANY,
        "source": ANY,
        "crs": "EPSG:4490",
        "schematic": True,
        "accuracy_m": "10",
        "id_field": "id",
        "name_field": "name",
        "class_field": "class",
        "classes": {
            "level-1": {"title": {"zh": "一级", "en": "level 1"}, "codes": ["1"]},
            "level-2": {"title": {"zh": "二级", "en": "level 2"}, "codes": ["2"]},
            "unlevelled": {"title": {"zh": "未分级", "en": "no level"}, "codes": ["0"], "may_be": ["level-1"]},
        },
        "editions": {"new": {"file": "b", "valid_from": "2020-01-01"}},
        "coverage": {"territories": ["t"]},
    }
)
VOCABULARY = Vocabulary.model_validate({"facts": {"building": {"title": ANY, "question": ANY, "kind": "yes_no"}}})
DOCUMENT = Document.model_validate(
    {
        "title": ANY,
        "number": "某〔2023〕1号",
        "issuer": ANY,
        "issued": "2023-01-01",
        "weight": "plan",
        "territories": ["t"],
        "valid_from": "2023-01-01",
    }
)


def rule(name: str, **changes: object) -> Rule:
    raw: dict[str, object] = {
        "id": name,
        "document": "d",
        "title": ANY,
        "says": ANY,
        "citation": {"document": "d", "section": "一", "lines": "L1", "anchor": "某"},
        "territories": ["t"],
        "in_force": {"from": "2023-01-01"},
        "scope": "zone",
        "where": {"layer": "water"},
        "effect": "prohibit",
    }
    return Rule.model_validate({**raw, **changes})


def book(*rules: Rule) -> Rulebook:
    return Rulebook(rules, {"d": DOCUMENT}, VOCABULARY, "0" * 64)


def hit(class_id: str, area_m2: float) -> ClassOverlap:
    zone = ZoneOverlap("z1", "甲", area_m2, 0.0, Polygon(), Polygon(), {})
    return ClassOverlap(
        class_id,
        assumed=False,
        zones=(zone,),
        overlap_m2=area_m2,
        share=area_m2 / HECTARE,
        length_m=0.0,
        certainty="certain",
        flips_at_m=None,
    )


def overlap(*classes: ClassOverlap, **changes: Any) -> LayerOverlap:
    status: Any = "affected" if classes else "not_affected"
    found = LayerOverlap("water", "new", status, 10.0, classes, covered_m2=HECTARE, covered_reach_m=5000.0)
    return replace(found, searched_m=5000.0, **changes)


def situation(found: LayerOverlap) -> Situation:
    return Situation("t", HECTARE, {"water": found}, {"water": LAYER}, FactSheet({}), ON)


def where(relation: str, **changes: object) -> Where:
    return Where.model_validate({"layer": "water", "relation": relation, **changes})


def truth(found: LayerOverlap, place: Where) -> Truth:
    return decide_where(place, situation(found), {}).truth


# --- findings that are kept for sites clear of a layer


def partly_covered(covered_m2: float) -> LayerOverlap:
    return overlap(
        status="no_data",
        covered_m2=covered_m2,
        uncovered_m2=HECTARE - covered_m2,
        covered_reach_m=0.0,
        beyond=lambda _, *, unleveled: Beyond(covered_m2, certain=covered_m2 > 0, possible=unleveled or covered_m2 > 0),
    )


@pytest.mark.parametrize("order", [(0.0, 4000.0, 7000.0), (7000.0, 0.0, 4000.0), (4000.0, 7000.0, 0.0)])
@pytest.mark.parametrize("relation", ["outside", "inside", "overlaps", "touches"])
def test_a_finding_that_is_kept_is_that_of_every_site(order: Sequence[float], relation: str) -> None:
    base = book(rule("R001", where={"layer": "water", "relation": relation}))
    judge = Judge(base)
    for covered_m2 in order:
        here = situation(partly_covered(covered_m2))
        assert judge.findings(here) == (apply_rule(base.rules[0], here, base),), covered_m2


def test_what_lies_outside_zones_of_a_site_with_half_its_data_is_its_own() -> None:
    judge = Judge(book(rule("R001", where={"layer": "water", "relation": "outside"})))
    outcomes = [judge.findings(situation(partly_covered(area)))[0].outcome for area in (0.0, 4000.0, 0.0)]
    assert outcomes == ["undetermined", "applies", "undetermined"]


def test_a_zone_without_a_class_beside_a_site_without_data_is_its_own() -> None:
    judge = Judge(book(rule("R001", where={"layer": "water", "relation": "within", "distance": "1 km"})))
    nothing = overlap(status="no_data", covered_m2=0.0, uncovered_m2=HECTARE)
    beside = replace(nothing, unleveled_m=40.0)
    distances = [judge.findings(situation(found))[0].distance_m for found in (nothing, beside, nothing)]
    assert distances == [None, 40.0, None]


# --- borders that may be shared


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"distances_m": {"level-1": 400.0}}, Truth.FALSE),
        ({"distances_m": {"level-1": 4.0}}, Truth.UNKNOWN),
        # A zone whose level is not told may be the one that is meant.
        ({"distances_m": {"unlevelled": 4.0}}, Truth.UNKNOWN),
        ({"distances_m": {"unlevelled": 400.0}}, Truth.FALSE),
        # So may a zone beyond the end of the data.
        ({"covered_reach_m": 4.0}, Truth.UNKNOWN),
        ({"covered_reach_m": 11.0}, Truth.FALSE),
    ],
)
def test_a_shared_border_is_denied_only_where_all_is_known(changes: Mapping[str, Any], expected: Truth) -> None:
    assert truth(overlap(**changes), where("touches", classes=["level-1"])) is expected


# --- bands of distances


@pytest.mark.parametrize(
    ("distances", "unleveled_m", "expected"),
    [
        ({"level-1": 500.0}, None, Truth.TRUE),
        ({"level-1": 200.0}, None, Truth.FALSE),
        # What is too near bears no class: it may not be meant, and the next zone may lie in the band.
        ({"level-1": 200.0}, 200.0, Truth.UNKNOWN),
        ({"level-1": 200.0}, 900.0, Truth.FALSE),
    ],
)
def test_a_zone_without_a_class_takes_nobody_out_of_a_band(
    distances: dict[str, float], unleveled_m: float | None, expected: Truth
) -> None:
    band = where("within", classes=["level-1"], distance={"at_least": "300 m", "below": "1 km"})
    assert truth(overlap(distances_m=distances, unleveled_m=unleveled_m), band) is expected


@pytest.mark.parametrize(
    ("limit", "accuracy_m", "expected"),
    [
        ({"at_most": "300 m"}, 0.0, Truth.UNKNOWN),
        ({"below": "300 m"}, 0.0, Truth.FALSE),
        ({"below": "290 m"}, 10.0, Truth.UNKNOWN),
    ],
)
def test_a_level_that_is_not_told_counts_at_the_limit_as_any_other(
    limit: dict[str, str], accuracy_m: float, expected: Truth
) -> None:
    found = overlap(distances_m={"unlevelled": 300.0}, accuracy_m=accuracy_m)
    assert truth(found, where("within", classes=["level-1"], distance=limit)) is expected


# --- rules that make others step back


def milder(**changes: object) -> Rule:
    override = {"rule": "R002", "because": ANY, "section": "一"}
    return rule("R001", **{"effect": "restrict", "condition": ANY, "overrides": [override], **changes})


def decisions(found: LayerOverlap, *rules: Rule) -> dict[str, str | None]:
    findings: tuple[Finding, ...] = Judge(book(*rules)).findings(situation(found))
    return {finding.rule: finding.decision for finding in findings}


LEVEL_1 = {"layer": "water", "classes": ["level-1"]}
BOTH = {"layer": "water", "classes": ["level-1", "level-2"]}
LARGE_1 = (hit("level-1", 6000.0), hit("level-2", 4000.0))


@pytest.mark.parametrize(
    ("weaker", "classes", "expected"),
    [
        (LEVEL_1, LARGE_1, None),
        # The finding names level 1, the larger one; the ban on the 0.4 ha of level 2 stays.
        (BOTH, LARGE_1, "prohibited"),
        ({"layer": "water"}, LARGE_1, "prohibited"),
        (BOTH, (hit("level-1", 6000.0),), None),
    ],
)
def test_a_milder_rule_lifts_no_ban_on_other_zones(
    weaker: Mapping[str, object], classes: Sequence[ClassOverlap], expected: str | None
) -> None:
    found = decisions(overlap(*classes), milder(where=LEVEL_1), rule("R002", where=weaker))
    assert found == {"R001": "restricted", "R002": expected}


def test_a_milder_rule_lifts_no_ban_that_rests_on_another_place_as_well() -> None:
    near = {"layer": "water", "classes": ["level-1"], "relation": "within", "distance": "1 km"}
    found = overlap(hit("level-1", 6000.0), distances_m={"level-1": 0.0})
    twofold = rule("R002", where=[LEVEL_1, near])
    assert decisions(found, milder(where=LEVEL_1), twofold) == {"R001": "restricted", "R002": "prohibited"}


def test_a_stricter_rule_takes_the_place_of_a_milder_one() -> None:
    override = {"rule": "R002", "because": ANY, "section": "一"}
    ban = rule("R001", where=LEVEL_1, overrides=[override])
    found = decisions(overlap(*LARGE_1), ban, rule("R002", where=BOTH, effect="restrict", condition=ANY))
    assert found == {"R001": "prohibited", "R002": None}


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        # Whatever the answer, it is barred: by the later rule, or by the earlier one.
        ("prohibit", {"R001": "undetermined", "R002": "prohibited"}),
        ("restrict", {"R001": "undetermined", "R002": "undetermined"}),
    ],
)
def test_a_ban_waits_only_for_a_rule_that_could_be_milder(effect: str, expected: Mapping[str, str]) -> None:
    later = milder(where=LEVEL_1, when={"building": "yes"}, effect=effect)
    assert decisions(overlap(hit("level-1", 6000.0)), later, rule("R002", where=LEVEL_1)) == expected


def test_a_named_zone_within_the_accuracy_is_not_passed_over_for_another_that_is_sure() -> None:
    near = ZoneOverlap("z2", "乙", 0.0, 0.0, Polygon(), Polygon(), {})
    found = replace(hit("level-1", 500.0), nearby=(near,))
    assert truth(overlap(found), where("overlaps", zones=["乙"])) is Truth.UNKNOWN
    assert truth(overlap(found), where("overlaps", zones=["甲"])) is Truth.TRUE
    assert truth(overlap(found), where("overlaps", zones=["丙"])) is Truth.FALSE
