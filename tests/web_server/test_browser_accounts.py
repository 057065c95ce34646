"""Signing in, accounts and hostile words in a real browser, on a desktop and on a phone."""

import json
from datetime import UTC, datetime

from playwright.sync_api import Dialog, FilePayload, Page, expect

from live_server import BOTH, Live, look
from web_world import PASSWORD
from zoning.registers.entries import Stamp
from zoning.texts import Language
from zoning.web.accounts.accounts import Accounts

PAYLOADS = (
    '<img src=x onerror="window.ran=1;alert(1)">',
    "<script>window.ran=1;alert(1)</script>",
    "\"><svg onload='window.ran=1;alert(1)'>",
    "</script><script>window.ran=1</script>",
)


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/check")
    expect(page).to_have_url(page.url.split("/sign-in")[0] + "/sign-in?next=%2Fcheck")
    page.get_by_label("账号", exact=True).fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_somebody_signs_in_and_out(live: Live) -> None:
    live.forgive("status of 401")
    page = live.page("")
    sign_in(page, "reviewer", "wrong password")
    expect(page.get_by_role("alert")).to_have_text("账号或密码不对")
    sign_in(page, "reviewer", PASSWORD)
    expect(page).to_have_url(f"{live.url}/check")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["zoning_session"]["httpOnly"]
    assert cookies["zoning_session"]["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{live.url}/sign-in")
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()  # nothing of the page was kept


@BOTH
def test_account_pages_fit_and_have_no_grave_fault(live: Live, language: Language, *, phone: bool) -> None:
    for who, path in (("", "/sign-in"), ("boss", "/account"), ("boss", "/accounts"), ("boss", "/accounts/reviewer")):
        page = live.page(who, phone=phone, language=language)
        page.goto(path)
        look(page, f"{path.strip('/').replace('/', '-')}-{language}-{'phone' if phone else 'wide'}")


def test_an_administrator_makes_an_account_and_its_owner_a_token(live: Live) -> None:
    page = live.page("admin")
    page.goto("/accounts")
    form = page.locator("#new")
    form.get_by_label("账号", exact=True).fill("zhao.liu")
    form.get_by_label("姓名").fill("赵六")
    form.get_by_label("初始密码").fill(PASSWORD)
    form.get_by_label("矿山修复").check()
    form.get_by_role("button", name="建立").click()
    expect(page.get_by_role("status")).to_have_text("已建立账号")
    expect(page.get_by_role("row", name="zhao.liu 赵六")).to_contain_text("矿山修复")
    own = live.page("zhao.liu")
    own.goto("/account")
    card = own.locator("#tokens")
    card.get_by_label("用途").fill("台账同步")
    card.get_by_label("读取图斑").check()
    card.get_by_role("button", name="生成令牌").click()
    assert own.locator("pre.code").inner_text().startswith("zt_")
    own.get_by_role("link", name="已复制").click()
    expect(own.locator("pre.code")).to_have_count(0)
    own.get_by_role("button", name="撤销").click()
    expect(own.get_by_role("status")).to_have_text("令牌已撤销，使用它的程序不能再连接")


def test_no_word_of_people_or_files_runs(live: Live) -> None:
    accounts = Accounts(live.world.server.store.database)
    for number, payload in enumerate(PAYLOADS):
        stamp = Stamp("setup", datetime.now(UTC))
        accounts.create(f"x{number}", title=payload, roles=["reviewer"], password=PASSWORD, stamp=stamp)
    square = [[[112.3, 35.4], [112.3004, 35.4], [112.3004, 35.4004], [112.3, 35.4]]]
    features = [
        {
            "type": "Feature",
            "properties": {"name": text, text: text},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for text in PAYLOADS[:2]
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page = live.page("x0")
    ran: list[str] = []

    def refuse(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    mark = page.request.get("/check").text().split('name="csrf" content="')[1].split('"')[0]
    upload: FilePayload = {"name": f"{PAYLOADS[0]}.geojson", "mimeType": "application/json", "buffer": content}
    answer = page.request.post("/check", multipart={"csrf": mark, "file": upload}, headers={"origin": live.url})
    assert answer.ok
    paths = [answer.url.removeprefix(live.url), "/account", "/checks", "/"]  # the first one frames the map
    admin = live.page("admin")
    admin.on("dialog", refuse)
    for one, path in [*((page, path) for path in paths), (admin, "/accounts"), (admin, "/accounts/x0")]:
        one.goto(path, wait_until="networkidle", timeout=120_000)  # the map is made by a worker
        one.wait_for_timeout(200)  # what could run has had its time
        for frame in one.frames:
            assert frame.evaluate("window.ran") is None, path
    assert ran == []
    expect(admin.get_by_role("heading", level=1)).to_contain_text("<img src=x onerror=")
