"""What is refused and how it is said: sentences without places, full disks, wrong values; names of uploads."""

import errno
import json
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Response

from web_requests import request_of
from zoning.errors import ContentError, NoRoomError
from zoning.texts import Text
from zoning.web.refusals import (
    Refused,
    fault_answer,
    has_no_room,
    not_found,
    refusal_answer,
    without_places,
    words_of_status,
)
from zoning.web.uploads import plain_name
from zoning.web.wrong_values import wrong_values


def office(state: str = "/srv/office/server", files: str = "/srv/office/files", workspace: str = "/srv/office") -> Any:
    settings = SimpleNamespace(state=Path(state), files=Path(files), workspace=Path(workspace))
    return SimpleNamespace(settings=settings)


def without(said: str) -> str:
    return without_places(request_of(server=office()), Text(said, said)).zh


def told(answer: Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(answer.body))
    return found


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/srv/office/files/ab/abc.json：损坏", "ab/abc.json：损坏"),
        ("/srv/office/server/uploads/zoning-upload-x7/地块.shp：无法读取", "地块.shp：无法读取"),
        ("/srv/office/server/checks/a/b: gone", "checks/a/b: gone"),
        ("/srv/office/layers/water.yaml:3", "layers/water.yaml:3"),
        ("two: /srv/office/a and /srv/office/files/b", "two: a and b"),
        ("/srv/office", ""),
        ("nothing of a place", "nothing of a place"),
        ("a.office/files/b stays", "a.office/files/b stays"),
    ],
)
def test_a_file_is_told_by_its_name_and_not_by_where_it_lies(said: str, shown: str) -> None:
    assert without(said) == shown


def test_places_go_in_both_languages() -> None:
    text = without_places(request_of(server=office()), Text("/srv/office/a 坏", "/srv/office/a is broken"))
    assert text == Text("a 坏", "a is broken")


def test_signs_of_patterns_in_a_folder_are_only_signs() -> None:
    request = request_of(server=office("/s.v/x+y", "/s.v/f", "/s.v/w"))
    assert without_places(request, Text("/s.v/x+y/a", "/sxv/xxy/a")) == Text("a", "/sxv/xxy/a")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_known_by_the_system(code: int) -> None:
    assert has_no_room(OSError(code, "full"))


def test_a_full_disk_is_known_behind_what_it_caused() -> None:
    cause = OSError(errno.ENOSPC, "full")
    told_by_cause = ContentError("没有写入", "not written")
    told_by_cause.__cause__ = ValueError("half")
    told_by_cause.__cause__.__context__ = cause
    assert has_no_room(told_by_cause)
    assert has_no_room(NoRoomError("满", "full"))


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), ValueError("x"), ContentError("坏", "broken")])
def test_other_errors_are_no_full_disk(error: Exception) -> None:
    assert not has_no_room(error)


def test_a_full_disk_is_no_fault_of_the_program() -> None:
    answer = fault_answer(request_of(), OSError(errno.ENOSPC, "full"))
    assert answer.status_code == 507
    assert told(answer)["detail"]["en"].startswith("the disk is full: nothing was done or kept.")


def test_a_fault_is_logged_under_the_number_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "zoning.web"):
        answer = fault_answer(request_of(path="/cases"), RuntimeError("a secret"))
    assert answer.status_code == 500
    (record,) = caplog.records
    number = record.__dict__["fault"]
    assert record.__dict__["path"] == "/cases"
    assert record.exc_info is not None
    assert told(answer)["detail"] == {
        "zh": f"程序内部错误，操作没有完成；编号 {number}",
        "en": f"a fault of the program: nothing was done; number {number}",
    }
    assert len(number) == 8


def test_two_faults_have_two_numbers() -> None:
    answers = [told(fault_answer(request_of(), RuntimeError()))["title"] for _ in range(2)]
    assert answers[0] != answers[1]


def test_a_refusal_keeps_its_status_sentence_and_headers() -> None:
    answer = refusal_answer(request_of(), Refused(429, Text("慢", "slow down"), {"Retry-After": "7"}))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert told(answer) == {"status": 429, "title": "slow down", "detail": {"zh": "慢", "en": "slow down"}}
    assert answer.media_type == "application/problem+json"


def test_a_refusal_without_headers_has_none() -> None:
    assert Refused(400, Text("错", "wrong")).headers == {}


def test_what_does_not_exist_is_not_found() -> None:
    error = not_found("没有", "none")
    assert (error.status, error.text, str(error.detail)) == (404, Text("没有", "none"), "none")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 413, 429, 503, 507])
