"""Coordinate systems as numbers in front of geometries: EWKT, EWKB, the blobs of a GeoPackage."""

from collections.abc import Collection

from zoning.sites.raw import Declared
from zoning.sites.where import Where


def declared_by(srids: Collection[int | str | None], where: Where) -> Declared | None:
    """Return the system that all geometries of a file state; None where they state none.

    Parameters
    ----------
    srids
        Each number that occurs; 0 or None where a geometry states none.

    Raises
    ------
    CRSError
        When they differ.
    """
    if len(srids) > 1:
        raise where.crs_error(
            "各图形的 SRID 不一致；一个文件只能有一个坐标系",
            "its geometries differ in SRID; a file has one system only",
        )
    srid = next(iter(srids), None)
    return Declared(f"EPSG:{srid}") if srid else None
