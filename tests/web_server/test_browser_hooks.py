"""The page of the webhooks and the page of the interfaces in a browser: both languages, desktop and phone."""

from live_server import BOTH, Live, look
from zoning.texts import Language


@BOTH
def test_an_administrator_adds_and_tries_a_hook(live: Live, language: Language, *, phone: bool) -> None:
    page = live.page("admin", phone=phone, language=language)
    page.goto("/hooks")
    names = ("名称", "接收地址", "添加", "试发") if language == "zh" else ("Name", "Address", "Add", "Try")
    page.get_by_label(names[0], exact=True).fill(f"县系统 {language} {phone}")
    page.get_by_label(names[1], exact=True).fill("https://hooks.example/in")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=names[2], exact=True).click()
    assert page.locator("#hook-secret").inner_text().startswith("whsec_")
    look(page, "hooks")
    page.get_by_role("link", name=f"县系统 {language} {phone}").click()
    page.get_by_role("button", name="试发一条" if language == "zh" else "Send a trial").click()
    page.get_by_text("试发" if language == "zh" else "a trial", exact=True).first.wait_for()
    look(page, "hook")


@BOTH
def test_the_interfaces_are_described_to_people(live: Live, language: Language, *, phone: bool) -> None:
    page = live.page("viewer", phone=phone, language=language)
    page.goto("/api-docs")
    page.locator("summary", has_text="POST").filter(has_text="/api/v1/checks").click()
    assert page.get_by_role("cell", name="multipart/form-data").first.is_visible()
    look(page, "api")
