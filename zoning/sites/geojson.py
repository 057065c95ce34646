"""GeoJSON: longitude and latitude by its standard (RFC 7946); a declared `crs` of the older form is honoured."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from zoning.errors import SiteError
from zoning.sites.drawing import GEOMETRY_TYPES, Drawing, MalformedError, drawings_of
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.where import Where
from zoning.texts import Text

_CRS84 = "OGC:CRS84"
_PACKED = "\0drawings"


def read_geojson(path: Path, options: Options) -> RawFile:
    """Read a FeatureCollection, a Feature or a bare geometry; every error names its record.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    document = _load(path, where)
    sites = tuple(
        _site(feature, where.at_record(number), options) for number, feature in enumerate(_features(document, where), 1)
    )
    declared, warnings = _declared(document, where)
    return RawFile(
        sites,
        declared,
        silence=Text("crs 成员为 null", "its crs member is null"),
        may_be_degrees=True,
        warnings=warnings,
    )


def _load(path: Path, where: Where) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise where.error("GeoJSON 必须是 UTF-8 编码；请重新导出", "GeoJSON must be UTF-8; export it again") from error
    try:
        document = json.loads(text, object_hook=_pack, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise where.at_line(error.lineno).error(
            f"JSON 在第 {error.colno} 列处不完整或有误；请重新导出",
            f"the JSON is cut off or wrong at column {error.colno}; export it again",
        ) from error
    except MalformedError as error:
        raise where.error(error.text.zh, error.text.en) from error
    except (RecursionError, ValueError) as error:
        raise where.error(
            "JSON 嵌套过深或数字过长；请重新导出",
            "the JSON is nested too deeply or a number is too long; export it again",
        ) from error
    if not isinstance(document, dict):
        raise _not_geojson(where, type(document).__name__)
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"含有 {name}，不是有效数字；请改正", f"it holds {name}, which is no number; correct it")


def _pack(item: dict[str, Any]) -> dict[str, Any]:
    """Turn coordinates into arrays while the file is parsed: nested lists take ten times the memory."""
    if "coordinates" in item and _is_geometry(item.get("type")):
        try:
            item[_PACKED] = drawings_of(item["type"], item.pop("coordinates"))
        except MalformedError as error:
            item[_PACKED] = error
    return item


def _is_geometry(kind: object) -> bool:
    return isinstance(kind, str) and kind in GEOMETRY_TYPES


def _features(document: dict[str, Any], where: Where) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise where.error("缺少 features 列表；请重新导出", "the list of features is missing; export it again")
        if not features:
            raise where.error("没有任何图形；请重新导出", "it holds no features; export it again")
        return features
    if kind == "Feature":
        return [document]
    if _is_geometry(kind) or kind == "GeometryCollection":
        return [{"type": "Feature", "geometry": document, "properties": None}]
    raise _not_geojson(where, kind)


def _not_geojson(where: Where, kind: object) -> SiteError:
    return where.error(
        f"不是 GeoJSON（type 为 {kind!r}）；应为 FeatureCollection、Feature 或几何图形",
        f"it is not GeoJSON (type is {kind!r}); a FeatureCollection, a Feature or a geometry is expected",
    )


def _site(feature: Any, where: Where, options: Options) -> RawSite:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise where.error("不是 Feature；请重新导出", "it is no Feature; export the file again")
    try:
        drawings = list(_drawings(feature.get("geometry")))
    except MalformedError as error:
        raise where.error(error.text.zh, error.text.en) from error
    made = assemble(drawings, where=where, width_m=options.width_m)
    properties = feature.get("properties")
    texts = _texts(properties) if isinstance(properties, dict) else {}
    identifier = feature.get("id")
    return RawSite(
        where,
        made.geometry,
        attributes=texts,
        stated_id=str(identifier) if isinstance(identifier, str | int | float) else "",
        repairs=made.repairs,
        warnings=made.warnings,
    )


def _texts(properties: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in properties.items()
        if isinstance(value, str | int | float)
    }


def _drawings(geometry: Any) -> Iterator[Drawing]:
    """Yield what a geometry holds; collections are taken apart without recursion."""
    waiting = [geometry]
    while waiting:
        item = waiting.pop()
        if item is None:
            continue
        if not isinstance(item, dict):
            raise MalformedError("geometry 不是对象；请重新导出", "the geometry is no object; export the file again")
        if item.get("type") == "GeometryCollection":
            parts = item.get("geometries")
            waiting += reversed(parts if isinstance(parts, list) else [])
            continue
        packed = item.get(_PACKED)
        if packed is None:
            packed = drawings_of(str(item.get("type")), item.get("coordinates"))
        if isinstance(packed, MalformedError):
            raise packed
        yield from packed


def _declared(document: dict[str, Any], where: Where) -> tuple[Declared | None, tuple[Text, ...]]:
    if "crs" not in document:
        return Declared(_CRS84, implied=True), ()
    crs = document["crs"]
    if crs is None:
        return None, ()
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise where.crs_error(
            'crs 成员没有坐标系名称；应写成 {"type": "name", "properties": {"name": "EPSG:4526"}}',
            'its crs member names no system; write {"type": "name", "properties": {"name": "EPSG:4526"}}',
        )
    if name.endswith("CRS84"):
        return Declared(_CRS84), ()
    warning = where.sentence(
        f"GeoJSON 声明了坐标系 {name}（标准只允许 WGS84 经纬度），已按声明读取",
        f"the GeoJSON declares {name} (its standard allows WGS84 longitude and latitude only); taken as declared",
    )
    return Declared(name), (warning,)
