"""The coordinate TXT of natural-resources offices: X is north (7 digits), Y is east (8 digits with the zone, else 6).

Columns are told apart by their magnitude, holes by containment, the unit of the stated area by comparison.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ZoningError
from zoning.quantities import MU_PER_HECTARE, SQUARE_METRES_PER_HECTARE
from zoning.sites.crs import ZONES_3, ZONES_6, old_datum_refusal, zone_3_code
from zoning.sites.drawing import Coordinates, Drawing, Kind
from zoning.sites.encodings import text_codec
from zoning.sites.footprint_geometry import Assembled, assemble
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile, RawSite, Regrouped
from zoning.sites.rings import CrossingError, regroup
from zoning.sites.txt_lines import Parcel, Ring, Sheet, read_sheet
from zoning.sites.where import Where
from zoning.texts import Text

_KINDS: dict[str, Kind] = {"面": "polygon", "线": "line", "点": "point"}
_PER_ZONE = 1_000_000.0
_SMALLEST_EAST = 100_000.0
_CLOSING_M = 0.001
_CORNERS = 3
_STATED_SHARE = 0.01
_UNITS = (
    (SQUARE_METRES_PER_HECTARE, Text("公顷", "ha")),
    (1.0, Text("平方米", "m²")),
    (SQUARE_METRES_PER_HECTARE / MU_PER_HECTARE, Text("亩", "mu")),
)
_METRES = ("米", "m", "M", "")
_PROJECTIONS = ("高斯克吕格", "高斯-克吕格", "高斯", "")


def read_coordinate_txt(path: Path, options: Options) -> RawFile:
    """Read every parcel of a coordinate TXT.

    Raises
    ------
    SiteError, CRSError
        Naming the line.
    """
    where = Where(path.name or str(path))
    with path.open(encoding=text_codec(path, where, options.encoding), newline=None) as lines:
        sheet = read_sheet(lines, where)
    if not sheet.parcels or not all(parcel.rings for parcel in sheet.parcels):
        empty = next((parcel.line for parcel in sheet.parcels if not parcel.rings), None)
        place = where if empty is None else where.at_line(empty)
        raise place.error("没有界址点坐标；请重新导出", "it holds no points; export it again")
    header = _Header(sheet, where)
    swapped = _swapped(sheet, where)
    zone, prefixed = _zone(sheet, header, where, swapped=swapped)
    sites = tuple(_site(parcel, n, where, options, swapped=swapped) for n, parcel in enumerate(sheet.parcels, 1))
    warnings = (_swap_warning(where),) if swapped else ()
    if not header.names_datum:
        silence = Text("[属性描述] 没有写“坐标系”", "[属性描述] does not state 坐标系")
        return RawFile(sites, None, silence=silence, warnings=warnings)
    if zone is None:
        silence = Text("Y 坐标不带带号，[属性描述] 也没有写“带号”", "neither Y nor [属性描述] states the zone (带号)")
        return RawFile(sites, None, silence=silence, warnings=warnings)
    return RawFile(sites, Declared(zone_3_code(zone, prefixed=prefixed)), warnings=warnings)


class _Header:
    """What [属性描述] says about the coordinate system."""

    def __init__(self, sheet: Sheet, where: Where) -> None:
        self._sheet, self._where = sheet, where
        self.names_datum = self._datum()
        self._check_form()
        self.zone = self._zone()

    def _get(self, name: str) -> tuple[str, Where]:
        value, line = self._sheet.attributes.get(name, ("", 0))
        return value, self._where.at_line(line)

    def place(self, name: str) -> Where:
        """Return the line of an entry."""
        return self._get(name)[1]

    def _datum(self) -> bool:
        value, place = self._get("坐标系")
        if not value:
            return False
        if "2000" in value:
            return True
        old = {"80": Text("1980 西安坐标系", "Xian 1980"), "54": Text("1954 北京坐标系", "Beijing 1954")}
        old |= {"西安": old["80"], "北京": old["54"]}
        for sign, name in old.items():
            if sign in value:
                refusal = old_datum_refusal(name)
                raise place.crs_error(refusal.zh, refusal.en)
        raise place.crs_error(
            f"坐标系 “{value}” 不能识别；规定为 2000国家大地坐标系",
            f"the system “{value}” is unknown; specified is 2000国家大地坐标系 (CGCS2000)",
        )

    def _check_form(self) -> None:
        unit, place = self._get("计量单位")
        if unit not in _METRES:
            raise place.crs_error(f"计量单位为 “{unit}”，规定为米", f"the unit is “{unit}”, specified is 米 (metre)")
        projection, place = self._get("投影类型")
        if projection not in _PROJECTIONS:
            raise place.crs_error(
                f"投影类型为 “{projection}”，规定为高斯克吕格",
                f"the projection is “{projection}”, specified is 高斯克吕格",
            )
        width, place = self._get("几度分带")
        if width and not re.fullmatch(r"(3|三)\s*(度|°)?(分?带)?", width):
            raise place.crs_error(
                f"几度分带为 “{width}”，只读取 3 度带；请换带为 3 度带后导出",
                f"the zone width is “{width}”, only 3-degree zones are read; convert it to a 3-degree zone",
            )
        self._check_shift()

    def _check_shift(self) -> None:
        shift, place = self._get("转换参数")
        if any(text.strip() and _number(text) != 0 for text in shift.split(",")):
            raise place.crs_error(
                "转换参数不为零，本工具不做参数转换；请提交转换后的坐标",
                "the shift parameters (转换参数) are not zero and are not applied; give the converted coordinates",
            )

    def _zone(self) -> int | None:
        value, place = self._get("带号")
        if not value:
            return None
        if not value.isdecimal() or int(value) not in ZONES_3:
            raise place.crs_error(
                f"带号 “{value}” 不是 3 度带的带号（25–45）", f"the zone “{value}” is no 3-degree zone (25 to 45)"
            )
        return int(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _rings(sheet: Sheet) -> Iterator[Ring]:
    for parcel in sheet.parcels:
        yield from parcel.rings


def _is_north(values: np.ndarray) -> np.ndarray:
    return (values >= _PER_ZONE) & (values < 10 * _PER_ZONE)


def _is_east(values: np.ndarray) -> np.ndarray:
    zones = np.floor(values / _PER_ZONE)
    prefixed = np.isin(zones, [*ZONES_3, *ZONES_6])
    return prefixed | ((values >= _SMALLEST_EAST) & (values < _PER_ZONE))


def _swapped(sheet: Sheet, where: Where) -> bool:
    """Tell whether the third column is east in every row."""
    first: bool | None = None
    for ring in _rings(sheet):
        columns = ring.columns()
        right = _is_north(columns[:, 0]) & _is_east(columns[:, 1])
        wrong = _is_north(columns[:, 1]) & _is_east(columns[:, 0])
        if not (right | wrong).all():
            row = int(np.argmin(right | wrong))
            raise _no_place(where.at_line(ring.lines[row]), *columns[row].tolist())
        first = bool(wrong[0]) if first is None else first
        same = wrong == first
        if not same.all():
            raise where.at_line(ring.lines[int(np.argmin(same))]).error(
                "X、Y 的次序与前面的界址点相反；请统一后导出",
                "X and Y are in the opposite order to the points before; export all in one order",
            )
    return bool(first)


def _no_place(place: Where, x: float, y: float) -> ZoningError:
    if abs(x) <= 180 and abs(y) <= 180:  # noqa: PLR2004
        return place.error(
            f"坐标 ({x:g}, {y:g}) 是度数；坐标 TXT 规定用米（X 7 位、Y 8 位）",
            f"the coordinates ({x:g}, {y:g}) are degrees; a coordinate TXT is in metres (X 7 digits, Y 8 digits)",
        )
    return place.error(
        f"坐标 ({x:.3f}, {y:.3f}) 不合规定：X（北）整数 7 位，Y（东）整数 8 位（含带号）或 6 位；请改正",
        f"the coordinates ({x:.3f}, {y:.3f}) are not as specified: X (north) has 7 digits, Y (east) 8 with the zone "
        "or 6 without; correct them",
    )


def _zone(sheet: Sheet, header: _Header, where: Where, *, swapped: bool) -> tuple[int | None, bool]:
    """Return the zone and whether it stands in front of the easting."""
    found: int | None = None
    for ring in _rings(sheet):
        zones = np.floor(np.array(ring.first if swapped else ring.second) / _PER_ZONE).astype(int)
        found = int(zones[0]) if found is None else found
        if not (zones == found).all():
            row = int(np.argmax(zones != found))
            raise _two_zones(where.at_line(ring.lines[row]), found, int(zones[row]))
    if found in ZONES_6:
        raise where.crs_error(
            f"Y 坐标的带号 {found} 是 6 度带，只读取 3 度带；请换带为 3 度带后导出",
            f"the zone {found} in Y is a 6-degree zone, only 3-degree zones are read; convert it to a 3-degree zone",
        )
    if not found:
        return header.zone, False
    if header.zone is not None and header.zone != found:
        raise header.place("带号").crs_error(
            f"表头带号为 {header.zone}，Y 坐标的带号却是 {found}；请核对后改正其中之一",
            f"the header states zone {header.zone} but Y begins with zone {found}; check and correct one of them",
        )
    return found, True


def _two_zones(place: Where, first: int, other: int) -> ZoningError:
    def name(zone: int) -> Text:
        return Text(f"第 {zone} 带", f"zone {zone}") if zone else Text("不带带号", "no zone")

    return place.crs_error(
        f"Y 坐标的带号与前面不一致（前面{name(first).zh}，此处{name(other).zh}）；请换算到同一带",
        f"the zone in Y differs from the points before ({name(first).en}, here {name(other).en}); use one zone",
    )


def _swap_warning(where: Where) -> Text:
    return where.sentence(
        "X、Y 两列的次序相反（按数值大小判定），已对调读取",
        "X and Y are in the opposite order (decided by magnitude); they were exchanged",
    )


def _site(parcel: Parcel, number: int, where: Where, options: Options, *, swapped: bool) -> RawSite:
    place = where.at_record(number)
    rings = [ring.columns()[:, :: 1 if swapped else -1] for ring in parcel.rings]
    kind = _KINDS[parcel.fields["记录图形属性"]]
    regrouped = None
    if kind == "polygon":
        rings = [_closed_exactly(xy, ring, where) for xy, ring in zip(rings, parcel.rings, strict=True)]
        made, regrouped = _area(rings, parcel, place, options)
    else:
        made = assemble(_thin(kind, rings), where=place, width_m=options.width_m)
    stated, area_warnings = _stated_area(parcel, made.geometry, where)
    return RawSite(
        place,
        made.geometry,
        attributes={name: value for name, value in parcel.fields.items() if value},
        stated_id=parcel.fields["地块编号"],
        stated_name=parcel.fields["地块名称"],
        stated_area_m2=stated,
        repairs=made.repairs,
        warnings=(*made.warnings, *area_warnings, *_count_warning(parcel, where)),
        regrouped=regrouped,
    )


def _thin(kind: Kind, rings: list[Coordinates]) -> list[Drawing]:
    if kind == "line":
        return [Drawing(kind, (ring,)) for ring in rings]
    return [Drawing(kind, (row[None, :],)) for ring in rings for row in ring]


def _closed_exactly(xy: Coordinates, ring: Ring, where: Where) -> Coordinates:
    """Make a last point within 1 mm of the first the same; refuse a ring that goes on after it has closed."""
    near = np.abs(xy - xy[0]).max(axis=1) <= _CLOSING_M
    for row in np.flatnonzero(near[_CORNERS:]) + _CORNERS:
        if not near[row:].all():
            raise where.at_line(ring.lines[int(row)]).error(
                f"圈号 {ring.number} 在此处已闭合，其后还有同一圈号的点；每一圈须用不同的圈号",
                f"ring {ring.number} closes here but more points with its number follow; give every ring its number",
            )
    if near[-1] and len(xy) > _CORNERS:
        xy = np.vstack([xy[:-1], xy[:1]])
    return xy


def _area(
    rings: list[Coordinates], parcel: Parcel, place: Where, options: Options
) -> tuple[Assembled, Regrouped | None]:
    # Checked ring by ring first: grouping needs rings that enclose something.
    assemble([Drawing("polygon", (ring,)) for ring in rings], where=place, width_m=None)
    try:
        grouped = regroup(rings)
    except CrossingError as error:
        raise _crossing(error, parcel, place) from error
    made = assemble(list(grouped.polygons), where=place, width_m=options.width_m)
    numbered = [ring.number > 1 for ring in parcel.rings]
    wrong = sum(a != b for a, b in zip(numbered, grouped.is_hole, strict=True))
    if not wrong:
        return made, None
    outer = [Drawing("polygon", (ring,)) for ring, hole in zip(rings, numbered, strict=True) if not hole]
    before = assemble(outer or [Drawing("polygon", (rings[0],))], where=place, width_m=None).geometry
    return made, Regrouped(wrong, before)


def _crossing(error: CrossingError, parcel: Parcel, place: Where) -> ZoningError:
    first, second = (parcel.rings[i] for i in (error.first, error.second))
    lines = f"{first.lines[0]}–{first.lines[-1]}", f"{second.lines[0]}–{second.lines[-1]}"
    if error.same:
        return place.error(
            f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈重复；请删去一个",
            f"the rings of lines {lines[0]} and {lines[1]} are the same; remove one",
        )
    return place.error(
        f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈相交，分不清内外；请改正",
        f"the rings of lines {lines[0]} and {lines[1]} cross, so neither is a hole of the other; correct them",
    )


def _stated_area(parcel: Parcel, geometry: BaseGeometry, where: Where) -> tuple[float | None, tuple[Text, ...]]:
    """Return the stated area in m² and what is to be said about it.

    The plane area serves for the comparison: it differs from the ellipsoid's by less than 0.1 %.
    """
    text, place = parcel.fields["地块面积"], where.at_line(parcel.line)
    area = shapely.area(geometry)
    if not text or area == 0:
        return None, ()
    stated = _number(text)
    if not (math.isfinite(stated) and stated > 0):
        warning = place.sentence(
            f"标注面积 “{text}” 不是数字，未比较", f"the stated area “{text}” is no number; not compared"
        )
        return None, (warning,)
    factor, unit = min(_UNITS, key=lambda choice: abs(math.log(stated * choice[0] / area)))
    difference = stated * factor / area - 1
    if abs(difference) <= _STATED_SHARE:
        return stated * factor, ()
    warning = place.sentence(
        f"标注面积 {text}{unit.zh} 与按坐标计算的 {area / factor:.4f} {unit.zh}相差 {abs(difference):.1%}",
        f"the stated area of {text} {unit.en} differs by {abs(difference):.1%} from {area / factor:.4f} {unit.en} "
        "computed from the coordinates",
    )
    return stated * factor, (warning,)


def _count_warning(parcel: Parcel, where: Where) -> tuple[Text, ...]:
    stated = parcel.fields["界址点数"]
    rows = sum(len(ring.lines) for ring in parcel.rings)
    # Some writers count the closing row of every ring, others do not.
    if stated == "" or (stated.isdecimal() and int(stated) in range(rows - len(parcel.rings), rows + 1)):
        return ()
    return (
        where.at_line(parcel.line).sentence(
            f"标注界址点数 {stated}，实有 {rows} 行", f"{stated} points are stated, {rows} rows follow"
        ),
    )
