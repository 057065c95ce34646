"""Every conformance class that the services claim, each with the test that covers it; none is claimed without one.

The sections are those of OGC 17-069r4 (Features 1.0.1), 18-058r1 (Features Part 2), 18-062r2 (Processes 1.0), 19-072
(Common Part 1) and 20-024 (Common Part 2, draft: /collections as in Features).
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from live_server import Lent
from web_programs import program
from web_world import World, world
from zoning.web.workers.pool import Pool

F = TypeVar("F", bound=Callable[..., None])
HOME: Final = "http://www.opengis.net/spec/"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
COVERED: dict[str, str] = {}
LAYER: Final = "/ogc/collections/drinking-water"


def covers(*classes: str) -> Callable[[F], F]:
    """Note which classes a test covers."""

    def note(function: F) -> F:
        COVERED.update(dict.fromkeys((f"{HOME}{one}" for one in classes), function.__name__))
        return function

    return note


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("ogc"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        found.server.clock = lambda: datetime.now(UTC)
        yield found


@pytest.fixture(scope="module")
def http(office_of_module: World) -> TestClient:
    return program(office_of_module)


@pytest.fixture(scope="module")
def school(shared_root: Path) -> Any:
    return json.loads((shared_root / "examples" / "school.geojson").read_text(encoding="utf-8"))


def got(http: TestClient, path: str) -> Any:
    answer = http.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def relations(content: Any) -> set[str]:
    return {link["rel"] for link in content["links"]}


def test_what_is_claimed_is_what_is_covered(http: TestClient) -> None:
    assert set(got(http, "/ogc/conformance")["conformsTo"]) == set(COVERED)


@covers("ogcapi-common-1/1.0/conf/core", "ogcapi-common-1/1.0/conf/landing-page", "ogcapi-common-1/1.0/conf/json")
def test_the_landing_page_leads_to_everything(http: TestClient) -> None:
    page = got(http, "/ogc/")
    assert {"title", "description", "links"} <= set(page)
    assert {"self", "service-desc", "conformance", "data"} <= relations(page)
    assert "http://www.opengis.net/def/rel/ogc/1.0/processes" in relations(page)
    for link in page["links"]:
        assert http.get(link["href"].removeprefix("http://testserver")).status_code == 200
    assert http.get("/ogc/", headers={"accept": "application/json"}).headers["content-type"] == "application/json"
    assert http.get("/ogc/nothing").status_code == 404
    assert http.post("/ogc/collections").status_code == 405
    assert http.head("/ogc/").status_code == 200


@covers("ogcapi-common-2/1.0/conf/collections")
def test_collections_are_described_alike_in_the_list_and_alone(http: TestClient) -> None:
    listed = got(http, "/ogc/collections")
    assert relations(listed) >= {"self"}
    for one in listed["collections"]:
        alone = got(http, f"/ogc/collections/{one['id']}")
        assert {key: alone[key] for key in ("id", "title", "description", "extent", "crs", "itemType")} == {
            key: one[key] for key in ("id", "title", "description", "extent", "crs", "itemType")
        }
        assert "items" in relations(one)
    assert http.get("/ogc/collections/nothing").status_code == 404


@covers("ogcapi-features-1/1.0/conf/core")
def test_features_core(http: TestClient) -> None:
    one = got(http, LAYER)
    spatial = one["extent"]["spatial"]
    assert spatial["crs"] == CRS84
    west, south, east, north = spatial["bbox"][0]
    assert -180 <= west < east <= 180
    assert one["extent"]["temporal"]["interval"] == [["2020-01-01T00:00:00Z", None]]
    page = got(http, f"{LAYER}/items?limit=2")  # /req/core/fc-limit-response-1
    assert (page["type"], len(page["features"]), page["numberReturned"]) == ("FeatureCollection", 2, 2)
    assert page["numberMatched"] == got(http, f"{LAYER}/items?limit=5000")["numberReturned"]
    datetime.fromisoformat(page["timeStamp"])
    assert {"self", "next", "collection"} <= relations(page)
    assert got(http, f"{LAYER}/items?bbox={west},{south},{east},{north}")["numberMatched"] == page["numberMatched"]
    assert got(http, f"{LAYER}/items?bbox=0,0,1,1")["features"] == []
    assert got(http, f"{LAYER}/items?bbox={west},{south},-100,{east},{north},5000")["numberMatched"] > 0  # with heights
    assert got(http, f"{LAYER}/items?datetime=2019-12-31")["features"] == []
    assert got(http, f"{LAYER}/items?datetime=2019-12-31/..")["numberMatched"] == page["numberMatched"]
    feature = page["features"][0]
    alone = got(http, f"{LAYER}/items/{feature['id']}")
    assert alone["properties"] == feature["properties"]
    assert {"self", "collection"} <= relations(alone)
    assert http.get(f"{LAYER}/items/none").status_code == 404
    assert http.get(f"{LAYER}/items?unknown=1").status_code == 400  # /req/core/query-param-unknown
    assert http.get(f"{LAYER}/items?limit=x").status_code == 400  # /req/core/query-param-invalid


@covers("ogcapi-features-1/1.0/conf/geojson")
def test_features_are_geojson(http: TestClient) -> None:
    import shapely

    for path in (f"{LAYER}/items?limit=3", f"{LAYER}/items/2023.1"):
        answer = http.get(path)
        assert answer.headers["content-type"] == "application/geo+json"
        content = answer.json()
        for feature in content.get("features", [content]):
            assert feature["type"] == "Feature"
            assert isinstance(feature["id"], str)
            assert isinstance(feature["properties"], dict)
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            assert 110 < shape.centroid.x < 115  # Shanxi: longitude first
            assert 34 < shape.centroid.y < 41


@covers("ogcapi-features-1/1.0/conf/oas30", "ogcapi-processes-1/1.0/conf/oas30")
def test_the_openapi_document_says_what_there_is(http: TestClient) -> None:
    import schemathesis

    answer = http.get("/ogc/openapi")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    described = answer.json()
    assert described["openapi"].startswith("3.0.")
    schema = schemathesis.openapi.from_dict(described)
    schema.validate()
    assert schema.statistic.operations.total == sum(len(methods) for methods in described["paths"].values())
    for path in ("/", "/conformance", "/collections", "/processes", "/jobs/{job}", "/jobs/{job}/results"):
        assert "get" in described["paths"][path]
    assert "post" in described["paths"]["/processes/site-check/execution"]
    told = described["paths"]["/collections/drinking-water/items"]["get"]["parameters"]
    names = {one["$ref"].rpartition("/")[2] if "$ref" in one else one["name"] for one in told}
    assert {"bbox", "datetime", "limit", "crs", "bbox-crs", "name"} <= names
    assert {"200", "400", "404"} <= set(described["paths"]["/collections"]["get"]["responses"])


@covers("ogcapi-features-2/1.0/conf/crs")
def test_features_in_other_systems(http: TestClient) -> None:
    systems = got(http, LAYER)["crs"]
    assert systems[0] == CRS84
    assert f"{CRS84.partition('OGC')[0]}EPSG/0/4490" in systems
    for uri in systems:
        answer = http.get(f"{LAYER}/items?limit=1&crs={quote(uri, safe='')}")
        assert answer.headers["content-crs"] == f"<{uri}>"
        corner = answer.json()["features"][0]["geometry"]["coordinates"][0][0][0]
        box = f"{corner[0]},{corner[1]},{corner[0]},{corner[1]}"
        if "/4490" in uri or "/4326" in uri or uri == CRS84:
            found = got(http, f"{LAYER}/items?bbox={box}&bbox-crs={quote(uri, safe='')}")
            assert answer.json()["features"][0]["id"] in [one["id"] for one in found["features"]]
    assert (
        http.get(f"{LAYER}/items/2023.1?crs={quote(systems[1], safe='')}").headers["content-crs"] == f"<{systems[1]}>"
    )
    assert http.get(f"{LAYER}/items?crs=EPSG:3857").status_code == 400
    assert http.get(f"{LAYER}/items?bbox=1,2,3,4&bbox-crs=EPSG:3857").status_code == 400


@covers("ogcapi-processes-1/1.0/conf/ogc-process-description", "ogcapi-processes-1/1.0/conf/json")
def test_the_process_is_described(http: TestClient) -> None:
    listed = got(http, "/ogc/processes")
    assert relations(listed) >= {"self"}
    for one in listed["processes"]:
        assert {"id", "version", "jobControlOptions", "outputTransmission"} <= set(one)
        told = got(http, f"/ogc/processes/{one['id']}")
        assert told["inputs"]
        assert told["outputs"]
        for name, about in {**told["inputs"], **told["outputs"]}.items():
            assert isinstance(about["schema"], dict), name
        assert "http://www.opengis.net/def/rel/ogc/1.0/execute" in relations(told)


@covers("ogcapi-processes-1/1.0/conf/core")
def test_processes_core(http: TestClient, school: Any) -> None:
    run = "/ogc/processes/site-check/execution"
    now = http.post(run, json={"inputs": {"site": school}})
    assert (now.status_code, now.headers["content-type"]) == (200, "application/json")
    document = http.post(run, json={"inputs": {"site": school}, "response": "document"})
    assert document.json()["check"]["value"]["verdicts"][0]["schema"] == "zoning.verdict/1"
    later = http.post(run, json={"inputs": {"site": school}}, headers={"prefer": "respond-async"})
    assert later.status_code == 201
    assert {"jobID", "status", "type"} <= set(later.json())
    job = later.headers["location"].removeprefix("http://testserver")
    early = http.get(f"{job}/results")
    assert early.status_code in (200, 404)
    told = _ended(http, job)
    assert told["status"] == "successful"
    assert http.get(f"{job}/results").json()["verdicts"][0]["schema"] == "zoning.verdict/1"
    assert http.get("/ogc/processes/none").json()["type"].endswith("/no-such-process")
    assert http.get("/ogc/jobs/none").json()["type"].endswith("/no-such-job")
    assert http.get("/ogc/jobs/none/results").json()["type"].endswith("/no-such-job")


@covers("ogcapi-processes-1/1.0/conf/job-list")
def test_jobs_are_listed_page_by_page(http: TestClient, school: Any) -> None:
    for _ in range(2):
        answer = http.post(
            "/ogc/processes/site-check/execution",
            json={"inputs": {"site": school}},
            headers={"prefer": "respond-async"},
        )
        _ended(http, answer.headers["location"].removeprefix("http://testserver"))
    page = got(http, "/ogc/jobs?limit=1")
    assert len(page["jobs"]) == 1
    assert page["jobs"][0]["processID"] == "site-check"
    assert {"self", "next"} <= relations(page)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    other = got(http, following.removeprefix("http://testserver"))["jobs"]
    assert other[0]["jobID"] != page["jobs"][0]["jobID"]


@covers("ogcapi-processes-1/1.0/conf/dismiss")
def test_a_job_is_dismissed(http: TestClient, school: Any) -> None:
    answer = http.post(
        "/ogc/processes/site-check/execution", json={"inputs": {"site": school}}, headers={"prefer": "respond-async"}
    )
    job = answer.headers["location"].removeprefix("http://testserver")
    gone = http.delete(job)
    assert (gone.status_code, gone.json()["status"]) == (200, "dismissed")
    assert got(http, job)["status"] == "dismissed"
    assert http.delete(job).json()["type"].endswith("/no-such-job")


def _ended(http: TestClient, job: str) -> Any:
    for _ in range(600):
        told = got(http, job)
        if told["status"] not in ("accepted", "running"):
            return told
        time.sleep(0.1)
    raise AssertionError(job)
