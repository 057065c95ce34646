"""The audit of a register: whatever was changed, removed, put in or exchanged past the program is found."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from register_backends import tamper
from register_world import OTHER, PIT, TODAY, by, new, opened
from zoning.registers.canonical import canonical, digest
from zoning.registers.geometry import wkb_of
from zoning.registers.log import FORM, ZERO
from zoning.registers.store import AuditReport, Change, Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a register that has twelve rows in its log."""
    tmp_path = tmp_path_factory.mktemp("made")
    proof = tmp_path / "proof.txt"
    proof.write_text("proof", encoding="utf-8")
    path = tmp_path / "register.sqlite"
    with opened(str(path), tmp_path / "files") as (_, register):
        register.apply([new("P1"), new("P2", geometry=OTHER), new("P3", geometry=None)], by())  # 1-3
        register.apply([Change("P1", values={"YEAR": 2019}, version=1)], by())  # 4
        register.move("P1", "surveyed", on=TODAY, stamp=by(), version=2)  # 5
        register.add_problem("P1", "open edge", found=TODAY, stamp=by())  # 6
        register.close_problem("P1", 1, on=TODAY, how="fenced", evidence=[proof], stamp=by())  # 7, 8
        register.plan_work("P2", "soil", stamp=by())  # 9
        register.add_payment("P2", "state", Decimal(3), status="planned", on=TODAY, stamp=by())  # 10
        register.apply([Change("P3", geometry=PIT, version=1)], by())  # 11
        register.apply([Change("P3", geometry=None, version=2)], by())  # 12
    return tmp_path


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it that may be spoilt."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy" / "register.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with opened(str(file), file.parent / "files") as (found, _):
        yield found


def told(report: AuditReport) -> list[str]:
    return [fault.text.en for fault in report.faults]


def test_an_untouched_register_is_whole(store: Store) -> None:
    report = store.verify()
    assert (report.events, report.faults, report.files, report.first_broken) == (12, (), 1, None)
    assert len(report.head) == 64


