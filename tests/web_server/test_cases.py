"""Cases: registered from a check, changed, discussed, overridden by two people, moved, found again, exported."""

import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest

from case_world import BESIDE, FAR, INSIDE, InlinePool, boundary, new_case, tiny_root
from web_world import PASSWORD, Browser, World, world
from zoning.registers.case_rows import CaseParts, case_parts
from zoning.registers.entries import Stamp
from zoning.web.accounts.accounts import Accounts
from zoning.web.cases.place import case_place

NEW = {"construction": "new"}
CASE = "2026-0001"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """Return a server of a tiny workspace on 2 March 2026, with a second reviewer."""
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as found:
        found.server.clock = lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        stamp = Stamp("setup", found.server.now())
        accounts = Accounts(found.server.store.database)
        accounts.create("second", title="第二人", roles=["reviewer"], password=PASSWORD, stamp=stamp)
        yield found


def parts(office: World, case: str = CASE) -> CaseParts:
    place = case_place(office.server)
    with place.database.reading() as connection:
        return case_parts(connection, place, case)


def version(office: World, case: str = CASE) -> str:
    record = office.server.store.register("cases").get(case)
    assert record is not None
    return str(record.version)


def checked(browser: Browser, content: bytes) -> str:
    answer = browser.post("/check", files={"file": ("site.geojson", content)})
    return str(answer.headers["location"]).rsplit("/", 1)[1]


def said(answer: Any) -> str:
    found = re.search(r'class="problem" role="alert">(.*?)</p>', answer.text, re.DOTALL)
    assert found is not None, answer.text[-1500:]
    return found.group(1)


def test_a_check_becomes_a_case_with_its_verdict_and_file(desk: World) -> None:
    browser = desk.client("reviewer")
    content = boundary(BESIDE, INSIDE)
    check = checked(browser, content)
    form = browser.get(f"/cases/new?check={check}&site=1").text
    assert 'value="2026-0001"' in form
    assert 'value="140522"' in form
    told = {"f-XMMC": "厂房", "f-XZQDM": "140522", "f-LXR": "张三", "number": CASE, "proposed": CASE}
    answer = browser.post("/cases/new", {"check": check, "site": "1", **told})
    assert answer.headers["location"] == f"/cases/{CASE}"
    (verdict,) = parts(desk).verdicts
    assert (verdict.site, verdict.decision, verdict.why, verdict.actor) == ("S2", "undetermined", "first", "reviewer")
    files = desk.server.store.register("cases").attachments(CASE)
    assert [one.about for one in files] == ["verdict 1", "boundary 1"]
    assert (desk.server.settings.files / files[1].path).read_bytes() == content
    kept = browser.get(f"/cases/{CASE}/verdicts/1/verdict.json")
    assert json.loads(kept.text)["schema"] == "zoning.verdict/1"
    # A check of somebody else that is not shared cannot be taken.
    assert desk.client("second").get(f"/cases/new?check={check}").status_code == 404
    assert desk.server.store.verify().is_whole


