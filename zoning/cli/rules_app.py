"""The commands `zoning rules ...` with their options; each calls one plain function that returns an exit code."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.options import (
    SESSION,
    Encoding,
    Facts,
    Format,
    Lang,
    On,
    OutputFormat,
    Sets,
    SiteFile,
    Workspace,
    t,
)

rules_app = typer.Typer(
    help=t(
        "规则：列出、说明、比较、制表、运行案例", "the rules: list, show, compare, put into a table, run their cases"
    ),
    no_args_is_help=True,
)


class AccessLevel(StrEnum):
    """Whose clauses a list holds."""

    province = "province"
    city = "city"
    county = "county"
    unit = "unit"


class TableFormat(StrEnum):
    """What kind of table is written."""

    xlsx = "xlsx"
    md = "md"
    csv = "csv"


Territory = Annotated[str | None, typer.Option("--territory", help=t("辖区代码", "code of a territory"))]


@rules_app.command(name="list", help=t("列出当日有效的规则", "list the rules in force on a day"))
def rules_list(
    workspace: Workspace = None,
    on: On = None,
    territory: Territory = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """List the rules in force."""
    from zoning.cli.rules import list_rules

    raise typer.Exit(list_rules(SESSION, workspace, on, territory, as_json=output is OutputFormat.json))


@rules_app.command(
    name="show",
    help=t(
        "说明一条规则：内容、地点、条件、依据、沿革、案例", "show one rule: place, condition, source, history, cases"
    ),
)
def rules_show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help=t("规则编号", "id of the rule"))],
    workspace: Workspace = None,
    on: On = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Show one rule."""
    from zoning.cli.rule_show import show_rule

    raise typer.Exit(show_rule(SESSION, workspace, rule, on, as_json=output is OutputFormat.json))


@rules_app.command(name="test", help=t("运行规则的案例", "run the worked cases of the rules"))
def rules_test(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help=t("规则编号", "id of a rule"))] = None,
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Run the cases."""
    from zoning.cli.rules import run_rule_cases

    raise typer.Exit(run_rule_cases(SESSION, workspace, rule))


@rules_app.command(
    name="lint",
    help=t(
        "检查规则库：永远轮不到的项、空档、矛盾、过期、缺案例",
        "examine the rules: dead rows, gaps, contradictions, missing cases",
    ),
)
def rules_lint(
    workspace: Workspace = None,
    on: On = None,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="ID", help=t("只报告这条规则", "only what concerns this rule"))
    ] = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Examine the rule base."""
    from zoning.cli.lint import lint_rules

    raise typer.Exit(lint_rules(SESSION, workspace, on, rule, as_json=output is OutputFormat.json))


@rules_app.command(
    name="ask",
    help=t(
        "还要知道什么：能定下结论的最少问题；可逐个回答或写成表",
        "what is still to be known: the fewest questions that decide; answer them here or in a form",
    ),
)
@takes_intake
def rules_ask(  # noqa: PLR0913, PLR0917 - the options of the check
    site: SiteFile,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    form: Annotated[
        Path | None,
        typer.Option(
            "--form",
            metavar="FILE",
            help=t(
                "把问题写成表（YAML，填好后用 --facts 读）", "write the questions as a form (YAML, read by --facts)"
            ),
        ),
    ] = None,
    answer: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option(
            "--answer",
            help=t("在终端逐个回答，定下结论为止", "answer one by one on the terminal until the verdict stands"),
        ),
    ] = False,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    *,
    intake: Intake,
) -> None:
    """Ask what has to be known."""
    from zoning.cli.ask import ask_rules
    from zoning.cli.check import CheckRequest

    request = CheckRequest(site, facts, tuple(sets or ()), on, workspace, intake)
    raise typer.Exit(ask_rules(SESSION, request, form, answer=answer, as_json=output is OutputFormat.json))


