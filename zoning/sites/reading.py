"""From a file to footprints: recognise, read, settle the coordinate system, decide the axes, give names."""

from collections.abc import Callable
from pathlib import Path

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.sites.coordinate_txt import read_coordinate_txt
from zoning.sites.crs import LONLAT, Identified, identify, label, to_lonlat
from zoning.sites.formats import Kind, recognise
from zoning.sites.geojson import read_geojson
from zoning.sites.geopackage import read_geopackage
from zoning.sites.kml import read_kml
from zoning.sites.limits import Options
from zoning.sites.misfit import Bounds, Placement, assume_lonlat, no_crs, place
from zoning.sites.naming import Named, name_sites
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.shapefile import read_shapefile
from zoning.sites.site import Repair, Site
from zoning.sites.where import Where
from zoning.sites.wkt import read_wkt
from zoning.sites.zip_files import unpacked
from zoning.texts import Text

_THIN = ("Point", "MultiPoint", "LineString", "MultiLineString")


def read_file(path: Path, expected: Bounds | None, options: Options) -> tuple[Site, ...]:
    """Read every footprint of a boundary file; see `zoning.sites.read_sites`."""
    where = Where(path.name or str(path))
    if options.width_m is not None and not 0 < options.width_m < float("inf"):
        raise UsageError(
            f"宽度 {options.width_m} 不是正数；请写成米", f"the width {options.width_m} is not positive; give metres"
        )
    try:
        raw = _read(path, recognise(path, options.limits), options)
    except OSError as error:
        raise where.error(
            "读取中断；请检查文件和磁盘后重试", "reading was interrupted; check the file and the disk, then try again"
        ) from error
    except shapely.errors.ShapelyError as error:
        raise where.error(
            "图形无法处理；请检查自相交和重复的点后重新导出",
            "a geometry cannot be processed; check it for crossings and repeated points and export it again",
        ) from error
    crs, notes = _settle(raw, expected, options, where)
    placement = place(raw.sites, crs, expected, where)
    shared = (*raw.warnings, *notes, *crs.warnings, *placement.warnings)
    names = name_sites(raw.sites, path.stem)
    return tuple(
        _site(site, named, crs, placement, shared, path.name, options)
        for site, named in zip(raw.sites, names, strict=True)
    )


def _read(path: Path, kind: Kind, options: Options) -> RawFile:
    readers: dict[Kind, Callable[[Path, Options], RawFile]] = {
        Kind.GEOJSON: read_geojson,
        Kind.GEOPACKAGE: read_geopackage,
        Kind.SHAPEFILE: read_shapefile,
        Kind.KML: read_kml,
        Kind.ZIP: _read_zip,
        Kind.WKT: read_wkt,
        Kind.COORDINATE_TXT: read_coordinate_txt,
    }
    if options.layer is not None and kind not in (Kind.GEOPACKAGE, Kind.ZIP):
        raise UsageError(
            f"{path.name}：{kind} 没有图层，不能用 --layer",
            f"{path.name}: {kind} has no layers, --layer cannot be used",
        )
    return readers[kind](path, options)


def _read_zip(path: Path, options: Options) -> RawFile:
    where = Where(path.name or str(path))
    with unpacked(path, options) as inner:
        if inner.suffix == ".kml":
            return read_kml(inner, options, where)
        return read_shapefile(inner, options, where)


def _settle(
    raw: RawFile, expected: Bounds | None, options: Options, where: Where
) -> tuple[Identified, tuple[Text, ...]]:
    """Decide the coordinate system: what the user states, else the file, else degrees that fit the territories."""
    declared = None if raw.declared is None else identify(raw.declared.crs, where)
    if options.crs is not None:
        stated = identify(options.crs, where)
        if declared is None or declared.code == stated.code:
            return stated, ()
        return stated, (_overruled(where, declared, stated),)
    if declared is not None:
        return declared, ()
    if raw.may_be_degrees and assume_lonlat(raw.sites, expected):
        text = where.sentence(
            f"{raw.silence.zh}，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取",
            f"{raw.silence.en}; the coordinates are degrees within the workspace's territories and are taken as "
            "CGCS2000 longitude and latitude",
        )
        return identify(LONLAT, where), (text,)
    raise no_crs(raw, expected, where)


def _overruled(where: Where, declared: Identified, stated: Identified) -> Text:
    a, b = label(declared.code), label(stated.code)
    return where.sentence(
        f"文件的坐标系是 {a.zh}，按用户说明的 {b.zh} 读取",
        f"the file is in {a.en}, it was read as {b.en} as the user stated",
    )


def _site(
    raw: RawSite,
    named: Named,
    crs: Identified,
    placement: Placement,
    shared: tuple[Text, ...],
    source: str,
    options: Options,
) -> Site:
    return Site(
        id=named.id,
        name=named.name,
        geometry=_exchanged(raw.geometry) if placement.swap else raw.geometry,
        crs=crs.code,
        source=source,
        width_m=options.width_m if raw.geometry.geom_type in _THIN else None,
        stated_area_m2=raw.stated_area_m2,
        repairs=(*raw.repairs, *_role_repair(raw, crs, placement)),
        warnings=(*shared, *raw.warnings, *named.warnings),
        attributes=raw.attributes,
    )


def _exchanged(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: xy[:, ::-1])


def _role_repair(raw: RawSite, crs: Identified, placement: Placement) -> tuple[Repair, ...]:
    if raw.regrouped is None:
        return ()
    before = _exchanged(raw.regrouped.before) if placement.swap else raw.regrouped.before
    after = _exchanged(raw.geometry) if placement.swap else raw.geometry
    count = raw.regrouped.count
    text = Text(
        f"{count} 个环的内外关系按包含关系重新判定",
        f"decided by containment whether {count} rings are outlines or holes",
    )
    return (Repair("ring-roles", count, ellipsoid_area(after, crs.code) - ellipsoid_area(before, crs.code), text),)


def ellipsoid_area(geometry: BaseGeometry, code: str) -> float:
    """Return the area in m² on the ellipsoid; good for a report of a change, the overlay measures exactly."""
    transformer = to_lonlat(code)
    lonlat = shapely.transform(
        geometry, lambda xy: shapely.get_coordinates(shapely.points(*transformer.transform(xy[:, 0], xy[:, 1])))
    )
    geod = Geod(ellps="GRS80")
    parts = shapely.get_parts(shapely.orient_polygons(lonlat))
    return sum(abs(geod.geometry_area_perimeter(part)[0]) for part in parts)
