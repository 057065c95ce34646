"""One rule applied to one situation: place, facts, provisos, and what the finding then asks for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import Polygon, box

from zoning.citations import Document
from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.decision import conclude, summarise
from zoning.rules.facts import Fact, FactSheet, Vocabulary
from zoning.rules.finding import apply_rule
from zoning.rules.judge import judge, unread_layers
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.texts import Text

ON = date(2026, 6, 1)
SOME = Text("某", "some")
TITLES = {
    "level-1": Text("一级", "level 1"),
    "level-2": Text("二级", "level 2"),
    "unlevelled": Text("未分级", "no level"),
}
LAYER = Layer.model_validate(
    {
        "id": "water",
        "title": {"zh": "水源", "en": "water"},
        "group": "protection",
        "authority": {"zh": "某", "en": "some"},
        "source": {"zh": "某", "en": "some"},
        "crs": "EPSG:4490",
        "schematic": True,
        "accuracy_m": "10",
        "id_field": "id",
        "name_field": "name",
        "class_field": "class",
        "classes": {
            "level-1": {"title": {"zh": "一级", "en": "level 1"}, "codes": ["1"]},
            "level-2": {"title": {"zh": "二级", "en": "level 2"}, "codes": ["2"]},
            "old": {"title": {"zh": "旧区", "en": "old"}, "codes": ["9"]},
            "unlevelled": {"title": {"zh": "未分级", "en": "no level"}, "codes": ["0"], "may_be": ["level-1"]},
        },
        "editions": {
            "old": {"file": "a", "valid_from": "2000-01-01", "valid_to": "2019-12-31", "classes": ["old"]},
            "new": {"file": "b", "valid_from": "2020-01-01", "classes": ["level-1", "level-2", "unlevelled"]},
        },
        "coverage": {"territories": ["t"]},
    }
)
VOCABULARY = Vocabulary(
    facts={
        "building": Fact(title=Text("建设", "building"), question=Text("建设吗？", "building?"), kind="yes_no"),
        "supply": Fact(title=Text("供水", "supply"), question=Text("供水吗？", "supply?"), kind="yes_no"),
    }
)
DOCUMENT = Document.model_validate(
    {
        "title": {"zh": "规划", "en": "plan"},
        "number": "某政发〔2023〕1号",
        "issuer": {"zh": "某县", "en": "some county"},
        "issued": "2023-01-01",
        "weight": "plan",
        "territories": ["t"],
        "valid_from": "2023-01-01",
    }
)


def rule(**changes: object) -> Rule:
    raw: dict[str, object] = {
        "id": "R042",
        "document": "d",
        "title": {"zh": "一级区禁止建设", "en": "no building in level 1"},
        "says": {"zh": "某", "en": "some"},
        "citation": {"document": "d", "section": "一", "lines": "L1", "anchor": "某"},
        "territories": ["t"],
        "in_force": {"from": "2023-01-01"},
        "scope": "zone",
        "where": {"layer": "water", "classes": ["level-1"]},
        "when": {"building": "yes"},
        "effect": "prohibit",
    }
    return Rule.model_validate({**raw, **changes})


def book(*rules: Rule) -> Rulebook:
    return Rulebook(rules, {"d": DOCUMENT}, VOCABULARY, "0" * 64)


def hit(class_id: str, area: float, certainty: str = "certain", *, assumed: bool = False) -> ClassOverlap:
    zone = ZoneOverlap("z1", "下芹", area, 0.0, Polygon(), Polygon(), {})
    return ClassOverlap(class_id, assumed, (zone,), area, area / 10_000, 0.0, certainty, None)  # type: ignore[arg-type]  # words of the parameters


def overlap(*classes: ClassOverlap, **changes: Any) -> LayerOverlap:
    status = "affected" if classes else "not_affected"
    found = LayerOverlap("water", "new", status, 10.0, classes, covered_m2=10_000.0, covered_reach_m=5000.0)  # type: ignore[arg-type]  # words of the parameters
    return replace(found, **changes)


def situation(found: LayerOverlap | None, **facts: bool) -> Situation:
    overlaps = {} if found is None else {"water": found}
    return Situation("t", 10_000.0, overlaps, {"water": LAYER}, FactSheet(facts), ON)


@pytest.mark.parametrize(
    ("found", "facts", "outcome", "decision"),
    [
        (overlap(hit("level-1", 120)), {"building": True}, "applies", "prohibited"),
        (overlap(hit("level-1", 120)), {"building": False}, "does_not_apply", None),
        (overlap(hit("level-1", 120)), {}, "undetermined", "undetermined"),
        (overlap(hit("level-2", 120)), {"building": True}, "does_not_apply", None),
        (overlap(), {}, "does_not_apply", None),
        # Within the accuracy of the boundary nothing is certain.
        (overlap(hit("level-1", 5, "possible")), {"building": True}, "undetermined", "undetermined"),
        # A zone without a level may be of the level meant; a zone of another system of classes too.
        (overlap(hit("unlevelled", 120)), {"building": True}, "undetermined", "undetermined"),
        (overlap(hit("old", 120), edition="old"), {"building": True}, "undetermined", "undetermined"),
        # The certain level counts before the doubtful one.
        (overlap(hit("unlevelled", 500), hit("level-1", 9)), {"building": True}, "applies", "prohibited"),
        # No data is never "not affected".
        (overlap(status="no_data", uncovered_m2=10_000.0), {"building": True}, "undetermined", "undetermined"),
        (overlap(uncovered_m2=50.0), {"building": True}, "undetermined", "undetermined"),
        (overlap(uncovered_m2=50.0), {"building": False}, "does_not_apply", None),
        (None, {"building": True}, "undetermined", "undetermined"),
    ],
)
def test_place_and_facts(found: Any, facts: Any, outcome: str, decision: str) -> None:
    finding = apply_rule(rule(), situation(found, **facts), book())
    assert (finding.outcome, finding.decision) == (outcome, decision)


def test_a_finding_names_zone_area_share_and_source() -> None:
    finding = apply_rule(rule(), situation(overlap(hit("level-1", 1234.5)), building=True), book())
    assert finding.reasons[0].zh == "与一级（下芹）重叠 0.1235 公顷（1.85 亩），12.35 %"
    assert (finding.layer, finding.class_, finding.overlap_m2, finding.share) == ("water", "level-1", 1234.5, 0.12345)
    assert (finding.citation.number, finding.citation.section) == ("某政发〔2023〕1号", "一")


def test_an_assumed_level_is_said() -> None:
    finding = apply_rule(rule(), situation(overlap(hit("level-1", 9, assumed=True)), building=True), book())
    assert finding.outcome == "applies"
    assert "按最严级别处理" in finding.reasons[0].zh


@pytest.mark.parametrize(
    ("effect", "facts", "outcome", "shown", "missing"),
    [
        ("none", {"building": True, "supply": True}, "does_not_apply", "prohibit", ()),
        ("none", {"building": True, "supply": False}, "applies", "prohibit", ()),
        ("none", {"building": True}, "undetermined", "prohibit", ("supply",)),
        ("restrict", {"building": True, "supply": True}, "applies", "restrict", ()),
        ("restrict", {"building": True}, "undetermined", "prohibit", ("supply",)),
        ("restrict", {}, "undetermined", "prohibit", ("building", "supply")),
    ],
)
def test_provisos(effect: str, facts: Any, outcome: str, shown: str, missing: tuple[str, ...]) -> None:
    with_proviso = rule(provisos=[{"when": {"supply": "yes"}, "effect": effect}])
    finding = apply_rule(with_proviso, situation(overlap(hit("level-1", 9)), **facts), book())
    assert (finding.outcome, finding.effect, finding.missing_facts) == (outcome, shown, missing)


@pytest.mark.parametrize(
    ("distance", "reach", "outcome"),
    [
        (989.9, 5000, "applies"),
        (990.0, 5000, "undetermined"),  # within the accuracy of 10 m the limit cannot be told
        (1000.0, 5000, "undetermined"),
        (1010.0, 5000, "undetermined"),
        (1010.1, 5000, "does_not_apply"),
        (None, 5000, "does_not_apply"),
        (None, 1009, "undetermined"),  # the layer has no data as far as the rule reaches
        (1010.1, 900, "undetermined"),
        (5.0, 0, "applies"),
    ],
)
def test_within_a_distance(distance: Any, reach: float, outcome: str) -> None:
    near = rule(where={"layer": "water", "classes": ["level-1"], "relation": "within", "distance": "1 km"}, when=None)
    distances = None if distance is None else {"level-1": distance, "level-2": 0.0}
    found = overlap(distances_m=distances, covered_reach_m=float(reach))
    assert apply_rule(near, situation(found), book()).outcome == outcome


@pytest.mark.parametrize(("distance", "outcome"), [(999.999, "applies"), (1000.0, "does_not_apply")])
def test_a_distance_limit_is_half_open_where_the_layer_is_exact(distance: Any, outcome: str) -> None:
    near = rule(where={"layer": "water", "relation": "within", "distance": "limit"}, when=None, values=LIMIT)
    found = overlap(distances_m={"level-1": distance}, accuracy_m=0.0)
    assert apply_rule(near, situation(found), book()).outcome == outcome


LIMIT = {
    "limit": {
        "title": {"zh": "距离", "en": "distance"},
        "unit": "m",
        "in_force": {"2023-01-01": {"value": "1 km", "source": {"zh": "某", "en": "some"}}},
    }
}


@pytest.mark.parametrize(
    ("inside", "uncovered", "outcome", "area"),
    [
        (0.0, 0.0, "applies", 10_000.0),
        (6000.0, 0.0, "applies", 4000.0),
        (9999.5, 0.0, "does_not_apply", 0.0),
        (10_000.0, 0.0, "does_not_apply", 0.0),
        (9000.0, 1000.0, "undetermined", None),
    ],
)
def test_outside(inside: float, uncovered: float, outcome: str, area: Any) -> None:
    outside = rule(where={"layer": "water", "relation": "outside"}, when=None)
    classes = (hit("level-1", inside),) if inside else ()
    found = overlap(*classes, covered_m2=10_000.0 - uncovered, uncovered_m2=uncovered)
    finding = apply_rule(outside, situation(found), book())
    assert (finding.outcome, finding.overlap_m2) == (outcome, area)


def test_outside_counts_overlapping_classes_once() -> None:
    outside = rule(where={"layer": "water", "relation": "outside"}, when=None)
    both = [
        replace(hit(name, 6000.0), zones=(ZoneOverlap(name, "", 6000.0, 0.0, box(0, 0, 60, 100), Polygon(), {}),))
        for name in ("level-1", "level-2")
    ]
    finding = apply_rule(outside, situation(overlap(*both)), book())
    assert (finding.outcome, finding.overlap_m2) == ("applies", 4000.0)


def test_the_strongest_of_several_places_counts() -> None:
    places = [{"layer": "missing"}, {"layer": "water", "classes": ["level-1"]}]
    finding = apply_rule(rule(where=places), situation(overlap(hit("level-1", 9)), building=True), book())
    assert (finding.outcome, finding.layer) == ("applies", "water")
    finding = apply_rule(rule(where=places), situation(overlap(), building=True), book())
    assert (finding.outcome, finding.missing_layers) == ("undetermined", ("missing",))


def test_only_rules_of_the_territory_and_the_day_are_applied() -> None:
    rules = (
        rule(),
        rule(id="R043", territories=["elsewhere"]),
        rule(id="R044", in_force={"from": "2026-06-02"}),
        rule(id="R045", in_force={"from": "2020-01-01", "to": "2026-05-31"}),
        rule(id="R046", in_force={"from": "2026-06-01", "to": "2026-06-01"}),
    )
    assert [finding.rule for finding in judge(book(*rules), situation(overlap()))] == ["R042", "R046"]


def test_a_baseline_rule_never_moves_the_decision() -> None:
    finding = apply_rule(rule(scope="baseline"), situation(overlap(hit("level-1", 9)), building=True), book())
    assert (finding.outcome, finding.decision) == ("applies", None)


# --- the decision

RESTRICT = rule(id="R100", effect="restrict", where={"layer": "water", "classes": ["level-2"]}, when=None)
MAY_RESTRICT = rule(
    id="R101", effect="restrict", where={"layer": "water", "classes": ["level-2"]}, when={"supply": "yes"}
)
BLOCK = rule(id="R136", when=None, curable={"zh": "先调查", "en": "survey first"})
BOTH = overlap(hit("level-1", 9), hit("level-2", 99))


@pytest.mark.parametrize(
    ("rules", "facts", "decision", "blocked", "asked"),
    [
        ((rule(), RESTRICT), {"building": True}, "prohibited", False, []),
        ((rule(), RESTRICT), {"building": False}, "restricted", False, []),
        ((rule(), RESTRICT), {}, "undetermined", False, ["building"]),
        # What could only restrict is not asked for where something restricts already.
        ((MAY_RESTRICT, RESTRICT), {}, "restricted", False, []),
        ((MAY_RESTRICT,), {}, "undetermined", False, ["supply"]),
        # Once prohibited, no question can make it stricter.
        ((rule(), MAY_RESTRICT), {"building": True}, "prohibited", False, []),
        ((BLOCK, RESTRICT), {}, "undetermined", True, []),
        ((BLOCK, rule()), {"building": True}, "prohibited", False, []),
        ((rule(effect="encourage"), rule(id="R050", effect="require")), {}, "permitted", False, []),
        ((rule(effect="encourage"), RESTRICT), {"building": True}, "restricted", False, []),
    ],
)
def test_decision(rules: tuple[Rule, ...], facts: Any, decision: str, *, blocked: bool, asked: list[str]) -> None:
    conclusion = conclude(judge(book(*rules), situation(BOTH, **facts)), VOCABULARY)
    assert (conclusion.decision, conclusion.blocked) == (decision, blocked)
    assert [item.fact for item in conclusion.missing_facts] == asked


def test_a_part_outside_every_territory_is_never_permitted() -> None:
    assert conclude([], VOCABULARY, unchecked_m2=5.0).decision == "undetermined"
    assert conclude([], VOCABULARY).decision == "permitted"


@pytest.mark.parametrize(
    ("rules", "facts", "found", "sentence"),
    [
        (
            (rule(),),
            {"building": True},
            BOTH,
            "与一级（下芹）重叠 0.0009 公顷（0.01 亩），0.09 %：一级区禁止建设（R042）。",
        ),
        ((rule(),), {}, BOTH, "尚待明确建设，可能触及：一级区禁止建设（R042）。"),
        ((BLOCK,), {}, BOTH, "程序受阻：一级区禁止建设（R136）。"),
        (
            (rule(),),
            {"building": True},
            overlap(status="no_data", uncovered_m2=1.0),
            "尚待补齐或核实图层水源，可能触及：一级区禁止建设（R042）。",
        ),
        ((), {}, BOTH, "未发现禁止或限制性规则命中，有关图层均已核查。"),
    ],
)
def test_the_summary_says_what_where_how_much(rules: tuple[Rule, ...], facts: Any, found: Any, sentence: str) -> None:
    conclusion = conclude(judge(book(*rules), situation(found, **facts)), VOCABULARY)
    assert summarise(conclusion, {"water": LAYER.title}, VOCABULARY).zh == sentence


# --- projects of several purposes, and layers that were not read

PURPOSES = Vocabulary(
    facts={
        "purpose": Fact(title=SOME, question=SOME, kind="choices", values={"supply": SOME, "hotel": SOME, "hut": SOME}),
    }
)


@pytest.mark.parametrize(
    ("purpose", "outcome"),
    [
        (("supply",), "does_not_apply"),
        (("hotel",), "applies"),
        # A waterworks with a hotel is no waterworks.
        (("supply", "hotel"), "applies"),
        (("supply", "hut"), "does_not_apply"),
    ],
)
def test_a_proviso_that_lifts_must_hold_for_the_whole_project(purpose: tuple[str, ...], outcome: str) -> None:
    lifted = rule(when=None, provisos=[{"when": {"purpose": ["supply", "hut"]}, "effect": "none"}])
    where = replace(situation(overlap(hit("level-1", 9))), facts=FactSheet({"purpose": purpose}))
    assert apply_rule(lifted, where, replace(book(), vocabulary=PURPOSES)).outcome == outcome


@pytest.mark.parametrize(
    ("when", "purpose", "outcome"),
    [
        ({"purpose": ["hotel"]}, ("supply", "hotel"), "applies"),
        ({"not": {"purpose": ["supply"]}}, ("supply",), "does_not_apply"),
        ({"not": {"purpose": ["supply"]}}, ("supply", "hotel"), "applies"),
        ({"not": {"not": {"purpose": ["supply"]}}}, ("supply", "hotel"), "applies"),
        ({"any": [{"not": {"purpose": ["supply"]}}]}, ("supply", "hotel"), "applies"),
    ],
)
def test_a_rule_binds_as_soon_as_one_part_of_the_project_is_meant(
    when: Any, purpose: tuple[str, ...], outcome: str
) -> None:
    where = replace(situation(overlap(hit("level-1", 9))), facts=FactSheet({"purpose": purpose}))
    assert apply_rule(rule(when=when), where, replace(book(), vocabulary=PURPOSES)).outcome == outcome


def test_a_proviso_that_hardens_needs_only_one_part() -> None:
    hardened = rule(when=None, effect="encourage", provisos=[{"when": {"purpose": ["hotel"]}, "effect": "prohibit"}])
    where = replace(situation(overlap(hit("level-1", 9))), facts=FactSheet({"purpose": ("supply", "hotel")}))
    assert apply_rule(hardened, where, replace(book(), vocabulary=PURPOSES)).effect == "prohibit"


NO_DATA = overlap(status="no_data", uncovered_m2=10_000.0)


@pytest.mark.parametrize(
    ("rules", "facts", "decision", "missing"),
    [
        # The facts take the project out of the rule, but the layer was never read.
        ((rule(),), {"building": False}, "undetermined", ("water",)),
        ((rule(effect="encourage"),), {"building": False}, "permitted", ()),
        ((rule(scope="baseline"),), {"building": False}, "permitted", ()),
        ((rule(where={"layer": "nowhere"}),), {"building": False}, "undetermined", ("nowhere",)),
        # What is found anyway stays.
        ((rule(), rule(id="R050", where=(), scope="attribute", when=None)), {"building": False}, "prohibited", ()),
    ],
)
def test_a_layer_that_was_not_read_permits_nothing(
    rules: tuple[Rule, ...], facts: Any, decision: str, missing: tuple[str, ...]
) -> None:
    where = situation(NO_DATA, **facts)
    found = conclude(judge(book(*rules), where), VOCABULARY, unread_layers=unread_layers(book(*rules), where))
    assert (found.decision, found.missing_layers) == (decision, missing)
    if decision == "undetermined":
        assert summarise(found, {"water": LAYER.title}, VOCABULARY).en.startswith("No data, not checked: ")
