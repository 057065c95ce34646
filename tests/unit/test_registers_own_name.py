"""Names and territories of records whose type has no field for them: they are told with the record alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from both_languages import both
from register_world import PIT, by, pits
from zoning.errors import ContentError
from zoning.registers.store import Change, Register, Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    plain = pits(name_field=None, territory_field=None, deadlines={})
    with open_store(str(tmp_path / "r.sqlite"), {"pits": plain}, create=True) as found:
        yield found


@pytest.fixture
def register(store: Store) -> Register:
    return store.register("pits")


def named(register: Register) -> tuple[str, str]:
    (record,) = register.records()
    return record.name, record.territory


def test_they_stand_beside_the_fields_and_change_with_the_record(register: Register) -> None:
    register.apply([Change("P1", name="一号坑", territory="140522", geometry=PIT)], by())
    assert named(register) == ("一号坑", "140522")
    # What is not told stays.
    register.apply([Change("P1", values={"YEAR": 2019}, version=1)], by())
    assert named(register) == ("一号坑", "140522")
    register.apply([Change("P1", name="二号坑", territory="140502", version=2)], by())
    assert named(register) == ("二号坑", "140502")
    register.apply([Change("P1", name="", territory="", version=3)], by())
    assert named(register) == ("", "")
    last = register.history("P1")[-1]
    assert (last.details["name"], last.details["territory"], last.fields) == (["二号坑", ""], ["140502", ""], {})


@pytest.mark.parametrize("name", [" 一号坑", "一号坑 ", "一\n号", "一\x00号"])
def test_a_name_is_one_line_without_outer_spaces(register: Register, name: str) -> None:
    assert both(lambda: register.apply([Change("P1", name=name)], by()), ContentError) == (
        "没有写入：\nP1.name：不能为空，不能含控制字符或首尾空格",
        "nothing was written:\nP1.name: it must not be empty or have control characters or outer spaces",
    )


def test_a_record_without_a_name_has_an_empty_one(register: Register) -> None:
    register.apply([Change("P1")], by())
    assert named(register) == ("", "")
