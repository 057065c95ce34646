"""From a file to footprints: recognise, read, settle the coordinate system, decide the axes, give names."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PurePosixPath

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.sites.crs.bending import bend_m
from zoning.sites.crs.conversion import NotConvertibleError
from zoning.sites.crs.extent import Extent
from zoning.sites.crs.identify import Identified, to_lonlat
from zoning.sites.crs.placing import Placement, place
from zoning.sites.crs.settling import decision, settle
from zoning.sites.formats.kinds import LAYERED, Kind, reader_of
from zoning.sites.formats.neighbours import check_neighbours
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Bounds, Options
from zoning.sites.naming import Named, name_sites
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.records import in_words
from zoning.sites.rounding import Rounding, rounding_of
from zoning.sites.site import Repair, Site
from zoning.sites.where import Where
from zoning.texts import Text

_BEND_M = 0.1  # of edges, beside an accuracy of 10 m


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided about a whole file.

    Attributes
    ----------
    warnings
        Concern every record.
    """

    name: str
    kind: Kind
    encoding: str
    crs: Identified
    placement: Placement
    warnings: tuple[Text, ...]
    crs_decision: Text


Place = Callable[[Extent, Identified, Bounds | None, Where], Placement]


def read_file(path: Path, options: Options) -> tuple[Site, ...]:
    """Read every footprint of a boundary file; see `zoning.sites.read_sites`.

    Raises
    ------
    SiteError
        When the file is not recognised, damaged, too large, or holds a record that is no footprint.
    CRSError
        When its coordinate system is unknown, contradicts itself or does not fit its coordinates.
    ContentError
        When the file of a datum shift is wrong.
    UsageError
        When what was said about the file contradicts itself, or does not go with its format.
    """
    where = Where(path.name or str(path))
    check_sizes(options)
    with in_words(where):
        kind = recognise(path, options.limits)
        check_neighbours(path, kind, options.limits)
        raw = read_raw(path, kind, options)
    where = Where(raw.file or where.file)
    settled = settled_file(raw, kind, Extent.of(raw.sites), options, where)
    names = name_sites(raw.sites, PurePosixPath(where.file).stem)
    return tuple(finished(site, named, settled) for site, named in zip(raw.sites, names, strict=True))


def settled_file(
    raw: RawFile, kind: Kind, extent: Extent, options: Options, where: Where, *, placing: Place = place
) -> Settled:
    """Decide what holds for all records: coordinate system and order of the axes.

    Parameters
    ----------
    raw
        What the file says of itself; its records are not looked at.
    where
        The file.

    Raises
    ------
    CRSError
        When the coordinate system is unknown, contradicts itself or does not fit the coordinates.
    SiteError
        When footprints lie outside every territory, or a vertex lies far away.
    ContentError
        When the file of a datum shift is wrong.
    """
    crs, notes = settle(raw, extent, options, where)
    placement = placing(extent, crs, options.expected, where)
    warnings = (*raw.warnings, *notes, *crs.warnings, *placement.warnings)
    return Settled(where.file, kind, raw.encoding, crs, placement, warnings, decision(raw, options))


def read_raw(path: Path, kind: Kind, options: Options) -> RawFile:
    """Read the records of a whole file, as they stand there.

    Raises
    ------
    UsageError
        When a layer is named and the format has none.
    SiteError, CRSError
        Those of the reader of this format.
    """
    check_layered(path, kind, options)
    return reader_of(kind)(path, options)


def check_layered(path: Path, kind: Kind, options: Options) -> None:
    """Refuse `--layer` for a format without layers.

    Raises
    ------
    UsageError
        When the format has none.
    """
    if options.layer is not None and kind not in LAYERED:
        raise UsageError(
            f"{path.name}：{kind} 没有图层，不能用 --layer",
            f"{path.name}: {kind} has no layers, --layer cannot be used",
        )


def check_sizes(options: Options) -> None:
    """Refuse sizes of points and lines that are no sizes, and two at once.

    Raises
    ------
    UsageError
        When a size is not positive, or both radius and area are given.
    """
    sizes = {"--width": options.width_m, "--radius": options.radius_m, "--area": options.area_m2}
    for name, size in sizes.items():
        if size is not None and not 0 < size < float("inf"):
            raise UsageError(f"{name}：{size} 不是正数", f"{name}: {size} is not positive")
    given = [name for name, size in sizes.items() if size is not None]
    if {"--radius", "--area"} <= set(given):
        raise UsageError("--radius 与 --area 只能给一个", "give either --radius or --area")


