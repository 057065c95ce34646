"""The tables that the migrations make are those that the program uses; in PostgreSQL a view shows them on a map."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from register_backends import BACKENDS, address_of, server_url, store_of
from register_world import PIT, by, new
from zoning.errors import ContentError
from zoning.registers import schema_server  # noqa: F401 - its tables join the others
from zoning.registers.database import Database, open_database
from zoning.registers.migrating import known_revisions
from zoning.registers.schema import HEAD, VERSION_TABLE, Table


@pytest.fixture(scope="module")
def server(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    yield from server_url(unavailable)


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with address_of(request.param, tmp_path, lambda: request.getfixturevalue("server")) as found:
        yield found


def test_the_migrations_make_the_tables_of_the_program(address: str) -> None:
    with closing(open_database(address, create=True)) as database, database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "include_name": ours, "compare_type": True}
        )
        assert compare_metadata(context, Table.metadata) == []
        assert context.get_current_heads() == (HEAD,)
    assert known_revisions() == ("0001", "0002")


def ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or str(name).startswith(("register_", "server_"))


def test_opening_again_writes_nothing(address: str, tmp_path: Path) -> None:
    with store_of(address, tmp_path) as store:
        store.register("pits").apply([new("P1")], by())
    before = Path(address).read_bytes() if "://" not in address else b""
    with store_of(address, tmp_path, create=False) as store:
        assert len(list(store.register("pits").records())) == 1
    assert (Path(address).read_bytes() if "://" not in address else b"") == before


def test_the_view_has_real_geometry(tmp_path: Path, server: str) -> None:
    with address_of("postgresql", tmp_path, lambda: server) as address:
        with closing(open_database(address, create=True)) as plain:
            assert not has_view(plain)  # no PostGIS in this database: everything else is there
        with store_of(address, tmp_path) as store:
            store.register("pits").apply([new("P1", values={"YEAR": 7}), new("P2", geometry=None)], by())
        with closing(open_database(address, create=False)) as database:
            with database.changing_tables() as connection:
                connection.exec_driver_sql("CREATE EXTENSION postgis")
            assert not has_view(database)
        with closing(open_database(address, create=True)) as database:
            assert has_view(database)
            with database.reading() as connection:
                rows = connection.exec_driver_sql(
                    "SELECT id, data->>'YEAR', ST_SRID(geom), ST_AsBinary(geom, 'NDR') FROM register_map ORDER BY id"
                ).all()
                kind = connection.exec_driver_sql(
                    "SELECT type, srid FROM geometry_columns WHERE f_table_name = 'register_map'"
                ).one()
    assert [(row[0], row[1], row[2], row[3] and bytes(row[3])) for row in rows] == [
        ("P1", "7", 4490, PIT.wkb),
        ("P2", None, None, None),
    ]
    assert tuple(kind) == ("GEOMETRY", 4490)


def has_view(database: Database) -> bool:
    with database.reading() as connection:
        found = connection.exec_driver_sql("SELECT to_regclass('register_map') IS NOT NULL").scalar_one()
    return bool(found)


def test_a_failed_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zoning.registers import migrating

    def fail(*_: object) -> None:
        raise ContentError("中断", "stopped")

    monkeypatch.setattr(migrating, "_add_map_view", fail)
    with pytest.raises(ContentError, match="stopped"):
        open_database(str(tmp_path / "r.sqlite"), create=True)
    assert (tmp_path / "r.sqlite").stat().st_size == 0
