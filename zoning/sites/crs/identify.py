"""Which coordinate system a file means: identified, or refused; never guessed silently."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from zoning.sites.crs.conversion import Conversion
from zoning.sites.crs.datum_shift import DatumShift
from zoning.sites.crs.mars import MARS
from zoning.sites.crs.names import ContradictionError, spoken
from zoning.sites.crs.old_datums import old_datum, old_datum_refusal
from zoning.sites.crs.zones import LONLAT, ZONES_3, ZONES_6, label, zone_3_code, zone_6_code, zone_code
from zoning.sites.where import Where
from zoning.texts import Text

__all__ = [
    "LONLAT",
    "ZONES_3",
    "ZONES_6",
    "Identified",
    "identify",
    "label",
    "old_datum_refusal",
    "to_lonlat",
    "zone_3_code",
    "zone_6_code",
    "zone_code",
]

_MAJOR_AXIS = 6_378_137.0
_CGCS2000_FLATTENING = 298.257222101
_CONFIDENCE = 70
_ZEROS = ("0", "0.0", "-0.0")
_LONGEST = 50_000  # characters; no definition comes near it
_EPSG = re.compile(r"(?:epsg[\s:：_-]*)?(\d{4,6})", re.IGNORECASE)
_LABELLED = re.compile(r"(?P<code>EPSG:[0-9]{4,5})\s*[（(]")
# A code, a URN, an address, WKT of any dialect, PROJJSON, a PROJ string: what PROJ reads without guessing.
_FORMAL = re.compile(r"[A-Za-z]+:[^\s:]|urn:|https?:|[A-Za-z0-9_]+\s*[\[(]|\{|\+(?:proj|init)=")


@dataclass(frozen=True, slots=True)
class Identified:
    """A coordinate system that sites may be in.

    Attributes
    ----------
    code
        `EPSG:4525`, or WKT where the registry has no such system. With a conversion: what it leads to.
    conversion
        How the numbers of the file come into `code`; None where they are in it.
    plain
        The same zone without its number in front of the easting, where the statement leaves that open.
    """

    code: str
    crs: CRS
    warnings: tuple[Text, ...] = ()
    conversion: Conversion | None = None
    plain: str | None = None

    @property
    def near(self) -> str:
        """The system in which the numbers of the file show where they lie, to 2 km."""
        return self.code if self.conversion is None else self.conversion.near

    @property
    def title(self) -> Text:
        """The system of the numbers in the file, for people."""
        return label(self.code) if self.conversion is None else self.conversion.title


class _RefusedError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def identify(stated: str, where: Where, shift: DatumShift | None = None) -> Identified:
    """Return the coordinate system that `stated` (code, URN, WKT of any dialect, name as people write it) means.

    Parameters
    ----------
    shift
        The user's parameters, which lead on from one old datum.

    Raises
    ------
    CRSError
        When it is unknown, contradicts itself, or is bound to a datum whose shift to CGCS2000 is not public.
    """
    try:
        found = _identify(stated.strip())
        return _shifted(found, shift)
    except (_RefusedError, ContradictionError) as refused:
        raise where.crs_error(refused.text.zh, refused.text.en) from None
    except ProjError as error:
        text = _unknown(stated).text
        raise where.crs_error(text.zh, text.en) from error


def _shifted(found: Identified, shift: DatumShift | None) -> Identified:
    """Refuse an old datum, or let the user's parameters lead on from it."""
    old = None if found.conversion is not None else old_datum(found.crs)
    if old is None:
        return found
    if shift is None:
        raise _RefusedError(old_datum_refusal(old.title))
    if not old.named:
        text = Text(
            f"从椭球看可能是 {old.title.zh}，但文件没有写明基准的名称，不能套用 {shift.file}；请在文件中写明坐标系",
            f"by its ellipsoid it may be {old.title.en}, but the file does not name the datum, so {shift.file} cannot "
            "be used; name the system in the file",
        )
        raise _RefusedError(text)
    if not shift.leads_from(found.crs):
        text = Text(
            f"坐标属于 {old.title.zh}，而 {shift.file} 是 {shift.datum.zh} 的转换参数；请换用对应的参数文件",
            f"the coordinates are in {old.title.en}, {shift.file} leads from {shift.datum.en}; give the parameters "
            "of this datum",
        )
        raise _RefusedError(text)
    code = found.code if found.code.startswith("EPSG:") else None
    target, conversion = shift.conversion(found.crs, code, label(found.code))
    return Identified(target, CRS.from_user_input(target), (), conversion, found.plain)


