"""Esri JSON, as feature services give it: often saved as .json and taken for GeoJSON."""

from typing import Any

from zoning.sites.crs.meaning import mean_the_same
from zoning.sites.drawing import Drawing, MalformedError, drawings_of
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.rings import CrossingError, regroup
from zoning.sites.vector.vector_files import as_text
from zoning.sites.where import Where
from zoning.texts import Text

PACKED = "\0esri"
_PATHS = {"rings": "Polygon", "paths": "MultiLineString", "points": "MultiPoint"}
_CURVES = ("curveRings", "curvePaths")
_LONGEST_QUOTED = 60
_OWN_NUMBERS = range(37_001, 210_000)  # Esri's; those of EPSG that Esri took over lie below


def pack(item: dict[str, Any]) -> dict[str, Any]:
    """Turn coordinates into arrays while the file is parsed."""
    for member, kind in _PATHS.items():
        if isinstance(item.get(member), list):
            try:
                item[PACKED] = drawings_of(kind, item.pop(member))
            except MalformedError as error:
                item[PACKED] = error
    return item


def is_esri(document: dict[str, Any]) -> bool:
    """Tell whether a document without the `type` of GeoJSON is one of Esri's."""
    if "type" in document and not isinstance(document.get("spatialReference"), dict):
        return False
    return PACKED in document or any(member in document for member in ("geometryType", "spatialReference", *_CURVES))


def esri_file(document: dict[str, Any], where: Where, options: Options) -> RawFile:
    """Return the footprints of a feature set, a feature or a geometry.

    Raises
    ------
    SiteError, CRSError
    """
    features = document.get("features")
    if features is None:
        features = [document if "geometry" in document else {"geometry": document}]
    if not isinstance(features, list) or not features:
        raise where.error_of(NO_FEATURES)
    declared = _declared(document, features)
    if options.crs is None:
        _check_statements(document, features, where)
    sites = tuple(
        _site(feature, declared, where.at_record(number), options) for number, feature in enumerate(features, 1)
    )
    note = where.sentence(
        "是 Esri JSON，不是 GeoJSON，已按 Esri 的规格读取", "it is Esri JSON, not GeoJSON; read as such"
    )
    return RawFile(
        sites,
        declared,
        silence=Text("Esri JSON 没有写 spatialReference", "the Esri JSON has no spatialReference"),
        may_be_degrees=True,
        warnings=(note,),
    )


def _declared(document: dict[str, Any], features: list[Any]) -> Declared | None:
    """Return the system of the set; a geometry that stands alone carries its own."""
    stated = _reference(document, features)
    return None if stated is None else _system(stated)


def _reference(document: dict[str, Any], features: list[Any]) -> dict[str, Any] | None:
    geometry = features[0].get("geometry") if isinstance(features[0], dict) else None
    for holder in (document, geometry):
        stated = holder.get("spatialReference") if isinstance(holder, dict) else None
        if isinstance(stated, dict):
            return stated
    return None


def _system(stated: dict[str, Any]) -> Declared | None:
    return next((Declared(text) for text in _statements(stated).values()), None)


def _statements(stated: dict[str, Any]) -> dict[str, str]:
    """Return what a `spatialReference` says, by its members, that which counts first."""
    numbers = {member: stated.get(member) for member in ("latestWkid", "wkid")}
    said = {
        member: f"{'ESRI' if number in _OWN_NUMBERS else 'EPSG'}:{number}"
        for member, number in numbers.items()
        if isinstance(number, int) and not isinstance(number, bool)
    }
    texts = {member: stated.get(member) for member in ("wkt", "wkt2")}
    return {**said, **{member: text for member, text in texts.items() if isinstance(text, str) and text.strip()}}


def _check_statements(document: dict[str, Any], features: list[Any], where: Where) -> None:
    """Refuse a `spatialReference` whose members mean different systems; a number of Esri's own may be an older name."""
    said = _statements(_reference(document, features) or {})
    (first, counts), *others = said.items() or [("", "")]
    for member, text in others:
        if text.startswith("ESRI:") or mean_the_same(counts, text, where):
            continue
        short = text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"
        raise where.crs_error(
            f"spatialReference 自相矛盾：{first} 是 {counts}，{member} 却是 {short}；请核对后重新导出，或用 --crs 说明",
            f"its spatialReference contradicts itself: {first} is {counts}, {member} is {short}; check it and export "
            "the file again, or state the system with --crs",
        )


def _check_own_system(feature: dict[str, Any], whole: Declared | None, where: Where) -> None:
    """Refuse a system that stands in one geometry: the others are in another one."""
    geometry = feature.get("geometry")
    stated = geometry.get("spatialReference") if isinstance(geometry, dict) else None
    if isinstance(stated, dict) and _system(stated) not in (None, whole):
        raise where.crs_error(
            "图形自带的 spatialReference 与文件的不同；一个文件只能有一个坐标系，请转换后重新导出",
            "its own spatialReference differs from that of the file; a file has one system only, convert and export "
            "it again",
        )


def _site(feature: Any, whole: Declared | None, where: Where, options: Options) -> RawSite:
    if not isinstance(feature, dict):
        raise where.error("不是要素；请重新导出", "it is no feature; export the file again")
    _check_own_system(feature, whole, where)
    try:
        drawings = _drawings(feature.get("geometry"))
    except MalformedError as error:
        raise where.error_of(error.text) from error
    except CrossingError as error:
        raise where.error(
            f"第 {error.first + 1} 个环与第 {error.second + 1} 个环相交或重复，分不清内外；请改正",
            f"its rings {error.first + 1} and {error.second + 1} cross or are the same, so neither is a hole of the "
            "other; correct them",
        ) from error
    attributes = feature.get("attributes")
    texts = attributes if isinstance(attributes, dict) else {}
    own = {
        name: as_text(value) for name, value in texts.items() if isinstance(value, str | int | float) and value != ""
    }
    return raw_site(drawings, where, options, attributes=own)


def _drawings(geometry: Any) -> list[Drawing]:
    if not isinstance(geometry, dict):
        return []
    if any(member in geometry for member in _CURVES):
        raise MalformedError(
            "含有曲线（curveRings/curvePaths），不能读取；请先转为折线",
            "it holds curves (curveRings/curvePaths), which are not read; convert them to lines first",
        )
    if PACKED not in geometry:
        numbers = [geometry[axis] for axis in ("x", "y", "z") if geometry.get(axis) is not None]
        return drawings_of("Point", numbers) if numbers else []
    packed = geometry[PACKED]
    if isinstance(packed, MalformedError):
        raise packed
    found: list[Drawing] = packed
    if found and found[0].kind == "polygon":
        # The direction of a ring says its role in Esri's files; containment says it more surely.
        rings = list(found[0].rings)
        return list(regroup(rings).polygons) if rings and all(len(ring) > 2 for ring in rings) else found  # noqa: PLR2004 - three corners make a ring
    return found
