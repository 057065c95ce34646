"""What pages show of a record: fields and log in words, personal ones only to those who may read them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from zoning.registers.entries import Event
from zoning.registers.record import Record
from zoning.registers.type_workflow import State, Workflow
from zoning.registers.types import FieldSpec
from zoning.texts import Text
from zoning.web.log_words import field_words, state_word, with_parts
from zoning.web.record_rows import log_rows, rows_of_fields

PLACE = Text("边界", "boundary")
KIND: Any = SimpleNamespace(
    id_field="ID",
    fields={
        "ID": FieldSpec(title=Text("编号", "number")),
        "NAME": FieldSpec(title=Text("名称", "name")),
        "LX": FieldSpec(
            title=Text("类型", "kind"),
            kind="code",
            codes={"1": {"title": Text("露天", "open pit")}, "2": {"title": Text("井工", "shaft")}},
        ),
        "YT": FieldSpec(
            title=Text("用途", "use"),
            kind="codes",
            codes={"a": {"title": Text("林", "forest")}, "b": {"title": Text("草", "grass")}},
        ),
        "MJ": FieldSpec(title=Text("面积", "area"), kind="number", unit="公顷"),
        "XJ": FieldSpec(title=Text("新增", "is new"), kind="flag"),
        "RQ": FieldSpec(title=Text("日期", "day"), kind="date"),
        "DH": FieldSpec(title=Text("电话", "telephone"), personal=True),
    },
    workflow=Workflow(
        states={
            "new": State(title=Text("待核", "to look at")),
            "done": State(title=Text("销号", "closed"), final=True),
        },
        initial="new",
        transitions=({"from": "new", "to": "done"},),
    ),
)
VALUES: dict[str, Any] = {
    "ID": "K-1",
    "NAME": "东沟",
    "LX": "1",
    "YT": ("a", "b"),
    "MJ": 1234.5,
    "XJ": False,
    "RQ": date(2026, 3, 2),
    "DH": "139",
}


def rows(
    language: Any = "zh", *, persons: bool = False, without: tuple[str | None, ...] = ("ID",), **values: Any
) -> Any:
    record = Record("K-1", "东沟", "140522", None, values or VALUES)
    return rows_of_fields(record, KIND, language, persons=persons, without=without)


def event(number: int = 1, *, moved: bool = False, **fields: Any) -> Event:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    geometry = (None, None) if moved else None
    told = {name: (None, after) for name, after in fields.items()}
    return Event(number, at, "anna", "", "mines", "K-1", 1, "set", told, geometry, {}, "")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            [
                ("名称", "东沟"),
                ("类型", "露天"),
                ("用途", "林、草"),
                ("面积", "1,234.5 公顷"),
                ("新增", "否"),
                ("日期", "2026-03-02"),
            ],
        ),
        (
            "en",
            [
                ("name", "东沟"),
                ("kind", "open pit"),
                ("use", "forest, grass"),
                ("area", "1,234.5 公顷"),
                ("is new", "no"),
                ("day", "2026-03-02"),
            ],
        ),
    ],
)
def test_fields_are_told_in_their_order_in_the_words_of_the_language(language: Any, expected: Any) -> None:
    assert rows(language) == expected


def test_personal_fields_are_told_to_those_who_may_read_them() -> None:
    assert ("电话", "139") in rows(persons=True)
    assert "139" not in str(rows())
    assert "电话" not in str(rows())


@pytest.mark.parametrize(
    ("without", "first"), [(("ID",), "名称"), ((), "编号"), (("ID", "NAME", None), "类型"), ((None,), "编号")]
)
def test_fields_that_stand_elsewhere_are_left_out(without: tuple[str | None, ...], first: str) -> None:
    assert rows(without=without)[0][0] == first


def test_fields_without_a_value_are_left_out_and_no_and_zero_are_values() -> None:
    assert rows(NAME=None, MJ=0.0, XJ=False) == [("面积", "0 公顷"), ("新增", "否")]
    assert rows(none="x") == []


def test_the_log_stands_with_the_newest_first() -> None:
    events = [event(n) for n in (1, 2, 3)]
    told = log_rows(events, lambda one: Text(f"第{one.seq}", f"row {one.seq}"))
    assert [(one.seq, text.en) for one, text in told] == [(3, "row 3"), (2, "row 2"), (1, "row 1")]
    assert log_rows([], lambda _: Text("", "")) == []


@pytest.mark.parametrize(
    ("name", "after", "zh", "en"),
    [
        ("NAME", "东沟", "名称“东沟”", "name '东沟'"),
        ("NAME", None, "名称“—”", "name '—'"),
        ("NAME", "", "名称“”", "name ''"),
        ("LX", "1", "类型“露天”", "kind 'open pit'"),
        ("LX", "9", "类型“9”", "kind '9'"),
        ("YT", ["a", "b"], "用途“a、b”", "use 'a、b'"),
        ("MJ", 1.5, "面积“1.5”", "area '1.5'"),
        ("MJ", 0, "面积“0”", "area '0'"),
        ("RQ", "2026-03-02", "日期“2026-03-02”", "day '2026-03-02'"),
    ],
)
def test_a_field_that_was_changed_is_told_with_what_it_became(name: str, after: Any, zh: str, en: str) -> None:
    assert field_words(event(**{name: after}), KIND, PLACE, persons=False) == [Text(zh, en)]


def test_of_a_personal_field_only_its_title_is_told() -> None:
    told = event(DH="139", NAME="东沟")
    assert field_words(told, KIND, PLACE, persons=False) == [
        Text("电话", "telephone"),
        Text("名称“东沟”", "name '东沟'"),
    ]
    assert field_words(told, KIND, PLACE, persons=True)[0] == Text("电话“139”", "telephone '139'")


def test_a_field_that_the_kind_no_longer_has_is_not_told() -> None:
    assert field_words(event(GONE="x"), KIND, PLACE, persons=True) == []


@pytest.mark.parametrize("name", ["NAME", None])
def test_a_place_that_changed_is_told_last(name: str | None) -> None:
    fields: dict[str, Any] = {name: "东沟"} if name else {}
    found = field_words(event(moved=True, **fields), KIND, PLACE, persons=False)
    assert found[-1] == PLACE
    assert len(found) == len(fields) + 1


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("new", Text("待核", "to look at")),
        ("done", Text("销号", "closed")),
        ("gone", Text("gone", "gone")),
        ("", Text("", "")),
    ],
)
def test_a_state_is_told_by_its_title_or_as_it_stands(state: str, text: Text) -> None:
    assert state_word(KIND, state) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([], Text("修改", "changed")),
        ([PLACE], Text("修改：边界", "changed: boundary")),
        ([PLACE, Text("名称", "name")], Text("修改：边界、名称", "changed: boundary, name")),
    ],
)
def test_a_verb_stands_before_its_parts(parts: list[Text], text: Text) -> None:
    assert with_parts(Text("修改", "changed"), parts) == text
