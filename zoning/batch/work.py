"""One task: footprints in, a part of the results out. A pure function of its arguments and the files they name."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.batch.columns import VERDICT, LayerColumns, checked, layer_columns, refused, schema_of, table_of, to_ipc
from zoning.batch.faults import fault_of
from zoning.batch.identity import has_data, layer_identity, layer_name, layer_now
from zoning.batch.job import Job, Part, Task
from zoning.check import Checker, Examination, Refusal
from zoning.errors import CRSError, LayerError, ZoningError
from zoning.layers.reader import Unavailable
from zoning.quality.refusal import refuse_invalid
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.sites.crs.identify import to_lonlat
from zoning.sites.site import Site
from zoning.workspace import Workspace

if TYPE_CHECKING:
    from zoning.sites.streaming import Row

CODEC = "zstd"
Work = tuple["Row", Site, FactSheet]
Outcome = Examination | Refusal


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a process keeps open from task to task."""

    digest: str
    checker: Checker
    vocabulary: Vocabulary
    columns: tuple[LayerColumns, ...]
    schema: pa.Schema


_DESKS: list[_Desk] = []


def run_task(job: Job, task: Task) -> Part:
    """Check the footprints of one task.

    Raises
    ------
    LayerError
        When a layer holds something that its definition does not know, or is no longer what it was at the start of the
        run: no footprint can be checked then.
    CRSError
        When the coordinate system of a layer is unknown, or has no exact way to CGCS2000.
    ContentError
        When the workspace has a mistake.
    """
    desk = _desk(job)
    records = {row.number: refused(row, row.error) for row in task.rows if row.error is not None}
    for row, outcome in _outcomes(job, desk, [row for row in task.rows if row.site is not None]):
        records[row.number] = _record(job, desk, row, outcome)
    _check_layers(job, desk.checker)
    table = table_of((records[row.number] for row in task.rows), desk.schema)
    return Part(task.number, to_ipc(table), peak_mb())


def refuse_task(job: Job, task: Task, error: ZoningError) -> Part:
    """Return the part of a task none of whose footprints can be checked.

    Raises
    ------
    ContentError
        When the workspace has a mistake.
    """
    workspace = Workspace.open(job.root)
    schema = schema_of(workspace.catalogue, verdicts=job.keep_verdicts)
    records = [refused(row, row.error or error, _drawn(row.site)) for row in task.rows]
    return Part(task.number, to_ipc(table_of(records, schema)))


def peak_mb() -> float:
    """Return the most memory that this process has held, megabytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _desk(job: Job) -> _Desk:
    """Return the open workspace of a job; that of another job is given up."""
    if not _DESKS or _DESKS[0].digest != job.digest:
        workspace = Workspace.open(job.root)
        checker = Checker(
            on=job.on,
            catalogue=workspace.catalogue,
            rulebook=workspace.rulebook,
            settings=workspace.settings,
            source=workspace.source(job.prepared),
        )
        schema = schema_of(workspace.catalogue, verdicts=job.keep_verdicts)
        columns = layer_columns(workspace.catalogue)
        _DESKS[:] = [_Desk(job.digest, checker, workspace.rulebook.vocabulary, columns, schema)]
    return _DESKS[0]


def _outcomes(job: Job, desk: _Desk, rows: "Sequence[Row]") -> "Iterator[tuple[Row, Outcome]]":
    """Yield every footprint with its verdict, or with what was wrong with it."""
    work: list[Work] = []
    for row in rows:
        site = _known(row.site)
        try:
            if job.refuse_invalid:
                refuse_invalid([site])
            work.append((row, site, job.told.of(site, desk.vocabulary)))
        except ZoningError as error:
            yield row, Refusal(site, error)
    yield from _checked(desk.checker, work)


def _checked(checker: Checker, work: list[Work]) -> "Iterator[tuple[Row, Outcome]]":
    """Check footprints together; after a fault of the program the rest one by one, so that it costs one row."""
    done = 0
    try:
        for outcome in checker.check([(site, facts) for _, site, facts in work]):
            yield work[done][0], outcome
            done += 1
    except (LayerError, CRSError):  # of a layer: what is wrong with a footprint comes as an outcome
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other footprints are not to be lost
        if len(work) == 1:
            yield work[0][0], Refusal(work[0][1], fault_of(work[0][1], error))
            return
        for one in work[done:]:
            yield from _checked(checker, [one])


def _check_layers(job: Job, checker: Checker) -> None:
    """Do nothing when the layers are those of the start of the run: all rows must rest on the same."""
    for name, layer in checker.layers.items():
        if isinstance(layer, Unavailable):
            if _is_lost(job, checker, name):
                raise LayerError(
                    f"图层 {name} 在运行期间失去连接：{layer.reason.zh}；恢复后用 --resume 继续",
                    f"layer {name} was lost during the run: {layer.reason.en}; continue with --resume when it is back",
                )
        elif not has_data(job.identity, name, checker.source):
            raise LayerError(
                f"图层 {name} 在运行开始时没有数据，现在有了；请用 --restart 从头开始，使全部地块依据同样的图层",
                f"layer {name} had no data when the run began, and has now: begin anew with --restart, so that all "
                "footprints rest on the same layers",
            )
        elif layer_identity(checker.source.definition_sha256(name), layer.sha256) != job.identity[layer_name(name)]:
            raise LayerError(
                f"图层 {name} 在运行期间被改动；请恢复原样后用 --resume 继续，或用 --restart 从头开始",
                f"layer {name} was changed during the run; put it back and continue with --resume, or begin anew with "
                "--restart",
            )


def _is_lost(job: Job, checker: Checker, name: str) -> bool:
    """Tell whether a layer that could not be read had data at the start; a file that is as bad as then is not lost."""
    found = checker.catalogue[name].edition_on(job.on)
    if found is None or not has_data(job.identity, name, checker.source):
        return False
    if found[1].file is None:
        return True  # even if the database answers again: rows were checked without it
    try:
        return layer_now(checker.catalogue, name, job.on) != job.identity[layer_name(name)]
    except OSError:
        return True


def _record(job: Job, desk: _Desk, row: "Row", outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return refused(row, outcome.error, _drawn(row.site))
    site = outcome.footprint.site
    record = checked(row, outcome, desk.columns, _lonlat(outcome.footprint.own, site.crs))
    if job.keep_verdicts:
        line = outcome.verdict.model_dump_json(by_alias=True).encode()
        record[VERDICT] = pack(line)
    return record


def pack(line: bytes) -> bytes:
    """Return a text in small; its length stands before it, in eight bytes."""
    packed: bytes = pa.compress(line, codec=CODEC, asbytes=True)
    return len(line).to_bytes(8, "little") + packed


def unpack(packed: bytes) -> bytes:
    """Return what `pack` was given.

    >>> unpack(pack(b"{}"))
    b'{}'
    """
    line: bytes = pa.decompress(packed[8:], int.from_bytes(packed[:8], "little"), codec=CODEC, asbytes=True)
    return line


def _known(site: Site | None) -> Site:
    if site is None:
        msg = "a row without a footprint and without an error"
        raise TypeError(msg)
    return site


def _drawn(site: Site | None) -> BaseGeometry | None:
    return None if site is None else _lonlat(site.geometry, site.crs)


def _lonlat(geometry: BaseGeometry, crs: str) -> BaseGeometry | None:
    """Return a geometry in longitude and latitude, vertex by vertex; None where its coordinates are none of `crs`."""
    way = to_lonlat(crs)
    moved = shapely.transform(geometry, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
    return moved if np.isfinite(shapely.get_coordinates(moved)).all() else None
