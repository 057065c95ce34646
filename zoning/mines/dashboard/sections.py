"""What a register says of one thing, as the sections of its card."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from zoning.mines.dashboard.content import Section
from zoning.mines.dossier import Dossier
from zoning.registers.entries import ATTACHMENT_KINDS, Due, Problem, Work
from zoning.registers.types import RegisterType
from zoning.registers.words import in_words
from zoning.texts import Text

_NONE = Text("—", "—")
_CLOSED = Text("已销号 {day}", "closed {day}")


def register_sections(dossier: Dossier, kind: RegisterType, *, personal: bool) -> Iterator[Section]:
    """Yield what the register knows; parts of which it knows nothing are left out.

    Parameters
    ----------
    personal
        Whether fields about persons are shown.
    """
    for title, rows in (
        (Text("期限", "Deadlines"), tuple(map(_due_row, dossier.dues))),
        (Text("进度", "Progress"), tuple(_moves(dossier, kind))),
        (Text("问题清单", "Problems"), tuple(map(_problem_row, dossier.problems))),
        (Text("工程", "Works"), tuple(map(_work_row, dossier.works))),
        (Text("资金（万元）", "Money (10,000 yuan)"), tuple(_money(dossier))),
        (Text("台账", "Register"), tuple(_fields(dossier, kind, personal=personal))),
        (Text("附件", "Files"), tuple(_files(dossier))),
    ):
        if rows:
            yield Section(title, rows)


def due_text(due: Due) -> Text:
    """Return what was to be done by when, and how far away that is.

    >>> from datetime import date
    >>> due = Due("1", "", "", "found", "deadline", "d", Text("全部修复", "all restored"), "", date(2025, 12, 31), -3)
    >>> due_text(due).zh
    '全部修复：2025-12-31，已超 3 天'
    """
    days = abs(due.days)
    when = (
        Text(f"已超 {days} 天", f"{days} days over") if due.days < 0 else Text(f"还有 {days} 天", f"{days} days left")
    )
    unsure = _unsure(due)
    return Text(f"{due.title.zh}：{due.by}，{when.zh}{unsure.zh}", f"{due.title.en}: {due.by}, {when.en}{unsure.en}")


def _unsure(due: Due) -> Text:
    """Return that it is not known whether a deadline is about this thing; nothing where that is known."""
    if not due.unknown:
        return Text("", "")
    fields = ", ".join(due.unknown)
    return Text(f"（{fields} 未填，是否适用未知）", f" ({fields} not filled in: not known whether it applies)")


def _due_row(due: Due) -> tuple[Text, Text | str]:
    told = due_text(due)
    return due.title, Text(told.zh.removeprefix(f"{due.title.zh}："), told.en.removeprefix(f"{due.title.en}: "))


def _moves(dossier: Dossier, kind: RegisterType) -> Iterator[tuple[Text, Text | str]]:
    states = kind.workflow.states
    for event in dossier.moves:
        state = str(event.details.get("to", ""))
        title = states[state].title if state in states else Text(state, state)
        told = [str(event.details.get("on", "")), event.actor, str(event.details.get("reason") or "")]
        known = [part for part in told if part]
        yield title, Text("，".join(known), ", ".join(known))


def _problem_row(problem: Problem) -> tuple[Text, Text | str]:
    label = Text(f"{problem.number}. {problem.what}", f"{problem.number}. {problem.what}")
    if problem.closed is not None:
        return label, Text(_CLOSED.zh.format(day=problem.closed), _CLOSED.en.format(day=problem.closed))
    if problem.deadline is None:
        return label, Text("未销号", "open")
    return label, Text(f"未销号，期限 {problem.deadline}", f"open, due {problem.deadline}")


def _work_row(work: Work) -> tuple[Text, Text | str]:
    label = f"{work.stage} {work.measure}".strip()
    planned = "—" if work.quantity is None else f"{work.quantity:,g} {work.unit}"
    done = "—" if work.done is None else f"{work.done:,g} {work.unit}"
    plan, fact = (_span(*days) for days in ((work.planned_from, work.planned_to), (work.actual_from, work.actual_to)))
    return (
        Text(label, label),
        Text(f"计划 {planned}{plan}；完成 {done}{fact}", f"planned {planned}{plan}; done {done}{fact}"),
    )


def _span(start: date | None, end: date | None) -> str:
    if start is None and end is None:
        return ""
    return f" ({start or '…'} – {end or '…'})"


def _money(dossier: Dossier) -> Iterator[tuple[Text, Text | str]]:
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: {"planned": Decimal(0), "paid": Decimal(0)})
    for payment in dossier.payments:
        sums[payment.source][payment.status] += payment.amount
    for source, amounts in sums.items():
        planned, paid = amounts["planned"], amounts["paid"]
        yield (
            Text(source, source),
            Text(f"计划 {planned:,}，已付 {paid:,}", f"planned {planned:,}, paid {paid:,}"),
        )


def _fields(dossier: Dossier, kind: RegisterType, *, personal: bool) -> Iterator[tuple[Text, Text | str]]:
    for name, spec in kind.fields.items():
        value = in_words(spec, dossier.record.values.get(name))
        if value and (personal or not spec.personal):
            yield spec.title, value


def _files(dossier: Dossier) -> Iterator[tuple[Text, Text | str]]:
    for attachment in dossier.attachments:
        taken = f" ({attachment.taken})" if attachment.taken else ""
        yield ATTACHMENT_KINDS[attachment.kind], f"{attachment.name}{taken}"
