"""Somebody who has not read the manual: an empty folder, the commands as they are told, a first verdict in a browser.

The server is a process of its own. `ZONING_SHOTS` names a folder for pictures of every step, in order.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from live_server import overflow, shot
from office_process import UNPREPARED
from web_world import PASSWORD

EXAMPLE = Path(__file__).parents[2] / "examples" / "school.geojson"
STEPS = count(1)


def run(folder: Path, *command: str, typed: str = "") -> tuple[int, str]:
    """Run a command in an empty environment; return its exit code and what it said."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZONING")}
    done = subprocess.run(
        [sys.executable, "-m", "zoning", *command],
        cwd=folder,
        env=environ | {"ZONING_LANG": "zh"},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, str]]:
    """Start the server without a terminal, as a service does; yield its address and what it says to do first."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"{UNPREPARED}\nimport sys\nfrom zoning.cli import main\nsys.exit(main())"
    command = [sys.executable, "-c", program, "serve", "--workspace", "office", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--processes", "1", "--lang", "zh"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        where, first = process.stderr.readline(), process.stderr.readline()
        found = re.search(r"http://\S+/", where)
        assert found is not None, where
        try:
            yield found.group(), first
        finally:
            code = process.poll()
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
            assert code is None, f"the server has ended by itself with {code}: {said}"


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it; nothing sticks out."""
    shot(page, f"{next(STEPS):02d}-{name}")
    assert overflow(page) == 0, name


def test_from_an_empty_folder_to_a_verdict(tmp_path: Path, browser: Browser) -> None:
    code, told = run(tmp_path, "serve")
    assert (code, "zoning init office" in told, "--workspace office" in told) == (2, True, True), told
    code, told = run(tmp_path, "init", "office")
    assert (code, "zoning serve --workspace office" in told) == (0, True), told
    with serving(tmp_path) as (url, first):
        # The server says how the first account is made, and so does its only page.
        command = re.search(r"zoning (account add) 名称 (--role admin --role reviewer) --workspace (\S+)", first)
        assert command is not None, first
        page = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN", base_url=url).new_page()
        page.set_default_timeout(120_000)  # a page that waits for the worker: no time is measured here
        page.goto("/")
        expect(page.locator("#first")).to_contain_text("zoning account add 名称 --role admin --role reviewer")
        look(page, "nobody-yet")
        words = (*command[1].split(), "li.si", *command[2].split(), "--workspace", command[3])
        code, told = run(tmp_path, *words, typed=f"{PASSWORD}\n")
        assert (code, "可以登录工作台" in told) == (0, True), told
        walk(page)
        page.context.close()


def walk(page: Page) -> None:
    """Sign in, hand in a file, read, answer, look at the map, ask for the report: each page says what comes next."""
    page.reload()
    expect(page.locator("#first")).to_have_count(0)
    page.get_by_label("账号").fill("li.si")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    expect(page.locator("#begin li")).to_have_count(3)
    look(page, "first-steps")
    page.locator("#begin").get_by_role("link", name="上传边界").click()
    expect(page.get_by_role("button", name="填入示例坐标")).to_be_visible()
    look(page, "check")
    page.set_input_files("#file", EXAMPLE)
    page.get_by_role("button", name="开始研判").click()
    page.wait_for_url("**/checks/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("待补充信息")
    page.locator(".facts-form").wait_for()
    expect(page.get_by_role("button", name="提交回答")).to_be_visible()
    page.frame_locator("iframe.verdict-map").locator(".leaflet-container").wait_for()
    look(page, "verdict")
    for step in ("生成报告", "查找可行方案"):
        expect(page.get_by_role("button", name=step)).to_be_visible()
    expect(page.get_by_role("link", name="登记案件")).to_be_visible()
    page.locator("[name=maps]").uncheck()
    page.get_by_role("button", name="生成报告").click()
    page.wait_for_url("**/jobs/*")
    # How the report comes out is tested elsewhere; here, that nobody wonders whether to wait.
    expect(page.locator("#job-waits, .job-results").first).to_be_visible()
    look(page, "report")
    page.get_by_role("link", name="分区管控研判").click()
    expect(page.locator("#checks")).to_contain_text("school.geojson")
    look(page, "home-after")