def test_every_usual_status_is_said_in_both_languages(status: int) -> None:
    text = words_of_status(status)
    assert text.zh
    assert text.en.isascii()


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (
            {"type": "missing", "loc": ("body", "name"), "input": None},
            "表单的“name”没有填写",
            "'name' of the form is missing",
        ),
        (
            {"type": "missing", "loc": ("query", "on"), "input": {"q": "x"}},
            "地址中的“on”没有填写",
            "'on' in the address is missing",
        ),
        (
            {"type": "int_parsing", "loc": ("path", "number"), "input": "x7"},
            "地址中的“number”（x7）应为整数",
            "'number' in the address ('x7') has to be a whole number",
        ),
        (
            {"type": "float_parsing", "loc": ("query", "x"), "input": ""},
            "地址中的“x”应为数字",
            "'x' in the address has to be a number",
        ),
        (
            {"type": "string_too_long", "loc": ("body", "title"), "input": "a secret", "ctx": {"max_length": 80}},
            "表单的“title”最多 80 个字符",
            "'title' of the form has to have 80 characters at most",
        ),
        (
            {"type": "greater_than_equal", "loc": ("query", "page"), "input": "0", "ctx": {"ge": 1}},
            "地址中的“page”（0）不得小于 1",
            "'page' in the address ('0') has to be 1 or more",
        ),
        (
            {"type": "less_than", "loc": ("query", "page"), "input": "9", "ctx": {"lt": 9}},
            "地址中的“page”（9）应小于 9",
            "'page' in the address ('9') has to be less than 9",
        ),
        (
            {"type": "less_than", "loc": ("query", "page"), "input": "9", "ctx": {}},
            "地址中的“page”（9）不是可用的值",
            "'page' in the address ('9') is none of the values that can be used",
        ),
        (
            {"type": "a_kind_of_tomorrow", "loc": ("body", "a", 3, "b"), "input": "9"},
            "表单的“a.3.b”不是可用的值",
            "'a.3.b' of the form is none of the values that can be used",
        ),
        (
            {"type": "json_invalid", "loc": ("body",), "input": "{"},
            "表单的“-”不是可用的值",
            "'-' of the form is none of the values that can be used",
        ),
        (
            {"type": "literal_error", "loc": ("query", "to"), "input": "x", "ctx": {"expected": "'on' or 'off'"}},
            "地址中的“to”（x）应为以下之一：'on' or 'off'",
            "'to' in the address ('x') has to be one of: 'on' or 'off'",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_field_and_what_was_expected(error: dict[str, Any], zh: str, en: str) -> None:
    assert wrong_values([error]) == Text(
        f"填写有误：{zh}；请改正后重试", f"wrong values: {en}; correct it and try again"
    )


def test_what_was_typed_into_a_form_is_never_repeated() -> None:
    said = wrong_values([{"type": "string_too_long", "loc": ("body", "password"), "input": "s3cret-word", "ctx": {}}])
    assert "s3cret" not in said.zh + said.en


@pytest.mark.parametrize(("size", "shown"), [(40, 40), (41, 40), (5000, 40)])
def test_what_was_typed_into_an_address_is_cut(size: int, shown: int) -> None:
    said = wrong_values([{"type": "int_parsing", "loc": ("query", "n"), "input": "9" * size}])
    assert said.en.count("9") == shown


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (10, 10), (11, 10)])
def test_ten_mistakes_are_told_at_most(count: int, shown: int) -> None:
    said = wrong_values([{"type": "missing", "loc": ("body", f"f{n}")} for n in range(count)])
    assert said.en.count("is missing") == said.zh.count("没有填写") == shown


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("地块.shp", "地块.shp"),
        ("/a/b/c.txt", "c.txt"),
        ("a\\b\\c.txt", "c.txt"),
        ("a/b\\c.txt", "c.txt"),
        ("dir/", "upload"),
        ("", "upload"),
        (".", "upload"),
        ("..", "upload"),
        (" . . ", "upload"),
        (".htaccess", "htaccess"),
        ("a.txt. ", "a.txt"),
        ("a\x00b\n.txt", "ab.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
    ],
)
def test_the_name_of_an_upload_is_a_plain_name(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_what_an_upload_without_name_is_called_can_be_told() -> None:
    assert plain_name("..", "photo.jpg") == "photo.jpg"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 200),
        ("a" * 196 + ".txt", "a" * 196 + ".txt"),
        ("a" * 197 + ".txt", "a" * 196 + ".txt"),
        # Three bytes each: 65 of them and ".txt" are 199.
        ("图" * 80 + ".txt", "图" * 65 + ".txt"),
        ("a." + "x" * 300, "x" * 200),
    ],
)
def test_a_name_that_is_too_long_loses_the_end_of_its_stem(name: str, plain: str) -> None:
    assert plain_name(name) == plain
