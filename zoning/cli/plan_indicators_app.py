"""The options of `zoning plan indicators`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "规划指标：图层能计算的现值与目标比较，文件自相矛盾处照实列出",
    "indicators of the plans: what layers say today against the targets; contradictions of the documents are shown",
)
_EPILOG = t(
    "指标写在工作空间的 plans/indicators/。退出码：0 全部达到，1 有未达到的，3 没有未达到的但有不能判断的。",
    "Indicators are content: plans/indicators/ of the workspace. Exit codes: 0 all met, 1 some not met, 3 none of them "
    "but some unknown.",
)

Territory = Annotated[
    str | None,
    typer.Option(
        "--territory", "-t", metavar="CODE|NAME", help=t("只要这个行政区的规划", "only plans of this territory")
    ),
]
PlanId = Annotated[
    str | None,
    typer.Option(
        "--plan", "-p", metavar="ID", help=t("只要这个规划（文件编号）", "only this plan (id of its document)")
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help=t("把网页、工作簿、CSV 和 JSON 写到此文件夹", "write page, workbook, CSV and JSON to this folder"),
    ),
]


def add_indicators(app: typer.Typer) -> None:
    """Add `zoning plan indicators` to the commands."""
    app.command(name="indicators", help=_HELP, epilog=_EPILOG)(_indicators)


def _indicators(
    territory: Territory = None,
    plan: PlanId = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Compare the indicators of plans with what layers say."""
    from zoning.cli.plan_indicators import IndicatorsRequest, run_indicators

    request = IndicatorsRequest(territory, plan, out, on, workspace)
    raise typer.Exit(run_indicators(SESSION, request, as_json=output is OutputFormat.json))
