"""The store of a register, in a file and on a server: what it takes, what it refuses, what two writers do to it."""

import multiprocessing
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest
import shapely
from sqlalchemy import text

from kill_register import Campaign
from register_backends import BACKENDS, address_of, server_url, store_of, tamper
from register_world import NOW, OTHER, PIT, TODAY, TYPES, by, new, opened, pits
from sentences import said
from zoning.errors import ContentError, UsageError
from zoning.registers.database import open_database
from zoning.registers.store import Change, Register, Store, open_store

ONE_WRITER = 25


@pytest.fixture(scope="module")
def server(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    yield from server_url(unavailable)


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    # The server is started for those who ask for it only: without one the tests of files run.
    with address_of(request.param, tmp_path, lambda: request.getfixturevalue("server")) as found:
        yield found


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    with store_of(address, tmp_path) as found:
        yield found


@pytest.fixture
def register(store: Store) -> Register:
    return store.register("pits")


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof.JPG"
    path.write_bytes(b"proof")
    return path


def test_a_record_comes_back_as_it_was_given(register: Register) -> None:
    values = {
        "AREA": 3,
        "YEAR": 2019,
        "SEEN": date(2024, 2, 29),
        "WET": False,
        "CLASS": "A",
        "SUB": "a1",
        "HARM": ("3", "1"),
    }
    # Coordinates to the last bit.
    place = shapely.box(112.1 + 1e-13, 1 / 3, 112.2, 35.5)
    assert register.apply([new("甲-1", values=values, geometry=place)], by()) == 1
    record = register.get("甲-1")
    assert record is not None
    assert dict(record.values) == {
        "NO": "甲-1",
        "NAME": "pit 甲-1",
        "COUNTY": "140522",
        **values,
        "AREA": 3.0,
        "HARM": ("1", "3"),
    }
    assert isinstance(record.values["AREA"], float)
    assert record.geometry is not None
    assert record.geometry.wkb == place.wkb
    assert (record.name, record.territory, record.state, record.version) == ("pit 甲-1", "140522", "found", 1)
    assert record.since == date(2026, 1, 5)
    assert register.get("甲-2") is None


def test_records_are_sorted_and_filtered(register: Register) -> None:
    numbers = ["b", "B", "a", "é", "é-1", "Ä", "10", "9"]
    register.apply([new(number, territory="140522" if number < "a" else "140502") for number in numbers], by())
    register.apply([new("c_d", territory="14_502", geometry=OTHER)], by())
    assert [record.id for record in register.records()] == sorted([*numbers, "c_d"])
    assert [record.id for record in register.records(territory="140522")] == ["10", "9", "B"]
    assert len(list(register.records(territory="1405"))) == 8
    assert [record.id for record in register.records(territory="14_5")] == ["c_d"]  # no pattern
    assert [record.id for record in register.records(ids=["b", "zz", "B", "b"])] == ["B", "b"]
    assert [record.id for record in register.records(box=(112.5, 35.4, 112.6, 35.48))] == ["c_d"]
    assert list(register.records(box=(112.42, 35.4, 112.49, 36))) == []
    assert list(register.records(ids=[])) == []
    register.move("a", "surveyed", on=TODAY, stamp=by(), version=1)
    assert [record.id for record in register.records(state="surveyed")] == ["a"]


def test_what_does_not_change_is_not_written(register: Register, store: Store) -> None:
    register.apply([new("P1", values={"AREA": 2.0})], by())
    same = Change("P1", name="pit P1", values={"AREA": 2, "SUB": None}, geometry=shapely.box(*PIT.bounds), version=1)
    assert register.apply([same], by("李四")) == 0
    record = register.get("P1")
    assert record is not None
    assert record.version == 1
    assert store.verify().events == 1


def test_a_stale_version_is_refused_by_name_and_time(register: Register) -> None:
    register.apply([new("P1")], by())
    register.apply([Change("P1", values={"YEAR": 1}, version=1)], by("李四", at=NOW + timedelta(minutes=5)))
    change = Change("P1", values={"YEAR": 2}, version=1)
    assert said(lambda: register.apply([new("P2"), change], by())) == (
        "P1: after version 1 was read, 李四 changed it to version 2 at 2026-03-10 08:05:00 UTC; nothing was written: "
        "read it again before you change it"
    )
    assert register.get("P2") is None
    assert said(lambda: register.apply([new("P1")], by())) == (
        "P1 is already in the register (version 2, changed by 李四 at 2026-03-10 08:05:00 UTC): read it before you "
        "change it"
    )
    assert said(lambda: register.apply([Change("P9", version=1)], by())) == "P9 is not in the register pits"
    assert said(lambda: register.apply([new("P3"), new("P3")], by())) == "P3 occurs twice in one change"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (new("P1", values={"AREA": -1}), "P1.AREA: -1 is below 0"),
        (new("P1", values={"AREA": float("nan")}), "P1.AREA: a number is wanted"),
        (new("P1", values={"AREA": True}), "P1.AREA: a number is wanted"),
        (new("P1", values={"YEAR": 1.0}), "P1.YEAR: a whole number is wanted"),
        (new("P1", values={"SEEN": NOW}), "P1.SEEN: a date is wanted, written like 2026-11-22"),
        (new("P1", values={"WET": "yes"}), "P1.WET: yes or no is wanted"),
        (new("P1", values={"CLASS": "C"}), "P1.CLASS: there is no code 'C'; there are: A class A, B class B"),
        (new("P1", values={"HARM": "1"}), "P1.HARM: codes are wanted, with commas between them"),
        (new("P1", values={"SUB": "b1", "CLASS": "A"}), "P1.SUB: code b1 goes with CLASS B, which is A"),
        (new("P1", values={"WORD": "x"}), "P1.WORD: there is no field 'WORD'"),
        (new("P1", values={"NO": "P2"}), "P1.NO: 'P2' is not the 'P1' of the record"),
        (new("P1", name="a\x00b"), "P1.NAME: a text without control characters is wanted"),
        (new(" P1"), " P1.NO: it must not be empty or have control characters or outer spaces"),
        (new("P1", geometry=shapely.Point(112, 35)), "P1.geometry: the geometry has to be an area"),
        (new("P1", geometry=shapely.Polygon()), "P1.geometry: the geometry is empty"),
        (
            new("P1", geometry=shapely.box(500000, 3900000, 500100, 3900100)),
            "P1.geometry: the coordinates are no longitudes and latitudes in degrees",
        ),
        (
            new("P1", geometry=shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
            (
                "P1.geometry: the geometry is not valid (Self-intersection[0.5 0.5]): look with zoning inspect, repair "
                "with zoning convert"
            ),
        ),
        (new("P1", since=date(2026, 3, 11)), "P1.since: the day 2026-03-11 lies in the future"),
    ],
)
def test_what_no_pit_can_be(tmp_path: Path, change: Change, sentence: str) -> None:
    with opened(str(tmp_path / "r.sqlite"), tmp_path / "files") as (store, register):
        assert said(lambda: register.apply([new("P0"), change], by())) == f"nothing was written:\n{sentence}"
        assert list(register.records()) == []
        assert store.verify().events == 0


