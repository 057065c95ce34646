"""Every route, every role, nobody and tokens against `authorisation.yaml`: what is not in the table does not exist.

When a route is new: run this test, take the line it shows into the table, and look at it twice.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert

from security_world import Ask, ask_all, filled, signed, state_of, token
from web_world import World, world
from zoning.registers.canonical import canonical, moment
from zoning.registers.entries import Stamp
from zoning.registers.schema_server import StoredCheck, StoredJob
from zoning.web.access import EVERY_ROLE, PUBLIC, ROLES, SCOPES, Access, Who, signed_in
from zoning.web.accounts.tokens import Tokens
from zoning.web.routes import declared
from zoning.web.workers.pool import Pool

TABLE = Path(__file__).with_name("authorisation.yaml")
OPEN = ("/static",)
"""Mounts of files that everybody may have."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("authorisation"), shared_pool) as found:
        yield found


def written(access: Access) -> str:
    """Return an access as it stands in the table."""
    if access == PUBLIC:
        return "public"
    who = "signed-in" if access.roles == EVERY_ROLE else " ".join(role for role in ROLES if role in access.roles)
    scopes = opening(access)
    return f"{who} | token {' '.join(scopes)}" if scopes else who


def opening(access: Access) -> list[str]:
    """Return the scopes each of which opens a route to a token, by trying them."""
    who = Who("somebody", roles=EVERY_ROLE)
    return [scope for scope in SCOPES if access.admits(replace(who, scopes=frozenset({scope})))]


def routes(server: World) -> dict[tuple[str, str], Access]:
    """Return all routes, and POST below each mount of another application."""
    mounts = {("POST", f"{path}/x1"): access for path, access in server.app.state.mounts.items()}
    return {**declared(server.app), **mounts}


def test_the_table_is_what_the_routes_declare(server: World) -> None:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    found = {f"{method} {path}": written(access) for (method, path), access in declared(server.app).items()}
    new = "\n".join(f"{route}: {found[route]}" for route in sorted(found.keys() - table.keys(), key=_by_path))
    assert not new, f"routes without a row:\n{new}"
    assert sorted(table.keys() - found.keys()) == []
    assert {route: (table[route], found[route]) for route in table if table[route] != found[route]} == {}


def _by_path(route: str) -> tuple[str, str]:
    method, path = route.split(" ", 1)
    return path, method


def test_a_route_that_declares_nothing_stops_the_application(server: World) -> None:
    server.app.router.add_api_route("/secret", lambda: "everything", methods=["GET"])
    try:
        with pytest.raises(RuntimeError, match=r"^/secret$"):
            declared(server.app)
    finally:
        server.app.router.routes.pop()
    assert ("GET", "/secret") not in declared(server.app)


def test_whoever_is_not_named_is_turned_away_and_changes_nothing(server: World) -> None:
    browsers = {role: signed(server, role).headers() for role in ROLES}
    asks, expected = [], []
    for (method, path), access in routes(server).items():
        if access.is_public:
            continue
        place = filled(path)
        status = 303 if method == "GET" and not place.startswith(("/api/", "/ogc")) else 401
        asks.append(Ask(method, place, {"headers": {"accept": "text/html"}}))
        expected.append(status)
        asks.append(Ask(method, place, {"headers": {"cookie": "zoning_session=guessed", "accept": "text/html"}}))
        expected.append(status)
        for role in ROLES:
            if role not in access.roles:
                asks.append(Ask(method, place, {"headers": browsers[role]}))
                expected.append(403)
    before = state_of(server)
    answers = ask_all(server, asks)
    got = [answer.status_code for answer in answers]
    wrong = [(one.method, one.path, e, g) for one, e, g in zip(asks, expected, got, strict=True) if e != g]
    assert wrong == []
    assert {answer.headers["location"].split("?")[0] for answer in answers if answer.status_code == 303} == {"/sign-in"}
    assert state_of(server) == before
    assert len(asks) > 200


def test_tokens_open_only_what_takes_their_scope(server: World) -> None:
    every = token(server, "boss", *SCOPES)
    single = {scope: token(server, "boss", scope) for scope in SCOPES}
    of_role = {role: token(server, role, *SCOPES) for role in ROLES}
    asks = []
    for (method, path), access in routes(server).items():
        if access.is_public:
            continue
        place = filled(path)
        opened = opening(access)
        told = [single[scope] for scope in SCOPES if scope not in opened] if opened else [every]
        told += [of_role[role] for role in ROLES if role not in access.roles]
        asks += [Ask(method, place, {"headers": headers}) for headers in told]
    before = state_of(server)
    answers = ask_all(server, asks)
    assert [(a.method, a.path, b.status_code) for a, b in zip(asks, answers, strict=True) if b.status_code != 403] == []
    assert state_of(server) == before


def test_tokens_that_ended_or_were_changed_are_nobody(server: World) -> None:
    good = token(server, "admin", "metrics")
    revoked = token(server, "admin", "metrics")
    database = server.server.store.database
    number = revoked["authorization"].split("_")[1]
    assert Tokens(database).revoke("admin", number, Stamp("admin", server.server.now()))
    changed = good["authorization"][:-1] + ("A" if good["authorization"][-1] != "A" else "B")
    told = [good, revoked, {"authorization": changed}, {"authorization": "Bearer zt_0000000000000000_" + "a" * 43}]
    told += [{"authorization": "Basic YWRtaW46YWRtaW4="}, {"authorization": "Bearer"}, {"authorization": ""}]
    cookie = signed(server, "boss").headers()
    told += [{**cookie, "authorization": changed}]  # the cookie does not help a wrong token
    got = [answer.status_code for answer in ask_all(server, [Ask("GET", "/metrics", {"headers": h}) for h in told])]
    assert got == [200] + [401] * 7


