"""A database in trouble: the layer has no data then, with a sentence; never "not affected", never a traceback."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import shapely

from overlay_world import DAY, catalogue, layer
from postgis_world import (
    BOX,
    HERE,
    Cluster,
    connect,
    read,
    reason,
    run_cluster,
    run_sql,
    tcp_url,
    water,
    write_table,
    zones,
)
from zoning.layers.catalogue import Catalogue, Edition
from zoning.layers.postgis import contents, databases, snapshot
from zoning.layers.postgis.address import Address
from zoning.layers.postgis.values import geometries_of
from zoning.layers.reader import Features, LayerStore, Unavailable

THERE = (112.6, 35.3, 112.7, 35.6)
SECRET = "pa:ss@wo/rd#1?%"  # noqa: S105 - of a server that lives as long as this test
LOST = "the connection to the database was lost while zoning:gis.water was read: check again when zoning is back"


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


@pytest.fixture
def reader(cluster: Cluster) -> str:
    """Make a role that may only read gis.water, over the network and with a password; return its URL."""
    zones(cluster, [BOX])
    run_sql(
        cluster,
        "DROP ROLE IF EXISTS reader",
        f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'",
        "GRANT USAGE ON SCHEMA gis TO reader",
        "GRANT SELECT ON gis.water TO reader",
    )
    return tcp_url(cluster, "reader", SECRET)


@pytest.fixture(autouse=True)
def _without_reader(cluster: Cluster) -> Iterator[None]:
    yield
    with contextlib.suppress(psycopg.Error):
        run_sql(cluster, "DROP OWNED BY reader", "DROP ROLE reader")


def several(root: Path, cluster: Cluster, *names: str) -> Catalogue:
    """Return layers that all live in tables of their own."""
    layers = []
    for name in names:
        edition = Edition.model_validate({"source": cluster.url, "table": f"gis.{name}", "valid_from": DAY})
        layers.append(layer(name, editions={"2020": edition}))
    return catalogue(root, *layers)


def said(found: Features | Unavailable) -> str:
    assert isinstance(found, Unavailable), found
    assert found.passing
    return found.reason.en


def test_a_role_that_may_only_read(reader: str, cluster: Cluster, tmp_path: Path) -> None:
    assert read(water(tmp_path, cluster, url=reader)).ids == ("Z0",)


def test_the_session_is_read_only_and_bears_the_name_of_the_program(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    store = LayerStore(water(tmp_path, cluster))
    store.read_window("water", on=DAY, bounds=HERE)
    with connect(cluster) as connection:
        query = "SELECT application_name, state FROM pg_stat_activity WHERE application_name = 'zoning'"
        assert connection.execute(query).fetchall() == [("zoning", "idle in transaction")]
    (session,) = store._databases._sessions.values()
    state = session.snapshot
    assert state is not None
    from psycopg import sql

    shown = [state.rows(sql.SQL(f"SHOW {name}"), "x") for name in ("transaction_isolation", "transaction_read_only")]
    assert shown == [[("repeatable read",)], [("on",)]]


def test_passwords_come_from_the_environment_as_well(
    reader: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SECRET not in reader
    bare = tcp_url(cluster, "reader", None)
    where = f"database 127.0.0.1:{cluster.port}/zoning"
    assert reason(water(tmp_path, cluster, url=bare), passing=True) == (
        f"{where}: it asks for a password: give it in PGPASSWORD, ~/.pgpass or 'source'"
    )
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert read(water(tmp_path, cluster, url=bare)).ids == ("Z0",)


def test_wrong_logins(reader: str, cluster: Cluster, tmp_path: Path) -> None:
    where = f"database 127.0.0.1:{cluster.port}/zoning"
    wrong = water(tmp_path, cluster, url=tcp_url(cluster, "reader", "wr@ng"))
    assert reason(wrong, passing=True) == f"{where}: it refused the login: check user and password"
    nobody = water(tmp_path, cluster, url=cluster.url.replace("postgres@", "nobody@"))
    assert reason(nobody, passing=True) == "database zoning: there is no such user: check the user name"
    other = water(tmp_path, cluster, url=reader.replace("/zoning", "/land"))
    assert reason(other, passing=True) == (
        f"database 127.0.0.1:{cluster.port}/land: there is no such database: check its name in 'source'"
    )
    secure = water(tmp_path, cluster, url=f"{reader}?sslmode=require")
    assert "check 'sslmode' and certificates" in reason(secure, passing=True)


@pytest.mark.parametrize("taken", ["SELECT ON gis.water", "USAGE ON SCHEMA gis"])
def test_a_role_without_the_right_to_read(reader: str, cluster: Cluster, tmp_path: Path, taken: str) -> None:
    run_sql(cluster, f"REVOKE {taken} FROM reader")
    assert reason(water(tmp_path, cluster, url=reader)) == (
        f"127.0.0.1:{cluster.port}/zoning:gis.water must not be read by this user: grant SELECT, and let no row-level "
        "security hide rows from it"
    )


def test_rows_that_are_hidden_from_the_role_make_no_smaller_layer(
    reader: str, cluster: Cluster, tmp_path: Path
) -> None:
    run_sql(
        cluster,
        "ALTER TABLE gis.water ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY hiding ON gis.water USING (zone_id <> 'Z0')",
    )
    assert "let no row-level security hide rows from it" in reason(water(tmp_path, cluster, url=reader))


def test_a_table_cannot_be_emptied_behind_the_state_that_is_read(cluster: Cluster, tmp_path: Path) -> None:
    """TRUNCATE empties a table also for those who began before: without a lock farmland would have no zones."""
    zones(cluster, [BOX])
    run_sql(cluster, "DROP TABLE IF EXISTS gis.farmland", "CREATE TABLE gis.farmland AS TABLE gis.water")
    store = LayerStore(several(tmp_path, cluster, "water", "farmland"))
    store.read_window("water", on=DAY, bounds=HERE)
    with connect(cluster) as connection:
        connection.execute("SET lock_timeout = '200ms'")
        for command in ("TRUNCATE gis.farmland", "DROP TABLE gis.farmland", "ALTER TABLE gis.farmland ADD x int"):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                connection.execute(command.encode())
    found = store.read_window("farmland", on=DAY, bounds=HERE)
    assert isinstance(found, Features)
    assert found.ids == ("Z0",)


def test_a_table_that_somebody_changes_is_waited_for_and_asked_again(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(snapshot._SETTINGS, "lock_timeout", "200ms")
    zones(cluster, [BOX])
    run_sql(cluster, "DROP TABLE IF EXISTS gis.farmland", "CREATE TABLE gis.farmland AS TABLE gis.water")
    store = LayerStore(several(tmp_path, cluster, "water", "farmland"))
    with connect(cluster) as connection, connection.transaction():
        connection.execute("TRUNCATE gis.water")
        assert said(store.read_window("water", on=DAY, bounds=HERE)) == (
            "zoning:gis.water is locked by somebody else (perhaps it is being loaded anew): check again later"
        )
        # The other tables of the database are read all the same.
        assert isinstance(store.read_window("farmland", on=DAY, bounds=HERE), Features)
        connection.execute("INSERT INTO gis.water SELECT * FROM gis.farmland")
    found = store.read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Features)
    assert found.ids == ("Z0",)


def test_a_table_that_came_after_the_state_was_taken(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    run_sql(cluster, "DROP TABLE IF EXISTS gis.farmland")
    store = LayerStore(several(tmp_path, cluster, "water", "farmland"))
    store.read_window("water", on=DAY, bounds=HERE)
    run_sql(cluster, "CREATE TABLE gis.farmland AS TABLE gis.water")
    found = store.read_window("farmland", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert isinstance(LayerStore(store.catalogue).read_window("farmland", on=DAY, bounds=HERE), Features)


def test_a_server_that_restarted_is_connected_again_for_a_new_window(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, shapely.box(112.65, 35.4, 112.66, 35.41)])
    store = LayerStore(water(tmp_path, cluster))
    first = store.read_window("water", on=DAY, bounds=HERE)
    assert isinstance(first, Features)
    cluster.stop()
    cluster.start()
    run_sql(cluster, "UPDATE gis.water SET name = 'anew' WHERE fid = 2")
    again = store.read_window("water", on=DAY, bounds=THERE)
    assert isinstance(again, Features)
    assert again.names == ("anew",)
    # Each window names the content that it was read from.
    assert again.sha256 != first.sha256
    assert LayerStore(store.catalogue).edition_sha256("water", "2020") == again.sha256


def test_a_server_that_stopped(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, shapely.box(112.65, 35.4, 112.66, 35.41)])
    store = LayerStore(water(tmp_path, cluster))
    first = store.read_window("water", on=DAY, bounds=HERE)
    cluster.stop()
    try:
        for _ in range(2):
            found = store.read_window("water", on=DAY, bounds=THERE)
            assert said(found) == "database zoning: it does not run here: start it, or name the host in 'source'"
        # What was read before stays what it was.
        assert store.read_window("water", on=DAY, bounds=HERE) is first
    finally:
        cluster.start()
    assert isinstance(store.read_window("water", on=DAY, bounds=THERE), Features)


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_a_server_that_stops_while_a_window_is_read(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    zones(cluster, [BOX] * 50)
    monkeypatch.setattr(snapshot, "_ROWS", 10)
    plain = geometries_of
    asked: list[int] = []

    def stopping(wkb: list[bytes | None], what: str) -> object:
        asked.append(len(wkb))
        if len(asked) == 2:
            cluster.stop(mode)
        return plain(wkb, what)

    monkeypatch.setattr(contents, "geometries_of", stopping)
    store = LayerStore(water(tmp_path, cluster))
    try:
        assert said(store.read_window("water", on=DAY, bounds=HERE)) == LOST
    finally:
        cluster.start()
    assert asked == [10, 10]
    found = store.read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Features)
    assert len(found.ids) == 50


def test_many_layers_try_a_lost_database_once(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"layer{number}" for number in range(5)]
    store = LayerStore(several(tmp_path, cluster, *names))
    tries: list[str] = []

    class Refused(snapshot.Snapshot):
        def __init__(self, address: Address, tables: Iterable[str]) -> None:
            tries.append(address.name)
            super().__init__(Address("postgresql://127.0.0.1:1/zoning"), tables)

    monkeypatch.setattr(databases, "Snapshot", Refused)
    for _ in range(2):
        for name in names:
            assert "refused the connection" in said(store.read_window(name, on=DAY, bounds=HERE))
    assert len(tries) == 2


def test_a_query_that_takes_too_long(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    run_sql(cluster, "CREATE OR REPLACE VIEW gis.slow AS SELECT w.*, pg_sleep(3)::text AS nap FROM gis.water w")
    url = f"{cluster.url}&options=-c%20statement_timeout%3D300ms"
    known = water(tmp_path, cluster, "gis.slow", url=url, name_field="nap")
    assert reason(known, passing=True) == (
        "zoning:gis.slow was not read within 0.3 s: check its spatial index, the network and the load of the server, "
        "or raise statement_timeout in 'source'"
    )


def test_a_server_that_hangs(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen process watches no time limit of its own, and the network stays silent."""
    zones(cluster, [BOX, shapely.box(112.65, 35.4, 112.66, 35.41)])
    store = LayerStore(water(tmp_path, cluster))
    store.read_window("water", on=DAY, bounds=HERE)
    with connect(cluster) as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'zoning'").fetchall()
    monkeypatch.setattr(snapshot, "_GRACE_S", 0.2)
    monkeypatch.setattr(snapshot, "STATEMENT_S", 0.2)
    monkeypatch.setattr(snapshot.Snapshot, "is_alive", lambda _: True)
    ((process,),) = found
    os.kill(process, signal.SIGSTOP)
    try:
        assert said(store.read_window("water", on=DAY, bounds=THERE)) == (
            "zoning:gis.water was not read within 0.2 s: check its spatial index, the network and the load of the "
            "server, or raise statement_timeout in 'source'"
        )
    finally:
        os.kill(process, signal.SIGCONT)


