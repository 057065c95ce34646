"""Layers and rules change: the cases that come out otherwise get a notice, once, whatever interrupts it."""

import io
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from case_world import BESIDE, FAR, INSIDE, InlinePool, move_water, new_case, tiny_root
from web_world import World, pool_of, world
from zoning.errors import ContentError, ZoningError
from zoning.registers.case_rows import CaseParts, case_parts, last_verdicts
from zoning.registers.files import digest_of
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.cases import rechecking
from zoning.web.cases.pending import marked_lines
from zoning.web.cases.place import case_place, document_path
from zoning.web.cases.recheck import Watch, content_changed, preview
from zoning.web.cases.rechecking import Cause, recheck, waits
from zoning.web.workers.work import Outcome, Task

NEW = {"construction": "new"}
WITH_WORKERS = "test_a_new_edition_is_noticed_at_the_cases_that_it_reaches"
CAUSE = Cause("edition", Text("图层“水源”启用版本 2024", "edition 2024 of layer 'water' went live"), "water", "2024")


@pytest.fixture
def tiny(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a server whose content can be changed, with three cases: in the water zone, far from it, and farther."""
    root = tiny_root(tmp_path / "w")
    pool: Any = pool_of(root) if request.node.name == WITH_WORKERS else InlinePool(root)
    with world(root, tmp_path, pool) as found:
        found.server.clock = lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        browser = found.client("reviewer")
        for box, name in ((INSIDE, "内"), (FAR, "远"), (BESIDE, "旁")):
            new_case(browser, box, name, NEW)
        yield found
    pool.close()


def parts(office: World, case: str) -> CaseParts:
    place = case_place(office.server)
    with place.database.reading() as connection:
        return case_parts(connection, place, case)


def decisions(office: World) -> dict[str, str]:
    place = case_place(office.server)
    with place.database.reading() as connection:
        return {case: one.decision for case, one in sorted(last_verdicts(connection, place).items())}


def computed(office: World) -> dict[str, tuple[str, int]]:
    """Return the SHA-256 of the verdict and the count of changes by case, all cases checked with today's content."""
    server = office.server
    place = case_place(server)
    with place.database.reading() as connection:
        found = last_verdicts(connection, place)
    sites = [
        {"key": key, "document": str(document_path(server, one.document)), "facts": dict(one.facts)}
        for key, one in found.items()
    ]
    folder = server.folder("whole")
    server.pool.run(Task(folder, "recheck", {"on": server.today().isoformat(), "sites": sites}))
    results = json.loads((folder / "answer.json").read_text(encoding="utf-8"))["results"]
    return {one["key"]: (digest_of(folder / one["file"]), len(one["changes"])) for one in results}


def test_a_new_edition_is_noticed_at_the_cases_that_it_reaches(tiny: World) -> None:
    server = tiny.server
    assert decisions(tiny) == {"2026-0001": "prohibited", "2026-0002": "permitted", "2026-0003": "permitted"}
    before = server.workspace, server.source
    assert recheck(server).noticed == ()
    move_water(tiny.root, FAR)
    assert [(one["number"], one["before"], one["after"]) for one in preview(server, tiny.root, server.today())] == [
        ("2026-0001", "prohibited", "restricted"),
        ("2026-0002", "permitted", "prohibited"),
    ]
    server.reload()
    report = recheck(server, CAUSE, before, (server.workspace, server.source))
    assert (report.reached, report.checked, report.everywhere) == (2, 2, ())
    assert report.noticed == ("2026-0001", "2026-0002")
    # The verdicts of the notices are those of a run over all cases, byte by byte; the others come out the same.
    whole = computed(tiny)
    assert {case: count > 0 for case, (_, count) in whole.items()} == {
        "2026-0001": True,
        "2026-0002": True,
        "2026-0003": False,
    }
    for case in report.noticed:
        (notice,) = parts(tiny, case).notices
        assert notice.document == whole[case][0]
        assert notice.cause == CAUSE.plain()
    # Once is enough.
    assert recheck(server, CAUSE).noticed == ()
    assert recheck(server).checked == 0
    Watch(server).look()
    assert [len(parts(tiny, case).notices) for case in whole] == [1, 1, 0]
    assert server.store.verify().is_whole


def test_the_page_tells_the_difference_and_a_person_takes_it_over(tiny: World) -> None:
    server = tiny.server
    move_water(tiny.root, FAR)
    server.reload()
    recheck(server, CAUSE)
    browser = tiny.client("reviewer")
    page = browser.get("/cases/2026-0002").text
    assert "图层“水源”启用版本 2024" in page
    assert "结论：判定通过 → 判定不通过" in page
    assert "判定 R042“一级区禁止建设” 水源 一级区：" in page
    english = tiny.client("reviewer", language="en").get("/cases/2026-0002").text
    assert "decision: permitted → prohibited" in english
    assert ">1</a>" in browser.get("/cases?notices=1").text
    assert "图层或规则变化，须复核" in browser.get("/").text
    taken = browser.post("/cases/2026-0002/notices/1", {"answer": "take"})
    assert taken.status_code == 303, taken.text
    found = parts(tiny, "2026-0002")
    assert [(one.number, one.decision, one.why) for one in found.verdicts][-1] == (3, "prohibited", "recheck")
    assert (found.notices[0].taken, found.notices[0].seen_by, found.open_notices) == (3, "reviewer", ())
    # Nothing is left to say of it.
    assert recheck(server).noticed == ()
    assert browser.post("/cases/2026-0002/notices/1", {"answer": "take"}).status_code == 409
    seen = browser.post("/cases/2026-0001/notices/1", {"answer": "seen", "text": ""})
    assert seen.status_code == 400
    assert "说明不能为空" in seen.text
    assert browser.post("/cases/2026-0001/notices/1", {"answer": "seen", "text": "维持"}).status_code == 303
    found = parts(tiny, "2026-0001")
    assert (found.open_notices, len(found.verdicts), found.notes[-1].text) == (
        (),
        2,
        "变化提示 1 · notice 1：维持",
    )
    assert recheck(server).noticed == ()
    assert server.store.verify().is_whole


def test_going_back_settles_what_is_no_longer_true(tiny: World) -> None:
    server = tiny.server
    layer = tiny.root / "layers" / "water.yaml"
    former = layer.read_text(encoding="utf-8")
    recheck(server)
    move_water(tiny.root, FAR)
    server.reload()
    assert recheck(server, CAUSE).noticed == ("2026-0001", "2026-0002")
    layer.write_text(former, encoding="utf-8")
    server.reload()
    back = recheck(server, Cause("rollback", Text("恢复", "back"), "water", "2024"))
    assert back.noticed == ()
    for case in ("2026-0001", "2026-0002"):
        (notice,) = parts(tiny, case).notices
        assert (notice.seen_by, notice.taken) == ("zoning:recheck", 0)
    # Nobody has seen it: when it comes again, it is told again.
    move_water(tiny.root, FAR, edition="2025")
    server.reload()
    assert recheck(server, CAUSE).noticed == ("2026-0001", "2026-0002")


def test_files_changed_by_hand_are_found_without_anybody_telling(tiny: World) -> None:
    server = tiny.server
    watch = Watch(server)
    watch.look()
    rule = tiny.root / "rules" / "plan" / "R042.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("effect: prohibit", "effect: restrict"), encoding="utf-8")
    watch.look()
    (notice,) = parts(tiny, "2026-0001").notices
    assert (notice.before, notice.after) == ("prohibited", "restricted")
    assert (notice.cause["zh"], notice.cause["en"]) == ("规则已改变", "the rules have changed")
    # Data of an edition that was overwritten in place: nothing can be told from the former file, all are looked at.
    data = tiny.root / "layers" / "data" / "water.geojson"
    told = json.loads(data.read_text(encoding="utf-8"))
    (w, s), (e, n) = FAR[:2], FAR[2:]
    told["features"][0]["geometry"]["coordinates"] = [[[w, s], [e, s], [e, n], [w, n], [w, s]]]
    data.write_text(json.dumps(told), encoding="utf-8")
    watch.look()
    (notice,) = parts(tiny, "2026-0002").notices
    assert (notice.before, notice.after, notice.cause["en"]) == (
        "permitted",
        "restricted",
        "layer 'water' has changed; the rules have changed",
    )


def test_a_rule_that_comes_into_force_is_noticed_on_its_day(tiny: World) -> None:
    server = tiny.server
    rule = tiny.root / "rules" / "plan" / "R042.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(
        text.replace("in_force: {from: 2023-01-01}", "in_force: {from: 2023-01-01, to: 2026-03-04}"), "utf-8"
    )
    server.reload()
    assert recheck(server).noticed == ()
    server.clock = lambda: datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    assert recheck(server).noticed == ()
    server.clock = lambda: datetime(2026, 3, 4, 12, 0, tzinfo=UTC) + timedelta(1)
    assert recheck(server).noticed == ("2026-0001",)
    assert parts(tiny, "2026-0001").notices[-1].after == "restricted"


