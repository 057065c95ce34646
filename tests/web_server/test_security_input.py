"""What people and files bring in: every field of every form, every address, hostile files. Nothing of it runs."""

import json
import zipfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

import hostile_files as hostile
from html_forms import Form, Page, read_page
from live_server import Lent
from long_runs import times
from security_world import Ask, Signed, ask_all, filled, signed, state_of
from web_world import World, quickly_hashed, world
from zoning.web.routes import declared
from zoning.web.workers.pool import Pool
from zoning.web.workers.work import Outcome, Task, failure

MARK = "zz9x"
PAYLOADS = (
    f"<{MARK} on{MARK}=1>",
    f'"><{MARK}>',
    f"'><{MARK}>",
    f'" on{MARK}="alert(1)',
    f"' on{MARK}='alert(1)",
    f"</script><{MARK}>",
    f"</textarea></title></select><{MARK}>",
    f"<!--<{MARK}>-->",
    f"<svg/on{MARK}=alert(1)>",
    f"javascript:alert('{MARK}')",
    f"{{{{ 7 * '{MARK}' }}}}{{% raw %}}",
    f"&lt;{MARK}&gt;\\u003c{MARK}\\x3c{MARK}",
    f"<![CDATA[<{MARK}>]]>",
)
SHAPE = {"type": "Polygon", "coordinates": [[[112.3, 35.4], [112.3004, 35.4], [112.3004, 35.4004], [112.3, 35.4]]]}
"""Small: what is computed is of no matter here, and large footprints take longer."""
NOT_SENT = ("/sign-out", "/account/password", "/account/sessions", "/language", "/account/language", "/sign-in")
"""Forms that would end the session or the language; their fields are tried in tests of their own."""


class _WithoutJobs(Lent):
    """Workers who do checks and pages; their jobs end at once without a result, which nobody looks at here."""

    @property
    def jobs(self) -> "_NoJobs":
        return _NoJobs()


class _NoJobs:
    def run(self, task: Task, on_start: Any = None) -> Outcome:
        del on_start
        task.folder.mkdir(parents=True, exist_ok=True)
        return Outcome("died", -1, 0.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    pool: Any = _WithoutJobs(shared_pool)
    with world(shared_root, tmp_path_factory.mktemp("input"), pool, is_shared=True) as found:
        yield found


@pytest.fixture(scope="module")
def boss(server: World) -> Signed:
    return signed(server, "boss")


def collection(*names: str) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": name, name: name, "地块名称": name}, "geometry": SHAPE}
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "name": names[0], "features": features}).encode()


def check_file(server: World, boss: Signed, name: str, content: bytes) -> httpx.Response:
    """Hand in a file and return the page of its verdict."""
    upload = Ask("POST", "/check", {"headers": boss.headers(), "files": {"file": (name, content)}})
    answer = ask_all(server, [upload])[0]
    if answer.status_code != 303:
        return answer
    return ask_all(server, [Ask("GET", answer.headers["location"], {"headers": boss.headers()})])[0]


def look(path: str, answer: httpx.Response) -> Page:
    """Return what a page consists of; maps are documents in a sandbox, whose own scripts may run there."""
    page = read_page(f"http://testserver{path}", answer.text, MARK)
    if answer.headers["content-security-policy"].startswith("sandbox "):
        page.strange = [one for one in page.strange if MARK in one]
        page.forms = []
    return page


def crawl(server: World, boss: Signed, most: int = 50, without: str = "-") -> dict[str, Any]:
    """Return the pages that can be reached by links, by path; each part of the workbench a few times at most."""
    seen: dict[str, Any] = {}
    kinds: dict[str, int] = {}
    todo = ["/", "/account", "/accounts", "/check", "/checks", "/cases", "/jobs", "/layers", "/hooks"]
    while todo and len(seen) < most:
        batch, todo = todo[:30], todo[30:]
        for path, answer in zip(batch, ask_all(server, [get(path, boss) for path in batch]), strict=True):
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code != 200 or not is_page:
                assert answer.status_code < 500, path
                continue
            seen[path] = look(path, answer)
            for link in seen[path].links:
                parts = urlsplit(link)
                kind = "/".join(parts.path.split("/")[:2])
                is_new = parts.path not in seen and parts.path not in todo + batch and without not in parts.path
                if parts.netloc == "testserver" and is_new:
                    kinds[kind] = kinds.get(kind, 0) + 1
                    if kinds[kind] <= 5:
                        todo.append(parts.path)
    return seen


def get(path: str, boss: Signed) -> Ask:
    return Ask("GET", path, {"headers": boss.headers()})


def answers_for(form: Form, payload: str) -> dict[str, Any]:
    """Fill a form in: the payload where people write, a choice where they choose."""
    told: dict[str, Any] = {}
    for name, entries in form.fields.items():
        kind, value = entries[-1]
        if kind in ("hidden", "option", "button", "radio", "checkbox", "number", "date", "range", "color"):
            told[name] = value
        elif kind not in ("file", "submit"):
            told[name] = payload
    return told


