"""Pages of registers: who may do what, conflicts, photos, the workflow, problems, exports."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image, ImageFile

from case_world import InlinePool
from parcel_world import (
    BASE,
    CAMERA,
    DAY,
    FIRST,
    SECOND,
    SETUP,
    browser_of,
    mines,
    personal_field,
    photo,
    said,
    version,
    with_parcels,
)
from web_world import World, world
from zoning.web.parcels.kinds import colours_of

CARD = f"{BASE}/card?id={FIRST}"
DRAWN = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[112.44, 35.48], [112.443, 35.48], [112.443, 35.483], [112.44, 35.48]]],
            },
        }
    ],
}


@pytest.fixture
def desk(tmp_path: Path, shared_root: Path) -> Iterator[World]:
    """Return a server with three parcels; its tasks run in this process."""
    with world(shared_root, tmp_path, InlinePool(shared_root), is_shared=True) as found:  # type: ignore[arg-type] # a pool
        yield with_parcels(found)


def jpegs(*names: str, content: bytes | None = None) -> list[Any]:
    return [("photos", (name, photo() if content is None else content, "image/jpeg")) for name in names]


def test_everybody_reads_and_only_restoration_changes(desk: World) -> None:
    field = personal_field(desk)
    title = mines(desk).type.fields[field].title.zh
    restorer = browser_of(desk, "restoration")
    told = {"version": str(version(desk)), f"f-{field}": "张三"}
    stands = restorer.get(f"{BASE}/edit?id={FIRST}")
    assert stands.status_code == 200
    sent = {**told, "f-TBMC": "甲", "f-XZQDM": "140522", "f-XZ": "凤城镇", "f-TBDL": "10", "f-TBXL": "11"}
    assert restorer.post(f"{BASE}/edit?id={FIRST}", sent).status_code == 303
    assert "张三" in restorer.get(CARD).text
    for name in ("viewer", "planner", "reviewer"):
        browser = browser_of(desk, name)
        page = browser.get(CARD)
        assert page.status_code == 200
        # Neither the person nor the forms; the log names the field, not what it holds.
        assert "张三" not in page.text
        assert "<form" not in page.text.split("<main")[1]
        assert title in page.text.split("更改记录")[1]
        assert browser.get(f"{BASE}/edit?id={FIRST}").status_code == 403
        for path in ("move", "photos", "problems", "documents", "edit"):
            assert browser.post(f"{BASE}/{path}?id={FIRST}", {"to": "surveyed", "version": "2"}).status_code == 403
        for form in ("xlsx", "gpkg"):
            content = browser.get(f"{BASE}/export.{form}").content
            assert "张三".encode() not in content
            assert "张三" not in _cells(content) if form == "xlsx" else True
    assert version(desk) == 2
    assert "张三" in _cells(restorer.get(f"{BASE}/export.xlsx").content)


def _sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def _cells(content: bytes) -> list[Any]:
    return [cell.value for row in _sheet(content).iter_rows() for cell in row]


def test_the_list_is_filtered_and_exported_as_it_is_shown(desk: World) -> None:
    mines(desk).add_problem(SECOND, "落石", found=date(2026, 2, 20), deadline=DAY, stamp=SETUP)
    browser = browser_of(desk, "viewer")

    def shown(query: str) -> list[str]:
        return re.findall(r"card\?id=([0-9-]+)", browser.get(f"{BASE}?{query}").text)

    assert shown("") == [FIRST, SECOND, "140522-003"]
    assert shown("group=凤城镇") == [FIRST, "140522-003"]
    assert shown("q=北留 采石") == [SECOND]
    assert shown("state=surveyed") == []
    assert shown("territory=1405") == [FIRST, SECOND, "140522-003"]
    assert shown("overdue=1") == []
    desk.server.clock = lambda: datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    browser = browser_of(desk, "viewer")
    assert shown("overdue=1") == [SECOND]
    sheet = _sheet(browser.get(f"{BASE}/export.xlsx?group=北留镇").content)
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, (cell.value for cell in sheet[2]), strict=True))
    assert (sheet.max_row, row["图斑编号"], row["超期"], row["未销号问题"]) == (2, SECOND, "是", 1)
    page = browser.get(f"{BASE}/map?group=凤城镇").text
    shapes = json.loads(re.findall(r'id="parcels-shapes">(.*?)</script>', page)[0])
    assert [one["properties"]["id"] for one in shapes["features"]] == [FIRST, "140522-003"]
    assert browser.get("/parcels/cases").status_code == 404
    assert browser.get(f"{BASE}/card?id=x").status_code == 404


def test_the_second_writer_is_told_who_was_first_and_keeps_his_words(desk: World) -> None:
    one, other = browser_of(desk, "restoration"), browser_of(desk, "boss")
    stale = str(version(desk))
    same = {"f-TBMC": "坑", "f-XZQDM": "140522", "f-TBDL": "10", "f-TBXL": "11"}
    assert one.post(f"{BASE}/edit?id={FIRST}", {**same, "version": stale, "f-XZ": "东镇"}).status_code == 303
    late = other.post(f"{BASE}/edit?id={FIRST}", {**same, "version": stale, "f-XZ": "西镇", "drawn": json.dumps(DRAWN)})
    assert late.status_code == 409
    sentence = "在您打开之后，restoration 于 2026-03-02 09:00 已作修改；您的内容没有写入，请核对后再提交"
    assert said(late) == f"{FIRST}：{sentence}"
    assert 'value="西镇"' in late.text
    assert "乡镇（街道）：东镇" in late.text
    assert "112.443" in late.text
    # The same for the workflow.
    moved = {"to": "surveyed", "version": stale, "on": "2026-03-02", "reason": "已到现场<b>"}
    late = other.post(f"{BASE}/move?id={FIRST}", moved)
    assert late.status_code == 409
    assert said(late) == f"{FIRST}：{sentence}"
    assert "已到现场&lt;b&gt;" in late.text
    record = mines(desk).get(FIRST)
    assert record is not None
    assert (record.values["XZ"], record.state, record.version) == ("东镇", "found", 2)


def test_photos_are_looked_at_kept_once_and_shown_without_what_the_camera_wrote(desk: World) -> None:
    restorer, viewer = browser_of(desk, "restoration"), browser_of(desk, "viewer")
    told = {"what": "before", "taken": "2026-03-01"}
    assert CAMERA.encode() in photo()
    sent = restorer.post(f"{BASE}/photos?id={FIRST}", told, files=jpegs("IMG_1.JPG", "again.jpeg"))
    assert sent.headers["location"] == f"{CARD}#photos"
    assert restorer.post(f"{BASE}/photos?id={FIRST}", told, files=jpegs("third.jpg")).status_code == 303
    (kept,) = mines(desk).attachments(FIRST)
    assert (kept.kind, str(kept.taken), kept.actor) == ("before", "2026-03-01", "restoration")
    shown = viewer.get(f"{BASE}/photos/{kept.number}?id={FIRST}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert CAMERA.encode() not in shown.content
    picture = Image.open(io.BytesIO(shown.content))
    assert (picture.size, len(picture.getexif())) == ((640, 480), 0)
    assert picture.getpixel((9, 9))[0] > 240  # type: ignore[index] # an RGB picture
    small = viewer.get(f"{BASE}/photos/{kept.number}?id={FIRST}&size=small")
    assert Image.open(io.BytesIO(small.content)).size == (360, 270)
    assert viewer.get(f"{BASE}/files/{kept.number}?id={FIRST}").status_code == 403
    original = restorer.get(f"{BASE}/files/{kept.number}?id={FIRST}")
    assert original.content == photo()
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["content-disposition"].startswith("attachment")
    # PNG and WebP are photos too; of the same picture before and after, both are kept.
    for form, suffix in (("PNG", "png"), ("WEBP", "webp")):
        content = photo("blue", form=form)
        sent = restorer.post(
            f"{BASE}/photos?id={FIRST}", {"what": "after"}, files=jpegs(f"a.{suffix}", content=content)
        )
        assert sent.status_code == 303
    assert [one.kind for one in mines(desk).attachments(FIRST)] == ["before", "after", "after"]
    # HEIC cannot be opened here: it is kept, and never sent to a page.
    heic = b"\0\0\0\x18ftypheic" + bytes(200)
    assert restorer.post(f"{BASE}/photos?id={FIRST}", told, files=jpegs("b.heic", content=heic)).status_code == 303
    assert viewer.get(f"{BASE}/photos/4?id={FIRST}").status_code == 404
    assert "此格式不能在网页显示" in viewer.get(CARD).text
    assert restorer.get(f"{BASE}/files/4?id={FIRST}").content == heic
    assert desk.server.store.verify().is_whole


NO_PHOTO = "“x.jpg”不是照片（JPEG、PNG、WebP、HEIC），没有保存"


NONE = {
    "php": ("x.jpg", b"<?php system($_GET[0]); ?>", NO_PHOTO),
    "svg": ("x.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', NO_PHOTO),
    "html": ("x.jpg", b"<!doctype html><script>alert(1)</script>", NO_PHOTO),
    "gif": ("x.jpg", b"GIF89a" + bytes(100), NO_PHOTO),
    "empty": ("x.jpg", b"", NO_PHOTO),
    "html name": ("x.html", photo(), NO_PHOTO.replace("x.jpg", "x.html")),
    "png as jpg": ("x.jpg", photo(form="PNG"), NO_PHOTO),
    "cut off": ("x.jpg", photo()[:900], "照片已损坏，打不开，没有保存"),
    "30 MB": ("x.jpg", b"\xff\xd8\xff" + bytes(30_000_000), "“x.jpg”有 30.0 MB，超过每张 20 MB 的上限，没有保存"),
}


def test_what_is_no_photo_is_refused_with_a_sentence(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    browser = browser_of(desk, "restoration")
    for what, (name, content, sentence) in NONE.items():
        # With a good one before it: all or none.
        files = [*jpegs("good.jpg"), *jpegs(name, content=content)]
        answer = browser.post(f"{BASE}/photos?id={FIRST}", {"what": "photo"}, files=files)
        assert (answer.status_code, said(answer)) == (422, sentence), what
    assert mines(desk).attachments(FIRST) == ()


def test_the_workflow_asks_for_reason_and_evidence(desk: World) -> None:
    browser = browser_of(desk, "restoration")

    def move(to: str, files: Any = None, **told: str) -> Any:
        sent = {"to": to, "version": str(version(desk)), "on": "2026-03-02", **told}
        return browser.post(f"{BASE}/move?id={FIRST}", sent, files=files)

    page = browser.get(CARD).text
    assert re.findall(r'name="to" value="([a-z-]+)"', page) == ["surveyed"]
    assert said(move("closed")).startswith(f"{FIRST}：不能从“已发现 found”到“已销号 closed”")
    for state in ("surveyed", "planned"):
        assert move(state).status_code == 303
    refused = move("approved", reason="批复")
    assert refused.status_code == 400
    assert "批复" in refused.text
    fake = move("approved", [("evidence", ("x.jpg", b"<?php", "image/jpeg"))])
    assert said(fake) == NO_PHOTO
    files = [
        ("evidence", ("批复.pdf", b"%PDF-1.4", "application/pdf")),
        ("evidence", ("现场.jpg", photo(), "image/jpeg")),
    ]
    done = move("approved", files)
    assert done.headers["location"] == f"{CARD}#state"
    assert move("planned").status_code == 400  # back without a reason
    assert move("planned", reason="方案须修改").status_code == 303
    record = mines(desk).get(FIRST)
    assert record is not None
    assert (record.state, record.version) == ("planned", 5)
    kept = mines(desk).attachments(FIRST)
    assert [(one.kind, one.name) for one in kept] == [("evidence", "批复.pdf"), ("evidence", "现场.jpg")]
    text = browser_of(desk, "viewer", language="en").get(CARD).text
    assert "state: approved → planned, 2026-03-02 (方案须修改)" in text
    assert f"/photos/{kept[1].number}?" in text
    assert "批复.pdf" not in text
    assert desk.server.store.verify().is_whole


def test_a_problem_is_closed_with_evidence(desk: World) -> None:
    browser = browser_of(desk, "restoration")
    assert (
        browser.post(f"{BASE}/problems?id={FIRST}", {"what": "排水沟<i>堵塞", "found": "2026-03-01"}).status_code == 303
    )
    assert "排水沟&lt;i&gt;堵塞" in browser.get(CARD).text
    late = browser.post(f"{BASE}/problems?id={FIRST}", {"what": "甲乙", "found": "2026-03-09"})
    assert said(late) == "日期 2026-03-09 在将来"
    assert ">甲乙</textarea>" in late.text
    bare = browser.post(f"{BASE}/problems/1?id={FIRST}", {"how": "已清淤"})
    assert said(bare) == "销号须附佐证材料（照片或文件）"
    assert "已清淤" in bare.text
    files = [("evidence", ("after.jpg", photo("green"), "image/jpeg"))]
    assert browser.post(f"{BASE}/problems/1?id={FIRST}", {"how": "已清淤"}, files=files).status_code == 303
    (problem,) = mines(desk).problems(FIRST)
    assert (problem.is_open, problem.how, problem.closed) == (False, "已清淤", DAY)


def test_a_record_is_entered_with_a_place_that_a_worker_reads(desk: World) -> None:
    browser = browser_of(desk, "restoration")
    fields = {"f-TBMC": "新坑", "f-XZQDM": "140522", "f-TBDL": "10", "f-TBXL": "11"}
    assert said(browser.post(f"{BASE}/new", fields)) == "请填写图斑编号"
    taken = browser.post(f"{BASE}/new", {**fields, "number": FIRST})
    assert (taken.status_code, said(taken)) == (409, f"图斑编号 {FIRST} 已在台账中，请换一个编号")
    bare = browser.post(f"{BASE}/new", {"number": "甲/1", "f-TBMC": "新坑"})
    assert said(bare).splitlines()[1:] == ["图斑大类：必填，没有值", "图斑细类：必填，没有值"]
    made = browser.post(f"{BASE}/new", {**fields, "number": "甲/1", "drawn": json.dumps(DRAWN)})
    assert made.status_code == 303
    card = browser.get(made.headers["location"])
    assert "新坑" in card.text
    record = mines(desk).get("甲/1")
    assert record is not None
    assert record.geometry is not None
    assert record.geometry.bounds == pytest.approx((112.44, 35.48, 112.443, 35.483), abs=1e-9)
    two = {**DRAWN, "features": DRAWN["features"] * 2}  # type: ignore[operator] # a list
    sent = {**fields, "number": "乙", "drawn": json.dumps(two)}
    assert said(browser.post(f"{BASE}/new", sent)) == "文件中有 2 个图形，这里只要一个"
    bad = browser.post(f"{BASE}/new", {**fields, "number": "乙"}, files={"file": ("x.geojson", b"{", "text/plain")})
    assert bad.status_code in (400, 422)
    assert mines(desk).get("乙") is None


def test_every_state_has_a_colour_of_its_own(desk: World) -> None:
    colours = colours_of(mines(desk).type)
    assert len(set(colours.values())) == len(colours) == 9
