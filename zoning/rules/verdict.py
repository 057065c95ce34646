"""The verdict: schema `zoning.verdict/1`, frozen, with a JSON round trip."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, ValidationError

from zoning.layers.responsible import Person
from zoning.rules.access.entries import UnitComparison
from zoning.rules.derivation.derive import Derivation
from zoning.rules.old_verdicts import completed
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.verdict/1"] = "zoning.verdict/1"

Decision = Literal["prohibited", "undetermined", "restricted", "permitted"]
Outcome = Literal["applies", "does_not_apply", "undetermined"]
Effect = Literal["prohibit", "restrict", "require", "encourage"]

DECISIONS: tuple[Decision, ...] = ("permitted", "restricted", "undetermined", "prohibited")
"""Mildest first."""


class RepairEntry(Entry):
    """A repair made to the footprint."""

    kind: str
    count: int
    area_change_m2: float
    text: Text


class QualityFault(Entry):
    """A fault of the drawing: its place in longitude and latitude, ring and vertex counted from 1."""

    kind: str
    severity: Literal["error", "warning", "note"]
    text: Text
    place: tuple[float, float] | None
    ring: int | None
    vertex: int | None


class QualityEntry(Entry):
    """The footprint as it was drawn; `counts` counts every fault by kind, `faults` lists the first three of a kind.

    `area_before_m2` is the area before all repairs. `zoning inspect` tells more, with a picture.
    """

    parts: int
    rings: int
    holes: int
    vertices: int
    area_before_m2: float
    counts: dict[str, int]
    faults: tuple[QualityFault, ...]


class SiteEntry(Entry):
    """The footprint with its measured area.

    `conversion` tells how the coordinates of the file came into `crs`, where that took more than reading them (GCJ-02,
    an old datum); `accuracy_m` what that adds to the positional error. It is added to the accuracy of every layer.

    Where `territories` names several, or a part lies outside all of them, each part is judged by the rules of its own
    territory.
    """

    id: str
    name: str
    source: str
    area_m2: float
    area_ha: float
    area_mu: float
    crs: str
    edge_model: Text
    stated_area_m2: float | None
    territories: tuple[str, ...]
    territories_without_rules: tuple[str, ...]
    outside_territories_m2: float
    centre: tuple[float, float]
    conversion: Text | None = None
    accuracy_m: float = 0.0
    repairs: tuple[RepairEntry, ...]
    warnings: tuple[Text, ...]
    quality: QualityEntry | None = None

    @property
    def in_parts(self) -> bool:
        """Whether the site was judged in parts: it lies in several territories, or partly outside all of them."""
        return len(self.territories) > 1 or self.outside_territories_m2 > 0


class ZoneEntry(Entry):
    """A zone that the site overlaps, with the part of the site in it."""

    id: str
    name: str
    overlap_m2: float
    length_m: float


class ResponsibleEntry(Entry):
    """Who answers for a zone, as its layer records it; null where nothing is recorded."""

    title: Text
    name: str | None
    office: str | None
    contact: str | None

    @property
    def text(self) -> Text:
        """Name, office and contact in one line."""
        return Person(self.title, self.name, self.office, self.contact).text


class ResponsibleZoneEntry(ZoneEntry):
    """A zone of a layer that says who answers for its zones; zones of other layers have no such key."""

    responsible: ResponsibleEntry


class ClassEntry(Entry):
    """The site against one class of a layer: area, and share of the whole site (0..1), whatever its territories."""

    class_: str = Field(alias="class")
    title: Text
    assumed: bool
    zones: tuple[ResponsibleZoneEntry | ZoneEntry, ...]
    overlap_m2: float
    share: float
    length_m: float
    certainty: Literal["certain", "possible"]
    flips_at_m: float | None


class SliverEntry(Entry):
    """Parts of the overlap below the layer's tolerance."""

    count: int
    sum_m2: float


class LayerEntry(Entry):
    """The site against one layer."""

    layer: str
    title: Text
    group: str
    edition: str | None
    status: Literal["affected", "not_affected", "no_data", "possible"]
    reason: Text | None
    accuracy_m: float
    schematic: bool
    classes: tuple[ClassEntry, ...]
    nearest_m: float | None
    searched_m: float
    slivers: SliverEntry
    uncovered_m2: float
    zone_repairs: tuple[RepairEntry, ...]


class CitationEntry(Entry):
    """Where the rule stands."""

    document: str
    title: Text
    number: str
    issuer: Text
    section: str
    lines: str
    anchor: str
    weight: str
    verified: bool
    in_force_from: date


