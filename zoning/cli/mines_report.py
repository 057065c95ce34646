"""`zoning mines report`: the report of one parcel, with its land checked for the way in which it is restored."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_dashboard import DashboardRequest, made_dashboard
from zoning.cli.mines_documents import from_parcels
from zoning.cli.register_opening import day_of, opened
from zoning.cli.report import ReportFormat
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.check import Examination
    from zoning.mines.dashboard.content import Card
    from zoning.registers.record import Record
    from zoning.rules.facts import FactSheet
    from zoning.workspace import Workspace

_FILE = "mode.json"


@dataclass(frozen=True, slots=True)
class ParcelReportRequest:
    """The options; see `zoning mines report --help`."""

    desk: DashboardRequest
    number: str
    to: tuple[ReportFormat, ...]
    out: Path
    mode: str | None
    maker: str
    maps: bool


def run_parcel_report(session: Session, request: ParcelReportRequest) -> int:
    """Write the reports and print their paths; return the exit code.

    Raises
    ------
    UsageError
        When there is no register or no such record, it has no geometry, the mode is not known, or a day is no date.
    ContentError
        When workspace, register, an analysis or the template cannot be read, or a report cannot be written.
    ZoningError
        When the land cannot be checked, as `zoning.check` says.
    """
    from zoning.atomic_write import write_whole
    from zoning.cli.report_making import reporter_of
    from zoning.mines.parcel_report import with_desk

    workspace = session.open_workspace(request.desk.where.workspace)
    record, card = _card(session, request, workspace)
    sheet, facts_from = facts_of_parcel(session, request, workspace)
    examination = _examined(session, request, workspace, record, sheet)
    reporter = reporter_of(session, workspace, maker=request.maker, maps=request.maps)
    report = with_desk(reporter.report(examination, facts_from=facts_from), card)
    for to in request.to:
        path = request.out / f"{_stem(record.id)}-parcel.{to}"
        write_whole(path, reporter.write(report, to.value))
        sys.stdout.write(f"{path}\n")
    return 0


def _card(session: Session, request: ParcelReportRequest, workspace: "Workspace") -> "tuple[Record, Card]":
    with opened(session, request.desk.where) as desk:
        record = desk.record(request.number)
    return record, made_dashboard(session, workspace, request.desk, (record.id,)).cards[0]


def _examined(
    session: Session, request: ParcelReportRequest, workspace: "Workspace", record: "Record", sheet: "FactSheet"
) -> "Examination":
    from zoning.check import Refusal, check_sites
    from zoning.mines.modes_law import site_of

    if record.geometry is None:
        raise UsageError(
            f"{record.id} 没有图形，不能核查；请先用 set --geometry 补上",
            f"{record.id} has no geometry and cannot be checked: give it one with set --geometry",
        )
    found = next(
        check_sites(
            [(site_of(record), sheet)],
            on=day_of(session, request.desk.on, "--on"),
            catalogue=workspace.catalogue,
            rulebook=workspace.rulebook,
            settings=workspace.settings,
            source=session.source(workspace),
        )
    )
    if isinstance(found, Refusal):
        raise found.error
    return found


def facts_of_parcel(
    session: Session, request: ParcelReportRequest, workspace: "Workspace"
) -> "tuple[FactSheet, dict[str, Text]]":
    """Return the facts that the land is checked with, and where each comes from: no applicant told them.

    Raises
    ------
    UsageError
        When there is no such mode.
    ContentError
        When `mode.json` is no document of `zoning mines mode` or recommends a mode that there is none of, or the facts
        of a mode do not fit the workspace.
    """
    from zoning.mines.modes_law import read_modes_law, sources_of
    from zoning.rules.facts import parse_facts

    path = workspace.own_or_builtin("mines/modes.yaml")
    checks = read_modes_law(path).checks
    told = _recommended(request) if request.mode is None else None
    mode = request.mode or (told[0] if told else None)
    if mode is None:
        session.say(
            Text(
                "未指定修复方向（--mode），也没有建议方向：只核查位置，相关问题列为待补充",
                "no mode named (--mode), none recommended: the place is checked, what depends on the mode stays open",
            )
        )
        sheet = parse_facts(workspace.rulebook.vocabulary, {"activity": "mine-restoration"}, path.name)
        return sheet, dict.fromkeys(sheet.values, Text("台账：矿山图斑", "register: a mine parcel"))
    if mode not in checks:
        raise _unknown_mode(mode, request, tuple(checks))
    facts: Mapping[str, object] = told[1] if told else checks[mode].facts
    session.say(Text(f"按修复方向核查：{checks[mode].title.zh}", f"checked as: {checks[mode].title.en}"))
    sheet = parse_facts(workspace.rulebook.vocabulary, facts, _FILE if told else path.name)
    return sheet, sources_of(checks[mode], sheet.values)


def _unknown_mode(mode: str, request: ParcelReportRequest, known: Sequence[str]) -> ZoningError:
    """Return the error for a mode that there is none of: it blames who named it, the option or the document."""
    listed = Text("、".join(known), ", ".join(known))
    if request.mode is not None:
        return UsageError(
            f"--mode：没有修复方向“{mode}”；可用：{listed.zh}",
            f"--mode: there is no mode '{mode}'; allowed: {listed.en}",
        )
    return ContentError(
        f"{_FILE}：图斑 {request.number} 的建议方向“{mode}”不在 mines/modes.yaml 中；可用：{listed.zh}；"
        "请重新运行 zoning mines mode，或用 --mode 指定",
        f"{_FILE}: the mode '{mode}' that it recommends for parcel {request.number} is none of mines/modes.yaml; "
        f"allowed: {listed.en}; run zoning mines mode again, or name one with --mode",
    )


def _recommended(request: ParcelReportRequest) -> tuple[str, Mapping[str, Any]] | None:
    """Return the recommended target and the facts that it was checked with."""
    folder = request.desk.analyses
    path = None if folder is None else folder / _FILE
    if path is None or not path.is_file():
        return None

    def take(parcels: list[Any]) -> tuple[str, Mapping[str, Any]] | None:
        parcel = next((one for one in parcels if one["id"] == request.number), None)
        if parcel is None or parcel["target"]["mode"] is None:
            return None
        mode = str(parcel["target"]["mode"])
        return mode, parcel["law"][mode]["facts"]

    return from_parcels(path, "mode", take)


def _stem(number: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in number)
