"""REST: registers other than that of the cases (mine parcels, ponds ...): read, and brought into another state."""

import json
from typing import Annotated, Any

import shapely
from fastapi import Query, Request, Response
from pydantic import Field

from zoning.errors import ContentError, UsageError
from zoning.registers.record import Record
from zoning.registers.register import Register
from zoning.registers.types import RegisterType
from zoning.texts import Text
from zoning.web.access import REGISTER_EDITORS, Who, only, signed_in
from zoning.web.api.content.models import (
    CONFLICTS,
    PROBLEMS,
    KindList,
    KindTold,
    NoParameters,
    Page,
    PageWanted,
    RecordList,
    RecordTold,
    Step,
)
from zoning.web.api.content.versions import IF_MATCH, tagged, wanted_version
from zoning.web.api.content_lists import part, words
from zoning.web.refusals import Refused, not_found
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of

routes = Routes(prefix="/api/v1", tags=["registers"], in_schema=True)
READERS = signed_in("parcels:read")
WRITERS = only(*REGISTER_EDITORS, scope="parcels:write")
_CASES = "cases"


class RecordsWanted(Page):
    """Which records: of a state, of a territory (code or its beginning), in a box (west,south,east,north)."""

    state: str = Field("", max_length=60)
    territory: str = Field("", max_length=12)
    bbox: str = Field("", max_length=200, pattern=r"^$|^-?[0-9.]+(,-?[0-9.]+){3}$")


@routes.get("/registers", access=READERS, response_model=KindList, responses=PROBLEMS)
def list_registers(request: Request, page: PageWanted) -> Any:
    """Return the kinds of registers."""
    kinds = list(_kinds(server_of(request)).values())
    shown, following = part(kinds, page)
    return KindList(items=[_kind(one) for one in shown], total=len(kinds), next=following)


@routes.get("/registers/{kind}/records", access=READERS, response_model=RecordList, responses=PROBLEMS)
def list_records(request: Request, kind: str, wanted: Annotated[RecordsWanted, Query()]) -> Any:
    """Return the records of a register by id, without what is personal."""
    register = register_of(server_of(request), kind)
    found = list(
        register.records(
            territory=wanted.territory or None,
            state=wanted.state or None,
            box=_box(wanted.bbox),
        )
    )
    shown, following = part(found, wanted)
    return RecordList(items=[_record(register.type, one) for one in shown], total=len(found), next=following)


@routes.get("/registers/{kind}/records/{record}", access=READERS, response_model=RecordTold, responses=PROBLEMS)
def read_record(request: Request, response: Response, kind: str, record: str, _: NoParameters) -> Any:
    """Return one record; its version is the ETag."""
    register = register_of(server_of(request), kind)
    found = _found(register, record)
    tagged(response, found.version)
    return _record(register.type, found)


@routes.post(
    "/registers/{kind}/records/{record}/state",
    access=WRITERS,
    response_model=RecordTold,
    responses={**PROBLEMS, **CONFLICTS},
    openapi_extra={"parameters": [IF_MATCH]},
)
def move_record(request: Request, response: Response, kind: str, record: str, step: Step, _: NoParameters) -> Any:
    """Bring a record into another state; If-Match bears the version that was read.

    Steps that ask for a document are taken on the page of the record.
    """
    server, who = server_of(request), who_of(request)
    register = register_of(server, kind)
    version = wanted_version(request, _found(register, record).version)
    _demand_role(register.type, _found(register, record).state, step.to, who)
    try:
        register.move(
            record,
            step.to,
            on=server.today(),
            stamp=server.stamp(who),
            version=version,
            reason=step.reason.strip(),
        )
    except ContentError as error:
        if _found(register, record).version != version:
            raise Refused(409, error.text) from error
        raise
    found = _found(register, record)
    tagged(response, found.version)
    return _record(register.type, found)


def register_of(server: Server, kind: str) -> Register:
    """Return a register that is no register of cases.

    Raises
    ------
    Refused
        404.
    """
    try:
        if kind == _CASES:
            raise _no_such()
        return server.store.register(kind)
    except UsageError:
        raise _no_such() from None


def public_record(kind: RegisterType, record: Record) -> dict[str, Any]:
    """Return the values of a record that are not personal."""
    return {name: _plain(record.values[name]) for name, spec in kind.fields.items()
            if not spec.personal and name in record.values}  # fmt: skip


def geojson(record: Record) -> dict[str, Any] | None:
    """Return the place of a record."""
    if record.geometry is None:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(record.geometry))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _kinds(server: Server) -> dict[str, RegisterType]:
    return {name: one for name, one in server.store.types.items() if name != _CASES}


def _kind(kind: RegisterType) -> KindTold:
    fields = {
        name: {
            "title": words(spec.title).model_dump(),
            "kind": spec.kind,
            "unit": spec.unit,
            "required": spec.required,
            "codes": {code: words(entry.title).model_dump() for code, entry in spec.codes.items()},
        }
        for name, spec in kind.fields.items()
        if not spec.personal
    }
    steps = [
        {"from": one.source, "to": one.target, "back": one.back, "evidence": one.evidence, "roles": list(one.roles)}
        for one in kind.workflow.transitions
    ]
    states = {name: words(state.title) for name, state in kind.workflow.states.items()}
    return KindTold(kind=kind.id, title=words(kind.title), shape=kind.shape, fields=fields, states=states, steps=steps)


def _record(kind: RegisterType, record: Record) -> RecordTold:
    return RecordTold(
        record=record.id,
        kind=kind.id,
        version=record.version,
        territory=record.territory,
        state=record.state,
        since=record.since,
        values=public_record(kind, record),
        geometry=geojson(record),
    )


def _found(register: Register, record: str) -> Record:
    found = register.get(record) if "\x00" not in record else None
    if found is None:
        raise not_found("没有这条记录", "there is no such record")
    return found


def _demand_role(kind: RegisterType, state: str, to: str, who: Who) -> None:
    step = next((one for one in kind.workflow.transitions if one.source == state and one.target == to), None)
    if step is not None and step.roles and who.roles.isdisjoint(step.roles):
        raise Refused(403, Text("您的角色不能走这一步", "your role may not take this step"))


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(number) for number in text.split(","))
    except ValueError:
        raise Refused(
            422, Text("bbox 应为四个数：西,南,东,北", "bbox is four numbers: west,south,east,north")
        ) from None
    return west, south, east, north


def _no_such() -> Refused:
    return not_found("没有这类台账", "there is no such register")
