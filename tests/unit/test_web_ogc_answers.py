"""Answers of the OGC services: links only to what there is, refusals that a program can read."""

import copy
import json
from datetime import date
from typing import Any

import pytest

from zoning.texts import Text
from zoning.web.ogc.service import tidy
from zoning.web.ogc.service.operations import COMMON, OPERATIONS, PARAMETERS
from zoning.web.ogc.service.reference import CRS84, SYSTEMS, reference
from zoning.web.ogc.service.refusing import NO_SUCH_JOB, OgcRefused, bad, missing, refusal
from zoning.web.ogc.service.selection import Days, Selection

BASE = "https://zoning.example/ogc"
ITEMS = f"{BASE}/collections/water/items"


def selected(limit: int = 10, offset: int = 0, *, hits_only: bool = False) -> Selection:
    crs = reference(CRS84)
    assert crs is not None
    return Selection(limit, offset, crs, None, None, {}, hits_only)


def page(returned: int, matched: int) -> dict[str, Any]:
    return {"type": "FeatureCollection", "numberReturned": returned, "numberMatched": matched, "features": []}


def links(content: dict[str, Any], selection: Selection, **params: str) -> dict[str, str]:
    found = tidy.items(content, BASE, "water", params, selection)
    return {link["rel"]: link["href"] for link in found["links"]}


def test_a_whole_page_has_no_neighbours() -> None:
    assert links(page(3, 3), selected()) == {"self": ITEMS, "collection": f"{BASE}/collections/water"}


@pytest.mark.parametrize(
    ("returned", "matched", "offset", "following"),
    [
        (10, 11, 0, "10"),
        (10, 10, 0, None),
        (10, 21, 10, "20"),
        (1, 21, 20, None),
        (0, 21, 30, None),
        (0, 5, 0, None),  # nothing is returned though there is something: no endless way on
    ],
)
def test_there_is_a_next_page_where_there_is_more_and_only_then(
    returned: int, matched: int, offset: int, following: str | None
) -> None:
    found = links(page(returned, matched), selected(offset=offset))
    assert found.get("next") == (None if following is None else f"{ITEMS}?offset={following}")


@pytest.mark.parametrize(
    ("offset", "before"), [(0, None), (5, ITEMS), (10, ITEMS), (11, f"{ITEMS}?offset=1"), (40, f"{ITEMS}?offset=30")]
)
def test_the_page_before_never_begins_before_the_first(offset: int, before: str | None) -> None:
    assert links(page(1, 100), selected(offset=offset)).get("prev") == before


def test_a_count_alone_has_no_next_page() -> None:
    assert "next" not in links(page(10, 100), selected(hits_only=True))


def test_neighbours_ask_for_the_same_but_the_place() -> None:
    found = links(page(10, 100), selected(offset=10), limit="10", offset="10", name="下芹 一", crs=CRS84)
    query = (
        "limit=10&name=%E4%B8%8B%E8%8A%B9+%E4%B8%80&crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FOGC%2F1.3%2FCRS84"
    )
    assert found["self"] == f"{ITEMS}?{query}&offset=10"
    assert found["next"] == f"{ITEMS}?{query}&offset=20"
    assert found["prev"] == f"{ITEMS}?{query}"


def test_the_content_of_a_page_stays_and_old_links_go() -> None:
    content = {**page(1, 1), "features": [{"id": 1}], "links": [{"rel": "old"}]}
    before = copy.deepcopy(content)
    found = tidy.items(content, BASE, "water", {}, selected())
    assert found["features"] == [{"id": 1}]
    assert {link["rel"] for link in found["links"]} == {"self", "collection"}
    assert {link["type"] for link in found["links"]} == {"application/geo+json", "application/json"}
    assert content == before


def test_a_feature_links_to_itself_and_its_collection() -> None:
    found = tidy.item({"id": "W1", "links": []}, BASE, "water", f"{ITEMS}/W1")
    assert [(link["rel"], link["href"]) for link in found["links"]] == [
        ("self", f"{ITEMS}/W1"),
        ("collection", f"{BASE}/collections/water"),
    ]
    assert found["id"] == "W1"


def link(rel: str, href: str, kind: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, "title": "t"}


@pytest.mark.parametrize(
    "gone",
    [
        link("alternate", BASE, "text/html"),
        link("self", BASE, "application/ld+json"),
        link("service-doc", BASE),
        link("about", BASE),
        link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", BASE),
    ],
    ids=["html", "json-ld", "doc", "about", "tiles"],
)
def test_links_to_what_there_is_not_go(gone: dict[str, str]) -> None:
    content = {"links": [gone, link("data", f"{BASE}/collections")]}
    assert [one["rel"] for one in tidy.without_pages(content)["links"]] == ["data"]


def test_links_go_at_every_depth_and_other_values_stay() -> None:
    inner = {"links": [link("self", BASE, "text/html"), link("self", f"{BASE}/a?f=json")], "title": "水源"}
    content = {"collections": [inner, {"id": "x"}], "n": 1, "links": "none"}
    before = copy.deepcopy(content)
    found = tidy.without_pages(content)
    assert found["collections"][0] == {"links": [link("self", f"{BASE}/a")], "title": "水源"}
    assert (found["collections"][1], found["n"], found["links"]) == ({"id": "x"}, 1, "none")
    assert content == before