def send(form: Form, boss: Signed, payload: str) -> Ask:
    told = {name: value for name, value in answers_for(form, payload).items() if name != "csrf"}
    files = [name for name, entries in form.fields.items() if entries[-1][0] == "file"]
    path = urlsplit(form.action).path
    if form.method == "get":
        return Ask("GET", path, {"headers": boss.headers(), "params": told})
    options: dict[str, Any] = {"headers": boss.headers(), "data": told}
    if files:
        options["files"] = [(name, (f"{payload}.geojson", collection(payload))) for name in files]
    return Ask("POST", path, options)


def test_no_field_of_any_form_becomes_a_part_of_a_page(server: World, boss: Signed) -> None:
    sites = collection(*PAYLOADS[:4])
    assert check_file(server, boss, f"<{MARK}>\"'.geojson", sites).status_code == 200
    pages = crawl(server, boss, without="/map")  # the maps have no forms
    forms: dict[tuple[str, str, str], Form] = {}
    for page in pages.values():
        for form in page.forms:
            path = urlsplit(form.action).path
            if path not in NOT_SENT and not path.startswith("/accounts/"):
                forms[form.method, path, ",".join(form.fields)] = form
    payloads = cycle(PAYLOADS)
    asks = [send(form, boss, next(payloads)) for form in forms.values() for _ in range(times(1, 2))]
    faults: list[tuple[str, str, int | str]] = []
    for ask, answer in zip(asks, ask_all(server, asks), strict=True):
        if answer.status_code >= 500:
            faults.append((ask.method, ask.path, answer.status_code))
        elif answer.headers.get("content-type", "").startswith("text/html"):
            faults += [(ask.method, ask.path, one) for one in look(ask.path, answer).strange]
    assert faults == []
    after = crawl(server, boss)
    assert {path: page.strange for path, page in after.items() if page.strange} == {}
    assert len(forms) >= 8, sorted(forms)
    assert len(after) >= 12, sorted(after)


