"""GeoJSON that programs hand in: footprints of known form pass, all else is refused by its place."""

import copy
from typing import Any

import pytest

from zoning.web.api.content import geojson
from zoning.web.api.content.geojson import MOST_FEATURES, MOST_POSITIONS, check_geojson
from zoning.web.refusals import Refused

RING = [[112.4, 35.5], [112.5, 35.5], [112.5, 35.6], [112.4, 35.5]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
FEATURE = {"type": "Feature", "properties": None, "geometry": POLYGON}

TYPES = "Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon"


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def feature(**changed: Any) -> dict[str, Any]:
    return {**FEATURE, **changed}


def refused(value: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        check_geojson(value)
    assert caught.value.status == 400
    return caught.value.text.zh, caught.value.text.en


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", [112.4, 35.5]),
        ("MultiPoint", [[112.4, 35.5]]),
        ("LineString", [[112.4, 35.5], [112.5, 35.5]]),
        ("MultiLineString", [[[112.4, 35.5], [112.5, 35.5]]]),
        ("Polygon", [RING]),
        ("Polygon", [RING, RING]),
        ("MultiPolygon", [[RING], [RING, RING]]),
    ],
)
def test_every_kind_of_geometry_passes_with_its_own_nesting(kind: str, coordinates: Any) -> None:
    geometry = {"type": kind, "coordinates": coordinates}
    check_geojson(geometry)
    check_geojson(feature(geometry=geometry))
    check_geojson(collection(feature(geometry=geometry), geometry))


@pytest.mark.parametrize(
    "value",
    [
        feature(id="S1"),
        feature(id=7),
        feature(id=None),
        feature(id=1.5),
        feature(bbox=[1, 2, 3, 4], crs={"type": "name"}),
        feature(properties={}),
        feature(properties={"名称": "地块一", "亩": 3.5, "新建": True, "备注": None}),
        {**POLYGON, "bbox": [1, 2, 3, 4], "crs": None},
        collection(FEATURE, name="地块", crs={"type": "name"}, bbox=[]),
        collection(FEATURE, POLYGON),
    ],
)
def test_what_rfc_7946_and_old_writers_add_is_taken(value: dict[str, Any]) -> None:
    before = copy.deepcopy(value)
    check_geojson(value)
    assert value == before


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "site：应为 GeoJSON 对象", "site: has to be a GeoJSON object"),
        ([POLYGON], "site：应为 GeoJSON 对象", "site: has to be a GeoJSON object"),
        ("POLYGON EMPTY", "site：应为 GeoJSON 对象", "site: has to be a GeoJSON object"),
        ({}, f"site.type：应为 {TYPES}", f"site.type: has to be one of {TYPES}"),
        ({"type": None}, f"site.type：应为 {TYPES}", f"site.type: has to be one of {TYPES}"),
        ({"type": ["Polygon"]}, f"site.type：应为 {TYPES}", f"site.type: has to be one of {TYPES}"),
        ({"type": "polygon"}, f"site.type：应为 {TYPES}", f"site.type: has to be one of {TYPES}"),
        ({"type": "GeometryCollection"}, f"site.type：应为 {TYPES}", f"site.type: has to be one of {TYPES}"),
        ({**POLYGON, "srid": 4490}, "site.srid：没有这个键", "site.srid: there is no such key"),
        (feature(size=1), "site.size：没有这个键", "site.size: there is no such key"),
        (feature(name="x"), "site.name：没有这个键", "site.name: there is no such key"),
        (collection(FEATURE, id=1), "site.id：没有这个键", "site.id: there is no such key"),
        ({**POLYGON, "k" * 60: 1}, f"site.{'k' * 40}：没有这个键", f"site.{'k' * 40}: there is no such key"),
        (feature(**{"k" * 60: 1}), f"site.{'k' * 40}：没有这个键", f"site.{'k' * 40}: there is no such key"),
        (
            feature(geometry=None),
            f"site.geometry.type：应为 {TYPES}",
            f"site.geometry.type: has to be one of {TYPES}",
        ),
        (
            feature(geometry=FEATURE),
            f"site.geometry.type：应为 {TYPES}",
            f"site.geometry.type: has to be one of {TYPES}",
        ),
        (collection("x"), "features.0：应为对象", "features.0: has to be an object"),
        (collection(FEATURE, None), "features.1：应为对象", "features.1: has to be an object"),
        (
            collection(FEATURE, FEATURE, feature(geometry={**POLYGON, "z": 1})),
            "features.2.geometry.z：没有这个键",
            "features.2.geometry.z: there is no such key",
        ),
        (
            collection(collection(FEATURE)),
            f"features.0.type：应为 {TYPES}",
            f"features.0.type: has to be one of {TYPES}",
        ),
    ],
)
def test_what_is_no_footprint_is_refused_by_its_place(value: Any, zh: str, en: str) -> None:
    assert refused(value) == (zh, en)


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", None),
        ("Point", []),
        ("Point", "112.4,35.5"),
        ("Point", {"x": 1, "y": 2}),
        ("MultiPoint", []),
        ("MultiPoint", [[]]),
        ("LineString", [112.4, 35.5]),
        ("Polygon", RING),
        ("Polygon", [[]]),
        ("Polygon", [RING, []]),
        ("MultiPolygon", [RING]),
        ("MultiPolygon", [[RING], None]),
    ],
)
def test_coordinates_that_are_nested_otherwise_are_refused(kind: str, coordinates: Any) -> None:
    zh, en = refused({"type": kind, "coordinates": coordinates})
    assert (zh, en) == (
        "site.coordinates：坐标的层数不对",
        "site.coordinates: the coordinates are not nested as they should be",
    )


