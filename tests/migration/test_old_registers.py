"""A register of every earlier version is opened, brought up to date with a copy kept, and holds every row it held."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import insert, inspect, text

from old_versions import WITH_REGISTER, lay_out_register, rows_of
from register_backends import address_of, server_url
from zoning.errors import ContentError
from zoning.registers import migrating, schema_server  # noqa: F401 - its tables join the others
from zoning.registers import upgrade as upgrading
from zoning.registers.database import _file, _server
from zoning.registers.entries import Stamp
from zoning.registers.migrating import known_revisions
from zoning.registers.schema import HEAD, VERSION_TABLE, Table
from zoning.registers.store import Store, open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root

TYPES = read_register_types(builtin_root())
REVISIONS = {"0.5.0": "0001", "0.6.0": "0002"}
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
OLDER = [version for version in WITH_REGISTER if REVISIONS[version] != HEAD]


@pytest.fixture
def server(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    yield from server_url(unavailable)


def opened(path: Path | str, files: Path | None = None) -> Store:
    return open_store(str(path), TYPES, create=False, files=files)


def test_there_is_a_register_of_every_revision() -> None:
    assert [REVISIONS[version] for version in WITH_REGISTER] == list(known_revisions())


@pytest.mark.parametrize("version", WITH_REGISTER)
def test_every_row_is_kept_and_the_log_is_whole(tmp_path: Path, version: str) -> None:
    path = lay_out_register(version, tmp_path)
    before = rows_of(path)
    assert before[VERSION_TABLE] == [(REVISIONS[version],)]
    head = before["register_chain"][0][2]
    with opened(path) as store:
        report = store.verify(known_head=head)
        records = list(store.register("mine-parcels").records())
    assert (report.faults, report.head, report.events) == ((), head, len(before["register_event"]))
    assert report.files > 0
    assert len(records) == 6
    after = rows_of(path)
    assert after.pop(VERSION_TABLE) == [(HEAD,)]
    assert {name: after[name] for name in before if name != VERSION_TABLE} == {
        name: rows for name, rows in before.items() if name != VERSION_TABLE
    }
    assert all(after[name] == [] for name in after.keys() - before.keys())


@pytest.mark.parametrize("version", WITH_REGISTER)
def test_work_goes_on_in_it(tmp_path: Path, version: str) -> None:
    path = lay_out_register(version, tmp_path)
    with opened(path) as store:
        register = store.register("mine-parcels")
        record = next(iter(register.records()))
        stamp = Stamp("li.si", NOW)
        register.add_problem(record.id, "边坡垮塌", found=NOW.date(), stamp=stamp, deadline=None, source="")
        assert store.verify().is_whole


@pytest.mark.parametrize("version", OLDER)
def test_the_register_as_it_was_lies_beside_it(tmp_path: Path, version: str) -> None:
    path = lay_out_register(version, tmp_path)
    path.chmod(0o640)
    before = path.read_bytes()
    with opened(path) as store:
        done = store.database.upgrade
    assert done is not None
    copy = tmp_path / f"register.tables-{REVISIONS[version]}.sqlite"
    assert (done.before, done.after, done.copy) == (REVISIONS[version], HEAD, copy)
    assert copy.stat().st_mode & 0o777 == 0o640
    shutil.copy(copy, tmp_path / "again.sqlite")
    assert rows_of(copy) == rows_of_bytes(before, tmp_path)
    with opened(path) as store:
        assert store.database.upgrade is None
    # Whoever goes back to the copy and upgrades again keeps both copies.
    shutil.copy(copy, path)
    with opened(path) as store:
        done = store.database.upgrade
    assert done is not None
    assert done.copy == tmp_path / f"register.tables-{REVISIONS[version]}-2.sqlite"


def rows_of_bytes(content: bytes, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    path = folder / "before.sqlite"
    path.write_bytes(content)
    return rows_of(path)


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize("where", ["copy", "tables", "revision"])
def test_an_upgrade_that_fails_leaves_the_register_as_it_was(
    tmp_path: Path, version: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay_out_register(version, tmp_path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    if where == "copy":
        monkeypatch.setattr(upgrading, "_copy", fail)
    elif where == "tables":
        # Half of the tables of the next revision are made when it fails.
        monkeypatch.setattr("alembic.op.create_index", fail)
    else:
        monkeypatch.setattr(migrating, "_add_map_view", fail)
    with pytest.raises(ContentError) as caught:
        opened(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*partial*"))
    assert not list(tmp_path.glob("register.sqlite-*"))
    if where == "copy":
        assert "so its tables were not brought up to date and it is as it was" in caught.value.text.en
    with opened(path) as store:
        assert store.verify().is_whole


@pytest.mark.parametrize("version", OLDER)
def test_the_command_says_what_it_did_and_keeps_its_output_apart(tmp_path: Path, version: str) -> None:
    path = lay_out_register(version, tmp_path)
    command = [sys.executable, "-m", "zoning", "register", "list", "--register", str(path), "--format", "json"]
    run = subprocess.run([*command, "--lang", "en"], capture_output=True, text=True, check=True, encoding="utf-8")
    assert len(json.loads(run.stdout)["records"]) == 6
    assert run.stderr == (
        f"{path}: its tables were brought from {REVISIONS[version]} to {HEAD}, records and log are unchanged; as it "
        f"was: {tmp_path}/register.tables-{REVISIONS[version]}.sqlite; earlier versions of the program no longer open "
        "it\n"
    )


@pytest.mark.parametrize("version", OLDER)
def test_a_database_waits_until_somebody_asks(tmp_path: Path, version: str, server: str) -> None:
    path = lay_out_register(version, tmp_path)
    files = tmp_path / "register-files"
    with address_of("postgresql", tmp_path, lambda: server) as address:
        fill(address, path, REVISIONS[version])
        for create in (False, True):
            with pytest.raises(ContentError) as caught:
                open_store(address, TYPES, create=create, files=files)
            assert f"has tables of an earlier version ({REVISIONS[version]}; this program has {HEAD})" in (
                caught.value.text.en
            )
        with open_store(address, TYPES, create=True, files=files, upgrade=True) as store:
            assert store.database.upgrade is not None
            assert store.database.upgrade.copy is None
            assert store.verify().is_whole
            kept = list(store.register("mine-parcels").records())
    with opened(path) as store:
        assert kept == list(store.register("mine-parcels").records())


def fill(address: str, path: Path, revision: str) -> None:
    """Make the tables of a revision in a database, with the rows of a file of that revision."""
    made = _server(address)
    with closing(_file(path, create=False)) as source, closing(made), made.changing_tables() as target:
        migrating._upgrade(target, revision)
        target.execute(text("DELETE FROM register_chain"))
        with source.reading() as rows:
            there = set(inspect(rows).get_table_names())
            for table in Table.metadata.sorted_tables:
                if table.name in there:
                    found = [dict(row) for row in rows.execute(table.select()).mappings()]
                    if found:
                        target.execute(insert(table), found)


def test_a_register_of_the_future_is_refused(tmp_path: Path) -> None:
    path = lay_out_register(WITH_REGISTER[-1], tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0100'")  # noqa: S608 - a name of the program
    before = path.read_bytes()
    with pytest.raises(ContentError) as caught:
        opened(path)
    assert caught.value.text.en == (
        f"{path} was written by a newer version of this program (tables 0100; this one knows up to {HEAD}): update "
        "zoning; it was left as it is"
    )
    assert path.read_bytes() == before
    assert [name.name for name in tmp_path.glob("register.tables-*")] == []
