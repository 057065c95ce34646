"""`zoning mines recovery`: how parcels recover."""

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.mines_parcels import ParcelsRequest, parcels, parcels_of_file
from zoning.cli.mines_recovery_series import SeriesRequest, scenes_of
from zoning.cli.printing import plain_table, print_line, print_rest
from zoning.cli.session import Session
from zoning.cli.telling import Told, told_when_interrupted
from zoning.cli.writing import write_all
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from zoning.mines.rasters import Scene
    from zoning.mines.recovery.document import Recovery
    from zoning.mines.recovery.measuring import Measured
    from zoning.mines.recovery.settings import RecoverySettings
    from zoning.overlay.plane import MeasuringPlane
    from zoning.registers.record import Record

KEPT = ".finished-rasters"
"""Folder in --out: what is finished, for --resume."""

_SMALL = 20_000  # parcels x rasters: less is done sooner than a process has begun
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class RecoveryRequest:
    """What the command is told."""

    parcels: ParcelsRequest
    series: SeriesRequest
    reference: Path | None = None
    start: str | None = None
    resume: bool = False
    workers: int | None = None
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None


def run_recovery(session: Session, request: RecoveryRequest, *, as_json: bool) -> int:
    """Measure and judge; return the exit code.

    Raises
    ------
    UsageError
        When a run is to go on and no folder is named, the start is no date and no field, a day is no date, or there are
        no parcels or rasters.
    ContentError
        When the settings, the register or a list of rasters cannot be read, or a file cannot be written.
    SiteError
        When a file of parcels or of the reference area cannot be read.
    LayerError, CRSError
        When a raster cannot be read, or does not say where it lies.
    """
    from zoning.layers.digests import file_sha256
    from zoning.mines.recovery.document import recovery_of
    from zoning.mines.recovery.settings import FILE, read_recovery_settings
    from zoning.overlay.plane import MeasuringPlane

    kept_in = kept_folder(request.out, resume=request.resume)
    workspace = session.open_workspace(request.workspace)
    path = workspace.own_or_builtin(FILE)
    settings = read_recovery_settings(path)
    records = parcels(session, request.workspace, request.parcels)
    scenes = scenes_of(request.series, settings.values.possible)
    shapes = [one.geometry for one in records if one.geometry is not None and not one.geometry.is_empty]
    starts = starts_of(records, request.start)
    session.say(
        Text(f"{len(records):,} 个图斑，{len(scenes)} 景栅格", f"{len(records):,} parcels, {len(scenes)} rasters")
    )
    plane = MeasuringPlane(workspace.settings.latitude)
    measured = _measured(session, request, shapes, scenes, settings, plane, kept_in)
    told = [path, request.reference, request.parcels.file]
    sources = measured.digests | {one.name: file_sha256(one) for one in told if one is not None and one.is_file()}
    recovery = recovery_of(records, measured, settings, on=session.day(request.on), sources=sources, starts=starts)
    if request.out is not None:
        _write(session, recovery, request.out)
    if as_json:
        sys.stdout.write(recovery.to_json())
    else:
        _print(session, recovery)
    return 0


def _measured(
    session: Session,
    request: RecoveryRequest,
    shapes: "Sequence[BaseGeometry]",
    scenes: "Sequence[Scene]",
    settings: "RecoverySettings",
    plane: "MeasuringPlane",
    kept_in: Path | None,
) -> "Measured":
    from zoning.mines.recovery.measuring import measure_recovery

    with _told_what_is_kept(session, kept_in):
        return measure_recovery(
            shapes,
            scenes,
            settings,
            plane,
            reference=None if request.reference is None else _united(request.reference, request.parcels),
            workers=workers_of(request.workers, len(shapes) * len(scenes)),
            kept_in=kept_in,
            tell=Told(session, Text("已统计栅格", "rasters done")),
        )


def _told_what_is_kept(session: Session, kept_in: Path | None) -> AbstractContextManager[None]:
    if kept_in is None:
        return nullcontext()
    kept = Text(
        f"已算完的栅格都已保存；用同样的命令加 --resume 继续（{kept_in.parent}）",
        f"finished rasters are kept; continue with the same command and --resume ({kept_in.parent})",
    )
    return told_when_interrupted(session, kept)


def kept_folder(out: Path | None, *, resume: bool) -> Path | None:
    """Return where finished rasters are kept: emptied first unless a run is to go on.

    Raises
    ------
    UsageError
        When a run is to go on and no folder is named.
    """
    if out is None:
        if resume:
            raise UsageError("--resume 须与 --out 一起使用", "--resume goes with --out")
        return None
    folder = out / KEPT
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    return folder


def workers_of(told: int | None, size: int) -> int:
    """Return how many processes are worth their start."""
    if told is not None:
        return told
    return 1 if size < _SMALL else os.cpu_count() or 1


def starts_of(records: "Sequence[Record]", told: str | None) -> dict[str, date]:
    """Return when the target curve begins, by id: one day for all, or a field of the parcels.

    Raises
    ------
    UsageError
        When it is no date and no parcel has such a field.
    """
    if told is None:
        return {}
    try:
        day = date.fromisoformat(told)
    except ValueError:
        found = {one.id: _day(one, told) for one in records}
        starts = {number: day for number, day in found.items() if day is not None}
        if not starts:
            raise UsageError(
                f"--start：“{told}”不是日期，也没有图斑有此日期字段",
                f"--start: '{told}' is no date, and no parcel has a date in a field of that name",
            ) from None
        return starts
    return {one.id: day for one in records}


def _day(record: "Record", field: str) -> date | None:
    value = record.values.get(field)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def _united(path: Path, request: ParcelsRequest) -> "BaseGeometry":
    import shapely

    found: BaseGeometry = shapely.union_all([one.geometry for one in parcels_of_file(path, request.intake)])
    return found


def _write(session: Session, recovery: "Recovery", folder: Path) -> None:
    """Write the files, the JSON last; each whole or not at all."""
    from zoning.cli.mines_recovery_tables import TITLE, gpkg_of, notes_of, sheets_of
    from zoning.cli.plan_statistics_tables import workbook
    from zoning.maps.made import Made
    from zoning.version import __version__

    language = session.language
    made = Made(session.today().isoformat(), __version__)
    notes = [text.get(language) for text in notes_of(recovery)]
    files: dict[str, str | bytes] = {
        "recovery.gpkg": gpkg_of(recovery, language, made),
        "recovery.xlsx": workbook(sheets_of(recovery), TITLE.get(language), notes, language, made),
        "recovery.json": recovery.to_json(),
    }
    write_all(session, folder, files)


def _print(session: Session, recovery: "Recovery") -> None:
    from zoning.cli.mines_recovery_tables import notes_of
    from zoning.mines.recovery.judging import STATUSES

    language = session.language
    words: dict[str, Text] = {str(name): text for name, text in STATUSES.items()}
    for status, count in recovery.counts.items():
        print_line(session, 0, session.labelled(words[status], f"{count:,}"))
    alarmed = [one for one in recovery.parcels if one.judgement.alarms]
    if alarmed:
        heads = Text("图斑", "parcel"), Text("报警", "alarm"), Text("理由", "why")
        table = plain_table(*heads, language=language)
        for one in alarmed[:_SHOWN]:
            alarm = one.judgement.alarms[0]
            table.add_row(one.record.id, words[alarm.kind].get(language), alarm.text.get(language))
        session.console().print(table)
        print_rest(session, len(alarmed) - _SHOWN)
    for note in notes_of(recovery):
        print_line(session, 0, note.get(language))