@pytest.mark.parametrize(
    "position",
    [
        [112.4, 35.5],
        [112, 35],
        [112.4, 35.5, 700.0],
        [112.4, 35.5, 700.0, 1.0],
        [-999_999_999.9, 999_999_999.9],
        [0, -0.0],
    ],
)
def test_a_position_has_two_to_four_numbers(position: list[float]) -> None:
    check_geojson({"type": "Point", "coordinates": position})


@pytest.mark.parametrize(
    "position",
    [
        [112.4],
        [1, 2, 3, 4, 5],
        [112.4, "35.5"],
        [112.4, None],
        [True, 35.5],
        [112.4, False],
        [[112.4, 35.5], [112.4, 35.5]],
        [float("nan"), 35.5],
        [112.4, float("inf")],
        [-float("inf"), 35.5],
        [1e9, 35.5],
        [112.4, -1e9],
        [112.4, 35.5, 1e9],
        [10**400, 35.5],
    ],
)
def test_any_other_position_is_refused(position: list[Any]) -> None:
    zh, en = refused({"type": "Point", "coordinates": position})
    assert zh == "site.coordinates：每个点须为 2 至 4 个有限的数"
    assert en == "site.coordinates: every position has 2 to 4 finite numbers"


def test_a_wrong_position_anywhere_is_found() -> None:
    rings = [RING, [*RING[:3], [112.4]]]
    zh, _ = refused(collection(FEATURE, feature(geometry={"type": "Polygon", "coordinates": rings})))
    assert zh == "features.1.geometry.coordinates：每个点须为 2 至 4 个有限的数"


@pytest.mark.parametrize(
    ("count", "is_taken"), [(0, False), (1, True), (MOST_FEATURES, True), (MOST_FEATURES + 1, False)]
)
def test_a_collection_has_one_to_two_thousand_features(count: int, is_taken: bool) -> None:
    value = collection(*[{"type": "Point", "coordinates": [1, 2]}] * count)
    if is_taken:
        check_geojson(value)
    else:
        assert refused(value) == ("features：应有 1 至 2000 个要素", "features: has 1 to 2000 features")


@pytest.mark.parametrize("features", [None, {}, "x", 3, {"0": FEATURE}])
def test_features_that_are_no_list_are_refused(features: Any) -> None:
    assert refused({"type": "FeatureCollection", "features": features})[1] == "features: has 1 to 2000 features"
    assert refused({"type": "FeatureCollection"})[1] == "features: has 1 to 2000 features"


@pytest.mark.parametrize(("most", "is_taken"), [(8, True), (9, True), (7, False), (0, False)])
def test_positions_of_all_features_are_counted_together(
    monkeypatch: pytest.MonkeyPatch, most: int, is_taken: bool
) -> None:
    monkeypatch.setattr(geojson, "MOST_POSITIONS", most)
    value = collection(FEATURE, FEATURE)  # four positions each
    if is_taken:
        check_geojson(value)
    else:
        assert f"there are {most} positions at most" in refused(value)[1]
        assert f"最多 {most} 个点" in refused(value)[0]


def test_a_million_positions_are_what_a_boundary_may_have() -> None:
    assert MOST_POSITIONS == 1_000_000


@pytest.mark.parametrize(
    ("properties", "is_taken"),
    [
        ({str(n): n for n in range(200)}, True),
        ({str(n): n for n in range(201)}, False),
        ([], False),
        ("x", False),
        (0, False),
    ],
    ids=["200", "201", "list", "text", "number"],
)
def test_properties_are_an_object_of_two_hundred_at_most(properties: Any, is_taken: bool) -> None:
    value = feature(properties=properties)
    if is_taken:
        check_geojson(value)
    else:
        assert refused(value) == (
            "site.properties：应为最多 200 项的对象",
            "site.properties: has to be an object of 200 at most",
        )


@pytest.mark.parametrize(
    ("key", "value", "is_taken"),
    [
        ("a", "字" * 2000, True),
        ("a", "字" * 2001, False),
        ("k" * 2000, 1, True),
        ("k" * 2001, 1, False),
        ("a", [], False),
        ("a", {}, False),
        ("a", [1], False),
        ("a", 10**300, True),
        ("a", True, True),
    ],
    ids=["2000", "2001", "key 2000", "key 2001", "list", "object", "list of one", "number", "flag"],
)
def test_a_property_is_a_short_text_a_number_or_a_flag(key: str, value: Any, is_taken: bool) -> None:
    told = feature(properties={"first": 1, key: value})
    if is_taken:
        check_geojson(told)
    else:
        zh, en = refused(told)
        assert zh == f"site.properties.{key[:40]}：应为短文字、数或真假"
        assert en == f"site.properties.{key[:40]}: has to be a short text, a number or a flag"


@pytest.mark.parametrize(
    ("identity", "is_taken"),
    [
        ("", True),
        ("i" * 2000, True),
        ("i" * 2001, False),
        (0, True),
        (True, False),
        (False, False),
        ([], False),
        ({}, False),
        (["S1"], False),
    ],
    ids=["empty", "2000", "2001", "zero", "true", "false", "empty list", "empty object", "list"],
)
def test_an_id_is_a_short_text_or_a_number(identity: Any, is_taken: bool) -> None:
    if is_taken:
        check_geojson(feature(id=identity))
    else:
        assert refused(feature(id=identity)) == (
            "site.id：应为短文字或数",
            "site.id: has to be a short text or a number",
        )
