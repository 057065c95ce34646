"""GeoJSON that is handed in: of known form and size, with finite coordinates. RFC 7946, sections 3.1-3.3."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from zoning.web.api.content.strict_json import bad_request
from zoning.web.refusals import Refused

MOST_FEATURES: Final = 2_000
MOST_POSITIONS: Final = 1_000_000
_MOST_PROPERTIES, _LONGEST = 200, 2_000
_FARTHEST = 1e9
_DEPTHS: Final = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
_KEYS: Final = {
    "FeatureCollection": {"type", "features", "name", "crs", "bbox"},
    "Feature": {"type", "geometry", "properties", "id", "bbox", "crs"},
}
_GEOMETRY_KEYS: Final = {"type", "coordinates", "bbox", "crs"}


def check_geojson(value: Any) -> None:
    """Refuse what is no GeoJSON of one or several footprints.

    Raises
    ------
    Refused
        400, saying where.
    """
    budget = [MOST_POSITIONS]
    if not isinstance(value, dict):
        raise _wrong("site", "应为 GeoJSON 对象", "has to be a GeoJSON object")
    if value.get("type") != "FeatureCollection":
        _one(value, "site", budget)
        return
    _keys(value, "FeatureCollection", "site")
    features = value.get("features")
    if not isinstance(features, list) or not 1 <= len(features) <= MOST_FEATURES:
        raise _wrong("features", f"应有 1 至 {MOST_FEATURES} 个要素", f"has 1 to {MOST_FEATURES} features")
    for number, feature in enumerate(features):
        _one(feature, f"features.{number}", budget)


def _one(value: Any, at: str, budget: list[int]) -> None:
    if not isinstance(value, dict):
        raise _wrong(at, "应为对象", "has to be an object")
    if value.get("type") == "Feature":
        _keys(value, "Feature", at)
        _properties(value.get("properties"), f"{at}.properties")
        _identity(value.get("id"), f"{at}.id")
        _geometry(value.get("geometry"), f"{at}.geometry", budget)
    else:
        _geometry(value, at, budget)


def _keys(value: Mapping[str, Any], kind: str, at: str) -> None:
    for key in value:
        if key not in _KEYS[kind]:
            raise _wrong(f"{at}.{key[:40]}", "没有这个键", "there is no such key")


def _geometry(value: Any, at: str, budget: list[int]) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTHS:
        listed = ", ".join(_DEPTHS)
        raise _wrong(f"{at}.type", f"应为 {listed}", f"has to be one of {listed}")
    for key in value:
        if key not in _GEOMETRY_KEYS:
            raise _wrong(f"{at}.{key[:40]}", "没有这个键", "there is no such key")
    _coordinates(value.get("coordinates"), _DEPTHS[kind], f"{at}.coordinates", budget)


def _coordinates(value: Any, depth: int, at: str, budget: list[int]) -> None:
    if not isinstance(value, list) or not value:
        raise _wrong(at, "坐标的层数不对", "the coordinates are not nested as they should be")
    if depth:
        for inner in value:
            _coordinates(inner, depth - 1, at, budget)
        return
    budget[0] -= 1
    if budget[0] < 0:
        raise _wrong(at, f"最多 {MOST_POSITIONS} 个点", f"there are {MOST_POSITIONS} positions at most")
    if not 2 <= len(value) <= 4 or not all(_is_number(one) for one in value):  # noqa: PLR2004 - x, y, z, m
        raise _wrong(at, "每个点须为 2 至 4 个有限的数", "every position has 2 to 4 finite numbers")


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < _FARTHEST and isfinite(value)


def _properties(value: Any, at: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or len(value) > _MOST_PROPERTIES:
        raise _wrong(at, f"应为最多 {_MOST_PROPERTIES} 项的对象", f"has to be an object of {_MOST_PROPERTIES} at most")
    for key, one in value.items():
        if isinstance(one, dict | list) or len(key) > _LONGEST or (isinstance(one, str) and len(one) > _LONGEST):
            raise _wrong(f"{at}.{key[:40]}", "应为短文字、数或真假", "has to be a short text, a number or a flag")


def _identity(value: Any, at: str) -> None:
    if value is not None and (isinstance(value, dict | list | bool) or len(str(value)) > _LONGEST):
        raise _wrong(at, "应为短文字或数", "has to be a short text or a number")


def _wrong(at: str, zh: str, en: str) -> Refused:
    return bad_request(f"{at}：{zh}", f"{at}: {en}")
