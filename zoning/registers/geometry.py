"""Places of records: checked against the type, stored as WKB under their digest."""

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.mistakes import Mistake
from zoning.registers.canonical import sha256
from zoning.registers.types import RegisterType
from zoning.texts import Text

_DIMENSIONS = {"area": 2, "line": 1, "point": 0}
_NAMES = {"area": Text("面", "an area"), "line": Text("线", "a line"), "point": Text("点", "a point")}
_MOST_LON, _MOST_LAT = 180.0, 90.0


def check_place(kind: RegisterType, geometry: BaseGeometry | None) -> None:
    """Refuse a geometry (longitude and latitude) that cannot be the place of a record of this type.

    Raises
    ------
    Mistake
        With what is wrong.
    """
    if geometry is None:
        return
    if kind.shape == "none":
        raise Mistake(Text(f"{kind.item.zh}没有图形", f"{kind.item.en}: this kind has no geometry"))
    if geometry.is_empty:
        raise Mistake(Text("图形是空的", "the geometry is empty"))
    if kind.shape != "any" and shapely.get_dimensions(geometry) != _DIMENSIONS[kind.shape]:
        name = _NAMES[kind.shape]
        raise Mistake(Text(f"图形应为{name.zh}", f"the geometry has to be {name.en}"))
    west, south, east, north = geometry.bounds
    if not (-_MOST_LON <= west <= east <= _MOST_LON and -_MOST_LAT <= south <= north <= _MOST_LAT):
        raise Mistake(
            Text("坐标不是经纬度（度）", "the coordinates are no longitudes and latitudes in degrees"),
        )
    if not geometry.is_valid:
        why = shapely.is_valid_reason(geometry)
        raise Mistake(
            Text(
                f"图形有错（{why}）；请先用 zoning inspect 查看、用 zoning convert 修复",
                f"the geometry is not valid ({why}): look with zoning inspect, repair with zoning convert",
            )
        )


def wkb_of(geometry: BaseGeometry) -> tuple[str, bytes]:
    """Return digest and WKB (little endian, as the coordinates are, to the last bit)."""
    wkb = shapely.to_wkb(geometry, byte_order=1, include_srid=False)
    return sha256(wkb), wkb


def geometry_of(wkb: bytes | None) -> BaseGeometry | None:
    """Return the geometry of WKB."""
    return None if wkb is None else shapely.from_wkb(wkb)
