"""Which coordinate system counts: the user's statement, the file's, or none."""

import numpy as np
from pyproj import CRS

from zoning.errors import CRSError
from zoning.sites.crs.datum_shift import DatumShift, read_datum_shift
from zoning.sites.crs.extent import Extent
from zoning.sites.crs.identify import LONLAT, Identified, identify
from zoning.sites.crs.misfit import no_crs
from zoning.sites.crs.old_datums import old_datum
from zoning.sites.crs.placing import assume_lonlat
from zoning.sites.crs.zones import FALSE_EASTING, PER_ZONE, ZONES_6
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.where import Where
from zoning.texts import Text

_LEAST_PREFIXED = ZONES_6[0] * PER_ZONE - FALSE_EASTING


def settle(raw: RawFile, extent: Extent, options: Options, where: Where) -> tuple[Identified, tuple[Text, ...]]:
    """Decide the coordinate system: what the user states, else the file, else degrees that fit the territories.

    Parameters
    ----------
    extent
        Of all records; asked only where the statement leaves something open.

    Raises
    ------
    CRSError
        When nothing decides it, or it is of an old datum.
    ContentError
        When the user's file of parameters has mistakes.
    """
    shift = None if options.datum_shift is None else read_datum_shift(options.datum_shift)
    found, notes = _settle(raw, extent, options, where, shift)
    found = _with_prefix(found, extent, where, shift)
    if shift is not None and not (found.conversion and _is_old(found.conversion.near)):
        notes = (*notes, _unused(where, shift, found))
    return found, notes


def decision(raw: RawFile, options: Options) -> Text:
    """Say who decided the coordinate system that `settle` returns."""
    if options.crs is not None:
        return Text("用户用 --crs 说明", "stated by the user with --crs")
    if raw.declared is None:
        return Text("文件未写，按坐标的大小和工作空间区域判定", "not in the file; decided by magnitude and territory")
    if raw.declared.implied:
        return Text("文件未写，按格式的规定", "not in the file; that of the format's standard")
    return Text("文件声明", "declared in the file")


def _settle(
    raw: RawFile, extent: Extent, options: Options, where: Where, shift: DatumShift | None
) -> tuple[Identified, tuple[Text, ...]]:
    declared = None if raw.declared is None else identify(raw.declared.crs, where, shift)
    if options.crs is not None:
        stated = identify(options.crs, where, shift)
        if declared is None or declared.title == stated.title:
            return stated, ()
        if declared.conversion is not None and _is_old(declared.conversion.near) and stated.conversion is None:
            raise _relabelled(where, declared, stated)
        return stated, (_overruled(where, declared, stated),)
    if declared is not None:
        return declared, ()
    if raw.may_be_degrees and assume_lonlat(extent, options.expected):
        text = where.sentence(
            f"{raw.silence.zh}，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取",
            f"{raw.silence.en}; the coordinates are degrees within the workspace's territories and are taken as "
            "CGCS2000 longitude and latitude",
        )
        return identify(LONLAT, where), (text,)
    first = extent.first()
    raise no_crs(raw, np.full(4, np.nan) if first is None else first, options.expected, where)


def _with_prefix(found: Identified, extent: Extent, where: Where, shift: DatumShift | None) -> Identified:
    """Tell by their size whether the eastings begin with the zone, where a name such as “38带” leaves it open."""
    if found.plain is None:
        return found
    largest = max((float(np.abs(piece.boxes).max()) for piece in extent.pieces()), default=0.0)
    return found if largest >= _LEAST_PREFIXED else identify(found.plain, where, shift)


def _is_old(code: str) -> bool:
    return old_datum(CRS.from_user_input(code)) is not None


def _overruled(where: Where, declared: Identified, stated: Identified) -> Text:
    a, b = declared.title, stated.title
    return where.sentence(
        f"文件的坐标系是 {a.zh}，按用户说明的 {b.zh} 读取",
        f"the file is in {a.en}, it was read as {b.en} as the user stated",
    )


def _relabelled(where: Where, declared: Identified, stated: Identified) -> CRSError:
    a, b = declared.title, stated.title
    return where.crs_error(
        f"文件的坐标系是 {a.zh}，用户说明的却是 {b.zh}：旧坐标系的坐标不能直接改称；请去掉 --crs，按参数文件转换",
        f"the file is in {a.en}, the user states {b.en}: numbers of an old datum cannot be renamed; leave --crs out "
        "and let the parameters convert them",
    )


def _unused(where: Where, shift: DatumShift, found: Identified) -> Text:
    return where.sentence(
        f"坐标系是 {found.title.zh}，不需要基准转换，没有使用 {shift.file}",
        f"it is in {found.title.en} and needs no change of datum; {shift.file} was not used",
    )
