"""Boundary files of surveyors and applicants, read right or refused with one sentence."""

from collections.abc import Iterable
from pathlib import Path

from zoning.sites.limits import Bounds, Limits, Options
from zoning.sites.site import Repair, Site

__all__ = ["Limits", "Repair", "Site", "read_sites", "site_lonlat_bounds"]

_NO_LIMITS_STATED = Limits()


def read_sites(  # noqa: PLR0913 - what a user can say about a file
    path: Path,
    *,
    expected: Bounds | None,
    width_m: float | None = None,
    radius_m: float | None = None,
    area_m2: float | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    datum_shift: Path | None = None,
    limits: Limits = _NO_LIMITS_STATED,
) -> tuple[Site, ...]:
    """Read every footprint of a boundary file, or of the folder of a FileGDB or of shapefiles; see docs/formats.md.

    Parameters
    ----------
    expected
        West, south, east, north of the territories in degrees; None: anywhere on earth.
    crs
        The user's statement, for files without a coordinate system or with a wrong one: `EPSG:4525`, `GCJ02`.
    width_m, radius_m, area_m2, encoding, layer, datum_shift, limits
        See `zoning.sites.limits.Options`.

    Raises
    ------
    SiteError
        When the file cannot be read as footprints, or they lie outside every territory.
    CRSError
        When the coordinate system is unknown, of an old datum, contradicts itself or does not fit the territories.
    ContentError
        When the file of `datum_shift` has mistakes.
    UsageError
        When an option cannot be meant.

    Examples
    --------
    >>> from zoning.workspace import builtin_root
    >>> school, = read_sites(builtin_root() / "examples" / "school.geojson", expected=None)
    >>> school.name, school.crs
    ('凤城第三小学', 'EPSG:4326')
    """
    # Here and not above: the command line's help must not wait for pyproj.
    from zoning.sites.reading import read_file

    options = Options(expected, width_m, radius_m, area_m2, encoding, crs, layer, datum_shift, limits)
    return read_file(Path(path), options)


def site_lonlat_bounds(sites: Iterable[Site]) -> Bounds:
    """Return west, south, east, north of all footprints, in degrees.

    Raises
    ------
    ValueError
        When there are no sites.
    """
    from zoning.sites.crs.misfit import lonlat_bounds

    west, south, east, north = zip(*(lonlat_bounds(site.geometry, site.crs) for site in sites), strict=True)
    return min(west), min(south), max(east), max(north)
