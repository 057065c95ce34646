"""The options of `zoning batch`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.options import SESSION, Facts, Format, Lang, On, OutputFormat, Overwrite, Sets, Workspace, t
from zoning.cli.report import ReportFormat

_HELP = t(
    "批量研判：一个文件的全部地块，每个一行，中断后可继续",
    "check many footprints: one row for each, to be continued after an interruption",
)
_EPILOG = t(
    "退出码：0 全部记录都有一行（不论结论）；1 有记录被拒绝且用了 --fail-on-refused；2 用法错误；10 内容错误；"
    "11 图层不可读；12 坐标系问题；130 中断（加 --resume 继续）。",
    "Exit codes: 0 every record has its row, whatever its decision; 1 a record was refused and --fail-on-refused was "
    "given; 2 wrong usage; 10 content error; 11 layer unreadable; 12 coordinate system; 130 interrupted (continue "
    "with --resume).",
)

Sites = Annotated[Path, typer.Argument(metavar="SITES", help=t("边界文件", "boundary file"))]
Results = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="RESULTS",
        help=t("结果表：.parquet（GeoParquet）、.gpkg、.csv", "results: .parquet (GeoParquet), .gpkg or .csv"),
    ),
]
Lines = Annotated[
    Path | None,
    typer.Option(
        "--jsonl",
        metavar="FILE",
        help=t("另写完整结论，每行一个 JSON", "write the whole verdicts too, one JSON per line"),
    ),
]
Page = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help=t("另画离线总图（HTML）", "draw an offline map of all (HTML)")),
]
Workbook = Annotated[
    Path | None,
    typer.Option("--workbook", metavar="FILE.xlsx", help=t("另写 Excel 工作簿", "write an Excel workbook too")),
]
Reports = Annotated[
    Path | None,
    typer.Option(
        "--reports",
        metavar="DIR",
        help=t("另为每个地块写一份报告，附目录页", "write one report per footprint into a folder, with an index page"),
    ),
]
ReportsTo = Annotated[ReportFormat, typer.Option("--reports-to", help=t("报告的格式", "format of the reports"))]
ReportMaps = Annotated[
    bool,
    typer.Option(
        "--reports-maps/--no-reports-maps",
        help=t("报告附图（每份约多 4 MB、10 秒）", "maps in the reports (about 4 MB and 10 s more for each)"),
    ),
]
Maker = Annotated[str, typer.Option("--maker", metavar="NAME", help=t("编制单位", "office or person that makes them"))]
Wkt = Annotated[
    bool, typer.Option("--geometry", help=t(".csv 中也写图形（WKT）", "write the geometry (WKT) into a .csv too"))
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help=t("继续中断的运行，已完成的不再计算", "continue an interrupted run; nothing is computed twice")
    ),
]
Restart = Annotated[
    bool,
    typer.Option("--restart", help=t("放弃中断的运行，从头开始", "give up an interrupted run and begin anew")),
]
KeepParts = Annotated[
    bool, typer.Option("--keep-parts", help=t("保留工作文件夹 RESULTS.parts", "keep the work folder RESULTS.parts"))
]
Count = Annotated[
    int | None,
    typer.Option("--processes", metavar="N", help=t("进程数（默认全部核心）", "number of processes (all cores)")),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help=t("在 Dask 集群上运行：tcp://主机:端口", "run on a Dask cluster: tcp://host:port"),
    ),
]
Prepare = Annotated[
    bool,
    typer.Option(
        "--prepare/--no-prepare",
        help=t("先预处理缺少或过期的图层", "first prepare the layers that are missing or stale"),
    ),
]
FailOnRefused = Annotated[
    bool,
    typer.Option(
        "--fail-on-refused", help=t("有记录被拒绝时以退出码 1 结束", "leave with 1 when a record was refused")
    ),
]


def add_batch(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_HELP, epilog=_EPILOG)(batch)


@takes_intake
def batch(  # noqa: PLR0913, PLR0917 - the options of the contract
    sites: Sites,
    out: Results,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    lines: Lines = None,
    page: Page = None,
    *,
    geometry: Wkt = False,
    overwrite: Overwrite = False,
    resume: Resume = False,
    restart: Restart = False,
    keep_parts: KeepParts = False,
    processes: Count = None,
    scheduler: Scheduler = None,
    prepare: Prepare = True,
    fail_on_refused: FailOnRefused = False,
    workbook: Workbook = None,
    reports: Reports = None,
    reports_to: ReportsTo = ReportFormat.docx,
    reports_maps: ReportMaps = False,
    maker: Maker = "",
    intake: Intake,
) -> None:
    """Check many footprints."""
    from zoning.cli.batch import BatchRequest, run_batch
    from zoning.cli.batch_files import Files

    request = BatchRequest(
        sites=sites,
        files=Files(out, lines, page, geometry, overwrite, workbook, reports, reports_to.value, reports_maps),
        facts=facts,
        sets=tuple(sets or ()),
        on=on,
        workspace=workspace,
        intake=intake,
        processes=processes,
        scheduler=scheduler,
        resume=resume,
        restart=restart,
        keep_parts=keep_parts,
        prepare=prepare,
        fail_on_refused=fail_on_refused,
        maker=maker,
    )
    raise typer.Exit(run_batch(SESSION, request, as_json=output is OutputFormat.json))
