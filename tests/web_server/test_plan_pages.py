"""Pages of planners and restoration teams: forms become exact command lines, and jobs run to their end."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from parcel_world import FIRST, browser_of, said, with_parcels
from web_world import Browser, World
from zoning.web import jobs
from zoning.web.access import Who
from zoning.web.jobs import Job
from zoning.web.jobs.places import REGISTER, uses_register, with_register
from zoning.web.planner.mine_tools import gathered

RESTORER = Who("restoration", "修复", frozenset({"restoration"}))


@pytest.fixture
def quiet(office: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a server whose jobs wait for ever: what is tested is their command line."""
    monkeypatch.setattr("zoning.web.jobs.starting.runner_of", lambda _: _Idle())
    return with_parcels(office)


class _Idle:
    def wake(self) -> None:
        """Do nothing."""


def started(browser: Browser, path: str, told: dict[str, Any], files: dict[str, Any] | None = None) -> str:
    """Send a form; return the id of the job."""
    answer = browser.post(path, told, files=files)
    assert answer.status_code == 303, said(answer)
    return str(answer.headers["location"]).removeprefix("/jobs/")


def line_of(office: World, job: str) -> list[str]:
    """Return the command line, with the register and folders of the server as words."""
    settings = office.server.settings
    places = {str(Path(settings.register).absolute()): "REGISTER", str(settings.files.absolute()): "FILES"}
    found = []
    for argument in jobs.get_job(office.server, job).arguments:
        for path, word in {**places, str(settings.state): "STATE", str(settings.workspace): "W"}.items():
            argument = argument.replace(path, word)  # noqa: PLW2901 - the argument as it is shown
        found.append(argument)
    return found


def ended(office: World, job: str, seconds: float = 60.0) -> Job:
    """Return a job when it has ended."""
    until = time.monotonic() + seconds
    while not (found := jobs.get_job(office.server, job)).has_ended:
        assert time.monotonic() < until, found.progress
        time.sleep(0.05)
    return found


BOX = '{"type":"Polygon","coordinates":[[[112.4,35.4],[112.5,35.4],[112.5,35.5],[112.4,35.4]]]}'
SITE = ("site.geojson", BOX.encode(), "application/json")
PLANS: list[tuple[str, dict[str, Any], dict[str, Any] | None, list[str]]] = [
    ("plan-audit", {}, None, ["plan", "audit", "--out={out}"]),
    (
        "plan-audit",
        {"territory": "140522", "layer": ["townships", "ecological-red-line"]},
        None,
        ["plan", "audit", "--out={out}", "--territory=140522", "--layer=townships", "--layer=ecological-red-line"],
    ),
    (
        "plan-audit",
        {"layer": "townships"},
        {"file": SITE},
        ["plan", "audit", "--out={out}", "--layer=townships", "--with=townships={0}"],
    ),
    ("plan-indicators", {"territory": "140522"}, None, ["plan", "indicators", "--out={out}", "--territory=140522"]),
    (
        "plan-statistics",
        {"territory": "140522", "by": "none", "layer": "townships"},
        None,
        ["plan", "statistics", "--out={out}", "--territory=140522", "--by=none", "--layer=townships"],
    ),
    (
        "plan-units",
        {"territory": "140522", "scheme": "zones", "previous": "none", "minimum": "1ha"},
        None,
        ["plan", "zones", "--out={out}", "--territory=140522", "--previous=none", "--minimum=1ha"],
    ),
    (
        "plan-select",
        {"territory": "140522", "area": "30亩", "width": "40", "places": "3", "construction": "new"},
        None,
        ["advise", "--select", "--out={out}", "--map=html", "--area=30亩", "--width=40", "--places=3",
         "--within=140522", "--set=construction=new"],
    ),
    (
        "plan-select",
        {"area": "2ha", "width": "50"},
        {"within": SITE},
        ["advise", "--select", "--out={out}", "--map=html", "--area=2ha", "--width=50", "--within={0}"],
    ),
    ("plan-advise", {}, {"site": SITE}, ["advise", "--out={out}", "--map=html", "{0}"]),
]  # fmt: skip


def test_every_form_of_planners_becomes_its_command_line(quiet: World) -> None:
    browser = browser_of(quiet, "planner")
    for tool, told, files, line in PLANS:
        assert line_of(quiet, started(browser, f"/plan/{tool}", told, files)) == line, tool
    job = started(browser, "/plan/plan-compare-file", {"layer": "townships"}, {"file": SITE})
    line = line_of(quiet, job)
    assert line[:3] == ["compare", "--layer=townships", "--out={out}"]
    assert line[3].startswith("W/layers/")
    assert line[4] == "{0}"
    assert jobs.get_job(quiet.server, job).title.zh == "文件与现行版本比较：乡镇（街道）"
    assert len(re.findall(r'<li><a href="/jobs/', browser.get("/plan").text)) == 8


def test_two_editions_of_one_layer_are_compared(quiet: World) -> None:
    browser = browser_of(quiet, "planner")
    page = browser.get("/plan").text
    listed = page.split('id="plan-compare-before"')[1].split("</select>")[0]
    pairs = [tuple(one.split(" / ")) for one in re.findall(r'value="([^"]+)"', listed)]
    layer = pairs[0][0]
    first, second = [edition for name, edition in pairs if name == layer][:2]
    told = {"before": f"{layer} / {first}", "after": f"{layer} / {second}"}
    line = line_of(quiet, started(browser, "/plan/plan-compare", told))
    assert line == ["compare", f"--layer={layer}", f"--from={first}", f"--to={second}", "--out={out}"]
    same = browser.post("/plan/plan-compare", {**told, "after": told["before"]})
    assert (same.status_code, said(same)) == (400, "请选两个不同的版本")


