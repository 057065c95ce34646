"""Small maps: the outlines of a layer, or of what changes in it, as paths of an SVG of fixed width.

They show where something lies, simplified to the width of a line; nothing is measured on them.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.errors import LayerError
from zoning.layers.datum import WORLD, LonLat
from zoning.layers.reader import Features, LayerStore, Unavailable
from zoning.web.workers.tasks import Kept

WIDTH: Final = 640.0
_MOST_HEIGHT, _MARGIN = 560.0, 12.0
_SIMPLE = 0.35  # of a unit of the drawing
_SMALL = 2.0  # a zone below this many units is drawn as a dot
_MOST_POINTS = 60_000


def outlines(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the zones of a layer on a day.

    Parameters
    ----------
    told
        `layer`, `on`.

    Returns
    -------
    dict
        `width`, `height`, `territories` and `covered` (paths), `shapes`: class -> path; `zones`: class -> count;
        `reason` (zh, en) where the layer cannot answer.
    """
    layer = kept.workspace.catalogue[told["layer"]]
    on = date.fromisoformat(told["on"])
    store = LayerStore(kept.workspace.catalogue)
    found = store.read_window(layer.id, on=on, bounds=WORLD)
    if isinstance(found, Unavailable):
        return {"reason": found.reason.plain()}
    lonlat = LonLat()
    shapes = _lonlat(lonlat, found.geometries, found.crs)
    covered = _lonlat(lonlat, np.asarray([found.coverage], dtype=object), found.coverage_crs)
    frame, made = _ground(store, kept, lonlat, on, covered)
    classes = np.asarray(found.class_ids, dtype=object)
    names = [name for name in layer.classes_in(found.edition) if (classes == name).any()]
    made["covered"] = frame.path(covered)
    made["shapes"] = {name: frame.path(shapes[classes == name], line=layer.geometry == "line") for name in names}
    made["zones"] = {name: int((classes == name).sum()) for name in names}
    made["assumed"] = sum(found.assumed)
    return made


def pieces(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changes in a layer: `told`: `pieces` (a GeoPackage of `zoning compare`), `layer`, `on`, `line`.

    Raises
    ------
    LayerError
        When the GeoPackage states no coordinate system.
    """
    import pyogrio.raw

    on = date.fromisoformat(told["on"])
    store = LayerStore(kept.workspace.catalogue)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta, _, wkb, columns = pyogrio.raw.read(Path(told["pieces"]))
    if meta["crs"] is None:
        raise LayerError("比较结果没有坐标系", "the comparison states no coordinate system")
    lonlat = LonLat()
    shapes = _lonlat(lonlat, np.asarray(shapely.from_wkb(wkb), dtype=object), str(meta["crs"]))
    frame, made = _ground(store, kept, lonlat, on, shapes)
    kinds = np.asarray([str(kind) for kind in columns[0]], dtype=object)
    made["shapes"] = {
        kind: frame.path(shapes[kinds == kind], line=bool(told.get("line"))) for kind in dict.fromkeys(kinds)
    }
    made["covered"] = ""
    made["zones"] = {kind: int((kinds == kind).sum()) for kind in dict.fromkeys(kinds)}
    return made


class _Frame:
    """Longitude and latitude -> units of the drawing, true to shape in the middle of the box."""

    def __init__(self, box: Sequence[float]) -> None:
        west, south, east, north = box
        narrow = cos(radians((south + north) / 2))
        wide, tall = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
        scale = min((WIDTH - 2 * _MARGIN) / wide, (_MOST_HEIGHT - 2 * _MARGIN) / tall)
        self._west, self._north = west, north
        self._x, self._y = scale * narrow, scale
        self.width = round(wide * scale + 2 * _MARGIN)
        self.height = round(tall * scale + 2 * _MARGIN)

    def path(self, shapes: NDArray[np.object_], *, line: bool = False) -> str:
        """Return shapes (n,) of longitude and latitude as the `d` of a path, in units of the drawing."""
        if not len(shapes):
            return ""
        flat = shapely.transform(shapes, self._moved)
        step = _SIMPLE
        thin = shapely.simplify(flat, step, preserve_topology=False)
        while shapely.get_num_coordinates(thin).sum() > _MOST_POINTS:
            step *= 2
            thin = shapely.simplify(flat, step, preserve_topology=False)
        return "".join(
            part for shape, whole in zip(thin, flat, strict=True) for part in _parts(shape, whole, line=line)
        )

    def _moved(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (points[:, 0] - self._west) * self._x + _MARGIN
        y = (self._north - points[:, 1]) * self._y + _MARGIN
        return np.column_stack([x, y])


def _parts(shape: Any, whole: Any, *, line: bool) -> Iterable[str]:
    west, north, east, south = shapely.bounds(whole)
    if max(east - west, south - north) < _SMALL:
        x, y = (west + east) / 2, (north + south) / 2
        yield f"M{x - 1:.1f} {y - 1:.1f}h2v2h-2z"
        return
    for part in shapely.get_parts(shape):
        rings = [part] if line or part.geom_type != "Polygon" else [part.exterior, *part.interiors]
        for ring in rings:
            points = shapely.get_coordinates(ring)
            if len(points) > 1:
                told = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
                yield f"M{told}" if line else f"M{told}z"


def _ground(
    store: LayerStore, kept: Kept, lonlat: LonLat, on: date, over: NDArray[np.object_]
) -> tuple[_Frame, dict[str, Any]]:
    """Return the frame of a drawing, and the drawing with the territories in it."""
    catalogue = kept.workspace.catalogue
    territory = store.read_window(catalogue.territory_layer, on=on, bounds=WORLD)
    lands = (
        _lonlat(lonlat, territory.geometries, territory.crs)
        if isinstance(territory, Features)
        else np.empty(0, dtype=object)
    )
    near = lands
    if len(over) and not shapely.is_empty(over).all():
        there = np.asarray([shapely.box(*shapely.total_bounds(over))], dtype=object)
        meets = shapely.intersects(shapely.make_valid(lands), there[0]) if len(lands) else np.zeros(0, dtype=bool)
        near = np.concatenate([lands[meets], there])
    box = shapely.total_bounds(near) if len(near) else np.asarray([110.0, 34.0, 114.0, 41.0])
    frame = _Frame([float(edge) for edge in box])
    return frame, {"width": frame.width, "height": frame.height, "territories": frame.path(lands)}


def _lonlat(lonlat: LonLat, shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    transformer = lonlat.transformer(crs)
    flat = shapely.force_2d(shapes)
    if transformer is None:
        return np.asarray(flat, dtype=np.object_)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(flat, move), dtype=np.object_)
