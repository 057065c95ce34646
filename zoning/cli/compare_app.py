"""The options of `zoning compare`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Facts, Format, Lang, On, OutputFormat, Sets, Workspace, t

_HELP = t(
    "比较两个版本：增减和改类的面积、三不检查、边界调整登记；--sites 只列出结论改变的地块",
    "compare two editions: land gained, lost, reclassified; what must be kept; --sites: only verdicts that change",
)
_EPILOG = t(
    "A、B 为两个图层文件（加 --layer）、两个工作空间，或省略而用 --layer 加 --from、--to。"
    "退出码：0 没有发现问题，1 有要求未保持、调整不符合规定，或有地块的结论改变，3 只有待判定的或未能比较的。",
    "A and B are two layer files (with --layer), two workspaces, or left out for --layer with --from and --to. Exit "
    "codes: 0 nothing found, 1 something not kept, an adjustment against the rules or a changed verdict, 3 only "
    "questions, or layers that could not be compared.",
)

One = Annotated[
    Path | None,
    typer.Argument(metavar="A", help=t("原来的图层文件或工作空间", "the layer file or workspace of before")),
]
Other = Annotated[
    Path | None,
    typer.Argument(metavar="B", help=t("现在的图层文件或工作空间", "the layer file or workspace of now")),
]
Layers = Annotated[
    list[str] | None, typer.Option("--layer", metavar="LAYER", help=t("图层，可重复", "a layer; may be repeated"))
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="EDITION|DATE", help=t("原版本，或日期", "the edition of before, or a day")),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="EDITION|DATE", help=t("现版本，或日期", "the edition of now, or a day")),
]
Townships = Annotated[
    str,
    typer.Option("--townships", metavar="LAYER", help=t("按哪个图层分乡镇", "layer whose zones divide the matrix")),
]
MatchShare = Annotated[
    float,
    typer.Option(
        "--match-share",
        metavar="SHARE",
        help=t(
            "编号不同而共有面积超过此比例（0.5 至 1）的视为同一个区",
            "zones with other ids are the same above this share of common ground (0.5 to 1)",
        ),
    ),
]
Register = Annotated[
    Path | None,
    typer.Option(
        "--sites",
        metavar="REGISTER",
        help=t(
            "已研判的地块：批量研判的 .jsonl、结论 JSON 或其文件夹，或边界文件",
            "checked sites: .jsonl of a batch, verdicts (JSON) or a folder of them, or a boundary file",
        ),
    ),
]
Crs = Annotated[
    str | None,
    typer.Option(
        "--crs",
        metavar="CRS",
        help=t("--sites 边界文件的坐标系，文件未写时", "coordinate system of the boundary file of --sites"),
    ),
]
Verify = Annotated[
    int,
    typer.Option(
        "--verify",
        metavar="N",
        min=0,
        help=t("随机抽 N 个判为不受影响的地块复核", "check N of the sites that are said to be untouched all the same"),
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help=t("继续上次中断的 --sites", "continue an interrupted --sites"))]
Restart = Annotated[
    bool, typer.Option("--restart", help=t("放弃上次的成果，从头开始", "drop the work of before, begin anew"))
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help=t("把 JSON、CSV、XLSX 和 GeoPackage 写到此文件夹", "write JSON, CSV, XLSX and GeoPackage here"),
    ),
]


def add_compare(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_HELP, epilog=_EPILOG)(compare)


def compare(  # noqa: PLR0913, PLR0917 - the options of the contract
    one: One = None,
    other: Other = None,
    layers: Layers = None,
    from_: From = None,
    to: To = None,
    sites: Register = None,
    facts: Facts = None,
    sets: Sets = None,
    crs: Crs = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    out: OutFolder = None,
    *,
    townships: Townships = "townships",
    match_share: MatchShare = 0.5,
    verify: Verify = 0,
    resume: Resume = False,
    restart: Restart = False,
) -> None:
    """Compare two editions."""
    from zoning.cli.compare import CompareRequest, run_compare
    from zoning.cli.compare_sides import SidesRequest

    request = CompareRequest(
        sides=SidesRequest(one, other, tuple(layers or ()), from_, to, on, workspace),
        townships=townships,
        match_share=match_share,
        out=out,
        register=sites,
        facts=facts,
        sets=tuple(sets or ()),
        crs=crs,
        verify=verify,
        resume=resume,
        restart=restart,
    )
    raise typer.Exit(run_compare(SESSION, request, as_json=output is OutputFormat.json))
