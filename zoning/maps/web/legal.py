"""What the page tells of the law: the rules that cite a class, and the access lists of the management units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.compare import binding_clauses
from zoning.rules.access.words import LEVELS, Dimension, Level
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import Effect
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule that names a class. The page lists it; whether it applies to a project is for `zoning check` to say.

    `verified` is false where the text it rests on could not be read.
    """

    id: str
    title: Text
    effect: Effect
    document: Text
    number: str
    section: str
    verified: bool


@dataclass(frozen=True, slots=True)
class UnitClause:
    """One clause of an access list, in its own words."""

    level: Level
    dimension: Dimension
    number: str
    text: str
    edition: str


@dataclass(frozen=True, slots=True)
class UnitList:
    """The clauses that hold in one unit; `own` is false where no list in force speaks of this very unit."""

    code: str
    own: bool
    clauses: tuple[UnitClause, ...]


@dataclass(frozen=True, slots=True)
class Legal:
    """Rules and access lists for one map.

    Attributes
    ----------
    rules
        By (layer, class), the strictest first.
    units
        By code of the unit.
    editions
        Title, issuer and number of every list, and whether it is schematic.
    """

    rules: Mapping[tuple[str, str], tuple[CitedRule, ...]] = field(default_factory=dict)
    units: Mapping[str, UnitList] = field(default_factory=dict)
    editions: Mapping[str, tuple[Text, Text, str, bool]] = field(default_factory=dict)


def legal_of(
    rulebook: Rulebook,
    *,
    on: date,
    territories: Sequence[str],
    classes: Mapping[str, Sequence[str]],
    units: Sequence[str] = (),
) -> Legal:
    """Return what holds on a day.

    Parameters
    ----------
    territories
        Codes of the territories on the map.
    classes
        Of every layer on the map.
    units
        Codes of the management units on the map.
    """
    rules: dict[tuple[str, str], dict[str, CitedRule]] = {}
    for rule in [rule for code in territories for rule in rulebook.in_force(on, code)]:
        for key in _named(rule, classes):
            rules.setdefault(key, {})[rule.id] = _cited(rule, rulebook)
    lists = {code: _unit_list(rulebook, code, on) for code in units}
    used = {clause.edition for found in lists.values() for clause in found.clauses}
    editions = rulebook.access_lists.editions
    return Legal(
        rules={key: tuple(sorted(found.values(), key=_strictest)) for key, found in rules.items()},
        units=lists,
        editions={
            name: (editions[name].title, editions[name].issuer, editions[name].number, editions[name].schematic)
            for name in sorted(used)
        },
    )


def _named(rule: Rule, classes: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield layer and class of every place that a rule names; a place without classes means all of them."""
    for where in rule.where:
        for name in where.classes or classes.get(where.layer, ()):
            yield where.layer, name


def _strictest(rule: CitedRule) -> tuple[int, str]:
    return -STRICTNESS[rule.effect], rule.id


def _cited(rule: Rule, rulebook: Rulebook) -> CitedRule:
    document = rulebook.documents[rule.citation.document]
    return CitedRule(
        id=rule.id,
        title=rule.title,
        effect=rule.effect,
        document=document.title,
        number=document.number,
        section=rule.citation.section,
        verified=rulebook.is_verified(rule),
    )


def _unit_list(rulebook: Rulebook, code: str, on: date) -> UnitList:
    found = sorted(binding_clauses(rulebook.access_lists, code, on), key=_nearest)
    clauses = tuple(
        UnitClause(clause.level, clause.dimension, clause.printed or clause.number, clause.text, edition.id)
        for edition, clause in found
    )
    own = any(edition.speaks_of(code) for edition in rulebook.access_lists.for_unit(code, on))
    return UnitList(code, own, clauses)


def _nearest(found: tuple[AccessList, Clause]) -> int:
    # The nearer the level, the more it says of the place.
    return -LEVELS.index(found[1].level)
