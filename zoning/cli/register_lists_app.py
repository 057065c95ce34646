"""The options of the register commands that look back and ahead: due, history, audit."""

from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, OutputFormat, t
from zoning.cli.register_options import RecordId, RegisterRequest, takes_register

_On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("按哪一天（默认今天）", "on which day (today)"))
]
_Territory = Annotated[
    str | None,
    typer.Option("--territory", "-t", metavar="CODE", help=t("只列此辖区（按代码前缀）", "only of this territory")),
]
_Overdue = Annotated[bool, typer.Option("--overdue", help=t("只列已逾期的", "only what is overdue"))]
_Head = Annotated[
    str | None,
    typer.Option(
        "--head",
        metavar="HASH",
        help=t(
            "以前另行保存的末行摘要：它须仍在日志中",
            "hash of the last row as it was written down earlier: it must still be in the log",
        ),
    ),
]


def add_due(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("逾期和临近的事项", "what is overdue or due soon")
    app.command(name="due", help=about)(takes_register(_due, kind))


def _due(
    *,
    on: _On = None,
    territory: _Territory = None,
    overdue: _Overdue = False,
    output: Format = OutputFormat.text,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_lists import run_due

    as_json = output is OutputFormat.json
    raise typer.Exit(run_due(SESSION, where, on, territory, overdue_only=overdue, as_json=as_json))


def add_history(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("一条记录的全部更改：何人、何时、何因", "all changes of a record: who, when, why")
    app.command(name="history", help=about)(takes_register(_history, kind))


def _history(record: RecordId, *, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_lists import run_history

    raise typer.Exit(run_history(SESSION, where, record, as_json=output is OutputFormat.json))


def add_audit(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t(
        "核对审计日志的摘要链、各表和附件；退出码 0 完好，1 有问题",
        "check the chain of hashes of the audit log, tables and files; exit code 0 whole, 1 not",
    )
    app.command(name="audit", help=about)(takes_register(_audit, kind))


def _audit(*, head: _Head = None, output: Format = OutputFormat.text, where: RegisterRequest) -> None:
    from zoning.cli.register_lists import run_audit

    raise typer.Exit(run_audit(SESSION, where, head, as_json=output is OutputFormat.json))