class Finding(Entry):
    """One rule applied to one site.

    `verified` is false where the article that the rule rests on was not verified: such a finding asks for no more than
    "undetermined". `also` are further citations; `superseded_by` is the rule that took this one's place later,
    `overridden_by` the rule for which it steps back here.

    `overlap_m2` and `share` (0..1) are those of the part of the site in `territory`: on a site that lies partly outside
    it the share of the whole site is `overlap_m2` divided by `site.area_m2`.

    `decision` is what the finding asks for by itself: None when it does not move the decision. `possible_effects` are
    the effects that an undetermined finding could still have.
    """

    rule: str
    title: Text
    territory: str
    scope: Literal["zone", "attribute", "baseline"]
    effect: Effect
    outcome: Outcome
    decision: Decision | None
    possible_effects: tuple[Effect, ...]
    blocked: bool
    verified: bool
    layer: str | None
    class_: str | None = Field(alias="class")
    overlap_m2: float | None
    share: float | None
    distance_m: float | None
    missing_facts: tuple[str, ...]
    missing_layers: tuple[str, ...]
    conditions: tuple[Text, ...]
    reasons: tuple[Text, ...]
    citation: CitationEntry
    also: tuple[CitationEntry, ...]
    superseded_by: str | None
    overridden_by: str | None


class MissingFact(Entry):
    """A question whose answer could make the decision stricter, or settle it."""

    fact: str
    question: Text
    why: tuple[str, ...]


class Digests(Entry):
    """Hashes of all that the verdict rests on.

    `layers` are the data files, None where a layer has no data; `definitions` is what the layer files say (accuracy,
    classes, editions, coverage and its file); `workspace` what `zoning.yaml` says.
    """

    site: str
    layers: dict[str, str | None]
    definitions: dict[str, str]
    rules: str
    workspace: str
    program: str


class Trace(Entry):
    """Everything needed to run the check again to the same bytes."""

    program: str
    workspace: str
    geometry: str
    crs: str
    width_m: float | None
    facts: dict[str, Any]
    derived: tuple[Derivation, ...]
    site: dict[str, Any]
    measuring_crs: str
    steps: tuple[Text, ...]


class Verdict(Document):
    """All findings on one footprint, and the decision.

    Examples
    --------
    >>> from datetime import date
    >>> from zoning import Workspace, builtin_root, read_sites
    >>> workspace = Workspace.open(builtin_root())
    >>> school, = read_sites(builtin_root() / "examples" / "school.geojson", expected=None)
    >>> verdict = workspace.check(school, on=date(2026, 6, 1)).verdict
    >>> verdict.decision, verdict.missing_facts[0].fact
    ('undetermined', 'activity')
    >>> Verdict.from_json(verdict.to_json()) == verdict
    True
    """

    schema_: Literal["zoning.verdict/1"] = Field(default=SCHEMA, alias="schema")
    decision: Decision
    blocked: bool
    on: date
    summary: Text
    notice: Text
    site: SiteEntry
    layers: tuple[LayerEntry, ...]
    findings: tuple[Finding, ...]
    access_lists: tuple[UnitComparison, ...]
    missing_facts: tuple[MissingFact, ...]
    missing_layers: tuple[str, ...]
    trace: Trace
    digests: Digests

    def plain(self) -> dict[str, Any]:
        """Return the verdict as JSON values: what stands beside others in one document."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read what `to_json` wrote, in this version or an earlier one."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return cls.from_plain(json.loads(text))

    @classmethod
    def from_plain(cls, content: Any) -> "Verdict":
        """Read what `plain` gave, or what a JSON reader made of it."""
        return cls.model_validate(completed(content))


def strictest(decisions: Iterable[Decision]) -> Decision:
    """Return the strictest of one or more decisions.

    >>> strictest(["permitted", "prohibited", "undetermined"])
    'prohibited'
    """
    return max(decisions, key=DECISIONS.index)


def answering(entries: Iterable[LayerEntry]) -> Iterator[tuple[LayerEntry, ResponsibleZoneEntry]]:
    """Yield the zones for which a layer says who answers, each once."""
    for entry in entries:
        zones = [zone for found in entry.classes for zone in found.zones if isinstance(zone, ResponsibleZoneEntry)]
        for zone in {(zone.id, zone.name, zone.responsible.text.zh): zone for zone in zones}.values():
            yield entry, zone


def verdict_schema() -> dict[str, Any]:
    """Return the JSON Schema of `zoning.verdict/1`.

    >>> verdict_schema()["$id"]
    'zoning.verdict/1'
    """
    return Verdict.published_schema(SCHEMA)