@lru_cache(maxsize=64)
def _identify(stated: str) -> Identified:
    found = _look_up(stated)
    to_lonlat(found.near)  # a damaged definition may parse and still lead nowhere
    return found


def _look_up(stated: str) -> Identified:
    if len(stated) > _LONGEST:
        raise _unknown(stated)
    stated = _unlabelled(stated)
    name = None if _FORMAL.match(stated) or _EPSG.fullmatch(stated) else spoken(stated)
    if name is not None and name.code in MARS:
        return Identified(LONLAT, CRS.from_epsg(4490), conversion=MARS[name.code])
    crs = _flat(_parse(stated) if name is None else CRS.from_user_input(name.code))
    found = _known(crs, stated)
    if name is None or name.plain is None:
        return found
    return Identified(found.code, found.crs, found.warnings, plain=name.plain)


def _unlabelled(stated: str) -> str:
    """Return the code of a system copied out of a sentence with what stands behind it, whole or to the first blank."""
    match = _LABELLED.match(stated)
    if match is None:
        return stated
    title = label(match["code"])
    return match["code"] if any(text.startswith(stated) for text in (title.zh, title.en)) else stated


def _known(crs: CRS, stated: str) -> Identified:
    if old_datum(crs) is not None:
        code = _code(crs)
        return Identified(code or crs.to_wkt(), crs if code is None else CRS.from_user_input(code))
    if crs.is_geographic and not _is_common(crs):
        _refuse_unreachable(crs)
        return Identified(_code(crs) or crs.to_wkt(), crs)
    if crs.is_geographic:
        return _lonlat(crs)
    if not crs.is_projected:
        raise _unknown(stated)
    if not _is_common(crs):
        _refuse_unreachable(crs)
    code = _code(crs) or _code_by_parameters(crs)
    known = crs if code is None else CRS.from_user_input(code)
    return Identified(code or crs.to_wkt(), known, _warnings(known, code))


def _parse(stated: str) -> CRS:
    code = _EPSG.fullmatch(stated)
    if code:
        stated = f"EPSG:{code[1]}"
    try:
        crs = CRS.from_user_input(stated)
    except (ProjError, ValueError) as error:
        raise _unknown(stated) from error
    # PROJ takes the first name that is alike: “beijing” for New Beijing.
    if not _FORMAL.match(stated) and crs.name.casefold() != stated.casefold():
        raise _unknown(stated)
    return crs


def _unknown(stated: str) -> _RefusedError:
    short = " ".join(stated.split())
    short = short if len(short) <= 60 else f"{short[:57]}..."  # noqa: PLR2004 - words that fit
    text = Text(
        f"无法识别坐标系 “{short}”；请写成 EPSG 代码，例如 EPSG:4526（CGCS2000 3° 带第 38 带）",
        f"the coordinate system “{short}” is unknown; write an EPSG code such as EPSG:4526 (CGCS2000 3° zone 38)",
    )
    return _RefusedError(text)


def _flat(crs: CRS) -> CRS:
    """Leave heights aside, and the numbers of datum shifts where they say nothing."""
    crs = _unbound(crs)
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    crs = _unbound(crs)
    return crs.to_2d() if crs.is_geographic and len(crs.axis_info) > 2 else crs  # noqa: PLR2004 - a third axis is a height


def _unbound(crs: CRS) -> CRS:
    """Return the system without its shift to WGS84 (TOWGS84).

    The shift of an old datum is only a rough one and is left to `--datum-shift`; on the ellipsoid of CGCS2000 any shift
    but zero says that the numbers are not what they seem.
    """
    if not crs.is_bound or crs.source_crs is None:
        return crs
    inner = crs.source_crs
    shift = crs.coordinate_operation
    numbers = [] if shift is None else [str(parameter.value) for parameter in shift.params]
    if _is_common(inner) and any(number not in _ZEROS for number in numbers):
        text = Text(
            f"坐标系 “{inner.name}” 带有不为零的 TOWGS84 参数，基准不明；请转换为 2000 国家大地坐标系后再提交",
            f"“{inner.name}” has a TOWGS84 shift that is not zero, so its datum is unknown; convert the file "
            "to CGCS2000",
        )
        raise _RefusedError(text)
    return inner


def _is_common(crs: CRS) -> bool:
    """Tell whether the datum is one of those that agree with CGCS2000 to decimetres or a metre."""
    ellipsoid = crs.ellipsoid
    return (
        ellipsoid is not None
        and ellipsoid.semi_major_metre == _MAJOR_AXIS
        and abs(ellipsoid.inverse_flattening - _CGCS2000_FLATTENING) < 2e-6  # noqa: PLR2004 - the digits that are printed
    )