def test_who_acts_and_when_has_to_be_said(tmp_path: Path) -> None:
    with opened(str(tmp_path / "r.sqlite"), tmp_path / "files") as (_, register):
        assert said(lambda: register.apply([new("P1")], by(" ")), UsageError) == "it has to be said who does this"
        naive = by(at=NOW.replace(tzinfo=None))
        assert said(lambda: register.apply([new("P1")], naive), UsageError) == "the moment has no time zone"
        assert said(lambda: register.apply([new("P1")], by(note="a\x00")), UsageError) == (
            "the note has control characters"
        )


def test_a_type_may_change_after_records_were_written(tmp_path: Path) -> None:
    address, files = str(tmp_path / "r.sqlite"), tmp_path / "files"
    with opened(address, files) as (_, register):
        register.apply([new("P1", values={"YEAR": 7, "CLASS": "B", "AREA": 2.0})], by())
    kept = {name: spec for name, spec in TYPES["pits"].fields.items() if name != "YEAR"}
    fewer = pits(fields=kept)
    with open_store(address, {"pits": fewer}, create=False, files=files) as store:
        register = store.register("pits")
        record = register.get("P1")
        assert record is not None
        assert "YEAR" not in record.values
        assert register.apply([Change("P1", values={"AREA": 3.0}, version=1)], by()) == 1
    with opened(address, files) as (store, register):
        record = register.get("P1")
        assert record is not None
        assert (record.values["YEAR"], record.values["AREA"]) == (7, 3.0)  # it was only out of sight
    dated = pits(fields={**kept, "YEAR": kept["SEEN"]})
    with open_store(address, {"pits": dated}, create=False, files=files) as store:
        assert said(lambda: list(store.register("pits").records())) == (
            "P1: '7' in field YEAR does not fit to the type pits as it is now (date)"
        )
        assert said(lambda: store.register("ponds"), UsageError) == (
            "there is no kind of register 'ponds'; there are: pits"
        )


