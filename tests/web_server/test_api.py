"""REST: checks, cases, layers, rules, registers, jobs: what is told, to whom, and how it is refused."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from live_server import Lent
from web_programs import program
from web_world import World, world
from zoning.registers.entries import Change, Stamp
from zoning.rules.verdict import Verdict
from zoning.texts import Text
from zoning.web.api.content.handed_in import handed_in
from zoning.web.api.content.strict_json import parse_json
from zoning.web.jobs import start_job
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.workers.pool import Pool

V1 = "/api/v1"
STAMP = Stamp("setup", datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("api"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        yield found


@pytest.fixture(scope="module")
def http(office_of_module: World) -> TestClient:
    return program(office_of_module)


@pytest.fixture(scope="module")
def school(shared_root: Path) -> Any:
    return json.loads((shared_root / "examples" / "school.geojson").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checked(http: TestClient, school: Any) -> Any:
    answer = http.post(f"{V1}/checks", json={"site": school, "on": "2026-11-23"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_check_answers_with_verdicts_in_their_schema(http: TestClient, checked: Any) -> None:
    verdict = Verdict.model_validate_json(json.dumps(checked["verdicts"][0]))
    assert (verdict.decision, checked["decision"], checked["state"]) == ("undetermined", "undetermined", "done")
    assert checked["refused"] == []
    assert http.get(f"{V1}/checks/{checked['check']}").json() == checked


def test_a_file_by_form_gives_the_verdict_of_the_same_file(http: TestClient, school: Any, checked: Any) -> None:
    data = json.dumps(school, ensure_ascii=False).encode()
    answer = http.post(
        f"{V1}/checks", files={"file": ("../../学校.geojson", data)}, data={"on": "2026-11-23", "facts": "{}"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["file"]["name"] == "学校.geojson"
    assert answer.json()["verdicts"][0]["findings"] == checked["verdicts"][0]["findings"]


def test_questions_are_those_of_the_missing_facts(http: TestClient, checked: Any) -> None:
    told = http.get(f"{V1}/checks/{checked['check']}/questions").json()
    asked = {one["fact"] for one in told["questions"]}
    missing = {one["fact"] for one in checked["verdicts"][0]["missing_facts"]}
    assert asked
    assert asked <= missing
    assert told["at_most"] >= told["usually"] > 0


def test_checks_are_listed_page_by_page(http: TestClient, checked: Any) -> None:
    first = http.get(f"{V1}/checks?limit=1").json()
    assert (len(first["items"]), first["next"]) == (1, 1)
    found: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = http.get(f"{V1}/checks?limit=2&offset={offset}").json()
        found += [one["check"] for one in page["items"]]
        offset = page["next"]
    assert len(found) == len(set(found)) == first["total"]
    assert checked["check"] in found


def test_another_persons_check_is_not_there(office_of_module: World, checked: Any) -> None:
    other = program(office_of_module, "planner")
    told = other.get(f"{V1}/checks/{checked['check']}")
    assert (told.status_code, told.json()["detail"]["zh"]) == (404, "没有这次检查")
    assert other.get(f"{V1}/checks/{checked['check']}/questions").status_code == 404
    assert other.get(f"{V1}/checks").json()["items"] == []


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ([], "内容应为 JSON 对象"),
        ({}, "site、text、file 须给出一个，且只给一个"),
        ({"text": "x", "more": 1}, "没有“more”；可用：site, text, file, facts, on, crs"),
        ({"text": "x", "on": "23.11.2026"}, "on 应为日期，如 2026-11-23"),
        ({"text": "x", "facts": []}, "facts 应为对象"),
        ({"text": "x", "facts": {"a": {"b": 1}}}, "facts.a：应为短文字、数、真假或短文字的列表"),
        ({"text": "x", "facts": {"a": "\x07"}}, "facts.a：应为短文字、数、真假或短文字的列表"),
        ({"text": "x", "crs": "+proj=utm"}, "crs 应为坐标系名称，如 EPSG:4547"),
        ({"text": " "}, "text 应为坐标文字"),
        ({"file": {"name": "a", "content": "?"}}, "file.content 应为文件内容的 base64"),
        ({"site": {"type": "Point"}}, "site.coordinates：坐标的层数不对"),
        ({"site": {"type": "Circle"}},
         "site.type：应为 Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon"),
        ({"site": {"type": "Polygon", "coordinates": [[[1]]]}}, "site.coordinates：每个点须为 2 至 4 个有限的数"),
        ({"site": {"type": "FeatureCollection", "features": []}}, "features：应有 1 至 2000 个要素"),
        ({"site": {"type": "FeatureCollection", "features": [1]}}, "features.0：应为对象"),
        ({"site": {"type": "Feature", "geometry": None, "other": 1}}, "site.other：没有这个键"),
        ({"site": {"type": "Feature", "properties": {"a": {}}, "geometry": {}}},
         "site.properties.a：应为短文字、数或真假"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_in_one_sentence(http: TestClient, told: Any, zh: str) -> None:
    answer = http.post(f"{V1}/checks", json=told)
    assert (answer.status_code, answer.json()["detail"]["zh"]) == (400, zh)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_boundary_that_cannot_be_read_is_told_as_on_the_page(http: TestClient) -> None:
    answer = http.post(f"{V1}/checks", json={"text": "nothing here"})
    assert answer.status_code == 422
    assert set(answer.json()["detail"]) == {"zh", "en"}


@pytest.mark.parametrize("body", [b"{", b'{"text": NaN}', b"\xff", b"[" * 3000 + b"]" * 3000, b'"\\ud800"', b"1e999"])
def test_json_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        parse_json(body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["Polygon", "Feature", "Point"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["site", "text", "type", "coordinates", "features", "a"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(_JSON)
def test_nothing_but_a_refusal_comes_of_any_json(value: Any) -> None:
    try:
        found = handed_in(value)
    except Refused:
        return
    assert found.data
    assert "/" not in found.name


def test_layers_and_rules_are_told(http: TestClient, office_of_module: World) -> None:
    workspace = office_of_module.server.workspace
    layers = http.get(f"{V1}/layers?limit=500").json()
    assert [one["layer"] for one in layers["items"]] == sorted(workspace.catalogue.layers)
    one = http.get(f"{V1}/layers/ecological-red-line").json()
    assert [(edition["edition"], edition["in_force"]) for edition in one["editions"]] == [
        ("2017", False),
        ("2022", True),
    ]
    assert "gpkg" not in json.dumps(layers)
    rules = http.get(f"{V1}/rules?limit=3&offset=1").json()
    assert [rule["rule"] for rule in rules["items"]] == [rule.id for rule in workspace.rulebook.rules[1:4]]
    assert (rules["total"], rules["next"]) == (len(workspace.rulebook.rules), 4)
    some = http.get(f"{V1}/rules?layer=ecological-red-line&limit=500").json()
    assert all("ecological-red-line" in rule["layers"] for rule in some["items"])
    assert some["total"] > 0
    assert http.get(f"{V1}/rules/R999").status_code == 404


def _parcel(server: Server, record: str) -> None:
    register = server.store.register("mine-parcels")
    codes = {name: next(iter(spec.codes)) for name, spec in register.type.fields.items()
             if spec.required and spec.codes}  # fmt: skip
    numbers = {name: 1.0 for name, spec in register.type.fields.items() if spec.required and spec.kind == "number"}
    texts = {name: record for name, spec in register.type.fields.items() if spec.required and spec.kind == "text"}
    texts.pop(register.type.id_field, None)
    name = register.type.territory_field
    if name in texts:
        texts[name] = "140502"
    change = Change(record, values={**texts, **codes, **numbers}, geometry=shapely.box(112.8, 35.5, 112.81, 35.51))
    register.apply([change], STAMP)


def test_a_record_is_read_and_brought_into_another_state(office_of_module: World) -> None:
    _parcel(office_of_module.server, "P-1")
    http = program(office_of_module, "restoration")
    path = f"{V1}/registers/mine-parcels/records/P-1"
    first = http.get(path)
    assert (first.headers["etag"], first.json()["state"]) == ('"1"', "found")
    assert http.post(f"{path}/state", json={"to": "surveyed"}).status_code == 428
    old = http.post(f"{path}/state", json={"to": "surveyed"}, headers={"if-match": '"7"'})
    assert (old.status_code, old.headers["etag"], old.json()["detail"]["en"]) == (
        412, '"1"', "it is at version 1, not 7: read it again",
    )  # fmt: skip
    assert http.post(f"{path}/state", json={"to": "surveyed"}, headers={"if-match": "*"}).status_code == 400
    done = http.post(f"{path}/state", json={"to": "surveyed"}, headers={"if-match": '"1"'})
    assert (done.status_code, done.headers["etag"], done.json()["state"]) == (200, '"2"', "surveyed")
    again = http.post(f"{path}/state", json={"to": "planned"}, headers={"if-match": '"1"'})
    assert again.status_code == 412
    no_step = http.post(f"{path}/state", json={"to": "closed"}, headers={"if-match": '"2"'})
    assert no_step.status_code == 400
    back = http.post(f"{path}/state", json={"to": "found"}, headers={"if-match": '"2"'})
    assert back.status_code == 400  # a step back asks for a reason
    more = http.post(f"{path}/state", json={"to": "surveyed", "by": "x"}, headers={"if-match": '"2"'})
    assert more.status_code == 422
    listed = http.get(f"{V1}/registers/mine-parcels/records?state=surveyed&bbox=112,35,113,36").json()
    assert [one["record"] for one in listed["items"]] == ["P-1"]
    assert http.get(f"{V1}/registers/mine-parcels/records?bbox=1,1,2,2").json()["items"] == []


def test_registers_are_told_without_that_of_the_cases(http: TestClient) -> None:
    kinds = [one["kind"] for one in http.get(f"{V1}/registers").json()["items"]]
    assert "mine-parcels" in kinds
    assert "cases" not in kinds
    assert http.get(f"{V1}/registers/cases/records").status_code == 404


def test_a_case_is_made_from_a_check_noted_and_moved(office_of_module: World, http: TestClient, checked: Any) -> None:
    new = {"values": {"XMMC": "第三小学", "LXR": "张三丰", "SLRQ": "2026-11-20"}, "check": checked["check"]}
    made = http.post(f"{V1}/cases", json=new)
    assert made.status_code == 201, made.text
    case = made.json()
    path = made.headers["location"]
    assert (case["decision"], case["values"]["SLRQ"], case["version"]) == ("undetermined", "2026-11-20", 1)
    assert "张三丰" not in made.text + http.get(path).text + http.get(f"{V1}/cases").text
    assert http.get(f"{V1}/cases?q=张三丰").json()["items"] == []
    assert [one["case"] for one in http.get(f"{V1}/cases?q=第三小学").json()["items"]] == [case["case"]]
    verdict = http.get(f"{path}/verdicts/1").json()
    assert verdict == checked["verdicts"][0]
    assert http.get(f"{path}/verdicts/2").status_code == 404
    noted = http.post(f"{path}/notes", json={"text": "已电话联系"})
    assert (noted.status_code, noted.json()["notes"][0]["text"]) == (201, "已电话联系")
    assert http.post(f"{path}/state", json={"to": "checking"}, headers={"if-match": '"9"'}).status_code == 412
    moved = http.post(f"{path}/state", json={"to": "checking"}, headers={"if-match": http.get(path).headers["etag"]})
    assert (moved.status_code, moved.json()["state"]) == (200, "checking"), moved.text
    taken = http.post(f"{V1}/cases", json={"number": case["case"], "values": {"XMMC": "乙"}})
    assert taken.status_code == 409
    assert http.post(f"{V1}/cases", json={"values": {"nope": 1}}).status_code == 422
    assert http.post(f"{V1}/cases", json={"values": {"XMMC": "丙"}, "check": "unknown"}).status_code == 404
    reader = program(office_of_module, "reviewer", ["cases:read"])
    assert reader.post(f"{path}/notes", json={"text": "x"}).status_code == 403
    viewer = program(office_of_module, "viewer")
    assert [viewer.get(f"{path}{part}").status_code for part in ("", "/verdicts/1")] == [200, 403]
    assert program(office_of_module, "restoration").get(path).status_code == 403


def test_two_programs_change_one_case_and_the_second_is_told(
    office_of_module: World, http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = http.post(f"{V1}/cases", json={"values": {"XMMC": "竞争"}}).json()
    path = f"{V1}/cases/{case['case']}/state"
    # Both have read version 1 and both have passed the first look at it.
    monkeypatch.setattr("zoning.web.api.cases.wanted_version", lambda *_: 1)
    first = http.post(path, json={"to": "checking"}, headers={"if-match": '"1"'})
    second = http.post(path, json={"to": "incomplete"}, headers={"if-match": '"1"'})
    assert (first.status_code, second.status_code) == (200, 409)
    assert "reviewer" in second.json()["detail"]["zh"]
    assert http.get(f"{V1}/cases/{case['case']}").json()["state"] == "checking"
    assert office_of_module.server.store.verify().faults == ()


def test_jobs_are_ones_own(office_of_module: World, http: TestClient) -> None:
    from zoning.web.access import Who

    who = Who("reviewer", "r", frozenset({"reviewer"}))
    job = start_job(office_of_module.server, who, "audit", Text("试", "try"), ["rules", "list"])
    assert http.get(f"{V1}/jobs/{job}").json()["title"] == {"zh": "试", "en": "try"}
    assert [one["job"] for one in http.get(f"{V1}/jobs").json()["items"]] == [job]
    assert program(office_of_module, "boss").get(f"{V1}/jobs/{job}").status_code == 404


@pytest.mark.parametrize(
    ("path", "scope"),
    [("/checks", "check"), ("/cases", "cases:read"), ("/layers", "layers:read"), ("/rules", "layers:read"),
     ("/registers", "parcels:read"), ("/jobs", "check")],
)  # fmt: skip
def test_each_list_asks_for_its_scope(office_of_module: World, path: str, scope: str) -> None:
    assert program(office_of_module, "boss", [scope]).get(V1 + path).status_code == 200
    others = [one for one in ("check", "cases:read", "layers:read", "parcels:read") if one != scope]
    refused = program(office_of_module, "boss", others).get(V1 + path)
    assert refused.status_code == 403
    assert set(refused.json()["detail"]) == {"zh", "en"}
    assert office_of_module.client().get(V1 + path).status_code == 401


def test_unknown_parameters_are_refused_everywhere(http: TestClient) -> None:
    described = http.get("/openapi.json").json()
    paths = [path for path, methods in described["paths"].items() if "get" in methods and path.startswith(V1)]
    assert len(paths) > 10
    for path in paths:
        answer = http.get(path.replace("{number}", "1") + "?unknown_parameter=1")
        assert answer.status_code == 422, path
        assert "unknown_parameter" in answer.json()["title"], path


def test_the_description_names_roles_and_scopes_and_its_page_loads_nothing(office_of_module: World) -> None:
    described = program(office_of_module, "viewer", ["layers:read"]).get("/openapi.json").json()
    assert described["paths"][f"{V1}/cases"]["get"]["x-scope"] == "cases:read"
    assert described["paths"][f"{V1}/checks"]["post"]["x-roles"] == ["planner", "reviewer"]
    assert all(path.startswith(V1) for path in described["paths"])
    assert office_of_module.client().get("/openapi.json", headers={"accept": "*/*"}).status_code == 401
    page = office_of_module.client("viewer").get("/api-docs")
    assert page.status_code == 200
    assert "/api/v1/checks" in page.text
    assert "http://" not in page.text.replace("http://testserver", "").replace("http://www.w3.org", "")
    assert "https://" not in page.text


def test_a_browser_needs_the_mark_of_its_session(office_of_module: World, school: Any) -> None:
    browser = office_of_module.client("reviewer")
    assert browser.http.post(f"{V1}/checks", json={"site": school}).status_code == 403
    answer = browser.http.post(f"{V1}/checks", json={"site": school}, headers={"x-csrf": browser.csrf})
    assert answer.status_code == 200


def test_every_operation_is_described_in_chinese(http: TestClient) -> None:
    from zoning.web.api.content.words import CHINESE

    paths = http.get("/openapi.json").json()["paths"]
    assert set(CHINESE) == {(method.upper(), path) for path, methods in paths.items() for method in methods}
