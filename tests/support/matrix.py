"""The matrix of places, activities and kinds of construction: what the built-in rules say of each of its cells."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from zoning.layers.catalogue import Layer
from zoning.rules.cases import Case, situation_of
from zoning.rules.decision import conclude
from zoning.rules.derivation.derive import derive
from zoning.rules.facts import FactSheet, Vocabulary, parse_facts
from zoning.rules.finding import Prepared, apply_prepared
from zoning.rules.judge import Judge
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation
from zoning.rules.verdict import Decision, Finding
from zoning.workspace import Workspace

# Facts whose "yes" speaks for the project: permits that it holds, or where it fits. Of all others "no" is harmless.
PERMITS = {
    "water_works_authorised",
    "fits_main_function",
    "control_line_type_listed",
    "red_line_use_permitted",
    "logging_licensed",
    "reserve_activity_allowed",
    "heritage_works_approved",
    "serves_agriculture",
    "land_clearing_approved",
    "soil_survey_finished",
    "pbf_change_authorised",
    "river_works_authorised",
    "coal_substitution",
    "rail_spur",
    "fits_park_industry",
    "boiler_meets_policy",
    "sand_mining_permit",
    "tailings_upgrade",
    "coal_as_raw_material",
}
HARMLESS = {
    "purpose": "other",
    "eia_category": "exempt",
    "unit_access_list": "not-listed",
    "discharge_change": "decrease",
    "actual_use": "farming",
    "restoration_target": "grass",
    "shoreline_control_range": "outside",
    "unconventional_water": "used",
    "mine_water_use_percent": "100",
}

# "undetermined" is open between what is certain and "prohibited".
_ORDER: dict[Decision, int] = {"permitted": 0, "restricted": 1, "undetermined": 1, "prohibited": 2}


def harmless_answers(vocabulary: Vocabulary, *, permits: bool) -> dict[str, str]:
    """Answer every fact as harmlessly as can be, but construction and activity; `permits`: all permits are held."""
    answers: dict[str, str] = {}
    for name, fact in vocabulary.facts.items():
        if fact.kind == "code" or name in ("construction", "activity"):
            continue
        if fact.kind == "yes_no":
            answers[name] = "yes" if permits and name in PERMITS else "no"
        elif fact.kind == "number":
            answers[name] = HARMLESS.get(name, "0")
        else:
            answers[name] = HARMLESS[name]
    return answers


@dataclass(frozen=True)
class Matrix:
    """The cells of a workspace: territory x day x zone x facts. Situations and prepared rules are kept."""

    workspace: Workspace
    _places: dict[tuple[Any, ...], Situation] = field(default_factory=dict)
    _prepared: dict[tuple[Any, ...], list[tuple[Hashable, Prepared]]] = field(default_factory=dict)
    _alone: dict[tuple[Any, ...], bool] = field(default_factory=dict)
    _sheets: dict[tuple[Any, ...], FactSheet] = field(default_factory=dict)

    def sheet(self, answers: Mapping[str, object]) -> FactSheet:
        """Return answers with what follows from them."""
        book = self.workspace.rulebook
        key = tuple(sorted((name, str(answer)) for name, answer in answers.items()))
        if key not in self._sheets:
            told = parse_facts(book.vocabulary, answers, "matrix")
            self._sheets[key] = derive(book.vocabulary, told, book.lists, date.max).sheet
        return self._sheets[key]

    def place(self, territory: str, day: date, layer: str | None, class_id: str = "") -> Situation:
        """Return a site of one hectare, half of it in a zone; all other layers are clear."""
        key = (territory, day, layer, class_id)
        if key not in self._places:
            raw: dict[str, Any] = {"name": "cell", "on": day, "territory": territory, "expect": "applies"}
            if layer is not None:
                found = self.workspace.catalogue.layers[layer]
                raw["layers"] = {layer: {class_id: _amount(found)}}
                raw["editions"] = {layer: _edition_with(found, class_id, day)}
            case = Case.model_validate(raw)
            self._places[key] = situation_of(case, self.workspace.catalogue, self.workspace.rulebook)
        return self._places[key]

    def is_at_least(self, aim: Decision, cell: tuple[str, date, str, str], facts: FactSheet) -> bool:
        """Tell whether the rules that speak of a zone's layer, and no other, decide at least as strictly as `aim`.

        One rule that does so alone is enough, for no other rule makes a decision milder (rules that another one may
        override do not count): whatever decided last is asked first. What a rule says is asked once for all its days.
        """
        territory, day, layer, class_id = cell
        here = self.place(territory, day, layer, class_id)
        speaking = self._speaking(here, layer)
        for index, (name, prepared) in enumerate(speaking):
            key = (name, aim, layer, class_id, id(facts))
            if key not in self._alone:
                alone = self._conclude([apply_prepared(prepared, replace(here, facts=facts))])
                self._alone[key] = _ORDER[alone] >= _ORDER[aim]
            if self._alone[key]:
                speaking.insert(0, speaking.pop(index))
                return True
        return False

    def _speaking(self, here: Situation, layer: str) -> list[tuple[Hashable, Prepared]]:
        key = (here.territory, here.on, layer)
        if key not in self._prepared:
            book = self.workspace.rulebook
            rules = book.in_force(here.on, here.territory)
            overridden = {override.rule for rule in rules for override in rule.overrides}
            firm = [r for r in rules if r.id not in overridden and layer in {where.layer for where in r.places}]
            prepared = [Prepared.of(rule, here, book) for rule in firm]
            self._prepared[key] = [((one.rule.id, *one.values.items()), one) for one in prepared]
        return self._prepared[key]

    def decide(self, here: Situation, facts: FactSheet) -> Decision:
        """Decide by all rules in force."""
        return self._conclude(Judge(self.workspace.rulebook).findings(replace(here, facts=facts)))

    def _conclude(self, findings: Sequence[Finding]) -> Decision:
        return conclude(findings, self.workspace.rulebook.vocabulary).decision

    def first_place(self, rule: Rule) -> Situation | None:
        """Return a site in the first zone that a rule speaks of, on a day on which it is in force."""
        territory = next((code for code in ("140522", "140502", "140825", "1403") if _binds(rule, code)), None)
        if territory is None:
            return None
        day = rule.in_force.to or max(rule.in_force.from_, date(2026, 11, 22))
        inside = [where for where in rule.places if where.relation not in ("outside", "inside")]
        if not inside:
            return self.place(territory, day, None)
        layer = self.workspace.catalogue.layers[inside[0].layer]
        wanted = [name for name in layer.classes if name in (inside[0].classes or layer.classes)]
        return self.place(territory, day, layer.id, wanted[0])


def _edition_with(layer: Layer, class_id: str, day: date) -> str:
    """Return the edition of the day; of a class that it no longer has, the first edition that has it."""
    today = layer.edition_on(day)
    editions = ([today[0]] if today else []) + list(layer.editions)
    return next(name for name in editions if class_id in layer.classes_in(layer.editions[name]))


def _binds(rule: Rule, code: str) -> bool:
    return any(territory == "CN" or code.startswith(territory) for territory in rule.territories)


def _amount(layer: Layer) -> dict[str, str]:
    return {"length": "120 m", "distance": "0 m"} if layer.geometry == "line" else {"area": "5000 m2"}
