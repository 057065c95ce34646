"""The options of the register commands about what belongs to a record: attach, problem, work, payment."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, OutputFormat, t
from zoning.cli.register_options import By, Note, RecordId, RegisterRequest, takes_register


class AttachmentWord(StrEnum):
    """What an attachment shows."""

    before = "before"
    after = "after"
    photo = "photo"
    document = "document"
    evidence = "evidence"


class ProblemVerb(StrEnum):
    """What is done with problems."""

    list = "list"
    add = "add"
    close = "close"


class WorkVerb(StrEnum):
    """What is done with works."""

    list = "list"
    plan = "plan"
    record = "record"


class PaymentVerb(StrEnum):
    """What is done with payments."""

    list = "list"
    planned = "planned"
    paid = "paid"


_File = Annotated[Path, typer.Argument(metavar="FILE", help=t("照片或文件", "photo or document"))]
_What = Annotated[
    AttachmentWord,
    typer.Option(
        "--kind",
        help=t(
            "before 修复前，after 修复后，photo 现场照片，document 文件，evidence 佐证材料",
            "what it is: photo before or after the restoration, another photo, document, evidence",
        ),
    ),
]
_Taken = Annotated[
    str | None, typer.Option("--taken", metavar="DATE", help=t("拍摄或成文日期", "day of the photo or document"))
]
_Number = Annotated[int | None, typer.Argument(metavar="[N]", help=t("第几号", "number in the list"))]
_Problem = Annotated[str, typer.Option("--what", help=t("问题内容", "what is wrong"))]
_Source = Annotated[str, typer.Option("--source", help=t("来源：谁发现的", "who found it"))]
_Found = Annotated[
    str | None, typer.Option("--found", metavar="DATE", help=t("发现日期（默认今天）", "day it was found (today)"))
]
_Deadline = Annotated[
    str | None, typer.Option("--deadline", metavar="DATE", help=t("整改期限", "day by which it has to be closed"))
]
_ClosedOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("销号日期（默认今天）", "day it was closed (today)"))
]
_How = Annotated[str, typer.Option("--how", help=t("整改情况", "what was done"))]
_Evidence = Annotated[
    list[Path] | None,
    typer.Option("--evidence", "-e", metavar="FILE", help=t("佐证材料，可重复", "document that proves it; repeat")),
]
_Measure = Annotated[str, typer.Option("--measure", help=t("措施，如 覆土绿化", "measure, e.g. covering with soil"))]
_Stage = Annotated[str, typer.Option("--stage", help=t("阶段", "stage"))]
_Quantity = Annotated[float | None, typer.Option("--quantity", help=t("数量", "quantity"))]
_Unit = Annotated[str, typer.Option("--unit", help=t("单位，如 m3", "unit, e.g. m3"))]
_From = Annotated[str | None, typer.Option("--from", metavar="DATE", help=t("开始日期", "first day"))]
_To = Annotated[str | None, typer.Option("--to", metavar="DATE", help=t("结束日期", "last day"))]
_Money = Annotated[str, typer.Option("--source", help=t("资金来源", "where the money comes from"))]
_Amount = Annotated[
    str, typer.Option("--amount", metavar="万元", help=t("金额，万元；负数为更正", "in 10,000 yuan; a minus corrects"))
]
_PaidOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("日期（默认今天）", "on which day (today)"))
]


def add_attach(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("保存照片或文件的副本", "keep a copy of a photo or document")
    app.command(name="attach", help=about)(takes_register(_attach, kind))


def _attach(
    record: RecordId,
    file: _File,
    *,
    what: _What = AttachmentWord.photo,
    taken: _Taken = None,
    by: By = None,
    note: Note = "",
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_parts import run_attach

    raise typer.Exit(run_attach(SESSION, where, record, file, what.value, taken, by, note))


def add_problem(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("问题：列出、登记、逐条销号", "problems: list, write down, close item by item")
    app.command(name="problem", help=about)(takes_register(_problem, kind))


def _problem(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    verb: Annotated[ProblemVerb, typer.Argument(help="list | add | close")] = ProblemVerb.list,
    number: _Number = None,
    *,
    what: _Problem = "",
    source: _Source = "",
    found: _Found = None,
    deadline: _Deadline = None,
    on: _ClosedOn = None,
    how: _How = "",
    evidence: _Evidence = None,
    by: By = None,
    note: Note = "",
    output: Format = OutputFormat.text,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_parts import ProblemRequest, run_problem

    request = ProblemRequest(record, number, what, source, found, deadline, on, how, tuple(evidence or ()), by, note)
    raise typer.Exit(run_problem(SESSION, where, verb.value, request, as_json=output is OutputFormat.json))


def add_work(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("分阶段工程：列出、计划、记录完成情况", "staged works: list, plan, write down what was done")
    app.command(name="work", help=about)(takes_register(_work, kind))


def _work(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    verb: Annotated[WorkVerb, typer.Argument(help="list | plan | record")] = WorkVerb.list,
    number: _Number = None,
    *,
    measure: _Measure = "",
    stage: _Stage = "",
    quantity: _Quantity = None,
    unit: _Unit = "",
    begin: _From = None,
    end: _To = None,
    by: By = None,
    note: Note = "",
    output: Format = OutputFormat.text,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_parts import WorkRequest, run_work

    request = WorkRequest(record, number, measure, stage, quantity, unit, begin, end, by, note)
    raise typer.Exit(run_work(SESSION, where, verb.value, request, as_json=output is OutputFormat.json))


def add_payment(app: typer.Typer, kind: str | None) -> None:
    """Add the command."""
    about = t("资金：列出、登记计划或支付", "money: list, write down what is planned or paid")
    app.command(name="payment", help=about)(takes_register(_payment, kind))


def _payment(  # noqa: PLR0913 - the options of the contract
    record: RecordId,
    verb: Annotated[PaymentVerb, typer.Argument(help="list | planned | paid")] = PaymentVerb.list,
    *,
    source: _Money = "",
    amount: _Amount = "",
    on: _PaidOn = None,
    by: By = None,
    note: Note = "",
    output: Format = OutputFormat.text,
    where: RegisterRequest,
) -> None:
    from zoning.cli.register_parts import PaymentRequest, run_payment

    request = PaymentRequest(record, source, amount, on, by, note)
    raise typer.Exit(run_payment(SESSION, where, verb.value, request, as_json=output is OutputFormat.json))
