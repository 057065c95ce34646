"""One rule applied to one site, field by field: outcome, effect, what is asked, what is told, what is cited."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import Polygon

from layer_definitions import made
from zoning.citations import Document
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.finding import NOT_MET, PROVISO, UNVERIFIED, Prepared, apply_prepared, apply_rule
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding
from zoning.texts import Text

ON = date(2026, 6, 1)
HECTARE = 10_000.0
ANY = {"zh": "某", "en": "some"}
CITED: dict[str, object] = {"document": "d", "section": "一", "lines": "L1", "anchor": "某"}
LEVELS = {
    "level-1": {"title": {"zh": "一级", "en": "level 1"}, "codes": ["1"]},
    "level-2": {"title": {"zh": "二级", "en": "level 2"}, "codes": ["2"]},
}
LAYERS = {name: made(id=name, title={"zh": name, "en": name}, classes=LEVELS) for name in ("water", "farm")}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            name: {"title": {"zh": zh, "en": name}, "question": ANY, "kind": "yes_no"}
            for name, zh in (("building", "建设"), ("supply", "供水"), ("new", "新建"))
        }
    }
)
DOCUMENT: dict[str, object] = {
    "title": {"zh": "规划", "en": "plan"},
    "number": "某〔2023〕1号",
    "issuer": {"zh": "某县", "en": "county"},
    "issued": "2023-01-01",
    "weight": "plan",
    "territories": ["t"],
    "valid_from": "2023-01-01",
}
WHERE = {"layer": "water", "classes": ["level-1"]}


def rule(**changes: object) -> Rule:
    raw: dict[str, object] = {
        "id": "R042",
        "document": "d",
        "title": {"zh": "禁止建设", "en": "no building"},
        "says": ANY,
        "citation": CITED,
        "territories": ["t"],
        "in_force": {"from": "2023-01-01"},
        "scope": "zone",
        "where": WHERE,
        "effect": "prohibit",
    }
    return Rule.model_validate({**raw, **changes})


def book(*rules: Rule, **document: object) -> Rulebook:
    documents = {name: Document.model_validate({**DOCUMENT, **document}) for name in ("d", "e")}
    return Rulebook(rules, documents, VOCABULARY, "")


def hit(class_id: str = "level-1", area_m2: float = 1234.56789, certainty: Any = "certain") -> ClassOverlap:
    zone = ZoneOverlap("z1", "甲", area_m2, 0.0, Polygon(), Polygon(), {})
    return ClassOverlap(class_id, False, (zone,), area_m2, area_m2 / HECTARE, 0.0, certainty, None)  # noqa: FBT003 - of a class


def overlap(layer: str, *classes: ClassOverlap, **changes: Any) -> LayerOverlap:
    status: Any = "affected" if classes else "not_affected"
    found = LayerOverlap(layer, "2020", status, 0.0, classes, covered_m2=HECTARE, covered_reach_m=5000.0)
    return replace(found, **changes)


def site(*overlaps: LayerOverlap, **facts: bool) -> Situation:
    found = {one.layer: one for one in (overlap("water"), overlap("farm"), *overlaps)}
    return Situation("t", HECTARE, found, LAYERS, FactSheet(facts), ON)


def apply(one: Rule, here: Situation, **document: object) -> Finding:
    return apply_rule(one, here, book(one, **document))


HIT = overlap("water", hit())
MAYBE = overlap("water", hit(certainty="possible"))
NO_DATA = overlap("water", status="no_data", covered_m2=0.0, uncovered_m2=HECTARE)
YES = {"building": True}
ASKS = rule(when={"building": "yes"})


# --- place and condition together


@pytest.mark.parametrize(
    ("water", "facts", "outcome"),
    [
        # Both must hold; one of them that does not settles it, whatever the other one is.
        (HIT, {"building": True}, "applies"),
        (HIT, {}, "undetermined"),
        (HIT, {"building": False}, "does_not_apply"),
        (MAYBE, {"building": True}, "undetermined"),
        (MAYBE, {}, "undetermined"),
        (MAYBE, {"building": False}, "does_not_apply"),
        (overlap("water"), {"building": True}, "does_not_apply"),
        (overlap("water"), {}, "does_not_apply"),
        (overlap("water"), {"building": False}, "does_not_apply"),
        (NO_DATA, {"building": True}, "undetermined"),
        (NO_DATA, {}, "undetermined"),
        (NO_DATA, {"building": False}, "does_not_apply"),
    ],
)
def test_the_outcome(water: LayerOverlap, facts: dict[str, bool], outcome: str) -> None:
    assert apply(ASKS, site(water, **facts)).outcome == outcome


@pytest.mark.parametrize(
    ("water", "facts", "missing_facts", "missing_layers"),
    [
        (HIT, YES, (), ()),
        (HIT, {}, ("building",), ()),
        (MAYBE, YES, (), ("water",)),
        (MAYBE, {}, ("building",), ("water",)),
        (NO_DATA, {}, ("building",), ("water",)),
        # What does not apply asks for nothing.
        (overlap("water"), {}, (), ()),
        (NO_DATA, {"building": False}, (), ()),
    ],
)
def test_what_is_asked(
    water: LayerOverlap, facts: dict[str, bool], missing_facts: tuple[str, ...], missing_layers: tuple[str, ...]
) -> None:
    found = apply(ASKS, site(water, **facts))
    assert (found.missing_facts, found.missing_layers) == (missing_facts, missing_layers)


@pytest.mark.parametrize(
    ("effect", "scope", "applies", "open_"),
    [
        ("prohibit", "zone", "prohibited", "undetermined"),
        ("restrict", "zone", "restricted", "undetermined"),
        ("require", "zone", None, None),
        ("encourage", "zone", None, None),
        ("prohibit", "baseline", None, None),
        ("prohibit", "attribute", "prohibited", "undetermined"),
    ],
)
def test_what_a_finding_asks_for(effect: str, scope: str, applies: str | None, open_: str | None) -> None:
    one = rule(effect=effect, scope=scope, when={"building": "yes"})
    assert apply(one, site(HIT, building=True)).decision == applies
    assert apply(one, site(HIT)).decision == open_
    assert apply(one, site(HIT, building=False)).decision is None


def test_a_rule_without_a_place_holds_anywhere() -> None:
    found = apply(rule(where=(), scope="attribute"), site())
    assert (found.outcome, found.layer) == ("applies", None)
    assert found.reasons == (Text("适用于整个辖区", "holds in the whole territory"),)


# --- provisos, from the first to the last


def provisos(*entries: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {"when": {fact: "yes"}, "effect": effect, "condition": {"zh": fact, "en": fact}} for fact, effect in entries
    ]


@pytest.mark.parametrize(
    ("facts", "outcome", "effect", "possible", "missing"),
    [
        # The first row that holds counts.
        ({"building": True, "supply": True}, "applies", "restrict", (), ()),
        ({"building": False, "supply": True}, "applies", "require", (), ()),
        ({"building": False, "supply": False}, "applies", "prohibit", (), ()),
        # An unknown row leaves both: what it says, and what comes after it.
        ({"supply": True}, "undetermined", "restrict", ("restrict", "require"), ("building",)),
        ({"building": False}, "undetermined", "prohibit", ("require", "prohibit"), ("supply",)),
        ({}, "undetermined", "prohibit", ("restrict", "require", "prohibit"), ("building", "supply")),
        # After a row that holds no later one is asked.
        ({"building": True}, "applies", "restrict", (), ()),
    ],
)
def test_provisos(
    facts: dict[str, bool], outcome: str, effect: str, possible: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    one = rule(provisos=provisos(("building", "restrict"), ("supply", "require")))
    found = apply(one, site(HIT, **facts))
    assert (found.outcome, found.effect, found.possible_effects, found.missing_facts) == (
        outcome,
        effect,
        possible,
        missing,
    )


@pytest.mark.parametrize(
    ("supply", "outcome", "effect"),
    [(True, "does_not_apply", "prohibit"), (False, "applies", "prohibit"), (None, "undetermined", "prohibit")],
)
def test_a_proviso_can_lift_the_rule(*, supply: bool | None, outcome: str, effect: str) -> None:
    one = rule(provisos=provisos(("supply", "none")))
    facts = {} if supply is None else {"supply": supply}
    found = apply(one, site(HIT, **facts))
    assert (found.outcome, found.effect) == (outcome, effect)
    # That the rule may be lifted is no effect.
    assert found.possible_effects == (("prohibit",) if supply is None else ())


def test_a_proviso_with_the_effect_of_the_rule_leaves_nothing_open() -> None:
    one = rule(provisos=provisos(("supply", "prohibit")))
    found = apply(one, site(HIT))
    assert (found.outcome, found.decision, found.missing_facts) == ("applies", "prohibited", ())


def test_a_proviso_on_a_place_asks_for_its_layer() -> None:
    one = rule(provisos=[{"when": {"overlaps": {"layer": "farm"}}, "effect": "none"}])
    unknown = overlap("farm", status="no_data", covered_m2=0.0, uncovered_m2=HECTARE)
    found = apply(one, site(HIT, unknown))
    assert (found.outcome, found.missing_layers) == ("undetermined", ("farm",))
    assert apply(one, site(HIT)).outcome == "applies"
    assert apply(one, site(HIT, overlap("farm", hit("level-2", 5.0)))).outcome == "does_not_apply"


def test_a_proviso_is_not_asked_where_the_rule_does_not_hold() -> None:
    one = rule(provisos=provisos(("supply", "none")), when={"building": "yes"})
    found = apply(one, site(HIT, building=False))
    assert (found.missing_facts, found.possible_effects, found.conditions) == ((), (), ())


# --- what is told


def test_figures_are_rounded_to_what_is_told() -> None:
    found = apply(rule(), site(HIT))
    assert (found.overlap_m2, found.share, found.distance_m) == (1234.5679, 0.12345679, None)
    near = rule(where={**WHERE, "relation": "within", "distance": "1 km"})
    told = apply(near, site(overlap("water", distances_m={"level-1": 123.45678})))
    assert (told.distance_m, told.overlap_m2) == (123.457, None)


def test_the_place_of_the_rule_is_named_before_those_of_its_condition() -> None:
    farm = overlap("farm", hit("level-2", 9000.0))
    one = rule(when={"overlaps": {"layer": "farm"}})
    found = apply(one, site(HIT, farm))
    assert (found.layer, found.class_) == ("water", "level-1")
    everywhere = rule(where=(), scope="attribute", when={"overlaps": {"layer": "farm"}})
    found = apply(everywhere, site(farm))
    assert (found.layer, found.class_, found.overlap_m2) == ("farm", "level-2", 9000.0)


@pytest.mark.parametrize(
    ("water", "facts", "reasons"),
    [
        (overlap("water"), {"building": True}, ("does not touch level 1",)),
        (HIT, {"building": False}, (NOT_MET.en,)),
        (HIT, {"building": True}, ("overlaps level 1 (甲) by 0.1235 ha (1.85 mu), 12.35 %",)),
        (HIT, {}, ("overlaps level 1 (甲) by 0.1235 ha (1.85 mu), 12.35 %", "not known: building")),
    ],
)
def test_the_reasons(water: LayerOverlap, facts: dict[str, bool], reasons: tuple[str, ...]) -> None:
    assert tuple(one.en for one in apply(ASKS, site(water, **facts)).reasons) == reasons


def test_facts_that_are_not_known_are_named_together_in_both_languages() -> None:
    found = apply(rule(when={"building": "yes", "new": "yes"}, provisos=provisos(("supply", "restrict"))), site(HIT))
    assert found.reasons[1] == Text("尚不知道：建设、新建、供水", "not known: building, new, supply")


def test_a_condition_on_places_that_is_not_met_is_told_beside_the_place() -> None:
    found = apply(rule(when={"not": {"overlaps": {"layer": "farm"}}}), site(HIT, overlap("farm", hit())))
    assert found.outcome == "does_not_apply"
    assert found.reasons[1] == NOT_MET
    assert found.reasons[0].en.startswith("overlaps level 1")


@pytest.mark.parametrize(("effect", "told"), [("restrict", True), ("prohibit", False)])
def test_that_a_proviso_holds_is_told_where_it_changes_the_effect(effect: str, *, told: bool) -> None:
    found = apply(rule(provisos=provisos(("supply", effect))), site(HIT, supply=True))
    assert (PROVISO in found.reasons) is told


def test_conditions_are_those_of_the_effects_that_are_possible() -> None:
    one = rule(
        condition={"zh": "本条", "en": "own"}, provisos=provisos(("building", "restrict"), ("supply", "require"))
    )
    assert [text.en for text in apply(one, site(HIT, building=True)).conditions] == ["building"]
    assert [text.en for text in apply(one, site(HIT, building=False)).conditions] == ["supply", "own"]
    assert [text.en for text in apply(one, site(HIT)).conditions] == ["building", "supply", "own"]


def test_a_procedure_blocks_a_ban_that_applies_and_nothing_else() -> None:
    survey = {"zh": "先调查", "en": "survey first"}
    one = rule(curable=survey, when={"building": "yes"})
    found = apply(one, site(HIT, building=True))
    assert (found.blocked, found.decision, found.possible_effects) == (True, "undetermined", ("prohibit",))
    assert found.conditions == (Text("先调查", "survey first"),)
    assert not apply(one, site(HIT)).blocked
    assert not apply(one, site(HIT, building=False)).blocked
    milder = apply(rule(curable=survey, effect="restrict"), site(HIT))
    assert (milder.blocked, milder.decision) == (False, "restricted")


# --- what is cited, and whether it was verified


@pytest.mark.parametrize(
    ("citation", "document", "verified"),
    [
        ({}, {}, True),
        ({"verified": False}, {}, False),
        ({}, {"verified": False}, False),
        ({"verified": False}, {"verified": False}, False),
    ],
)
def test_an_article_and_its_document_have_to_be_verified(
    citation: Mapping[str, object], document: dict[str, object], *, verified: bool
) -> None:
    found = apply(rule(citation={**CITED, **citation}), site(HIT), **document)
    assert found.verified is verified
    assert found.decision == ("prohibited" if verified else "undetermined")
    assert (UNVERIFIED in found.conditions) is not verified
    assert found.possible_effects == (() if verified else ("prohibit",))


def test_what_moves_no_decision_needs_no_warning() -> None:
    found = apply(rule(effect="require", citation={**CITED, "verified": False}), site(HIT))
    assert (found.decision, found.conditions, found.possible_effects) == (None, (), ())


def test_the_first_citation_is_the_main_one_and_alone_decides_whether_it_is_verified() -> None:
    second = {**CITED, "document": "e", "section": "二", "verified": False}
    found = apply(rule(citation=[CITED, second]), site(HIT))
    assert (found.citation.document, [one.section for one in found.also], found.verified) == ("d", ["二"], True)
    assert (found.citation.number, found.citation.weight) == ("某〔2023〕1号", "plan")
    assert found.citation.in_force_from == date(2023, 1, 1)


# --- what is shared between sites


def test_what_was_found_for_other_sites_changes_no_finding() -> None:
    one = rule(when={"building": "yes"}, provisos=provisos(("supply", "restrict")))
    prepared = Prepared.of(one, site(), book(one))
    sides: dict[Any, Any] = {}
    for water in (HIT, MAYBE, NO_DATA, overlap("water", hit(area_m2=5.0)), overlap("water")):
        here = site(water, building=True)
        assert apply_prepared(prepared, here, None, sides) == apply(one, here)
    assert len(sides) == 3


def test_rules_on_the_same_place_share_its_answer_and_others_do_not() -> None:
    figures = {"far": {"title": ANY, "unit": "m", "in_force": {"2023-01-01": {"value": "100 m", "source": ANY}}}}
    wider = {"far": {**figures["far"], "in_force": {"2023-01-01": {"value": "500 m", "source": ANY}}}}
    near = {**WHERE, "relation": "within", "distance": "far"}
    here = site(overlap("water", distances_m={"level-1": 300.0}))
    places: dict[str, Any] = {}
    rules = (
        rule(where=near, values=figures),
        rule(id="R043", where=near, values=wider),
        rule(id="R044", where=near, values=figures),
        rule(id="R045"),
    )
    found = [apply_prepared(Prepared.of(one, here, book(*rules)), here, None, None, places) for one in rules]
    assert [one.outcome for one in found] == ["does_not_apply", "applies", "does_not_apply", "does_not_apply"]
    assert len(places) == 3
