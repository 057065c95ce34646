"""`zoning register import`: a ledger or boundary file into the register, whole or not at all."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.atomic_write import json_text
from zoning.cli.intake import Intake, reading_options
from zoning.cli.register_opening import no_kind, place_of, stamp_of, tell_upgrade
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.layers.datum import Bounds
    from zoning.registers.ledger.intake import ImportPlan, Planned
    from zoning.registers.ledger.places import Surroundings
    from zoning.registers.ledger.rows import Ledger
    from zoning.registers.record import Record, Value
    from zoning.registers.types import RegisterType
    from zoning.workspace import Workspace

DONE, PARTLY, REFUSED = 0, 3, 10
_SHOWN_FAULTS, _SHOWN_RECORDS, _SHOWN_NOTICES = 200, 30, 30


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The options of one import.

    Attributes
    ----------
    shapes
        A boundary file with the places of the records of a table, joined by number.
    refused
        Where the refused rows go; by default `<name>-refused.xlsx` in the current folder.
    """

    file: Path
    intake: Intake
    shapes: Path | None = None
    territory: str | None = None
    partial: bool = False
    refused: Path | None = None
    only_new: bool = False
    clear_empty: bool = False
    dry_run: bool = False
    by: str | None = None
    note: str = ""
    as_json: bool = False


def run_import(session: Session, request: ImportRequest, where: RegisterRequest) -> int:
    """Import a file and say what was done; return the exit code.

    Raises
    ------
    UsageError
        When there is no such file, kind of register, territory or workspace, options do not go together, or the file
        for refused rows is no .xlsx.
    ContentError
        When the file is no ledger, the register cannot be read or was changed in the meantime, or a file cannot be
        written; what is wrong with one row is told instead.
    SiteError, CRSError
        When a boundary file cannot be read.
    """
    from zoning.registers.ledger.intake import ImportOptions, plan_import
    from zoning.registers.store import open_store

    _check_refused(request.refused)
    workspace = session.open_workspace(where.workspace)
    around = surroundings(session, workspace, request.territory)
    address, folder, types = place_of(session, where)
    kind = types.get(where.kind)
    if kind is None:
        raise no_kind(where.kind, types)
    ledger = read_ledger(request, kind, workspace.extent(session.today()))
    options = ImportOptions(clear_empty=request.clear_empty, only_new=request.only_new)
    if request.dry_run and _is_missing(address):
        return _told(session, request, plan_import(ledger, kind, {}, around, options), kind, ledger, 0)
    new_store = _is_missing(address)
    if new_store and plan_import(ledger, kind, {}, around, options).faults and not request.partial:
        # Nothing would be imported: no register is made for nothing.
        return _told(session, request, plan_import(ledger, kind, {}, around, options), kind, ledger, 0)
    with open_store(address, types, create=not request.dry_run, files=folder) as store:
        tell_upgrade(session, store)
        register = store.register(where.kind)
        existing = {record.id: record for record in register.records()}
        plan = plan_import(ledger, kind, existing, around, options)
        written = 0
        if not request.dry_run and (request.partial or not plan.faults) and plan.changes:
            written = register.apply(plan.changes, stamp_of(session, request.by, request.note or _note(request)))
        if new_store:
            session.say(Text(f"新建台账 {store.name}", f"made the register {store.name}"))
    return _told(session, request, plan, kind, ledger, written)


def _check_refused(path: Path | None) -> None:
    """Refuse before anything is imported what could not be written afterwards."""
    if path is not None and path.suffix.lower() != ".xlsx":
        raise UsageError(
            f"--refused：写成 .xlsx 文件，“{path.name}”不是", f"--refused: an .xlsx file, not '{path.name}'"
        )


def _is_missing(address: str) -> bool:
    return not address.startswith(("postgresql:", "postgres:")) and not Path(address).exists()


def _note(request: ImportRequest) -> str:
    return f"import {request.file.name}"


