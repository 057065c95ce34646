"""Pages that say what was not done: what happened, and a way on that fits it."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from live_server import Live, overflow
from web_world import World
from zoning.web.refusals import Refused, words_of_status

LATER = (429, 503, 507)


def refusing(status: int) -> Any:
    """Return a function that refuses whatever it is asked."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise Refused(status, words_of_status(status))

    return refuse


@pytest.mark.parametrize(
    ("status", "heading", "english"),
    [
        (403, "不能使用", "Not allowed"),
        (404, "没有找到", "Not found"),
        (409, "没有完成", "Not done"),
        (429, "请稍候", "Please wait"),
        (503, "暂时不可用", "Not available now"),
        (507, "磁盘已满", "The disk is full"),
    ],
)
def test_a_page_that_cannot_be_shown_says_why_and_offers_to_try_again_where_that_helps(
    office: World, monkeypatch: pytest.MonkeyPatch, status: int, heading: str, english: str
) -> None:
    browser = office.client("reviewer")
    monkeypatch.setattr("zoning.web.pages.check.list_checks", refusing(status))
    answer = browser.get("/checks?all=1")
    assert answer.status_code == status
    assert re.search(rf"<h1>{heading} <small>{status}</small></h1>", answer.text)
    assert f"<title>{heading} ·" in answer.text
    assert words_of_status(status).zh in answer.text
    assert ('<a class="button main" href="/checks?all=1">再试一次</a>' in answer.text) is (status in LATER)
    assert "返回上一页" not in answer.text
    assert english in browser.get("/checks?all=1&lang=en").text


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        (
            "/rules?on=<i>",
            "填写有误：地址中的“on”（&lt;i&gt;）应为日期，如 2026-11-22；请改正后重试",
            "in the address (&#39;&lt;i&gt;&#39;) has to be a date such as 2026-11-22; correct it and try again",
        ),
        (
            "/cases?page=0",
            "地址中的“page”（0）不得小于 1",
            "&#39;page&#39; in the address (&#39;0&#39;) has to be 1 or more",
        ),
        (
            "/cases?page=two&kind=" + "k" * 41,
            f"地址中的“kind”（{'k' * 40}）最多 40 个字符；地址中的“page”（two）应为整数",
            "&#39;page&#39; in the address (&#39;two&#39;) has to be a whole number",
        ),
    ],
)
def test_a_wrong_address_is_told_in_the_language_of_the_page(office: World, address: str, zh: str, en: str) -> None:
    for language, sentence in (("zh", zh), ("en", en)):
        answer = office.client("reviewer", language=language).get(address)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Input should" not in answer.text


def test_a_wrong_field_of_a_form_is_told_without_what_was_typed(office: World) -> None:
    answer = office.client("admin").post("/rules/load", {"seen": "s" * 81})
    assert answer.status_code == 422
    assert "填写有误：表单的“seen”最多 80 个字符；请改正后重试" in answer.text
    assert "sss" not in answer.text


def test_programs_are_told_as_before(office: World) -> None:
    told = office.client("reviewer").get("/api/v1/cases?limit=x").json()
    assert told["status"] == 422
    assert "Input should be a valid integer" in told["detail"]["en"]


def test_a_form_that_is_refused_is_not_sent_again_by_a_link(office: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = office.client("reviewer")
    monkeypatch.setattr("zoning.web.pages.check.run_check", refusing(503))
    answer = browser.post("/check", data={"text": "112.40,35.47"})
    assert answer.status_code == 503
    assert "再试一次" not in answer.text
    assert "返回上一页" in answer.text


def test_who_goes_back_finds_what_was_typed(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.forgive("status of 503")
    monkeypatch.setattr("zoning.web.pages.check.run_check", refusing(503))
    page = live.page("reviewer", phone=True)
    page.goto("/check")
    page.locator("#tab-text").click()
    page.locator("[name=text]").fill("112.40,35.47\n112.41,35.47\n112.41,35.48")
    page.locator("button.large").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("暂时不可用")
    assert overflow(page) == 0
    page.get_by_role("button", name="返回上一页").click()
    page.wait_for_url("**/check*")
    expect(page.locator("[name=text]")).to_have_value("112.40,35.47\n112.41,35.47\n112.41,35.48")
