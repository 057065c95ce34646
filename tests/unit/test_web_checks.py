"""A check from the file to its answer: a worker that comes to no end is never an answer."""

import errno
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from quick_office import NOON, forget, register
from zoning.errors import LayerError, NoRoomError
from zoning.registers.canonical import moment
from zoning.registers.failures import UnknownEndError
from zoning.registers.schema_server import StoredDelivery, StoredHook
from zoning.registers.store import Store
from zoning.texts import Text
from zoning.web.access import Role, Who
from zoning.web.checks import (
    Check,
    check_again,
    get_check,
    run_again,
    run_check,
    told_of,
    worst_of,
)
from zoning.web.checks_ending import End, ending_of
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.settings import ServerSettings
from zoning.web.workers.work import Outcome, Task

DAY = date(2026, 3, 2)
CLEAR: Mapping[str, Any] = {"verdicts": [{"decision": "permitted"}], "refused": []}


def who(name: str = "anna", *roles: Role) -> Who:
    return Who(name, roles=frozenset(roles or ("viewer",)))


class Pool:
    """Stands for the workers: answers as it is told, and notes what it was asked."""

    def __init__(self) -> None:
        self.answer: Any = CLEAR
        self.state: Any = "done"
        self.fault: Exception | None = None
        self.asked: list[Task] = []

    def run(self, task: Task) -> Outcome:
        self.asked.append(task)
        if self.fault is not None:
            raise self.fault
        task.folder.mkdir(parents=True)
        said = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        (task.folder / "answer.json").write_text(said, encoding="utf-8")
        return Outcome(self.state, 0, 0.1)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("checks")) as found:
        yield found


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(store: Store, pool: Pool, clock: Clock, tmp_path: Path) -> Iterator[Server]:
    forget(store.database)
    settings = ServerSettings(tmp_path / "workspace", "", tmp_path / "files", tmp_path / "state")
    nothing: Any = None
    server = Server(settings, store, pool, nothing, nothing, nothing, clock)  # type: ignore[arg-type]  # stands for a pool
    yield server
    ending_of(server).close()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "地块.geojson"
    path.write_text("{}", encoding="utf-8")
    return path


def checked(server: Server, site: Path, name: str = "anna", **more: Any) -> Check:
    found = get_check(server, run_check(server, who(name), site, on=DAY, language="zh", **more))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("decisions", "refused", "worst"),
    [
        ([], [], ""),
        ([], [{"site": "S1"}], ""),
        (["permitted"], [], "permitted"),
        (["permitted", "restricted"], [], "restricted"),
        (["undetermined", "restricted"], [], "undetermined"),
        (["permitted", "prohibited", "undetermined"], [], "prohibited"),
        # A footprint that could not be checked never counts as clear.
        (["permitted"], [{"site": "S2"}], "undetermined"),
        (["restricted"], [{"site": "S2"}], "undetermined"),
        (["prohibited"], [{"site": "S2"}], "prohibited"),
    ],
)
def test_the_decision_of_a_file_is_its_strictest(decisions: list[str], refused: list[Any], worst: str) -> None:
    assert worst_of({"verdicts": [{"decision": one} for one in decisions], "refused": refused}) == worst


def test_a_check_is_kept_with_its_file_facts_and_answer(server: Server, pool: Pool, site: Path) -> None:
    pool.answer = {"verdicts": [{"decision": "restricted"}, {"decision": "permitted"}], "refused": []}
    found = checked(server, site, facts={"用水": True}, options={"crs": "EPSG:4490"}, previous="c0")
    assert (found.account, found.at, found.title, found.day) == ("anna", moment(NOON), "地块.geojson", DAY)
    assert (found.state, found.decision, found.error, found.previous) == ("done", "restricted", None, "c0")
    assert (found.facts, found.request["options"]) == ({"用水": True}, {"crs": "EPSG:4490"})
    assert (found.answer, found.is_shared) == (pool.answer, False)
    assert (server.settings.files / found.request["path"]).read_bytes() == b"{}"
    assert (server.settings.files / found.digest[:2] / f"{found.digest}.json").is_file()


def test_a_worker_is_told_the_kept_file_the_day_and_the_limits(server: Server, pool: Pool, site: Path) -> None:
    found = checked(server, site, facts={"a": 1}, options={"zone": 38})
    (task,) = pool.asked
    assert (task.task, task.language, task.seconds, task.memory_mb) == ("check", "zh", 60, 3072)
    assert task.arguments == {
        "file": str(server.settings.files / found.request["path"]),
        "name": "地块.geojson",
        "on": "2026-03-02",
        "facts": {"a": 1},
        "options": {"zone": 38},
    }
    assert task.arguments == told_of(server, found.request, DAY, {"a": 1})


def test_every_check_has_a_number_of_its_own_and_leaves_no_folder(server: Server, pool: Pool, site: Path) -> None:
    assert checked(server, site).id != checked(server, site).id
    assert list(server.folder("checks").iterdir()) == []
    pool.state = "slow"
    checked(server, site)
    assert list(server.folder("checks").iterdir()) == []