def read_ledger(request: ImportRequest, kind: "RegisterType", expected: "Bounds") -> "Ledger":
    """Read the file: a table by its suffix, anything else as a boundary file.

    Raises
    ------
    UsageError
        When there is no such file, or shapes are named for a file that has its own.
    ContentError
        When a table or a JSON of a register cannot be read as one.
    SiteError, CRSError
        When a boundary file cannot be read.
    """
    from zoning.registers.ledger.boundary_files import read_boundary_file
    from zoning.registers.ledger.intake import with_shapes
    from zoning.registers.ledger.own_json import is_own_json, read_own_json
    from zoning.registers.ledger.tables import TEXTS, WORKBOOKS, read_table

    if not request.file.exists():
        raise UsageError(f"{request.file}：没有这个文件", f"{request.file}: there is no such file")
    given = reading_options(request.intake, expected)
    if is_own_json(request.file):
        return read_own_json(request.file, kind, most_bytes=given.limits.file_bytes)
    if request.file.suffix.lower() not in (*WORKBOOKS, *TEXTS):
        if request.shapes is not None:
            raise UsageError(
                "--shapes 只用于表格（Excel、CSV）；这个文件自己有图形",
                "--shapes goes with tables (Excel, CSV): this file has shapes of its own",
            )
        return read_boundary_file(request.file, kind, given, sandboxed=request.intake.sandbox)
    layer = None if request.shapes is not None else request.intake.layer
    table = read_table(request.file, kind, sheet=layer, encoding=request.intake.encoding, limits=given.limits)
    if request.shapes is None:
        return table
    shapes = read_boundary_file(request.shapes, kind, given, sandboxed=request.intake.sandbox)
    return with_shapes(table, shapes, kind)


def surroundings(session: Session, workspace: "Workspace", default: str | None) -> "Surroundings":
    """Return the territories of the workspace.

    Raises
    ------
    UsageError
        When `default` is none of them.
    """
    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable
    from zoning.registers.ledger.places import Surroundings, Territory

    source = session.source(workspace)
    found = source.layer(workspace.catalogue.territory_layer, on=session.today(), bounds=WORLD)
    territories: dict[str, Territory] = {}
    if not isinstance(found, Unavailable):
        shapes = source.plane.to_lonlat(list(found.whole()))
        for code, name, shape in zip(found.ids, found.names, shapes, strict=True):
            territories[code] = Territory(code, name, shape)
    around = Surroundings(territories)
    if default is None:
        return around
    chosen = around.named(default)
    if chosen is None:
        wrong, allowed = around.unknown(default)
        raise UsageError(
            f"--territory：{wrong.zh}；可用：{allowed.zh}", f"--territory: {wrong.en}; allowed: {allowed.en}"
        )
    return Surroundings(territories, chosen)


def _told(
    session: Session, request: ImportRequest, plan: "ImportPlan", kind: "RegisterType", ledger: "Ledger", written: int
) -> int:
    """Print the result, write the refused rows, return the exit code."""
    refused = _write_refused(session, request, plan, kind, ledger)
    code = DONE if not plan.faults else PARTLY if request.partial else REFUSED
    for notice in plan.notices[:_SHOWN_NOTICES]:
        session.say(notice)
    if len(plan.notices) > _SHOWN_NOTICES:
        more = len(plan.notices) - _SHOWN_NOTICES
        session.say(Text(f"……还有 {more} 条说明", f"... and {more} more remarks"))
    if request.as_json:
        told = _json(request, plan, kind, written, refused)
        sys.stdout.write(json_text(told))
        return code
    lines = _lines(request, plan, kind, refused)
    sys.stdout.write("\n".join(line.get(session.language) for line in lines) + "\n")
    return code


def _write_refused(
    session: Session, request: ImportRequest, plan: "ImportPlan", kind: "RegisterType", ledger: "Ledger"
) -> Path | None:
    if not plan.refused or (not request.partial and request.refused is None):
        return None
    from zoning.atomic_write import write_whole
    from zoning.cli.register_workbook import refused_workbook

    path = request.refused or Path(f"{request.file.stem}-refused.xlsx")
    content = refused_workbook(
        kind, plan.refused, plan.faults, fields=ledger.fields, on=session.today(), language=session.language
    )
    if not request.dry_run:
        write_whole(path, content)
    return path


def _lines(request: ImportRequest, plan: "ImportPlan", kind: "RegisterType", refused: Path | None) -> list[Text]:
    lines = [fault.text for fault in plan.faults[:_SHOWN_FAULTS]]
    if len(plan.faults) > _SHOWN_FAULTS:
        more = len(plan.faults) - _SHOWN_FAULTS
        lines.append(
            Text(f"……还有 {more} 处错误（--format json 列出全部）", f"... and {more} more (--format json lists all)")
        )
    if request.dry_run:
        for one in plan.planned[:_SHOWN_RECORDS]:
            lines.extend(_change_lines(one, kind))
        if len(plan.planned) > _SHOWN_RECORDS:
            more = len(plan.planned) - _SHOWN_RECORDS
            lines.append(Text(f"……还有 {more} 条记录", f"... and {more} more records"))
    lines.append(_summary(request, plan))
    if plan.kept:
        lines.append(
            Text(
                f"有 {plan.kept} 个空单元格，台账中的值不变；要清空请加 --clear-empty",
                f"{_count(plan.kept, 'empty cell')}: what the register holds stays; --clear-empty empties it",
            )
        )
    if refused is not None:
        verb = Text("将写入", "would go to") if request.dry_run else Text("已写入", "in")
        lines.append(
            Text(
                f"未导入的 {len(plan.refused)} 行{verb.zh} {refused}，改正后可再次导入",
                f"{_count(len(plan.refused), 'refused row')} {verb.en} {refused}: correct and import that file",
            )
        )
    return lines


