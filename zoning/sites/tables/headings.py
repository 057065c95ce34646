"""What the heading of a column means: Chinese and English names in every spelling, with the unit they carry."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from zoning.sites.tables.angles import Axis
from zoning.sites.tables.heading_words import FOREIGN_UNITS, METRES, PARTS, ROLES, Role
from zoning.sites.tables.measures import named_axis
from zoning.sites.tables.signs import compact
from zoning.sites.tables.statements import square_metres


class Notation(StrEnum):
    """How a heading says that its numbers are written."""

    DECIMAL = "decimal"
    PACKED = "packed"
    SILENT = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The meaning of one heading.

    Attributes
    ----------
    axis
        What the name claims; the magnitude decides.
    factor
        Square metres or metres in the unit that the heading states; None when it states none.
    foreign_unit
        A unit of length that is not the metre.
    text
        As people see it, on one line.
    """

    role: Role
    axis: Axis = ""
    notation: Notation = Notation.SILENT
    factor: float | None = None
    foreign_unit: str = ""
    text: str = ""


_BRACKETS = re.compile(r"[(\[{【<《]([^)\]}】>》]*)[)\]}】>》]")
_PUNCTUATION = re.compile(r"[\s:;,._/\\|*#、。·\-]+")
_UNITS_AT_END = re.compile(r"(?<=[^a-z])(?:m|km|°)$|/m$|单位.+$")

_PLANE = re.compile(
    r"[xy]|[xy]坐标(?:值)?|坐标(?:值)?[xy]|[nehb]?[纵横北东]坐标(?:值)?[xyne]?"
    r"|[xyne]?[纵横北东](?:向|方向)?(?:坐标)?(?:值)?[xyne]?|n|e|northing|easting|north|east|[xy]轴|[xy]coord|[xy]coordinate"
    r"|coord[xy]|point[xy]|[xy](?:north|east)(?:ing)?|平面[xy]"
)
_GEOGRAPHIC = re.compile(
    r"(?:gps|wgs84|大地|地理)?(?:[el]?(?:经度|东经)(?:坐标)?(?:值)?[elxy]?|[nb]?(?:纬度|北纬)(?:坐标)?(?:值)?[nbxy]?)"
    r"(?:度分秒|十进制度?|dms|ddmmss)?"
    r"|lon|lng|long|longitude|lat|latitude|l|b|gpslon|gpslat|[xy](?:经度|纬度)|longitude[ex]?|latitude[ny]?|经|纬"
)
# A list of sites, one in a row, names each of them; otherwise they would become one polygon.
_OWNER = re.compile(r"(?!.*(?:[邻点]|坐标|计量|面积|长度))[^0-9a-z]{1,8}(?:名称|企业|公司|单位)")
_AREA_UNIT = re.compile(r"[^0-9]{0,4}(?:面积|area)(?:公顷|平方米|亩|ha|m2|km2|hm2)")
_PAIR = re.compile(
    r".{0,6}(?:坐标(?:点|值|串)?|经纬度(?:坐标)?|拐点坐标|界址点坐标|coordinates?|coords?|lonlat|latlon|lnglat|latlng|位置坐标)"
)
_PATTERNS = (
    (Role.NAME, _OWNER),
    (Role.AREA, _AREA_UNIT),
    (Role.PLANE, _PLANE),
    (Role.GEOGRAPHIC, _GEOGRAPHIC),
    (Role.PAIR, _PAIR),
)
_SURVEYORS: dict[str, Axis] = {"l": "east", "b": "north"}
_PART_OF = re.compile(
    r"(?P<axis>经度|东经|纬度|北纬|经|纬|lon(?:gitude)?|lat(?:itude)?)(?P<part>度|分|秒|°|'|\"|deg|min|sec)"
)
_PACKED = re.compile(r"度\.?分\.?秒|度分秒|d{1,3}\.?mm\.?s{1,4}|dms|°'\"")
_DECIMAL = re.compile(r"十进制|小数度|以度为单位|decimal|^度$|^°$|单位:?(?:度|°)$|^deg(?:rees?)?$|^dd\.?d+°?$")
# Programs write these names, and decimal degrees under them.
_PROGRAM = re.compile(r"(?:gps_?)?(?:lon|lng|long|lat)(?:gitude|itude)?$|point_[xy]$")


def heading(text: str) -> Heading:
    r"""Return what a heading means; role `NONE` when it is nothing known.

    >>> heading("X坐标（m）").role, heading("面积(公顷)").factor, heading("经度\n（度.分秒）").notation
    (<Role.PLANE: 'plane'>, 10000.0, <Notation.PACKED: 'packed'>)
    """
    whole = compact(text)
    if not whole or len(whole) > 40:  # noqa: PLR2004 - headings are short
        return Heading(Role.NONE)
    inside = " ".join(_BRACKETS.findall(whole))
    outside = _BRACKETS.sub("", whole)
    name = _PUNCTUATION.sub("", _UNITS_AT_END.sub("", outside))
    shown = " ".join(text.split())
    found = _named(name) or _named(_PUNCTUATION.sub("", outside)) or _named(_PUNCTUATION.sub("", f"{name}{inside}"))
    if found is None:
        found = _part(outside, inside)
    if found is None:
        return Heading(Role.NONE, text=shown)
    return _with_unit(replace(found, text=shown), inside, outside)


def _named(name: str) -> Heading | None:
    role = ROLES.get(name) or next((role for role, pattern in _PATTERNS if pattern.fullmatch(name)), None)
    if role is Role.PLANE:
        return Heading(role, named_axis(name))
    if role is Role.GEOGRAPHIC:
        return Heading(role, _SURVEYORS.get(name) or named_axis(_bare(name)))
    return None if role is None else Heading(role)


def _bare(name: str) -> str:
    return re.sub(r"^(?:gps|wgs84|大地|地理|[xy](?=[经纬]))|(?:度分秒|十进制度?|dms|ddmmss|[xy])$", "", name)


def _part(outside: str, inside: str) -> Heading | None:
    """Return degrees, minutes or seconds of an angle: “度”, “经度度”, “东经(°)” is not one of them."""
    if outside in PARTS:
        return Heading(PARTS[outside])
    match = _PART_OF.fullmatch(outside)
    if match and not inside:
        return Heading(PARTS[match["part"]], named_axis(match["axis"]))
    return None


def _with_unit(found: Heading, inside: str, outside: str) -> Heading:
    if found.role in (Role.GEOGRAPHIC, Role.PLANE, Role.PAIR):
        if _PACKED.search(inside) or _PACKED.search(outside):
            found = replace(found, notation=Notation.PACKED)
        elif _DECIMAL.search(inside) or "十进制" in outside or _PROGRAM.match(outside):
            found = replace(found, notation=Notation.DECIMAL)
        axis = named_axis(inside) if found.role is Role.PLANE and not found.axis else found.axis
        return replace(found, axis=axis, foreign_unit=inside if inside in FOREIGN_UNITS else "")
    if found.role is Role.AREA:
        unit = inside.removeprefix("单位").lstrip(":") or re.sub(r"^.*?(?:面积|area)_?", "", outside)
        return replace(found, factor=square_metres(unit))
    if found.role in (Role.RADIUS, Role.DIAMETER, Role.WIDTH):
        unit = inside.removeprefix("单位").lstrip(":")
        factors = {**dict.fromkeys(METRES, 1.0), "km": 1000.0, "千米": 1000.0, "公里": 1000.0, "": None}
        return replace(found, factor=factors.get(unit, 1.0), foreign_unit="" if unit in factors else unit)
    return found