def finished(raw: RawSite, named: Named, settled: Settled) -> Site:
    """Return a record as footprint: with x east, in a system that may be measured in.

    Raises
    ------
    CRSError
        When the numbers of the record cannot be converted.
    """
    crs, placement = settled.crs, settled.placement
    geometry = _settled(raw.geometry, raw.where, crs, placement)
    converted = _converted(raw, crs, placement)
    rounding = _rounding(raw, crs, placement)
    own = () if rounding.text is None else (rounding.text,)
    return Site(
        id=named.id,
        name=named.name,
        geometry=geometry,
        crs=crs.code,
        source=settled.name,
        format=settled.kind,
        encoding=settled.encoding,
        width_m=raw.width_m,
        stated_area_m2=raw.stated_area_m2,
        stated_points=raw.stated_points,
        repairs=(*raw.repairs, *_role_repair(raw, crs, placement)),
        warnings=(*settled.warnings, *raw.warnings, *named.warnings, *own),
        attributes=raw.attributes,
        conversion=converted.text,
        accuracy_m=raw.accuracy_m + rounding.accuracy_m + converted.accuracy_m,
        crs_decision=settled.crs_decision,
    )


def _rounding(raw: RawSite, crs: Identified, placement: Placement) -> Rounding:
    """Return what the digits of the file leave open, where its reader has not told."""
    if raw.accuracy_m > 0:
        return Rounding()
    geometry = _exchanged(raw.geometry) if placement.swap else raw.geometry
    return rounding_of(geometry, raw.where, degrees=crs.crs.is_geographic)


@dataclass(frozen=True, slots=True)
class _Converted:
    """What was converted, and how exact that is."""

    text: Text | None = None
    accuracy_m: float = 0.0


def _converted(raw: RawSite, crs: Identified, placement: Placement) -> _Converted:
    if crs.conversion is None:
        return _Converted()
    text, accuracy = crs.conversion.text, crs.conversion.accuracy_m
    if crs.conversion.bends:
        bend = bend_m(_exchanged(raw.geometry) if placement.swap else raw.geometry, crs.conversion.move)
        bend = ceil(bend * 10) / 10
        if bend > _BEND_M:
            accuracy += bend
            text = Text(
                f"{text.zh}；长边反算后弯曲达 {bend:g} m，精度按 ±{accuracy:g} m 计，请在长边上补充界址点",
                f"{text.en}; long edges bend by {bend:g} m, so ±{accuracy:g} m is assumed: add vertices to them",
            )
    return _Converted(text, accuracy)


def _settled(geometry: BaseGeometry, where: Where, crs: Identified, placement: Placement) -> BaseGeometry:
    """Return the geometry with x east, in the system of the site: exchanged and converted, vertex by vertex."""
    if placement.swap:
        geometry = _exchanged(geometry)
    if crs.conversion is None:
        return geometry
    try:
        return shapely.transform(geometry, crs.conversion.move)
    except NotConvertibleError as error:
        raise where.crs_error(error.text.zh, error.text.en) from error


def _exchanged(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: xy[:, ::-1])


def _role_repair(raw: RawSite, crs: Identified, placement: Placement) -> tuple[Repair, ...]:
    if raw.regrouped is None:
        return ()
    before = _settled(raw.regrouped.before, raw.where, crs, placement)
    after = _settled(raw.geometry, raw.where, crs, placement)
    count = raw.regrouped.count
    text = Text(
        f"{count} 个环的内外关系按包含关系重新判定",
        f"decided by containment whether {count} rings are outlines or holes",
    )
    return (Repair("ring-roles", count, ellipsoid_area(after, crs.code) - ellipsoid_area(before, crs.code), text),)


def ellipsoid_area(geometry: BaseGeometry, code: str) -> float:
    """Return the area in m² on the ellipsoid; good for a report of a change, the overlay measures exactly."""
    transformer = to_lonlat(code)
    lonlat = shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    geod = Geod(ellps="GRS80")
    parts = shapely.get_parts(shapely.orient_polygons(lonlat))
    return sum(abs(geod.geometry_area_perimeter(part)[0]) for part in parts)
