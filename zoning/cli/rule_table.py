"""`zoning rules table`: the rules as a table that a lawyer proof-reads."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.proofreading.table import Entry
    from zoning.rules.rule import Rule
    from zoning.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What the user asks for."""

    workspace: Path | None
    kind: str
    out: Path | None
    on: str | None
    territory: str | None
    document: str | None


def write_table(session: Session, request: TableRequest) -> int:
    """Write the table to a file, or Markdown and CSV to standard output.

    Raises
    ------
    UsageError
        When a workbook has no file to go to, a day is no date, or there is no such document.
    ContentError
        When the workspace or its cases have mistakes, or the file cannot be written.
    """
    from zoning.atomic_write import write_whole

    if request.kind == "xlsx" and request.out is None:
        raise UsageError("xlsx 须用 --out 写明文件名", "xlsx needs a file: --out rules.xlsx")
    workspace = session.open_workspace(request.workspace)
    entries = _entries(session, workspace, request)
    if request.kind == "xlsx" and request.out is not None:
        write_whole(request.out, _workbook(session, workspace, entries))
    else:
        _write_text(session, entries, request)
    session.say(Text(f"{len(entries)} 条规则", f"{len(entries)} rules"))
    return 0


def _write_text(session: Session, entries: "list[Entry]", request: TableRequest) -> None:
    from zoning.atomic_write import write_whole
    from zoning.rules.proofreading.table import rule_table
    from zoning.rules.proofreading.table_files import as_csv, as_markdown

    table = rule_table(entries, session.language)
    text = as_csv(table) if request.kind == "csv" else as_markdown(table)
    if request.out is None:
        sys.stdout.write(text)
        return
    # Excel takes a CSV for UTF-8 only with the mark at its beginning.
    mark = "\ufeff" if request.kind == "csv" else ""
    write_whole(request.out, f"{mark}{text}")


def _workbook(session: Session, workspace: "Workspace", entries: "list[Entry]") -> bytes:
    from zoning.rules.proofreading.table import overview, tables_by_document
    from zoning.rules.proofreading.table_files import as_workbook
    from zoning.rules.wording.territories import read_territories, territories_text

    language = session.language
    names = read_territories(workspace.root / "rules")
    documents = workspace.rulebook.documents
    where = {name: territories_text(document.territories, names) for name, document in documents.items()}
    return as_workbook(overview(entries, where, language), tables_by_document(entries, language), language)


def _entries(session: Session, workspace: "Workspace", request: TableRequest) -> "list[Entry]":
    from zoning.rules.cases import read_cases
    from zoning.rules.proofreading.table import Entry
    from zoning.rules.wording.card import describe
    from zoning.rules.wording.territories import read_territories

    rulebook = workspace.rulebook
    day = None if request.on is None else session.day(request.on)
    counts = {file.rule: len(file.cases) for file in read_cases(workspace.root / "rules" / "cases")}
    names = read_territories(workspace.root / "rules")
    return [
        Entry(describe(rule, rulebook, workspace.catalogue, names, day), counts.get(rule.id, 0))
        for rule in _chosen(session, workspace, request)
    ]


def _chosen(session: Session, workspace: "Workspace", request: TableRequest) -> "list[Rule]":
    from zoning.citations import binds_in

    rulebook = workspace.rulebook
    if request.document is not None and request.document not in rulebook.documents:
        listed = ", ".join(rulebook.documents)
        raise UsageError(
            f"没有文件“{request.document}”；可用：{listed}",
            f"there is no document '{request.document}'; allowed: {listed}",
        )
    day = None if request.on is None else session.day(request.on)
    return [
        rule
        for rule in rulebook.rules
        if (day is None or rule.in_force.covers(day))
        and (request.territory is None or binds_in(rule.territories, request.territory))
        and request.document in (None, rule.citation.document)
    ]
