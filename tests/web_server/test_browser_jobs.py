"""The page of a job in a real browser: it follows the job by itself and shows the results."""

from live_server import NARROW, Live, overflow
from zoning.texts import Text
from zoning.web import jobs
from zoning.web.access import Who

WHO = Who("reviewer", "审查", frozenset({"reviewer"}))


def test_a_job_is_followed_to_its_map(live: Live) -> None:
    server = live.world.server
    file = live.world.root / "examples" / "school.geojson"
    title = Text("检查学校用地", "Check the school")
    arguments = ["check", "{0}", "--out", "{out}", "--on", "2026-11-22"]
    job = jobs.start_job(server, WHO, "check", title, arguments, [file])
    page = live.page("reviewer")
    page.goto(f"/jobs/{job}")
    page.wait_for_selector("#job-state.job-done", timeout=90_000)
    assert page.inner_text("#job-state") == "已完成"
    assert page.inner_text("#job-log").splitlines() == ["已写出 out/school.json", "已写出 out/school.html"]
    page.click("text=查看")
    frame = page.frame_locator("iframe.document")
    frame.locator("text=待补充信息").first.wait_for(timeout=30_000)
    with page.expect_download() as download:
        page.click("li:has-text('school.json') >> text=下载")
    assert download.value.suggested_filename == "school.json"
    phone = live.page("reviewer", phone=True, language="en")
    phone.goto(f"/jobs/{job}")
    assert phone.inner_text("h1") == "Check the school"
    assert overflow(phone) == 0
    assert phone.viewport_size == NARROW
    phone.goto("/jobs")
    assert phone.inner_text(".job-done") == "done"
    assert overflow(phone) == 0
