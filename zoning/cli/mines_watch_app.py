"""The options of `zoning mines watch`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import ParcelsFile, RegisterPlace, RunOptions
from zoning.cli.mines_recovery_series import SeriesRequest
from zoning.cli.option_groups import takes_options
from zoning.cli.options import SESSION, t

_HELP = t(
    "红线与保护地巡查：两期或多期影像的变化图斑，列出疑似、面积、所在分区、可能适用的规则和前后对比图",
    "watch of red line and reserves: patches of change as suspicions, with area, zone, rules and pictures",
)
_EPILOG = t(
    "只列疑似，不作结论。图层未覆盖、没有有效像元的土地按面积报告为“未巡查”。图层与阈值在 mines/watch.yaml。"
    "--out 中的 watch-state.json 记住以前的图斑：同一图斑编号不变。",
    "Suspicions only, never a verdict. Land without coverage or without valid pixels is reported as not watched, with "
    "its area. Layers and thresholds: mines/watch.yaml. watch-state.json in --out remembers patches from run to run.",
)

Territories = Annotated[
    list[str] | None,
    typer.Option(
        "--territory",
        "-t",
        metavar="CODE",
        help=t(
            "巡查哪些辖区，可重复（默认：栅格所及）", "territories to watch; may be repeated (default: all in view)"
        ),
    ),
]
Before = Annotated[str | None, typer.Option("--before", metavar="DATE", help=t("以前的一期", "the earlier date"))]
After = Annotated[str | None, typer.Option("--after", metavar="DATE", help=t("现在的一期", "the later date"))]
Permitted = Annotated[
    Path | None,
    typer.Option(
        "--permitted",
        metavar="FILE",
        help=t(
            "有许可的项目边界文件：其中的变化不列为疑似",
            "boundary file of permitted sites: changes in them are no suspicion",
        ),
    ),
]
Marks = Annotated[
    list[str] | None,
    typer.Option(
        "--mark",
        metavar="ID=MARK",
        help=t(
            "记下核查结果：open、confirmed、permitted、handled、false-alarm，可重复",
            "what was found on the spot: open, confirmed, permitted, handled, false-alarm; may be repeated",
        ),
    ),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=t("随 --mark 记下的说明", "a note for --mark"))]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help=t(
            "栅格、图层和设置未变时，直接沿用 --out 中的结果", "use what --out holds when nothing has changed since"
        ),
    ),
]


def add_watch(app: typer.Typer) -> None:
    """Add the command."""
    options = takes_options(series=SeriesRequest, run=RunOptions, intake=Intake)
    app.command(name="watch", help=_HELP, epilog=_EPILOG)(options(_watch))


def _watch(  # noqa: PLR0913 - the options of the contract
    *,
    territory: Territories = None,
    before: Before = None,
    after: After = None,
    permitted: Permitted = None,
    parcels: ParcelsFile = None,
    register: RegisterPlace = None,
    mark: Marks = None,
    note: Note = "",
    resume: Resume = False,
    run: RunOptions,
    series: SeriesRequest,
    intake: Intake,
) -> None:
    """Watch protected land."""
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_watch import WatchCall, run_watch_command

    call = WatchCall(
        ParcelsRequest(parcels, None, intake, register),
        series,
        territories=tuple(territory or ()),
        before=before,
        after=after,
        permitted=permitted,
        marks=tuple(mark or ()),
        note=note,
        resume=resume,
        out=run.out,
        on=run.on,
        workspace=run.workspace,
    )
    raise typer.Exit(run_watch_command(SESSION, call, as_json=run.as_json))
