"""What the records of a layer mean: shapes and classes, as its definition says."""

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.errors import LayerError
from zoning.layers.catalogue import Edition, Layer
from zoning.layers.formats import Table


def shapes_of(layer: Layer, edition: Edition, table: Table, ids: tuple[str, ...]) -> NDArray[np.object_]:
    """Return the geometries as polygons or lines, as the layer says; collections are taken apart.

    Raises
    ------
    LayerError
        When a record is neither.
    """
    wanted = 1 if layer.geometry == "line" else 2
    shapes = table.geometries.copy()
    for index in np.flatnonzero(shapely.get_dimensions(shapes) != wanted):
        raise _wrong_shape(layer, edition, ids[index], shapes[index].geom_type)
    for index in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        try:
            parts = shapely.get_parts(shapely.get_parts(shapes[index]))
        except NotImplementedError as error:
            # Curves by themselves are made of chords when they are read; inside a collection they are left.
            raise _wrong_shape(layer, edition, ids[index], "GeometryCollection with curves") from error
        fitting = [part for part in parts if shapely.get_dimensions(part) == wanted]
        shapes[index] = shapely.multilinestrings(fitting) if wanted == 1 else shapely.multipolygons(fitting)
    return shapes


def _wrong_shape(layer: Layer, edition: Edition, zone_id: str, found: str) -> LayerError:
    file = edition.origin
    wanted_zh, wanted_en = ("线", "lines") if layer.geometry == "line" else ("面", "polygons")
    return LayerError(
        f"{file}：要素 {zone_id} 是 {found}，图层 {layer.id} 应为{wanted_zh}；"
        f"请更正数据，或更正 layers/{layer.id}.yaml 的 geometry",
        f"{file}: feature {zone_id} is a {found}, layer {layer.id} holds {wanted_en}; "
        f"correct the data or 'geometry' in layers/{layer.id}.yaml",
    )


def classes_of(
    layer: Layer, edition: Edition, table: Table, ids: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return class and "assumed" of every zone.

    Raises
    ------
    LayerError
        When a record bears a class that the layer does not know.
    """
    allowed = layer.classes_in(edition)
    if layer.class_field is None:
        return (allowed[0],) * len(ids), (False,) * len(ids)
    by_code = {code: name for name in allowed for code in layer.classes[name].codes}
    class_ids: list[str] = []
    codes = table.columns[layer.class_field]
    for zone_id, code in zip(ids, codes, strict=True):
        if code and code not in by_code:
            raise _unknown_class(layer, edition, zone_id, code, tuple(by_code))
        class_ids.append(by_code[code] if code else allowed[0])
    return tuple(class_ids), tuple(not code for code in codes)


def _unknown_class(layer: Layer, edition: Edition, zone_id: str, code: str, allowed: tuple[str, ...]) -> LayerError:
    file = edition.origin
    codes = ", ".join(allowed)
    return LayerError(
        f"{file}：要素 {zone_id} 的字段 {layer.class_field} 为“{code}”，图层 {layer.id} 没有这个类别；"
        f"可用：{codes}；请更正数据，或在 layers/{layer.id}.yaml 中登记",
        f"{file}: feature {zone_id}: {layer.class_field} is '{code}', no class of layer {layer.id}; "
        f"allowed: {codes}; correct the data or add the code to layers/{layer.id}.yaml",
    )