def test_accounts_with_hostile_names_of_persons_are_shown_as_they_are(
    server: World, boss: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.web.accounts.accounts.hashed", quickly_hashed)
    asks = []
    for number, payload in enumerate(PAYLOADS):
        form = {"name": f"p{number}", "title": payload, "password": "three mountains 1", "role": "viewer"}
        asks.append(Ask("POST", "/accounts", {"headers": boss.headers(), "data": form}))
    assert {answer.status_code for answer in ask_all(server, asks)} == {303}
    pages = ask_all(server, [get("/accounts", boss), *(get(f"/accounts/p{n}", boss) for n in range(len(PAYLOADS)))])
    for answer in pages:
        assert read_page("http://testserver/", answer.text, MARK).strange == []
    assert f"&lt;{MARK} on{MARK}=1&gt;" in pages[0].text
    own = ask_all(server, [get("/account", signed(server, "p0"))])[0]
    assert read_page("http://testserver/", own.text, MARK).strange == []


@pytest.mark.parametrize("payload", [PAYLOADS[0], PAYLOADS[3], PAYLOADS[5], PAYLOADS[9]])
def test_addresses_are_not_repeated_as_they_are(server: World, boss: Signed, payload: str) -> None:
    asks = []
    for method, path in declared(server.app):
        if method == "GET" and not path.startswith(("/static", "/ogc")):
            place = path
            while "{" in place:
                place = place[: place.index("{")] + quote(payload, safe="") + place[place.index("}") + 1 :]
            names = ("q", "next", "lang", "done", "state", "page", "kind", "error", "code", "layer")
            asks.append(Ask("GET", place, {"headers": boss.headers(), "params": dict.fromkeys(names, payload)}))
    for ask, answer in zip(asks, ask_all(server, asks), strict=True):
        assert answer.status_code < 500, (ask.path, answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert look(ask.path, answer).strange == [], ask.path


HTML = {"accept": "text/html"}
INJECTIONS = (
    "' OR '1'='1",
    "1; DROP TABLE server_account;--",
    "' UNION SELECT password FROM server_account--",
    "\\'--",
    "%27",
)


def test_no_address_or_field_reaches_the_database_as_words_of_sql(server: World, boss: Signed) -> None:
    before = state_of(server)[0].count('INSERT INTO "server_account"')
    asks = []
    for method, path in declared(server.app):
        for text in INJECTIONS[:3] if "{" in path else INJECTIONS[:1]:
            if method != "GET" or path.startswith("/static"):
                continue
            place = path
            while "{" in place:
                place = place[: place.index("{")] + quote(text, safe="") + place[place.index("}") + 1 :]
            names = ("q", "state", "page", "kind", "layer", "bbox", "sort", "limit", "offset", "account", "whose")
            asks.append(Ask("GET", place, {"headers": boss.headers(), "params": dict.fromkeys(names, text)}))
    for ask, answer in zip(asks, ask_all(server, asks), strict=True):
        assert answer.status_code < 500, (ask.path, answer.status_code)
        assert "argon2" not in answer.text, ask.path
    tries = [Ask("POST", "/sign-in", {"data": {"name": text, "password": text}}) for text in INJECTIONS]
    tries += [
        Ask("GET", "/account", {"headers": {"cookie": f"zoning_session={quote(text)}", **HTML}}) for text in INJECTIONS
    ]
    tries += [Ask("GET", "/metrics", {"headers": {"authorization": f"Bearer {text}"}}) for text in INJECTIONS]
    got = [answer.status_code for answer in ask_all(server, tries)]
    assert got == [401] * 5 + [303] * 5 + [401] * 5
    assert state_of(server)[0].count('INSERT INTO "server_account"') == before


PLACES = (
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static/..%5capp.py",
    "/static/%252e%252e/app.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/frame.css%00.html",
    "/static/.%00./app.py",
    "/static/" + "a" * 5000,
    "/map/assets/..%2f..%2fapp.py",
    "/map/assets/%2e%2e",
    "/map/layers/..%2f..%2fzoning.yaml",
    "/layers/..%2f..%2fzoning",
    "/jobs/..%2f..%2f/files/register.sqlite",
    "/jobs/x/files/../../../register.sqlite",
    "/jobs/x/files/%2e%2e%2f%2e%2e%2fregister.sqlite",
    "/checks/..%2f..%2fregister",
    "/cases/..%2f..%2fregister/files/1",
    "/editions/..%2f..%2fregister/file",
)


def test_addresses_do_not_leave_their_folder(server: World, boss: Signed) -> None:
    answers = ask_all(server, [get(place, boss) for place in PLACES])
    for place, answer in zip(PLACES, answers, strict=True):
        assert answer.status_code in (400, 404, 422), (place, answer.status_code, answer.text[:200])
        assert not any(word in answer.text for word in ("create_app", "root:", "SQLite format", "measuring:")), place


NAMES = (
    "../../evil.geojson",
    "/etc/cron.d/evil.geojson",
    "C:\\Windows\\evil.geojson",
    "evil.geojson\0.txt",
    "a" * 300 + ".geojson",
    ".geojson",
    "..",
    "-rf.geojson",
    "a\r\nX: y.geojson",
    "$(touch evil).geojson",
    "/vsicurl/http:evil.geojson",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_do_not_lead_elsewhere(server: World, boss: Signed, tmp_path: Path, name: str) -> None:
    home = server.server.settings.state.parent
    answer = check_file(server, boss, name, collection("地块"))
    assert answer.status_code in (200, 400), answer.text[:300]
    outside = [path for path in home.parent.rglob("*evil*") if path.is_file()]
    assert outside == []
    assert not list(tmp_path.iterdir())
    files = server.server.settings.files
    kept = [path for path in files.rglob("*") if path.is_file()]
    assert all(len(path.relative_to(files).parts) == 2 and len(path.stem) == 64 for path in kept)


def bomb(folder: Path) -> Path:
    """Write a zip whose 300 MB of zeros are 300 kB."""
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.geojson", "w") as target:
        for _ in range(300):
            target.write(bytes(1 << 20))
    return path


def slip(folder: Path) -> Path:
    """Write a zip with members that lead elsewhere."""
    path = folder / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../evil.geojson", "/tmp/evil.geojson", "..\\evil.geojson"):  # noqa: S108 - that is the attack
            archive.writestr(name, collection("地块"))
    return path


FILES: dict[str, hostile.Maker] = {
    "zip bomb": bomb,
    "zip that leads elsewhere": slip,
    "XXE in KML": hostile.xml("a.kml", "kml", external=True),
    "billion laughs in KML": hostile.xml("a.kml", "kml"),
    "XXE in GML": hostile.xml("a.gml", "gml:FeatureCollection", external=True),
    "VRT that asks another server": hostile.text("a.vrt", hostile.VRT),
    "VRT under another name": hostile.text("a.geojson", hostile.VRT),
    "deep collections": hostile.collections(20_000),
    "HTML": hostile.text("a.html", f"<{MARK}>"),
    "empty": hostile.text("a.geojson", ""),
}


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_are_refused_in_a_sentence(server: World, boss: Signed, tmp_path: Path, name: str) -> None:
    made = FILES[name](tmp_path)
    page = check_file(server, boss, made.name, made.read_bytes())
    assert page.status_code == 200, page.text[:300]
    assert 'class="problem"' in page.text
    assert failure("died").zh not in page.text
    assert "root:" not in page.text
    assert read_page("http://testserver/", page.text, MARK).strange == []
    home = server.server.settings.state.parent
    assert [path for path in home.parent.rglob("*evil*") if path.is_file()] == []
    # Nothing is left of a task, and the worker goes on.
    assert list((server.server.settings.state / "uploads").iterdir()) == []


def test_a_worker_goes_on_after_hostile_files(server: World, boss: Signed) -> None:
    content = (server.root / "examples" / "school.geojson").read_bytes()
    page = check_file(server, boss, "school.geojson", content)
    assert page.status_code == 200
    assert 'class="problem"' not in page.text


def test_every_route_was_tried(server: World) -> None:
    assert filled("/a/{b}/c/{d:path}") == "/a/x1/c/x1"
    assert sum(method == "GET" for method, _ in declared(server.app)) > 40
