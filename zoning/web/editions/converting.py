"""An uploaded file turned into the data of an edition: fields, codes and coordinate system of the layer.

What does not fit is refused, never left out: a zone that is lost here would later be a "no conflict".
"""

import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.enums import TransformDirection

from zoning.errors import CRSError, LayerError
from zoning.layers.catalogue import Catalogue, Edition, Layer
from zoning.layers.datum import WORLD, LonLat, parse_crs, same_crs
from zoning.layers.formats import Table, read_table
from zoning.layers.reader import LayerStore
from zoning.layers.records import shapes_of
from zoning.overlay.source import readable_territories

_STEP_M, _STEP_DEG = 85.0, 0.0008  # an edge is straight in the system of the file: sagitta below 0.1 mm
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class _Told:
    """The settings of an upload; see `zoning.web.editions.settings.Settings`."""

    layer: Layer
    table: str | None
    id_field: str
    name_field: str
    class_field: str
    codes: Mapping[str, str]
    attributes: Mapping[str, str]
    crs: str
    territories: tuple[str, ...]
    day: str


def converted(catalogue: Catalogue, path: Path, settings: Mapping[str, Any], target: Path) -> dict[str, Any]:
    """Write the zones of a file as a GeoPackage that a layer's definition reads; return what was found.

    Parameters
    ----------
    settings
        `layer`, `table`, `id_field`, `name_field`, `class_field`, `codes` (value -> class, "" for the strictest),
        `attributes` (attribute of the layer -> field, "" for none), `crs` (where the file states none),
        `territories` (codes that the edition covers), `valid_from`.

    Returns
    -------
    dict
        `zones`; `classes`: class -> count; `unclassed`: zones without a class; `outside`: zones off the covered
        territories; `repeated`: ids that several zones bear; `invalid`: zones with faults of geometry; `crs`.

    Raises
    ------
    LayerError, CRSError, UnreadableError
        When the file holds no zones, cannot be of the system, lies elsewhere, or has classes that are mapped to none.
    """
    told = _told(catalogue, settings)
    named = (told.id_field, told.name_field, told.class_field, *told.attributes.values())
    fields = tuple(dict.fromkeys(name for name in named if name))
    table = read_table(path, told.table, fields=fields, encoding=None, window=lambda _: None)
    _demand_all(path, told, len(table.geometries))
    crs = _system(told, table.crs)
    ids = tuple(text or fid for text, fid in zip(_column(table, told.id_field), table.fids, strict=True))
    shapes = shapely.force_2d(shapes_of(told.layer, Edition(file=path.name, valid_from=told.day), table, ids))
    classes = _classes(told, table)
    lonlat = LonLat()
    placed = _placed(lonlat, shapes, crs, told.layer.crs)
    outside = _outside(catalogue, told, lonlat, placed)
    _write(target, told, placed, ids, table, classes)
    return {
        "zones": len(shapes),
        "classes": {name: count for name, count in Counter(classes).items() if name},
        "unclassed": classes.count(""),
        "outside": outside,
        "repeated": sum(count > 1 for count in Counter(ids).values()),
        "invalid": int(np.count_nonzero(~shapely.is_valid(shapes))),
        "crs": crs,
        "moved": crs != told.layer.crs and not same_crs(crs, told.layer.crs),
    }


def _told(catalogue: Catalogue, settings: Mapping[str, Any]) -> _Told:
    layer = catalogue[settings["layer"]]
    return _Told(
        layer,
        settings["table"],
        settings["id_field"],
        settings["name_field"],
        settings["class_field"],
        settings["codes"],
        {name: settings["attributes"].get(name, "") for name in layer.attributes},
        settings["crs"],
        tuple(settings["territories"]),
        settings["valid_from"],
    )


def _demand_all(path: Path, told: _Told, count: int) -> None:
    """Refuse a file without zones, and one with records that have no shape."""
    records = _records(path, told.table)
    if not records:
        raise LayerError(
            "文件中没有任何要素；空的版本会使所有地块都显示“不涉及”，不能上传",
            "the file holds no features: with an empty edition every site would be said not to be affected",
        )
    if records != count:
        raise LayerError(
            f"文件中有 {records - count} 条记录没有图形；请补全或删除后重新上传",
            f"{records - count} records of the file have no geometry: complete or delete them, and hand it in again",
        )


def _records(path: Path, table: str | None) -> int:
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return int(pyogrio.read_info(path, layer=table, force_feature_count=True)["features"])


def _system(told: _Told, stated: str | None) -> str:
    if stated is None and not told.crs:
        raise CRSError(
            "文件没有写明坐标系；请在“坐标系”一栏填写（如 EPSG:4490）",
            "the file does not state its coordinate system: fill in the field for it (such as EPSG:4490)",
        )
    if stated is None:
        parse_crs(told.crs)
        return told.crs
    if told.crs and not same_crs(stated, told.crs):
        raise CRSError(
            f"文件写明的坐标系是 {parse_crs(stated).name}，填写的是 {told.crs}；请更正其中之一",
            f"the file states {parse_crs(stated).name}, {told.crs} was filled in: correct one of them",
        )
    return stated


def _column(table: Table, field: str) -> tuple[str, ...]:
    return table.columns[field] if field else ("",) * len(table.geometries)


