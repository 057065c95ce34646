"""REST: cases. What is personal is neither told nor searched here."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Request, Response
from pydantic import Field

from zoning.registers.case_notes import add_note
from zoning.registers.case_rows import CaseParts, case_parts
from zoning.registers.place import Place
from zoning.registers.record import Record, Value
from zoning.registers.types import FieldSpec, RegisterType
from zoning.web.access import CASE_EDITORS, CASE_READERS, only
from zoning.web.api.content.models import (
    CONFLICTS,
    PROBLEMS,
    CaseLineTold,
    CaseList,
    CaseTold,
    NewCase,
    NewNote,
    NoParameters,
    NoteTold,
    OverrideTold,
    Page,
    Step,
    VerdictLine,
)
from zoning.web.api.content.versions import IF_MATCH, tagged, wanted_version
from zoning.web.api.content_lists import part
from zoning.web.api.registers import geojson, public_record
from zoning.web.cases.checking import from_check
from zoning.web.cases.listing import CaseLine, Filters, chosen
from zoning.web.cases.moving import check_of, move_case, register_case
from zoning.web.cases.pending import marked_lines
from zoning.web.cases.place import case_place, has_cases, read_document
from zoning.web.refusals import not_found
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of

routes = Routes(prefix="/api/v1", tags=["cases"], in_schema=True)
_READERS = only(*CASE_READERS, scope="cases:read")
_VERDICT_READERS = only(*CASE_EDITORS, scope="cases:read")
_WRITERS = only(*CASE_EDITORS, scope="cases:write")


class CasesWanted(Page):
    """Which cases: with words, of a state, decision, territory; overdue, with notices, with a pending re-check."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=40)
    decision: str = Field("", max_length=20)
    territory: str = Field("", max_length=12)
    overdue: bool = False
    notices: bool = False
    pending: bool = False


@routes.get("/cases", access=_READERS, response_model=CaseList, responses=PROBLEMS)
def list_cases(request: Request, wanted: Annotated[CasesWanted, Query()]) -> Any:
    """Return cases, the newest number first."""
    server = server_of(request)
    filters = Filters(
        q=wanted.q.strip(),
        state=wanted.state,
        decision=wanted.decision,
        territory=wanted.territory,
        overdue=wanted.overdue,
        notices=wanted.notices,
        pending=wanted.pending,
    )
    _place(server)
    found = chosen(marked_lines(server), filters)
    shown, following = part(found, wanted)
    return CaseList(items=[_line(one) for one in shown], total=len(found), next=following)


@routes.get("/cases/{case}", access=_READERS, response_model=CaseTold, responses=PROBLEMS)
def read_case(request: Request, response: Response, case: str, _: NoParameters) -> Any:
    """Return a case with its verdicts, notes and overrides; its version is the ETag."""
    server = server_of(request)
    return _case(server, response, case)


@routes.get("/cases/{case}/verdicts/{number}", access=_VERDICT_READERS, responses=PROBLEMS)
def read_case_verdict(request: Request, case: str, number: int, _: NoParameters) -> dict[str, Any]:
    """Return a verdict of a case in the schema zoning.verdict/1; attributes of its boundary file may name persons."""
    server = server_of(request)
    parts = _parts(server, _place(server), _record(server, case).id)
    found = next((one for one in parts.verdicts if one.number == number), None)
    if found is None:
        raise not_found("没有这个结论", "there is no such verdict")
    return dict(read_document(server, found.document))


@routes.post("/cases", access=_WRITERS, response_model=CaseTold, responses={**PROBLEMS, **CONFLICTS}, status_code=201)
def make_case(request: Request, response: Response, new: NewCase, _: NoParameters) -> Any:
    """Register a case; `check` gives it its boundary and first verdict."""
    server, who = server_of(request), who_of(request)
    kind = _place(server).type
    values = {name: _value(kind, name, value) for name, value in new.values.items()}
    found = from_check(server, check_of(server, who, new.check), new.site) if new.check else None
    number = register_case(server, who, new.number.strip(), values, found)
    response.headers["Location"] = f"/api/v1/cases/{quote(number)}"
    return _case(server, response, number)


@routes.post(
    "/cases/{case}/state",
    access=_WRITERS,
    response_model=CaseTold,
    responses={**PROBLEMS, **CONFLICTS},
    openapi_extra={"parameters": [IF_MATCH]},
)
def move(request: Request, response: Response, case: str, step: Step, _: NoParameters) -> Any:
    """Bring a case into another state; If-Match bears the version that was read."""
    server, who = server_of(request), who_of(request)
    version = wanted_version(request, _record(server, case).version)
    move_case(server, who, case, step.to, version=version, reason=step.reason.strip())
    return _case(server, response, case)


@routes.post("/cases/{case}/notes", access=_WRITERS, response_model=CaseTold, responses=PROBLEMS, status_code=201)
def write_note(request: Request, response: Response, case: str, new: NewNote, _: NoParameters) -> Any:
    """Add a note to a case; notes are never changed."""
    server = server_of(request)
    place, record = _place(server), _record(server, case)
    with place.database.writing() as connection:
        add_note(connection, place, record.id, new.text, server.stamp(who_of(request)))
    return _case(server, response, case)


def _place(server: Server) -> Place:
    if not has_cases(server):
        raise not_found("本系统没有案件台账", "this server has no register of cases")
    return case_place(server)


def _record(server: Server, case: str) -> Record:
    found = None if "\x00" in case else server.store.register(_place(server).kind).get(case)
    if found is None:
        raise not_found("没有这个案件", "there is no such case")
    return found


def _parts(server: Server, place: Place, case: str) -> CaseParts:
    with server.store.database.reading() as connection:
        return case_parts(connection, place, case)


def _value(kind: RegisterType, name: str, value: Value) -> Value:
    """Return a value of JSON as the register takes it; what does not fit is named by the register."""
    spec: FieldSpec | None = kind.fields.get(name)
    if spec is None or not isinstance(value, str):
        return value
    if spec.kind == "codes":
        return tuple(value.split(","))
    if spec.kind == "date":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _line(line: CaseLine) -> CaseLineTold:
    record = line.record
    return CaseLineTold(
        case=record.id,
        version=record.version,
        state=record.state,
        since=record.since,
        territory=record.territory,
        decision=line.decision,
        standing=line.standing,
        by=line.by,
        notices=line.notices,
        pending=line.is_pending,
    )


def _case(server: Server, response: Response, case: str) -> CaseTold:
    record, place = _record(server, case), _place(server)
    parts = _parts(server, place, record.id)
    tagged(response, record.version)
    return CaseTold(
        case=record.id,
        version=record.version,
        state=record.state,
        since=record.since,
        territory=record.territory,
        values=public_record(place.type, record),
        geometry=geojson(record),
        decision="" if parts.last is None else parts.last.decision,
        standing="" if parts.standing is None else parts.standing.decision,
        verdicts=[
            VerdictLine(
                number=one.number,
                site=one.site,
                decision=one.decision,
                day=one.day,
                document=one.document,
                why=one.why,
                at=one.at,
            )
            for one in parts.verdicts
        ],
        notes=[NoteTold(number=one.number, text=one.text, by=one.actor, at=one.at) for one in parts.notes],
        overrides=[
            OverrideTold(
                number=one.number, verdict=one.verdict, decision=one.decision, reason=one.reason, state=one.state
            )
            for one in parts.overrides
        ],
        notices=len(parts.open_notices),
    )
