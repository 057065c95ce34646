"""Layers, editions and rules in a real browser: a new edition from the file to the rollback."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from edition_files import collection, square, zipped
from live_server import BOTH, Live, listening, look
from web_world import copied, pool_of, world
from zoning.texts import Language
from zoning.web.jobs import list_jobs


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, browser: Browser) -> Iterator[Live]:
    """Run a server whose content a test of this module changes."""
    root = copied(shared_root, tmp_path_factory.mktemp("own"))
    pool = pool_of(root, is_lazy=True)
    with world(root, tmp_path_factory.mktemp("home"), pool) as found, listening(found) as url:
        live = Live(found, url, browser)
        yield live
        live.close()
        # Layers are prepared after every change; a server that ends waits only a moment for such jobs.
        until = time.monotonic() + 60
        while time.monotonic() < until and not all(job.has_ended for job in list_jobs(found.server)):
            time.sleep(0.2)
        assert {job.state for job in list_jobs(found.server, kind="prepare")} == {"done"}


@pytest.fixture
def own(own_server: Live) -> Iterator[Live]:
    yield own_server
    assert own_server.end_of_test() == []


def test_an_edition_from_the_file_to_the_rollback(own: Live, tmp_path: Path) -> None:
    planner, admin = own.page("planner"), own.page("boss")
    file = tmp_path / "文保2026.zip"
    file.write_bytes(zipped({"文保.geojson": collection([square()], {"class": "BHFW"})}))
    planner.goto("/layers/heritage")
    expect(planner.locator("[data-load]")).to_have_attribute("data-loaded", "yes")
    planner.get_by_role("link", name="上传新版本").click()
    expect(planner.locator("[name=edition]")).to_be_visible()
    look(planner, "upload-zh")
    planner.set_input_files("[name=file]", file)
    planner.fill("[name=edition]", "2026")
    planner.fill("[name=valid_from]", "2026-06-01")
    planner.get_by_role("button", name="上传并查看内容").click()
    planner.wait_for_url("**/editions/*")
    planner.fill("[name=source_zh]", "测试通知〔2026〕1号")
    planner.get_by_role("button", name="审核并比较").click()
    # The value is none of the layer's codes: nothing is guessed.
    expect(planner.locator("#problem")).to_have_text(
        "字段 class 有 1 个值没有对应的类别：BHFW（1）；请逐个指定类别，或更正数据"
    )
    assert planner.input_value("[name=source_zh]") == "测试通知〔2026〕1号"
    own.forgive("status of 422|status of 400")
    planner.select_option("[name=class-0]", label="保护范围")
    look(planner, "describe-zh")
    planner.get_by_role("button", name="审核并比较").click()
    expect(planner.locator("#edition-state")).to_have_text("待生效", timeout=240_000)
    expect(planner.locator("[data-load$='/map']")).to_have_attribute("data-loaded", "yes")
    expect(planner.locator("[data-load$='/cases']")).to_contain_text("没有登记案件的结论会改变。")
    expect(planner.locator("#flows")).to_contain_text("保护范围")
    look(planner, "preview-zh")
    phone = own.page("boss", phone=True, language="en")
    phone.goto(planner.url.split("#")[0])
    expect(phone.locator("[data-load$='/map']")).to_have_attribute("data-loaded", "yes")
    phone.locator("details summary").first.click()
    look(phone, "preview-en-phone")
    admin.goto("/layers")
    admin.get_by_role("link", name=re.compile("· 2026$")).click()
    admin.get_by_role("button", name="启用", exact=True).click()
    expect(admin.locator("#edition-state")).to_have_text("已启用")
    look(admin, "active-zh")
    admin.goto("/layers/heritage")
    expect(admin.get_by_role("row", name="2026 现行")).to_be_visible()
    look(admin, "layer-zh")
    admin.get_by_role("link", name="上传记录").click()
    admin.locator("form[action$=rollback] [name=note]").fill("发现错误")
    admin.get_by_role("button", name="回退此版本").click()
    expect(admin.locator("#edition-state")).to_have_text("已回退")
    admin.goto("/layers/heritage")
    expect(admin.get_by_role("row", name="2023 现行")).to_be_visible()


@BOTH
def test_layers_and_rules_are_readable_on_desk_and_phone(live: Live, language: Language, phone: bool) -> None:
    mark = f"{language}-{'phone' if phone else 'wide'}"
    page = live.page("boss", phone=phone, language=language)
    page.goto("/layers")
    expect(page.locator("[data-layer=rivers]")).not_to_have_text("…")
    look(page, f"layers-{mark}")
    page.fill("[data-filter]", "river")
    expect(page.locator("[data-words]:visible")).to_have_count(1)
    page.goto("/layers/ecological-red-line")
    expect(page.locator("[data-load]")).to_have_attribute("data-loaded", "yes")
    look(page, f"layer-{mark}")
    page.goto("/rules?q=水源&state=all")
    look(page, f"rules-{mark}")
    page.locator("table.data a").first.click()
    page.wait_for_url("**/rules/*")
    expect(page.locator("ul.cases li").first).to_be_visible()
    expect(page.locator("ul.cases .off")).to_have_count(0)
    look(page, f"rule-{mark}")
    page.locator(".crumbs a").last.click()
    page.wait_for_url("**/rules/documents/**")
    look(page, f"document-{mark}")
    page.goto("/rules/changes")
    expect(page.locator("#same")).to_be_visible()
