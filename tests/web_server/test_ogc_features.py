"""OGC API - Features: what is published, to whom, and that every answer is the whole answer.

Oracle of the features: the files of the layers, read with pyogrio; of the coordinates: pyproj.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyogrio
import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import shape

from live_server import Lent
from web_programs import program
from web_world import World, workspace, world
from zoning.registers.entries import Change, Stamp
from zoning.web.workers.pool import Pool

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
LAYER = "ecological-red-line"
ITEMS = f"/ogc/collections/{LAYER}/items"
BOX = (112.3, 35.4, 112.5, 35.6)


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("ogc"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        found.server.clock = lambda: datetime(2026, 11, 23, 4, tzinfo=UTC)
        yield found


@pytest.fixture(scope="module")
def http(office_of_module: World) -> TestClient:
    return program(office_of_module)


def features_of(root: Path, edition: str) -> Any:
    return pyogrio.read_dataframe(root / "layers" / "data" / f"ecological-red-line-{edition}.gpkg")


def all_pages(http: TestClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        answer = http.get(following)
        assert answer.status_code == 200, answer.text
        content = answer.json()
        assert content["numberReturned"] == len(content["features"])
        found += content["features"]
        following = next((link["href"] for link in content["links"] if link["rel"] == "next"), None)
    return found


def test_paging_gives_every_feature_of_the_file_once_and_in_its_order(http: TestClient, shared_root: Path) -> None:
    truth = features_of(shared_root, "2022")
    found = all_pages(http, f"{ITEMS}?limit=7")
    assert [one["properties"]["zone_id"] for one in found] == list(truth["zone_id"])
    assert [one["id"] for one in found] == [f"2022.{number}" for number in range(1, len(truth) + 1)]
    assert http.get(f"{ITEMS}?limit=7").json()["numberMatched"] == len(truth)
    for one, drawn in zip(found, truth.geometry, strict=True):
        assert shape(one["geometry"]).hausdorff_distance(drawn) < 1e-8


def test_the_last_page_has_no_next_and_a_page_behind_it_is_empty(http: TestClient) -> None:
    count = http.get(f"{ITEMS}?resulttype=hits").json()["numberMatched"]
    last = http.get(f"{ITEMS}?limit={count}").json()
    assert [link["rel"] for link in last["links"]] == ["self", "collection"]
    behind = http.get(f"{ITEMS}?offset={count}").json()
    assert (behind["features"], behind["numberMatched"]) == ([], count)
    assert [link["rel"] for link in behind["links"]] == ["self", "prev", "collection"]


@pytest.mark.parametrize("number", [4490, 4546, 3857])
@pytest.mark.parametrize("far", ["1.7976931348623157e308", "1e103", "9007199254740992"])
def test_a_box_of_numbers_of_any_size_is_answered_or_refused(http: TestClient, number: int, far: str) -> None:
    used = quote(f"http://www.opengis.net/def/crs/EPSG/0/{number}", safe="")
    boxes = (f"-{far},-{far},{far},{far}", f"-{far},-1e-109,0,{far}", f"{far},-{far},-{far},{far}")
    answers = [http.get(f"{ITEMS}?bbox={box}&bbox-crs={used}&limit=1").status_code for box in boxes]
    assert set(answers) <= {200, 400}
    if number == 4490:
        assert answers[0] == 200


def test_links_keep_what_was_asked(http: TestClient) -> None:
    answer = http.get(f"{ITEMS}?limit=2&offset=2&bbox=112,35,113,36").json()
    links = {link["rel"]: link["href"] for link in answer["links"]}
    home = "http://testserver/ogc/collections/ecological-red-line/items?limit=2&bbox=112%2C35%2C113%2C36"
    assert links["self"] == f"{home}&offset=2"
    assert links["next"] == f"{home}&offset=4"
    assert links["prev"] == home


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    west=st.floats(112.0, 112.8),
    south=st.floats(35.2, 35.7),
    width=st.floats(0.0001, 0.6),
    height=st.floats(0.0001, 0.5),
)
def test_a_box_gives_exactly_the_zones_that_meet_it(
    http: TestClient, shared_root: Path, west: float, south: float, width: float, height: float
) -> None:
    box = (west, south, west + width, south + height)
    truth = features_of(shared_root, "2022")
    expected = list(truth["zone_id"][truth.geometry.intersects(shapely.box(*box))])
    found = all_pages(http, f"{ITEMS}?limit=9&bbox=" + ",".join(repr(edge) for edge in box))
    assert [one["properties"]["zone_id"] for one in found] == expected


@pytest.mark.parametrize("code", [4490, 4326])
def test_a_geographic_system_of_epsg_has_latitude_first(http: TestClient, code: int) -> None:
    plain = http.get(f"{ITEMS}?limit=3")
    turned = http.get(f"{ITEMS}?limit=3&crs={EPSG}{code}")
    assert plain.headers["content-crs"] == f"<{CRS84}>"
    assert turned.headers["content-crs"] == f"<{EPSG}{code}>"
    for one, other in zip(plain.json()["features"], turned.json()["features"], strict=True):
        xy = shapely.get_coordinates(shape(one["geometry"]))
        assert np.array_equal(shapely.get_coordinates(shape(other["geometry"])), xy[:, ::-1])
    west, south, east, north = BOX
    swapped = f"{ITEMS}?bbox={south},{west},{north},{east}&bbox-crs={EPSG}{code}"
    assert _ids(http, swapped) == _ids(http, f"{ITEMS}?bbox={west},{south},{east},{north}") != []


@pytest.mark.parametrize("code", [4546, 4547, 4548, 4549])
def test_a_gauss_kruger_belt_has_northing_first(http: TestClient, code: int) -> None:
    to_belt = Transformer.from_crs("EPSG:4490", f"EPSG:{code}")  # latitude, longitude -> northing, easting
    for one, other in zip(
        http.get(f"{ITEMS}?limit=3").json()["features"],
        http.get(f"{ITEMS}?limit=3&crs={EPSG}{code}").json()["features"],
        strict=True,
    ):
        xy = shapely.get_coordinates(shape(one["geometry"]))
        north, east = to_belt.transform(xy[:, 1], xy[:, 0])
        assert np.abs(shapely.get_coordinates(shape(other["geometry"])) - np.column_stack((north, east))).max() < 1e-3


def test_a_box_in_a_belt_is_bent_in_degrees(http: TestClient, shared_root: Path) -> None:
    truth = features_of(shared_root, "2022").to_crs("EPSG:4549")
    west, south, east, north = truth.total_bounds
    box = (south + 1000, west + 1000, (south + north) / 2, (west + east) / 2)
    inside = truth.geometry.intersects(shapely.box(box[1], box[0], box[3], box[2]))
    wanted = f"{ITEMS}?bbox={','.join(map(str, box))}&bbox-crs={EPSG}4549"
    assert 0 < inside.sum() < len(truth)
    assert [one["properties"]["zone_id"] for one in all_pages(http, wanted)] == list(truth["zone_id"][inside])


@pytest.mark.parametrize(
    ("wanted", "editions"),
    [
        ("2020-05-01", ["2017"]),
        ("2022-12-31", ["2017"]),
        ("2023-01-01", ["2022"]),
        ("2026-11-23T08:00:00Z", ["2022"]),
        ("2022-12-31T17:00:00Z", ["2022"]),  # it is the first of January in China
        ("2022-12-31/2023-01-01", ["2017", "2022"]),
        ("../2019-01-01", ["2017"]),
        ("/2019-01-01", ["2017"]),
        ("2024-01-01/..", ["2022"]),
        ("../..", ["2017", "2022"]),
        ("2016-12-31", []),
    ],
)
def test_datetime_chooses_the_editions_in_force(
    http: TestClient, shared_root: Path, wanted: str, editions: list[str]
) -> None:
    answer = http.get(ITEMS, params={"datetime": wanted, "limit": 5000}).json()
    expected = [zone for edition in editions for zone in features_of(shared_root, edition)["zone_id"]]
    assert [one["properties"]["zone_id"] for one in answer["features"]] == expected
    assert list(dict.fromkeys(one["properties"]["edition"] for one in answer["features"])) == editions


def test_a_feature_of_an_edition_that_is_over_is_found_by_its_id(http: TestClient) -> None:
    one = http.get(f"{ITEMS}?datetime=2020-01-01&limit=1").json()["features"][0]
    alone = http.get(f"{ITEMS}/{one['id']}")
    assert alone.headers["content-type"].startswith("application/geo+json")
    assert {key: alone.json()[key] for key in ("id", "geometry", "properties")} == {
        key: one[key] for key in ("id", "geometry", "properties")
    }


@pytest.mark.parametrize("feature", ["2022.0", "2022.99999", "2022.01", "2022", "x", "2022.1.1", "2022.-1", "%00"])
def test_a_feature_that_is_not_there(http: TestClient, feature: str) -> None:
    assert http.get(f"{ITEMS}/{feature}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["foo=1", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=1,2,nan,4", "bbox=5,6,1,2", "bbox-crs=" + CRS84, "crs=EPSG:4490",
     "crs=" + EPSG + "3857", "limit=0", "limit=-1", "limit=1e3", "limit=", "offset=-1", "offset=99999999999999999999",
     "datetime=today", "datetime=2026-13-01", "datetime=2026-01-01/2025-01-01", "datetime=2026-01-01T00:00:00",
     "f=html", "f=csv", "lang=de", "limit=1&limit=2", "filter=name='x'", "sortby=name", "skipGeometry=true",
     "properties=name",
     "resulttype=all", "q=x", "Limit=1", "bbox=0,90,1,89", "bbox=1,2,3,4,5"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_never_ignored(http: TestClient, query: str) -> None:
    answer = http.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "code", "description", "zh", "en"} <= set(answer.json())


def test_an_unknown_parameter_is_named(http: TestClient) -> None:
    told = http.get("/ogc/collections?foo=1").json()
    assert told["zh"] == "没有参数“foo”；可用：f, lang"
    assert told["en"] == "unknown parameter 'foo'; allowed: f, lang"


def test_equal_values_of_public_fields_select(http: TestClient, shared_root: Path) -> None:
    truth = features_of(shared_root, "2022")
    name = truth["township"].iloc[0]
    found = all_pages(http, f"{ITEMS}?township={name}&limit=5")
    assert [one["properties"]["zone_id"] for one in found] == list(truth["zone_id"][truth["township"] == name])


def test_roles_and_scopes_decide_what_is_there(office_of_module: World) -> None:
    def kinds(client: TestClient) -> set[str]:
        return {one["keywords"][0] for one in client.get("/ogc/collections").json()["collections"]}

    assert kinds(program(office_of_module, "reviewer")) == {"layers", "cases", "parcels"}
    assert kinds(program(office_of_module, "restoration")) == {"layers", "parcels"}
    assert kinds(program(office_of_module, "viewer")) == {"layers", "cases", "parcels"}
    assert kinds(program(office_of_module, "reviewer", ["cases:read"])) == {"cases"}
    assert kinds(program(office_of_module, "reviewer", ["check"])) == set()
    for path in ("/ogc/collections/cases/items", "/ogc/collections/cases", "/ogc/collections/cases/schema"):
        assert program(office_of_module, "restoration").get(path).status_code == 404
    assert office_of_module.client().get("/ogc/collections").status_code == 401
    assert program(office_of_module, "admin", ["metrics"]).get("/ogc").status_code == 403
    assert kinds(office_of_module.client("restoration").http) == {"layers", "parcels"}


def test_cases_are_without_persons_and_persons_cannot_be_asked_for(office_of_module: World) -> None:
    register = office_of_module.server.store.register("cases")
    place = shapely.box(112.4, 35.4, 112.41, 35.41)
    values = {"XMMC": "学校", "LXR": "张三丰", "LXDH": "13800000000"}
    register.apply([Change("2026-0042", values=values, geometry=place)], Stamp("r", datetime(2026, 11, 22, tzinfo=UTC)))
    http = program(office_of_module)
    answer = http.get("/ogc/collections/cases/items?bbox=112.405,35.405,112.5,35.5")
    assert [one["id"] for one in answer.json()["features"]] == ["2026-0042"]
    assert answer.json()["features"][0]["properties"]["XMMC"] == "学校"
    told = answer.text + http.get("/ogc/collections/cases/schema").text + http.get("/ogc/openapi").text
    assert "张三丰" not in told
    assert "13800000000" not in told
    assert "LXR" not in told
    assert http.get("/ogc/collections/cases/items?LXR=张三丰").status_code == 400
    assert _ids(http, "/ogc/collections/cases/items?bbox=0,0,1,1") == []
    assert _ids(http, "/ogc/collections/cases/items?datetime=2026-11-20") == []
    assert _ids(http, "/ogc/collections/cases/items?datetime=2026-11-22") == ["2026-0042"]


def test_only_what_a_layer_calls_public_is_published(tmp_path: Path, shared_pool: Pool) -> None:
    root = workspace(tmp_path / "w")
    path = root / "layers" / "ecological-red-line.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[zone_id, name, township, function]", "[township]"), encoding="utf-8")
    hidden = root / "layers" / "drinking-water.yaml"
    lines = hidden.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("public")]
    hidden.write_text("\n".join(kept), encoding="utf-8")
    (tmp_path / "h").mkdir()
    with world(root, tmp_path / "h", Lent(shared_pool)) as office:  # type: ignore[arg-type]  # stands for a pool
        http = program(office, "boss")
        answer = http.get(f"{ITEMS}?limit=5000")
        truth = features_of(root, "2022")
        one = answer.json()["features"][0]
        assert set(one["properties"]) == {
            "zone_class", "zone_class_title", "zone_class_title_en", "class_assumed", "edition", "valid_from",
            "valid_to", "schematic", "township",
        }  # fmt: skip
        assert str(truth["name"].iloc[0]) not in answer.text
        assert str(truth["zone_id"].iloc[0]) not in answer.text
        assert http.get(f"{ITEMS}?name=x").status_code == 400
        assert http.get("/ogc/collections/drinking-water").status_code == 404
        assert http.get("/ogc/collections/drinking-water/items").status_code == 404


def test_a_layer_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path, shared_pool: Pool) -> None:
    root = workspace(tmp_path / "w")
    (root / "layers" / "data" / "ecological-red-line-2022.gpkg").unlink()
    (tmp_path / "h").mkdir()
    with world(root, tmp_path / "h", Lent(shared_pool)) as office:  # type: ignore[arg-type]  # stands for a pool
        http = program(office)
        answer = http.get(ITEMS)
        assert answer.status_code == 503
        assert answer.json()["zh"].startswith("图层“生态保护红线”现在不可用：")
        assert http.get("/ogc/collections").status_code == 200
        assert http.get(f"{ITEMS}?datetime=2020-01-01").status_code == 200
        office.server.clock = lambda: datetime(2010, 1, 1, tzinfo=UTC)
        early = http.get(ITEMS)
        assert (early.status_code, early.json()["en"]) == (
            503,
            "the layer 'ecological red line' cannot be used now: no edition is valid on 2010-01-01",
        )


def test_collections_follow_the_content(tmp_path: Path, shared_pool: Pool) -> None:
    root = workspace(tmp_path / "w")
    (tmp_path / "h").mkdir()
    with world(root, tmp_path / "h", Lent(shared_pool)) as office:  # type: ignore[arg-type]  # stands for a pool
        http = program(office)
        assert http.get("/ogc/collections/rivers").status_code == 200
        path = root / "layers" / "rivers.yaml"
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("public")]
        path.write_text("\n".join(lines), encoding="utf-8")
        assert http.get("/ogc/collections/rivers").status_code == 200
        office.server.reload()
        assert http.get("/ogc/collections/rivers").status_code == 404


def test_two_servers_in_one_process_do_not_mix(tmp_path: Path, shared_root: Path, shared_pool: Pool) -> None:
    other = workspace(tmp_path / "w")
    path = other / "layers" / "rivers.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("public")]
    path.write_text("\n".join(lines), encoding="utf-8")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    pool: Any = Lent(shared_pool)
    with world(shared_root, tmp_path / "a", pool) as one, world(other, tmp_path / "b", pool) as two:
        first, second = program(one), program(two)
        for _ in range(2):
            assert first.get("/ogc/collections/rivers").status_code == 200
            assert second.get("/ogc/collections/rivers").status_code == 404
        assert first.get("/ogc/conformance").json() == second.get("/ogc/conformance").json()


def test_nothing_points_outside_or_to_pages_that_are_not_there(http: TestClient) -> None:
    for path in ("", "/", "/collections", f"/collections/{LAYER}", "/processes", "/processes/site-check", "/jobs"):
        answer = http.get(f"/ogc{path}")
        assert "text/html" not in answer.text
        assert "ld+json" not in answer.text
        assert "x-powered-by" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
        for link in answer.json()["links"]:
            assert link["href"].startswith("http://testserver/ogc"), link
            assert http.get(link["href"].removeprefix("http://testserver")).status_code in (200, 405), link


def test_a_browser_gets_json_too(office_of_module: World) -> None:
    answer = office_of_module.client("viewer").get(f"{ITEMS}?limit=1")
    assert answer.headers["content-type"].startswith("application/geo+json")


def _ids(http: TestClient, path: str) -> list[str]:
    return [one["id"] for one in all_pages(http, path)]
