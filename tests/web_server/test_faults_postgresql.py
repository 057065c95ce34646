"""The server on a register in PostgreSQL: a day of the office, a database that restarts, backups, jobs."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select

from case_world import FAR, INSIDE, InlinePool, boundary, move_water, new_case, tiny_root
from parcel_world import FIRST, browser_of, with_parcels
from postgis_world import Cluster, run_cluster
from soak_register import database_of
from web_world import PASSWORD, Browser, World, world
from zoning.registers.backup.archive import make_backup
from zoning.registers.backup.restore import restore_backup, verify_backup
from zoning.registers.case_rows import CaseParts, case_parts
from zoning.registers.database import open_database
from zoning.registers.entries import Stamp
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredAccount, StoredCheck
from zoning.web import jobs
from zoning.web.accounts.accounts import Accounts
from zoning.web.cases.place import case_place
from zoning.web.cases.rechecking import recheck
from zoning.web.workers.pool import Pool
from zoning.workspace import builtin_root

NEW = {"construction": "new"}
AWAY = "台账：数据库暂时连接不上，没有写入；请稍后重试，若持续请告知管理员"


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    """Give a PostgreSQL of these tests alone: it is stopped in the middle."""
    yield from run_cluster(unavailable)


@pytest.fixture
def desk(tmp_path: Path, cluster: Cluster) -> Iterator[World]:
    """Return a server of a tiny workspace whose register is a database."""
    root = tiny_root(tmp_path / "w")
    shutil.copytree(builtin_root() / "maps", root / "maps", dirs_exist_ok=True)
    pool: Any = InlinePool(root)
    with database_of(cluster.url) as address, world(root, tmp_path, pool, register=address) as found:
        accounts, stamp = Accounts(found.server.store.database), Stamp("setup", found.server.now())
        accounts.create("second", title="第二人", roles=["reviewer"], password=PASSWORD, stamp=stamp)
        yield found


def parts(office: World, case: str) -> CaseParts:
    place = case_place(office.server)
    with place.database.reading() as connection:
        return case_parts(connection, place, case)


def rows(address: str) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with closing(open_database(address, create=False)) as database, database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in StoredAccount.metadata.sorted_tables
        }


def test_a_day_of_the_office(desk: World, tmp_path: Path) -> None:
    """Check, case, second person, note, hook, token, re-check, lists, backup: as on a file."""
    reviewer, second, boss = (desk.client(name) for name in ("reviewer", "second", "boss"))
    check = reviewer.post("/check", files={"file": ("site.geojson", boundary(INSIDE))}).headers["location"]
    assert reviewer.get(check).status_code == 200
    hook = boss.post("/hooks", {"title": "县系统", "url": "https://example.org/in", "event": "case.notice"})
    assert hook.status_code in (200, 303)
    token = boss.post("/account/tokens", {"title": "a", "scope": "check", "days": "30"})
    assert token.status_code == 200
    case = new_case(reviewer, INSIDE, "厂房", NEW)
    assert reviewer.post(f"/cases/{case}/notes", {"text": "批注"}).status_code == 303
    proposal = {"verdict": "2", "decision": "restricted", "reason": "新规划已调整"}
    assert reviewer.post(f"/cases/{case}/overrides", proposal).status_code == 303
    assert reviewer.post(f"/cases/{case}/overrides/1", {"answer": "confirmed", "text": ""}).status_code != 303
    assert second.post(f"/cases/{case}/overrides/1", {"answer": "confirmed", "text": "同意"}).status_code == 303
    record = desk.server.store.register("cases").get(case)
    assert record is not None
    stale = {"version": str(record.version), "f-XMMC": "厂房", "f-XZQDM": "140522", "f-DZ": "东街"}
    assert reviewer.post(f"/cases/{case}/edit", stale).status_code == 303
    assert second.post(f"/cases/{case}/edit", {**stale, "f-DZ": "西街"}).status_code == 409
    move_water(desk.root, FAR)
    desk.server.reload()
    assert recheck(desk.server).noticed == (case,)
    for page in ("/", "/checks", "/cases", f"/cases/{case}", "/cases/export.xlsx", "/layers", "/rules", "/jobs"):
        assert boss.get(page).status_code == 200, page
    assert boss.get("/ready").status_code == 200
    found = parts(desk, case)
    assert [one.why for one in found.verdicts] == ["first", "facts"]
    assert len(found.notes) == len(found.overrides) == len(found.notices) == 1
    assert desk.server.store.verify().is_whole
    backed_up(desk, tmp_path)


def backed_up(desk: World, folder: Path) -> None:
    """Make a backup of the database, and restore it into a file and into another database: row by row the same."""
    settings, target = desk.server.settings, folder / "backup.tar"
    make_backup(desk.server.store.database, settings.files, None, target, made="2026-11-23T04:00:00.000000+00:00")
    assert verify_backup(target).is_whole
    assert restore_backup(target, folder / "restored").is_whole
    before = rows(settings.register)
    assert rows(str(folder / "restored" / "register.sqlite")) == before
    with database_of(settings.register) as other:
        restore_backup(target, folder / "other", register=other)
        assert rows(other) == before


def test_a_database_that_is_away_is_said_and_found_again(desk: World, cluster: Cluster) -> None:
    browser = desk.client("reviewer")
    case = new_case(browser, INSIDE, "厂房", NEW)
    site = {"file": ("site.geojson", boundary(INSIDE))}
    cluster.stop()
    try:
        for answer in (
            browser.get("/"),
            browser.get(f"/cases/{case}"),
            browser.post("/check", files=site),
            browser.post(f"/cases/{case}/notes", {"text": "批注"}),
            desk.client().post("/sign-in", {"name": "reviewer", "password": PASSWORD}),
        ):
            assert answer.status_code == 503, answer.text
            assert AWAY in answer.text
            assert str(cluster.folder) not in answer.text
        assert browser.get("/api/v1/cases").json()["detail"]["zh"] == AWAY
        assert browser.get("/ready").json() == {"register": "failing", "disk": "ok"}
        assert browser.get("/health").status_code == 200
    finally:
        cluster.start()
    assert browser.get(f"/cases/{case}").status_code == 200
    assert browser.post("/check", files=site).status_code == 303
    assert browser.post(f"/cases/{case}/notes", {"text": "批注"}).status_code == 303
    assert desk.server.store.verify().is_whole


def test_a_database_that_restarts_while_people_write(desk: World, cluster: Cluster) -> None:
    case = new_case(desk.client("reviewer"), INSIDE, "厂房", NEW)
    confirmed: list[str] = []
    other: list[tuple[int, str]] = []
    stop = threading.Event()

    def write(name: str, browser: Browser) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            text = f"{name} {count}"
            answer = browser.post(f"/cases/{case}/notes", {"text": text})
            if answer.status_code == 303:
                confirmed.append(text)
            elif answer.status_code != 503 or "台账" not in answer.text:
                other.append((answer.status_code, answer.text[-1500:]))

    writers = [threading.Thread(target=write, args=(name, desk.client(name))) for name in ("reviewer", "second")]
    for writer in writers:
        writer.start()
    for _ in range(2):
        enough = len(confirmed) + 6
        until = time.monotonic() + 60
        while len(confirmed) < enough:
            assert time.monotonic() < until, other
            time.sleep(0.01)
        cluster.stop()
        cluster.start()
    stop.set()
    for writer in writers:
        writer.join()
    assert other == []
    notes = [note.text for note in parts(desk, case).notes]
    assert len(set(notes)) == len(notes)
    assert set(confirmed) <= set(notes)
    assert desk.server.store.verify().is_whole


def test_a_check_whose_end_finds_no_database_gets_it_later(
    desk: World, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.web.checks_ending._AGAIN_S", 0.1)
    browser, pool = desk.client("reviewer"), desk.server.pool
    run = pool.run

    def restarted(task: Any, *more: Any) -> Any:
        outcome = run(task, *more)
        cluster.stop()
        return outcome

    monkeypatch.setattr(pool, "run", restarted)
    answer = browser.post("/check", files={"file": ("site.geojson", boundary(INSIDE))})
    assert answer.status_code == 303
    cluster.start()
    check = answer.headers["location"].rsplit("/", 1)[1]
    until = time.monotonic() + 60
    query = select(StoredCheck.state, StoredCheck.decision).where(StoredCheck.id == check)
    while True:
        with desk.server.store.database.reading() as connection:
            state, decision = connection.execute(query).one()
        if state != "waiting":
            break
        assert time.monotonic() < until
        time.sleep(0.05)
    assert (state, bool(decision)) == ("done", True)


def test_jobs_of_the_mine_desk_reach_the_register(
    tmp_path: Path, cluster: Cluster, shared_root: Path, shared_pool: Pool
) -> None:
    with (
        database_of(cluster.url) as address,
        world(shared_root, tmp_path, shared_pool, is_shared=True, register=address) as office,
    ):
        browser = browser_of(with_parcels(office), "restoration")
        answer = browser.post("/mines/desk/mines-works", {"territory": "140522"})
        job = answer.headers["location"].removeprefix("/jobs/")
        until = time.monotonic() + 120
        while not (found := jobs.get_job(office.server, job)).has_ended:
            assert time.monotonic() < until, found.progress
            time.sleep(0.05)
        assert (found.state, found.code) == ("done", 0), found.progress
        (made,) = [one.path for one in found.results if one.name == "works.json"]
        assert FIRST in made.read_text(encoding="utf-8")
        # Neither rows, log nor folder know the address, which may hold a password.
        with office.server.store.database.reading() as connection:
            told = "".join(map(str, connection.execute(select(LoggedEvent.__table__)).all()))
        secret = address.partition("?")[0]
        assert secret not in told + "".join(found.arguments) + "".join(found.progress) + found.said
