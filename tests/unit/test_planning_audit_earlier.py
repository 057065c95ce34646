"""What an earlier audit left, and what planners wrote beside its issues since: in CSV, GeoPackage, YAML and JSON."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from overlay_world import PLANE
from zoning.errors import ContentError
from zoning.planning.audit.earlier import CSV, GPKG, JSON, read_earlier
from zoning.planning.audit.issue import Finding, Issue, Status, issue_of
from zoning.planning.audit.package import issues_csv
from zoning.planning.audit.result import AuditResult, CheckEntry, counts_of
from zoning.planning.audit.statuses import Mark
from zoning.texts import Text

HEAD = "id,status,note"


def issue(zone: str, status: Status = "new", note: str = "", **values: Any) -> Issue:
    found = issue_of(Finding("gap", ("units",), (zone,), Text("空隙", "gap")), PLANE)
    return found.model_copy(update={"status": status, "note": note, **values})


def result(*issues: Issue, complete: bool = True) -> AuditResult:
    check = CheckEntry(id="gaps:units", title=Text("空隙", "gaps"), layers=("units",), issues=len(issues), missing=())
    return AuditResult(
        program="1", workspace=Text("县", "county"), on="2026-06-01", made="2026-06-01", territories=(), layers=(),
        complete=complete, counts=counts_of(issues), editions={}, documents={}, checks=(check,), issues=issues,
    )  # fmt: skip


def marks(path: Path) -> Mapping[str, Mark] | None:
    return read_earlier(path).marks


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / CSV
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def gpkg_file(folder: Path, tables: Mapping[str, Sequence[tuple[object, object, object]]]) -> Path:
    path = folder / GPKG
    with closing(sqlite3.connect(path)) as database, database:
        for name, rows in tables.items():
            database.execute(f'CREATE TABLE "{name}" (id, status, note)')
            database.executemany(f'INSERT INTO "{name}" VALUES (?, ?, ?)', rows)  # noqa: S608 - a made-up table
    return path


def refusal(path: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read_earlier(path)
    return caught.value


def test_a_folder_without_anything_has_no_earlier_issue(tmp_path: Path) -> None:
    found = read_earlier(tmp_path)
    assert (found.issues, found.marks) == ((), {})


def test_the_issues_of_a_folder_are_those_of_its_result(tmp_path: Path) -> None:
    told = result(issue("U1", "open", "看过"), issue("U2"))
    (tmp_path / JSON).write_text(told.to_json(), encoding="utf-8")
    assert read_earlier(tmp_path).issues == told.issues


def test_a_result_alone_is_read_by_any_name(tmp_path: Path) -> None:
    told = result(issue("U1", "accepted", "同意"))
    path = tmp_path / "去年.JSON"
    path.write_text(told.to_json(), encoding="utf-8")
    found = read_earlier(path)
    assert (found.issues, found.marks) == (told.issues, {})


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"schema": "zoning.audit/2"}'])
def test_what_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / JSON
    path.write_text(content, encoding="utf-8")
    for named in (path, tmp_path):
        error = refusal(named)
        assert error.get("zh") == f"{path}：无法读取（不是审核结果）"
        assert error.get("en") == f"{path}: cannot be read (this is no result of an audit)"


@pytest.mark.parametrize("name", ["no.json", "no.csv", "no.gpkg", "no.yaml"])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    assert str(tmp_path / name) in refusal(tmp_path / name).get("en")


@pytest.mark.parametrize("name", ["marks.xlsx", "marks", "marks.txt"])
def test_another_form_is_refused_with_those_that_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("", encoding="utf-8")
    error = refusal(path)
    assert error.get("zh") == f"{path}：状态文件须为 .json、.gpkg、.csv 或 .yaml"
    assert error.get("en") == f"{path}: a file of statuses is .json, .gpkg, .csv or .yaml"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("new", "new"), ("open", "open"), ("accepted", "accepted"), ("fixed", "fixed"),
        ("新发现", "new"), ("未解决", "open"), ("已认可", "accepted"), ("已消除", "fixed"),
        (" accepted ", "accepted"),
    ],
)  # fmt: skip
def test_statuses_are_written_in_either_language(tmp_path: Path, word: str, status: Status) -> None:
    assert marks(csv_file(tmp_path, HEAD, f"A1,{word},见纪要")) == {"A1": Mark(status, "见纪要")}


@pytest.mark.parametrize("word", ["closed", "Accepted", "", "接受"])
def test_a_status_that_is_none_is_refused(tmp_path: Path, word: str) -> None:
    path = csv_file(tmp_path, HEAD, f"A1,{word},x")
    error = refusal(path)
    assert error.get("zh") == f"{path}：问题 A1 的状态“{word}”不认识；可用：new, open, accepted, fixed"
    assert error.get("en") == f"{path}: issue A1 has the unknown status '{word}'; allowed: new, open, accepted, fixed"


@pytest.mark.parametrize("note", ["", "   ", "\t"])
def test_nothing_is_accepted_without_a_reason(tmp_path: Path, note: str) -> None:
    path = csv_file(tmp_path, HEAD, f"A1,accepted,{note}")
    error = refusal(path)
    assert error.get("zh") == f"{path}：问题 A1 已认可，但没有写理由（note）"
    assert error.get("en") == f"{path}: issue A1 is accepted without a note that says why"


@pytest.mark.parametrize("status", ["new", "open", "fixed"])
def test_other_statuses_need_no_reason(tmp_path: Path, status: Status) -> None:
    assert marks(csv_file(tmp_path, HEAD, f"A1,{status},")) == {"A1": Mark(status, "")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, end: str) -> None:
    path = csv_file(tmp_path, HEAD, "A1,accepted,“县”已确认", "A2,open,", encoding=encoding, end=end)
    assert marks(path) == {"A1": Mark("accepted", "“县”已确认"), "A2": Mark("open", "")}


def test_columns_are_found_by_their_heads(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "area_m2,note,id,status", "5,同意, A1 ,accepted")
    assert marks(path) == {"A1": Mark("accepted", "同意")}


@pytest.mark.parametrize(
    ("lines", "status"), [(["id,status", "A1,open"], "open"), (["id,status,note", "A1,open"], "open")]
)
def test_a_note_may_be_left_out(tmp_path: Path, lines: list[str], status: Status) -> None:
    assert marks(csv_file(tmp_path, *lines)) == {"A1": Mark(status, "")}


def test_rows_without_an_id_are_passed_over(tmp_path: Path) -> None:
    assert marks(csv_file(tmp_path, HEAD, ",,", ",open,合计", "A1,open,")) == {"A1": Mark("open", "")}


@pytest.mark.parametrize(
    ("head", "missing"), [("id,note", "status"), ("status,note", "id"), ("编号,状态", "id, status"), ("", "id, status")]
)
def test_a_column_that_is_missing_is_named(tmp_path: Path, head: str, missing: str) -> None:
    path = csv_file(tmp_path, head, "A1,x")
    error = refusal(path)
    assert error.get("zh") == f"{path}：无法读取（缺少列 {missing}）"
    assert error.get("en") == f"{path}: cannot be read (the column {missing} is missing)"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / CSV
    path.write_bytes(b"id,status\n\x81\xff,open\n")
    assert refusal(path).get("zh") == f"{path}：无法读取（不是 UTF-8 或 GB18030 编码的文本）"


def test_a_cell_that_is_larger_than_any_note_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, "A1,open," + "长" * 140_000)
    assert refusal(path).get("en") == f"{path}: cannot be read (field larger than field limit (131072))"


@pytest.mark.parametrize("other", ["A1,open,同意", "A1,accepted,不同意"])
def test_an_issue_named_twice_with_different_words_is_refused(tmp_path: Path, other: str) -> None:
    path = csv_file(tmp_path, HEAD, "A1,accepted,同意", other)
    error = refusal(path)
    assert error.get("zh") == f"{path}：问题 A1 写了两次，且不一致；请删去一处"
    assert error.get("en") == f"{path}: issue A1 is named twice, differently; delete one of them"


def test_an_issue_named_twice_with_the_same_words_is_one(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, "A1,accepted,同意", "A1,已认可, 同意")
    assert marks(path) == {"A1": Mark("accepted", "同意")}


@pytest.mark.parametrize(
    "note", ["-已核", "=1+1", "+86 0356", "@张", "'引号'", "'", "a\nb", 'she said "no"', "－全角", "已核实，无误"]
)
def test_a_note_comes_back_from_the_table_as_it_was_written(tmp_path: Path, note: str) -> None:
    told = result(issue("U1", "accepted", note))
    (tmp_path / JSON).write_text(told.to_json(), encoding="utf-8")
    (tmp_path / CSV).write_bytes(issues_csv(told, "zh"))
    assert marks(tmp_path / CSV) == {told.issues[0].id: Mark("accepted", note)}
    # What nobody has changed is no mark.
    assert marks(tmp_path) == {}


def test_a_geopackage_holds_issues_with_and_without_a_place(tmp_path: Path) -> None:
    path = gpkg_file(
        tmp_path,
        {
            "issues": [("A1", "accepted", " 同意 "), ("A2", "open", None)],
            "issues-without-place": [("A3", "未解决", "")],
            "other": [("A4", "nonsense", "")],
        },
    )
    assert marks(path) == {"A1": Mark("accepted", "同意"), "A2": Mark("open", ""), "A3": Mark("open", "")}


def test_a_geopackage_without_such_tables_says_nothing(tmp_path: Path) -> None:
    assert marks(gpkg_file(tmp_path, {"other": [("A1", "open", "")]})) == {}


def test_an_empty_status_in_a_geopackage_is_refused(tmp_path: Path) -> None:
    assert "''" in refusal(gpkg_file(tmp_path, {"issues": [("A1", None, None)]})).get("en")


def test_what_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / GPKG
    path.write_bytes(b"no database, but long enough to be asked")
    assert refusal(path).get("en") == f"{path}: cannot be read (file is not a database)"


def test_a_geopackage_is_only_read(tmp_path: Path) -> None:
    path = gpkg_file(tmp_path, {"issues": [("A1", "open", "")]})
    before = path.read_bytes()
    read_earlier(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [GPKG]


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".YAML"])
def test_marks_in_yaml(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"marks{suffix}"
    path.write_text("A1: {status: accepted, note: 同意}\nA2: {status: open}\n", encoding="utf-8")
    assert marks(path) == {"A1": Mark("accepted", "同意"), "A2": Mark("open", "")}


@pytest.mark.parametrize("entry", ["open", "{}", "{note: x}", "{status: open, why: x}", "[open]", "3"])
def test_an_entry_of_yaml_that_is_none_is_refused(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "marks.yaml"
    path.write_text(f"A1: {entry}\n", encoding="utf-8")
    error = refusal(path)
    assert error.get("zh") == f"{path}：A1 须写成 {{status: accepted, note: 理由}}"
    assert error.get("en") == f"{path}: write A1 as {{status: accepted, note: reason}}"


@pytest.mark.parametrize("content", ["- A1\n", "A1\n", "[]\n", "7\n"])
def test_yaml_without_ids_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "marks.yaml"
    path.write_text(content, encoding="utf-8")
    error = refusal(path)
    assert error.get("zh") == f"{path}：无法读取（须按问题编号逐条写出状态）"
    assert error.get("en") == f"{path}: cannot be read (write a status under the id of each issue)"


@pytest.mark.parametrize(
    ("in_gpkg", "in_csv", "after"),
    [
        # The issue was open without a note.
        (("open", ""), ("open", ""), None),
        (("accepted", "同意"), ("open", ""), Mark("accepted", "同意")),
        (("open", ""), ("accepted", "同意"), Mark("accepted", "同意")),
        (("accepted", "同意"), ("已认可", "同意"), Mark("accepted", "同意")),
        (("open", "待查"), ("open", ""), Mark("open", "待查")),
    ],
)
def test_of_the_two_files_the_one_that_was_changed_counts(
    tmp_path: Path, in_gpkg: tuple[str, str], in_csv: tuple[str, str], after: Mark | None
) -> None:
    told = result(issue("U1", "open"))
    (one,) = told.issues
    (tmp_path / JSON).write_text(told.to_json(), encoding="utf-8")
    gpkg_file(tmp_path, {"issues": [(one.id, *in_gpkg)]})
    csv_file(tmp_path, HEAD, ",".join((one.id, *in_csv)))
    assert marks(tmp_path) == ({} if after is None else {one.id: after})


def test_two_files_that_were_changed_differently_are_refused(tmp_path: Path) -> None:
    gpkg_file(tmp_path, {"issues": [("A1", "accepted", "同意")]})
    csv_file(tmp_path, HEAD, "A1,fixed,")
    error = refusal(tmp_path)
    assert error.get("zh") == f"{tmp_path}：问题 A1 在 issues.gpkg 和 issues.csv 中都改过，且不一致；请改成一致"
    assert error.get("en") == (
        f"{tmp_path}: issue A1 was changed in both issues.gpkg and issues.csv, differently; make them agree"
    )


@pytest.mark.parametrize(
    ("issues", "complete", "code"),
    [
        ((), True, 0),
        (("accepted",), True, 0),
        (("fixed",), True, 0),
        (("new",), True, 1),
        (("accepted", "open"), True, 1),
        ((), False, 3),
        (("new",), False, 3),
    ],
)
def test_an_exit_code_never_calls_clean_what_is_not(issues: tuple[Status, ...], complete: bool, code: int) -> None:
    told = result(*(issue(f"U{number}", status) for number, status in enumerate(issues)), complete=complete)
    assert told.exit_code == code
    assert [one.status for one in told.open_issues] == [status for status in issues if status in {"new", "open"}]


def test_notes_alone_are_no_reason_to_fail() -> None:
    assert result(issue("U1", severity="note")).exit_code == 0


def test_a_result_reads_back_to_the_same_bytes() -> None:
    told = result(issue("U1"), issue("U2", "accepted", "同意"))
    assert AuditResult.model_validate_json(told.to_json()).to_json() == told.to_json()
    assert told.to_json().startswith('{\n  "schema": "zoning.audit/1"')
