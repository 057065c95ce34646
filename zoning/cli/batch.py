"""`zoning batch`: many footprints in one run, one row for each, to be continued after any interruption."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.batch_files import Files, check_files
from zoning.cli.batch_progress import BatchBar
from zoning.cli.intake import Intake, OnInvalid, boundary_file, reading_options
from zoning.cli.printing import print_json
from zoning.cli.session import Session
from zoning.cli.telling import told_when_interrupted
from zoning.cli.writing import say_written
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.batch.folder import WorkFolder
    from zoning.batch.job import Executor, Job
    from zoning.batch.running import Course
    from zoning.batch.tally import Tally
    from zoning.sites.limits import Options
    from zoning.sites.streaming import Row
    from zoning.styles.stylebook import Outcomes
    from zoning.workspace import Workspace

FEW = 256
"""So few footprints are done before other processes have started."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """The options of one batch; see `zoning batch --help`."""

    sites: Path
    files: Files
    facts: Path | None
    sets: tuple[str, ...]
    on: str | None
    workspace: Path | None
    intake: Intake
    processes: int | None = None
    scheduler: str | None = None
    resume: bool = False
    restart: bool = False
    keep_parts: bool = False
    prepare: bool = True
    fail_on_refused: bool = False
    maker: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a request comes to."""

    workspace: "Workspace"
    job: "Job"
    file: Path
    options: "Options"
    total: int | None


def run_batch(session: Session, request: BatchRequest, *, as_json: bool) -> int:
    """Check all footprints of a file and write one row for each; return the exit code.

    Raises
    ------
    UsageError
        When options contradict each other, or a number of processes or a name of a file cannot be meant.
    ContentError
        When a file is there already or cannot be written, another run writes it, or workspace or facts have mistakes.
    SiteError, CRSError
        When the boundary file cannot be read as a whole; what is wrong with one footprint stands in its row.
    LayerError
        When a layer holds something that its definition does not know.
    """
    from zoning.batch.blocks import TASK
    from zoning.batch.folder import Manifest, work_folder

    started = time.monotonic()
    _check(request)
    with ExitStack() as held:
        file = held.enter_context(boundary_file(request.sites))
        plan = _plan(session, request, file)
        manifest = Manifest(plan.job.identity, TASK, plan.total)
        folder = held.enter_context(
            work_folder(request.files.table, manifest, resume=request.resume, restart=request.restart)
        )
        held.enter_context(told_when_interrupted(session, _kept(request)))
        tally, course = _run(session, request, plan, folder)
        if not request.keep_parts:
            folder.remove()
    _tell_written(session, request.files)
    _print(session, plan, tally, _Figures(course, time.monotonic() - started), as_json=as_json)
    return 1 if request.fail_on_refused and tally.refused else 0


def _kept(request: BatchRequest) -> Text:
    table = request.files.table
    return Text(
        f"已完成的部分都已保存；用同样的命令加 --resume 继续（{table}）",
        f"what is finished is kept; continue with the same command and --resume ({table})",
    )


def _check(request: BatchRequest) -> None:
    if request.resume and request.restart:
        raise UsageError("--resume 和 --restart 只能用一个", "use either --resume or --restart")
    if request.processes is not None and request.processes < 1:
        raise UsageError("--processes：至少为 1", "--processes: at least 1")
    if request.scheduler is not None and request.processes is not None:
        raise UsageError("--processes 与 --scheduler 只能用一个", "use either --processes or --scheduler")
    check_files(request.sites, request.files, resume=request.resume)


def _plan(session: Session, request: BatchRequest, file: Path) -> _Plan:
    from zoning.batch.identity import identity_of
    from zoning.batch.job import Job
    from zoning.cli.check import CheckRequest, read_told
    from zoning.sites.formats.recognise import recognise
    from zoning.sites.streaming import count_sites

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    told = read_told(
        CheckRequest(request.sites, request.facts, request.sets, request.on, None), workspace.rulebook.vocabulary
    )
    options = reading_options(request.intake, workspace.extent(on, session.source(workspace)))
    refuse = request.intake.on_invalid is OnInvalid.refuse
    if not os.access(file, os.R_OK):
        recognise(file, options.limits)  # says why
    identity = identity_of(
        workspace,
        file=file,
        on=on,
        told=told,
        reading=_plain_options(options, request.intake),
        output=request.files.as_plain(),
    )
    job = Job(
        root=workspace.root.resolve(),
        prepared=_prepared_folder(session, workspace),
        on=on,
        told=told,
        identity=identity,
        refuse_invalid=refuse,
        keep_verdicts=request.files.lines is not None,
    )
    total = None if request.intake.sandbox else count_sites(file, options)
    return _Plan(workspace, job, file, options, total)


def _plain_options(options: "Options", intake: Intake) -> dict[str, object]:
    """Return the options for reading as plain values; of a file of parameters what is in it."""
    from zoning.layers.digests import file_sha256

    shift = options.datum_shift
    digest = None if shift is None or not shift.is_file() else file_sha256(shift)
    return {**options.plain(), "datum_shift": digest, "on_invalid": intake.on_invalid.value}


def _prepared_folder(session: Session, workspace: "Workspace") -> Path:
    from zoning.cli.prepared_folder import prepared_folder

    return prepared_folder(workspace.root, session.environ, writing=True).absolute()


