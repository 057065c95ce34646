"""Indicators as they are handed on: schema `zoning.indicators/1`."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from zoning.citations import Citation
from zoning.planning.indicators.judging import State
from zoning.planning.indicators.measuring import Answer, Behind, PlanAnswers
from zoning.planning.indicators.plan_file import Claim, Kind, Measure, Printed, Target
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.indicators/1"] = "zoning.indicators/1"


class EditionEntry(Entry):
    """An edition of a layer that a figure rests on."""

    layer: str
    edition: str
    valid_from: date
    sha256: str
    accuracy_m: float
    schematic: bool

    @classmethod
    def of(cls, behind: Behind) -> "EditionEntry":
        """Return an edition without its title."""
        return cls(
            layer=behind.layer,
            edition=behind.edition,
            valid_from=behind.valid_from,
            sha256=behind.sha256,
            accuracy_m=behind.accuracy_m,
            schematic=behind.schematic,
        )


class IndicatorEntry(Entry):
    """One indicator: what documents print, what layers say (`value`, `doubt` in the unit; null: unknown), and why."""

    id: str
    number: str
    title: Text
    unit: str
    kind: Kind | None
    responsible: Text | None
    citation: Citation
    measure: Measure | None
    needs: Text | None
    baseline: Printed | None
    target: Target | None
    claims: tuple[Claim, ...]
    value: float | None
    doubt: float | None
    area_m2: float | None
    territory_m2: float
    state: State
    reasons: tuple[Text, ...]
    contradictions: tuple[Text, ...]
    editions: tuple[EditionEntry, ...]

    @classmethod
    def of(cls, one: Answer) -> "IndicatorEntry":
        """Return an answer."""
        indicator = one.indicator
        return cls(
            id=one.id,
            number=indicator.number,
            title=indicator.title,
            unit=indicator.unit,
            kind=indicator.kind,
            responsible=indicator.responsible,
            citation=indicator.citation,
            measure=indicator.measure,
            needs=indicator.needs,
            baseline=indicator.baseline,
            target=indicator.target,
            claims=indicator.claims,
            value=one.value,
            doubt=one.doubt,
            area_m2=one.area_m2,
            territory_m2=one.territory_m2,
            state=one.judged.state,
            reasons=one.judged.reasons,
            contradictions=one.contradictions,
            editions=tuple(EditionEntry.of(behind) for behind in one.behind),
        )


class TerritoryEntry(Entry):
    """Code and name."""

    code: str
    name: str


class PlanEntry(Document):
    """All indicators of one document on one day."""

    schema_: Literal["zoning.indicators/1"] = Field(default=SCHEMA, alias="schema")
    plan: str
    title: Text
    document: str
    territory: TerritoryEntry
    on: date
    notes: tuple[Text, ...]
    indicators: tuple[IndicatorEntry, ...]


def to_json(found: PlanAnswers, *, on: date) -> str:
    """Return the answers of a plan; figures are not rounded."""
    plan = found.plan
    entry = PlanEntry(
        plan=plan.id,
        title=plan.title,
        document=plan.document,
        territory=TerritoryEntry(code=plan.territory, name=found.territory.zh),
        on=on,
        notes=plan.notes,
        indicators=tuple(IndicatorEntry.of(one) for one in found.answers),
    )
    return entry.to_json()


def indicators_schema() -> dict[str, Any]:
    """Return the JSON Schema of `zoning.indicators/1`."""
    return PlanEntry.published_schema(SCHEMA)