def _refuse_unreachable(crs: CRS) -> None:
    base = crs.geodetic_crs
    group = TransformerGroup(base, "EPSG:4326", always_xy=True, allow_ballpark=False) if base else None
    if group is None or not group.transformers:
        text = Text(
            f"坐标系 “{crs.name}” 的基准无法可靠地转换；请转换为 2000 国家大地坐标系后再提交",
            f"no reliable transformation leads away from the datum of “{crs.name}”; convert the file to CGCS2000",
        )
        raise _RefusedError(text)


def _code(crs: CRS) -> str | None:
    number = crs.to_epsg(min_confidence=_CONFIDENCE)
    return None if number is None else f"EPSG:{number}"


def _lonlat(crs: CRS) -> Identified:
    name = f"{crs.datum.name if crs.datum else ''} {crs.name}".lower()
    if "wgs" in name:
        # The note belongs to whoever uses the site; both agree within decimetres.
        text = Text(
            "WGS84 经纬度按 2000 国家大地坐标系处理（相差厘米至分米级）",
            "WGS84 longitude and latitude are taken as CGCS2000 (they agree within decimetres)",
        )
        return Identified("EPSG:4326", CRS.from_epsg(4326), (text,))
    if "2000" in name:
        return Identified(LONLAT, CRS.from_epsg(4490))
    return Identified(_code(crs) or crs.to_wkt(), crs, _warnings(crs, _code(crs)))


def _code_by_parameters(crs: CRS) -> str | None:
    """Identify a Gauss-Krüger plane that carries no code by its numbers."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name not in ("Transverse Mercator", "Gauss-Kruger", "Gauss Kruger"):
        return None
    if crs.ellipsoid is None or abs(crs.ellipsoid.inverse_flattening - _CGCS2000_FLATTENING) > 5e-7:  # noqa: PLR2004 - the digits that are printed
        return None
    numbers = gauss_kruger_numbers(crs)
    number = None if numbers is None else zone_code(*numbers)
    return None if number is None else f"EPSG:{number}"


def gauss_kruger_numbers(crs: CRS) -> tuple[float, float] | None:
    """Return central meridian and false easting of a plane in metres with the other numbers of Gauss-Krüger."""
    if crs.coordinate_operation is None:
        return None
    values: dict[str, Any] = {parameter.name: parameter.value for parameter in crs.coordinate_operation.params}
    plain = {"Latitude of natural origin": 0.0, "Scale factor at natural origin": 1.0, "False northing": 0.0}
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    if not metres or any(values.get(name) != value for name, value in plain.items()):
        return None
    return float(values.get("Longitude of natural origin", 0.0)), float(values.get("False easting", 0.0))


def _warnings(crs: CRS, code: str | None) -> tuple[Text, ...]:
    if code == "EPSG:3857":
        return (
            Text(
                "坐标为网络墨卡托（EPSG:3857）：仅用于定位，面积和长度一律在椭球面上计算",
                "the coordinates are Web Mercator (EPSG:3857): used for the position only, never measured in",
            ),
        )
    if code is not None and code.startswith("EPSG:326"):
        # Both planes have the same meridians; no number tells one from the other.
        return (
            Text(
                "坐标系是 UTM 投影；国内测绘成果一般是高斯-克吕格投影，若写错，位置会偏南北方向 1 公里以上；请核对",
                "the system is UTM; surveys in China usually use Gauss-Krüger: if it is stated wrongly, the site lies "
                "more than 1 km too far north or south; check it",
            ),
        )
    if code is None:
        return (
            Text(
                f"坐标系 “{crs.name}” 没有 EPSG 代码，按文件中的参数读取",
                f"the coordinate system “{crs.name}” has no EPSG code; its own parameters are used",
            ),
        )
    return ()


@lru_cache(maxsize=256)
def to_lonlat(code: str) -> Transformer:
    """Return the way from x/east, y/north in `code` to longitude, latitude (CGCS2000 = WGS84).

    From an old datum it is good for orientation only, to some hundred metres.
    """
    crs = CRS.from_user_input(code)
    # Staying on the own datum spares the search for a shift that would be zero, or that nobody knows.
    base = crs.geodetic_crs if _is_common(crs) or old_datum(crs) is not None else None
    return Transformer.from_crs(crs, base or "EPSG:4326", always_xy=True)