def _run(session: Session, request: BatchRequest, plan: _Plan, folder: "WorkFolder") -> "tuple[Tally, Course]":
    from zoning.batch.running import Course, Outputs, check_unchanged, compute, publish
    from zoning.cli.batch_layers import with_layers

    if plan.job.told.single:
        plan.job.told.check_names(row.site for row in chain.from_iterable(_rows(request, plan)) if row.site is not None)
    outputs = Outputs(request.files.table, request.files.lines, request.files.wkt, _outcomes(plan, request.files))
    job = with_layers(session, plan.workspace, plan.job, folder, prepare=request.prepare)
    course = Course(plan.total)
    with BatchBar(session, plan.total) as progress:
        compute(job, _rows(request, plan), folder, _executor(session, request, plan), course, progress.tell)
    check_unchanged(job, plan.file, folder)

    def draw(tally: "Tally") -> None:
        if request.files.page is not None:
            from zoning.cli.batch_map import write_map

            folder.announce(request.files.page)
            write_map(session, plan.workspace, job, folder, tally, request.files.page, plan.file.name)
        _write_products(session, request, plan, job, folder, tally)

    tally = publish(job, plan.workspace, folder, outputs, course.read, before=draw)
    return tally, course


def _outcomes(plan: _Plan, files: Files) -> "Outcomes | None":
    """Return the colours of the decisions where the file of results can hold them."""
    if files.table.suffix.lower() != ".gpkg":
        return None
    from zoning.styles.stylebook import read_stylebook

    styles = plan.workspace.root / "styles"
    return read_stylebook(styles, outcomes=plan.workspace.own_or_builtin("styles/outcomes.yaml")).outcomes


def _write_products(
    session: Session, request: BatchRequest, plan: _Plan, job: "Job", folder: "WorkFolder", tally: "Tally"
) -> None:
    from zoning.cli.batch_products import Products
    from zoning.cli.report import ReportFormat

    files = request.files
    products = Products(session, plan.workspace, job, plan.file.name, request.maker)
    if files.workbook is not None:
        products.write_workbook(folder, tally, files.workbook)
    if files.reports is not None:
        products.write_reports(
            _rows(request, plan),
            files.reports,
            ReportFormat(files.reports_to),
            total=tally.sites,
            work=folder.path,
            maps=files.report_maps,
        )


def _rows(request: BatchRequest, plan: _Plan) -> "Iterator[tuple[Row, ...]]":
    from zoning.sites.streaming import Row, stream_sites

    if not request.intake.sandbox:
        return stream_sites(plan.file, plan.options)
    from zoning.sites.sandbox import read_sites_sandboxed

    # What a stranger's file holds comes out of its own process as a whole.
    sites = read_sites_sandboxed(plan.file, plan.options)
    return iter([tuple(Row(number, site.name, site, None) for number, site in enumerate(sites))])


def _executor(session: Session, request: BatchRequest, plan: _Plan) -> "Executor":
    from zoning.batch.executors import Processes, Serial
    from zoning.worker_processes import cores

    if request.scheduler is not None:
        from zoning.batch.cluster import Dask

        return Dask(request.scheduler, session.say)
    count = request.processes or cores()
    if count == 1 or (request.processes is None and plan.total is not None and plan.total <= FEW):
        return Serial()
    return Processes(count)


@dataclass(frozen=True, slots=True)
class _Figures:
    """How a run went: no part of its results."""

    course: "Course"
    seconds: float

    def as_plain(self) -> dict[str, object]:
        from zoning.batch.work import peak_mb

        worked = self.course.done - self.course.resumed
        return {
            "seconds": round(self.seconds, 1),
            "sites_per_second": round(worked / max(self.seconds, 1e-3), 1),
            "resumed_sites": self.course.resumed,
            "peak_mb": {"main": round(peak_mb(), 1), "workers": round(self.course.peak_mb, 1)},
        }

    @property
    def told(self) -> Text:
        from zoning.batch.work import peak_mb
        from zoning.cli.batch_progress import duration

        time_taken = duration(self.seconds)
        rate = (self.course.done - self.course.resumed) / max(self.seconds, 1e-3)
        main, workers = f"{peak_mb():,.0f} MB", f"{self.course.peak_mb:,.0f} MB"
        memory = Text(main, main)
        if self.course.peak_mb:
            memory = Text(
                f"主进程 {main}，每个计算进程最多 {workers}", f"main process {main}, each worker up to {workers}"
            )
        return Text(
            f"用时 {time_taken.zh}，每秒 {rate:,.0f} 个；内存峰值：{memory.zh}",
            f"{time_taken.en}, {rate:,.0f} per second; peak memory: {memory.en}",
        )


def _tell_written(session: Session, files: Files) -> None:
    for path in files.written:
        say_written(session, path)


def _print(session: Session, plan: _Plan, tally: "Tally", figures: _Figures, *, as_json: bool) -> None:
    from zoning.cli.batch_summary import print_summary

    if as_json:
        head = {"on": plan.job.on.isoformat(), "file": plan.file.name}
        content = {**tally.as_plain(), **head, "run": figures.as_plain()}
        print_json(content)
        return
    print_summary(session, plan.workspace, tally)
    session.say(figures.told)