@rules_app.command(
    name="diff",
    help=t("比较两个工作空间的规则，说明影响", "compare the rules of two workspaces; say what follows"),
)
def rules_diff(
    before: Annotated[Path, typer.Argument(metavar="WORKSPACE_A", help=t("旧的工作空间", "the older workspace"))],
    after: Annotated[Path, typer.Argument(metavar="WORKSPACE_B", help=t("新的工作空间", "the newer workspace"))],
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Compare the rules of two workspaces."""
    from zoning.cli.rule_diff import diff_rules

    raise typer.Exit(diff_rules(SESSION, before, after, as_json=output is OutputFormat.json))


@rules_app.command(
    name="table",
    help=t(
        "把规则写成表格，供法律人员校对，一条规则一行", "write the rules as a table to proof-read, one row per rule"
    ),
)
def rules_table(
    workspace: Workspace = None,
    output: Annotated[TableFormat, typer.Option("--format", help=t("表格格式", "kind of table"))] = TableFormat.md,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help=t("写到此文件（xlsx 必须写明）", "file to write; needed for xlsx"),
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            help=t("只列当日有效的（默认全部）", "only rules in force on this day (default: all)"),
        ),
    ] = None,
    territory: Territory = None,
    document: Annotated[
        str | None, typer.Option("--document", help=t("只列此文件的规则", "only rules of this document"))
    ] = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Write the rules as a table."""
    from zoning.cli.rule_table import TableRequest, write_table

    request = TableRequest(workspace, output.value, out, on, territory, document)
    raise typer.Exit(write_table(SESSION, request))


EditionName = Annotated[str, typer.Option("--id", metavar="EDITION", help=t("版本名", "name of the edition"))]
ListTitle = Annotated[str, typer.Option("--title", help=t("清单名称", "title of the list"))]
Issuer = Annotated[str, typer.Option("--issuer", help=t("发布机关", "who issued it"))]
FirstDay = Annotated[str, typer.Option("--from", metavar="DATE", help=t("生效日", "first day"))]
LastDay = Annotated[str | None, typer.Option("--to", metavar="DATE", help=t("失效日", "last day"))]
Number = Annotated[str, typer.Option("--number", help=t("文号", "number of the document"))]
Level = Annotated[AccessLevel, typer.Option("--level", help=t("条款的级别", "level of the clauses"))]
SheetName = Annotated[
    str | None, typer.Option("--sheet", help=t("只读这个工作表（隐藏的也读）", "only this sheet, hidden or not"))
]
Territories = Annotated[
    list[str] | None,
    typer.Option("--territory", metavar="CODE", help=t("适用的行政区代码，可重复", "where it holds; may be repeated")),
]
ListFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", help=t("写到此文件夹（默认工作空间）", "folder to write to (the workspace)")
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help=t("重新导入已有版本，保留手写条件", "import an edition anew"))]


@rules_app.command(
    name="import-list",
    help=t("导入生态环境准入清单（.xlsx 或 CSV）", "import the access list of an authority (.xlsx or CSV)"),
)
def rules_import_list(  # noqa: PLR0913, PLR0917 - the options of the contract
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("清单文件", "file of the list"))],
    name: EditionName,
    title: ListTitle,
    issuer: Issuer,
    valid_from: FirstDay,
    valid_to: LastDay = None,
    number: Number = "",
    level: Level = AccessLevel.unit,
    sheet: SheetName = None,
    territory: Territories = None,
    out: ListFolder = None,
    encoding: Encoding = None,
    replace: Replace = False,  # noqa: FBT002 - a flag
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Import an access list."""
    from zoning.cli.access import ImportRequest, import_access_list

    request = ImportRequest(
        file=file,
        id=name,
        title=title,
        issuer=issuer,
        valid_from=valid_from,
        valid_to=valid_to,
        number=number,
        level=level.value,
        sheet=sheet,
        territories=tuple(territory or ()),
        out=out,
        workspace=workspace,
        encoding=encoding,
        replace=replace,
    )
    raise typer.Exit(import_access_list(SESSION, request))


@rules_app.command(
    name="access-list",
    help=t("准入清单：列出版本，或一个管控单元的全部条款", "access lists: the editions, or all clauses of one unit"),
)
def rules_access_list(
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help=t("管控单元编码", "code of a unit"))] = None,
    workspace: Workspace = None,
    on: On = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """List the editions, or the clauses of one unit."""
    from zoning.cli.access import show_access_list

    raise typer.Exit(show_access_list(SESSION, workspace, unit, on, as_json=output is OutputFormat.json))
