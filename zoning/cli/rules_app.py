"""The commands `zoning rules ...` with their options; each calls one plain function that returns an exit code."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

rules_app = typer.Typer(
    help=t(
        "规则：列出、说明、比较、制表、运行案例", "the rules: list, show, compare, put into a table, run their cases"
    ),
    no_args_is_help=True,
)


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
    lang: Lang = None,  # noqa: ARG001
) -> None:
    """Show one rule."""
    from zoning.cli.rule_show import show_rule

    raise typer.Exit(show_rule(SESSION, workspace, rule, on, as_json=output is OutputFormat.json))


@rules_app.command(name="test", help=t("运行规则的案例", "run the worked cases of the rules"))
def rules_test(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help=t("规则编号", "id of a rule"))] = None,
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001
) -> None:
    """Run the cases."""
    from zoning.cli.rules import run_rule_cases

    raise typer.Exit(run_rule_cases(SESSION, workspace, rule))


@rules_app.command(
    name="diff",
    help=t("比较两个工作空间的规则，说明影响", "compare the rules of two workspaces; say what follows"),
)
def rules_diff(
    before: Annotated[Path, typer.Argument(metavar="WORKSPACE_A", help=t("旧的工作空间", "the older workspace"))],
    after: Annotated[Path, typer.Argument(metavar="WORKSPACE_B", help=t("新的工作空间", "the newer workspace"))],
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001
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
    lang: Lang = None,  # noqa: ARG001
) -> None:
    """Write the rules as a table."""
    from zoning.cli.rule_table import TableRequest, write_table

    request = TableRequest(workspace, output.value, out, on, territory, document)
    raise typer.Exit(write_table(SESSION, request))