def test_numbers_are_unique_when_two_register_at_once(desk: World) -> None:
    browsers = [desk.client("reviewer"), desk.client("second")]
    found: list[str] = []

    def register(browser: Browser) -> None:
        for _ in range(4):
            told = {"f-XMMC": "甲", "number": CASE, "proposed": CASE}
            found.append(browser.post("/cases/new", told).headers["location"])

    threads = [threading.Thread(target=register, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"/cases/2026-{number:04d}" for number in range(1, 9)]
    # A number that somebody chose is his choice: taken means taken.
    taken = browsers[0].post("/cases/new", {"f-XMMC": "乙", "number": "2026-0003", "proposed": "2026-0009"})
    assert taken.status_code == 409
    assert said(taken) == "案件编号 2026-0003 已被使用，请换一个；留空则自动编号"
    assert 'value="乙"' in taken.text
    for wrong in ("a/b", "new", "a b", "x?"):
        answer = browsers[0].post("/cases/new", {"f-XMMC": "乙", "number": wrong})
        assert answer.status_code in (409, 422), wrong


def test_the_second_writer_is_told_who_and_when_and_keeps_his_words(desk: World) -> None:
    one, other = desk.client("reviewer"), desk.client("second")
    case = new_case(one, INSIDE, "厂房")
    stale = version(desk)
    assert one.post(f"/cases/{case}/edit", {"version": stale, "f-XMMC": "厂房", "f-DZ": "东街"}).status_code == 303
    late = other.post(f"/cases/{case}/edit", {"version": stale, "f-XMMC": "厂房", "f-DZ": "西街", "f-BZ": "长文"})
    assert late.status_code == 409
    assert said(late) == (
        "2026-0001：在您打开之后，reviewer 于 2026-03-02 09:00:00 已作修改；您的内容没有写入，请核对后再提交"
    )
    assert 'value="西街"' in late.text
    assert "长文" in late.text
    assert "地址：东街" in late.text
    record = desk.server.store.register("cases").get(case)
    assert record is not None
    assert record.values["DZ"] == "东街"
    # The same for facts: the verdict that the form was filled for is no longer the latest.
    facts = {"verdict": "1", "asked": "construction", "fact-construction": "new"}
    assert one.post(f"/cases/{case}/facts", facts).status_code == 303
    late = other.post(f"/cases/{case}/facts", {**facts, "fact-construction": "none"})
    assert late.status_code == 409
    assert '<option value="none" selected>' in late.text
    # And for the state.
    assert one.post(f"/cases/{case}/move", {"version": version(desk), "to": "checking"}).status_code == 303
    late = other.post(f"/cases/{case}/move", {"version": "3", "to": "checking", "reason": "因为"})
    assert late.status_code == 409
    english = desk.client("second", language="en").post(f"/cases/{case}/move", {"version": "1", "to": "decided"})
    assert "since you opened it, reviewer changed it at 2026-03-02 09:00:00" in english.text
    assert len(parts(desk).verdicts) == 2


def test_every_verdict_stays_and_two_can_be_compared(desk: World) -> None:
    browser = desk.client("reviewer")
    case = new_case(browser, INSIDE, "厂房", NEW)
    moved = {"file": ("other.geojson", boundary(FAR))}
    assert browser.post(f"/cases/{case}/boundary", {"verdict": "2"}, files=moved).status_code == 303
    found = parts(desk).verdicts
    assert [(one.number, one.decision, one.why) for one in found] == [
        (1, "undetermined", "first"),
        (2, "prohibited", "facts"),
        (3, "permitted", "boundary"),
    ]
    assert [dict(one.facts) for one in found] == [{}, NEW, NEW]
    assert found[1].boundary == found[0].boundary != found[2].boundary
    assert found[0].digests["rules"] == found[2].digests["rules"]
    old = browser.get(f"/cases/{case}/verdicts/1")
    assert "这是以前的结论，最新为第 3 次。" in old.text
    page = browser.get(f"/cases/{case}/compare?a=1&b=2").text
    assert "结论：待补充信息 → 判定不通过" in page
    assert "建设性质：不知道 → 新建" in page
    page = browser.get(f"/cases/{case}/compare?a=2&b=3").text
    assert "边界：不同" in page
    record = desk.server.store.register("cases").get(case)
    assert record is not None
    assert record.geometry is not None
    assert record.geometry.bounds == pytest.approx(FAR, abs=1e-9)
    # A boundary that cannot be checked changes nothing.
    for name, content in (("x.geojson", b"{}"), ("y.geojson", boundary((10.0, 10.0, 10.1, 10.1)))):
        answer = browser.post(f"/cases/{case}/boundary", {"verdict": "3"}, files={"file": (name, content)})
        assert answer.status_code == 422, answer.text
    several = {"file": ("two.geojson", boundary(FAR, INSIDE))}
    answer = browser.post(f"/cases/{case}/boundary", {"verdict": "3"}, files=several)
    assert said(answer) == "文件中有 2 个地块，请填写要用的地块编号：S1、S2"
    assert len(parts(desk).verdicts) == 3
    assert browser.post(f"/cases/{case}/boundary", {"verdict": "3", "site": "S2"}, files=several).status_code == 303
    assert parts(desk).verdicts[-1].decision == "prohibited"
    assert desk.server.store.verify().is_whole


def test_an_override_is_confirmed_by_another_person_only(desk: World) -> None:
    one, other = desk.client("reviewer"), desk.client("second")
    case = new_case(one, INSIDE, "厂房", NEW)
    told = {"verdict": "2", "decision": "permitted", "reason": "现场核实"}
    assert said(one.post(f"/cases/{case}/overrides", {**told, "reason": " "})) == "改判理由不能为空，不能含控制字符"
    same = one.post(f"/cases/{case}/overrides", {**told, "decision": "prohibited"})
    assert said(same) == "改判的结论与计算结论相同"
    assert one.post(f"/cases/{case}/overrides", told).status_code == 303
    assert one.post(f"/cases/{case}/overrides", told).status_code == 409
    mine = one.post(f"/cases/{case}/overrides/1", {"answer": "confirmed"})
    assert said(mine) == "改判须由提出人以外的第二人复核"
    assert other.post(f"/cases/{case}/overrides/1", {"answer": "withdrawn"}).status_code == 400
    assert desk.client("admin").post(f"/cases/{case}/overrides/1", {"answer": "confirmed"}).status_code == 403
    assert (
        said(other.post(f"/cases/{case}/overrides/1", {"answer": "refused"})) == "不同意的理由不能为空，不能含控制字符"
    )
    # It is no decision while it waits, and the case cannot be closed.
    assert parts(desk).standing is None
    assert one.post(f"/cases/{case}/move", {"version": version(desk), "to": "checking"}).status_code == 303
    waits = one.post(f"/cases/{case}/move", {"version": version(desk), "to": "decided"})
    assert said(waits) == "人工改判尚待第二人复核，不能办结"
    assert "改判待我复核" in other.get("/").text
    assert "改判待我复核" not in one.get("/").text
    assert other.post(f"/cases/{case}/overrides/1", {"answer": "confirmed", "text": "同意"}).status_code == 303
    page = one.get(f"/cases/{case}").text
    # The computed decision stands beside it, in its own colour; that of people has none.
    assert page.index("计算结论") < page.index("人工改判（不是计算结果）")
    computed = page[page.index("计算结论") : page.index("人工改判（不是计算结果）")]
    assert "decision-prohibited" in computed
    assert "decision-permitted" not in page
    assert '<span class="badge case-override">判定通过</span>' in page
    row = one.get("/cases").text
    assert "decision-prohibited" in row
    assert "改判：判定通过" in row
    assert one.get("/cases?decision=permitted").text.count("2026-0001") == 0
    # A newer verdict: the override speaks of it no more.
    facts = {"verdict": "2", "asked": "construction", "fact-construction": "none"}
    assert one.post(f"/cases/{case}/facts", facts).status_code == 303
    assert parts(desk).standing is None
    assert "人工改判（不是计算结果）" not in one.get(f"/cases/{case}").text
    assert desk.server.store.verify().is_whole


def test_an_override_that_waits_lapses_with_a_new_verdict(desk: World) -> None:
    one, other = desk.client("reviewer"), desk.client("second")
    case = new_case(one, INSIDE, "厂房", NEW)
    told = {"verdict": "2", "decision": "permitted", "reason": "现场核实"}
    assert one.post(f"/cases/{case}/overrides", told).status_code == 303
    facts = {"verdict": "2", "asked": "construction", "fact-construction": "none"}
    assert one.post(f"/cases/{case}/facts", facts).status_code == 303
    assert parts(desk).overrides[0].state == "lapsed"
    assert other.post(f"/cases/{case}/overrides/1", {"answer": "confirmed"}).status_code == 409
    assert "已失效（有新结论）" in one.get(f"/cases/{case}").text
    assert one.post(f"/cases/{case}/overrides", {**told, "verdict": "2"}).status_code == 409
    # Refused with a reason; withdrawn by the one who proposed it.
    told = {"verdict": "3", "decision": "prohibited", "reason": "从严"}
    assert one.post(f"/cases/{case}/overrides", told).status_code == 303
    assert other.post(f"/cases/{case}/overrides/2", {"answer": "refused", "text": "证据不足"}).status_code == 303
    assert other.post(f"/cases/{case}/overrides", told).status_code == 303
    assert other.post(f"/cases/{case}/overrides/3", {"answer": "withdrawn"}).status_code == 303
    assert [one.state for one in parts(desk).overrides] == ["lapsed", "refused", "withdrawn"]
    assert desk.server.store.verify().is_whole


def test_states_follow_the_workflow(desk: World) -> None:
    browser = desk.client("reviewer")
    assert browser.post("/cases/new", {"f-XMMC": "空"}).status_code == 303
    assert browser.post(f"/cases/{CASE}/move", {"version": "1", "to": "decided"}).status_code == 400
    for step, to in enumerate(("checking", "conferring"), 1):
        assert browser.post(f"/cases/{CASE}/move", {"version": str(step), "to": to}).status_code == 303
    refused = browser.post(f"/cases/{CASE}/move", {"version": "3", "to": "decided"})
    assert said(refused) == "没有研判结论的案件不能办结"
    back = browser.post(f"/cases/{CASE}/move", {"version": "3", "to": "checking", "reason": ""})
    assert "退回“研判 checking”须写明理由" in said(back)
    assert browser.post(f"/cases/{CASE}/move", {"version": "3", "to": "checking", "reason": "补"}).status_code == 303
    file = {"file": ("s.geojson", boundary(FAR))}
    assert browser.post(f"/cases/{CASE}/boundary", {"verdict": "0"}, files=file).status_code == 303
    assert browser.post(f"/cases/{CASE}/move", {"version": version(desk), "to": "decided"}).status_code == 303
    assert "状态：研判 → 办结" in browser.get(f"/cases/{CASE}").text


def test_deadlines_are_marked(desk: World) -> None:
    browser = desk.client("reviewer")
    new_case(browser, FAR, "甲")
    new_case(browser, FAR, "乙", BJQX="2026-03-04")
    assert "超期" not in browser.get("/cases/2026-0001").text
    assert "办结期限 2026-03-04 还剩 2 天" in " ".join(browser.get("/cases").text.split())
    desk.server.clock = lambda: datetime(2026, 3, 23, 1, 0, tzinfo=UTC)
    page = desk.client("reviewer").get("/cases?overdue=1").text
    assert "办结 2026-03-22 超期 1 天" in page
    assert "开始研判 2026-03-07 超期 16 天" in page
    english = desk.client("reviewer", language="en").get("/").text
    assert "to be closed by 2026-03-04 19 days overdue" in english


def test_the_list_is_searched_and_filtered_and_paged(desk: World) -> None:
    browser = desk.client("reviewer")
    new_case(browser, INSIDE, "水泥厂", NEW, SQR="某某建材", XMLX="industry", LXR="赵六", LXDH="13800000000")
    new_case(browser, FAR, "小学", NEW, SQR="教育局", XMLX="public")
    assert browser.post("/cases/2026-0002/notes", {"text": "周二开会讨论"}).status_code == 303

    def numbers(query: str, who: Browser = browser) -> list[str]:
        return re.findall(r'<td class="fixed"><a href="/cases/([0-9-]+)"', who.get(f"/cases?{query}").text)

    assert numbers("") == ["2026-0002", "2026-0001"]
    assert numbers("q=建材") == ["2026-0001"]
    assert numbers("q=开会") == ["2026-0002"]
    assert numbers("q=2026-0001") == ["2026-0001"]
    assert numbers("q=教育局 小学") == ["2026-0002"]
    # What is personal is never searched, by nobody: a list of hits would tell it.
    assert numbers("q=赵六") == numbers("q=13800000000", desk.client("viewer")) == []
    assert numbers("decision=prohibited") == ["2026-0001"]
    assert numbers("kind=public") == ["2026-0002"]
    assert numbers("state=received") == ["2026-0002", "2026-0001"]
    assert numbers("state=decided") == []
    assert numbers("territory=1408") == []
    for number in range(3, 36):
        browser.post("/cases/new", {"f-XMMC": f"项目{number}"})
    assert len(numbers("")) == 30
    assert numbers("page=2")[-1] == "2026-0001"
    assert numbers("page=99") == numbers("page=2")
    assert numbers("decision=none&page=2") == ["2026-0005", "2026-0004", "2026-0003"]
    assert browser.get("/cases?page=0").status_code == 422


def test_exports_hold_what_is_shown_and_texts_stay_texts(desk: World) -> None:
    browser = desk.client("reviewer")
    new_case(browser, INSIDE, "=HYPERLINK(1)", NEW, LXR="张三", SQR="+1")
    new_case(browser, FAR, "小学", NEW)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(browser.get("/cases/export.xlsx?q=hyperlink").content)).active
    head, row = list(sheet.iter_rows())
    told = {str(one.value): cell for one, cell in zip(head, row, strict=True)}
    assert (told["项目名称"].value, told["项目名称"].data_type) == ("=HYPERLINK(1)", "s")
    assert (told["申请单位"].value, told["申请单位"].data_type) == ("+1", "s")
    assert told["联系人"].value == "张三"
    assert (told["计算结论"].value, told["计算结论名称"].value) == ("prohibited", "判定不通过")
    hidden: Any = openpyxl.load_workbook(io.BytesIO(desk.client("viewer").get("/cases/export.xlsx").content)).active
    assert "联系人" not in [one.value for one in hidden[1]]
    for who, has in (("reviewer", True), ("viewer", False)):
        path = desk.root / f"{who}.gpkg"
        path.write_bytes(desk.client(who).get("/cases/export.gpkg").content)
        frame = pyogrio.read_dataframe(path)
        assert sorted(frame["AJBH"]) == ["2026-0001", "2026-0002"]
        assert ("LXR" in frame.columns) == has
        assert frame.crs.to_epsg() == 4490
    assert browser.get("/cases/export.csv").status_code == 404
    events = [one for one in _admin_events(desk) if one.get("what") == "export"]
    assert [one["personal"] for one in events] == [True, False, True, False]


