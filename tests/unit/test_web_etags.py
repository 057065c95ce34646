"""Versions over HTTP: a change says which version it rests on, and one that rests on an old one is refused."""

from typing import Any

import pytest
from fastapi import Response
from starlette.requests import Request

from zoning.web.api.content.versions import tag, tagged, wanted_version
from zoning.web.refusals import Refused


def request(*told: str) -> Request:
    headers = [(b"if-match", one.encode("latin-1")) for one in told]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers})


def refused(told: str | None, stands: int = 3) -> Refused:
    with pytest.raises(Refused) as caught:
        wanted_version(request(*([] if told is None else [told])), stands)
    return caught.value


@pytest.mark.parametrize(("version", "text"), [(1, '"1"'), (0, '"0"'), (999_999_999, '"999999999"')])
def test_a_version_is_told_as_a_strong_tag_and_taken_again(version: int, text: str) -> None:
    response = Response()
    tagged(response, version)
    assert response.headers["etag"] == text == tag(version)
    assert wanted_version(request(text), version) == version


@pytest.mark.parametrize("told", ['"3"', ' "3" ', '"03"', '"000000003"'])
def test_the_version_that_stands_is_taken(told: str) -> None:
    assert wanted_version(request(told), 3) == 3


def test_a_change_that_names_no_version_is_refused() -> None:
    error = refused(None)
    assert error.status == 428
    assert error.text.zh == "须用 If-Match 写明所依据的版本（读取时的 ETag）"
    assert error.text.en.startswith("say with If-Match which version the change rests on")


@pytest.mark.parametrize(
    "told", ["", "3", '"3', '3"', "*", 'W/"3"', '"3", "4"', '"-3"', '"3.0"', '"x"', '""', '"1234567890"', '"3"x', "'3'"]
)
def test_what_is_no_tag_of_ours_is_refused(told: str) -> None:
    error = refused(told)
    assert error.status == 400
    assert error.text.zh == 'If-Match 应为读取时的 ETag，如 "3"'
    assert error.text.en == 'If-Match is the ETag that was read, such as "3"'


@pytest.mark.parametrize(("told", "stands"), [('"2"', 3), ('"4"', 3), ('"0"', 1)])
def test_another_version_than_the_one_that_stands_is_refused_with_that(told: str, stands: int) -> None:
    error = refused(told, stands)
    version = told.strip('"')
    assert error.status == 412
    assert dict(error.headers or {}) == {"ETag": f'"{stands}"'}
    assert error.text.zh == f"已是第 {stands} 版，不是第 {version} 版；请重新读取"
    assert error.text.en == f"it is at version {stands}, not {version}: read it again"


def test_digits_of_another_script_are_no_version() -> None:
    told: Any = SimpleHeaders({"if-match": '"٣"'})
    with pytest.raises(Refused) as caught:
        wanted_version(told, 3)
    assert caught.value.status == 400


class SimpleHeaders:
    """Stands for a request whose headers were decoded otherwise."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
