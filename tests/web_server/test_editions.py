"""New editions on the server: what goes live, what comes back, who is told."""

import json
import resource
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kill_editions
from edition_desk import CLASS, LAYER, WATER, WET, status_of, verdict, yaml_of
from edition_files import ADMIN, collection, square, waiting, zipped
from web_world import Browser, World
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.web.editions import files
from zoning.web.editions.recovering import recover
from zoning.web.editions.store import get_edition, history
from zoning.web.editions.switching import activate, roll_back
from zoning.web.refusals import Refused


def awaited(browser: Browser, address: str, seconds: float = 120.0) -> Any:
    until = time.monotonic() + seconds
    state: Any = None
    while time.monotonic() < until:
        state = browser.get(f"{address}/state").json()
        if state["state"] != "uploaded" or all(job["ended"] for job in state["jobs"].values()):
            return state
        time.sleep(0.1)
    raise AssertionError(state)


def test_the_whole_way_of_an_edition(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.web.editions.changed.prepare", lambda *_: "")  # seen in test_browser_layers.py
    planner, admin = desk.client("planner"), desk.client("admin")
    before, untouched = yaml_of(desk).read_bytes(), verdict(desk, "2026-11-22")
    assert status_of(untouched) == ("2023", "not_affected")
    answer = planner.post(
        f"/layers/{LAYER}/upload",
        {"edition": "2026", "valid_from": "2026-06-01"},
        files={"file": ("新版.zip", zipped({"新 版/zones.geojson": collection([square()], {"class": "sites"})}))},
    )
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    page = planner.get(address).text
    assert "文件中有 1 个要素，坐标系：EPSG:4326" in page
    form = {
        "version": "1",
        "edition": "2026",
        "valid_from": "2026-06-01",
        "accuracy_m": "10",
        "id_field": "zone_id",
        "name_field": "name",
        "class_field": "class",
        "values_of": "class",
        "value-0": "sites",
        "class-0": CLASS,
        "territories": ["140522", "140825"],
        "source_zh": "测试通知〔2026〕1号",
    }
    answer = planner.post(f"{address}/preview", form)
    assert answer.status_code == 303, answer.text
    state = awaited(planner, address)
    assert state["state"] == "audited", state
    page = planner.get(address).text
    assert "与现行版本的差别" in page
    assert "请管理员看过预览后启用。" in page
    assert 'id="flows"' in page
    assert planner.get(f"{address}/map").status_code == 200
    report = planner.get(f"{address}/audit")
    assert report.status_code == 200
    assert report.headers["content-security-policy"].startswith("sandbox")
    # Nothing is live yet, and a planner cannot make it so.
    assert verdict(desk, "2026-11-22") == untouched
    told = {"version": str(state["version"]), "note": "据通知"}
    assert planner.post(f"{address}/activate", told).status_code == 403
    assert yaml_of(desk).read_bytes() == before
    assert admin.post(f"{address}/activate", told).status_code == 303
    found = get_edition(desk.server, address.split("/")[-1])
    assert (found.state, found.answered_by, found.note, found.intent) == ("active", "admin", "据通知", {})
    changed = verdict(desk, "2026-11-22")
    assert status_of(changed) == ("2026", "affected")
    # The day before it begins the edition before answers, as it did.
    assert status_of(verdict(desk, "2026-05-31")) == ("2023", "not_affected")
    logged = [(line["actor"], line["payload"]["what"]) for line in history(desk.server, (found.id,))]
    assert logged == [("admin", "activate"), ("planner", "preview"), ("planner", "upload")]
    assert 'class="badge good">现行' in admin.get(f"/layers/{LAYER}").text
    # Back again: the bytes of the file, and of the verdict.
    answer = admin.post(f"{address}/rollback", {"version": str(found.version), "note": "发现错误"})
    assert answer.status_code == 303
    assert yaml_of(desk).read_bytes() == before
    assert verdict(desk, "2026-11-22") == untouched
    assert list((desk.root / "layers/data").glob("heritage-2026-*.gpkg"))
    assert [path.name for path in (desk.root / "layers").glob(".*")] == []


@pytest.mark.usefixtures("quiet")
def test_a_check_that_runs_meanwhile_ends_with_the_content_it_began_with(desk: World, tmp_path: Path) -> None:
    made = waiting(desk.server, tmp_path, LAYER, collection([square()]), "t-meanwhile")
    before = verdict(desk, "2026-11-22")
    found: list[str] = []
    stop = threading.Event()

    def keep_checking() -> None:
        while not stop.is_set():
            found.append(verdict(desk, "2026-11-22"))

    checker = threading.Thread(target=keep_checking)
    checker.start()
    try:
        activate(desk.server, ADMIN, made, get_edition(desk.server, made).version)
        after = verdict(desk, "2026-11-22")
    finally:
        stop.set()
        checker.join(60)
    assert (status_of(before)[1], status_of(after)[1]) == ("not_affected", "affected")
    # Never a third answer: the digests of one content with the zones of the other.
    assert set(found) <= {before, after}
    digests = [json.loads(one)[0]["digests"]["layers"][LAYER] for one in (before, after)]
    assert digests[0] != digests[1]
    roll_back(desk.server, ADMIN, made, get_edition(desk.server, made).version)
    assert verdict(desk, "2026-11-22") == before


def test_what_files_say_is_shown_and_never_run(desk: World) -> None:
    evil = "<img src=x onerror=alert(1)>"
    browser = desk.client("planner")
    answer = browser.post(
        "/layers/drinking-water/upload",
        {"edition": "t-evil", "valid_from": "2026-06-01"},
        files={"file": (f"{evil}.geojson", collection([square()], {"class": evil, evil: evil}))},
    )
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert "<img" not in browser.get(address).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in browser.get(address).text
    form = {"version": "1", "edition": evil, "valid_from": evil, "accuracy_m": evil, "source_zh": evil, "crs": evil}
    answer = browser.post(f"{address}/preview", form)
    assert answer.status_code == UsageError.http_status
    assert "<img" not in answer.text
    got = browser.get(f"{address}/file?name=upload")
    assert got.headers["content-disposition"].startswith("attachment")
    assert browser.get(f"{address}/file?name=../../register.sqlite").status_code == 404


@pytest.mark.usefixtures("quiet")
def test_an_edition_of_the_future_waits_for_its_day(desk: World, tmp_path: Path) -> None:
    made = waiting(desk.server, tmp_path, LAYER, collection([square()]), "2027", date(2027, 3, 1))
    activate(desk.server, ADMIN, made, get_edition(desk.server, made).version)
    layer = desk.server.workspace.catalogue[LAYER]
    days = [date(2026, 11, 22), date(2027, 2, 28), date(2027, 3, 1)]
    assert [(layer.edition_on(day) or ("",))[0] for day in days] == ["2023", "2023", "2027"]
    assert "将生效 2027：2027-03-01" in desk.client("viewer").get("/layers").text
    roll_back(desk.server, ADMIN, made, get_edition(desk.server, made).version, "test")


@pytest.mark.usefixtures("quiet")
def test_of_two_administrators_the_second_is_told(small: World, tmp_path: Path) -> None:
    made = waiting(small.server, tmp_path, WATER, WET, "t-two")
    other = waiting(small.server, tmp_path, WATER, WET, "t-other")
    first, second = small.client("admin"), small.client("boss")
    told = {"version": str(get_edition(small.server, made).version)}
    before = yaml_of(small, WATER).read_bytes()
    assert first.post(f"/editions/{made}/activate", told).status_code == 303
    answer = second.post(f"/editions/{made}/activate", told)
    assert answer.status_code == 409
    assert "admin 刚刚改动了这个版本（现为“已启用”）；请刷新页面看过再做" in answer.text
    # Another edition of the layer was looked at before the file changed.
    answer = second.post(f"/editions/{other}/activate", {"version": str(get_edition(small.server, other).version)})
    assert answer.status_code == 409
    assert "预览之后 layers/water.yaml 已被改动；请重新预览再生效" in answer.text
    assert second.post(f"/editions/{made}/rollback", {**told, "note": "x"}).status_code == 409
    roll_back(small.server, ADMIN, made, get_edition(small.server, made).version)
    assert yaml_of(small, WATER).read_bytes() == before


@pytest.mark.usefixtures("quiet")
def test_a_file_that_was_edited_since_is_not_put_back(small: World, tmp_path: Path) -> None:
    made = waiting(small.server, tmp_path, WATER, WET, "t-edited")
    before = yaml_of(small, WATER).read_bytes()
    activate(small.server, ADMIN, made, get_edition(small.server, made).version)
    live = yaml_of(small, WATER).read_bytes()
    yaml_of(small, WATER).write_bytes(live + b"# by hand\n")
    with pytest.raises(Refused) as told:
        roll_back(small.server, ADMIN, made, get_edition(small.server, made).version)
    assert told.value.text.en == (
        "layers/water.yaml was changed since, not by this page: it cannot be put back automatically; change it by hand"
    )
    yaml_of(small, WATER).write_bytes(live)
    later = waiting(small.server, tmp_path, WATER, WET, "t-later", date(2026, 7, 1))
    activate(small.server, ADMIN, later, get_edition(small.server, later).version)
    with pytest.raises(Refused, match="admin has put edition t-later into force since: take that one back first"):
        roll_back(small.server, ADMIN, made, get_edition(small.server, made).version)
    for one in (later, made):
        roll_back(small.server, ADMIN, one, get_edition(small.server, one).version)
    assert yaml_of(small, WATER).read_bytes() == before


def test_a_workspace_that_cannot_be_read_takes_no_edition(desk: World, tmp_path: Path) -> None:
    made = waiting(desk.server, tmp_path, LAYER, collection([square()]), "t-broken")
    before = yaml_of(desk).read_bytes()
    rivers = yaml_of(desk, "rivers")
    kept = rivers.read_bytes()
    rivers.write_bytes(kept.replace(b"group: ", b"gruop: "))
    try:
        with pytest.raises(ContentError) as told:
            activate(desk.server, ADMIN, made, get_edition(desk.server, made).version)
        assert told.value.text.en.startswith("layers/rivers.yaml:2: unknown key 'gruop'")
    finally:
        rivers.write_bytes(kept)
    assert yaml_of(desk).read_bytes() == before
    assert get_edition(desk.server, made).state == "audited"


def test_what_was_edited_by_hand_is_not_loaded_along_with_an_edition(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.web.editions.changed.prepare", lambda *_: "")
    made = waiting(small.server, tmp_path, WATER, WET, "2026")
    version = get_edition(small.server, made).version
    sentence = "the files of the workspace hold changes that were not loaded: look at them under Rules > Load changes"
    for file in (small.root / "rules" / "plan").glob("*.yaml"):
        kept = file.read_bytes()
        file.write_bytes(kept.replace(b"in_force: {from: 2023-01-01}", b"in_force: {from: 2024-01-01}"))
        with pytest.raises(Refused, match=sentence):
            activate(small.server, ADMIN, made, version)
        file.write_bytes(kept)
    other = yaml_of(small, "farmland")
    kept = other.read_bytes()
    other.write_bytes(kept.replace(b"accuracy_m: ", b"accuracy_m: 9"))
    with pytest.raises(Refused, match=sentence):
        activate(small.server, ADMIN, made, version)
    other.write_bytes(kept)
    activate(small.server, ADMIN, made, version)
    other.write_bytes(kept.replace(b"accuracy_m: ", b"accuracy_m: 9"))
    with pytest.raises(Refused, match=sentence):
        roll_back(small.server, ADMIN, made, get_edition(small.server, made).version)
    assert get_edition(small.server, made).state == "active"


@pytest.mark.usefixtures("quiet")
def test_a_full_disk_leaves_what_was(small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = waiting(small.server, tmp_path, WATER, WET, "t-full")
    before = yaml_of(small, WATER).read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def full(_: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))

    real = files.Replacement.make

    def replaced(self: files.Replacement) -> None:
        real(self)
        assert yaml_of(small, WATER).read_bytes() != before
        full(None)  # the commit that follows cannot be written

    version = get_edition(small.server, made).version
    try:
        full(None)
        with pytest.raises(ZoningError):
            activate(small.server, ADMIN, made, version)
        assert yaml_of(small, WATER).read_bytes() == before
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert get_edition(small.server, made).version == version
        monkeypatch.setattr(files.Replacement, "make", replaced)
        with pytest.raises(ZoningError):
            activate(small.server, ADMIN, made, version)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    monkeypatch.undo()
    assert yaml_of(small, WATER).read_bytes() == before
    assert get_edition(small.server, made).state == "audited"
    recover(small.server)
    found = get_edition(small.server, made)
    assert (found.state, found.intent) == ("audited", {})
    assert [path.name for path in (small.root / "layers").glob(".*")] == []


def test_a_server_that_is_killed_at_any_step_has_the_old_state_or_the_new_one(small: World, tmp_path: Path) -> None:
    made = waiting(small.server, tmp_path, WATER, WET, "t-killed")
    settings = small.server.settings
    told = [str(small.root), settings.register, str(settings.files), str(settings.state), made]
    done = subprocess.run(
        [sys.executable, kill_editions.__file__, *told], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == sum(len(steps) for steps in kill_editions.STEPS.values())
    for row in rows:
        assert row["killed"] == 9, row
        expected = "new" if row["step"] in kill_editions.AFTER else "old"
        assert (row["file"], row["state"], row["log"]) == (expected, expected, int(expected == "new")), row
        assert (row["intent"], row["left"]) == ({}, []), row
