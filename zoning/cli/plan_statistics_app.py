"""The options of `zoning plan statistics`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "统计：各乡镇各图层各类别的面积、图层两两重叠、各种组合的面积（表和矩形树图）",
    "statistics: area of every class per township, overlaps of all pairs, area of every combination (tables, treemap)",
)
_EPILOG = t(
    "没有数据的图层逐一列出，绝不记为 0。--out 写出 JSON、CSV、XLSX 和矩形树图（SVG、PNG）。",
    "Layers without data are named, never counted as 0. --out writes JSON, CSV, XLSX and the treemap (SVG, PNG).",
)

Territory = Annotated[
    str,
    typer.Option("--territory", "-t", metavar="CODE|NAME", help=t("行政区代码或名称", "code or name of a territory")),
]
Layers = Annotated[
    list[str] | None,
    typer.Option("--layer", metavar="ID", help=t("只统计这些图层，可重复", "only these layers; may be repeated")),
]
By = Annotated[
    str,
    typer.Option(
        "--by", metavar="LAYER|none", help=t("按哪个图层分区统计", "the layer whose zones are the parts, or none")
    ),
]
OutFolder = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="DIR", help=t("写到此文件夹", "folder to write to"))
]


def add_statistics(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="statistics", help=_HELP, epilog=_EPILOG)(_statistics)


def _statistics(
    territory: Territory,
    layers: Layers = None,
    by: By = "townships",
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Count a territory."""
    from zoning.cli.plan_statistics import StatisticsRequest, run_statistics

    request = StatisticsRequest(territory, tuple(layers or ()), None if by == "none" else by, out, on, workspace)
    raise typer.Exit(run_statistics(SESSION, request, as_json=output is OutputFormat.json))
