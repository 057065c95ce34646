"""What a comparison with the access lists says: entries of the verdict, frozen, with a JSON round trip."""

from datetime import date
from typing import Literal

from pydantic import Field

from zoning.rules.access.words import Dimension, Level, Result
from zoning.strict_models import Entry
from zoning.texts import Text

Status = Literal["compared", "no_list", "no_unit", "no_data"]
"""compared: the unit has a list of its own; no_list: it has none in force; no_unit: a part of the site lies in no unit;
no_data: the units are not known there."""


class FactEntry(Entry):
    """A fact of the project that a clause asks for; `known` is false where the value is 不详."""

    fact: str
    title: Text
    value: Text
    known: bool


class ListEntry(Entry):
    """An edition that clauses were taken from."""

    edition: str
    title: Text
    issuer: Text
    number: str
    valid_from: date
    valid_to: date | None
    schematic: bool


class ClauseEntry(Entry):
    """One clause against one project.

    Attributes
    ----------
    id
        `<edition>/<unit or level>/<number>`: the same in every verdict.
    text, printed
        The list's own words and the number that it prints before them.
    facts
        What is known of the project that the clause asks for.
    result
        `complies` only where a condition was met that a person wrote down; without one a person has to compare.
    missing_facts, missing_layers
        What would settle a clause that is still to be verified.
    """

    id: str
    edition: str
    level: Level
    dimension: Dimension
    number: str
    printed: str
    text: str
    effect: Literal["prohibit", "restrict", "require"]
    facts: tuple[FactEntry, ...]
    result: Result
    reasons: tuple[Text, ...]
    missing_facts: tuple[str, ...]
    missing_layers: tuple[str, ...]


class SilentDimension(Entry):
    """A dimension in which the unit's own list holds no clause, with what it writes there instead (`/`, 无)."""

    dimension: Dimension
    wording: str


class UnitComparison(Entry):
    """All clauses of all levels for one management unit, or the reason why there are none.

    Attributes
    ----------
    unit
        Code of the unit; None where the site lies in no unit or the units are not known.
    certainty
        `possible` where the unit is hit only within the accuracy of its boundary.
    status
        Whether the unit's own list was compared.
    overlap_m2, share
        Of the part of the site in the territory: area, and share (0..1) of that part, not of the whole site.
    missing_levels
        Levels (province, city, unit) of which no list is in force here: they were not compared.
    reason
        Why the unit's own list was not compared.
    """

    territory: str
    unit: str | None
    name: str
    class_: str | None = Field(alias="class")
    class_title: Text | None
    certainty: Literal["certain", "possible"]
    overlap_m2: float
    share: float
    status: Status
    reason: Text | None
    missing_levels: tuple[Level, ...]
    lists: tuple[ListEntry, ...]
    clauses: tuple[ClauseEntry, ...]
    silent: tuple[SilentDimension, ...]
    warnings: tuple[Text, ...]