def _classes(told: _Told, table: Table) -> list[str]:
    if told.layer.class_field is None:
        return [next(iter(told.layer.classes))] * len(table.geometries)
    values = _column(table, told.class_field)
    strange = Counter(value for value in values if value and told.codes.get(value, "") not in told.layer.classes)
    if strange:
        listed = "；".join(f"{value}（{count}）" for value, count in strange.most_common(_MOST_NAMED))
        plain = "; ".join(f"{value} ({count})" for value, count in strange.most_common(_MOST_NAMED))
        raise LayerError(
            f"字段 {told.class_field} 有 {len(strange)} 个值没有对应的类别：{listed}；请逐个指定类别，或更正数据",
            f"{len(strange)} values of the field {told.class_field} have no class: {plain}; "
            "say which class each means, or correct the data",
        )
    return [told.codes[value] if value else "" for value in values]


def _placed(lonlat: LonLat, shapes: NDArray[np.object_], crs: str, target: str) -> NDArray[np.object_]:
    """Return the shapes in the system of the layer; untouched where the file is in it."""
    extent = shapely.total_bounds(shapes)
    box = tuple(float(edge) for edge in extent)
    if not np.isfinite(extent).all() or not lonlat.shows(crs, (box[0], box[1], box[2], box[3])):
        told = ", ".join(f"{edge:.6g}" for edge in box)
        raise LayerError(
            f"坐标范围 {told} 不可能属于 {_name(crs)}；请检查坐标系、带号和坐标顺序",
            f"its coordinates ({told}) cannot be of {_name(crs)}: check the coordinate system, zone and axis order",
        )
    if same_crs(crs, target):
        return shapes
    dense = shapely.segmentize(shapes, _STEP_DEG if parse_crs(crs).is_geographic else _STEP_M)
    for system, direction in ((crs, TransformDirection.FORWARD), (target, TransformDirection.INVERSE)):
        transformer = lonlat.transformer(system)
        if transformer is not None:
            dense = _moved(dense, partial(transformer.transform, direction=direction))
    if not np.isfinite(shapely.total_bounds(dense)).all():
        raise LayerError(
            f"有坐标不能从 {_name(crs)} 换算；请检查坐标系和带号",
            f"some coordinates cannot be transformed from {_name(crs)}: check coordinate system and zone",
        )
    return dense


def _name(crs: str) -> str:
    parsed = parse_crs(crs)
    code = parsed.to_epsg()
    return f"EPSG:{code}" if code else parsed.name


def _outside(catalogue: Catalogue, told: _Told, lonlat: LonLat, shapes: NDArray[np.object_]) -> int:
    """Return how many zones lie off the covered territories; all of them: the file is of somewhere else."""
    from datetime import date

    day = date.fromisoformat(told.day)
    found = readable_territories(LayerStore(catalogue).read_window(catalogue.territory_layer, on=day, bounds=WORLD))
    if told.layer.id == catalogue.territory_layer:
        wanted = found.geometries
    else:
        wanted = found.geometries[np.isin(np.asarray(found.ids, dtype=str), told.territories)]
    ground = shapely.union_all(shapely.make_valid(_lonlat(lonlat, wanted, found.crs)))
    shapely.prepare(ground)
    placed = shapely.make_valid(_lonlat(lonlat, shapes, told.layer.crs))
    touching = shapely.intersects(ground, placed)
    if touching.any():
        return int(np.count_nonzero(~touching))
    swapped = _moved(placed, lambda x, y: (y, x))
    if shapely.intersects(ground, swapped).any():
        raise LayerError(
            "经度和纬度写反了：对调后才落在辖区内；请更正文件后重新上传",
            "longitude and latitude are swapped: only the other way round the zones lie in the territory; correct it",
        )
    west, south, east, north = shapely.total_bounds(placed)
    raise LayerError(
        f"没有一个要素落在所选辖区内（文件在东经 {west:.3f}–{east:.3f}、北纬 {south:.3f}–{north:.3f}）；"
        "请检查坐标系、带号和覆盖范围",
        f"no feature lies in the chosen territories (the file is at {west:.3f}-{east:.3f} E, {south:.3f}-{north:.3f} "
        "N): check coordinate system, zone and coverage",
    )


def _lonlat(lonlat: LonLat, shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    transformer = lonlat.transformer(crs)
    if transformer is None:
        return shapes
    return _moved(shapes, transformer.transform)


def _moved(shapes: NDArray[np.object_], function: Callable[..., Any]) -> NDArray[np.object_]:
    """Return shapes with coordinates put through a function of x and y."""

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(function(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(shapes, move), dtype=np.object_)


def _write(
    target: Path,
    told: _Told,
    shapes: NDArray[np.object_],
    ids: tuple[str, ...],
    table: Table,
    classes: list[str],
) -> None:
    import pyogrio
    import pyogrio.raw

    layer = told.layer
    columns = {name: _column(table, field) for name, field in told.attributes.items()}
    columns[layer.name_field] = _column(table, told.name_field)
    if layer.class_field is not None:
        code = {name: one.codes[0] for name, one in layer.classes.items()}
        columns[layer.class_field] = tuple(code[name] if name else "" for name in classes)
    columns[layer.id_field] = ids
    # The same upload gives the same bytes: the only moment inside is the day it holds from.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{told.day}T00:00:00Z"})
    kind = "MultiLineString" if layer.geometry == "line" else "MultiPolygon"
    make = shapely.multilinestrings if layer.geometry == "line" else shapely.multipolygons
    whole = np.asarray([make(list(shapely.get_parts(shape))) for shape in shapes], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            target,
            shapely.to_wkb(whole),
            [np.asarray(column, dtype=object) for column in columns.values()],
            list(columns),
            layer=layer.id,
            driver="GPKG",
            geometry_type=kind,
            crs=layer.crs,
        )
