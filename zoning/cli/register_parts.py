"""`zoning register attach`, `problem`, `work`, `payment`."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, cast

from zoning.cli.register_json import entry_json, print_form
from zoning.cli.register_opening import day_of, opened, optional_day, stamp_of
from zoning.cli.register_options import RegisterRequest
from zoning.cli.register_show import print_payments, print_problems, print_works
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.register import Register
    from zoning.registers.store import AttachmentKind


@dataclass(frozen=True, slots=True)
class ProblemRequest:
    """A problem, or its closing, as it was written."""

    record: str
    number: int | None
    what: str
    source: str
    found: str | None
    deadline: str | None
    on: str | None
    how: str
    evidence: tuple[Path, ...]
    by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """A work, or what was done of it, as it was written."""

    record: str
    number: int | None
    measure: str
    stage: str
    quantity: float | None
    unit: str
    begin: str | None
    end: str | None
    by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment as it was written."""

    record: str
    source: str
    amount: str
    on: str | None
    by: str | None
    note: str


def run_attach(
    session: Session,
    where: RegisterRequest,
    record: str,
    file: Path,
    kind: str,
    taken: str | None,
    by: str | None,
    note: str,
) -> int:
    """Keep a copy of a photo or document.

    Raises
    ------
    UsageError
        When there is no register or record, the file is none, or the day is no date or lies in the future.
    ContentError
        When the file cannot be read, or the register not be written.
    """
    day = optional_day(taken, "--taken")
    with opened(session, where) as found:
        found.record(record)
        kept = found.register.attach(record, file, cast("AttachmentKind", kind), day, stamp_of(session, by, note))
        path = found.register.attachment_path(kept)
    text = Text(f"{record}：附件 {kept.number}，{path}", f"{record}: attachment {kept.number}, {path}")
    session.console().print(text.get(session.language), markup=False, soft_wrap=True)
    return 0


def run_problem(session: Session, where: RegisterRequest, verb: str, request: ProblemRequest, *, as_json: bool) -> int:
    """List, write down or close problems.

    Raises
    ------
    UsageError
        When there is no register, record or problem, an option is missing, a day is no date or not possible, or the
        problem was closed before.
    ContentError
        When the register or a document cannot be read or written.
    """
    with opened(session, where) as found:
        found.record(request.record)
        register = found.register
        if verb == "add":
            register.add_problem(
                request.record,
                _demanded(request.what, "--what"),
                found=day_of(session, request.found, "--found"),
                deadline=optional_day(request.deadline, "--deadline"),
                source=request.source,
                stamp=stamp_of(session, request.by, request.note),
            )
        elif verb == "close":
            register.close_problem(
                request.record,
                _numbered(request.number),
                on=day_of(session, request.on, "--on"),
                how=_demanded(request.how, "--how"),
                evidence=request.evidence,
                stamp=stamp_of(session, request.by, request.note),
            )
        problems = register.problems(request.record)
    if as_json:
        print_form("problem", {"record": request.record, "problems": [entry_json(problem) for problem in problems]})
    else:
        print_problems(session, problems)
        left = sum(problem.is_open for problem in problems)
        session.say(Text(f"共 {len(problems)} 条，未销号 {left} 条", f"problems: {len(problems)}, open: {left}"))
    return 0


def run_work(session: Session, where: RegisterRequest, verb: str, request: WorkRequest, *, as_json: bool) -> int:
    """List works, plan one, or write down what was done.

    Raises
    ------
    UsageError
        When there is no register, record or work, an option is missing, a day or quantity cannot be meant, or the work
        would end before it begins.
    ContentError
        When the work was changed in the meantime, or the register cannot be read or written.
    """
    begin, end = optional_day(request.begin, "--from"), optional_day(request.end, "--to")
    with opened(session, where) as found:
        found.record(request.record)
        register = found.register
        if verb == "plan":
            register.plan_work(
                request.record,
                _demanded(request.measure, "--measure"),
                stage=request.stage,
                quantity=request.quantity,
                unit=request.unit,
                begin=begin,
                end=end,
                stamp=stamp_of(session, request.by, request.note),
            )
        elif verb == "record":
            number = _numbered(request.number)
            register.record_work(
                request.record,
                number,
                begin=begin,
                end=end,
                quantity=request.quantity,
                version=_version_of(register, request.record, number),
                stamp=stamp_of(session, request.by, request.note),
            )
        works = register.works(request.record)
    if as_json:
        print_form("work", {"record": request.record, "works": [entry_json(work) for work in works]})
    else:
        print_works(session, works)
        session.say(Text(f"共 {len(works)} 项", f"works: {len(works)}"))
    return 0


def _version_of(register: "Register", record: str, number: int) -> int:
    # A number that there is not is refused by the register, in its words.
    return next((work.version for work in register.works(record) if work.number == number), 0)


def run_payment(session: Session, where: RegisterRequest, verb: str, request: PaymentRequest, *, as_json: bool) -> int:
    """List money, or write down what is planned or paid.

    Raises
    ------
    UsageError
        When there is no register or record, an option is missing, the amount is no number exact to the fen, or the day
        is no date or lies in the future.
    ContentError
        When the register cannot be read or written.
    """
    with opened(session, where) as found:
        found.record(request.record)
        if verb != "list":
            found.register.add_payment(
                request.record,
                _demanded(request.source, "--source"),
                _amount(_demanded(request.amount, "--amount")),
                status="paid" if verb == "paid" else "planned",
                on=day_of(session, request.on, "--on"),
                note=request.note,
                stamp=stamp_of(session, request.by, request.note),
            )
        payments = found.register.payments(request.record)
    if as_json:
        print_form("payment", {"record": request.record, "payments": [entry_json(payment) for payment in payments]})
    else:
        print_payments(session, payments)
        session.say(Text(f"共 {len(payments)} 笔", f"payments: {len(payments)}"))
    return 0


def _demanded(text: str, option: str) -> str:
    if not text.strip():
        raise UsageError(f"须写明 {option}", f"{option} is missing")
    return text


def _numbered(number: int | None) -> int:
    if number is None:
        raise UsageError("须写明第几号，如：problem ID close 1", "say which number, e.g.: problem ID close 1")
    return number


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise UsageError(f"--amount：“{text}”不是数字", f"--amount: '{text}' is no number") from error
