"""Registers in a real browser, as a phone on the site and as a desk: state with a photo, drawing, map; zh and en."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from shapely import Polygon

from case_world import InlinePool
from live_server import Live, listening, look
from long_runs import times
from parcel_world import BASE, FIRST, SECOND, mines, photo, with_parcels
from web_world import world


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, browser: Browser) -> Iterator[Live]:
    """Return a server with three parcels whose tasks run in this process."""
    home, pool = tmp_path_factory.mktemp("parcels"), InlinePool(shared_root)
    with (
        world(shared_root, home, pool, is_shared=True) as found,  # type: ignore[arg-type] # stands for a pool
        listening(with_parcels(found)) as url,
    ):
        live = Live(found, url, browser)
        yield live
        live.close()


@pytest.mark.parametrize(("language", "record"), [("zh", FIRST), ("en", SECOND)][: times(1, 2)])
def test_the_state_is_changed_with_a_photo_from_a_phone(live: Live, tmp_path: Path, language: str, record: str) -> None:
    zh = language == "zh"
    page = live.page("restoration", phone=True, language=language)  # type: ignore[arg-type] # zh or en
    page.goto(BASE)
    page.get_by_role("link", name=record).click()
    camera = page.locator("#photos").get_by_label("拍照" if zh else "Take a photo")
    assert camera.get_attribute("capture") == "environment"
    shots = []
    for number, colour in enumerate(("brown", "green")):
        path = tmp_path / f"IMG_{number}.jpg"
        path.write_bytes(photo(colour))
        shots.append(path)
    page.locator("#photos").get_by_label("从相册选择" if zh else "Choose photos").set_input_files(shots)
    expect(page.locator("#photos .parcel-chosen img")).to_have_count(2)
    page.get_by_label("照片类型" if zh else "Which photo").select_option("before")
    page.get_by_role("button", name="上传照片" if zh else "Upload photos").click()
    expect(page.locator(".parcel-photos img")).to_have_count(2)
    page.locator(".parcel-photos img").first.scroll_into_view_if_needed()
    expect(page.locator(".parcel-photos img").first).to_have_js_property("naturalWidth", 360)
    state = page.locator("#state")
    state.get_by_label("拍照" if zh else "Take a photo").set_input_files(shots[0])
    state.get_by_label("原因或说明" if zh else "Reason or note").fill("现场核查")
    state.get_by_role("button", name="更改状态" if zh else "Change the state").click()
    expect(page.locator(".parcel-way [aria-current]")).to_have_text("已核查" if zh else "surveyed")
    look(page, f"parcel-{language}-phone")
    stands = mines(live.world).get(record)
    assert stands is not None
    assert stands.state == "surveyed"
    kinds = [one.kind for one in mines(live.world).attachments(record)]
    assert kinds == ["before", "before", "evidence"]
    # A file that only looks like a photo: the sentence, and what was written stays.
    live.forgive("status of 4")
    fake = tmp_path / "x.jpg"
    fake.write_bytes(b"<svg onload=alert(1)>")
    state.get_by_label("选择照片或文件" if zh else "Choose photos or files").set_input_files(fake)
    state.get_by_label("已编制方案" if zh else "planned").check()
    state.get_by_label("原因或说明" if zh else "Reason or note").fill("方案已编")
    state.get_by_role("button", name="更改状态" if zh else "Change the state").click()
    told = "“x.jpg”不是照片" if zh else "'x.jpg' is no photo"
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(state.get_by_label("原因或说明" if zh else "Reason or note")).to_have_value("方案已编")


def test_a_parcel_is_drawn_and_found_on_the_map(live: Live) -> None:
    page = live.page("restoration")
    page.goto(BASE)
    page.get_by_role("link", name="新增图斑").click()
    page.get_by_label("图斑编号").fill("新-1")
    page.get_by_label("图斑名称").fill("画出的图斑")
    page.get_by_label("行政区代码").select_option("140522")
    page.get_by_label("图斑大类").select_option("10")
    page.get_by_label("图斑细类").select_option("11")
    page.get_by_role("button", name="开始绘制").click()
    box = page.locator("#parcel-draw")
    box.scroll_into_view_if_needed()
    for x, y in ((300, 150), (420, 160), (400, 260), (300, 150)):
        box.click(position={"x": x, "y": y})
    expect(page.locator("#parcel-said")).to_have_text("已绘制，保存后生效")
    look(page, "parcel-new-zh")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("画出的图斑")
    record = mines(live.world).get("新-1")
    assert record is not None
    assert record.geometry is not None
    assert isinstance(record.geometry, Polygon)
    assert len(record.geometry.exterior.coords) == 4
    page.goto(f"{BASE}/map")
    expect(page.locator("#parcels-map")).to_have_attribute("data-ready", "4")
    look(page, "parcels-map-zh")
    page.locator("#parcels-map path.leaflet-interactive").last.dispatch_event("click")
    page.locator(".leaflet-popup").get_by_role("link", name="打开").click()
    expect(page).to_have_url(re.compile("/card"))


def test_the_pages_fit_everybody(live: Live) -> None:
    for name, phone, language, paths in (
        ("viewer", True, "en", (BASE, f"{BASE}/card?id={FIRST}")),
        ("restoration", False, "zh", ("/mines/desk",)),
        ("restoration", True, "en", (f"{BASE}/edit?id={FIRST}",)),
        ("planner", True, "zh", ("/plan",)),
    ):
        page = live.page(name, phone=phone, language=language)  # type: ignore[arg-type] # zh or en
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            look(page, f"{path.split('?')[0].strip('/').replace('/', '-')}-{language}-{'phone' if phone else 'desk'}")
