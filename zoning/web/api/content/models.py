"""What the REST interface says: strict models, from which its OpenAPI document is made."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

Decision = Literal["prohibited", "undetermined", "restricted", "permitted", ""]
CheckState = Literal["waiting", "done", "refused", "failed"]


class Strict(BaseModel):
    """Unknown keys are refused; numbers are finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=2_000_000)


class Words(Strict):
    """A sentence in both languages."""

    zh: str
    en: str


class Page(Strict):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


PageWanted = Annotated[Page, Query()]


class Nothing(Strict):
    """No parameters: whoever brings some is told so."""


NoParameters = Annotated[Nothing, Query()]


class Problem(BaseModel):
    """Why a request was refused (application/problem+json)."""

    status: int
    title: str
    detail: Words


class List(Strict):
    """A part of a list: `total` of all, `next` the offset of what follows, null at the end."""

    total: int
    next: int | None


class FileTold(Strict):
    """A file that was handed in."""

    name: str
    sha256: str


class CheckLine(Strict):
    """A check in a list."""

    check: str
    state: CheckState
    at: str
    on: date
    title: str
    decision: Decision


class CheckList(List):
    """Checks, the newest first."""

    items: list[CheckLine]


class CheckTold(Strict):
    """A check with its verdicts, one for each footprint, in the schema zoning.verdict/1.

    `refused` says which footprints have no verdict, and why: they are not free of conflicts. While `state` is "waiting"
    there are no verdicts yet, which says nothing of the site.
    """

    check: str
    state: CheckState
    at: str
    on: date
    file: FileTold
    facts: dict[str, Any]
    decision: Decision
    verdicts: list[dict[str, Any]]
    refused: list[Words]
    error: Words | None


class QuestionsTold(Strict):
    """What is still to be asked, in the order of what it decides.

    `at_most`: how many questions; `usually`: how many as a rule; `beyond`: by footprint what no answer can decide.
    """

    questions: list[dict[str, Any]]
    at_most: int
    usually: float
    beyond: dict[str, list[Words]]
    derived: list[str]
    left_out: int


class EditionTold(Strict):
    """An edition of a layer."""

    edition: str
    valid_from: date
    valid_to: date | None
    in_force: bool
    sha256: str | None


class LayerTold(Strict):
    """A layer with its editions. `public`: whether it is among the collections of /ogc."""

    layer: str
    title: Words
    group: str
    geometry: str
    authority: Words
    source: Words
    schematic: bool
    accuracy_m: float
    public: bool
    classes: dict[str, Words]
    editions: list[EditionTold]


class LayerList(List):
    """Layers by id."""

    items: list[LayerTold]


class CitationTold(Strict):
    """Where a rule stands."""

    document: str
    title: Words
    section: str


class RuleTold(Strict):
    """A rule in words."""

    rule: str
    title: Words
    says: Words
    citations: list[CitationTold]
    territories: list[str]
    since: date | None
    until: date | None
    scope: str
    layers: list[str]
    verified: bool


class RuleList(List):
    """Rules by id."""

    items: list[RuleTold]


class KindTold(Strict):
    """A kind of register."""

    kind: str
    title: Words
    shape: str
    fields: dict[str, dict[str, Any]]
    states: dict[str, Words]
    steps: list[dict[str, Any]]


class KindList(List):
    """Kinds of registers."""

    items: list[KindTold]


class RecordTold(Strict):
    """A record without what is personal. `geometry`: GeoJSON, longitude and latitude."""

    record: str
    kind: str
    version: int
    territory: str
    state: str
    since: date | None
    values: dict[str, Any]
    geometry: dict[str, Any] | None


class RecordList(List):
    """Records by id."""

    items: list[RecordTold]


class Step(Strict):
    """Into which state a record is to come, and why."""

    to: str = Field(min_length=1, max_length=60)
    reason: str = Field("", max_length=2000)


class JobTold(Strict):
    """A job. `state`: waiting, running, done, failed, cancelled, interrupted."""

    job: str
    kind: str
    title: Words
    state: str
    at: str
    started: str
    ended: str
    code: int
    progress: list[str]
    results: list[dict[str, Any]]


class JobList(List):
    """Jobs, the newest first; without progress and results."""

    items: list[JobTold]


class CaseLineTold(Strict):
    """A case in a list. `pending`: layers or rules have changed, and it is being checked again."""

    case: str
    version: int
    state: str
    since: date | None
    territory: str
    decision: str
    standing: str
    by: date | None
    notices: int
    pending: bool


class CaseList(List):
    """Cases, the newest number first."""

    items: list[CaseLineTold]


class VerdictLine(Strict):
    """A verdict of a case. `document`: SHA-256 of its JSON."""

    number: int
    site: str
    decision: str
    day: date
    document: str
    why: str
    at: str


class NoteTold(Strict):
    """A note."""

    number: int
    text: str
    by: str
    at: str


class OverrideTold(Strict):
    """A decision of people against that of a verdict."""

    number: int
    verdict: int
    decision: str
    reason: str
    state: str


class CaseTold(Strict):
    """A case without what is personal, with all its verdicts."""

    case: str
    version: int
    state: str
    since: date | None
    territory: str
    values: dict[str, Any]
    geometry: dict[str, Any] | None
    decision: str
    standing: str
    verdicts: list[VerdictLine]
    notes: list[NoteTold]
    overrides: list[OverrideTold]
    notices: int


class NewCase(Strict):
    """A case to be registered: fields, and the check that gives boundary and first verdict."""

    number: str = Field("", max_length=60)
    values: dict[Annotated[str, Field(max_length=60)], str | int | float | bool | None] = Field(max_length=100)
    check: str = Field("", max_length=60)
    site: int = Field(0, ge=0, le=100_000)


class NewNote(Strict):
    """A note to be written."""

    text: str = Field(min_length=1, max_length=20_000)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, text in {
        400: "The request cannot be understood",
        401: "Nobody is signed in, and there is no good token",
        403: "Role or token may not do this",
        404: "There is no such thing, or it may not be seen",
        413: "Too large",
        422: "Values are wrong, or the boundary cannot be read",
        429: "Too many requests",
        503: "Not available now",
    }.items()
}
NOT_YET: dict[int | str, dict[str, Any]] = {
    409: {**PROBLEMS[400], "description": "The check has not come to its end yet"}
}
CONFLICTS: dict[int | str, dict[str, Any]] = {
    status: {**PROBLEMS[400], "description": text}
    for status, text in {
        409: "Somebody else has changed it meanwhile",
        412: "It is no longer the version of If-Match",
        428: "If-Match is missing",
    }.items()
}
