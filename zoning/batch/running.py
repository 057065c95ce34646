"""A batch from its records to its files: tasks, parts, the merged table, what was counted."""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from zoning.atomic_write import appear
from zoning.batch.blocks import blocks, tasks
from zoning.batch.columns import layer_columns, schema_of
from zoning.batch.flat import are_areas
from zoning.batch.folder import MERGED, WorkFolder, with_resume
from zoning.batch.identity import boundary_sha256, differences, workspace_identity
from zoning.batch.job import Executor, Job, Task
from zoning.batch.merging import merged
from zoning.batch.sinks import WRITERS, Target, with_lines, without_verdicts
from zoning.batch.tally import LayerCount, Tally
from zoning.errors import ContentError, ZoningError, os_reason
from zoning.texts import Text, joined
from zoning.workspace import Workspace

if TYPE_CHECKING:
    from zoning.sites.streaming import Row
    from zoning.styles.stylebook import Outcomes

PARTIAL = ".partial"
_NO_ROOM = 1_000_000  # bytes that are left on a disk when it is as good as full


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that a batch writes.

    Attributes
    ----------
    lines
        For the whole verdicts, one in a line.
    wkt
        Whether a CSV holds the geometry.
    outcomes
        Colours of the decisions: a GeoPackage of polygons gets styles. None: it gets none.
    """

    table: Path
    lines: Path | None = None
    wkt: bool = False
    outcomes: "Outcomes | None" = None


@dataclass(slots=True)
class Course:
    """How far a run is: figures of the run, not of the result.

    Attributes
    ----------
    total
        Records of the boundary file, where that is known before they are read.
    resumed
        Records that were finished before this run.
    peak_mb
        The most memory that a process held that checked footprints.
    """

    total: int | None = None
    read: int = 0
    done: int = 0
    resumed: int = 0
    peak_mb: float = 0.0


def compute(
    job: Job,
    chunks: Iterable[tuple["Row", ...]],
    folder: WorkFolder,
    executor: Executor,
    course: Course,
    tell: Callable[[Course], None],
) -> None:
    """Check every record whose part is not there yet; `tell` is called after every part.

    Raises
    ------
    ZoningError
        When the boundary file or a layer cannot be read, or a part cannot be written. What is finished stays.
    """
    sizes: dict[int, int] = {}
    for part in executor.run(job, _missing(chunks, folder, course, sizes)):
        folder.save(part)
        course.done += sizes.pop(part.number)
        course.peak_mb = max(course.peak_mb, part.peak_mb)
        tell(course)
    tell(course)


def _missing(
    chunks: Iterable[tuple["Row", ...]], folder: WorkFolder, course: Course, sizes: dict[int, int]
) -> Iterator[Task]:
    """Yield the tasks without a part."""
    for number, block in enumerate(blocks(chunks)):
        course.read += len(block)
        for task in tasks(block, number, folder.manifest.task):
            if task.number in folder.parts:
                course.done += len(task.rows)
                course.resumed += len(task.rows)
            else:
                sizes[task.number] = len(task.rows)
                yield task


def check_unchanged(job: Job, file: Path, folder: WorkFolder) -> None:
    """Do nothing when boundary file, rules, layers and prepared layers are what they were at the start.

    Raises
    ------
    ContentError
        When one has changed: the rows would not all rest on the same.
    """
    workspace = Workspace.open(job.root)
    damaged = damaged_layers(workspace, job)
    if damaged:
        folder.discard()
        zh, en = "、".join(damaged), ", ".join(damaged)
        raise ContentError(
            f"预处理图层在运行期间损坏：{zh}。算好的部分可能依据了它，已全部舍弃，没有写出结果；请检查磁盘，再重新运行",
            f"prepared layers were damaged during the run: {en}. What was computed may rest on them and was given up, "
            "no results were written; check the disk, then run it again",
        )
    now = {"file": boundary_sha256(file), **workspace_identity(workspace, job.on)}
    changed = differences({name: job.identity[name] for name in job.identity if name in now}, now)
    if changed:
        named = joined(changed)
        raise ContentError(
            f"运行期间有变化：{named.zh}；没有写出结果。请恢复原样后用 --resume 继续，"
            f"或用 --restart 从头开始（{folder.path}）",
            f"this has changed during the run: {named.en}; no results were written. Put it back and continue with "
            f"--resume, or begin anew with --restart ({folder.path})",
        )


def damaged_layers(workspace: Workspace, job: Job) -> list[str]:
    """Read the prepared layers of a job in full; return those that are not what was written: their files are removed.

    A disk can lose a bit without any sign, and opening a layer reads no more of it than is asked for.
    """
    if job.prepared is None or not job.prepared.is_dir():
        return []
    from zoning.overlay.plane import MeasuringPlane
    from zoning.overlay.prepared.store import PreparedStore

    plane = MeasuringPlane(workspace.file.latitude)
    return PreparedStore(job.prepared, workspace.catalogue, plane).damaged(job.on)


def publish(
    job: Job,
    workspace: Workspace,
    folder: WorkFolder,
    outputs: Outputs,
    total: int,
    *,
    before: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Write all rows in the order of the boundary file; each file appears whole or not at all, the table last.

    Parameters
    ----------
    before
        Writes what else belongs to the results; called when the rows are written and have not appeared yet.

    Raises
    ------
    ContentError
        When a file cannot be written, or a part is damaged. The parts stay.
    """
    schema = schema_of(workspace.catalogue, verdicts=False)
    suffix = outputs.table.suffix.lower()
    areas = suffix == ".gpkg" and are_areas(merged(folder, total))
    target = Target(folder.path / f"{MERGED}{suffix}", schema, job.on, outputs.wkt, areas)
    lines = None if outputs.lines is None else _beside(outputs.lines, outputs.table)
    tally = Tally(tuple(LayerCount(columns) for columns in layer_columns(workspace.catalogue)))
    rows = _Rows(_counted(merged(folder, total), tally))
    try:
        target.path.unlink(missing_ok=True)
        WRITERS[suffix](target, without_verdicts(rows) if lines is None else with_lines(rows, lines))
        if areas and outputs.outcomes is not None:
            from zoning.batch.styling import colour_by_decision

            colour_by_decision(target.path, outputs.outcomes, job.on)
        before(tally)
        if lines is not None and outputs.lines is not None:
            folder.announce(outputs.lines)
            appear(lines, outputs.lines)
        folder.announce(outputs.table)
        appear(target.path, outputs.table)
    except (OSError, RuntimeError, pa.ArrowException) as error:
        # How full the disk is tells something only before the half-written file goes.
        said = rows.error or _not_written(outputs.table, folder, error)
        for partial in (target.path, lines):
            with suppress(OSError):
                if partial is not None:
                    partial.unlink(missing_ok=True)
        raise said from error
    return tally


