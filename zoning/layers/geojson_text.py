"""Layers in GeoJSON, looked through: what GDAL cannot make a geometry of it leaves out without a word."""

import json
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from zoning.texts import Text

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_COLLECTION = "GeometryCollection"
_SEPARATOR = "\x1e"
_XY = 2


def unsound_feature(path: Path, encoding: str | None) -> Text | None:
    """Return the sentence about the first feature that would be left out or misplaced; None where all are sound.

    Parameters
    ----------
    encoding
        As the layer states it; None for UTF-8.

    Raises
    ------
    ValueError
        When the file is no JSON.
    """
    state = path.stat()
    return _unsound(path, encoding or "utf-8-sig", state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _unsound(path: Path, encoding: str, size: int, changed: int) -> Text | None:
    del size, changed  # a file that was changed is looked through again
    document = _document(path.read_text(encoding=encoding, errors="replace"))
    if _is_geometry(document):
        document = {"type": "Feature", "geometry": document}
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list):
        raise ValueError("features")  # noqa: TRY004 - as for any other text that is no GeoJSON
    for number, feature in enumerate(features, 1):
        found = _fault(feature, document.get("crs"))
        if found is not None:
            return Text(
                f"{path.name}：第 {number} 个要素{found.zh}，整个图层不能使用；请改正后重新导出",
                f"{path.name}: feature {number} {found.en}, so that the layer cannot be used; correct it and export "
                "the file again",
            )
    return None


def _document(text: str) -> dict[str, Any]:
    """Return the collection; features on lines of their own become one."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        lines = (line.strip().lstrip(_SEPARATOR) for line in text.splitlines())
        found = {"type": "FeatureCollection", "features": [json.loads(line) for line in lines if line]}
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - as for any other text that is no GeoJSON
    return found


def _fault(feature: Any, crs: Any) -> Text | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Text("不是 Feature，会被漏读", "is no Feature and would be left out")
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    for holder in (feature, geometry):
        if isinstance(holder, dict) and holder.get("crs") not in (None, crs):
            return Text("自带的坐标系（crs）与文件的不同", "has a crs of its own, another one than the file")
    return None if _is_sound(geometry) else Text("的图形有误，会被漏读", "has a wrong geometry and would be left out")


def _is_geometry(item: dict[str, Any]) -> bool:
    return item.get("type") in _DEPTHS or item.get("type") == _COLLECTION


def _is_sound(geometry: Any) -> bool:
    if not isinstance(geometry, dict) or not _is_geometry(geometry):
        return False
    if geometry["type"] == _COLLECTION:
        parts = geometry.get("geometries")
        return isinstance(parts, list) and all(map(_is_sound, parts))
    coordinates = geometry.get("coordinates")
    if coordinates == []:
        return True
    return all(map(_is_position, _positions(coordinates, _DEPTHS[geometry["type"]])))


def _positions(item: Any, depth: int) -> Iterator[Any]:
    if depth == 0 or not isinstance(item, list):
        # What is no list where one is due is no position either.
        yield item if depth == 0 else None
        return
    for part in item:
        yield from _positions(part, depth - 1)


def _is_position(item: Any) -> bool:
    return (
        isinstance(item, list)
        and len(item) >= _XY
        and all(type(value) in (int, float) and isfinite(value) for value in item)
    )
