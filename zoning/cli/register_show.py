"""`zoning register show`: one record with all that belongs to it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zoning.cli.printing import print_line
from zoning.cli.register_json import entry_json, print_form, record_json
from zoning.cli.register_opening import Opened, opened
from zoning.cli.register_options import RegisterRequest
from zoning.cli.register_text import print_table, print_title, state_title
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.record import Record
    from zoning.registers.store import Attachment, Payment, Problem, Work


def run_show(session: Session, where: RegisterRequest, number: str, *, as_json: bool) -> int:
    """Print a record.

    Raises
    ------
    UsageError
        When there is no register, no such kind or no such record.
    ContentError
        When the register cannot be read.
    """
    with opened(session, where) as found:
        record, register = found.record(number), found.register
        parts: dict[str, Sequence[Any]] = {
            "problems": register.problems(number),
            "works": register.works(number),
            "payments": register.payments(number),
            "attachments": register.attachments(number),
        }
        if as_json:
            listed = {name: [entry_json(entry) for entry in entries] for name, entries in parts.items()}
            print_form("show", {"kind": found.kind.id, "record": record_json(record, place=True), **listed})
            return 0
        _print_record(session, found, record)
        print_problems(session, parts["problems"])
        print_works(session, parts["works"])
        print_payments(session, parts["payments"])
        print_attachments(session, parts["attachments"])
    return 0


def _print_record(session: Session, found: Opened, record: "Record") -> None:
    from zoning.registers.words import in_words

    kind, language = found.kind, session.language
    print_title(session, f"{record.id}  {record.name}".strip())
    state = state_title(session, kind, record.state)
    since = Text(f"{state}（{record.since} 起）", f"{state}, since {record.since}").get(language)
    version = Text(f"第 {record.version} 版", f"version {record.version}").get(language)
    print_line(session, 0, f"{record.territory}  {since}  {version}".strip())
    rows = []
    for name, value in record.values.items():
        spec = kind.fields[name]
        words = in_words(spec, value)
        rows.append((name, spec.title.get(language), words if isinstance(words, str) else words.get(language)))
    print_table(session, (Text("字段", "field"), Text("名称", "title"), Text("值", "value")), rows)
    if record.geometry is not None:
        x, y = record.geometry.representative_point().coords[0][:2]
        print_line(session, 0, Text(f"位置：{x:.6f}, {y:.6f}", f"place: {x:.6f}, {y:.6f}").get(language))


def print_problems(session: Session, problems: "Sequence[Problem]") -> None:
    """Print the problems of a record."""
    if not problems:
        return
    print_title(session, Text("问题", "problems").get(session.language))
    heads = (
        Text("号", "no."),
        Text("内容", "what"),
        Text("发现", "found"),
        Text("期限", "deadline"),
        Text("销号", "closed"),
        Text("销号人", "by"),
        Text("整改情况", "how"),
    )
    rows = [
        (str(p.number), p.what, str(p.found), str(p.deadline or ""), str(p.closed or ""), p.closed_by, p.how)
        for p in problems
    ]
    print_table(session, heads, rows)


def print_works(session: Session, works: "Sequence[Work]") -> None:
    """Print the works of a record."""
    if not works:
        return
    print_title(session, Text("工程", "works").get(session.language))
    heads = (
        Text("号", "no."),
        Text("阶段", "stage"),
        Text("措施", "measure"),
        Text("计划量", "planned"),
        Text("计划工期", "from - to"),
        Text("完成量", "done"),
        Text("实际工期", "from - to"),
    )
    rows = [
        (
            str(work.number),
            work.stage,
            work.measure,
            _quantity(work.quantity, work.unit),
            _span(work.planned_from, work.planned_to),
            _quantity(work.done, work.unit),
            _span(work.actual_from, work.actual_to),
        )
        for work in works
    ]
    print_table(session, heads, rows)


def _quantity(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:,.15g} {unit}".strip()


def _span(begin: object, end: object) -> str:
    return f"{begin or ''} – {end or ''}" if begin or end else ""


def print_payments(session: Session, payments: "Sequence[Payment]") -> None:
    """Print the money of a record and its sums, 万元."""
    if not payments:
        return
    print_title(session, Text("资金（万元）", "money (10,000 yuan)").get(session.language))
    words = {"planned": Text("计划", "planned"), "paid": Text("已付", "paid")}
    heads = (Text("号", "no."), Text("来源", "source"), Text("", ""), Text("金额", "amount"), Text("日期", "on"))
    rows = [
        (str(p.number), p.source, words[p.status].get(session.language), _money(p.amount), f"{p.on} {p.note}".strip())
        for p in payments
    ]
    print_table(session, heads, rows)
    planned, paid = (
        sum((p.amount for p in payments if p.status == status), Decimal(0)) for status in ("planned", "paid")
    )
    text = Text(
        f"计划合计 {_money(planned)}，已付合计 {_money(paid)}", f"planned {_money(planned)}, paid {_money(paid)}"
    )
    print_line(session, 0, text.get(session.language))


def _money(amount: Decimal) -> str:
    """Return an amount with all its digits and no zeros behind them."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_attachments(session: Session, attachments: "Sequence[Attachment]") -> None:
    """Print the photos and documents of a record."""
    from zoning.registers.store import ATTACHMENT_KINDS

    if not attachments:
        return
    print_title(session, Text("附件", "attachments").get(session.language))
    heads = (Text("号", "no."), Text("类型", "kind"), Text("名称", "name"), Text("拍摄", "taken"), Text("文件", "file"))
    rows = [
        (str(a.number), ATTACHMENT_KINDS[a.kind].get(session.language), a.name, str(a.taken or ""), a.path)
        for a in attachments
    ]
    print_table(session, heads, rows)
