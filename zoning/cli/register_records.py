"""`zoning register create`, `list`, `add`, `set`, `move`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.intake import Intake, read_intake
from zoning.cli.register_json import print_form, record_json
from zoning.cli.register_opening import Opened, day_of, opened, optional_day, stamp_of
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from zoning.registers.record import Record, Value
    from zoning.registers.types import RegisterType

LONLAT = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Which records are wanted."""

    territory: str | None = None
    state: str | None = None
    fields: tuple[str, ...] = ()
    overdue: bool = False
    on: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What is to become of a record, as it was written."""

    record: str
    sets: tuple[str, ...]
    name: str | None
    territory: str | None
    geometry: Path | None
    intake: Intake
    by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A step of the workflow, as it was written."""

    record: str
    state: str
    on: str | None
    reason: str
    evidence: tuple[Path, ...]
    role: str
    expect_version: int | None
    by: str | None
    note: str


def run_create(session: Session, where: RegisterRequest, *, as_json: bool) -> int:
    """Make the register where there is none.

    Raises
    ------
    UsageError
        When there is no workspace for it, or no such kind.
    ContentError
        When the types have mistakes, what is there is no register, or it cannot be written.
    """
    with opened(session, where, create=True) as found:
        name, files = found.store.name, found.store.files
        if as_json:
            print_form("create", {"register": name, "files": None if files is None else str(files)})
            return 0
        session.console().print(Text(f"台账：{name}", f"register: {name}").get(session.language), markup=False)
        if files is not None:
            text = Text(f"照片和文件：{files}", f"photos and documents: {files}").get(session.language)
            session.console().print(text, markup=False, soft_wrap=True)
    return 0


def run_list(session: Session, where: RegisterRequest, request: ListRequest, *, as_json: bool) -> int:
    """Print the records that are wanted.

    Raises
    ------
    UsageError
        When there is no register, or a day, field, value or state cannot be meant.
    ContentError
        When the register cannot be read.
    """
    from zoning.cli.register_text import print_records

    day = day_of(session, request.on, "--on")
    with opened(session, where) as found:
        wanted = values_of(found.kind, request.fields, "--where")
        state = None if request.state is None else state_of(found.kind, request.state)
        records = [
            record
            for record in found.register.records(territory=request.territory, state=state)
            if all(_has(record, name, value) for name, value in wanted.items())
        ]
        if request.overdue:
            late = {due.record for due in found.register.due(day) if due.status == "overdue"}
            records = [record for record in records if record.id in late]
        if as_json:
            listed = [record_json(record, place=False) for record in records]
            print_form("list", {"kind": found.kind.id, "records": listed})
        else:
            print_records(session, found.kind, records)
    return 0


def _has(record: "Record", name: str, value: "Value") -> bool:
    held = record.values.get(name)
    if isinstance(held, tuple) and value is not None:
        return set(value if isinstance(value, tuple) else (value,)) <= set(held)
    return held == value


def run_add(session: Session, where: RegisterRequest, request: ChangeRequest, since: str | None) -> int:
    """Put a new record into the register.

    Raises
    ------
    UsageError
        When there is no register, a field, value or day cannot be meant, or the boundary file holds several footprints.
    ContentError
        When there is such a record already, a value or the place does not fit the kind, or the register cannot be
        written.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    from zoning.registers.store import KEEP, Change

    with opened(session, where) as found:
        geometry = KEEP if request.geometry is None else footprint(request.geometry, request.intake)
        change = Change(
            request.record,
            request.name,
            request.territory,
            values_of(found.kind, request.sets),
            geometry,
            since=optional_day(since, "--since"),
        )
        found.register.apply([change], stamp_of(session, request.by, request.note))
        _say_where(session, found, request.record)
    return 0


def run_set(
    session: Session, where: RegisterRequest, request: ChangeRequest, expected: int | None, *, no_geometry: bool
) -> int:
    """Change a record.

    Raises
    ------
    UsageError
        When there is no register or record, a field or value cannot be meant, or the place is both told and taken away.
    ContentError
        When the record was changed in the meantime, a value or the place does not fit the kind, or the register cannot
        be written.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    from zoning.registers.store import KEEP, Change

    if no_geometry and request.geometry is not None:
        raise UsageError("--geometry 与 --no-geometry 只能用一个", "--geometry or --no-geometry: one of the two")
    with opened(session, where) as found:
        before = found.record(request.record)
        geometry = None if no_geometry else KEEP
        change = Change(
            request.record,
            request.name,
            request.territory,
            values_of(found.kind, request.sets),
            geometry if request.geometry is None else footprint(request.geometry, request.intake),
            before.version if expected is None else expected,
        )
        if not found.register.apply([change], stamp_of(session, request.by, request.note)):
            session.say(Text("没有变化，没有写入", "nothing changes: nothing was written"))
        _say_where(session, found, request.record)
    return 0