def test_whoever_is_named_is_let_in(server: World) -> None:
    """Only pages that are looked at: a dummy in the address is not found, but nobody is turned away."""
    browsers = {role: signed(server, role).headers() for role in ROLES}
    asks = [
        Ask("GET", filled(path), {"headers": browsers[role]})
        for (method, path), access in routes(server).items()
        if method == "GET" and not access.is_public and path not in OPEN
        for role in sorted(access.roles)[:1]
    ]
    got = [(one.path, answer.status_code) for one, answer in zip(asks, ask_all(server, asks), strict=True)]
    assert [found for found in got if found[1] in (401, 403) or found[1] >= 500] == []
    assert {status for _, status in got} <= {200, 303, 307, 400, 404, 422}


def test_checks_and_jobs_of_others_do_not_exist(server: World) -> None:
    """A role opens a route, not what belongs to somebody else."""
    at, day = moment(server.server.now()), server.server.today()
    check = dict.fromkeys(("answer", "decision", "error", "previous"), "") | {"shared": False, "facts": "{}"}
    request = canonical({"name": "a.geojson", "sha256": "0" * 64, "path": f"00/{'0' * 64}.geojson", "options": {}})
    owner = {"account": "reviewer", "title": "secret title", "at": at}
    with server.server.store.database.writing() as connection:
        row = {**check, **owner, "id": "secret", "day": day, "state": "failed", "request": request}
        connection.execute(insert(StoredCheck).values(row))
        title = canonical({"zh": "secret title", "en": "secret title"})
        given = canonical({"files": [], "language": "zh", "roles": ["reviewer"]})
        job = {
            "kind": "batch",
            "arguments": "[]",
            "inputs": given,
            "state": "done",
            "started": at,
            "ended": at,
            "code": 0,
        }
        connection.execute(insert(StoredJob).values({**owner, **job, "id": "secret", "title": title}))
    browsers = {name: signed(server, name).headers() for name in ("planner", "viewer")}
    asks = []
    for (method, path), access in routes(server).items():
        belongs = path.startswith(("/checks/{", "/jobs/{", "/api/v1/checks/{", "/api/v1/jobs/{"))
        for name, headers in browsers.items():
            if belongs and name in access.roles:
                place = path.replace("{check}", "secret").replace("{job}", "secret")
                asks.append(Ask(method, filled(place), {"headers": headers}))
    before = state_of(server)
    answers = ask_all(server, asks)
    got = [(one.method, one.path, answer.status_code) for one, answer in zip(asks, answers, strict=True)]
    assert [found for found in got if found[2] not in (403, 404)] == []
    assert not any("secret title" in answer.text for answer in answers)
    assert state_of(server) == before
    assert len(asks) > 20
    lists = [
        Ask("GET", path, {"headers": browsers["viewer"]})
        for path in ("/", "/checks", "/checks?all=1", "/jobs?whose=all")
    ]
    assert not any("secret title" in answer.text for answer in ask_all(server, lists))


def test_what_changes_something_wants_the_mark_of_the_session_and_our_own_page(server: World) -> None:
    boss = signed(server, "boss")
    other = signed(server, "reviewer")
    foreign = {
        "origin": {**boss.headers(), "origin": "http://evil.example"},
        "null": {**boss.headers(), "origin": "null"},
        "site": {**boss.headers(), "sec-fetch-site": "cross-site"},
        "same-site": {**boss.headers(), "sec-fetch-site": "same-site"},
        "referer": {**boss.headers(), "referer": "http://evil.example/testserver"},
        "no mark": boss.headers(mark=False),
        "empty mark": {**boss.headers(), "x-csrf": ""},
        "mark of another": {**boss.headers(), "x-csrf": other.csrf},
    }
    asks = []
    for (method, path), access in routes(server).items():
        if method in ("GET", "HEAD", "OPTIONS") or access.is_public:
            continue
        asks += [Ask(method, filled(path), {"headers": headers}) for headers in foreign.values()]
        field = {"csrf": other.csrf}
        asks.append(Ask(method, filled(path), {"headers": boss.headers(mark=False), "data": field}))
        asks.append(Ask(method, filled(path), {"headers": boss.headers(mark=False), "files": {"csrf": ("f", b"x")}}))
    before = state_of(server)
    answers = ask_all(server, asks)
    assert [(one.path, a.status_code) for one, a in zip(asks, answers, strict=True) if a.status_code != 403] == []
    assert state_of(server) == before
    assert len(asks) > 100
    assert "请求不是从本系统页面发出的，未执行；请刷新页面后重试" in answers[0].text


def test_forms_for_everybody_are_not_taken_from_other_sites_either(server: World) -> None:
    """Signing somebody in under the attacker's account is an attack too."""
    public = [path for (method, path), access in declared(server.app).items() if method == "POST" and access.is_public]
    assert set(public) >= {"/language", "/sign-in"}
    foreign = ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"})
    asks = [Ask("POST", path, {"headers": h, "data": {"name": "boss"}}) for path in public for h in foreign]
    assert {answer.status_code for answer in ask_all(server, asks)} == {403}


def test_signed_in_names_every_role() -> None:
    assert signed_in().roles == frozenset(ROLES)
