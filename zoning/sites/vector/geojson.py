"""GeoJSON: longitude and latitude by its standard (RFC 7946); a declared `crs` of the older form is honoured."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zoning.errors import SiteError
from zoning.sites.crs.extent import Boxes
from zoning.sites.drawing import GEOMETRY_TYPES, Drawing, MalformedError, drawings_of
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, Fault, Label, RawFile, RawSite
from zoning.sites.records import raw_site, site_or_fault
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.streams.sliced import Labels, Records, Sliced, UnclearError, WholeFile
from zoning.sites.vector.esri_json import esri_file, is_esri
from zoning.sites.vector.esri_json import pack as pack_esri
from zoning.sites.vector.json_text import Pack, load
from zoning.sites.where import Where
from zoning.texts import Text

_CRS84 = "OGC:CRS84"
_PACKED = "\0drawings"


def read_geojson(path: Path, options: Options) -> RawFile:
    """Read a FeatureCollection, a Feature, a bare geometry, or a sequence of Features; every error names its record.

    Raises
    ------
    SiteError, CRSError, UsageError
    """
    read = _read(path, options)
    if isinstance(read, RawFile):
        return read
    sites = tuple(
        _site(feature, read.where.at_record(number), options, read.crs)
        for number, feature in enumerate(read.features, 1)
    )
    return replace(read.head, sites=sites)


@contextmanager
def opened_geojson(path: Path, options: Options) -> Iterator[Sliced]:
    """Read a file, and hand its records out in slices: one that is no footprint does not spoil the others.

    Raises
    ------
    SiteError, CRSError, UsageError
    """
    read = _read(path, options)
    yield WholeFile(read) if isinstance(read, RawFile) else read


@dataclass(frozen=True, slots=True)
class _Features:
    """Features in memory; see `zoning.sites.streams.sliced.Sliced`.

    Attributes
    ----------
    crs
        The system that the file states, as it stands there.
    """

    features: list[Any]
    head: RawFile
    crs: Any
    where: Where
    options: Options
    says_ids: bool = True

    @property
    def count(self) -> int:
        """How many features there are."""
        return len(self.features)

    def boxes(self) -> Iterator[Boxes]:
        """Leave it to the features: they are in memory."""
        raise UnclearError

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the features from number `start` on."""
        for first in range(start, self.count, rows):
            some = enumerate(self.features[first : first + rows], first + 1)
            yield [self._record(feature, number) for number, feature in some]

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the features before number `stop` say of themselves."""
        labels = (_labels(feature) for feature in self.features[:stop])
        yield [Label(self.where.at_record(number), **label) for number, label in enumerate(labels, 1)]

    def _record(self, feature: Any, number: int) -> RawSite | Fault:
        where = self.where.at_record(number)
        return site_or_fault(lambda: _site(feature, where, self.options.afresh(), self.crs), where, **_labels(feature))


def _read(path: Path, options: Options) -> _Features | RawFile:
    where = Where(path.name or str(path))
    loaded = load(path, where, options, _packer(options, where))
    document = _document(loaded.values, where)
    if is_esri(document):
        raw = esri_file(document, where, options)
        return replace(raw, warnings=(*loaded.warnings, *raw.warnings), encoding=loaded.codec)
    declared, warnings = _declared(document, where)
    head = RawFile(
        (),
        declared,
        silence=Text("crs 成员为 null", "its crs member is null"),
        may_be_degrees=True,
        warnings=(*loaded.warnings, *warnings),
        encoding=loaded.codec,
    )
    return _Features(_features(document, where), head, document.get("crs"), where, options)


def _document(values: tuple[Any, ...], where: Where) -> dict[str, Any]:
    """Return the one document; a sequence of features or geometries becomes a collection."""
    if len(values) == 1:
        if isinstance(values[0], dict):
            return values[0]
        raise _not_geojson(where, type(values[0]).__name__)
    for number, value in enumerate(values, 1):
        kind = value.get("type") if isinstance(value, dict) else type(value).__name__
        if kind != "Feature" and not _is_geometry(kind):
            raise _not_geojson(where.at_record(number), kind)
    features = [value if value["type"] == "Feature" else _wrapped(value) for value in values]
    return {"type": "FeatureCollection", "features": features}


def _wrapped(geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": None}


def _packer(options: Options, where: Where) -> Pack:
    """Return what turns coordinates into arrays while the file is parsed: nested lists take ten times the memory."""
    tally = Tally(options.limits)

    def packed(item: dict[str, Any]) -> dict[str, Any]:
        if "coordinates" in item and _is_geometry(item.get("type")):
            try:
                item[_PACKED] = drawings_of(item["type"], item.pop("coordinates"))
            except MalformedError as error:
                item[_PACKED] = error
            else:
                tally.take(item[_PACKED], where)
            return item
        return pack_esri(item)

    return packed


def _is_geometry(kind: object) -> bool:
    return isinstance(kind, str) and kind in GEOMETRY_TYPES


def _features(document: dict[str, Any], where: Where) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise where.error("缺少 features 列表；请重新导出", "the list of features is missing; export it again")
        if not features:
            raise where.error_of(NO_FEATURES)
        return features
    if kind == "Feature":
        return [document]
    if _is_geometry(kind) or kind == "GeometryCollection":
        return [_wrapped(document)]
    raise _not_geojson(where, kind)


def _not_geojson(where: Where, kind: object) -> SiteError:
    if kind == "Topology":
        return where.error(
            "是 TopoJSON，不能读取；请导出为 GeoJSON", "it is TopoJSON, which is not read; export it as GeoJSON"
        )
    return where.error(
        f"不是 GeoJSON（type 为 {kind!r}）；应为 FeatureCollection、Feature 或几何图形",
        f"it is not GeoJSON (type is {kind!r}); a FeatureCollection, a Feature or a geometry is expected",
    )


def _site(feature: Any, where: Where, options: Options, crs: Any) -> RawSite:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise where.error("不是 Feature；请重新导出", "it is no Feature; export the file again")
    _check_own_crs(feature, crs, where)
    try:
        drawings = list(_drawings(feature.get("geometry")))
    except MalformedError as error:
        raise where.error_of(error.text) from error
    return raw_site(drawings, where, options, **_labels(feature))


def _labels(feature: Any) -> dict[str, Any]:
    """Return what a feature says of itself, as fields of `RawSite`."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    texts = _texts(properties) if isinstance(properties, dict) else {}
    identifier = feature.get("id")
    return {
        "attributes": texts,
        "stated_id": str(identifier) if isinstance(identifier, str | int | float) else "",
    }


def _check_own_crs(feature: dict[str, Any], crs: Any, where: Where) -> None:
    """Refuse a system that stands in one feature: the others are in another one."""
    for holder in (feature, feature.get("geometry")):
        if isinstance(holder, dict) and holder.get("crs") not in (None, crs):
            raise where.crs_error(
                "坐标系（crs）写在单个图形里，与文件的不同；请写在文件顶层，一个文件只用一个坐标系",
                "its own crs differs from that of the file; state one system at the top of the file",
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