def test_what_its_reading_refuses_stands_in_the_check(server: Server, pool: Pool, site: Path) -> None:
    pool.answer = {"error": {"zh": "没有坐标系", "en": "no coordinate system"}}
    found = checked(server, site)
    assert (found.state, found.decision, found.answer, found.digest) == ("refused", "", None, "")
    assert found.error == {"zh": "没有坐标系", "en": "no coordinate system"}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("slow", "passed its limit of 60 s of time"),
        ("memory", "passed its limit of 3072 MB of memory"),
        ("disk", "found no room on the disk"),
        ("died", "died without a result"),
        ("cancelled", "there is no result"),
    ],
)
def test_a_worker_that_came_to_no_end_is_never_an_answer(
    server: Server, pool: Pool, site: Path, state: str, said: str
) -> None:
    pool.state = state
    found = checked(server, site)
    assert (found.state, found.decision, found.answer) == ("failed", "", None)
    assert found.error is not None
    assert said in found.error["en"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (NoRoomError("满", "no room of the pool"), "found no room on the disk"),
        (OSError(errno.ENOSPC, "full"), "found no room on the disk"),
        (OSError(errno.EIO, "broken"), "died without a result"),
        (ValueError("half an answer"), "died without a result"),
        (LayerError("图层坏", "the layer is broken"), "the layer is broken"),
        (Refused(503, Text("忙", "busy")), "busy"),
    ],
)
def test_a_check_whose_worker_fails_says_why(
    server: Server, pool: Pool, site: Path, fault: Exception, said: str
) -> None:
    pool.fault = fault
    found = checked(server, site)
    assert (found.state, found.decision) == ("failed", "")
    assert found.error is not None
    assert said in found.error["en"]


@pytest.mark.parametrize("answer", ["", "{", '{"verdicts": ['])
def test_an_answer_that_was_not_written_whole_is_none(server: Server, pool: Pool, site: Path, answer: str) -> None:
    pool.answer = answer
    found = checked(server, site)
    assert (found.state, found.decision, found.answer) == ("failed", "", None)


def test_a_row_whose_keeping_is_not_known_comes_to_its_end(
    server: Server, pool: Pool, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[End] = []
    monkeypatch.setattr(ending_of(server), "later", late.append)

    def lost() -> None:
        raise UnknownEndError("不知道", "not known")

    monkeypatch.setattr(type(server.store.database), "writing", lambda _: lost())
    with pytest.raises(UnknownEndError):
        run_check(server, who(), site, on=DAY, language="zh")
    ((end,), asked) = (late, pool.asked)
    assert (end.values["state"], asked) == ("failed", [])
    assert end.told == {"check": end.check, "state": "failed", "decision": "", "day": "2026-03-02"}
    assert "check again" in end.values["error"]


def test_a_check_is_made_again_with_what_it_was_made_with(server: Server, site: Path) -> None:
    first = checked(server, site, facts={"a": 1}, options={"zone": 38}, previous="c0")
    site.unlink()
    again = get_check(server, check_again(server, who("bo"), first.id, "en"))
    assert again is not None
    assert (again.account, again.day, again.previous, again.title) == ("bo", DAY, "c0", "地块.geojson")
    assert (again.facts, again.request) == (first.facts, first.request)
    assert again.id != first.id


def test_nothing_is_made_again_of_a_check_that_is_not_there(server: Server) -> None:
    with pytest.raises(Refused) as refused:
        check_again(server, who(), "none", "zh")
    assert (refused.value.status, refused.value.text) == (404, Text("没有这次检查", "there is no such check"))


@pytest.mark.parametrize(
    ("more", "facts", "options", "goes_on_from"),
    [
        ({}, {"a": 1}, {"zone": 38}, "first"),
        ({"facts": {"b": 2}}, {"b": 2}, {"zone": 38}, "first"),
        ({"facts": {}}, {}, {"zone": 38}, "first"),
        ({"options": {}}, {"a": 1}, {}, "first"),
        ({"options": {"zone": 37}, "previous": ""}, {"a": 1}, {"zone": 37}, ""),
        ({"previous": "other"}, {"a": 1}, {"zone": 38}, "other"),
    ],
)
def test_a_check_goes_on_with_other_facts_or_reading(
    server: Server, site: Path, more: dict[str, Any], facts: Any, options: Any, goes_on_from: str
) -> None:
    first = checked(server, site, facts={"a": 1}, options={"zone": 38})
    after_it = run_again(server, who(), first, on=date(2026, 7, 1), language="zh", **more)
    found = get_check(server, after_it)
    assert found is not None
    assert (found.facts, found.request["options"], found.day) == (facts, options, date(2026, 7, 1))
    assert found.previous == (first.id if goes_on_from == "first" else goes_on_from)


def test_a_check_tells_the_hooks_how_it_ended(server: Server, site: Path) -> None:
    with server.store.database.writing() as connection:
        values = {"id": "h1", "url": "https://a.example", "secret": "s", "active": True, "created_by": "setup"}
        told = json.dumps({"title": "t", "events": ["check.done"], "private": False})
        connection.execute(insert(StoredHook).values(**values, created=moment(NOON), events=told))
    found = checked(server, site)
    with server.store.database.reading() as connection:
        (message,) = connection.execute(select(StoredDelivery.payload)).scalars()
    assert json.loads(message)["type"] == "check.done"
    assert json.loads(message)["data"] == {
        "check": found.id,
        "state": "done",
        "decision": "permitted",
        "day": "2026-03-02",
    }
