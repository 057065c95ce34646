"""One rule as its file says it: strict models of `rules/<document>/<rule>.yaml`."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from zoning.citations import Citation
from zoning.dated_values import check_order, value_on
from zoning.rules.condition_fields import BindingWhen, ConditionalContent, When
from zoning.rules.conditions import AtPlace, Condition, leaves, strictly
from zoning.rules.places import Where
from zoning.rules.verdict import Effect
from zoning.texts import Text
from zoning.yaml_files import Mistake

REGISTER_ID = re.compile(r"^R\d{3}(-(yc|jc|xj|yq))?$")
LAW_ID = re.compile(r"^(?P<abbreviation>[A-Z][A-Z0-9]{1,9})-\d{1,4}[a-z]?$")


STRICTNESS: dict[str, int] = {"none": -1, "encourage": 0, "require": 1, "restrict": 2, "prohibit": 3}
"""Of effects, mildest first."""


class InForce(ConditionalContent):
    """First and last day on which the rule holds; without `to` it holds until further notice."""

    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "InForce":
        check_order(self.from_, self.to, ("to",))
        return self

    def covers(self, day: date) -> bool:
        """Tell whether the rule is in force on `day`."""
        return self.from_ <= day and (self.to is None or day <= self.to)


class DatedValue(ConditionalContent):
    """What a parameter of a rule is from one day on, and where that stands; `until`: the last day that was foreseen."""

    value: str
    source: Text
    until: date | None = None


class Parameter(ConditionalContent):
    """A figure that a rule uses: a length such as `1 km`, or a plain number with its unit."""

    title: Text
    unit: str
    in_force: Annotated[dict[date, DatedValue], Field(min_length=1)]


class Proviso(ConditionalContent):
    """但书: what the effect becomes when its condition holds. `none` lifts the rule."""

    when: When
    effect: Effect | Literal["none"]
    condition: Text | None = None


class Override(ConditionalContent):
    """A rule that steps back where this one applies, because the text says so: special before general."""

    rule: str
    because: Text
    section: str


class Rule(ConditionalContent):
    """One rule of one document."""

    id: str
    document: str
    title: Text
    says: Text
    citations: Annotated[tuple[Citation, ...], Field(alias="citation", min_length=1)]
    territories: Annotated[tuple[str, ...], Field(min_length=1)]
    in_force: InForce
    scope: Literal["zone", "attribute", "baseline"]
    where: tuple[Where, ...] = ()
    when: BindingWhen | None = None
    effect: Effect
    condition: Text | None = None
    provisos: tuple[Proviso, ...] = ()
    curable: Text | None = None
    values: dict[str, Parameter] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    superseded_by: str | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        single = {key: [raw[key]] for key in ("where", "citation") if isinstance(raw.get(key), dict)}
        return {**raw, **single}

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        if not REGISTER_ID.match(self.id) and not LAW_ID.match(self.id):
            raise Mistake(
                Text(
                    f"“{self.id}”不能作规则编号：登记表的规则为 R 加三位数（可带 -yc -jc -xj -yq），"
                    "法律的规则为“缩写-条号”，如 WPPL-65",
                    f"'{self.id}' is no rule id: R and three digits (with -yc, -jc, -xj or -yq), "
                    "or abbreviation and article of a law such as WPPL-65",
                )
            )
        late = [name for name, parameter in self.values.items() if min(parameter.in_force) > self.in_force.from_]
        if late:
            raise Mistake(
                Text(
                    f"参数“{late[0]}”的起始日晚于规则的生效日：最初几天没有数值",
                    f"the value '{late[0]}' begins after the rule itself: the first days would have none",
                ),
                ("values", late[0]),
            )
        if self.scope == "zone" and not self.places:
            raise Mistake(Text("scope 为 zone 的规则须写 where", "a rule of scope 'zone' needs 'where'"), ("scope",))
        return self

    @property
    def citation(self) -> Citation:
        """The main citation."""
        return self.citations[0]

    @property
    def effects(self) -> frozenset[str]:
        """All effects that the rule can have, those of its provisos included."""
        return frozenset((self.effect, *(proviso.effect for proviso in self.provisos)))

    @cached_property
    def places(self) -> tuple[Where, ...]:
        """All places that the rule speaks of, those inside its conditions included."""
        inner = [leaf for condition in self.conditions() for leaf in leaves(condition)]
        return (*self.where, *(leaf.where for leaf in inner if isinstance(leaf, AtPlace)))

    @cached_property
    def rows(self) -> tuple[Condition, ...]:
        """The conditions of the provisos: what softens the rule must hold of the whole project (see `strictly`)."""
        return tuple(strictly(p.when, binds=STRICTNESS[p.effect] >= STRICTNESS[self.effect]) for p in self.provisos)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """All facts that the rule asks for, in their order."""
        asked = (leaf.fact for c in self.conditions() for leaf in leaves(c) if not isinstance(leaf, AtPlace))
        return tuple(dict.fromkeys(asked))

    def conditions(self) -> Iterator[Condition]:
        """Yield the condition of the rule and those of its provisos."""
        if self.when is not None:
            yield self.when
        for proviso in self.provisos:
            yield proviso.when

    def values_on(self, on: date) -> dict[str, str]:
        """Return the parameters as they hold on a day."""
        held = {name: value_on(parameter.in_force, on) for name, parameter in self.values.items()}
        return {name: value.value for name, value in held.items() if value is not None}

    def value(self, name: str, on: date) -> str | None:
        """Return the parameter `name` as it holds on a day."""
        return self.values_on(on).get(name)

    def distance_m(self, where: Where, on: date) -> float:
        """Return how far a place of this rule reaches on a day, in metres."""
        return where.reach_m(self.values_on(on))
