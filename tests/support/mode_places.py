"""Parcels that lie all in a zone of one class of the built-in layers."""

from functools import cache

import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.registers.record import Record
from zoning.workspace import builtin_root

SIDE = 0.0004
"""Half of it, degrees: parcels of some 70 m."""

Zone = tuple[str, str | None]
DATA = builtin_root() / "layers" / "data"


@cache
def zones(file: str, class_: str | None) -> tuple[BaseGeometry, ...]:
    """Return the areas of the zones of a class, or of all."""
    frame = pyogrio.read_dataframe(DATA / f"{file}.gpkg")
    kept = frame if class_ is None else frame[frame["class"] == class_]
    return tuple(shapely.get_parts(kept.geometry.array))


@cache
def place(file: str, class_: str | None, territory: str, without: tuple[Zone, ...] = ()) -> Record:
    """Return a parcel that lies all in a zone of one class, well away from its border."""
    home = pyogrio.read_dataframe(DATA / "territory.gpkg").set_index("zone_id").geometry[territory]
    shapely.prepare(home)
    others = shapely.STRtree([shape for name, of in without for shape in zones(name, of)])
    for part in zones(file, class_):
        inner = part.buffer(-2 * SIDE)
        if inner.is_empty or not home.intersects(part):
            continue
        for point in [inner.representative_point(), *map(shapely.Point, shapely.get_coordinates(inner))]:
            square = shapely.box(*point.buffer(SIDE).bounds)
            if part.covers(square) and home.covers(square) and not others.query(square, predicate="intersects").size:
                return Record("p1", "试验坑", territory, square)
    raise AssertionError((file, class_, territory))