def test_what_is_interrupted_goes_on_and_nothing_is_noticed_twice(tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from zoning.web.cases import rechecking

    server = tiny.server
    recheck(server)
    move_water(tiny.root, FAR)
    server.reload()
    monkeypatch.setattr(rechecking, "CHUNK", 1)
    with monkeypatch.context() as patch:
        whole = rechecking._Run._check
        runs: list[object] = []

        def dies(run: object, some: object) -> None:
            if runs:
                raise KeyboardInterrupt
            runs.append(some)
            whole(run, some)  # type: ignore[arg-type]  # stands for a run

        patch.setattr(rechecking._Run, "_check", dies)
        with pytest.raises(KeyboardInterrupt):
            recheck(server, CAUSE)
    assert [len(parts(tiny, case).notices) for case in ("2026-0001", "2026-0002")] == [1, 0]
    # Another start: nobody says why any more, the file of it does.
    report = recheck(server)
    assert report.noticed == ("2026-0002",)
    assert parts(tiny, "2026-0002").notices[0].cause == CAUSE.plain()
    # Even without that file nothing is told twice.
    (server.folder("cases") / "considered.json").unlink()
    again = recheck(server)
    assert (again.noticed, again.reached) == ((), 3)


def test_a_case_whose_check_does_not_end_is_named(tiny: World) -> None:
    server = tiny.server
    recheck(server)
    path = document_path(server, parts(tiny, "2026-0003").verdicts[-1].document)
    path.chmod(0o644)
    path.write_text("{}", encoding="utf-8")
    move_water(tiny.root, FAR)
    server.reload()
    rechecking._BEFORE.pop(server)
    report = recheck(server, CAUSE)
    assert report.failed == ("2026-0003",)
    assert report.noticed == ("2026-0001", "2026-0002", "2026-0003")
    assert set(parts(tiny, "2026-0003").notices[0].cause["error"]) == {"zh", "en"}, "the notice says why"
    page = tiny.client("reviewer").get("/cases/2026-0003")
    assert "复核未完成" in page.text
    assert "不在或被改动，请从备份恢复" in page.text
    content_changed(server, Who("admin"), layer="water", edition="2024", doing="activate")


def test_content_that_cannot_be_read_changes_nothing(tiny: World) -> None:
    server = tiny.server
    watch = Watch(server)
    watch.look()
    held = server.workspace
    rule = tiny.root / "rules" / "plan" / "R042.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("effect: prohibit", "effect: forbid"), encoding="utf-8")
    with pytest.raises(ContentError):
        watch.look()
    assert server.workspace is held
    assert parts(tiny, "2026-0001").notices == ()
    rule.write_text(text.replace("effect: prohibit", "effect: restrict"), encoding="utf-8")
    watch.look()
    assert server.workspace is not held
    assert len(parts(tiny, "2026-0001").notices) == 1


def test_a_decision_from_before_is_never_shown_alone(tiny: World) -> None:
    server = tiny.server
    recheck(server)
    browser = tiny.client("reviewer")
    assert "正在复核" not in browser.get("/cases/2026-0002").text
    move_water(tiny.root, FAR)
    server.reload()
    assert "本案正在复核，下面的结论是变化之前的" in browser.get("/cases/2026-0002").text
    recheck(server, CAUSE)
    page = browser.get("/cases/2026-0002").text
    assert "图层或规则已变化，现在会得出：<strong>判定不通过</strong>" in page
    assert "复核：判定不通过" in browser.get("/cases?q=2026-0002").text
    untouched = browser.get("/cases/2026-0003").text
    assert "图层或规则已变化" not in untouched


def test_other_findings_under_the_same_decision_are_told_as_such(tiny: World) -> None:
    server = tiny.server
    recheck(server)
    rule = tiny.root / "rules" / "plan" / "R048.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("effect: restrict", "effect: require"), encoding="utf-8")
    server.reload()
    assert recheck(server).noticed == ("2026-0001",)
    browser = tiny.client("reviewer", language="en")
    assert "the decision is the same, findings differ." in browser.get("/cases/2026-0001").text
    assert "now: findings differ" in browser.get("/cases").text
    assert [one["what"] for one in parts(tiny, "2026-0001").notices[0].difference] == ["finding"]


def test_the_watch_sees_a_reload_within_seconds(tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from zoning.web.cases import recheck as module

    server = tiny.server
    recheck(server)
    for name in ("_FIRST_S", "_STEP_S"):
        monkeypatch.setattr(module, name, 0.02)
    end = Watch(server).start()
    try:
        move_water(tiny.root, FAR)
        server.reload()
        until = time.monotonic() + 20
        while not parts(tiny, "2026-0002").notices:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        end()
    assert parts(tiny, "2026-0002").notices[0].after == "prohibited"


def test_a_server_that_ends_blames_no_case(tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tiny.server
    recheck(server)
    move_water(tiny.root, FAR)
    server.reload()
    whole, ended = InlinePool.run, list[str]()

    def ending(pool: InlinePool, task: Task, on_start: Any = None) -> Outcome:
        if ended or task.task != "content":
            ended.append(task.task)
            return Outcome("died", -1, 0.0)
        return whole(pool, task, on_start)

    with monkeypatch.context() as patch:
        patch.setattr(InlinePool, "run", ending)
        with pytest.raises(ZoningError, match="the content could not be read: tried again later"):
            recheck(server, CAUSE)
    assert [parts(tiny, case).notices for case in ("2026-0001", "2026-0002", "2026-0003")] == [(), (), ()]
    assert recheck(server).noticed == ("2026-0001", "2026-0002")
    assert parts(tiny, "2026-0001").notices[0].cause == CAUSE.plain()


def test_lists_mark_the_cases_whose_recheck_is_pending(tiny: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the list, on the map, in exports and in the API, from the change until each case was looked at."""
    server, browser = tiny.server, tiny.client("reviewer")
    case_ids = ["2026-0001", "2026-0002", "2026-0003"]
    badge = re.compile(r"<span class=\"badge warn\" title=\"[^\"]+\">复核中</span>")

    def marked() -> list[str]:
        return [line.record.id for line in marked_lines(server) if line.is_pending][::-1]

    recheck(server)
    assert (marked(), badge.findall(browser.get("/cases").text)) == ([], [])
    assert "共 3 件" in browser.get("/cases").text
    assert "没有符合条件的案件" in browser.get("/cases?pending=1").text
    move_water(tiny.root, FAR)
    server.reload()
    assert marked() == case_ids, "which of them the change reaches is not known yet"
    assert len(badge.findall(browser.get("/cases").text)) == 3
    assert len(re.findall(r'"pending": ?true', browser.get("/cases/map?pending=1").text)) == 3
    sheet: Any = openpyxl.load_workbook(io.BytesIO(browser.get("/cases/export.xlsx?pending=1").content)).active
    rows = list(sheet.values)
    assert [row[rows[0].index("复核中")] for row in rows[1:]] == ["是"] * 3
    english = tiny.client("reviewer", language="en").get("/cases").text
    assert english.count(">re-check pending</span>") == 3
    told = browser.get("/api/v1/cases?pending=true").json()
    assert [one["pending"] for one in told["items"]] == [True] * 3
    seen: list[list[str]] = []
    check = InlinePool.run

    def looked(pool: InlinePool, task: Task, on_start: Any = None) -> Outcome:
        seen.append(marked())
        return check(pool, task, on_start)

    with monkeypatch.context() as patch:
        patch.setattr(InlinePool, "run", looked)
        patch.setattr(rechecking, "CHUNK", 1)
        recheck(server, CAUSE)
    # While it runs: told of the new content, told which cases it reaches, the first case, the second one.
    assert seen == [case_ids, case_ids, case_ids[:2], case_ids[1:2]]
    assert marked() == []
    assert browser.get("/api/v1/cases?pending=true").json()["total"] == 0


def test_a_withdrawn_case_is_never_pending(tiny: World) -> None:
    """It is not checked again: it would be pending for ever."""
    recheck(tiny.server)
    tiny.server.reload()
    place = case_place(tiny.server)
    with place.database.reading() as connection:
        verdict = last_verdicts(connection, place)["2026-0001"]
    assert waits(tiny.server)("submitted", verdict)
    assert not waits(tiny.server)("withdrawn", verdict)