def test_the_page_as_json_is_the_page_itself_and_stands_once() -> None:
    told = [
        link("self", f"{BASE}/a?f=json"),
        {**link("alternate", f"{BASE}/a"), "title": "later"},
        link("items", f"{BASE}/a"),
    ]
    found = tidy.without_pages({"links": told})["links"]
    assert [(one["rel"], one["href"], one["title"]) for one in found] == [
        ("self", f"{BASE}/a", "t"),
        ("items", f"{BASE}/a", "t"),
    ]


@pytest.mark.parametrize(("may_check", "names"), [(True, 5), (False, 3)])
def test_processes_and_jobs_are_named_to_those_who_may_use_them(may_check: bool, names: int) -> None:
    ends = ("", "/processes", "/jobs?f=json", "/collections", "/conformance")
    content = {"title": "t", "links": [link("data", f"{BASE}{end}") for end in ends]}
    found = tidy.landing(content, may_check=may_check)
    assert len(found["links"]) == names
    assert (f"{BASE}/processes" in [one["href"] for one in found["links"]]) is may_check
    assert (found["title"], len(content["links"])) == ("t", 5)


class Collection:
    kind = "layers"


@pytest.mark.parametrize(
    ("bounds", "bbox"),
    [((112.0, 35.0, 113.0, 36.0), [112.0, 35.0, 113.0, 36.0]), (None, [-180.0, -90.0, 180.0, 90.0])],
)
def test_a_collection_tells_where_it_lies_and_the_whole_world_where_nobody_knows(
    bounds: tuple[float, ...] | None, bbox: list[float]
) -> None:
    content = {"id": "water", "storageCrs": "x", "storageCrsCoordinateEpoch": 2017.5, "links": []}
    found = tidy.described(content, Collection(), (bounds, Days(None, None)))  # type: ignore[arg-type]  # stands for a collection
    assert found["extent"]["spatial"] == {"bbox": [bbox], "crs": CRS84}
    assert found["extent"]["temporal"] == {"interval": [[None, None]]}
    assert (found["crs"], found["itemType"], found["keywords"]) == (list(SYSTEMS), "feature", ["layers"])
    assert "storageCrs" not in found
    assert "storageCrsCoordinateEpoch" not in found


def test_a_collection_tells_its_days_and_the_form_of_its_features() -> None:
    content = {"links": [link("items", ITEMS), link("self", BASE)]}
    days = Days(date(2020, 1, 1), None)
    found = tidy.described(content, Collection(), (None, days))  # type: ignore[arg-type]  # stands for a collection
    assert found["extent"]["temporal"] == {"interval": [["2020-01-01T00:00:00Z", None]]}
    assert [one["type"] for one in found["links"]] == ["application/geo+json", "application/json"]
    assert content["links"][0]["type"] == "application/json"


def test_the_list_of_collections_names_all_systems() -> None:
    found = tidy.collections({"links": [], "collections": ["old"]}, [{"id": "water"}])
    assert found == {"links": [], "crs": list(SYSTEMS), "collections": [{"id": "water"}]}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "InvalidParameterValue"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (405, "MethodNotAllowed"),
        (406, "NotAcceptable"),
        (422, "InvalidParameterValue"),
        (503, "NoApplicableCode"),
    ],
)
def test_a_refusal_is_a_problem_document_with_the_code_of_the_standards(status: int, code: str) -> None:
    answer = refusal(status, Text("没有", "none"), NO_SUCH_JOB)
    assert (answer.status_code, answer.media_type) == (status, "application/problem+json")
    assert "没有".encode() in bytes(answer.body)
    assert json.loads(bytes(answer.body)) == {
        "type": NO_SUCH_JOB,
        "title": "none",
        "status": status,
        "detail": "没有 / none",
        "code": code,
        "description": "none",
        "zh": "没有",
        "en": "none",
    }


def test_a_refusal_without_a_kind_is_about_blank() -> None:
    assert json.loads(bytes(refusal(404, Text("没有", "none")).body))["type"] == "about:blank"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (bad("坏", "bad"), 400, "about:blank"),
        (missing("无", "gone"), 404, "about:blank"),
        (missing("无", "gone", NO_SUCH_JOB), 404, NO_SUCH_JOB),
    ],
)
def test_refusals_bear_their_status_and_kind(error: OgcRefused, status: int, kind: str) -> None:
    assert (error.status, error.kind) == (status, kind)


def test_every_operation_takes_only_parameters_that_are_described() -> None:
    assert len({one.id for one in OPERATIONS}) == len(OPERATIONS)
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)
    for one in OPERATIONS:
        assert one.parameters[:2] == COMMON
        assert set(one.parameters) <= set(PARAMETERS)


def test_checks_are_behind_processes_and_jobs_alone() -> None:
    asked = {one.id for one in OPERATIONS if one.checks}
    assert asked == {"execute", "jobs", "job", "dismiss", "results"}
