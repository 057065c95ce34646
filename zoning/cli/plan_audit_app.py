"""The options of `zoning plan audit`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "审核图层：三条控制线不重叠、应划入的划入、空隙、重叠、图形错误、编码、覆盖、文件面积、接边、系统偏移",
    "audit the layers: control lines apart, zones inside what must hold them, gaps, overlaps, wrong geometry, codes, "
    "coverage, stated areas, borders of neighbours, systematic shifts",
)
_EPILOG = t(
    "要求写在工作空间的 plans/audit.yaml，每条带依据。退出码：0 没有问题，1 有未解决的问题（提示不计，已认可不计），"
    "3 有检查没有做成（图层缺失或不可读）。",
    "What is demanded stands in plans/audit.yaml of the workspace, each with its source. Exit codes: 0 nothing found, "
    "1 open issues (notes and accepted ones do not count), 3 a check could not be made (a layer is missing or "
    "unreadable).",
)

Territory = Annotated[
    list[str] | None,
    typer.Option(
        "--territory", "-t", metavar="CODE", help=t("只审核此辖区，可重复", "only this territory; may be repeated")
    ),
]
Layers = Annotated[
    list[str] | None,
    typer.Option(
        "--layer", metavar="ID", help=t("只做涉及此图层的检查，可重复", "only checks of this layer; may be repeated")
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help=t(
            "写出 audit.html、audit.json、issues.gpkg、issues.csv", "write audit.html, .json, issues.gpkg, issues.csv"
        ),
    ),
]
Previous = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="DIR|FILE",
        help=t(
            "沿用此次审核的状态（默认 --out 中已有的）", "keep the statuses of this audit (default: what --out holds)"
        ),
    ),
]
Candidates = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="LAYER=FILE",
        help=t(
            "用尚未登记的文件代替图层的版本，可重复",
            "a file in place of a layer's edition, before it is registered; may be repeated",
        ),
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help=t("接着做中断的审核", "go on with an audit that was interrupted"))
]


def add_audit(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="audit", help=_HELP, epilog=_EPILOG)(audit)


def audit(  # noqa: PLR0913 - the options of the contract
    *,
    territory: Territory = None,
    layer: Layers = None,
    out: OutFolder = None,
    previous: Previous = None,
    resume: Resume = False,
    candidates: Candidates = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Audit the layers."""
    from zoning.cli.plan_audit import AuditRequest, run_audit

    request = AuditRequest(
        workspace,
        on,
        tuple(territory or ()),
        tuple(layer or ()),
        out,
        previous,
        resume=resume,
        candidates=tuple(candidates or ()),
    )
    raise typer.Exit(run_audit(SESSION, request, as_json=output is OutputFormat.json))
