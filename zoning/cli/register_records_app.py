"""The options of the register commands that are about records: create, kinds, list, show, add, set, move."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.options import SESSION, Format, OutputFormat, t
from zoning.cli.register_options import By, ExpectVersion, Note, RecordId, RegisterRequest, takes_register

_Sets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FIELD=VALUE...",
        help=t("字段=值，空值为清除；代码可写代码或文字", "field=value, an empty one clears; codes or their words"),
    ),
]
_Name = Annotated[
    str | None, typer.Option("--name", help=t("名称（类型没有名称字段时）", "name, where the type has no field"))
]
_TerritoryOf = Annotated[
    str | None,
    typer.Option("--territory", "-t", metavar="CODE", help=t("辖区代码（类型没有此字段时）", "code of its territory")),
]
_Geometry = Annotated[
    Path | None,
    typer.Option(
        "--geometry", "-g", metavar="FILE", help=t("图形：只含一个地块的边界文件", "boundary file with one footprint")
    ),
]
_NoGeometry = Annotated[
    bool, typer.Option("--no-geometry", help=t("清除图形（位置不明）", "take the geometry away: the place is unknown"))
]
_Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help=t("进入初始状态的日期（默认今天）", "day it began (today)")),
]
_Territory = Annotated[
    str | None,
    typer.Option("--territory", "-t", metavar="CODE", help=t("只列此辖区（按代码前缀）", "only of this territory")),
]
_State = Annotated[str | None, typer.Option("--state", help=t("只列此状态", "only in this state"))]
_Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FIELD=VALUE", help=t("只列字段为此值的，可重复", "only with this value; repeat")),
]
_Overdue = Annotated[bool, typer.Option("--overdue", help=t("只列有事项逾期的", "only those with something overdue"))]
_On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("按哪一天（默认今天）", "on which day (today)"))
]
_MovedOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("哪一天（默认今天）", "on which day (today)"))
]
_Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help=t("理由，退回时必填", "reason; asked going back"))
]
_Evidence = Annotated[
    list[Path] | None,
    typer.Option("--evidence", "-e", metavar="FILE", help=t("佐证材料，可重复", "document that proves it; repeat")),
]
_Role = Annotated[
    str, typer.Option("--role", help=t("以何角色（须在流转允许之列）", "in which role (the step must be open to it)"))
]
_StateTo = Annotated[str, typer.Argument(metavar="STATE", help=t("到哪个状态", "state to come into"))]
_KindShown = Annotated[
    str | None, typer.Argument(metavar="[KIND]", help=t("只看此类型的字段和流程", "fields and workflow of this kind"))
]


def add_create(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("建立台账（已有的不动）", "make a register (one that is there is left as it is)")
    app.command(name="create", help=about)(takes_register(_create, kind))


def _create(*, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_records import run_create

    raise typer.Exit(run_create(SESSION, where, as_json=output is OutputFormat.json))


def add_kinds(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("台账类型：字段、代码、流程、期限", "kinds of registers: fields, codes, workflow, deadlines")
    app.command(name="kinds", help=about)(takes_register(_kinds if kind is None else _own_kind, kind))


def _kinds(name: _KindShown = None, *, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_kinds import run_kinds

    raise typer.Exit(run_kinds(SESSION, where, name, as_json=output is OutputFormat.json))


def _own_kind(*, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_kinds import run_kinds

    raise typer.Exit(run_kinds(SESSION, where, where.kind, as_json=output is OutputFormat.json))


def add_list(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    app.command(name="list", help=t("列出记录", "list the records"))(takes_register(_list, kind))


def _list(
    *,
    territory: _Territory = None,
    state: _State = None,
    fields: _Where = None,
    overdue: _Overdue = False,
    on: _On = None,
    output: Format = OutputFormat.text,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_records import ListRequest, run_list

    request = ListRequest(territory, state, tuple(fields or ()), overdue, on)
    raise typer.Exit(run_list(SESSION, where, request, as_json=output is OutputFormat.json))


def add_show(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t(
        "一条记录：字段、图形、问题、工程、资金、附件", "one record: fields, place, problems, works, money, attachments"
    )
    app.command(name="show", help=about)(takes_register(_show, kind))


def _show(record: RecordId, *, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_show import run_show

    raise typer.Exit(run_show(SESSION, where, record, as_json=output is OutputFormat.json))


def add_add(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    app.command(name="add", help=t("新增一条记录", "a new record"))(takes_register(takes_intake(_add), kind))


def _add(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    sets: _Sets = None,
    *,
    name: _Name = None,
    territory: _TerritoryOf = None,
    geometry: _Geometry = None,
    since: _Since = None,
    by: By = None,
    note: Note = "",
    intake: Intake,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_records import ChangeRequest, run_add

    request = ChangeRequest(record, tuple(sets or ()), name, territory, geometry, intake, by, note)
    raise typer.Exit(run_add(SESSION, where, request, since))


def add_set(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("更改一条记录的字段或图形", "change fields or the place of a record")
    app.command(name="set", help=about)(takes_register(takes_intake(_set), kind))


def _set(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    sets: _Sets = None,
    *,
    name: _Name = None,
    territory: _TerritoryOf = None,
    geometry: _Geometry = None,
    no_geometry: _NoGeometry = False,
    expect_version: ExpectVersion = None,
    by: By = None,
    note: Note = "",
    intake: Intake,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_records import ChangeRequest, run_set

    request = ChangeRequest(record, tuple(sets or ()), name, territory, geometry, intake, by, note)
    raise typer.Exit(run_set(SESSION, where, request, expect_version, no_geometry=no_geometry))


def add_move(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("流转到另一个状态", "bring a record into another state of its workflow")
    app.command(name="move", help=about)(takes_register(_move, kind))


def _move(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    state: _StateTo,
    *,
    on: _MovedOn = None,
    reason: _Reason = "",
    evidence: _Evidence = None,
    role: _Role = "",
    expect_version: ExpectVersion = None,
    by: By = None,
    note: Note = "",
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_records import MoveRequest, run_move

    request = MoveRequest(record, state, on, reason, tuple(evidence or ()), role, expect_version, by, note)
    raise typer.Exit(run_move(SESSION, where, request))