def _counted(tables: Iterator[pa.Table], tally: Tally) -> Iterator[pa.Table]:
    for table in tables:
        tally.add(table)
        yield table


class _Rows:
    """Tables on their way into a library that does not hand on what goes wrong while it asks for them."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        self._tables = tables
        self.error: ZoningError | None = None

    def __iter__(self) -> "_Rows":
        return self

    def __next__(self) -> pa.Table:
        try:
            return next(self._tables)
        except ZoningError as error:
            self.error = error
            raise


def _beside(path: Path, table: Path) -> Path:
    """Return where a file is written before it appears; two runs with two tables never write the same."""
    whose = hashlib.sha256(os.fsencode(table.resolve())).hexdigest()[:8]
    return path.with_name(f"{path.name}.{whose}{PARTIAL}")


def _not_written(path: Path, folder: WorkFolder, error: Exception) -> ContentError:
    reason = _reason(error, folder.path)
    return with_resume(
        ContentError(
            f"{path}：写入失败（{reason.zh}）；没有留下半个文件",
            f"{path}: cannot be written ({reason.en}); nothing half-written is left",
        ),
        folder.out,
    )


def _reason(error: Exception, folder: Path) -> Text:
    """Return why a library could not write: each says it in its own way, if at all."""
    told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    number = re.search(r"\[errno (\d+)\]", told)
    if number is not None:
        return os_reason(OSError(int(number[1]), os.strerror(int(number[1]))))
    if isinstance(error, OSError) and error.errno not in (None, errno.EIO):
        return os_reason(error)
    if shutil.disk_usage(folder).free < _NO_ROOM:
        return os_reason(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    return Text(told, told)