def run_move(session: Session, where: RegisterRequest, request: MoveRequest) -> int:
    """Bring a record into another state.

    Raises
    ------
    UsageError
        When there is no register, record, state or way to it, or reason, document or day are missing or not possible.
    ContentError
        When the record was changed in the meantime, or the register or a document cannot be read or written.
    """
    with opened(session, where) as found:
        before = found.record(request.record)
        found.register.move(
            request.record,
            state_of(found.kind, request.state),
            on=day_of(session, request.on, "--on"),
            stamp=stamp_of(session, request.by, request.note),
            version=before.version if request.expect_version is None else request.expect_version,
            reason=request.reason,
            evidence=request.evidence,
            role=request.role,
        )
        _say_where(session, found, request.record)
    return 0


def _say_where(session: Session, found: Opened, number: str) -> None:
    record = found.record(number)
    state = found.kind.workflow.states[record.state].title
    text = Text(
        f"{record.id}：第 {record.version} 版，{state.zh}（{record.since} 起）",
        f"{record.id}: version {record.version}, {state.en} since {record.since}",
    )
    session.console().print(text.get(session.language), markup=False, soft_wrap=True)


def values_of(kind: "RegisterType", sets: Sequence[str], option: str = "") -> "dict[str, Value]":
    """Return the values that texts like `field=value` mean; an empty value is None.

    Raises
    ------
    UsageError
        When a field is unknown, or a value means nothing there; with what is allowed.
    """
    from zoning.mistakes import meant
    from zoning.registers.ledger.cells import Cell, CellError, value_of

    begin = f"{option}：" if option else ""
    values: dict[str, Value] = {}
    for text in sets:
        name, equals, told = (part.strip() for part in text.partition("="))
        spec = kind.fields.get(name)
        if not equals:
            raise UsageError(f"{begin}“{text}”应写成 字段=值", f"{option or 'write'} '{text}': it is field=value")
        if spec is None:
            near = meant(name, kind.fields)
            raise UsageError(
                f"{begin}没有字段“{name}”（见 zoning register kinds {kind.id}）{near.zh}",
                f"there is no field '{name}' (see: zoning register kinds {kind.id}){near.en}",
            )
        if name in values:
            raise UsageError(f"字段“{name}”写了两次", f"the field '{name}' is set twice")
        try:
            values[name] = value_of(Cell(told, name), spec) if told else None
        except CellError as error:
            wrong, allowed = error.wrong, error.allowed
            raise UsageError(
                f"{name}：{wrong.zh}；应为：{allowed.zh}", f"{name}: {wrong.en}; allowed: {allowed.en}"
            ) from error
    return values


def state_of(kind: "RegisterType", text: str) -> str:
    """Return the state that a key or a title names.

    Raises
    ------
    UsageError
        When there is none; with those that there are.
    """
    states = kind.workflow.states
    found = [key for key, state in states.items() if text in (key, state.title.zh, state.title.en)]
    if len(found) == 1 or text in states:
        return text if text in states else found[0]
    zh = "、".join(f"{key} {state.title.zh}" for key, state in states.items())
    en = ", ".join(f"{key} ({state.title.en})" for key, state in states.items())
    raise UsageError(f"没有状态“{text}”；有：{zh}", f"there is no state '{text}'; there are: {en}")


def footprint(path: Path, intake: Intake) -> "BaseGeometry":
    """Return the one footprint of a boundary file in longitude and latitude.

    Raises
    ------
    UsageError
        When the file holds several.
    SiteError, CRSError, ContentError
        When the file cannot be read; see `zoning.cli.intake.read_intake`.
    """
    from zoning.exchange.moving import Mover
    from zoning.layers.datum import LonLat

    sites = read_intake(path, intake, None)
    if len(sites) != 1:
        raise UsageError(
            f"{path}：应只有一个地块，文件中有 {len(sites)} 个；批量请用 import",
            f"{path}: one footprint is wanted, the file has {len(sites)}; for many of them: import",
        )
    return Mover(sites[0].crs, LONLAT, LonLat()).moved(sites[0].geometry)