def _admin_events(office: World) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from zoning.registers.schema import LoggedEvent

    with office.server.store.database.reading() as connection:
        found = connection.execute(select(LoggedEvent.payload).where(LoggedEvent.record == "export:cases"))
        return [json.loads(row.payload) for row in found]


def test_viewers_read_but_see_no_persons_and_change_nothing(desk: World) -> None:
    case = new_case(desk.client("reviewer"), INSIDE, "厂房", NEW, LXR="张三", LXDH="13800000000")
    viewer = desk.client("viewer")
    for path in ("", "/verdicts/1", "/compare?a=1&b=2"):
        page = viewer.get(f"/cases/{case}{path}")
        assert page.status_code == 200, path
        assert "张三" not in page.text
        assert "13800000000" not in page.text
        assert "<textarea" not in page.text
    assert "张三" in desk.client("admin").get(f"/cases/{case}").text
    for path in ("edit", "notes", "files", "move", "facts", "boundary", "overrides", "overrides/1", "notices/1"):
        assert viewer.post(f"/cases/{case}/{path}").status_code == 403, path
    for path in ("files/2", "verdicts/1/verdict.json"):  # a document, attributes of the surveyor's file
        assert viewer.get(f"/cases/{case}/{path}").status_code == 403, path
    assert viewer.get("/cases/new").status_code == 403
    assert viewer.get("/cases/2026-0404").status_code == 404