def _summary(request: ImportRequest, plan: "ImportPlan") -> Text:
    new, changed, same = len(plan.new), len(plan.changed), plan.unchanged
    counts = Text(f"新增 {new}，更改 {changed}，不变 {same}", f"{new} new, {changed} changed, {same} unchanged")
    if plan.faults and not request.partial:
        return Text(
            f"{len(plan.refused)} 行有 {len(plan.faults)} 处错误；没有导入任何记录。"
            "改正后重试，或用 --partial 导入其余各行",
            f"{_count(len(plan.faults), 'mistake')} in {_count(len(plan.refused), 'row')}; nothing was imported. "
            "Correct them, or import the other rows with --partial",
        )
    rest = Text("", "")
    if plan.faults:
        rest = Text(
            f"，{len(plan.refused)} 行有错误（{len(plan.faults)} 处）",
            f", {_count(len(plan.refused), 'row')} refused ({_count(len(plan.faults), 'mistake')})",
        )
    if request.dry_run:
        return Text(f"试运行，没有写入：{counts.zh}{rest.zh}", f"dry run, nothing was written: {counts.en}{rest.en}")
    return Text(f"已导入：{counts.zh}{rest.zh}", f"imported: {counts.en}{rest.en}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def _change_lines(one: "Planned", kind: "RegisterType") -> list[Text]:
    row = one.row.number
    if one.before is None:
        name = one.change.name or ""
        return [Text(f"+ {one.change.id} {name}（第 {row} 行）", f"+ {one.change.id} {name} (row {row})")]
    lines = [Text(f"~ {one.change.id}（第 {row} 行）", f"~ {one.change.id} (row {row})")]
    for name, before, after in changed_fields(one):
        title = kind.fields[name].title if name in kind.fields else Text("图形", "shape")
        lines.append(
            Text(
                f"    {title.zh}：{_word(before)} → {_word(after)}",
                f"    {title.en}: {_word(before)} -> {_word(after)}",
            )
        )
    return lines


def changed_fields(one: "Planned") -> "list[tuple[str, Value, Value]]":
    """Return field, value before and after of a changed record; the shape as "geometry" with its areas in words."""
    from zoning.registers.entries import KEEP

    before = one.before
    if before is None:
        return []
    found: list[tuple[str, Value, Value]] = [
        (name, before.values.get(name), value) for name, value in one.change.values.items()
    ]
    if one.change.name is not None:
        found.insert(0, ("name", before.name, one.change.name))
    if one.change.territory is not None:
        found.insert(0, ("territory", before.territory, one.change.territory))
    if one.change.geometry is not KEEP:
        found.append(("geometry", _place_word(before), "*"))
    return found


def _place_word(record: "Record") -> str | None:
    return None if record.geometry is None else record.geometry.geom_type


def _word(value: "Value") -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return "—" if value is None else str(value)


def _json(
    request: ImportRequest, plan: "ImportPlan", kind: "RegisterType", written: int, refused: Path | None
) -> dict[str, Any]:
    from zoning.cli.register_json import plain

    return {
        "schema": "zoning.register.import/1",
        "kind": kind.id,
        "file": request.file.name,
        "dry_run": request.dry_run,
        "imported": written,
        "new": [one.change.id for one in plan.new],
        "changed": [
            {"id": one.change.id, "fields": [[name, plain(a), plain(b)] for name, a, b in changed_fields(one)]}
            for one in plan.changed
        ],
        "unchanged": plan.unchanged,
        "empty_cells_left": plan.kept,
        "refused_rows": len(plan.refused),
        "refused_file": None if refused is None else str(refused),
        "faults": [
            {
                "file": one.file, "sheet": one.sheet, "row": one.row, "column": one.column, "field": plain(one.title),
                "wrong": plain(one.wrong), "allowed": plain(one.allowed),
            }
            for one in plan.faults
        ],
        "notices": [plain(one) for one in plan.notices],
    }  # fmt: skip
