"""Forms of cases: what was typed becomes a value of its field's kind, or is named; what was left open stays open."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import FormData, UploadFile

from zoning.errors import ContentError, UsageError
from zoning.registers.types import FieldSpec
from zoning.texts import Text
from zoning.web.cases.forms import (
    asked_facts,
    facts_of,
    files_of,
    number_of,
    text_of,
    told_fields,
    told_words,
    typed,
    values_of,
)

CODES = {"1": {"title": Text("一", "one")}, "2": {"title": Text("二", "two")}}
KINDS: dict[str, Any] = {
    "XMBH": FieldSpec(title=Text("编号", "number")),
    "XMMC": FieldSpec(title=Text("名称", "name")),
    "SLRQ": FieldSpec(title=Text("受理日期", "received"), kind="date"),
    "MJ": FieldSpec(title=Text("面积", "area"), kind="number"),
    "HS": FieldSpec(title=Text("户数", "households"), kind="integer"),
    "XJ": FieldSpec(title=Text("新建", "is new"), kind="flag"),
    "LX": FieldSpec(title=Text("类型", "kind"), kind="code", codes=CODES),
    "YD": FieldSpec(title=Text("用地", "land"), kind="codes", codes=CODES),
}
KIND: Any = SimpleNamespace(fields=KINDS, id_field="XMBH")


def form(*pairs: tuple[str, Any]) -> FormData:
    return FormData(list(pairs))


def upload(name: str) -> UploadFile:
    return UploadFile(BytesIO(b""), filename=name)


@pytest.mark.parametrize(
    ("value", "text"), [("甲", "甲"), ("", ""), ("a\r\nb\nc\rd", "a\nb\nc\rd"), (" a ", " a "), (upload("a"), "")]
)
def test_a_text_comes_with_plain_ends_of_lines(value: Any, text: str) -> None:
    assert text_of(form(("note", value)), "note") == text


def test_a_text_that_was_not_sent_is_empty() -> None:
    assert text_of(form(), "note") == ""


@pytest.mark.parametrize(("size", "most"), [(20_000, 20_000), (5, 5)])
def test_a_text_has_a_longest_length(size: int, most: int) -> None:
    assert len(text_of(form(("note", "字" * size)), "note", most)) == size
    with pytest.raises(UsageError) as caught:
        text_of(form(("note", "字" * (size + 1))), "note", most)
    assert caught.value.text.zh == f"“note”过长（最多 {most} 字）"
    assert caught.value.text.en == f"'note' is too long ({most} characters at most)"


def test_twenty_thousand_characters_are_the_usual_most() -> None:
    with pytest.raises(UsageError, match="20000 characters"):
        text_of(form(("note", "x" * 20_001)), "note")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("007", 7), ("", -1), ("-1", -1), ("+1", -1), ("1.0", -1), (" 1", -1), ("７", -1), ("x", -1),
     ("9" * 20, 10**20 - 1), ("²", -1)],
)  # fmt: skip
def test_a_whole_number_or_none(text: str, number: int) -> None:
    assert number_of(form(("verdict", text)), "verdict") == number


def test_a_number_longer_than_any_is_refused() -> None:
    with pytest.raises(UsageError, match="20 characters"):
        number_of(form(("verdict", "1" * 21)), "verdict")
    assert number_of(form(), "verdict") == -1


def test_files_are_those_that_were_chosen() -> None:
    one, two = upload("a.pdf"), upload("b.pdf")
    told = form(("file", one), ("file", upload("")), ("file", "text"), ("other", upload("c")), ("file", two))
    assert files_of(told, "file") == [one, two]
    assert files_of(told, "none") == []


@pytest.mark.parametrize(("count", "is_taken"), [(20, True), (21, False)])
def test_twenty_files_at_a_time(count: int, is_taken: bool) -> None:
    told = form(*(("file", upload(f"{n}.pdf")) for n in range(count)))
    if is_taken:
        assert len(files_of(told, "file")) == count
    else:
        with pytest.raises(UsageError) as caught:
            files_of(told, "file")
        assert (caught.value.text.zh, caught.value.text.en) == ("一次最多 20 个文件", "20 files at most at a time")


def test_fields_are_those_of_the_kind_that_were_sent_without_the_number_of_the_case() -> None:
    told = form(("f-XMMC", " 甲 "), ("f-XMBH", "2026-9"), ("f-none", "x"), ("f-MJ", ""), ("LX", "1"), ("f-YD", "1,2"))
    assert told_fields(told, KIND) == {"XMMC": "甲", "MJ": "", "YD": "1,2"}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("XMMC", "甲", "甲"),
        ("XMMC", "", None),
        ("SLRQ", "2026-03-02", date(2026, 3, 2)),
        ("SLRQ", "", None),
        ("MJ", "1.5", 1.5),
        ("MJ", "-3", -3.0),
        ("MJ", "0", 0.0),
        ("HS", "12", 12),
        ("HS", "", None),
        ("XJ", "yes", True),
        ("XJ", "no", False),
        ("XJ", "1", True),
        ("XJ", "0", False),
        ("XJ", "", None),
        ("LX", "1", "1"),
        ("YD", "1", ("1",)),
        ("YD", "1,2", ("1", "2")),
        ("YD", "", None),
    ],
)
def test_what_was_typed_becomes_a_value_of_its_kind(name: str, text: str, value: Any) -> None:
    found = values_of({name: text}, KIND)[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SLRQ", "2026-02-30"),
        ("SLRQ", "昨天"),
        ("SLRQ", "2026/3/2"),
        ("MJ", "一亩"),
        ("MJ", "1,5"),
        ("HS", "1.5"),
        ("HS", "x"),
        ("XJ", "maybe"),
        ("XJ", "是"),
    ],
)
def test_what_cannot_be_a_value_is_named_with_its_field(name: str, text: str) -> None:
    with pytest.raises(ContentError) as caught:
        values_of({"XMMC": "甲", name: text}, KIND)
    title = KINDS[name].title
    assert caught.value.text.zh == f"{title.zh}：“{text}”不对"
    assert caught.value.text.en == f"{title.en}: '{text}' is not possible"


def test_all_wrong_fields_are_named_at_once_each_cut_to_forty_signs() -> None:
    with pytest.raises(ContentError) as caught:
        values_of({"MJ": "x" * 50, "HS": "y"}, KIND)
    assert caught.value.text.zh == f"面积：“{'x' * 40}”不对；户数：“y”不对"
    assert caught.value.text.en == f"area: '{'x' * 40}' is not possible; households: 'y' is not possible"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("甲", "甲"),
        (True, "yes"),
        (False, "no"),
        (12, "12"),
        (0, "0"),
        (1.5, "1.5"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (123456789.123456, "123456789.123456"),
        (date(2026, 3, 2), "2026-03-02"),
        (("1", "2"), "1,2"),
        ((), ""),
    ],
)
def test_a_value_is_shown_as_it_would_be_typed(value: Any, text: str) -> None:
    assert typed({"a": value}) == {"a": text}


@pytest.mark.parametrize(
    ("name", "value"),
    [("XMMC", "甲"), ("SLRQ", date(2026, 3, 2)), ("MJ", 1.25), ("HS", 3), ("XJ", False), ("XJ", True), ("LX", "1"),
     ("YD", ("1", "2")), ("MJ", None)],
)  # fmt: skip
def test_what_a_form_shows_becomes_the_same_value_again(name: str, value: Any) -> None:
    assert values_of(typed({name: value}), KIND) == {name: value}


def fact(kind: str) -> Any:
    return SimpleNamespace(kind=kind)


VOCABULARY: Any = SimpleNamespace(
    facts={
        "construction": fact("choice"),
        "materials": fact("choices"),
        "supply": fact("yes_no"),
        "depth": fact("number"),
    }
)


def test_facts_of_a_form_are_those_that_were_answered() -> None:
    told = form(
        ("fact-construction", " new "),
        ("fact-materials", "steel"),
        ("fact-materials", ""),
        ("fact-materials", "wood"),
        ("fact-supply", "  "),
        ("fact-depth", upload("a")),
        ("fact-none", "x"),
        ("construction", "old"),
    )
    assert facts_of(told, VOCABULARY) == {"construction": "new", "materials": ["steel", "wood"]}


def test_of_several_answers_to_one_question_the_first_counts_and_a_list_stays_a_list() -> None:
    told = form(("fact-construction", "new"), ("fact-construction", "none"), ("fact-materials", "steel"))
    assert facts_of(told, VOCABULARY) == {"construction": "new", "materials": ["steel"]}


@pytest.mark.parametrize(
    ("told", "missing", "names"),
    [
        ({}, [], []),
        ({"supply": True}, [], ["supply"]),
        ({"supply": True}, ["depth"], ["depth", "supply"]),
        ({"supply": True, "depth": 3}, ["depth", "materials"], ["depth", "materials", "supply"]),
        ({"gone": 1}, ["never"], []),
        ({}, ["depth", "depth"], ["depth"]),
    ],
)
def test_missing_facts_are_asked_first_each_once(told: dict[str, Any], missing: list[str], names: list[str]) -> None:
    found = asked_facts(VOCABULARY, told, missing)
    assert [name for name, _, _ in found] == names
    assert [one for _, one, _ in found] == [VOCABULARY.facts[name] for name in names]
    assert [words for _, _, words in found] == [told_words(told.get(name)) for name in names]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, []),
        (True, ["yes"]),
        (False, ["no"]),
        ("new", ["new"]),
        ("", [""]),
        (3, ["3"]),
        (2.5, ["2.5"]),
        (["a", "b"], ["a", "b"]),
        (("a", 1), ["a", "1"]),
        ([], []),
    ],
)
def test_what_is_told_of_a_fact_is_shown_as_words(value: object, words: list[str]) -> None:
    assert told_words(value) == words
