"""`zoning register export` and `template`: a register as a file, and the empty form of a ledger."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_formats import CodeStyle, ExportFormat
from zoning.cli.register_opening import Opened, no_kind, opened
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoning.registers.ledger.spatial import Exported
    from zoning.registers.record import Record


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The options of one export.

    Attributes
    ----------
    personal
        With the fields that are never public.
    """

    target: ExportFormat
    out: Path | None = None
    territory: str | None = None
    state: str | None = None
    codes: CodeStyle = CodeStyle.both
    personal: bool = True
    overwrite: bool = False


def run_export(session: Session, request: ExportRequest, where: RegisterRequest) -> int:
    """Write the register and say where; return the exit code.

    Raises
    ------
    UsageError
        When there is no register or no such kind or state, or the suffix is another one.
    ContentError
        When the register cannot be read, the file exists and may not be replaced, or it cannot be written.
    """
    from zoning.atomic_write import write_whole

    with opened(session, where) as found:
        if request.state is not None and request.state not in found.kind.workflow.states:
            from zoning.mistakes import meant

            states = found.kind.workflow.states
            near, listed = meant(request.state, states), "、".join(states)
            raise UsageError(
                f"--state：没有状态“{request.state}”{near.zh}；可用：{listed}",
                f"--state: there is no state '{request.state}'{near.en}; allowed: {listed}",
            )
        records = list(found.register.records(territory=request.territory, state=request.state))
        path = checked_path(
            request.out or Path(f"{where.kind}{request.target.suffix}"), request.target.suffix, request.overwrite
        )
        made = _made(session, request, found, records, path)
    for note in made.notes:
        session.say(note)
    write_whole(path, made.content, over=request.overwrite)
    count = len(records)
    session.say(Text(f"已写出 {count} 条：{path}", f"written: {count} record{'s' * (count != 1)} to {path}"))
    return 0


def checked_path(path: Path, suffix: str, overwrite: bool) -> Path:  # noqa: FBT001 - the option itself
    """Return where to write.

    Raises
    ------
    UsageError
        When the suffix is another one.
    ContentError
        When the file exists and may not be replaced.
    """
    if path.suffix.lower() != suffix:
        raise UsageError(
            f"--out：扩展名应为 {suffix}，写的是“{path.name}”", f"--out: the file ends in {suffix}, not '{path.name}'"
        )
    if path.exists() and not overwrite:
        raise ContentError(
            f"{path}：文件已存在；请换一个名称，或用 --overwrite 覆盖",
            f"{path}: the file exists; choose another name, or write over it with --overwrite",
        )
    return path


def _made(
    session: Session, request: ExportRequest, found: Opened, records: "Sequence[Record]", path: Path
) -> "Exported":
    from zoning.registers.ledger.spatial import (
        Exported,
        ExportOrder,
        write_geopackage,
        write_json,
        write_shapefile,
    )

    if request.target is ExportFormat.xlsx:
        content, notes = _workbook(session, request, found, records)
        return Exported(content, notes)
    order = ExportOrder(found.kind, records, session.today(), session.language, request.personal, path.stem)
    writers = {
        ExportFormat.gpkg: write_geopackage,
        ExportFormat.shp: write_shapefile,
        ExportFormat.json: write_json,
    }
    return writers[request.target](order)


def _workbook(
    session: Session, request: ExportRequest, found: Opened, records: "Sequence[Record]"
) -> tuple[bytes, tuple[Text, ...]]:
    from zoning.cli.register_workbook import LedgerBook, ledger_workbook

    items, chosen = found.register.items(), {one.id for one in records}
    book = LedgerBook(
        found.kind,
        records,
        session.today(),
        session.language,
        request.codes,
        request.personal,
        {number: some for number, some in items.problems.items() if number in chosen},
        {number: some for number, some in items.works.items() if number in chosen},
        {number: some for number, some in items.payments.items() if number in chosen},
    )
    return ledger_workbook(book)


def run_template(session: Session, out: Path | None, where: RegisterRequest, *, overwrite: bool) -> int:
    """Write an empty ledger and say where; return the exit code.

    Raises
    ------
    UsageError
        When there is no such kind, or the suffix is another one.
    ContentError
        When the types of the workspace have mistakes, or the file exists and may not be replaced, or cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.cli.register_opening import types_of
    from zoning.cli.register_workbook import form_workbook
    from zoning.workspace import find_workspace

    root, _ = find_workspace(where.workspace, session.environ, Path.cwd())
    types = types_of(root)
    kind = types.get(where.kind)
    if kind is None:
        raise no_kind(where.kind, types)
    path = checked_path(out or Path(f"{where.kind}-template.xlsx"), ".xlsx", overwrite)
    write_whole(path, form_workbook(kind, session.today(), session.language), over=overwrite)
    session.say(
        Text(
            f"空台账表 {path}：填写后用 zoning register import 导入；代码表在第二页",
            f"empty ledger {path}: fill it in and import it with zoning register import; the codes are on page 2",
        )
    )
    return 0