def test_ten_faults_are_told_and_the_others_counted(tmp_path: Path) -> None:
    with opened(str(tmp_path / "r.sqlite"), tmp_path / "files") as (_, register):
        told = said(lambda: register.apply([new(f"P{n:02}", values={"AREA": -n}) for n in range(1, 13)], by()))
    lines = told.splitlines()
    assert (len(lines), lines[1], lines[-1]) == (12, "P01.AREA: -1 is below 0", "... and 2 more")


def test_the_workflow_asks_for_reasons_documents_and_days(register: Register, proof: Path) -> None:
    register.apply([new("P1")], by())
    steps: dict[str, Any] = {"on": TODAY, "stamp": by()}
    assert said(lambda: register.move("P1", "works", version=1, **steps), UsageError) == (
        "P1: there is no way from found to works; it can go to: surveyed, closed"
    )
    assert said(lambda: register.move("P1", "lost", version=1, **steps), UsageError).startswith(
        "there is no state 'lost'; there are: found, surveyed,"
    )
    assert said(lambda: register.move("P1", "closed", version=1, **steps), UsageError) == (
        "P1: closed asks for a document (--evidence)"
    )
    early = {**steps, "on": date(2026, 1, 4)}
    assert said(lambda: register.move("P1", "surveyed", version=1, **early), UsageError) == (
        "P1: the day 2026-01-04 is before 2026-01-05, when it came into the present state"
    )
    late = {**steps, "on": date(2026, 3, 11)}
    assert said(lambda: register.move("P1", "surveyed", version=1, **late), UsageError) == (
        "P1: the day 2026-03-11 lies in the future"
    )
    assert register.move("P1", "surveyed", version=1, **steps) == 2
    assert said(lambda: register.move("P1", "found", version=2, **steps), UsageError) == (
        "P1: going back to found asks for a reason (--reason)"
    )
    assert register.move("P1", "found", version=2, reason="another pit was meant", **steps) == 3
    assert register.move("P1", "closed", version=3, evidence=[proof, proof], **steps) == 4
    kept = register.attachments("P1")
    assert [(a.number, a.kind, a.name, a.about, a.taken) for a in kept] == [
        (1, "evidence", "proof.JPG", "move 4", TODAY),
        (2, "evidence", "proof.JPG", "move 4", TODAY),
    ]
    moves = [event.details for event in register.history("P1") if event.action == "move"]
    assert [(move["from"], move["to"], move["back"], move["reason"]) for move in moves] == [
        ("found", "surveyed", False, ""),
        ("surveyed", "found", True, "another pit was meant"),
        ("found", "closed", False, ""),
    ]


def test_geometry_before_and_after_is_kept(register: Register) -> None:
    register.apply([new("P1")], by())
    register.apply([Change("P1", geometry=OTHER, version=1)], by("李四", "GPS"))
    register.apply([Change("P1", geometry=None, version=2)], by())
    places = [event.geometry for event in register.history("P1")]
    assert places == [(None, PIT), (PIT, OTHER), (OTHER, None)]
    told = register.history("P1")[1]
    assert (told.actor, told.note, told.at, told.version) == ("李四", "GPS", NOW, 2)


def test_problems_are_closed_one_by_one(register: Register, proof: Path) -> None:
    register.apply([new("P1")], by())
    assert register.add_problem("P1", "坑边未围", found=TODAY, deadline=TODAY, source="督查", stamp=by()) == 1
    assert register.add_problem("P1", "渣堆", found=TODAY, stamp=by()) == 2
    told: dict[str, Any] = {"on": TODAY, "stamp": by("李四")}
    assert said(lambda: register.close_problem("P1", 2, how="removed", evidence=[], **told), UsageError) == (
        "P1: closing a problem asks for a document (--evidence)"
    )
    assert said(lambda: register.close_problem("P1", 3, how="removed", evidence=[proof], **told), UsageError) == (
        "P1 has no problem number 3"
    )
    register.close_problem("P1", 2, how="removed", evidence=[proof], **told)
    assert said(lambda: register.close_problem("P1", 2, how="removed", evidence=[proof], **told), UsageError) == (
        "P1: problem 2 was closed by 李四 on 2026-03-10 already"
    )
    first, second = register.problems("P1")
    assert (first.is_open, first.source, first.deadline) == (True, "督查", TODAY)
    assert (second.closed, second.closed_by, second.how) == (TODAY, "李四", "removed")
    assert second.evidence == (register.attachments("P1")[0].sha256,)
    assert said(lambda: register.problems("P9"), UsageError) == "there is no 'P9' in the register pits"