def test_every_form_of_the_desk_becomes_its_command_line(quiet: World) -> None:
    browser = browser_of(quiet, "restoration")
    where = ["--register={register}"]
    files = [*where, "--files=FILES"]
    dem = {"dem": ("dem.tif", b"II*", "image/tiff")}
    for name, told, sent, line in (
        ("mode", {"territory": "140522"}, dem, [*where, "--out={out}", "--territory=140522", "--dem={0}"]),
        ("priority", {"start": "112.86,35.5"}, None, [*where, "--out={out}", "--start=112.86,35.5"]),
        ("works", {"design": "720.5"}, None, [*where, "--out={out}", "--design=720.5"]),
        ("dashboard", {"photos": "yes"}, None, [*files, "--out={out}/dashboard.html"]),
        ("dashboard", {}, None, [*files, "--out={out}/dashboard.html", "--no-photos"]),
        ("report", {"record": FIRST, "to": ["pdf", "html"]}, None,
         [*files, "--out={out}", "--to=pdf", "--to=html", "--", FIRST]),
    ):  # fmt: skip
        job = started(browser, f"/mines/desk/mines-{name}", told, sent)
        assert line_of(quiet, job) == ["mines", name, *line], name
    assert f'value="{FIRST}"' in browser.get(f"/mines/desk?record={FIRST}").text
    answer = browser.post("/mines/desk/mines-plan", {"to": "pdf"})
    assert (answer.status_code, said(answer)) == (400, "请先做“优先顺序”，再编修复计划")


WRONG = [
    ("/mines/desk/mines-priority", {"territory": "--help"}, "行政区：“--help”不对"),
    ("/mines/desk/mines-priority", {"start": "{out}"}, "由近及远的起点：“{out}”不对"),
    ("/mines/desk/mines-works", {"design": "/etc/passwd"}, "设计面：“/etc/passwd”不对"),
    ("/mines/desk/mines-report", {"record": "--personal"}, "台账中没有图斑“--personal”"),
    ("/mines/desk/mines-report", {}, "请填写：图斑编号"),
    ("/mines/desk/mines-plan", {"to": "exe"}, "格式：“exe”不对"),
    (
        "/plan/plan-select",
        {"territory": "140522", "area": "2 --out=/x", "width": "5"},
        "用地面积：“2 --out=/x”不对",
    ),
    ("/plan/plan-select", {"area": "2ha", "width": "5"}, "请选行政区，或上传选址范围"),
    ("/plan/plan-statistics", {}, "请填写：行政区"),
    ("/plan/plan-units", {"territory": "140522", "scheme": "grid"}, "划定什么：“grid”不对"),
]


def test_what_was_typed_never_becomes_another_option(quiet: World) -> None:
    browser = browser_of(quiet, "boss")
    for path, told, sentence in WRONG:
        answer = browser.post(path, told)
        assert (answer.status_code, said(answer)) == (400, sentence)
    assert jobs.list_jobs(quiet.server) == ()


def test_the_address_of_the_register_is_filled_in_when_a_job_runs_and_never_kept(quiet: World) -> None:
    job = started(browser_of(quiet, "restoration"), "/mines/desk/mines-report", {"record": FIRST})
    line = line_of(quiet, job)
    assert line[2] == REGISTER
    url = "postgresql://u:secret@db/z"
    assert with_register(line, url)[2] == f"--register={url}"
    assert with_register(line, "a/r.sqlite")[2] == f"--register={Path('a/r.sqlite').absolute()}"
    # A parcel may be called anything: behind "--" nothing is an option.
    named = ["mines", "report", "--", REGISTER]
    assert not uses_register(named)
    assert with_register(named, url) == named


def test_works_and_the_page_of_the_desk_run_to_their_end(office: World) -> None:
    browser = browser_of(with_parcels(office), "restoration")
    first = ended(office, started(browser, "/mines/desk/mines-works", {"territory": "140522"}))
    assert (first.state, first.code) == ("done", 0), first.progress
    assert {one.name for one in first.results} == {"works.gpkg", "works.json", "works.xlsx"}
    assert first.title.zh == "工程量和造价：阳城县"
    folder = gathered(office.server, RESTORER)
    assert folder is not None
    assert [one.name for one in folder.iterdir()] == ["works.json"]
    second = ended(office, started(browser, "/mines/desk/mines-dashboard", {}))
    assert (second.state, second.code) == ("done", 0), second.progress
    (made,) = second.results
    assert FIRST in made.path.read_text(encoding="utf-8")
    shown = browser.get(f"/jobs/{second.id}/files/{made.name}")
    assert shown.headers["content-security-policy"].startswith("sandbox")
    # Analyses are those of one person.
    assert gathered(office.server, Who("boss", "主任", frozenset({"restoration"}))) is None
    assert browser_of(office, "viewer").get(f"/jobs/{second.id}").status_code in (403, 404)


def test_planners_and_restoration_teams_have_pages_of_their_own(office: World) -> None:
    for name, plan, desk in (
        ("planner", 200, 403),
        ("restoration", 403, 200),
        ("viewer", 403, 403),
        ("boss", 200, 200),
    ):
        browser = browser_of(office, name, language="en")
        assert (browser.get("/plan").status_code, browser.get("/mines/desk").status_code) == (plan, desk)
