"""Cases in a real browser: register, discuss, override with a second person, a new edition, two people at one case."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from case_world import BESIDE, FAR, INSIDE, InlinePool, boundary, move_water, new_case, tiny_root
from live_server import Live, listening, look
from web_world import PASSWORD, world
from zoning.registers.entries import Stamp
from zoning.web.accounts.accounts import Accounts
from zoning.web.cases.rechecking import recheck

NEW = {"construction": "new"}
_PHONE_PAGES = (
    ("/", "home"),
    ("/cases", "list"),
    ("/cases/2026-0002", "case-notice"),
    ("/cases/new", "new"),
    ("/cases/2026-0002/verdicts/2", "verdict"),
    ("/cases/2026-0002/compare?a=1&b=2", "compare"),
)


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Live]:
    """Return a server of a tiny workspace whose content can be changed; its tasks are done in this process."""
    home = tmp_path_factory.mktemp("cases")
    root = tiny_root(home / "w")
    pool: Any = InlinePool(root)
    with world(root, home, pool) as found, listening(found) as url:
        stamp = Stamp("setup", found.server.now())
        Accounts(found.server.store.database).create(
            "second", title="第二人", roles=["reviewer"], password=PASSWORD, stamp=stamp
        )
        reviewer = found.client("reviewer")
        for box, name in ((INSIDE, "水源保护区内的厂房"), (FAR, "远处的仓库"), (BESIDE, "旁边的道路")):
            new_case(reviewer, box, name, NEW, SQR="某某公司", XMLX="industry", LXR="张三")
        live = Live(found, url, browser)
        yield live
        live.close()


def test_a_case_is_registered_and_gets_its_boundary(live: Live, tmp_path: Path) -> None:
    page = live.page()
    page.goto("/cases")
    page.get_by_role("link", name="登记案件").click()
    page.get_by_label("项目名称").fill("=1+1 养殖场")
    page.get_by_label("项目类型").select_option("farming")
    page.get_by_label("行政区代码").fill("140522")
    look(page, "new-zh")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("=1+1 养殖场")
    file = tmp_path / "site.geojson"
    file.write_bytes(boundary((112.412, 35.512, 112.414, 35.514)))
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="研判", exact=True).click()
    expect(page.locator(".case-decisions .badge").first).to_contain_text("待补充信息")
    page.get_by_text("修改事实并重新研判").click()
    page.get_by_label("建设性质").select_option("new")
    page.get_by_role("button", name="重新研判").click()
    expect(page.locator(".case-decisions .badge").first).to_contain_text("受限准入")
    page.get_by_role("link", name="与上次的差异").click()
    expect(page.locator("main")).to_contain_text("结论：待补充信息 → 受限准入")
    expect(page.locator("main")).to_contain_text("建设性质：不知道 → 新建")
    look(page, "compare-zh")


def test_an_override_needs_a_second_person(live: Live) -> None:
    page = live.page(language="en", phone=True)
    page.goto("/cases/2026-0001")
    page.get_by_text("Propose an override").click()
    page.get_by_label("Change to").select_option("permitted")
    page.get_by_label("Reason", exact=True).fill("<b>surveyed</b> outside of the zone")
    page.get_by_role("button", name="Propose; a second person confirms").click()
    expect(page.locator(".case-decisions")).to_contain_text("Proposed override (not in force)")
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    look(page, "override-proposed-en-phone")
    second = live.page("second")
    second.goto("/")
    second.locator("#confirm").get_by_role("link", name=re.compile("2026-0001")).click()
    second.get_by_role("button", name="确认改判").click()
    computed = second.locator(".case-decisions > div").first
    expect(computed).to_contain_text("计算结论")
    expect(computed.locator(".badge")).to_have_class(re.compile("decision-prohibited"))
    people = second.locator(".by-people")
    expect(people).to_contain_text("人工改判（不是计算结果）")
    # The word of people never wears the colours of a computed decision.
    expect(people.locator(".badge")).not_to_have_class(re.compile("decision-"))
    expect(people).to_contain_text("<b>surveyed</b> outside of the zone")
    look(second, "override-confirmed-zh")


def test_the_second_of_two_people_is_told_and_loses_nothing(live: Live) -> None:
    live.forgive("409")
    one, other = live.page(), live.page("second")
    for page in (one, other):
        page.goto("/cases/2026-0003/edit")
    one.get_by_label("地址").fill("东街 1 号")
    one.get_by_role("button", name="保存").click()
    expect(one.get_by_role("heading", level=1)).to_contain_text("旁边的道路")
    other.get_by_label("地址").fill("西街 2 号")
    other.get_by_role("button", name="保存").click()
    expect(other.get_by_role("alert")).to_contain_text("在您打开之后，reviewer 于")
    expect(other.get_by_label("地址")).to_have_value("西街 2 号")
    expect(other.locator(".warning")).to_contain_text("地址：东街 1 号")
    look(other, "conflict-zh")
    other.get_by_role("button", name="保存").click()
    expect(other.locator("aside")).to_contain_text("西街 2 号")


def test_a_new_edition_brings_notices(live: Live) -> None:
    server = live.world.server
    move_water(live.world.root, FAR)
    server.reload()
    recheck(server)  # or the server itself was first: then this waits for its end
    page = live.page()
    page.goto("/")
    expect(page.locator("#notices")).to_contain_text("远处的仓库")
    look(page, "home-zh")
    page.goto("/cases?notices=1")
    look(page, "list-zh")
    page.get_by_role("link", name="2026-0002").first.click()
    expect(page.locator("#notices")).to_contain_text("结论：判定通过 → 判定不通过")
    look(page, "case-notice-zh")
    english = live.page(language="en", phone=True)
    for path, name in _PHONE_PAGES:
        english.goto(path)
        look(english, f"{name}-en-phone")
    page.get_by_role("button", name="采用新结论").click()
    expect(page.locator(".case-decisions .badge").first).to_contain_text("判定不通过")
    expect(page.locator("#notices .warning")).to_have_count(0)


def test_the_map_shows_all_cases(live: Live) -> None:
    page = live.page()
    page.goto("/cases/map")
    expect(page.locator("#cases-layer option")).to_have_count(4)
    expect(page.locator("#cases-map")).to_have_attribute("data-ready", re.compile("[34]"))
    page.locator("#cases-layer").select_option("")  # the borders of territories, which are there from the start
    count = page.locator("#cases-map path").count()
    page.locator("#cases-layer").select_option("water")
    expect(page.locator("#cases-map path")).to_have_count(count + 2)
    look(page, "map-zh")
    page.locator("#cases-map path.leaflet-interactive").last.click(force=True)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("2026-000")
    phone = live.page(phone=True, language="en")
    phone.goto("/cases/map")
    look(phone, "map-en-phone")


def test_a_viewer_sees_no_persons(live: Live) -> None:
    page = live.page("viewer")
    page.goto("/cases/2026-0001")
    expect(page.locator("main")).not_to_contain_text("张三")
    expect(page.get_by_role("button", name="添加")).to_have_count(0)
    look(page, "viewer-zh")
