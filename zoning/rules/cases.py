"""Worked cases of the rules: `rules/cases/<rule>.yaml`, written by the rule's author, run by `zoning rules test`.

A case says what the overlay would find and what is known of the project; no geometry is needed. With `each` it stands
for several: one for each answer of a fact, class of a layer, or territory that it lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from shapely.geometry import Polygon

from zoning.layers.catalogue import Catalogue, Layer
from zoning.overlay.overlap import Certainty, ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.quantities import Area, Length
from zoning.rules.derivation.derive import derive
from zoning.rules.facts import parse_facts
from zoning.rules.finding import apply_rule
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Decision, Finding, Outcome
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Mistake, read_model

_HECTARE = 10_000.0
_SEARCHED_M = 100_000.0
_TERRITORY = "territory"


class CaseOverlap(Content):
    """What the overlay found for one class; `zone` is the name of the zone."""

    area: Area = 0.0
    length: Length = 0.0
    distance: Length | None = None
    certainty: Certainty = "certain"
    assumed: bool = False
    zone: str = ""


class Case(Content):
    """One case: what is found, what is known, what is expected.

    `each` names one fact, layer or `territory` with the words that are put there in turn. `decision` is what the
    finding alone leads to; `none`: it leaves the decision as it is.
    """

    name: str
    on: date
    site_area: Area = _HECTARE
    territory: str | None = None
    layers: dict[str, dict[str, CaseOverlap] | Literal["no data"]] = Field(default_factory=dict)
    editions: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, str | list[str]] = Field(default_factory=dict)
    expect: Outcome | Literal["not in force"]
    effect: str | None = None
    missing: tuple[str, ...] | None = None
    decision: Decision | Literal["none"] | None = None
    each: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_thing_in_turn(self) -> "Case":
        if len(self.each) > 1 or not all(self.each.values()):
            text = Text(
                "each 之后应为一个事实、图层或 territory，附列表",
                "'each' needs one fact, layer or territory with a list",
            )
            raise Mistake(text, ("each",))
        found = [self.layers[name] for name in self.each if name in self.layers]
        if any(isinstance(classes, str) or len(classes) != 1 for classes in found):
            text = Text(
                "each 所列图层在 layers 中应恰有一个类别", "the layer of 'each' needs exactly one class in 'layers'"
            )
            raise Mistake(text, ("each",))
        return self

    def in_turn(self) -> Iterator["Case"]:
        """Yield the case, or the cases that it stands for."""
        if not self.each:
            yield self
        for key, words in self.each.items():
            for word in words:
                yield self.model_copy(update={"name": f"{self.name}（{word}）", "each": {}, **self._with(key, word)})

    def _with(self, key: str, word: str) -> dict[str, object]:
        found = self.layers.get(key)
        if isinstance(found, dict):
            return {"layers": {**self.layers, key: dict.fromkeys((word,), next(iter(found.values())))}}
        return {_TERRITORY: word} if key == _TERRITORY else {"facts": {**self.facts, key: word}}


class CaseFile(Content):
    """All cases of one rule."""

    rule: str
    written: Annotated[tuple[Case, ...], Field(alias="cases")]

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases, each that stands for several taken apart."""
        return tuple(case for written in self.written for case in written.in_turn())


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came out of a case; `mistake` is None when it is what was expected."""

    rule: str
    name: str
    finding: Finding | None
    mistake: Text | None


def read_cases(folder: Path) -> tuple[CaseFile, ...]:
    """Read all files of `rules/cases/`, ordered by name.

    Raises
    ------
    ContentError
        With every mistake in the first file that has one.
    """
    return tuple(read_model(path, CaseFile) for path in sorted(folder.glob("*.yaml")))


def run_cases(file: CaseFile, rulebook: Rulebook, catalogue: Catalogue) -> tuple[CaseResult, ...]:
    """Run all cases of a file.

    Raises
    ------
    ContentError
        When a case states a fact that the vocabulary lacks, or a value that it cannot have.
    """
    rule = rulebook.get(file.rule)
    if rule is None:
        text = Text(f"没有规则 {file.rule}", f"there is no rule {file.rule}")
        return tuple(CaseResult(file.rule, case.name, None, text) for case in file.cases)
    return tuple(run_case(case, rule, rulebook, catalogue) for case in file.cases)


def run_case(case: Case, rule: Rule, rulebook: Rulebook, catalogue: Catalogue) -> CaseResult:
    """Run one case against the real rule.

    Raises
    ------
    ContentError
        When a case states a fact that the vocabulary lacks, or a value that it cannot have.
    """
    territory = case.territory or rule.territories[0]
    if rule not in rulebook.in_force(case.on, territory):
        mistake = None if case.expect == "not in force" else _differs("not in force", case.expect)
        return CaseResult(rule.id, case.name, None, mistake)
    stranger = _stranger(case, catalogue)
    if stranger is not None:
        return CaseResult(rule.id, case.name, None, stranger)
    situation = situation_of(case.model_copy(update={"territory": territory}), catalogue, rulebook)
    finding = apply_rule(rule, situation, rulebook)
    return CaseResult(rule.id, case.name, finding, _mistake(case, finding))


def situation_of(case: Case, catalogue: Catalogue, rulebook: Rulebook) -> Situation:
    """Return what a case describes; layers it does not name are loaded and clear.

    Raises
    ------
    ContentError
        When it states a fact that the vocabulary lacks, or a value that it cannot have.
    """
    overlaps = {name: _overlap(layer, case) for name, layer in catalogue.layers.items()}
    told = parse_facts(rulebook.vocabulary, case.facts, case.name)
    facts = derive(rulebook.vocabulary, told, rulebook.lists, case.on).sheet
    return Situation(case.territory or "", case.site_area, overlaps, catalogue.layers, facts, case.on)


def _stranger(case: Case, catalogue: Catalogue) -> Text | None:
    for name, found in case.layers.items():
        layer = catalogue.layers.get(name)
        if layer is None:
            return Text(f"没有图层“{name}”", f"there is no layer '{name}'")
        unknown = [class_id for class_id in found if class_id not in layer.classes] if isinstance(found, dict) else []
        if unknown:
            return Text(f"图层 {name} 没有类别“{unknown[0]}”", f"layer {name} has no class '{unknown[0]}'")
    return None


def _mistake(case: Case, finding: Finding) -> Text | None:
    if finding.outcome != case.expect:
        return _differs(finding.outcome, case.expect)
    if case.effect is not None and finding.effect != case.effect:
        return _differs(finding.effect, case.effect)
    if case.decision is not None and (finding.decision or "none") != case.decision:
        return _differs(finding.decision or "none", case.decision)
    asked = {*finding.missing_facts, *finding.missing_layers}
    if case.missing is not None and asked != set(case.missing):
        return _differs(", ".join(sorted(asked)), ", ".join(sorted(case.missing)))
    return None


def _differs(found: str, expected: str) -> Text:
    return Text(f"应为“{expected}”，得到“{found}”", f"expected '{expected}', got '{found}'")


def _overlap(layer: Layer, case: Case) -> LayerOverlap:
    found = case.layers.get(layer.id, {})
    edition = case.editions.get(layer.id) or next(iter(layer.edition_on(case.on) or ()), None)
    edition_id = str(edition) if edition is not None else None
    if found == "no data":
        reason = Text("图层未加载", "the layer is not loaded")
        return LayerOverlap(
            layer.id, edition_id, "no_data", layer.accuracy_m, reason=reason, uncovered_m2=case.site_area
        )
    assert isinstance(found, dict)  # noqa: S101 - the only other form of the union
    classes = tuple(_class_overlap(name, entry, case.site_area) for name, entry in found.items() if _touches(entry))
    # A class with a distance of its own is near, not overlapped.
    distances = {name: entry.distance if entry.distance is not None else 0.0 for name, entry in found.items()}
    certain = any(entry.certainty == "certain" for entry in classes)
    status: Literal["affected", "possible", "not_affected"] = (
        "affected" if certain else "possible" if classes else "not_affected"
    )
    return LayerOverlap(
        layer=layer.id,
        edition=edition_id,
        status=status,
        accuracy_m=layer.accuracy_m,
        classes=classes,
        distances_m=distances or None,
        searched_m=_SEARCHED_M,
        covered_m2=case.site_area,
        covered_reach_m=_SEARCHED_M,
    )


def _touches(entry: CaseOverlap) -> bool:
    return entry.area > 0 or entry.length > 0 or entry.certainty == "possible"


def _class_overlap(name: str, entry: CaseOverlap, site_area: float) -> ClassOverlap:
    empty = Polygon()
    zone = ZoneOverlap(name, entry.zone, entry.area, entry.length, empty, empty, {})
    share = entry.area / site_area
    return ClassOverlap(name, entry.assumed, (zone,), entry.area, share, entry.length, entry.certainty, None)
