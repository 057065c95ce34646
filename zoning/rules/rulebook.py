"""The rules as dated content: strict models of `rules/<document>/<rule>.yaml`, and the book of all of them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from zoning.citations import Citation, Document
from zoning.dated_values import value_on
from zoning.quantities import parse_length
from zoning.rules.conditions import Condition, parse_condition, strictly
from zoning.rules.facts import Vocabulary
from zoning.rules.verdict import Effect
from zoning.texts import Text
from zoning.yaml_files import Problem, YamlFile, content_error, load, read_model, validate

RULE_ID = re.compile(r"^R\d{3}(-(yc|jc|xj|yq))?$")
NOT_RULES = ("cases",)


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class InForce(_Content):
    """First and last day on which the rule holds; without `to` it holds until further notice."""

    from_: date = Field(alias="from")
    to: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the rule is in force on `day`."""
        return self.from_ <= day and (self.to is None or day <= self.to)


class Where(_Content):
    """Where the rule holds: a spatial relation of the site to the zones of a layer.

    overlaps: the site lies in a zone; within: nearer than `distance` (half-open: exactly at the distance is outside);
    outside: a part of the site lies outside all zones. `classes` left out means every class.
    `distance` is a length, or the name of an entry of the rule's `values`.
    """

    layer: str
    classes: tuple[str, ...] = ()
    relation: Literal["overlaps", "within", "outside"] = "overlaps"
    distance: str | None = None

    @model_validator(mode="after")
    def _distance_fits_relation(self) -> "Where":
        if (self.relation == "within") != (self.distance is not None):
            msg = "'distance' belongs to the relation within, and only to it"
            raise ValueError(msg)
        return self


class DatedValue(_Content):
    """What a parameter of a rule is from one day on, and where that stands."""

    value: str
    source: Text


class Parameter(_Content):
    """A figure that a rule uses: a length such as `1 km`, or a plain number with its unit."""

    title: Text
    unit: str
    in_force: Annotated[dict[date, DatedValue], Field(min_length=1)]


def _condition(value: object) -> Condition:
    return value if isinstance(value, Condition) else parse_condition(value)


def _binding(value: object) -> Condition:
    return strictly(_condition(value), binds=True)


When = Annotated[Condition, BeforeValidator(_condition)]
BindingWhen = Annotated[Condition, BeforeValidator(_binding)]


class Proviso(_Content):
    """但书: what the effect becomes when its condition holds. `none` lifts the rule."""

    when: When
    effect: Effect | Literal["none"]
    condition: Text | None = None


class Rule(_Content):
    """One rule of one document."""

    id: str
    document: str
    title: Text
    says: Text
    citation: Citation
    territories: tuple[str, ...]
    in_force: InForce
    scope: Literal["zone", "attribute", "baseline"]
    where: tuple[Where, ...] = ()
    when: BindingWhen | None = None
    effect: Effect
    condition: Text | None = None
    provisos: tuple[Proviso, ...] = ()
    curable: Text | None = None
    values: dict[str, Parameter] = {}
    superseded_by: str | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and isinstance(raw.get("where"), dict):
            raw = {**raw, "where": [raw["where"]]}
        return raw

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        if not RULE_ID.match(self.id):
            msg = f"'{self.id}' is no rule id: R, three digits, and -yc, -jc, -xj or -yq for a second issuer"
            raise ValueError(msg)
        late = [name for name, parameter in self.values.items() if min(parameter.in_force) > self.in_force.from_]
        if late:
            msg = f"the value '{late[0]}' begins after the rule itself: the first days would have none"
            raise ValueError(msg)
        if self.scope == "zone" and not self.where:
            msg = "a rule of scope 'zone' needs 'where'"
            raise ValueError(msg)
        return self

    @property
    def effects(self) -> frozenset[str]:
        """All effects that the rule can have, those of its provisos included."""
        return frozenset((self.effect, *(proviso.effect for proviso in self.provisos)))

    def value(self, name: str, on: date) -> str | None:
        """Return the parameter `name` as it holds on a day."""
        found = value_on(self.values[name].in_force, on)
        return found.value if found else None

    def distance_m(self, where: Where, on: date) -> float:
        """Return the distance of a `within` relation in metres."""
        text = where.distance or "0 m"
        return parse_length(self.value(text, on) or "0 m" if text in self.values else text)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of a workspace with their documents and the facts that they ask for."""

    rules: tuple[Rule, ...]
    documents: dict[str, Document]
    vocabulary: Vocabulary
    sha256: str

    def in_force(self, on: date, territory: str) -> tuple[Rule, ...]:
        """Return the rules that bind in `territory` on a day, ordered by id."""
        return tuple(r for r in self.rules if territory in r.territories and r.in_force.covers(on))

    def get(self, rule_id: str) -> Rule | None:
        """Return a rule by its id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