def _read_in_child(store: LayerStore, answers: "multiprocessing.SimpleQueue[tuple[str, ...]]") -> None:
    found = store.read_window("water", on=DAY, bounds=THERE)
    answers.put(found.ids if isinstance(found, Features) else (found.reason.en,))


def test_a_process_that_was_forked_reads_for_itself(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, shapely.box(112.65, 35.4, 112.66, 35.41)])
    store = LayerStore(water(tmp_path, cluster))
    store.read_window("water", on=DAY, bounds=HERE)
    fork = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[tuple[str, ...]] = fork.SimpleQueue()
    child = fork.Process(target=_read_in_child, args=(store, answers))
    child.start()
    assert answers.get() == ("Z1",)
    child.join()
    # The parent goes on in its own state: what was changed since does not show.
    run_sql(cluster, "UPDATE gis.water SET zone_id = 'other' WHERE fid = 2")
    found = store.read_window("water", on=DAY, bounds=THERE)
    assert isinstance(found, Features)
    assert found.ids == ("Z1",)


def test_a_window_of_a_large_table_is_found_by_the_index(cluster: Cluster, tmp_path: Path) -> None:
    boxes = [
        shapely.box(x / 100, y / 100, x / 100 + 0.005, y / 100 + 0.005)
        for x in range(11_000, 11_200)
        for y in range(3_500, 3_600)
    ]
    count = range(len(boxes))
    plain = {key: ("text", [f"{key}{number}" for number in count]) for key in ("zone_id", "name")}
    write_table(cluster, "water", boxes, {**plain, "class": ("text", ["LEVEL-1" for _ in count])})
    store = LayerStore(water(tmp_path, cluster))
    found = store.read_window("water", on=DAY, bounds=(111.0, 35.2, 111.02, 35.22))
    assert isinstance(found, Features)
    assert len(found.ids) == 9
    (session,) = store._databases._sessions.values()
    state = session.snapshot
    assert state is not None
    from psycopg import sql

    relation = state.kept["relation", "gis.water"]
    columns = contents.Columns(relation, "geom", ("zone_id", "name", "class"))
    query = contents._window_query(columns, (111.0, 35.2, 111.02, 35.22), 4490)
    plan = state.rows(sql.SQL("EXPLAIN {}").format(query), "plan")
    assert any("Index Scan" in line and "water_geom_idx" in line for (line,) in plan), plan
