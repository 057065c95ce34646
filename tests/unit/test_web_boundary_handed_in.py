"""A boundary with facts that a program hands in: taken whole as it was meant, or refused naming the key."""

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zoning.web.api.content.handed_in import (
    LONGEST_TEXT,
    HandedIn,
    check_crs,
    check_day,
    check_facts,
    handed_in,
)
from zoning.web.refusals import Refused

SITE = {"type": "Point", "coordinates": [112.4, 35.5]}


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def said(error: Refused) -> tuple[str, str]:
    assert error.status == 400
    return error.text.zh, error.text.en


def refused(told: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        handed_in(told)
    return said(caught.value)


def test_a_site_becomes_a_geojson_file_with_its_words_as_they_are() -> None:
    site = {"type": "Feature", "properties": {"名称": "下芹"}, "geometry": SITE}
    found = handed_in({"site": site})
    assert found.name == "site.geojson"
    assert json.loads(found.data) == site
    assert "下芹".encode() in found.data
    assert (found.facts, found.on, found.options) == ({}, None, {})


def test_text_becomes_a_text_file_byte_for_byte() -> None:
    found = handed_in({"text": " J1,112.4,35.5\r\n界址点\n"})
    assert (found.name, found.data) == ("pasted.txt", " J1,112.4,35.5\r\n界址点\n".encode())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("地块.shp.zip", "地块.shp.zip"),
        ("../../etc/passwd", "passwd"),
        ("C:\\项目\\a.dxf", "a.dxf"),
        ("..", "upload"),
        ("n" * 500, "n" * 200),
    ],
)
def test_a_file_keeps_its_bytes_and_a_name_that_does_no_harm(name: str, kept: str) -> None:
    found = handed_in({"file": {"name": name, "content": coded(bytes(range(256)))}})
    assert (found.name, found.data) == (kept, bytes(range(256)))


def test_all_that_is_told_is_taken() -> None:
    told = {"text": "x", "facts": {"construction": "new"}, "on": "2026-11-23", "crs": "EPSG:4547"}
    found = handed_in(told)
    assert found == HandedIn("pasted.txt", b"x", {"construction": "new"}, date(2026, 11, 23), {"crs": "EPSG:4547"})


def test_what_is_null_is_as_if_it_were_left_out() -> None:
    told = {"site": None, "file": None, "text": "x", "facts": None, "on": None, "crs": None}
    assert handed_in(told) == HandedIn("pasted.txt", b"x")


def test_it_is_written_under_its_name(tmp_path: Path) -> None:
    path = HandedIn("地块.txt", b"\x00\xff").write(tmp_path)
    assert path == tmp_path / "地块.txt"
    assert path.read_bytes() == b"\x00\xff"


@pytest.mark.parametrize("told", [None, [], "site", 7, [{"text": "x"}]])
def test_what_is_no_object_is_refused(told: Any) -> None:
    assert refused(told) == ("内容应为 JSON 对象", "the content has to be a JSON object")


@pytest.mark.parametrize("key", ["Site", "geometry", "fact", "k" * 60])
def test_a_key_that_is_not_known_is_named_with_those_that_are(key: str) -> None:
    listed = "site, text, file, facts, on, crs"
    assert refused({"text": "x", key: 1}) == (
        f"没有“{key[:40]}”；可用：{listed}",
        f"there is no '{key[:40]}'; allowed: {listed}",
    )


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"facts": {}},
        {"site": None},
        {"site": SITE, "text": "x"},
        {"text": "x", "file": {"name": "a", "content": coded(b"x")}},
        {"site": SITE, "text": "x", "file": {"name": "a", "content": coded(b"x")}},
    ],
)
def test_exactly_one_boundary_is_handed_in(told: dict[str, Any]) -> None:
    assert refused(told) == ("site、text、file 须给出一个，且只给一个", "hand in one of site, text, file")


def test_a_site_that_is_no_geojson_is_refused() -> None:
    assert refused({"site": {**SITE, "more": 1}}) == ("site.more：没有这个键", "site.more: there is no such key")


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u3000", 7, ["112.4,35.5"], "1" * (LONGEST_TEXT + 1)],
    ids=["empty", "blank", "wide blank", "number", "list", "too long"],
)
def test_text_that_holds_no_coordinates_is_refused(text: Any) -> None:
    assert refused({"text": text}) == ("text 应为坐标文字", "text has to be coordinates")


def test_text_may_have_two_million_characters() -> None:
    assert len(handed_in({"text": "1" * LONGEST_TEXT}).data) == 2_000_000


