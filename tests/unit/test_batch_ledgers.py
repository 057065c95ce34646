"""What an interrupted run leaves: finished reports that are taken over, parts that are whole, and whose they are."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from zoning.batch.blocks import TASKS_PER_BLOCK
from zoning.batch.columns import to_ipc
from zoning.batch.folder import (
    SCHEMA,
    Manifest,
    WorkFolder,
    announced,
    folder_of,
    is_unfinished,
    with_resume,
    work_folder,
)
from zoning.batch.job import Part
from zoning.batch.merging import SLICE, merged
from zoning.batch.reports_ledger import NAME, Entry, Finished, open_ledger
from zoning.errors import ContentError, SiteError, UsageError

DIGESTS = {"template": "1", "style": "2"}
MANIFEST = Manifest({"file": "1", "rules": "2"}, task=16, sites=40)


def entry(number: int, file: str | None = None, name: str = "地块") -> Entry:
    return Entry(number, name, "permitted", "判定通过", "#0F7F6B", "1.0", "15.0", "无冲突", "ABCD", file)


def finished(folder: Path, number: int, content: bytes = b"report") -> Finished:
    name = f"{number:05d}.pdf"
    (folder / name).write_bytes(content)
    return Finished(entry(number, name), hashlib.sha256(content).hexdigest())


def lines(folder: Path) -> list[str]:
    return (folder / NAME).read_text(encoding="utf-8").splitlines()


def test_a_new_ledger_says_what_it_rests_on_and_nothing_else(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    assert ledger.finished == {}
    (head,) = lines(tmp_path)
    assert json.loads(head) == {"schema": "zoning.batch-reports/1", "digests": DIGESTS, "made_on": "2026-06-01"}


def test_what_was_noted_is_taken_over_by_the_next_run(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    for number in (3, 1):
        ledger.add(finished(tmp_path, number))
    again = open_ledger(tmp_path, DIGESTS, "2026-06-02")
    assert again.finished == ledger.finished
    assert again.taken_over(1, tmp_path) == entry(1, "00001.pdf")
    assert again.taken_over(2, tmp_path) is None
    # What is printed in the reports is the day on which the run began.
    assert again.basis.made_on == "2026-06-01"


@pytest.mark.parametrize("digests", [{}, {"template": "1"}, {**DIGESTS, "style": "3"}, {**DIGESTS, "more": "4"}])
def test_reports_that_rest_on_something_else_are_made_again(tmp_path: Path, digests: dict[str, str]) -> None:
    open_ledger(tmp_path, DIGESTS, "2026-06-01").add(finished(tmp_path, 1))
    other = open_ledger(tmp_path, digests, "2026-06-02")
    assert (other.finished, other.basis.made_on) == ({}, "2026-06-02")
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize("damage", ["gone", "changed", "folder"])
def test_a_report_that_is_not_there_as_it_was_written_is_made_again(tmp_path: Path, damage: str) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    ledger.add(finished(tmp_path, 1))
    path = tmp_path / "00001.pdf"
    path.unlink()
    if damage == "changed":
        path.write_bytes(b"Report")
    if damage == "folder":
        path.mkdir()
    assert ledger.taken_over(1, tmp_path) is None


def test_a_record_that_was_refused_has_no_file_to_look_for(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    ledger.add(Finished(entry(5), None))
    assert open_ledger(tmp_path, DIGESTS, "2026-06-01").taken_over(5, tmp_path / "elsewhere") == entry(5)


def test_of_a_record_that_was_noted_twice_the_later_note_counts(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    ledger.add(finished(tmp_path, 1, b"old"))
    ledger.add(finished(tmp_path, 1, b"new"))
    again = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    assert again.taken_over(1, tmp_path) is not None


@pytest.mark.parametrize(
    "tail", ['{"sha256": "ab", "ent', "{}", '{"sha256": "ab", "entry": {"number": 1}}', "null", "[]"]
)
def test_a_line_that_was_cut_short_ends_the_ledger_and_is_not_continued(tmp_path: Path, tail: str) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    ledger.add(finished(tmp_path, 1))
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write(tail)
    again = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    assert list(again.finished) == [1]
    again.add(finished(tmp_path, 2))
    assert list(open_ledger(tmp_path, DIGESTS, "2026-06-01").finished) == [1, 2]


@pytest.mark.parametrize(
    "head",
    ["", "{", "[]", "null", "{}", '{"schema": "zoning.batch-reports/2"}', '{"schema": "zoning.batch-reports/1"}', "\0"],
)
def test_a_file_that_is_no_ledger_is_replaced(tmp_path: Path, head: str) -> None:
    (tmp_path / NAME).write_text(head + "\n", encoding="utf-8")
    assert open_ledger(tmp_path, DIGESTS, "2026-06-01").finished == {}
    assert json.loads(lines(tmp_path)[0])["made_on"] == "2026-06-01"


def test_names_of_strangers_stay_in_their_line(tmp_path: Path) -> None:
    name = '甲\n{"entry": 1}\u2028\u0085"'
    open_ledger(tmp_path, DIGESTS, "2026-06-01").add(Finished(entry(1, name=name), None))
    assert open_ledger(tmp_path, DIGESTS, "2026-06-01").finished[1].entry.name == name


def test_a_note_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, DIGESTS, "2026-06-01")
    lost = replace(ledger, path=tmp_path / "gone" / NAME)
    with pytest.raises(ContentError) as caught:
        lost.add(Finished(entry(1), None))
    assert caught.value.get("zh").startswith(f"{lost.path}：写入失败（")
    assert caught.value.get("en").startswith(f"{lost.path}: cannot be written (")
    assert lost.finished == {}


@pytest.mark.parametrize("sites", [None, 0, 40])
def test_a_manifest_comes_back_from_its_text(sites: int | None) -> None:
    told = replace(MANIFEST, sites=sites)
    assert Manifest.from_json(told.to_json()) == told


GOOD: dict[str, Any] = {"schema": SCHEMA, "task": 16, "sites": 40, "identity": {"file": "1"}}


@pytest.mark.parametrize(
    "content",
    [
        [], None, 7, "x",
        {**GOOD, "schema": "zoning.batch-work/2"},
        {**GOOD, "identity": None}, {**GOOD, "identity": ["file"]}, {**GOOD, "identity": {"file": 1}},
        {**GOOD, "task": None}, {**GOOD, "task": "16"}, {**GOOD, "task": 0}, {**GOOD, "task": -1},
        {**GOOD, "task": 1.5},
        {**GOOD, "sites": "40"}, {**GOOD, "sites": 1.5},
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_no_guess(content: object) -> None:
    with pytest.raises(ValueError, match=SCHEMA):
        Manifest.from_json(json.dumps(content))


def test_a_task_may_be_a_single_footprint() -> None:
    assert Manifest.from_json(json.dumps({**GOOD, "task": 1})).task == 1


def part(number: int, rows: Sequence[int]) -> Part:
    return Part(number, to_ipc(pa.table({"number": pa.array(rows, pa.int64())})))


def opened(tmp_path: Path) -> WorkFolder:
    path = tmp_path / "r.parquet.parts"
    path.mkdir()
    return WorkFolder(path, tmp_path / "r.parquet", MANIFEST)


def test_a_part_is_kept_under_its_number_and_digest(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    folder.save(part(12, [1, 2]))
    digest = hashlib.sha256(part(12, [1, 2]).arrow).hexdigest()
    assert [path.name for path in folder.path.iterdir()] == [f"0000000012-{digest}.arrow"]
    assert folder.read(12)["number"].to_pylist() == [1, 2]


@pytest.mark.parametrize("content", [b"", b"ARROW1", part(1, [9]).arrow])
def test_a_part_that_is_not_what_was_written_is_not_read(tmp_path: Path, content: bytes) -> None:
    folder = opened(tmp_path)
    folder.save(part(1, [1]))
    path = folder.parts[1]
    path.write_bytes(content)
    with pytest.raises(ContentError) as caught:
        folder.read(1)
    assert caught.value.get("zh") == f"{path}：文件已损坏；请加 --resume 重新运行，损坏的部分会重新计算"
    assert caught.value.get("en") == (
        f"{path}: the file is damaged; run again with --resume, what is damaged is computed again"
    )


def rows_of(folder: WorkFolder, total: int) -> list[list[int]]:
    return [table["number"].to_pylist() for table in merged(folder, total)]


def test_rows_come_in_the_order_of_the_file_whatever_part_they_lie_in(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    for number, rows in ((1, [4, 2]), (0, [5, 1, 3]), (TASKS_PER_BLOCK, [7, 6])):
        folder.save(part(number, rows))
    assert rows_of(folder, 7) == [[1, 2, 3, 4, 5], [6, 7]]


@pytest.mark.parametrize("count", [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE])
def test_rows_are_written_in_slices(tmp_path: Path, count: int) -> None:
    folder = opened(tmp_path)
    folder.save(part(0, range(count, 0, -1)))
    found = rows_of(folder, count)
    assert [row for rows in found for row in rows] == list(range(1, count + 1))
    assert [len(rows) for rows in found] == [SLICE] * (count // SLICE) + [count % SLICE] * (count % SLICE > 0)


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ({0: [1, 2]}, 3),
        ({0: [1, 2]}, 1),
        ({0: [1, 3]}, 2),
        ({0: [1, 1]}, 2),
        ({0: [2, 3]}, 2),
        ({0: [0, 1]}, 2),
        ({0: [1], TASKS_PER_BLOCK: [3]}, 2),
        ({0: [1, 3], TASKS_PER_BLOCK: [2]}, 3),
        ({}, 1),
    ],
)
def test_parts_that_do_not_fit_the_file_give_no_results(
    tmp_path: Path, parts: dict[int, list[int]], total: int
) -> None:
    folder = opened(tmp_path)
    for number, rows in parts.items():
        folder.save(part(number, rows))
    with pytest.raises(ContentError) as caught:
        rows_of(folder, total)
    assert caught.value.get("zh") == f"{folder.path}：其中的部分与边界文件的记录对不上；请加 --restart 从头开始"
    assert caught.value.get("en") == (
        f"{folder.path}: the parts do not fit the records of the boundary file; begin anew with --restart"
    )


def test_no_part_is_no_row_of_an_empty_file(tmp_path: Path) -> None:
    assert rows_of(opened(tmp_path), 0) == []


def test_what_is_about_to_appear_is_noted_in_order(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    assert announced(folder.out) == []
    folder.announce(tmp_path / "v.jsonl")
    folder.announce(folder.out)
    assert announced(folder.out) == [str(tmp_path / "v.jsonl"), str(folder.out)]


@pytest.mark.parametrize("content", ["", "{", "{}", "7"])
def test_a_note_that_is_none_names_nothing(tmp_path: Path, content: str) -> None:
    folder = opened(tmp_path)
    (folder.path / "announced.json").write_text(content, encoding="utf-8")
    assert announced(folder.out) == []


def test_a_run_is_unfinished_as_soon_as_a_part_is_there(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    assert not is_unfinished(folder.out)
    (folder.path / "0000000001-abc.arrow").write_bytes(b"")
    assert not is_unfinished(folder.out)
    folder.save(part(1, [1]))
    assert is_unfinished(folder.out)
    assert not is_unfinished(tmp_path / "other.parquet")


def test_parts_are_given_up_together(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    for number in (1, 2):
        folder.save(part(number, [number]))
    folder.parts[1].unlink()
    folder.discard()
    assert folder.parts == {}
    assert list(folder.path.iterdir()) == []


def test_a_work_folder_lies_beside_its_results() -> None:
    assert folder_of(Path("a") / "结果.parquet") == Path("a") / "结果.parquet.parts"


def test_an_error_about_writing_says_where_the_finished_parts_are() -> None:
    error = with_resume(ContentError("盘满", "disk full"), Path("r.csv"))
    assert error.get("zh") == "盘满。已完成的部分都在 r.csv.parts，排除问题后加 --resume 继续"
    assert error.get("en") == (
        "disk full. What was finished is kept in r.csv.parts: remove the cause and continue with --resume"
    )


def test_a_run_that_finished_nothing_leaves_no_folder(tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    with pytest.raises(SiteError), work_folder(out, MANIFEST, resume=False, restart=False):
        raise SiteError("坏", "bad")
    assert list(tmp_path.iterdir()) == []


def interrupted(tmp_path: Path, manifest: Manifest = MANIFEST) -> Path:
    """Leave a work folder with one part of two records."""
    out = tmp_path / "r.parquet"
    with suppress(SiteError), work_folder(out, manifest, resume=False, restart=False) as folder:
        folder.save(part(3, [1, 2]))
        raise SiteError("停", "stop")
    return out


def test_a_run_is_taken_up_with_the_parts_and_the_tasks_of_the_first(tmp_path: Path) -> None:
    out = interrupted(tmp_path)
    with work_folder(out, replace(MANIFEST, task=99, sites=None), resume=True, restart=False) as folder:
        assert list(folder.parts) == [3]
        assert folder.manifest == MANIFEST


@pytest.mark.parametrize(
    ("sites", "zh", "en"), [(40, "2 个地块（共 40 个）", "2 of 40 footprints"), (None, "2 个地块；", "2 footprints")]
)
def test_how_much_is_done_is_said(tmp_path: Path, sites: int | None, zh: str, en: str) -> None:
    out = interrupted(tmp_path, replace(MANIFEST, sites=sites))
    with pytest.raises(UsageError) as caught, work_folder(out, MANIFEST, resume=False, restart=False):
        pass
    assert zh in caught.value.get("zh")
    assert en in caught.value.get("en")


def test_parts_of_something_else_are_not_taken_up(tmp_path: Path) -> None:
    out = interrupted(tmp_path)
    other = replace(MANIFEST, identity={"file": "1", "rules": "3"})
    with pytest.raises(UsageError) as caught, work_folder(out, other, resume=True, restart=False):
        pass
    assert "上次运行之后有变化：规则" in caught.value.get("zh")
    assert "this has changed since: the rules" in caught.value.get("en")


def test_beginning_anew_gives_up_what_was_finished(tmp_path: Path) -> None:
    out = interrupted(tmp_path)
    with work_folder(out, MANIFEST, resume=False, restart=True) as folder:
        assert folder.parts == {}
        assert not is_unfinished(out)


def test_files_of_others_keep_the_folder(tmp_path: Path) -> None:
    out = interrupted(tmp_path)
    (folder_of(out) / "mine.txt").write_text("x", encoding="utf-8")
    with work_folder(out, MANIFEST, resume=True, restart=False) as folder:
        folder.remove()
    assert [path.name for path in folder_of(out).iterdir()] == ["mine.txt"]
