"""New records and changed ones: all of a list or nothing, and what the log says of each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from both_languages import both
from quick_register import logged, office, rows
from register_world import NOW, OTHER, PIT, TODAY, by, new
from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Stamp
from zoning.registers.geometry import wkb_of
from zoning.registers.record import Record
from zoning.registers.store import Change, Register, Store

Office = tuple[Store, Register]


@pytest.fixture
def pits(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as found:
        yield found


@pytest.fixture
def register(pits: Office) -> Register:
    return pits[1]


@pytest.fixture
def store(pits: Office) -> Store:
    return pits[0]


def got(register: Register, record: str) -> Record:
    found = register.get(record)
    assert found is not None
    return found


def test_a_new_record_begins_in_the_first_state_with_version_1(register: Register) -> None:
    assert register.apply([Change("甲-1", name="一号坑", territory="140522")], by()) == 1
    assert got(register, "甲-1") == Record(
        "甲-1",
        "一号坑",
        "140522",
        None,
        {"NO": "甲-1", "NAME": "一号坑", "COUNTY": "140522"},
        "found",
        TODAY,  # the day of the change, as none is told
        1,
    )


def test_the_first_day_can_be_told_and_is_not_in_the_future(register: Register) -> None:
    register.apply([Change("P1", since=date(2020, 2, 29)), Change("P2", since=TODAY)], by())
    assert (got(register, "P1").since, got(register, "P2").since) == (date(2020, 2, 29), TODAY)
    assert both(lambda: register.apply([Change("P3", since=date(2026, 3, 11))], by()), ContentError) == (
        "没有写入：\nP3.since：日期 2026-03-11 在将来",
        "nothing was written:\nP3.since: the day 2026-03-11 lies in the future",
    )


def test_the_day_is_that_of_china(register: Register) -> None:
    # 16:00 in UTC is midnight in China: the next day has begun.
    register.apply([Change("P1", since=date(2026, 3, 11))], by(at=datetime(2026, 3, 10, 16, tzinfo=UTC)))
    late = by(at=datetime(2026, 3, 10, 15, 59, tzinfo=UTC))
    assert "lies in the future" in both(
        lambda: register.apply([Change("P2", since=date(2026, 3, 11))], late), ContentError
    )[1]  # fmt: skip


def test_a_change_counts_the_version_and_leaves_what_it_does_not_name(register: Register) -> None:
    register.apply([new("P1", values={"AREA": 3, "YEAR": 2019})], by())
    assert register.apply([Change("P1", values={"YEAR": 2020}, version=1)], by()) == 1
    found = got(register, "P1")
    assert (found.version, found.values["AREA"], found.values["YEAR"]) == (2, 3.0, 2020)
    assert (found.name, found.territory, found.state, found.since) == ("pit P1", "140522", "found", date(2026, 1, 5))
    assert found.geometry is not None
    assert found.geometry.equals(PIT)


def test_what_is_cleared_is_gone(register: Register) -> None:
    register.apply([new("P1", values={"AREA": 3})], by())
    register.apply([Change("P1", values={"AREA": None}, geometry=None, version=1)], by())
    found = got(register, "P1")
    assert ("AREA" in found.values, found.geometry) == (False, None)


@pytest.mark.parametrize(
    "change",
    [
        Change("P1", version=1),
        Change("P1", values={"YEAR": 2019}, version=1),
        Change("P1", name="pit P1", territory="140522", geometry=PIT, version=1),
        Change("P1", since=date(2020, 1, 1), version=1),  # the first day is that of the first change
    ],
)
def test_a_change_that_changes_nothing_is_no_event(pits: Office, change: Change) -> None:
    store, register = pits
    register.apply([new("P1", values={"YEAR": 2019})], by())
    assert register.apply([change], by()) == 0
    assert (got(register, "P1").version, len(logged(store))) == (1, 1)


def test_the_log_says_of_a_new_record_all_that_it_has(pits: Office) -> None:
    store, register = pits
    register.apply([new("P1", values={"HARM": ("3", "1")})], by())
    ((record, version, action, payload),) = logged(store)
    assert (record, version, action) == ("P1", 1, "create")
    assert len(payload.pop("digest")) == 64
    assert payload == {
        "fields": {
            "COUNTY": [None, "140522"],
            "HARM": [None, ["1", "3"]],
            "NAME": [None, "pit P1"],
            "NO": [None, "P1"],
        },
        "geometry": [None, wkb_of(PIT)[0]],
        "name": ["", "pit P1"],
        "territory": ["", "140522"],
        "since": "2026-01-05",
        "state": "found",
    }


def test_the_log_says_of_a_change_what_was_and_what_is(pits: Office) -> None:
    store, register = pits
    register.apply([new("P1", values={"YEAR": 2019, "AREA": 3})], by())
    change = Change("P1", name="二号坑", values={"YEAR": None, "WET": True}, geometry=OTHER, version=1)
    register.apply([change], by())
    _, (record, version, action, payload) = logged(store)
    assert (record, version, action) == ("P1", 2, "set")
    assert len(payload.pop("digest")) == 64
    assert payload == {
        "fields": {"NAME": ["pit P1", "二号坑"], "WET": [None, True], "YEAR": [2019, None]},
        "geometry": [wkb_of(PIT)[0], wkb_of(OTHER)[0]],
        "name": ["pit P1", "二号坑"],
    }


def test_the_box_of_a_record_is_that_of_its_place(pits: Office) -> None:
    store, register = pits
    register.apply([new("P1"), new("P2", geometry=None)], by())
    found = rows(store, "SELECT id, west, south, east, north, shape FROM register_record ORDER BY id")
    assert found == [
        {"id": "P1", "west": 112.40, "south": 35.48, "east": 112.41, "north": 35.49, "shape": wkb_of(PIT)[0]},
        {"id": "P2", "west": None, "south": None, "east": None, "north": None, "shape": None},
    ]
    # A change that leaves the place keeps the box with it.
    register.apply([Change("P1", values={"YEAR": 1}, version=1)], by())
    assert rows(store, "SELECT west, north FROM register_record WHERE id = 'P1'") == [{"west": 112.40, "north": 35.49}]


def test_a_shape_is_kept_once_and_stays_when_nobody_has_it_any_more(pits: Office) -> None:
    store, register = pits
    register.apply([new("P1"), new("P2")], by())
    register.apply([Change("P1", geometry=OTHER, version=1), Change("P2", geometry=OTHER, version=1)], by())
    register.apply([Change("P1", geometry=PIT, version=2)], by())
    assert {row["sha256"] for row in rows(store, "SELECT sha256 FROM register_shape")} == {
        wkb_of(PIT)[0],
        wkb_of(OTHER)[0],
    }


def test_many_records_in_one_change(pits: Office) -> None:
    # More than the 500 that are looked up in one query.
    store, register = pits
    many = [new(f"P{number:04d}", geometry=shapely.box(112, 35, 112.1, 35 + number / 1e4)) for number in range(1, 1003)]
    assert register.apply(many, by()) == 1002
    again = [Change(change.id, values={"YEAR": 2020}, geometry=change.geometry, version=1) for change in many]
    assert register.apply(again, by()) == 1002
    found = rows(store, "SELECT count(*) AS n, min(version) AS v, count(DISTINCT shape) AS s FROM register_record")
    assert found == [{"n": 1002, "v": 2, "s": 1002}]
    assert store.verify().is_whole


def test_one_bad_change_keeps_the_good_ones_out(pits: Office) -> None:
    store, register = pits
    register.apply([new("P1")], by())
    with pytest.raises(ContentError):
        register.apply(
            [Change("P1", values={"YEAR": 2020}, version=1), new("P2"), new("P3", values={"AREA": -1})], by()
        )
    assert [record.id for record in register.records()] == ["P1"]
    assert (got(register, "P1").version, len(logged(store))) == (1, 1)
    assert store.verify().is_whole


def test_an_empty_list_changes_nothing(pits: Office) -> None:
    store, register = pits
    assert register.apply([], by()) == 0
    assert logged(store) == []


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (new("P1", values={"AREA": 1001}), "P1.AREA：1001 大于上限 1000", "P1.AREA: 1001 is above 1000"),
        (new("P1", values={"DEPTH": 3}), "P1.DEPTH：没有字段“DEPTH”", "P1.DEPTH: there is no field 'DEPTH'"),
        (
            new("P1", values={"CLASS": "B", "SUB": "a1"}),
            "P1.SUB：代码 a1 只用于 CLASS 为 A 的，而它是 B",
            "P1.SUB: code a1 goes with CLASS A, which is B",
        ),
        (
            new("P1", geometry=shapely.Point(112, 35)),
            "P1.geometry：图形应为面",
            "P1.geometry: the geometry has to be an area",
        ),
        (
            new("P1", values={"NO": "P2"}),
            "P1.NO：“P2”与记录的“P1”不一致",
            "P1.NO: 'P2' is not the 'P1' of the record",
        ),
        (
            new("P1", values={"NAME": "other"}),
            "P1.NAME：“other”与记录的“pit P1”不一致",
            "P1.NAME: 'other' is not the 'pit P1' of the record",
        ),
        (
            new("P1", values={"COUNTY": "140502"}),
            "P1.COUNTY：“140502”与记录的“140522”不一致",
            "P1.COUNTY: '140502' is not the '140522' of the record",
        ),
        (
            new(" P1"),
            " P1.NO：不能为空，不能含控制字符或首尾空格",
            " P1.NO: it must not be empty or have control characters or outer spaces",
        ),
        (
            new(""),
            ".NO：不能为空，不能含控制字符或首尾空格",
            ".NO: it must not be empty or have control characters or outer spaces",
        ),
    ],
)
def test_what_is_wrong_is_named_with_record_and_field(register: Register, change: Change, zh: str, en: str) -> None:
    assert both(lambda: register.apply([change], by()), ContentError) == (
        f"没有写入：\n{zh}",
        f"nothing was written:\n{en}",
    )


@pytest.mark.parametrize("number", ["P\n1", "P\x001", "P1 ", "\tP1", "\u3000P1"])
def test_a_number_is_one_line_without_outer_spaces(register: Register, number: str) -> None:
    assert "outer spaces" in both(lambda: register.apply([new(number)], by()), ContentError)[1]


@pytest.mark.parametrize(("faults", "more"), [(10, ""), (11, "\n... and 1 more"), (13, "\n... and 3 more")])
def test_ten_mistakes_are_told(register: Register, faults: int, more: str) -> None:
    changes = [new(f"P{number:02d}", values={"AREA": -1}) for number in range(faults)]
    zh, en = both(lambda: register.apply(changes, by()), ContentError)
    assert en.startswith("nothing was written:\nP00.AREA: -1 is below 0\nP01.")
    assert en.endswith("P09.AREA: -1 is below 0" + more)
    assert zh.endswith(more.replace("... and ", "……另有 ").replace(" more", " 处"))


def test_the_same_record_twice_in_one_change_is_refused(register: Register) -> None:
    assert both(lambda: register.apply([new("P1"), new("P2"), new("P1")], by()), ContentError) == (
        "P1 在同一次更改中出现两次",
        "P1 occurs twice in one change",
    )


def test_a_record_that_is_not_there_is_not_changed(register: Register) -> None:
    assert both(lambda: register.apply([Change("P9", version=1)], by()), ContentError) == (
        "P9 不在矿坑中",
        "P9 is not in the register pits",
    )


def test_a_record_that_is_there_is_not_new(register: Register) -> None:
    register.apply([new("P1")], by(actor="李四"))
    assert both(lambda: register.apply([new("P1")], by()), ContentError) == (
        "P1 已在台账中（第 1 版，李四 于 2026-03-10 08:00:00 UTC 更改）；请读取后再改",
        (
            "P1 is already in the register (version 1, changed by 李四 at 2026-03-10 08:00:00 UTC): read it before you "
            "change it"
        ),
    )


@pytest.mark.parametrize(
    ("version", "zh", "en"),
    [
        (
            1,
            "P1：读取第 1 版之后，李四 于 2026-03-10 08:00:00 UTC 已将它改为第 2 版；没有写入，请重新读取后再改",
            (
                "P1: after version 1 was read, 李四 changed it to version 2 at 2026-03-10 08:00:00 UTC; nothing was "
                "written: read it again before you change it"
            ),
        ),
        (
            3,
            "P1 是第 2 版，没有第 3 版；没有写入",
            "P1 is at version 2, there is no version 3; nothing was written",
        ),
    ],
)
def test_a_change_of_another_version_is_refused(register: Register, version: int, zh: str, en: str) -> None:
    register.apply([new("P1")], by(actor="张三"))
    register.apply([Change("P1", values={"YEAR": 1}, version=1)], by(actor="李四"))
    change = Change("P1", values={"YEAR": 2}, version=version)
    assert both(lambda: register.apply([change], by()), ContentError) == (zh, en)


@pytest.mark.parametrize(
    ("stamp", "zh", "en"),
    [
        (Stamp("", NOW), "必须写明操作人", "it has to be said who does this"),
        (Stamp(" \t", NOW), "必须写明操作人", "it has to be said who does this"),
        (Stamp("张\x00三", NOW), "必须写明操作人", "it has to be said who does this"),
        (Stamp("张三", NOW, "bell\x07"), "说明中有控制字符", "the note has control characters"),
        (Stamp("张三", NOW.replace(tzinfo=None)), "时刻没有时区", "the moment has no time zone"),
    ],
)
def test_a_change_needs_who_and_when(pits: Office, stamp: Stamp, zh: str, en: str) -> None:
    store, register = pits
    assert both(lambda: register.apply([new("P1")], stamp), UsageError) == (zh, en)
    assert logged(store) == []


def test_a_name_may_be_told_by_its_field_alone(register: Register) -> None:
    values: dict[str, Any] = {"NAME": "三号坑", "COUNTY": "140502"}
    register.apply([Change("P1", values=values)], by())
    found = got(register, "P1")
    assert (found.name, found.territory) == ("三号坑", "140502")
    register.apply([Change("P1", values={"NAME": None}, version=1)], by())
    assert got(register, "P1").name == ""


def test_an_empty_name_clears_the_field(register: Register) -> None:
    register.apply([new("P1")], by())
    register.apply([Change("P1", name="", values={"NAME": None}, version=1)], by())
    found = got(register, "P1")
    assert (found.name, "NAME" in found.values, found.territory) == ("", False, "140522")
