"""A tiny application with routes of every access: what each of them answers to each who asks."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.requests import ClientDisconnect

from zoning.errors import ContentError
from zoning.registers.failures import RegisterFailedError
from zoning.web.access import NOBODY, PUBLIC, Who, only, signed_in
from zoning.web.accounts.guards import Guards
from zoning.web.refusals import Refused, add_refusals, not_found
from zoning.web.routes import Routes, declared, guarded_mount
from zoning.web.server import who_of
from zoning.web.settings import Quotas

PEOPLE = {
    "": NOBODY,
    "viewer": Who("li", "李四", frozenset({"viewer"}), csrf="mark-of-li"),
    "reviewer": Who("zhang", "张三", frozenset({"reviewer"}), csrf="mark"),
    "program": Who("zhang", "张三", frozenset({"reviewer"}), scopes=frozenset({"check"})),
}
routes = Routes(prefix="/part")


@routes.get("/open", access=PUBLIC)
def open_page(request: Request) -> Response:
    return Response(who_of(request).name or "nobody")


@routes.get("/inside", access=signed_in())
def inside(request: Request) -> Response:
    return Response(who_of(request).name)


@routes.get("/cases", access=only("reviewer", scope="check"))
def cases(request: Request) -> Response:
    return Response(who_of(request).name)


@routes.get("/metrics", access=only("reviewer", scope="metrics"))
def metrics() -> Response:
    return Response("figures")


@routes.post("/change", access=only("reviewer", scope="check"))
async def change(request: Request) -> Response:
    return Response(f"changed {len(await request.body())}")


@routes.post("/sign-in", access=PUBLIC)
async def sign(request: Request) -> Response:
    return Response(str((await request.form()).get("name")))


@routes.get("/broken", access=PUBLIC)
def broken() -> Response:
    raise RuntimeError("a secret path")


@routes.get("/gone", access=PUBLIC)
def gone() -> Response:
    raise not_found("没有", "none")


@routes.get("/unreadable", access=PUBLIC)
def unreadable() -> Response:
    raise ContentError("/srv/files/ab/x.json 坏", "/srv/files/ab/x.json is broken") from None


@routes.get("/left", access=PUBLIC)
def left() -> Response:
    raise ClientDisconnect


@routes.get("/numbered", access=PUBLIC)
def numbered(number: int) -> Response:
    return Response(str(number))


@routes.any("/both", ["PUT", "DELETE"], access=PUBLIC)
def both(request: Request) -> Response:
    return Response(request.method)


def identify(request: Request) -> Who:
    """Return who asks, as a header says it; "lost": the register does not answer."""
    name = request.headers.get("x-who", "")
    if name == "lost":
        raise RegisterFailedError("台账没有应答", "the register does not answer")
    return PEOPLE[name]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    made = FastAPI(openapi_url=None)
    places = {"state": Path("/srv/state"), "files": Path("/srv/files"), "workspace": Path("/srv/w")}
    settings = SimpleNamespace(public_url="", quotas=Quotas(), **places)
    made.state.server = SimpleNamespace(settings=settings, guards=Guards())
    made.state.identify = identify
    made.state.mounts = {}
    add_refusals(made)
    routes.install(made)
    return made


@pytest.fixture
def ask(app: FastAPI) -> Callable[..., httpx.Response]:
    def send(method: str, path: str, who: str = "", **options: Any) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://zoning.example") as client:
                told = {"x-who": who, "accept": "application/json", **options.pop("headers", {})}
                return await client.request(method, f"/part{path}", headers=told, **options)

        return asyncio.run(answer())

    return send


def said(answer: httpx.Response) -> str:
    return str(answer.json()["detail"]["en"])


Ask = Callable[..., httpx.Response]


@pytest.mark.parametrize(("who", "name"), [("", "nobody"), ("viewer", "li"), ("program", "zhang")])
def test_what_is_public_is_shown_and_knows_who_asks(ask: Ask, who: str, name: str) -> None:
    answer = ask("GET", "/open", who)
    assert (answer.status_code, answer.text) == (200, name)


@pytest.mark.parametrize(
    ("path", "who", "status", "sentence"),
    [
        ("/inside", "", 401, "sign in first"),
        ("/inside", "program", 403, "tokens do not open pages: sign in"),
        ("/cases", "", 401, "sign in first"),
        ("/cases", "viewer", 403, "your role may not use this"),
        ("/metrics", "program", 403, "the token lacks the scope metrics"),
        ("/metrics", "viewer", 403, "your role may not use this"),
    ],
)
def test_who_is_turned_away_is_told_why(ask: Ask, path: str, who: str, status: int, sentence: str) -> None:
    answer = ask("GET", path, who)
    assert (answer.status_code, said(answer)) == (status, sentence)


@pytest.mark.parametrize(("path", "who"), [("/inside", "viewer"), ("/cases", "reviewer"), ("/cases", "program")])
def test_whom_the_route_names_is_admitted(ask: Ask, path: str, who: str) -> None:
    assert ask("GET", path, who).status_code == 200


def test_who_is_not_signed_in_is_told_how_programs_do_it(ask: Ask) -> None:
    assert ask("GET", "/inside").headers["www-authenticate"] == "Bearer"


def test_a_token_that_is_not_good_is_called_that(ask: Ask) -> None:
    answer = ask("GET", "/cases", headers={"authorization": "Bearer x"})
    assert (answer.status_code, said(answer)) == (401, "the token is unknown, has expired or was revoked")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/inside", "%2Fpart%2Finside"),
        ("/inside?q=a&b=1", "%2Fpart%2Finside%3Fq%3Da%26b%3D1"),
        ("/cases?next=//evil.example", "%2Fpart%2Fcases%3Fnext%3D%2F%2Fevil.example"),
    ],
)
def test_a_person_is_led_to_the_sign_in_page_and_back(ask: Ask, path: str, target: str) -> None:
    answer = ask("GET", path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={target}")


def test_a_person_who_is_signed_in_is_not_led_to_the_sign_in_page(ask: Ask) -> None:
    assert ask("GET", "/cases", "viewer", headers={"accept": "application/json"}).status_code == 403


def test_a_change_with_the_mark_of_the_session_is_carried_out(ask: Ask) -> None:
    answer = ask("POST", "/change", "reviewer", headers={"x-csrf": "mark"}, content=b"12345")
    assert (answer.status_code, answer.text) == (200, "changed 5")


@pytest.mark.parametrize("mark", [{}, {"x-csrf": "mark-of-li"}])
def test_a_change_without_the_mark_of_this_session_is_not(ask: Ask, mark: dict[str, str]) -> None:
    answer = ask("POST", "/change", "reviewer", headers=mark, content=b"12345")
    assert answer.status_code == 403
    assert said(answer).startswith("this request did not come from a page of this system")


def test_a_program_needs_no_mark(ask: Ask) -> None:
    assert ask("POST", "/change", "program", content=b"12").text == "changed 2"


def test_the_role_is_asked_before_the_mark(ask: Ask) -> None:
    assert said(ask("POST", "/change", "viewer", headers={"x-csrf": "mark-of-li"})) == "your role may not use this"


def test_nobody_is_led_to_the_sign_in_page_by_a_change(ask: Ask) -> None:
    assert ask("POST", "/change", headers={"accept": "application/json"}).status_code == 401


def test_the_sign_in_form_of_this_page_is_read(ask: Ask) -> None:
    assert ask("POST", "/sign-in", data={"name": "张三"}).text == "张三"


def test_a_sign_in_form_of_another_site_is_not(ask: Ask) -> None:
    answer = ask("POST", "/sign-in", data={"name": "张三"}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(("count", "status"), [(2000, 200), (2001, 400)])
def test_a_form_of_thousands_of_fields_is_not_read(ask: Ask, count: int, status: int) -> None:
    fields = {"name": "x", **{f"f{number}": "" for number in range(count - 1)}}
    assert ask("POST", "/sign-in", data=fields).status_code == status


def test_a_fault_of_the_program_is_told_by_a_number(ask: Ask) -> None:
    answer = ask("GET", "/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert said(answer).startswith("a fault of the program: nothing was done; number ")


def test_a_refusal_of_a_page_keeps_its_status_and_sentence(ask: Ask) -> None:
    answer = ask("GET", "/gone")
    assert answer.json() == {"status": 404, "title": "none", "detail": {"zh": "没有", "en": "none"}}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_sentence_of_a_page_does_not_tell_where_files_lie(ask: Ask) -> None:
    answer = ask("GET", "/unreadable")
    assert answer.status_code == ContentError.http_status
    assert answer.json()["detail"] == {"zh": "ab/x.json 坏", "en": "ab/x.json is broken"}


def test_nobody_who_left_is_told_of_a_fault(ask: Ask) -> None:
    answer = ask("GET", "/left")
    assert (answer.status_code, answer.content) == (400, b"")


def test_a_wrong_value_in_an_address_is_told_with_its_field(ask: Ask) -> None:
    answer = ask("GET", "/numbered?number=x")
    assert answer.status_code == 422
    assert said(answer) == (
        "wrong values: 'number' in the address ('x') has to be a whole number; correct it and try again"
    )


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_route_may_take_several_methods(ask: Ask, method: str) -> None:
    assert ask(method, "/both").text == method


def test_what_is_not_declared_is_not_there(ask: Ask) -> None:
    assert said(ask("GET", "/other")) == "there is no such page or record"
    assert said(ask("GET", "/change", "reviewer")) == "this address does not take such requests"


def test_where_the_register_does_not_answer_public_pages_are_shown(ask: Ask) -> None:
    assert ask("GET", "/open", "lost").text == "nobody"


@pytest.mark.parametrize(("method", "path"), [("GET", "/inside"), ("POST", "/sign-in"), ("POST", "/change")])
def test_where_the_register_does_not_answer_nothing_else_is_done(ask: Ask, method: str, path: str) -> None:
    answer = ask(method, path, "lost", headers={"x-csrf": "mark"})
    assert (answer.status_code, said(answer)) == (RegisterFailedError.http_status, "the register does not answer")


def test_the_access_of_every_route_can_be_asked(app: FastAPI) -> None:
    found = declared(app)
    assert found["GET", "/part/open"] == PUBLIC
    assert found["POST", "/part/change"] == only("reviewer", scope="check")
    assert found["PUT", "/part/both"] == found["DELETE", "/part/both"] == PUBLIC
    assert len(found) == 13


def test_a_route_that_declares_no_access_does_not_start() -> None:
    made = FastAPI(openapi_url=None)
    made.state.mounts = {}
    made.add_api_route("/open-to-all", lambda: None)
    with pytest.raises(RuntimeError, match="/open-to-all"):
        declared(made)


def test_an_application_of_others_needs_its_access_too() -> None:
    made = FastAPI(openapi_url=None)
    made.mount("/ogc", FastAPI())
    made.state.mounts = {}
    with pytest.raises(RuntimeError, match="/ogc"):
        declared(made)
    made.state.mounts = {"/ogc": signed_in("layers:read")}
    assert declared(made) == {("GET", "/ogc"): signed_in("layers:read")}


def mounted(app: FastAPI, method: str, who: str, **headers: str) -> int | str:
    """Ask an application of others behind the guard; return what it says or the status of the refusal."""
    reached: list[str] = []

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        reached.append(scope["state"]["who"].name)

    told = {"host": "zoning.example", "x-who": who, **{key.replace("_", "-"): value for key, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": "/ogc",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "app": app,
    }

    async def nothing(*_: Any) -> Any:
        return {"type": "http.request"}

    async def enter() -> None:
        await guarded_mount(foreign, only("reviewer", scope="check"))(scope, nothing, nothing)

    try:
        asyncio.run(enter())
    except Refused as error:
        return error.status
    return reached[0]


def test_applications_of_others_are_behind_the_same_guard(app: FastAPI) -> None:
    assert mounted(app, "GET", "reviewer") == "zhang"
    assert mounted(app, "GET", "program") == "zhang"
    assert mounted(app, "GET", "viewer") == 403
    assert mounted(app, "GET", "") == 401


def test_a_browser_changes_nothing_there_without_its_mark(app: FastAPI) -> None:
    assert mounted(app, "POST", "reviewer") == 403
    assert mounted(app, "POST", "reviewer", x_csrf="other") == 403
    assert mounted(app, "POST", "reviewer", x_csrf="mark", origin="http://evil.example") == 403
    assert mounted(app, "POST", "reviewer", x_csrf="mark") == "zhang"
    assert mounted(app, "POST", "program") == "zhang"


def options_of(part: Routes) -> Any:
    """Declare one page of a part of the workbench; return the route that an application then has."""

    @part.get("/x", access=PUBLIC)
    def page() -> None:
        return None

    assert page() is None
    made = FastAPI(openapi_url=None)
    part.install(made)
    return made.routes[-1]


def test_pages_stand_in_no_description_of_the_interface() -> None:
    route = options_of(Routes(prefix="/a"))
    assert (route.path, route.methods, route.tags) == ("/a/x", {"GET"}, [])
    assert not route.include_in_schema
    assert route.response_class is HTMLResponse
    assert route.response_model is None


def test_routes_of_the_interface_are_described_under_their_tag() -> None:
    route = options_of(Routes(prefix="/api", tags=["cases"], in_schema=True))
    assert (route.include_in_schema, route.tags) == (True, ["cases"])
    assert route.response_class is not HTMLResponse


def test_changes_and_other_methods_are_declared_with_their_access() -> None:
    part, made = Routes(), FastAPI(openapi_url=None)
    part.post("/change", access=only("admin"))(lambda: None)
    part.any("/both", ["PATCH", "DELETE"], access=signed_in("check"))(lambda: None)
    part.install(made)
    made.state.mounts = {}
    assert declared(made) == {
        ("POST", "/change"): only("admin"),
        ("PATCH", "/both"): signed_in("check"),
        ("DELETE", "/both"): signed_in("check"),
    }
