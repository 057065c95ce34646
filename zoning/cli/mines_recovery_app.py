"""The options of `zoning mines recovery`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import ParcelOptions, RunOptions
from zoning.cli.mines_recovery_series import SeriesRequest
from zoning.cli.option_groups import takes_options
from zoning.cli.options import SESSION, t

_HELP = t(
    "恢复监测：各图斑逐期植被指数、与参照区比较的恢复指数、趋势、目标曲线，停滞、退化、新扰动报警",
    "recovery: vegetation of each parcel by date, index against undisturbed land, trend, target, alarms with reasons",
)
_EPILOG = t(
    "阈值和目标曲线在 mines/recovery.yaml。有效像元不足的日期没有数值，并计数。--resume 续算未完成的栅格。",
    "Thresholds and the target curve stand in mines/recovery.yaml. A date with too few valid pixels has no value and "
    "is counted. --resume goes on where a run was interrupted.",
)

Reference = Annotated[
    Path | None,
    typer.Option(
        "--reference",
        metavar="FILE",
        help=t("参照区边界文件（默认：图斑外围的环带）", "boundary of undisturbed land (default: a ring around each)"),
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="DATE|FIELD",
        help=t(
            "目标曲线的起点：日期，或图斑的日期字段（默认首期）",
            "start of the target curve: a date, or a field of the parcels (default: first date)",
        ),
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help=t("沿用 --out 中已算完的栅格", "use the rasters that --out has finished"))
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help=t("进程数（默认全部核心）", "processes (all cores)"))
]


def add_recovery(app: typer.Typer) -> None:
    """Add the command."""
    options = takes_options(parcels=ParcelOptions, series=SeriesRequest, run=RunOptions, intake=Intake)
    app.command(name="recovery", help=_HELP, epilog=_EPILOG)(options(_recovery))


def _recovery(
    *,
    parcels: ParcelOptions,
    reference: Reference = None,
    start: Start = None,
    resume: Resume = False,
    workers: Workers = None,
    run: RunOptions,
    series: SeriesRequest,
    intake: Intake,
) -> None:
    """Follow how parcels recover."""
    from zoning.cli.mines_recovery import RecoveryRequest, run_recovery

    request = RecoveryRequest(
        parcels.which(intake),
        series,
        reference=reference,
        start=start,
        resume=resume,
        workers=workers,
        out=run.out,
        on=run.on,
        workspace=run.workspace,
    )
    raise typer.Exit(run_recovery(SESSION, request, as_json=run.as_json))