def test_files_are_added_and_never_replaced(desk: World) -> None:
    browser = desk.client("reviewer")
    case = new_case(browser, FAR, "小学")
    for content in (b"one", b"two"):
        sent = browser.post(f"/cases/{case}/files", files={"files": ("../../批文 <b>.pdf", content)})
        assert sent.status_code == 303
    register = desk.server.store.register("cases")
    own = [one for one in register.attachments(case) if not one.about]
    assert [one.name for one in own] == ["批文 <b>.pdf"] * 2
    answers = [browser.get(f"/cases/{case}/files/{one.number}") for one in own]
    assert [one.content for one in answers] == [b"one", b"two"]
    assert answers[0].headers["content-type"] == "application/octet-stream"
    assert answers[0].headers["content-disposition"].startswith("attachment;")
    assert "<b>.pdf" not in browser.get(f"/cases/{case}").text
    assert said(browser.post(f"/cases/{case}/files")) == "请选择文件"


def test_what_people_write_is_shown_and_never_run(desk: World) -> None:
    browser = desk.client("reviewer")
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    case = new_case(browser, INSIDE, evil, NEW, SQR=evil, DZ=evil, BZ=evil)
    browser.post(f"/cases/{case}/notes", {"text": evil})
    browser.post(f"/cases/{case}/overrides", {"verdict": "2", "decision": "permitted", "reason": evil})
    for path in (f"/cases/{case}", "/cases", "/cases/map", "/", f"/cases/{case}/edit", f"/cases?q={evil}"):
        page = browser.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
