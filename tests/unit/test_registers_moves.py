"""Steps of the workflow: which are allowed, what they ask for, what becomes of the record and of its history."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from both_languages import both
from quick_register import logged, office, place_of, proof_in
from register_world import NOW, OTHER, PIT, TODAY, by, new, opened, pits
from zoning.errors import ContentError, UsageError
from zoning.registers.deadlines import Step
from zoning.registers.history import steps_of_all
from zoning.registers.store import Change, Register, Store, open_store

FIRST = date(2026, 1, 5)
TOMORROW = TODAY + timedelta(1)
Office = tuple[Store, Register]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as found:
        found[1].apply([new("P1"), new("P2")], by())
        yield found


@pytest.fixture
def register(place: Office) -> Register:
    return place[1]


def standing(register: Register, record: str = "P1") -> tuple[str, date | None, int]:
    found = register.get(record)
    assert found is not None
    return found.state, found.since, found.version


def walk(register: Register, folder: Path, *states: str) -> None:
    """Bring P1 through states, each on the day of the first."""
    for version, state in enumerate(states, start=1):
        evidence = [proof_in(folder, state)] if state in ("works", "done") else []
        register.move("P1", state, on=FIRST, stamp=by(), version=version, evidence=evidence)


def test_a_step_changes_state_day_and_version_alone(place: Office) -> None:
    store, register = place
    before = register.get("P1")
    assert register.move("P1", "surveyed", on=FIRST, stamp=by("李四", "踏勘"), version=1) == 2
    after = register.get("P1")
    assert before is not None
    assert after is not None
    assert (after.state, after.since, after.version) == ("surveyed", FIRST, 2)
    assert (after.name, after.territory, after.values) == (before.name, before.territory, before.values)
    assert standing(register, "P2") == ("found", FIRST, 1)
    assert store.verify().is_whole


def test_a_step_back_keeps_its_reason_and_role(place: Office, tmp_path: Path) -> None:
    store, register = place
    walk(register, tmp_path, "surveyed")
    told: dict[str, Any] = {"reason": "  图形有误 ", "role": "county"}
    register.move("P1", "found", on=TODAY, stamp=by("李四", "退回"), version=2, **told)
    *_, (record, version, action, payload) = logged(store)
    assert (record, version, action) == ("P1", 3, "move")
    assert len(payload.pop("digest")) == 64
    assert payload == {
        "from": "surveyed",
        "to": "found",
        "on": "2026-03-10",
        "back": True,
        "reason": "图形有误",
        "role": "county",
        "evidence": [],
    }


def test_documents_of_a_step_are_attached_and_bound_to_its_row(place: Office, tmp_path: Path) -> None:
    store, register = place
    walk(register, tmp_path, "surveyed", "planned")
    evidence = [proof_in(tmp_path, "one", "one.txt"), proof_in(tmp_path, "two", "two.JPG")]
    assert register.move("P1", "works", on=TODAY, stamp=by(), version=3, evidence=evidence) == 4
    kept = register.attachments("P1")
    # Two records, two steps: the move is the fifth row of the log.
    assert [(one.number, one.kind, one.name, one.taken, one.about) for one in kept] == [
        (1, "evidence", "one.txt", TODAY, "move 5"),
        (2, "evidence", "two.JPG", TODAY, "move 5"),
    ]
    moved = register.history("P1")[3]
    assert (moved.seq, moved.details["evidence"]) == (5, [one.sha256 for one in kept])
    assert store.verify().is_whole


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            {"to": "melted"},
            "没有状态“melted”；有：found、surveyed、planned、works、done、closed",
            "there is no state 'melted'; there are: found, surveyed, planned, works, done, closed",
        ),
        (
            {"to": "done"},
            "P1：不能从“planned态 planned”到“done态 done”；可到：works态 works、surveyed态 surveyed",
            "P1: there is no way from planned to done; it can go to: works, surveyed",
        ),
        (
            {"to": "works"},
            "P1：到“works态 works”须附佐证材料（--evidence）",
            "P1: works asks for a document (--evidence)",
        ),
        (
            {"to": "surveyed"},
            "P1：退回“surveyed态 surveyed”须写明理由（--reason）",
            "P1: going back to surveyed asks for a reason (--reason)",
        ),
        (
            {"to": "surveyed", "reason": " \n"},
            "P1：退回“surveyed态 surveyed”须写明理由（--reason）",
            "P1: going back to surveyed asks for a reason (--reason)",
        ),
        (
            {"to": "surveyed", "reason": "x", "on": TOMORROW},
            "P1：日期 2026-03-11 在将来",
            "P1: the day 2026-03-11 lies in the future",
        ),
        (
            {"to": "surveyed", "reason": "x", "on": FIRST - timedelta(1)},
            "P1：日期 2026-01-04 早于进入当前状态的日期 2026-01-05",
            "P1: the day 2026-01-04 is before 2026-01-05, when it came into the present state",
        ),
        ({"to": "surveyed", "reason": "x", "stamp": by("")}, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_a_step_that_is_not_allowed_leaves_everything(
    place: Office, tmp_path: Path, told: dict[str, Any], zh: str, en: str
) -> None:
    store, register = place
    walk(register, tmp_path, "surveyed", "planned")
    before = len(logged(store))
    stated: dict[str, Any] = {"on": TODAY, "stamp": by(), "version": 3} | told
    assert both(lambda: register.move("P1", **stated), UsageError) == (zh, en)
    assert (standing(register), len(logged(store))) == (("planned", FIRST, 3), before)


def test_from_a_final_state_it_can_go_nowhere(register: Register, tmp_path: Path) -> None:
    register.move("P1", "closed", on=FIRST, stamp=by(), version=1, evidence=[proof_in(tmp_path)])
    zh, en = both(lambda: register.move("P1", "found", on=TODAY, stamp=by(), version=2), UsageError)
    assert en.endswith("it can go to: nothing")
    assert zh.endswith("可到：无")


@pytest.mark.parametrize("version", [1, 3])
def test_a_step_of_another_version_is_refused(register: Register, version: int) -> None:
    register.move("P1", "surveyed", on=FIRST, stamp=by("李四"), version=1)
    _, en = both(lambda: register.move("P1", "planned", on=TODAY, stamp=by(), version=version), ContentError)
    begin = {
        1: "P1: after version 1 was read, 李四 changed it to version 2",
        3: "P1 is at version 2, there is no version 3",
    }
    assert en.startswith(begin[version])
    assert standing(register) == ("surveyed", FIRST, 2)


def test_the_day_of_a_step_may_be_that_of_the_state_and_today(register: Register) -> None:
    register.move("P1", "surveyed", on=FIRST, stamp=by(), version=1)
    register.move("P1", "planned", on=TODAY, stamp=by(), version=2)
    assert standing(register) == ("planned", TODAY, 3)


@pytest.mark.parametrize(("role", "is_allowed"), [("", True), ("county", True), ("city", True), ("owner", False)])
def test_a_step_with_roles_is_for_them(tmp_path: Path, role: str, is_allowed: bool) -> None:
    steps = [{"from": "found", "to": "closed", "roles": ["county", "city"]}]
    states = {name: {"title": {"zh": name, "en": name}, "final": name == "closed"} for name in ("found", "closed")}
    kind = pits(workflow={"initial": "found", "states": states, "transitions": steps}, deadlines={})
    with open_store(str(tmp_path / "r.sqlite"), {"pits": kind}, create=True) as store:
        register = store.register("pits")
        register.apply([new("P1")], by())
        told: dict[str, Any] = {"on": TODAY, "stamp": by(), "version": 1, "role": role}
        if is_allowed:
            assert register.move("P1", "closed", **told) == 2
            return
        assert both(lambda: register.move("P1", "closed", **told), UsageError) == (
            "P1：这一步由 county、city 进行，不由 owner",
            "P1: this step is for county, city, not for owner",
        )


def test_a_history_tells_every_change_in_its_order(place: Office, tmp_path: Path) -> None:
    _, register = place
    later = datetime(2026, 3, 10, 9, 30, 0, 7, UTC)
    register.apply([Change("P1", values={"YEAR": 2019}, geometry=OTHER, version=1)], by("李四", "补测", later))
    register.move("P1", "surveyed", on=TODAY, stamp=by(), version=2)
    register.attach("P1", proof_in(tmp_path), "photo", None, by())
    created, changed, moved, attached = register.history("P1")
    assert [(event.seq, event.version, event.action) for event in (created, changed, moved, attached)] == [
        (1, 1, "create"), (3, 2, "set"), (4, 3, "move"), (5, 3, "attach"),
    ]  # fmt: skip
    assert (changed.actor, changed.note, changed.at, changed.kind, changed.record) == (
        "李四", "补测", later, "pits", "P1",
    )  # fmt: skip
    assert changed.fields == {"YEAR": (None, 2019)}
    assert changed.geometry is not None
    before, after = changed.geometry
    assert shapely.equals_identical(before, PIT)
    assert shapely.equals_identical(after, OTHER)
    assert created.geometry is not None
    assert created.geometry[0] is None
    assert created.details == {
        "name": ["", "pit P1"],
        "territory": ["", "140522"],
        "since": "2026-01-05",
        "state": "found",
    }
    assert (moved.geometry, moved.fields, created.at) == (None, {}, NOW)
    assert isinstance(attached.details["row"], dict)
    assert len({event.hash for event in (created, changed, moved, attached)}) == 4


def test_a_place_that_was_taken_away_is_in_the_history(register: Register) -> None:
    register.apply([Change("P1", geometry=None, version=1)], by())
    geometry = register.history("P1")[-1].geometry
    assert geometry is not None
    assert (geometry[0].equals(PIT) if geometry[0] else None, geometry[1]) == (True, None)


def test_the_steps_of_all_records_stand_by_record(place: Office, tmp_path: Path) -> None:
    store, register = place
    walk(register, tmp_path, "surveyed", "planned")
    register.apply([Change("P2", values={"YEAR": 1}, version=1)], by())
    with store.database.reading() as connection:
        found = steps_of_all(connection, place_of(store))
    assert found == {
        "P1": [Step("found", FIRST), Step("surveyed", FIRST), Step("planned", FIRST)],
        "P2": [Step("found", FIRST)],
    }


def test_what_is_due_follows_the_steps(register: Register, tmp_path: Path) -> None:
    walk(register, tmp_path, "surveyed", "planned", "works")
    # 30 days after the works began on 5 January.
    assert [(due.key, due.by, due.record) for due in register.due(TODAY)] == [
        ("after", date(2026, 2, 4), "P1"),
        ("county", date(2026, 3, 1), "P2"),
        ("all", date(2026, 12, 31), "P1"),
        ("all", date(2026, 12, 31), "P2"),
    ]


def test_of_the_same_day_problems_stand_before_works_and_by_number(register: Register) -> None:
    for _ in range(2):
        register.plan_work("P2", "soil", end=TODAY, stamp=by())
        register.add_problem("P2", "x", found=FIRST, deadline=TODAY, stamp=by())
    register.add_problem("P1", "x", found=FIRST, deadline=TODAY, stamp=by())
    assert [(due.record, due.cause, due.key) for due in register.due(TODAY) if due.cause != "deadline"] == [
        ("P1", "problem", "1"),
        ("P2", "problem", "1"),
        ("P2", "problem", "2"),
        ("P2", "work", "1"),
        ("P2", "work", "2"),
    ]


def test_a_state_that_the_type_no_longer_has_can_be_read_and_is_named(tmp_path: Path) -> None:
    with opened(str(tmp_path / "r.sqlite"), tmp_path / "files") as (_, register):
        register.apply([new("P1")], by())
    states = {name: {"title": {"zh": name, "en": name}, "final": name == "b"} for name in ("a", "b")}
    other = {"initial": "a", "states": states, "transitions": [{"from": "a", "to": "b"}]}
    with open_store(str(tmp_path / "r.sqlite"), {"pits": pits(workflow=other, deadlines={})}, create=False) as store:
        register = store.register("pits")
        assert standing(register) == ("found", FIRST, 1)
        assert both(lambda: register.move("P1", "b", on=TODAY, stamp=by(), version=1), UsageError) == (
            "P1：不能从“found”到“b b”；可到：无",
            "P1: there is no way from found to b; it can go to: nothing",
        )
