"""From footprints as they were read to one file in another format: repaired, moved, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError
from zoning.exchange.moving import LARGEST_BEND_M, Mover
from zoning.exchange.parcel import Parcel, kind_of
from zoning.exchange.target import Encoding, Target
from zoning.exchange.writers import write
from zoning.exchange.zone_choice import ZoneChoice, choose_zone
from zoning.layers.datum import CGCS2000, WGS84, LonLat, parse_crs
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import repair_polygons
from zoning.sites.crs.zones import ZONES_3, label, zone_3_code
from zoning.sites.site import Site
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written.

    Attributes
    ----------
    zone
        A 3° zone; None for the one that holds most of the area.
    crs
        Code or WKT in place of a zone.
    encoding
        None for the usual one of the format.
    on
        The date that stands in the file, where the format has one.
    """

    target: Target
    on: date
    zone: int | None = None
    crs: str | None = None
    encoding: Encoding | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """The bytes of a file with what the user must know about them."""

    content: bytes
    crs: str
    notes: tuple[Text, ...]


def convert(sites: Sequence[Site], plane: MeasuringPlane, wish: Wish, stem: str) -> Converted:
    """Write footprints in another format.

    Parameters
    ----------
    stem
        Name of the file without suffix: what layers and members of an archive are called.

    Raises
    ------
    SiteError, CRSError, ContentError
        When a footprint has no area, a coordinate system no exact way to CGCS2000, or the format cannot hold them.
    UsageError
        When zone, coordinate system and format do not go together.
    """
    _check(wish)
    footprints = [Footprint.of(site, plane) for site in sites]
    choice = _place(footprints, wish)
    notes = [*choice.notes]
    ways = LonLat()
    crs = _code(wish, choice)
    parcels = []
    for footprint in footprints:
        mover = Mover(footprint.site.crs, crs, ways)
        parcels.append(_parcel(footprint, mover))
        notes += [*_repair_notes(footprint), *_bend_notes(footprint.site, mover), *_width_notes(footprint.site)]
    written = write(parcels, crs, wish.target, encoding=wish.encoding, on=wish.on, stem=stem)
    return Converted(written.content, crs, (*notes, *written.notes))


def _check(wish: Wish) -> None:
    if wish.zone is not None and wish.crs is not None:
        raise UsageError("--zone 与 --to-crs 只能给一个", "give either --zone or --to-crs")
    if wish.target.only_degrees and wish.zone is not None:
        raise UsageError(
            f"--zone：{wish.target} 只能写经纬度；需要带坐标时请写成 txt、shp、gpkg、dxf、wkt 或 csv",
            f"--zone: {wish.target} holds longitude and latitude only; with a zone write txt, shp, gpkg, dxf, wkt, csv",
        )
    if wish.crs is None:
        return
    found = _known(wish.crs)
    if wish.target.only_degrees and found not in (CGCS2000, WGS84):
        raise UsageError(
            f"--to-crs：{wish.target} 只能写经纬度（EPSG:4490、EPSG:4326）",
            f"--to-crs: {wish.target} holds longitude and latitude only (EPSG:4490, EPSG:4326)",
        )
    if wish.target is Target.txt and found not in {zone_3_code(zone, prefixed=True) for zone in ZONES_3}:
        raise UsageError(
            "--to-crs：坐标 TXT 规定用 CGCS2000 3 度带、Y 带带号（EPSG:4513–4533）；请用 --zone 说明带号",
            "--to-crs: a coordinate TXT is in a CGCS2000 3° zone, easting with zone (EPSG:4513 to 4533); state it with "
            "--zone",
        )


def _known(stated: str) -> str:
    """Return the code of a coordinate system that can be written, or its WKT."""
    crs = parse_crs(f"EPSG:{stated}" if stated.isdecimal() else stated)
    number = crs.to_epsg()
    code = crs.to_wkt() if number is None else f"EPSG:{number}"
    LonLat().transformer(code)  # refuses old datums
    return code


def _place(footprints: Sequence[Footprint], wish: Wish) -> ZoneChoice:
    if wish.crs is not None or wish.target.only_degrees:
        return ZoneChoice(0)
    return choose_zone([(footprint.lonlat, footprint.area_m2) for footprint in footprints], wish.zone)


def _code(wish: Wish, choice: ZoneChoice) -> str:
    if wish.crs is not None:
        return _known(wish.crs)
    return zone_3_code(choice.zone, prefixed=True) if choice.zone else CGCS2000


def _parcel(footprint: Footprint, mover: Mover) -> Parcel:
    site = footprint.site
    geometry = shapely.force_2d(site.geometry)
    area_m2 = None
    if kind_of(geometry) == "polygon":
        area_m2 = footprint.area_m2
        if footprint.repairs:
            geometry = repair_polygons(geometry, lambda _: 0.0).geometry
    return Parcel(site.id, site.name, _valid(mover.moved(geometry), site), area_m2, site.attributes)


def _valid(geometry: BaseGeometry, site: Site) -> BaseGeometry:
    """Return what can be written: two edges a few nanometres apart may cross when they are moved."""
    if not geometry.is_valid:
        geometry = repair_polygons(geometry, lambda _: 0.0).geometry
    if geometry.is_empty:
        raise ContentError(
            f"{site.source}：地块“{site.name}”换算后没有面积；请检查界址点",
            f"{site.source}: footprint '{site.name}' has no area when it is converted; check its points",
        )
    return geometry


def _repair_notes(footprint: Footprint) -> list[Text]:
    name = footprint.site.name
    return [
        Text(
            f"地块“{name}”写出的是修复后的图形：{repair.text.zh}（{repair.count} 处，"
            f"面积变化 {repair.area_change_m2:+.2f} m²）",
            f"footprint '{name}' is written as repaired: {repair.text.en} ({repair.count} times, area "
            f"{repair.area_change_m2:+.2f} m²)",
        )
        for repair in footprint.repairs
    ]


def _bend_notes(site: Site, mover: Mover) -> list[Text]:
    if not mover.added:
        return []
    bend, crs = f"{LARGEST_BEND_M * 100:.0f}", label(mover.target)
    return [
        Text(
            f"地块“{site.name}”有长边：换算到 {crs.zh}后会弯曲 {bend} 厘米以上，已在边上加 {mover.added} 个点保持原位",
            f"footprint '{site.name}' has long edges that would bend by more than {bend} cm in {crs.en}; {mover.added} "
            "points were put on them to keep them in place",
        )
    ]


def _width_notes(site: Site) -> list[Text]:
    if site.width_m is None:
        return []
    line = kind_of(site.geometry) == "line"
    return [
        Text(
            f"地块“{site.name}”是{'线' if line else '点'}，文件里不带{'宽度' if line else '直径'} {site.width_m:g} 米；"
            f"读取时须再用 --width {site.width_m:g}",
            f"footprint '{site.name}' is a {'line' if line else 'point'}; the file does not hold its "
            f"{'width' if line else 'diameter'} of {site.width_m:g} m, read it with --width {site.width_m:g}",
        )
    ]


def default_name(site_file: Path, target: Target) -> str:
    """Return the name of the file that is written when none is given.

    >>> default_name(Path("矿区/红线.shp"), Target.txt)
    '红线.txt'
    """
    return f"{site_file.stem or site_file.name}{target.suffix}"