def test_the_hash_of_a_row_can_be_worked_out_by_hand(file: Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.row_factory = sqlite3.Row
        first, second = map(dict, connection.execute("SELECT * FROM register_event ORDER BY seq LIMIT 2"))
    connection.close()
    assert first["previous"] == ZERO
    assert second["previous"] == first["hash"]
    kept = {key: value for key, value in first.items() if key != "hash"}
    assert sorted(kept) == sorted(
        ["seq", "at", "actor", "note", "kind", "record", "version", "action", "payload", "previous"]
    )
    assert first["hash"] == digest([FORM, kept])
    assert json.loads(first["payload"])["geometry"] == [None, wkb_of(PIT)[0]]


@pytest.mark.parametrize(
    ("commands", "broken", "first"),
    [
        # One character of any column.
        (["UPDATE register_event SET at = replace(at, '2026', '2025') WHERE seq = 4"], 4, "row 4 was changed"),
        (["UPDATE register_event SET actor = '李四' WHERE seq = 1"], 1, "row 1 was changed"),
        (
            ["UPDATE register_event SET payload = replace(payload, '2019', '2018') WHERE seq = 4"],
            4,
            "row 4 was changed",
        ),
        (["UPDATE register_event SET hash = previous WHERE seq = 6"], 6, "row 6 was changed"),
        # Removed from the middle, and from the middle with the numbers closed up.
        (["DELETE FROM register_event WHERE seq = 5"], 6, "row 5 was removed"),
        (["DELETE FROM register_event WHERE seq BETWEEN 5 AND 7"], 8, "row 5–7 was removed"),
        (
            [
                "DELETE FROM register_event WHERE seq = 5",
                "UPDATE register_event SET seq = -seq WHERE seq > 5",
                "UPDATE register_event SET seq = -seq - 1 WHERE seq < 0",
            ],
            5,
            "row 5 was changed",
        ),
        # Two rows exchanged.
        (
            [
                "UPDATE register_event SET seq = -4 WHERE seq = 4",
                "UPDATE register_event SET seq = 4 WHERE seq = 5",
                "UPDATE register_event SET seq = 5 WHERE seq = -4",
            ],
            4,
            "row 4 was changed",
        ),
        # Removed from the end.
        (["DELETE FROM register_event WHERE seq > 10"], 11, "the last 2 rows were removed (from row 11)"),
        (["DELETE FROM register_event"], 1, "the last 12 rows were removed (from row 1)"),
    ],
)
def test_rows_that_are_touched_are_named(
    store: Store, file: Path, commands: list[str], broken: int, first: str
) -> None:
    tamper(str(file), *commands)
    report = store.verify()
    assert (report.is_whole, report.first_broken) == (False, broken)
    assert told(report)[0].startswith(first)


def test_rows_removed_from_the_end_with_the_count_put_back_are_found_by_the_records(store: Store, file: Path) -> None:
    tamper(
        str(file),
        "DELETE FROM register_event WHERE seq > 10",
        "UPDATE register_chain SET events = 10, head = (SELECT hash FROM register_event WHERE seq = 10)",
    )
    report = store.verify()
    assert report.first_broken is None
    assert told(report) == ["P3 (pits) is not as the last change in the log left it"]


def test_a_forged_row_with_a_fitting_hash_breaks_the_next_one(store: Store, file: Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM register_event WHERE seq = 4").fetchone())
    connection.close()
    row["actor"] = "nobody"
    forged = digest([FORM, {key: value for key, value in row.items() if key != "hash"}])
    tamper(str(file), f"UPDATE register_event SET actor = 'nobody', hash = '{forged}' WHERE seq = 4")  # noqa: S608 - tampered with on purpose
    report = store.verify()
    assert report.first_broken == 5
    assert told(report) == ["row 5 is not the one that followed the row before"]


def test_a_head_that_was_written_down_must_still_be_there(store: Store, file: Path) -> None:
    noted = store.verify().head
    shutil.copy(file, file.with_name("earlier"))
    store.register("pits").apply([Change("P2", values={"YEAR": 1}, version=1)], by())
    later = store.verify(known_head=noted)
    assert later.is_whole
    assert later.head != noted
    # The whole file put back: inside it nothing is wrong, but the head of the later one is missing.
    store.close()
    shutil.copy(file.with_name("earlier"), file)
    assert store.verify().is_whole
    assert told(store.verify(known_head=later.head)) == [
        (
            f"the log has no row with hash {later.head}: rows up to it were rewritten, or the register was put back "
            "to an earlier copy"
        )
    ]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            "UPDATE register_record SET state = 'closed' WHERE id = 'P2'",
            "P2 (pits) is not as the last change in the log",
        ),
        (
            "UPDATE register_record SET data = replace(data, '2019', '2018')",
            "P1 (pits) is not as the last change in the",
        ),
        ("UPDATE register_record SET shape = NULL WHERE id = 'P1'", "P1 (pits) is not as the last change in the log"),
        ("UPDATE register_record SET since = '2020-01-01' WHERE id = 'P3'", "P3 (pits) is not as the last change in"),
        ("UPDATE register_record SET version = 9 WHERE id = 'P3'", "P3 (pits) is not as the last change in the log"),
        (
            "UPDATE register_record SET east = east + 1 WHERE id = 'P2'",
            "P2 (pits) is not as the last change in the log",
        ),
        ("DELETE FROM register_record WHERE id = 'P3'", "P3 (pits) was removed from the table of records"),
        (
            (
                "INSERT INTO register_record SELECT kind, 'P4', name, territory, state, since, version, data, shape, "
                "west, south, east, north FROM register_record WHERE id = 'P3'"
            ),
            "P4 (pits) is not as the last change in the log left it",
        ),
        ("UPDATE register_problem SET deadline = '2030-01-01'", "P1: problem 1 is not as the log says"),
        ("UPDATE register_problem SET closed = NULL", "P1: problem 1 is not as the log says"),
        ("DELETE FROM register_problem", "P1: problem 1 was removed"),
        ("UPDATE register_work SET quantity = 5", "P2: work 1 is not as the log says"),
        ("UPDATE register_payment SET fen = fen + 1", "P2: payment 1 is not as the log says"),
        ("UPDATE register_attachment SET name = 'x'", "P1: attachment 1 is not as the log says"),
        ("UPDATE register_shape SET wkb = zeroblob(9)", "shape "),
    ],
)
def test_tables_must_agree_with_the_log(store: Store, file: Path, command: str, sentence: str) -> None:
    tamper(str(file), command)
    report = store.verify()
    assert report.first_broken is None
    assert told(report)[0].startswith(sentence), told(report)


def test_photos_must_be_there_and_as_they_were(store: Store, file: Path) -> None:
    (copy,) = (path for path in (file.parent / "files").rglob("*.txt"))
    assert copy.stat().st_mode & 0o777 == 0o444
    copy.chmod(0o644)
    copy.write_text("prooF", encoding="utf-8")
    name = copy.relative_to(file.parent / "files").as_posix()
    assert told(store.verify()) == [f"attachment proof.txt ({name}) was changed"]
    copy.unlink()
    assert told(store.verify()) == [f"attachment proof.txt ({name}) is not there"]


def test_canonical_json_has_one_spelling() -> None:
    assert canonical({"b": 1.0, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1.0}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))
