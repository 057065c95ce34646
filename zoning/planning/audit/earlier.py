"""Statuses of an earlier audit: its result, and what planners wrote into its GeoPackage, CSV or a YAML file since."""

import csv
import io
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from zoning.errors import ContentError, os_reason
from zoning.planning.audit.issue import STATUSES, Issue, Status
from zoning.planning.audit.result import AuditResult
from zoning.planning.audit.statuses import Mark
from zoning.yaml_files import load

JSON, GPKG, CSV = "audit.json", "issues.gpkg", "issues.csv"
TABLES = ("issues", "issues-without-place")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run: in the CSV an apostrophe stands before it, which is no part of the note."""
_ENCODINGS = ("utf-8-sig", "gb18030")
_WORDS: dict[str, Status] = {
    **{status: status for status in STATUSES},
    **{text.zh: status for status, text in STATUSES.items()},
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier audit left: its issues as they were written, and what was written beside them since."""

    issues: tuple[Issue, ...] = ()
    marks: Mapping[str, Mark] | None = None


def read_earlier(path: Path) -> Earlier:
    """Read the folder of an earlier audit, or one file (.json, .gpkg, .csv, .yaml).

    Raises
    ------
    ContentError
        When a file cannot be read, a status is none, an issue is accepted without a note, a file names an issue twice
        with different words, or GeoPackage and CSV were both changed and say different things.
    """
    if not path.is_dir():
        return _single(path)
    issues = _issues(path / JSON) if (path / JSON).exists() else ()
    before = {issue.id: Mark(issue.status, issue.note) for issue in issues}
    marks: dict[str, Mark] = {}
    for name in (GPKG, CSV):
        if not (path / name).exists():
            continue
        for issue_id, mark in _marks(path / name).items():
            if before.get(issue_id) == mark:
                continue
            if marks.setdefault(issue_id, mark) != mark:
                raise ContentError(
                    f"{path}：问题 {issue_id} 在 {GPKG} 和 {CSV} 中都改过，且不一致；请改成一致",
                    f"{path}: issue {issue_id} was changed in both {GPKG} and {CSV}, differently; make them agree",
                )
    return Earlier(issues, marks)


def _single(path: Path) -> Earlier:
    if path.suffix.lower() == ".json":
        return Earlier(_issues(path), {})
    return Earlier((), _marks(path))


def _issues(path: Path) -> tuple[Issue, ...]:
    try:
        return AuditResult.model_validate_json(path.read_bytes()).issues
    except OSError as error:
        raise _unreadable(path, os_reason(error).zh, os_reason(error).en) from error
    except ValidationError as error:
        raise _unreadable(path, "不是审核结果", "this is no result of an audit") from error


def _unreadable(path: Path, zh: str, en: str) -> ContentError:
    return ContentError(f"{path}：无法读取（{zh}）", f"{path}: cannot be read ({en})")


def _marks(path: Path) -> dict[str, Mark]:
    readers = {".gpkg": _gpkg_rows, ".csv": _csv_rows, ".yaml": _yaml_rows, ".yml": _yaml_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ContentError(
            f"{path}：状态文件须为 .json、.gpkg、.csv 或 .yaml",
            f"{path}: a file of statuses is .json, .gpkg, .csv or .yaml",
        )
    marks: dict[str, Mark] = {}
    try:
        for issue_id, status, note in reader(path):
            mark = _mark(path, issue_id, status, note)
            if marks.setdefault(issue_id, mark) != mark:
                raise ContentError(
                    f"{path}：问题 {issue_id} 写了两次，且不一致；请删去一处",
                    f"{path}: issue {issue_id} is named twice, differently; delete one of them",
                )
    except OSError as error:
        raise _unreadable(path, os_reason(error).zh, os_reason(error).en) from error
    except (sqlite3.DatabaseError, csv.Error) as error:
        raise _unreadable(path, str(error), str(error)) from error
    return marks


def _mark(path: Path, issue_id: str, status: str, note: str) -> Mark:
    known = _WORDS.get(status.strip())
    if known is None:
        allowed = ", ".join(STATUSES)
        raise ContentError(
            f"{path}：问题 {issue_id} 的状态“{status}”不认识；可用：{allowed}",
            f"{path}: issue {issue_id} has the unknown status '{status}'; allowed: {allowed}",
        )
    if known == "accepted" and not note.strip():
        raise ContentError(
            f"{path}：问题 {issue_id} 已认可，但没有写理由（note）",
            f"{path}: issue {issue_id} is accepted without a note that says why",
        )
    return Mark(known, note.strip())


def _gpkg_rows(path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        held = {str(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in TABLES:
            if table in held:
                question = f'SELECT id, status, note FROM "{table}"'  # noqa: S608 - our own words
                for issue_id, status, note in database.execute(question):
                    yield str(issue_id), str(status or ""), str(note or "")


def _csv_rows(path: Path) -> Iterator[tuple[str, str, str]]:
    # Some spreadsheets end lines with a carriage return alone.
    rows = csv.DictReader(io.StringIO(_decoded(path), newline=""))
    missing = [name for name in ("id", "status") if name not in (rows.fieldnames or ())]
    if missing:
        raise _unreadable(path, f"缺少列 {', '.join(missing)}", f"the column {', '.join(missing)} is missing")
    for row in rows:
        if row["id"]:
            yield row["id"].strip(), row["status"] or "", _unguarded(row.get("note") or "")


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise _unreadable(path, "不是 UTF-8 或 GB18030 编码的文本", "this is no text in UTF-8 or GB18030")


def _unguarded(note: str) -> str:
    return note[1:] if note.startswith("'") and note[1:].startswith(FORMULA) else note


def _yaml_rows(path: Path) -> Iterator[tuple[str, str, str]]:
    value = load(path).value
    if not isinstance(value, dict):
        raise _unreadable(path, "须按问题编号逐条写出状态", "write a status under the id of each issue")
    for issue_id, entry in value.items():
        if not isinstance(entry, dict) or not set(entry) <= {"status", "note"} or "status" not in entry:
            raise ContentError(
                f"{path}：{issue_id} 须写成 {{status: accepted, note: 理由}}",
                f"{path}: write {issue_id} as {{status: accepted, note: reason}}",
            )
        yield str(issue_id), str(entry["status"]), str(entry.get("note") or "")
