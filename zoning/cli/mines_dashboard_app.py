"""The options of the dashboard, and of the report of a parcel."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, On, t
from zoning.cli.register_options import RecordId, RegisterRequest, takes_register
from zoning.cli.report import ReportFormat


class PlanFormat(StrEnum):
    """The formats of a plan."""

    docx = "docx"
    pdf = "pdf"
    html = "html"


_Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE.html", help=t("写到此文件", "write it to this file")),
]
_Analyses = Annotated[
    Path | None,
    typer.Option(
        "--analyses",
        "-a",
        metavar="DIR",
        help=t(
            "mode、priority、recovery 等命令写出 JSON 的文件夹", "folder with the JSON of mode, priority, recovery ..."
        ),
    ),
]
_Territory = Annotated[
    str | None,
    typer.Option("--territory", "-t", metavar="CODE", help=t("只要此辖区", "only this territory")),
]
_Personal = Annotated[
    bool,
    typer.Option(
        "--personal/--no-personal", help=t("含人员信息（默认不含）", "with fields about persons (default: without)")
    ),
]
_Photos = Annotated[bool, typer.Option("--photos/--no-photos", help=t("含照片缩图", "with small pictures of photos"))]
_To = Annotated[
    list[ReportFormat] | None, typer.Option("--to", help=t("格式，可重复（默认 pdf）", "format; may be repeated (pdf)"))
]
_Folder = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=t("写到此文件夹", "write to this folder"))]
_Mode = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help=t(
            "按此修复方向核查（默认取 --analyses 中的建议方向）",
            "check this mode (default: the one that --analyses recommends)",
        ),
    ),
]
_Maker = Annotated[str, typer.Option("--maker", metavar="NAME", help=t("编制单位", "office or person that makes it"))]
_Maps = Annotated[bool, typer.Option("--maps/--no-maps", help=t("附图", "attach maps"))]


def add_dashboard(app: typer.Typer, kind: str | None) -> None:
    """Add `dashboard`."""
    about = t(
        "工作台页面：一个离线 HTML，地图、清单、图表、期限和每个对象的全部记录",
        "the desk as one offline HTML: map, list, charts, deadlines and the whole record of everything",
    )
    app.command(name="dashboard", help=about)(takes_register(_dashboard, kind))


def _dashboard(
    *,
    out: _Out = None,
    analyses: _Analyses = None,
    territory: _Territory = None,
    on: On = None,
    personal: _Personal = False,
    photos: _Photos = True,
    where: RegisterRequest,
) -> None:
    from zoning.cli.mines_dashboard import DashboardRequest, run_dashboard

    request = DashboardRequest(where, out, analyses, territory, on, personal, photos)
    raise typer.Exit(run_dashboard(SESSION, request))


def add_parcel_report(app: typer.Typer, kind: str | None) -> None:
    """Add `report`."""
    about = t(
        "一个图斑的报告：档案、监测曲线、符合性分析和附图（docx、pdf、html、xlsx）",
        "report of one parcel: dossier, curve, conformity analysis and maps (docx, pdf, html, xlsx)",
    )
    app.command(name="report", help=about)(takes_register(_report, kind))


def add_desk_plan(app: typer.Typer, kind: str | None) -> None:
    """Add `plan`."""
    about = t(
        "可打印的修复计划：分期、名次、方向、造价、期限、待补充信息和依据（docx、pdf、html）",
        "printable plan: phases, ranks, modes, cost, deadlines, open questions and sources (docx, pdf, html)",
    )
    app.command(name="plan", help=about)(takes_register(_plan, kind))


def _plan(
    *,
    analyses: Annotated[
        Path,
        typer.Option(
            "--analyses",
            "-a",
            metavar="DIR",
            help=t("priority（必需）、mode、works 写出 JSON 的文件夹", "folder with the JSON of priority, mode, works"),
        ),
    ],
    to: Annotated[
        list[PlanFormat] | None,
        typer.Option("--to", help=t("格式，可重复（默认 pdf）", "format; may be repeated (pdf)")),
    ] = None,
    out: _Folder = Path("out"),
    territory: _Territory = None,
    on: On = None,
    maker: _Maker = "",
    where: RegisterRequest,
) -> None:
    from zoning.cli.mines_dashboard import DashboardRequest
    from zoning.cli.mines_plan import PlanRequest, run_plan

    desk = DashboardRequest(where, None, analyses, territory, on, personal=False, photos=False)
    formats = tuple(dict.fromkeys(to or [PlanFormat.pdf]))
    raise typer.Exit(run_plan(SESSION, PlanRequest(desk, analyses, formats, out, maker)))


def _report(  # noqa: PLR0913 - the options of the contract
    number: RecordId,
    *,
    to: _To = None,
    out: _Folder = Path("out"),
    analyses: _Analyses = None,
    mode: _Mode = None,
    on: On = None,
    personal: _Personal = False,
    maker: _Maker = "",
    maps: _Maps = True,
    where: RegisterRequest,
) -> None:
    from zoning.cli.mines_dashboard import DashboardRequest
    from zoning.cli.mines_report import ParcelReportRequest, run_parcel_report

    desk = DashboardRequest(where, None, analyses, None, on, personal, photos=True)
    formats = tuple(dict.fromkeys(to or [ReportFormat.pdf]))
    raise typer.Exit(run_parcel_report(SESSION, ParcelReportRequest(desk, number, formats, out, mode, maker, maps)))
