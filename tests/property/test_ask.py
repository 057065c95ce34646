"""The questions are the smallest set whose answers decide the verdict: every answer to every set is tried beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from long_runs import times
from zoning.citations import Document
from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.decision import conclude
from zoning.rules.facts import AtLeast, FactSheet, FactValue, Vocabulary, parse_facts
from zoning.rules.judge import Judge
from zoning.rules.questions.ask import Inquiry, Questions
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook, read_rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Decision
from zoning.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 6, 1)
SOME = {"zh": "某", "en": "some"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "a": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "b": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "kind": {
                "title": SOME,
                "question": SOME,
                "kind": "choice",
                "values": {"new": SOME, "old": SOME, "none": SOME},
            },
            "many": {
                "title": SOME,
                "question": SOME,
                "kind": "choices",
                "values": {"mine": SOME, "hotel": SOME, "farm": SOME},
            },
            "size": {"title": SOME, "question": SOME, "kind": "number", "unit": "t"},
            "code": {
                "title": SOME,
                "question": SOME,
                "kind": "code",
                "pattern": "[A-T][0-9]{4}",
                "examples": ["2521"],
            },
        }
    }
)
CHOICES = ("mine", "hotel", "farm")
# Every answer that the conditions below can tell apart, with some that they cannot.
POSSIBLE: dict[str, tuple[object, ...]] = {
    "a": ("yes", "no"),
    "b": ("yes", "no"),
    "kind": ("new", "old", "none"),
    "many": tuple(list(words) for size in (1, 2, 3) for words in combinations(CHOICES, size)),
    "size": (0, 1, 1.5, 2, 7),
    "code": ("2521", "2524", "2611", "0610", ["2521", "0610"], ["2611", "0610"], ["2521", "2611", "0610"]),
}
DOCUMENT = {
    "title": SOME,
    "number": "某政发〔2023〕1号",
    "issuer": SOME,
    "issued": "2023-01-01",
    "weight": "plan",
    "territories": ["t"],
    "valid_from": "2023-01-01",
}
LAYER = Layer.model_validate(
    {
        "id": "water",
        "title": SOME,
        "group": "protection",
        "authority": SOME,
        "source": SOME,
        "crs": "EPSG:4490",
        "schematic": True,
        "accuracy_m": "10",
        "id_field": "id",
        "name_field": "name",
        "class_field": "class",
        "classes": {"level-1": {"title": SOME, "codes": ["1"]}},
        "editions": {"new": {"file": "b", "valid_from": "2020-01-01"}},
        "coverage": {"territories": ["t"]},
    }
)
CLEAR = LayerOverlap("water", "new", "not_affected", 10.0, covered_m2=10_000.0, covered_reach_m=5000.0)
UNREAD = LayerOverlap("water", "new", "no_data", 10.0, uncovered_m2=10_000.0)

LEAVES = st.one_of(
    st.sampled_from([{"a": "yes"}, {"a": "no"}, {"b": "yes"}, {"b": "no"}]),
    st.sampled_from([{"kind": "new"}, {"kind": ["new", "old"]}, {"many": "mine"}, {"many": ["mine", "hotel"]}]),
    st.sampled_from([{"size": {"at_least": 1}}, {"size": {"above": 1, "at_most": 2}}, {"size": {"below": 2}}]),
    st.sampled_from([{"code": "25"}, {"code": ["C26", "2521"]}, {"overlaps": {"layer": "water"}}]),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
EFFECTS = ("prohibit", "restrict", "require")
PROVISOS = st.lists(
    st.fixed_dictionaries({"when": CONDITIONS, "effect": st.sampled_from((*EFFECTS, "none"))}), max_size=2
)


@dataclass
class World:
    """A rulebook with one site, and every decision that was worked out."""

    rulebook: Rulebook
    overlap: LayerOverlap
    known: dict[str, FactValue]
    decisions: dict[tuple[tuple[str, FactValue], ...], Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.judge = Judge(self.rulebook)

    def situation(self, facts: Mapping[str, FactValue]) -> Situation:
        return Situation("t", 10_000.0, {"water": self.overlap}, {"water": LAYER}, FactSheet(facts), ON)

    def decide(self, answers: Mapping[str, FactValue]) -> Decision:
        """Return what a check finds; words that are known to be chosen stay beside an answer."""
        answers = {name: self._joined(name, value) for name, value in answers.items()}
        key = tuple(sorted(answers.items(), key=lambda item: item[0]))
        if key not in self.decisions:
            situation = self.situation({**self.known, **answers})
            findings, unread = self.judge.findings(situation), self.judge.unread_layers(situation)
            self.decisions[key] = conclude(findings, VOCABULARY, unread_layers=unread).decision
        return self.decisions[key]

    def _joined(self, name: str, value: FactValue) -> FactValue:
        held = self.known.get(name)
        if isinstance(held, AtLeast) and isinstance(value, tuple):
            return tuple(word for word in CHOICES if word in held or word in value)
        return value

    def ask(self) -> Questions:
        return Inquiry(self.rulebook, [self.situation({})]).questions(FactSheet(self.known))

    def unknown(self) -> tuple[str, ...]:
        asked = {fact for rule in self.rulebook.rules for fact in rule.facts}
        open_ = {fact for fact in asked if isinstance(self.known.get(fact), AtLeast | None)}
        return tuple(fact for fact in VOCABULARY.facts if fact in open_)

    def decides(self, chosen: Sequence[str]) -> bool:
        """Try every answer to `chosen`: a check must then find what it would find whatever else became known."""
        others = [fact for fact in self.unknown() if fact not in chosen]
        return all(
            self.decide(answers) == self.decide({**answers, **rest})
            for answers in _all(chosen)
            for rest in _all(others)
        )

    def essential(self) -> set[str]:
        """Return the facts that change the decision for some answers to the others; all are tried."""
        unknown = self.unknown()
        return {
            fact
            for fact in unknown
            if any(
                len({self.decide({**rest, **answer}) for answer in _all([fact])}) > 1
                for rest in _all([other for other in unknown if other != fact])
            )
        }


def _all(facts: Sequence[str]) -> Iterator[dict[str, FactValue]]:
    for answers in product(*(POSSIBLE[fact] for fact in facts)):
        yield dict(parse_facts(VOCABULARY, dict(zip(facts, answers, strict=True)), "test").values)


def _rule(number: int, raw: Mapping[str, Any]) -> Rule:
    return Rule.model_validate(
        {
            "id": f"R{number:03}",
            "document": "d",
            "title": SOME,
            "says": SOME,
            "citation": [
                {"document": "d", "section": "一", "lines": "L1", "anchor": "某", "verified": raw["verified"]}
            ],
            "territories": ["t"],
            "in_force": {"from": "2023-01-01"},
            "scope": raw["scope"],
            "when": raw["when"],
            "effect": raw["effect"],
            "provisos": raw["provisos"],
            "curable": SOME if raw["curable"] else None,
            "overrides": [
                {"rule": f"R{other:03}", "because": SOME, "section": "二"}
                for other in raw["overrides"]
                if other != number
            ],
        }
    )


RULES = st.lists(
    st.fixed_dictionaries(
        {
            "when": CONDITIONS,
            "effect": st.sampled_from(EFFECTS),
            "provisos": PROVISOS,
            "scope": st.sampled_from(("attribute", "attribute", "attribute", "baseline")),
            "curable": st.sampled_from((False, False, False, True)),
            "verified": st.sampled_from((True, True, True, False)),
            "overrides": st.lists(st.integers(0, 4), max_size=1),
        }
    ),
    min_size=1,
    max_size=5,
)


def _world(raw: Sequence[Mapping[str, Any]], overlap: LayerOverlap, known: Mapping[str, FactValue]) -> World:
    rules = tuple(_rule(number, rule) for number, rule in enumerate(raw))
    book = Rulebook(rules, {"d": Document.model_validate(DOCUMENT)}, VOCABULARY, "0" * 64)
    return World(book, overlap, dict(known))


KNOWN: tuple[dict[str, FactValue], ...] = (
    {},
    {"a": True},
    {"a": False, "many": ("mine",)},
    {"many": AtLeast(("mine",))},
    {"many": AtLeast(("hotel",))},
)
WORLDS = st.builds(_world, RULES, st.sampled_from((CLEAR, CLEAR, UNREAD)), st.sampled_from(KNOWN)).filter(
    lambda world: len(world.unknown()) <= 4
)


@settings(max_examples=times(80, 2_000), deadline=None)
@given(WORLDS)
def test_asks_for_the_smallest_set_that_decides(world: World) -> None:
    asked = set(world.ask().facts)
    essential = world.essential()
    assert essential <= asked
    assert world.decides(sorted(asked))
    if world.decides(sorted(essential)):
        assert asked == essential
    else:
        assert not any(world.decides(sorted(asked - {fact})) for fact in asked)


@settings(max_examples=times(50, 2_000), deadline=None)
@given(WORLDS)
def test_finds_what_a_check_finds(world: World) -> None:
    questions = world.ask()
    assert questions.decision == world.decide({})
    assert questions.usually <= len(questions.facts)
    assert set(questions.rules) == set(questions.facts)


def test_what_is_known_of_a_part_of_the_site_is_not_asked_for_there() -> None:
    raw = {"when": {"a": "yes"}, "effect": "prohibit", "provisos": [], "scope": "attribute"}
    world = _world([{**raw, "curable": False, "verified": True, "overrides": []}], CLEAR, {})
    here, there = world.situation({}), world.situation({})
    inquiry = Inquiry(world.rulebook, [here, there])
    nothing, no, yes = FactSheet({}), FactSheet({"a": False}), FactSheet({"a": True})
    assert inquiry.questions(nothing, [no, no]).facts == ()
    assert inquiry.questions(nothing, [no, nothing]).facts == ("a",)
    assert inquiry.questions(nothing, [no, yes]).decision == "prohibited"
    # What was told of the whole site wins over what follows for a part.
    assert inquiry.questions(no, [yes, yes]).decision == "permitted"


RULEBOOK = read_rulebook(ROOT / "rules")
CATALOGUE = Workspace.open(ROOT).catalogue
FACTS = RULEBOOK.vocabulary.facts
CHECKED = date(2026, 11, 22)


def _answer(name: str) -> st.SearchStrategy[object]:
    """Return arbitrary answers to a fact of the built-in rules."""
    fact = FACTS[name]
    if fact.kind == "yes_no":
        return st.sampled_from(("yes", "no"))
    if fact.kind == "number":
        return st.floats(-10, 1000) | st.integers(0, 250)
    if fact.kind == "code":
        return st.sampled_from(("2521", "0610", "6110", ["3110", "5942"]))
    if fact.kind == "choice":
        return st.sampled_from(sorted(fact.values))
    return st.lists(st.sampled_from(sorted(fact.values)), min_size=1, max_size=4, unique=True)


def _overlap(layer: Layer, found: str) -> LayerOverlap:
    edition = next(iter(layer.edition_on(CHECKED) or ()), None)
    if found == "no data" or edition is None:
        return LayerOverlap(layer.id, None, "no_data", layer.accuracy_m, uncovered_m2=10_000.0)
    hits: tuple[ClassOverlap, ...] = ()
    if found in layer.classes:
        zone = ZoneOverlap(found, "", 4000.0, 40.0, Polygon(), Polygon(), {})
        hits = (ClassOverlap(found, False, (zone,), 4000.0, 0.4, 40.0, "certain", None),)  # noqa: FBT003 - the answer itself
    return LayerOverlap(
        layer.id,
        str(edition),
        "affected" if hits else "not_affected",
        layer.accuracy_m,
        hits,
        {found: 0.0} if hits else None,
        searched_m=100_000.0,
        covered_m2=10_000.0,
        covered_reach_m=100_000.0,
    )


@st.composite
def real_situations(draw: st.DrawFn) -> Situation:
    """Draw a place in the territories of the built-in rules: a few zones hit, perhaps a layer without data."""
    hit = draw(st.lists(st.sampled_from(sorted(CATALOGUE.layers)), max_size=3, unique=True))
    found = {name: draw(st.sampled_from((*CATALOGUE[name].classes, "no data"))) for name in hit}
    overlaps = {name: _overlap(layer, found.get(name, "clear")) for name, layer in CATALOGUE.layers.items()}
    territory = draw(st.sampled_from(("140522", "140502", "140825", "140300")))
    return Situation(territory, 10_000.0, overlaps, CATALOGUE.layers, FactSheet({}), CHECKED)


@settings(max_examples=times(12, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(real_situations(), st.data())
def test_with_all_questions_answered_nothing_more_can_change_the_verdict(situation: Situation, data: Any) -> None:
    known = {}
    if data.draw(st.booleans()):
        names = sorted({"activity", "construction", "purpose"} & FACTS.keys())
        known = {name: data.draw(_answer(name)) for name in names}
    sheet = parse_facts(RULEBOOK.vocabulary, known, "test")
    judge = Judge(RULEBOOK)

    def decide(facts: Mapping[str, FactValue]) -> Decision:
        here = replace(situation, facts=FactSheet(facts))
        unread = judge.unread_layers(here)
        return conclude(judge.findings(here), RULEBOOK.vocabulary, unread_layers=unread).decision

    questions = Inquiry(RULEBOOK, [situation]).questions(sheet)
    assert questions.decision == decide(sheet.values)
    answers = {name: data.draw(_answer(name)) for name in questions.facts}
    told = {**sheet.values, **parse_facts(RULEBOOK.vocabulary, answers, "test").values}
    decision = decide(told)
    for _ in range(5):
        others = {name: data.draw(_answer(name)) for name in FACTS if name not in told}
        assert decide({**told, **parse_facts(RULEBOOK.vocabulary, others, "test").values}) == decision
