"""Records of a layer file whose geometry cannot be made: named one by one, so that they can be found and repaired."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.texts import Text

_MOST_NAMED = 5
# What the library says of a ring, and what it means.
_REASONS = (
    ("closed linestring", Text("有环没有闭合（首尾点不同）", "a ring that does not end where it began")),
    ("number of points", Text("有环或线的点太少", "a ring or line with too few points")),
)
_PLACELESS = Text("有坐标不是数（NaN 或无穷大）", "a coordinate that is no number (NaN or infinite)")
_AT_ONCE = 50_000
_PLAIN = shapely.GeometryType.MULTIPOLYGON
_OTHER = Text("几何数据不完整或有误", "a geometry that is cut off or wrong")


def damaged_rows(name: str, wkb: NDArray[np.object_], fids: Sequence[Any], columns: Mapping[str, NDArray[Any]]) -> Text:
    """Return the sentence about the records of which no geometry can be made.

    Parameters
    ----------
    name
        Of the file.
    wkb, fids
        (n,) geometries as they are stored, and the numbers of their records in the file.
    columns
        Field -> (n,) values; the first field helps to find the record.
    """
    made = shapely.from_wkb(wkb, on_invalid="ignore")
    bad = [row for row, shape in enumerate(made) if shape is None and wkb[row] is not None]
    return _sentence(name, bad, _reason(wkb[bad[0]]) if bad else _OTHER, fids, columns)


def placeless_rows(
    name: str, shapes: NDArray[np.object_], fids: Sequence[Any], columns: Mapping[str, NDArray[Any]]
) -> Text | None:
    """Return the sentence about geometries (n,) with a point that is no place; None where there are none."""
    for start in range(0, len(shapes), _AT_ONCE):
        some = shapes[start : start + _AT_ONCE].copy()
        # A collection may hold curves, whose points the library does not give.
        some[shapely.get_type_id(some) > _PLAIN] = None
        points, rows = shapely.get_coordinates(some, return_index=True)
        bad = np.unique(rows[~np.isfinite(points).all(axis=1)])
        if len(bad):
            return _sentence(name, (bad + start).tolist(), _PLACELESS, fids, columns)
    return None


def _sentence(
    name: str, bad: Sequence[int], reason: Text, fids: Sequence[Any], columns: Mapping[str, NDArray[Any]]
) -> Text:
    listed = "、".join(_called(row, fids, columns) for row in bad[:_MOST_NAMED])
    more = len(bad) - _MOST_NAMED
    rest = (f" 等 {len(bad)} 条记录", f" and {more} more") if more > 0 else ("", "")
    return Text(
        f"{name}：记录 {listed}{rest[0]} {reason.zh}，整个图层不能使用；"
        "请在 GIS 软件中修复这些图形（闭合环、补点或删除后重画），重新导出",
        f"{name}: record {listed.replace('、', ', ')}{rest[1]} has {reason.en}, so that the layer cannot be used; "
        "repair it in a GIS program (close the ring, complete it or draw it anew) and export the file again",
    )


def _called(row: int, fids: Sequence[Any], columns: Mapping[str, NDArray[Any]]) -> str:
    field = next(iter(columns), None)
    value = None if field is None else columns[field][row]
    return f"fid={fids[row]}" + (f" ({field}={value})" if value is not None and str(value).strip() else "")


def _reason(blob: bytes) -> Text:
    try:
        shapely.from_wkb(blob)
    except shapely.errors.GEOSException as error:
        said = str(error)
        return next((text for words, text in _REASONS if words in said), _OTHER)
    return _OTHER
