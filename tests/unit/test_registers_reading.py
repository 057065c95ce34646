"""Which records come back: by territory, state, number and box, in one order, as they stood at one moment."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from both_languages import both
from quick_register import office, place_of, rows
from register_world import KIND, TODAY, TYPES, by, new
from zoning.errors import UsageError
from zoning.registers.entries import Stamp
from zoning.registers.place import record_digest, stored_records
from zoning.registers.store import Register, Store, open_store

BOX = shapely.box(112.0, 35.0, 113.0, 36.0)
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with office(tmp_path_factory.mktemp("reading")) as (found, register):
        changes = [
            new("b", territory="140522", geometry=BOX),
            new("B", territory="140502", geometry=None),
            new("a_1", territory="14_522", geometry=shapely.box(114.0, 35.0, 115.0, 36.0)),
            new("甲", territory="14%", geometry=shapely.box(112.0, 37.0, 113.0, 38.0)),
            new("10", territory="", geometry=BOX),
        ]
        register.apply(changes, by())
        register.move("b", "surveyed", on=TODAY, stamp=by(), version=1)
        yield found


@pytest.fixture(scope="module")
def register(store: Store) -> Register:
    return store.register(KIND)


def ids(register: Register, **wanted: Any) -> list[str]:
    return [record.id for record in register.records(**wanted)]


def test_records_stand_in_the_order_of_code_points(register: Register) -> None:
    assert ids(register) == ["10", "B", "a_1", "b", "甲"]


@pytest.mark.parametrize(
    ("territory", "expected"),
    [
        ("14", ["B", "a_1", "b", "甲"]),
        ("1405", ["B", "b"]),
        ("140522", ["b"]),
        ("1405220", []),
        # Signs that a database takes for wildcards are signs.
        ("14_", ["a_1"]),
        ("14%", ["甲"]),
        ("%", []),
        # No territory asked for: all.
        ("", ["10", "B", "a_1", "b", "甲"]),
    ],
)
def test_a_territory_takes_those_whose_code_begins_with_it(
    register: Register, territory: str, expected: list[str]
) -> None:
    assert ids(register, territory=territory) == expected


@pytest.mark.parametrize(
    ("state", "expected"), [("surveyed", ["b"]), ("found", ["10", "B", "a_1", "甲"]), ("melted", []), ("", [])]
)
def test_a_state_takes_those_that_stand_in_it(register: Register, state: str, expected: list[str]) -> None:
    assert ids(register, state=state) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [([], []), (["b"], ["b"]), (["甲", "b", "b"], ["b", "甲"]), (["gone"], []), (["%"], []), (["B"], ["B"])],
)
def test_numbers_take_those_alone(register: Register, wanted: list[str], expected: list[str]) -> None:
    assert ids(register, ids=wanted) == expected


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((112.4, 35.4, 112.6, 35.6), ["10", "b"]),  # inside
        ((110.0, 30.0, 120.0, 40.0), ["10", "a_1", "b", "甲"]),  # around; what has no place is nowhere
        ((113.0, 35.0, 114.0, 36.0), ["10", "a_1", "b"]),  # the edge meets
        ((113.0001, 35.0, 113.9999, 36.0), []),
        ((112.0, 36.0, 113.0, 37.0), ["10", "b", "甲"]),
        ((112.0, 36.0001, 113.0, 36.9999), []),
        ((111.0, 35.0, 112.0, 35.5), ["10", "b"]),
        ((111.0, 35.0, 111.9999, 35.5), []),
        ((112.0, 34.0, 113.0, 35.0), ["10", "b"]),
        ((112.0, 34.0, 113.0, 34.9999), []),
    ],
)
def test_a_box_takes_those_whose_box_meets_it(register: Register, box: Box, expected: list[str]) -> None:
    assert ids(register, box=box) == expected


def test_all_that_is_asked_must_hold(register: Register) -> None:
    assert ids(register, territory="1405", state="surveyed", ids=["b", "B"], box=(112.0, 35.0, 113.0, 36.0)) == ["b"]
    assert ids(register, territory="1405", state="found", box=(112.0, 35.0, 113.0, 36.0)) == []


def test_more_numbers_than_one_query_takes(tmp_path: Path) -> None:
    with office(tmp_path) as (store, register):
        many = [f"P{number:04d}" for number in range(1001)]
        register.apply([new(one, geometry=None) for one in many], by())
        assert ids(register, ids=[*reversed(many), "gone"]) == many
        with store.database.reading() as connection:
            assert set(stored_records(connection, KIND, many)) == set(many)
            assert stored_records(connection, KIND, ["gone"]) == stored_records(connection, "wells", many) == {}


def test_what_is_read_does_not_change_with_what_is_written_afterwards(tmp_path: Path) -> None:
    with office(tmp_path) as (_, register):
        register.apply([new("P1"), new("P2")], by())
        listed = register.records()
        register.apply([new("P3")], by())
        assert [record.id for record in listed] == ["P1", "P2"]


def test_the_digest_of_a_record_covers_every_column(store: Store) -> None:
    (row,) = rows(store, "SELECT * FROM register_record WHERE id = 'b'")
    whole = record_digest(row)
    changed: dict[str, Any] = {
        "name": "x", "territory": "x", "state": "x", "version": 99, "data": "{}", "shape": "x", "since": "2020-01-01",
        "west": 0.0, "south": 0.0, "east": 0.0, "north": 0.0,
    }  # fmt: skip
    assert set(changed) == set(row) - {"kind", "id"}
    assert len({whole, *(record_digest({**row, name: value}) for name, value in changed.items())}) == 12


def test_a_day_is_the_same_in_a_table_and_as_a_text(store: Store) -> None:
    (row,) = rows(store, "SELECT * FROM register_record WHERE id = 'b'")
    assert record_digest({**row, "since": date.fromisoformat(row["since"])}) == record_digest(row)


def test_the_register_of_an_unknown_kind_is_refused_with_the_list(store: Store, tmp_path: Path) -> None:
    assert both(lambda: store.register("wells"), UsageError) == (
        "没有台账类型“wells”；有：pits",
        "there is no kind of register 'wells'; there are: pits",
    )
    with open_store(str(tmp_path / "r.sqlite"), {}, create=True) as empty:
        assert both(lambda: empty.register("pits"), UsageError)[1].endswith("there are: —")


def test_a_store_says_what_it_was_opened_with(store: Store) -> None:
    assert (store.types, store.register(KIND).type) == (TYPES, TYPES[KIND])
    assert store.name.endswith("register.sqlite")
    assert place_of(store).kind == KIND


def test_files_lie_beside_the_register_where_nobody_says_where(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "台账.sqlite"), TYPES, create=True) as found:
        assert found.files == tmp_path / "台账-files"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 10, 16, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_stamp_has_the_day_of_china(at: datetime, day: date) -> None:
    assert Stamp("张三", at).day == day
