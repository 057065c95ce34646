"""Access lists as dated content: strict models of `rules/access-lists/<edition>.yaml`."""

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.dated_values import check_order
from zoning.rules.access.words import Dimension, Level, UnitClass
from zoning.rules.condition_fields import ConditionalContent, When
from zoning.texts import Text
from zoning.yaml_files import Mistake

EDITION_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
TERRITORY = re.compile(r"CN|\d{2}|\d{4}|\d{6}", re.ASCII)

ClauseEffect = Literal["prohibit", "restrict", "require"]


class Source(ConditionalContent):
    """The file that the list was taken from."""

    file: str
    sheets: tuple[str, ...] = ()
    sha256: str
    imported: date


class UnitRecord(ConditionalContent):
    """A management unit as the list names it.

    Attributes
    ----------
    no_clause
        What the list writes in a dimension instead of a clause: `/` or 无.
    """

    code: str
    name: str = ""
    class_: UnitClass | None = Field(default=None, alias="class")
    province: str | None = None
    city: str | None = None
    county: str | None = None
    no_clause: dict[Dimension, str] = Field(default_factory=dict)


class Clause(ConditionalContent):
    """One requirement of a list, in its own words.

    Attributes
    ----------
    number
        Unique among the clauses of its level and unit: 2-1 is the first of the second dimension.
    unit, classes
        Where it holds; left out: in all units of the territories, of all classes.
    printed
        The number that the list prints before it.
    applies_when
        The clause concerns a project only while this holds.
    complies_when
        The project meets the clause when this holds. Without it a person has to compare: it is never `complies`.
    effect
        What a project that does not comply meets with.
    """

    number: Annotated[str, Field(min_length=1, max_length=20)]
    level: Level
    unit: str | None = None
    classes: tuple[UnitClass, ...] = ()
    dimension: Dimension
    printed: str = ""
    text: Annotated[str, Field(min_length=1)]
    applies_when: When | None = None
    complies_when: When | None = None
    effect: ClauseEffect = "prohibit"
    note: Text | None = None


class AccessList(ConditionalContent):
    """One edition of the list of one authority.

    Attributes
    ----------
    territories
        Codes of the territories whose units it binds; a code covers all codes that begin with it.
    former_codes
        County code inside old unit codes -> the code of the county today.
    schematic
        Made for demonstration: no list that an authority has published.
    """

    id: str
    title: Text
    issuer: Text
    number: str = ""
    territories: Annotated[tuple[str, ...], Field(min_length=1)]
    valid_from: date
    valid_to: date | None = None
    superseded_by: str | None = None
    schematic: bool = False
    source: Source | None = None
    former_codes: dict[str, str] = Field(default_factory=dict)
    note: Text | None = None
    units: tuple[UnitRecord, ...] = ()
    clauses: tuple[Clause, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "AccessList":
        if not EDITION_ID.fullmatch(self.id):
            raise Mistake(
                Text(
                    f"“{self.id}”不能作清单版本的名称：只用小写字母、数字和连字符，如 jincheng-2024",
                    f"'{self.id}' is no name of an edition: small letters, digits and hyphens, such as jincheng-2024",
                )
            )
        check_order(self.valid_from, self.valid_to, ("valid_to",))
        strange = [code for code in self.territories if not TERRITORY.fullmatch(code)]
        if strange:
            raise Mistake(
                Text(
                    f"“{strange[0]}”不是行政区代码；写 14（省）、1405（市）或 140522（县）",
                    f"'{strange[0]}' is no territory code; write 14 (province), 1405 (city) or 140522 (county)",
                ),
                ("territories",),
            )
        return self

    @cached_property
    def records(self) -> dict[str, UnitRecord]:
        """Unit code -> what the list says of the unit."""
        return {record.code: record for record in self.units}

    @cached_property
    def by_unit(self) -> dict[str, tuple[Clause, ...]]:
        """Unit code -> the clauses of level `unit` that name it."""
        found: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            if clause.level == "unit" and clause.unit is not None:
                found.setdefault(clause.unit, []).append(clause)
        return {code: tuple(clauses) for code, clauses in found.items()}

    @cached_property
    def wider(self) -> tuple[Clause, ...]:
        """The clauses above the level `unit`."""
        return tuple(clause for clause in self.clauses if clause.level != "unit")

    def speaks_of(self, code: str) -> bool:
        """Tell whether the list holds requirements of its own for a unit, or says that there are none."""
        record = self.records.get(code)
        return code in self.by_unit or (record is not None and bool(record.no_clause))
