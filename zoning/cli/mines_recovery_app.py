"""The options of `zoning mines recovery`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.mines_priority_app import OutFolder, ParcelsFile, RegisterPlace, Territory
from zoning.cli.mines_recovery_series import (
    Band,
    Clouds,
    DatePattern,
    FormulaText,
    MaskBand,
    MaskName,
    Nodata,
    Offset,
    Rasters,
    Scale,
    SeriesRequest,
)
from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

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
    app.command(name="recovery", help=_HELP, epilog=_EPILOG)(takes_intake(_recovery))


def _recovery(  # noqa: PLR0913 - the options of the contract
    *,
    rasters: Rasters,
    parcels: ParcelsFile = None,
    territory: Territory = None,
    register: RegisterPlace = None,
    reference: Reference = None,
    start: Start = None,
    date_pattern: DatePattern = "",
    formula: FormulaText = "",
    band: Band = 1,
    scale: Scale = None,
    offset: Offset = None,
    nodata: Nodata = None,
    mask: MaskName = "",
    mask_band: MaskBand = None,
    clouds: Clouds = "",
    resume: Resume = False,
    workers: Workers = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    intake: Intake,
) -> None:
    """Follow how parcels recover."""
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_recovery import RecoveryRequest, run_recovery

    series = SeriesRequest(tuple(rasters), date_pattern, formula, band, scale, offset, nodata, mask, mask_band, clouds)
    request = RecoveryRequest(
        ParcelsRequest(parcels, territory, intake, register),
        series,
        reference=reference,
        start=start,
        resume=resume,
        workers=workers,
        out=out,
        on=on,
        workspace=workspace,
    )
    raise typer.Exit(run_recovery(SESSION, request, as_json=output is OutputFormat.json))
