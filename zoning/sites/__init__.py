"""Boundary files of surveyors and applicants, read right or refused with one sentence."""

from collections.abc import Iterable
from pathlib import Path

from zoning.sites.limits import Limits, Options
from zoning.sites.site import Repair, Site

__all__ = ["Limits", "Repair", "Site", "read_sites", "site_lonlat_bounds"]

Bounds = tuple[float, float, float, float]
_NO_LIMITS_STATED = Limits()


def read_sites(
    path: Path,
    *,
    expected: Bounds | None,
    width_m: float | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    limits: Limits = _NO_LIMITS_STATED,
) -> tuple[Site, ...]:
    """Read every footprint of a boundary file.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile (.shp or .zip), KML/KMZ, WKT or coordinate TXT.
    expected
        West, south, east, north of the territories in degrees: decides the order of the axes and whether a zone is
        plausible. None: anywhere on earth.
    width_m
        Width of lines, diameter of points, in metres; needed for both.
    encoding
        Of texts, where the file does not say or says it wrong.
    crs
        The user's statement, for files without a coordinate system or with a wrong one: `EPSG:4525`.
    layer
        Which layer of a GeoPackage, which boundary of an archive.

    Raises
    ------
    SiteError
        When the file cannot be read as footprints, or they lie outside every territory.
    CRSError
        When the coordinate system is unknown, of an old datum, contradicts itself or does not fit the territories.
    UsageError
        When an option cannot be meant.
    """
    # Here and not above: the command line's help must not wait for pyproj.
    from zoning.sites.reading import read_file

    options = Options(width_m=width_m, encoding=encoding, crs=crs, layer=layer, limits=limits)
    return read_file(Path(path), expected, options)


def site_lonlat_bounds(sites: Iterable[Site]) -> Bounds:
    """Return west, south, east, north of all footprints, in degrees.

    Raises
    ------
    ValueError
        When there are no sites.
    """
    from zoning.sites.misfit import lonlat_bounds

    west, south, east, north = zip(*(lonlat_bounds(site.geometry, site.crs) for site in sites), strict=True)
    return min(west), min(south), max(east), max(north)