def test_works_and_money(register: Register) -> None:
    register.apply([new("P1")], by())
    told: dict[str, Any] = {"stage": "一期", "quantity": 1200, "unit": "m3", "begin": TODAY, "end": TODAY}
    assert register.plan_work("P1", "覆土绿化", stamp=by(), **told) == 1
    assert register.record_work("P1", 1, stamp=by(), version=1, begin=TODAY, quantity=300.5) == 2
    assert said(lambda: register.record_work("P1", 1, stamp=by(), version=1, quantity=400)) == (
        "P1: work 1 was changed after it was read; nothing was written: read it again"
    )
    register.record_work("P1", 1, stamp=by(), version=2, end=TODAY)
    (work,) = register.works("P1")
    assert (work.quantity, work.done, work.actual_from, work.actual_to, work.version) == (1200, 300.5, TODAY, TODAY, 3)
    for amount in ("12.345678", "-0.000001"):
        register.add_payment("P1", "中央", Decimal(amount), status="paid", on=TODAY, stamp=by())
    assert sum(payment.amount for payment in register.payments("P1")) == Decimal("12.345677")
    for wrong in ("0", "0.0000001", "NaN", "1e20"):
        told_wrong = Decimal(wrong)
        said(lambda: register.add_payment("P1", "x", told_wrong, status="paid", on=TODAY, stamp=by()), UsageError)  # noqa: B023 - called in this turn


def test_rows_of_the_log_cannot_be_changed(address: str, store: Store) -> None:
    store.register("pits").apply([new("P1")], by())
    for command in ("UPDATE register_event SET note = 'x'", "DELETE FROM register_event", "DELETE FROM register_shape"):
        database = open_database(address, create=False)
        with pytest.raises(ContentError, match="append-only"), database.writing() as connection:
            connection.execute(text(command))
        database.close()
    assert store.verify().is_whole


def test_a_changed_row_is_found_on_either_kind_of_store(address: str, store: Store) -> None:
    register = store.register("pits")
    for number in "abc":
        register.apply([new(number)], by())
    assert store.verify().is_whole
    tamper(address, "UPDATE register_event SET actor = 'nobody' WHERE seq = 2")
    report = store.verify()
    assert report.first_broken == 2
    assert [fault.text.en for fault in report.faults] == ["row 2 was changed: it does not fit to its hash"]


def test_a_connection_that_is_still_at_work_when_the_store_is_closed_is_closed_after_it(address: str) -> None:
    database = open_database(address, create=True)
    with database.reading() as connection:
        raw = connection.connection.driver_connection
        database.close()
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert raw is not None
    with pytest.raises(Exception, match="closed"):
        raw.execute("SELECT 1")


def add_up(address: str, files: Path, times: int) -> None:
    """Add one to the same field again and again; whoever came too late reads again."""
    with opened(address, files) as (_, register):
        done = 0
        while done < times:
            record = register.get("P1")
            assert record is not None
            year = int(str(record.values["YEAR"]))
            try:
                register.apply([Change("P1", values={"YEAR": year + 1}, version=record.version)], by())
            except ContentError as error:
                if "after version" not in error.text.en:
                    raise
            else:
                done += 1


def test_two_writers_at_once_lose_no_update(address: str, store: Store, tmp_path: Path) -> None:
    register = store.register("pits")
    register.apply([new("P1", values={"YEAR": 0})], by())
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=add_up, args=(address, tmp_path / "files", ONE_WRITER)) for _ in "12"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    record = register.get("P1")
    assert record is not None
    assert (record.values["YEAR"], record.version) == (2 * ONE_WRITER, 2 * ONE_WRITER + 1)
    report = store.verify()
    assert (report.faults, report.events) == ((), 2 * ONE_WRITER + 1)


def test_a_killed_writer_loses_nothing_that_it_had_committed(address: str, tmp_path: Path) -> None:
    server = address if "://" in address else None
    campaign = Campaign(tmp_path, random.Random(3), server)  # noqa: S311 - the same moments on every run
    campaign.run(10)
    assert campaign.troubles == []
    assert campaign.said > 0
