"""The options of `zoning report`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.options import SESSION, Facts, Lang, On, Sets, Workspace, t
from zoning.cli.report import ReportFormat
from zoning.errors import UsageError

_HELP = t(
    "写报告：生态环境分区管控符合性分析（docx、pdf、html、xlsx）；或核对已有的报告（--verify）",
    "write the report of a site (docx, pdf, html, xlsx), or verify one that was handed in (--verify)",
)
_EPILOG = t(
    "退出码：0 已写出，或报告与结论一致；1 不一致；2 用法错误；10 内容错误；11 图层不可读；12 坐标系问题。",
    "Exit codes: 0 written, or report and verdict belong together; 1 they do not; 2 wrong usage; 10 content error; "
    "11 layer unreadable; 12 coordinate system.",
)
SitePath = Annotated[Path | None, typer.Argument(metavar="[SITE]", help=t("边界文件", "boundary file"))]
To = Annotated[
    list[ReportFormat] | None, typer.Option("--to", help=t("格式，可重复（默认 pdf）", "format; may be repeated (pdf)"))
]
OutPath = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="DIR|FILE", help=t("写到文件夹（默认 out）或文件", "folder (out) or file")),
]
Template = Annotated[
    Path | None,
    typer.Option("--template", metavar="FILE.docx", help=t("本单位的 Word 模板", "the office's own Word template")),
]
Maker = Annotated[str, typer.Option("--maker", metavar="NAME", help=t("编制单位", "office or person that makes it"))]
Applicant = Annotated[str, typer.Option("--applicant", metavar="NAME", help=t("建设单位", "applicant"))]
Maps = Annotated[bool, typer.Option("--maps/--no-maps", help=t("附图", "attach maps"))]
Verify = Annotated[
    Path | None,
    typer.Option(
        "--verify",
        metavar="FILE",
        help=t("核对报告与其研判结论是否一致", "does this report still say what its verdict says?"),
    ),
]
Replay = Annotated[
    bool,
    typer.Option("--replay", help=t("核对时用工作空间重新运行", "with --verify: run the check again as well")),
]


def add_report(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="report", help=_HELP, epilog=_EPILOG)(_report)


@takes_intake
def _report(  # noqa: PLR0913 - the options of the contract
    site: SitePath = None,
    to: To = None,
    out: OutPath = None,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    *,
    template: Template = None,
    maker: Maker = "",
    applicant: Applicant = "",
    maps: Maps = True,
    verify: Verify = None,
    replay: Replay = False,
    intake: Intake,
) -> None:
    """Write or verify reports."""
    from zoning.cli.check import CheckRequest
    from zoning.cli.report import ReportRequest, run_report, run_verify

    if (site is None) == (verify is None):
        raise UsageError(
            "请给出边界文件（zoning report SITE）或要核对的报告（--verify FILE），二者之一",
            "name a boundary file (zoning report SITE) or a report to verify (--verify FILE), one of the two",
        )
    if verify is not None:
        raise typer.Exit(run_verify(SESSION, verify, workspace, replay=replay))
    if replay:
        raise UsageError("--replay 须与 --verify 一起用", "--replay goes with --verify")
    formats = tuple(dict.fromkeys(to or [ReportFormat.pdf]))
    check = CheckRequest(site, facts, tuple(sets or ()), on, workspace, intake, out)
    raise typer.Exit(run_report(SESSION, ReportRequest(check, formats, template, maker, applicant, maps)))
