"""JSON of strangers: what can be written again is read, all else is refused with 400."""

import json
from typing import Any

import pytest

from zoning.web.api.content import strict_json
from zoning.web.api.content.strict_json import DEEPEST, bad_request, parse_json
from zoning.web.refusals import Refused


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        parse_json(data)
    assert caught.value.status == 400
    return caught.value.text.zh, caught.value.text.en


def lists(depth: int, innermost: str = "") -> bytes:
    return ("[" * depth + innermost + "]" * depth).encode()


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"null", None),
        (b"true", True),
        (b" 7 ", 7),
        (b"-0.5", -0.5),
        (b"1e308", 1e308),
        (b'""', ""),
        ('"阳城县"'.encode(), "阳城县"),
        (b'"\\u9633\\u57ce"', "阳城"),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b"[]", []),
        (b'{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_json_is_read(data: bytes, value: Any) -> None:
    assert parse_json(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b"[1,]",
        b"1 2",
        b"nul",
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b'{"a": NaN}',
        b"\xff",
        b'"\xe9\x98"',
        '"阳城"'.encode("gbk"),
        '"a"'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'"\n"',
    ],
)
def test_what_is_no_json_in_utf_8_is_refused(data: bytes) -> None:
    assert refused(data) == ("内容不是有效的 JSON（UTF-8）", "the content is no valid JSON in UTF-8")


@pytest.mark.parametrize(
    "data", [b"1e309", b"-1e309", b"[1, 2, 1e400]", b'{"a": {"b": [-1e999]}}'], ids=["more", "less", "list", "deep"]
)
def test_numbers_that_become_infinite_are_refused(data: bytes) -> None:
    assert refused(data) == ("数值过大", "a number is too large")


@pytest.mark.parametrize(
    "value",
    [
        '"\\u0000"',
        '"a\\u0000b"',
        '["a", "\\ud800"]',
        '{"\\udfff": 1}',
        '{"a\\u0000": 1}',
        '{"a": {"b": ["\\ud83d"]}}',
    ],
)
def test_characters_that_do_not_exist_are_refused_as_keys_and_values(value: str) -> None:
    assert refused(value.encode()) == ("文字中有无效字符", "a text holds a character that does not exist")


@pytest.mark.parametrize("sign", ["\\n", "\\t", "\\u0001", "\\u007f", "\\ufffd", "\\u200b"])
def test_other_signs_pass(sign: str) -> None:
    data = f'"{sign}"'.encode()
    assert parse_json(data) == json.loads(data)


@pytest.mark.parametrize(("depth", "is_taken"), [(1, True), (DEEPEST, True), (DEEPEST + 1, False), (500, False)])
def test_lists_may_be_nested_forty_deep(depth: int, is_taken: bool) -> None:
    if is_taken:
        assert str(parse_json(lists(depth))) == "[" * depth + "]" * depth
    else:
        assert refused(lists(depth)) == ("JSON 嵌套过深或内容过多", "the JSON is nested too deep or holds too much")


@pytest.mark.parametrize(("depth", "is_taken"), [(DEEPEST - 1, True), (DEEPEST, False)])
def test_objects_count_as_levels_as_lists_do(depth: int, is_taken: bool) -> None:
    data = ('{"a":' * depth + "1" + "}" * depth).encode()
    if is_taken:
        assert json.dumps(parse_json(data)).count("a") == depth
    else:
        assert refused(data)[1] == "the JSON is nested too deep or holds too much"


def test_a_nesting_that_no_parser_follows_is_refused_as_no_json() -> None:
    assert refused(b"[" * 200_000)[1] == "the content is no valid JSON in UTF-8"


@pytest.mark.parametrize(
    ("data", "count"),
    [(b"7", 1), (b"[]", 1), (b"[1, 2]", 3), (b'{"a": 1}', 3), (b'[{"a": [1]}, "b"]', 6)],
)
def test_keys_and_values_are_counted_against_the_most(monkeypatch: pytest.MonkeyPatch, data: bytes, count: int) -> None:
    monkeypatch.setattr(strict_json, "_MOST_VALUES", count)
    parse_json(data)
    monkeypatch.setattr(strict_json, "_MOST_VALUES", count - 1)
    assert refused(data)[0] == "JSON 嵌套过深或内容过多"


def test_a_bad_request_says_its_sentence_in_both_languages() -> None:
    error = bad_request("内容不对", "wrong")
    assert (error.status, error.text.zh, error.text.en) == (400, "内容不对", "wrong")