class _Documents(_Content):
    documents: dict[str, Document]


def read_rulebook(folder: Path) -> Rulebook:
    """Read `rules/`: documents, facts, and every rule file.

    Raises
    ------
    ContentError
        With all mistakes of all files at once.
    """
    documents = read_model(folder / "documents.yaml", _Documents).documents
    vocabulary = Vocabulary.read(folder / "facts.yaml")
    digest = hashlib.sha256()
    for name in ("documents.yaml", "facts.yaml"):
        digest.update((folder / name).read_bytes())
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.yaml")):
        if path.parent.name in NOT_RULES:
            continue
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
        file = load(path)
        document = path.parent.name
        rule = _read_rule(file, path, document)
        rules.append(rule)
        problems.extend(_cross_check(rule, file, documents, vocabulary))
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            text = Text(
                f"规则编号 {rule.id} 已用于 {seen[rule.id].document}",
                f"the id {rule.id} is used in {seen[rule.id].document} already",
            )
            problems.append(Problem(folder / rule.document / f"{rule.id}.yaml", 1, text))
        seen[rule.id] = rule
    if problems:
        raise content_error(problems)
    return Rulebook(tuple(sorted(rules, key=lambda r: r.id)), documents, vocabulary, digest.hexdigest())


def _read_rule(file: YamlFile, path: Path, document: str) -> Rule:
    raw = file.value
    if not isinstance(raw, dict):
        raise content_error([Problem(path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    citation = raw.get("citation")
    if isinstance(citation, dict):
        raw = {**raw, "citation": {"document": document, **citation}}
    return validate(file, Rule, {"id": path.stem, "document": document, **raw})


def _cross_check(rule: Rule, file: YamlFile, documents: dict[str, Document], vocabulary: Vocabulary) -> list[Problem]:
    problems: list[Problem] = []
    if rule.id != file.path.stem:
        problems.append(
            Problem(file.path, file.line(("id",)), Text("编号须与文件名相同", "the id must be the name of the file"))
        )
    document = documents.get(rule.document)
    if document is None:
        text = Text(f"documents.yaml 中没有文件“{rule.document}”", f"documents.yaml has no document '{rule.document}'")
        problems.append(Problem(file.path, 1, text))
    elif not set(rule.territories) <= set(document.territories):
        text = Text("规则不能在其发文机关辖区之外生效", "a rule cannot bind outside the territory of its issuer")
        problems.append(Problem(file.path, file.line(("territories",)), text))
    conditions = [("when", rule.when), *((("provisos"), p.when) for p in rule.provisos)]
    for key, condition in conditions:
        if condition is not None:
            line = file.line((key,))
            problems.extend(Problem(file.path, line, text) for text in condition.mistakes(vocabulary, rule.values))
    for where in rule.where:
        if where.distance is not None and where.distance not in rule.values:
            try:
                parse_length(where.distance)
            except ValueError as error:
                problems.append(Problem(file.path, file.line(("where",)), Text(str(error), str(error))))
    return problems