@pytest.mark.parametrize(
    "file",
    [
        "a.txt",
        [],
        {},
        {"name": "a.txt"},
        {"content": coded(b"x")},
        {"name": "a.txt", "content": coded(b"x"), "type": "text"},
    ],
)
def test_a_file_has_a_name_and_its_content_and_nothing_else(file: Any) -> None:
    assert refused({"file": file}) == ("file 应有 name 和 content（base64）", "file has name and content (base64)")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("", coded(b"x")),
        (7, coded(b"x")),
        ("n" * 501, coded(b"x")),
        ("a.txt", 7),
        ("a.txt", ""),
        ("a.txt", "eA"),
        ("a.txt", "eA==\n"),
        ("a.txt", "e A=="),
        ("a.txt", "eA-_"),
        ("a.txt", "阳城"),
        ("a.txt", "===="),
    ],
)
def test_content_that_is_no_base64_is_refused(name: Any, content: Any) -> None:
    assert refused({"file": {"name": name, "content": content}}) == (
        "file.content 应为文件内容的 base64",
        "file.content has to be the base64 of the file",
    )


@pytest.mark.parametrize(
    "value",
    [
        "new",
        "",
        "字" * 500,
        0,
        -1.5,
        999_999_999_999_999,
        -999_999_999_999_999.0,
        True,
        [],
        ["a", "b"],
        [1, "a", False],
        ["a"] * 200,
    ],
)
def test_facts_are_short_texts_numbers_flags_and_lists_of_them(value: Any) -> None:
    assert check_facts({"建设性质": value}) == {"建设性质": value}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "字" * 501,
        "a\x00b",
        "\ud800",
        1e15,
        -1e15,
        10**15,
        10**400,
        float("nan"),
        float("inf"),
        {},
        [[]],
        [None],
        ["a", {"b": 1}],
        ["a"] * 201,
    ],
    ids=repr,
)
def test_any_other_fact_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(Refused) as caught:
        check_facts({"good": 1, "supply": value})
    assert said(caught.value) == (
        "facts.supply：应为短文字、数、真假或短文字的列表",
        "facts.supply: has to be a short text, a number, a flag or a list of short texts",
    )


@pytest.mark.parametrize(("size", "is_taken"), [(500, True), (501, False)])
def test_the_name_of_a_fact_is_short(size: int, is_taken: bool) -> None:
    if is_taken:
        assert len(check_facts({"n" * size: 1})) == 1
    else:
        with pytest.raises(Refused, match=f"facts.{'n' * 40}: "):
            check_facts({"n" * size: 1})


@pytest.mark.parametrize(("count", "is_taken"), [(0, True), (300, True), (301, False)])
def test_there_are_three_hundred_facts_at_most(count: int, is_taken: bool) -> None:
    facts = {f"fact{n}": n for n in range(count)}
    if is_taken:
        assert check_facts(facts) == facts
    else:
        with pytest.raises(Refused) as caught:
            check_facts(facts)
        assert said(caught.value) == ("facts 应为对象", "facts has to be an object")


@pytest.mark.parametrize("facts", [[], "x", 0, False, [{"a": 1}]])
def test_facts_that_are_no_object_are_refused(facts: Any) -> None:
    with pytest.raises(Refused, match="facts has to be an object"):
        check_facts(facts)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        (None, None),
        ("2026-11-23", date(2026, 11, 23)),
        ("1980-01-01", date(1980, 1, 1)),
        ("2100-01-01", date(2100, 1, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read(told: str | None, day: date | None) -> None:
    assert check_day(told) == day


@pytest.mark.parametrize(
    "told",
    [
        "",
        "today",
        "2026-11-3",
        "20261123",
        "2026-W48-1",
        "2026-02-29",
        "2026-13-01",
        "1979-12-31",
        "2100-01-02",
        "2026-11-23T00:00",
        " 2026-11-23",
        "2026/11/23",
        20261123,
        True,
        ["2026-11-23"],
    ],
)
def test_what_is_no_day_of_our_time_is_refused(told: Any) -> None:
    with pytest.raises(Refused) as caught:
        check_day(told)
    assert said(caught.value) == ("on 应为日期，如 2026-11-23", "on has to be a day such as 2026-11-23")


@pytest.mark.parametrize("name", ["EPSG:4547", "CGCS2000", "epsg:4490", "a.b-c_d", "x", "n" * 60])
def test_the_name_of_a_system_passes(name: str) -> None:
    assert check_crs(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "EPSG 4547", "国家2000", "n" * 61, "a/b", "+proj=tmerc", "EPSG:4547\n", 4547, None, ["EPSG:4547"]]
)
def test_what_names_no_system_is_refused(name: Any) -> None:
    with pytest.raises(Refused) as caught:
        check_crs(name)
    assert said(caught.value) == (
        "crs 应为坐标系名称，如 EPSG:4547",
        "crs has to be the name of a system such as EPSG:4547",
    )
