"""The database is lost while an edition is put into force or taken back: layer file and register come together again.

What may happen to the last transaction, by hand: the register has kept it and the answer was lost, it has not kept it,
or the database goes only afterwards. In each case the layer's file has its new content, is used, and is not put back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest

from case_world import InlinePool, tiny_root
from edition_desk import NOON, WATER, WET, status_of, verdict, yaml_of
from edition_files import ADMIN, DAY, waiting
from postgis_world import Cluster, run_cluster
from soak_register import database_of
from web_world import World, world
from zoning.errors import ContentError
from zoning.registers.canonical import sha256
from zoning.registers.failures import RegisterFailedError, UnknownEndError
from zoning.texts import Text
from zoning.web.editions import files, recovering
from zoning.web.editions.files import Replacement
from zoning.web.editions.recovering import Doing, begin, later_of, recover
from zoning.web.editions.store import Uploaded, change, get_edition, history
from zoning.web.editions.switching import activate, roll_back

End = Literal["kept", "not kept", "afterwards"]
TODAY = "2026-11-22"
AWAY = RegisterFailedError("台账：数据库暂时连接不上，没有写入", "the register cannot be reached")
LOST = {
    doing: f"layers/water.yaml 已改写（{done}版本 t-lost），但数据库连接中断；数据库恢复后会自动补记，"
    "请勿重做，稍后到该版本的页面核对"
    for doing, done in (("activate", "启用"), ("rollback", "回退"))
}


@dataclass
class Cut:
    """Loses the database at the commit that follows the replacement of a file, or right after it; until `mend`."""

    office: World
    end: End
    is_due: bool = False
    is_away: bool = False
    quick: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    def __post_init__(self) -> None:
        database, make = self.office.server.store.database, Replacement.make
        writing, reading = database.writing, database.reading

        def made(replacement: Replacement) -> None:
            make(replacement)
            self.is_due = True

        @contextmanager
        def cut_writing() -> Iterator[Any]:
            self._demand()
            with writing() as connection:
                yield connection
                if self.is_due and self.end == "not kept":
                    self._lose()
            if self.is_due:
                self._lose()

        @contextmanager
        def cut_reading() -> Iterator[Any]:
            self._demand()
            with reading() as connection:
                yield connection

        self.quick.setattr(Replacement, "make", made)
        self.quick.setattr(database, "writing", cut_writing)
        self.quick.setattr(database, "reading", cut_reading)

    def mend(self) -> None:
        """Give the database back."""
        self.quick.undo()

    def _demand(self) -> None:
        if self.is_away:
            raise AWAY

    def _lose(self) -> None:
        self.is_due, self.is_away = False, True
        if self.end != "afterwards":
            raise UnknownEndError("不知道", "unknown")


@contextmanager
def cut(office: World, end: End) -> Iterator[Cut]:
    made = Cut(office, end)
    try:
        yield made
    finally:
        made.mend()


def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "_AGAIN_S", 0.01)


def never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "_AGAIN_S", 1000.0)


def edition(office: World, folder: Path, doing: Doing, begins: date = DAY) -> Uploaded:
    """Return an edition that waits for what shall be done."""
    made = waiting(office.server, folder, WATER, WET, "t-lost", begins)
    if doing == "rollback":
        activate(office.server, ADMIN, made, get_edition(office.server, made).version)
    return get_edition(office.server, made)


def logged(office: World, made: str, doing: Doing) -> list[bool]:
    """Return for each line of the log that tells of it whether it was recovered."""
    lines = [line["payload"] for line in history(office.server, (made,))]
    return [line["recovered"] for line in lines if line["what"] == doing]


def demand_together(office: World, made: str, doing: Doing) -> None:
    """Demand that file and register say that it happened, and that nothing is left of it."""
    found = get_edition(office.server, made)
    assert (found.state, found.intent) == (recovering.STATE[doing], {})
    assert found.answered_by == "admin"
    wanted = found.content_after if doing == "activate" else found.content_before
    assert sha256(yaml_of(office, WATER).read_bytes()) == wanted
    assert [path.name for path in (office.root / "layers").glob(".*")] == []
    assert office.server.store.verify().is_whole


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("end", ["kept", "not kept", "afterwards"])
@pytest.mark.parametrize("doing", ["activate", "rollback"])
def test_file_and_register_come_together(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doing: Doing, end: End
) -> None:
    soon(monkeypatch)
    found = edition(small, tmp_path, doing)
    admin, before = small.client("admin"), verdict(small, TODAY)
    old = yaml_of(small, WATER).read_bytes()
    with cut(small, end) as away:
        told = {"version": str(found.version), "note": "据通知"}
        answer = admin.post(f"/editions/{found.id}/{doing}", told)
        assert answer.status_code == 503
        assert LOST[doing] in answer.text
        new = yaml_of(small, WATER).read_bytes()
        assert new != old
        between = verdict(small, TODAY)
        assert not later_of(small.server).wait(0)
        away.mend()
        assert later_of(small.server).wait(30)
    demand_together(small, found.id, doing)
    assert yaml_of(small, WATER).read_bytes() == new
    # One content from the moment that the file was replaced, word for word.
    assert verdict(small, TODAY) == between
    statuses = [status_of(one, WATER)[1] for one in (before, between)]
    assert statuses == (["not_affected", "affected"] if doing == "activate" else ["affected", "not_affected"])
    assert logged(small, found.id, doing) == [end == "not kept"]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("end", ["kept", "not kept"])
def test_an_edition_of_the_future_still_waits_for_its_day(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    soon(monkeypatch)
    found = edition(small, tmp_path, "activate", date(2027, 3, 1))
    days = ("2027-02-28", "2027-03-01")
    with cut(small, end) as away:
        with pytest.raises(UnknownEndError):
            activate(small.server, ADMIN, found.id, found.version)
        between = [verdict(small, day) for day in days]
        away.mend()
        assert later_of(small.server).wait(30)
    demand_together(small, found.id, "activate")
    assert [verdict(small, day) for day in days] == between
    assert [status_of(one, WATER)[1] for one in between] == ["not_affected", "affected"]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("end", ["kept", "not kept", "afterwards"])
def test_the_next_start_recovers_as_well(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    never(monkeypatch)
    found = edition(small, tmp_path, "activate")
    with cut(small, end) as away:
        with pytest.raises(UnknownEndError):
            activate(small.server, ADMIN, found.id, found.version)
        away.mend()
    later_of(small.server).close()
    assert get_edition(small.server, found.id).intent["do"] == "activate"
    begin(small.server)()
    demand_together(small, found.id, "activate")
    assert recover(small.server) == 0


@pytest.mark.usefixtures("quiet")
def test_a_start_without_a_database_recovers_later(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon(monkeypatch)
    found = edition(small, tmp_path, "activate")
    with cut(small, "not kept") as away:
        with pytest.raises(UnknownEndError):
            activate(small.server, ADMIN, found.id, found.version)
        end = begin(small.server)
        away.mend()
        assert later_of(small.server).wait(30)
    demand_together(small, found.id, "activate")
    end()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("end", ["kept", "not kept"])
def test_whoever_does_it_again_is_told_that_it_is_done(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    never(monkeypatch)
    found = edition(small, tmp_path, "activate")
    admin, boss = small.client("admin"), small.client("boss")
    with cut(small, end) as away:
        assert admin.post(f"/editions/{found.id}/activate", {"version": str(found.version)}).status_code == 503
        # Without a database nothing is done, and nothing else is said.
        answer = boss.post(f"/editions/{found.id}/activate", {"version": str(found.version)})
        assert answer.status_code == 503
        away.mend()
    page = admin.get(f"/editions/{found.id}")
    assert page.status_code == 200
    assert "admin 开始的操作还没有完成；系统会核对图层文件并自动补记，请稍后刷新。" in page.text
    assert f'action="/editions/{found.id}/activate"' not in page.text
    told = {"version": str(get_edition(small.server, found.id).version)}
    for again in ("discard", "activate"):
        answer = boss.post(f"/editions/{found.id}/{again}", told)
        assert answer.status_code == 409
        assert "admin 刚刚改动了这个版本" in answer.text
    demand_together(small, found.id, "activate")
    later_of(small.server).close()


@pytest.mark.usefixtures("quiet")
def test_what_was_lost_before_the_file_was_touched_has_not_happened(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon(monkeypatch)
    found = edition(small, tmp_path, "activate")
    admin, before = small.client("admin"), verdict(small, TODAY)
    old = yaml_of(small, WATER).read_bytes()

    def noted(*about: Any) -> int:
        version = change(*about)
        if "intent" in (about[3] or {}):
            away.is_due = True
        return version

    with cut(small, "kept") as away:
        monkeypatch.setattr("zoning.web.editions.switching.change", noted)
        answer = admin.post(f"/editions/{found.id}/activate", {"version": str(found.version)})
        assert answer.status_code == 503
        assert "没有改动 layers/water.yaml；请稍后打开该版本的页面重做" in answer.text
        away.mend()
        assert later_of(small.server).wait(30)
    assert yaml_of(small, WATER).read_bytes() == old
    now = get_edition(small.server, found.id)
    assert (now.state, now.intent, logged(small, found.id, "activate")) == ("audited", {}, [])
    assert verdict(small, TODAY) == before
    monkeypatch.undo()
    activate(small.server, ADMIN, found.id, now.version)
    assert get_edition(small.server, found.id).state == "active"


@pytest.mark.usefixtures("quiet")
def test_a_file_that_was_put_back_follows_the_register(small: World, tmp_path: Path) -> None:
    """As a server before 1.0 may have left it: the register has kept the change, the file was put back."""
    found = edition(small, tmp_path, "activate")
    old = yaml_of(small, WATER).read_bytes()
    activate(small.server, ADMIN, found.id, found.version)
    new = yaml_of(small, WATER).read_bytes()
    for left, expected in ((old, new), (new + b"# by hand\n", new + b"# by hand\n")):
        yaml_of(small, WATER).write_bytes(left)
        with small.server.store.database.writing() as connection:
            intent = {"do": "activate", "by": "admin", "at": "", "note": ""}
            change(connection, get_edition(small.server, found.id), {}, {"intent": intent})
        assert recover(small.server) == 1
        assert yaml_of(small, WATER).read_bytes() == expected
        assert get_edition(small.server, found.id).intent == {}
    assert logged(small, found.id, "activate") == [False]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("doing", ["activate", "rollback"])
def test_a_folder_that_cannot_be_synced_has_the_file_of_before(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doing: Doing
) -> None:
    found = edition(small, tmp_path, doing)
    old = yaml_of(small, WATER).read_bytes()

    def broken(folder: Path) -> None:
        if folder.name == "layers":
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "sync_folder", broken)
    do = activate if doing == "activate" else roll_back
    with pytest.raises(ContentError, match=r"water\.yaml: cannot be written"):
        do(small.server, ADMIN, found.id, found.version)
    assert yaml_of(small, WATER).read_bytes() == old
    now = get_edition(small.server, found.id)
    assert (now.state, now.intent) == (found.state, {})


@pytest.mark.usefixtures("quiet")
def test_a_file_that_cannot_be_put_back_is_told_and_followed(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = edition(small, tmp_path, "activate")
    soon(monkeypatch)
    replace = Path.replace

    def locked(path: Path, target: Path) -> Path:
        if ".old-" in path.name:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    def broken(folder: Path) -> None:
        if folder.name == "layers":
            raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", locked)
        patch.setattr(files, "sync_folder", broken)
        with pytest.raises(ContentError) as caught:
            activate(small.server, ADMIN, found.id, found.version)
    assert caught.value.text == Text(
        "layers/water.yaml 已改写为新内容，没有能改回（没有权限）；台账还没有记下，稍后会按文件自动补记，"
        "请勿重做，稍后到该版本的页面核对",
        "layers/water.yaml has its new content and could not be put back (Permission denied); the register does not "
        "say so yet and follows by itself. Do not do it again; look at the page of the edition in a moment",
    )
    assert later_of(small.server).wait(20)
    demand_together(small, found.id, "activate")


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    """Give a PostgreSQL of these tests alone: it is stopped in the middle."""
    yield from run_cluster(unavailable)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("end", ["kept", "not kept"])
def test_a_postgresql_that_is_lost_at_the_commit(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    """The server is stopped as by a power cut, right before or right after it keeps the change."""
    soon(monkeypatch)
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with database_of(cluster.url) as address, world(root, tmp_path, pool, register=address) as office:
        office.server.clock = lambda: NOON
        found = edition(office, tmp_path, "activate")
        admin = office.client("admin")
        dialect: Any = office.server.store.database._engine.dialect
        commit, make = dialect.do_commit, Replacement.make
        due: list[bool] = []

        def made(replacement: Replacement) -> None:
            make(replacement)
            due.append(True)

        def lost(connection: Any) -> None:
            if not due:
                commit(connection)
                return
            due.clear()
            if end == "kept":
                commit(connection)
            cluster.stop()
            connection.execute("SELECT 1")

        monkeypatch.setattr(Replacement, "make", made)
        monkeypatch.setattr(dialect, "do_commit", lost)
        try:
            answer = admin.post(f"/editions/{found.id}/activate", {"version": str(found.version)})
            assert answer.status_code == 503
            assert LOST["activate"] in answer.text
            between = verdict(office, TODAY)
            assert not later_of(office.server).wait(0)
        finally:
            cluster.start()
        assert later_of(office.server).wait(60)
        demand_together(office, found.id, "activate")
        assert verdict(office, TODAY) == between
        assert status_of(between, WATER)[1] == "affected"
        assert logged(office, found.id, "activate") == [end == "not kept"]
