"""From 1980 西安 and 1954 北京 to CGCS2000 with the user's own parameters: 4 in the plane, 7 around the earth's centre.

There are no public parameters: those of the survey office hold for its area only. So the file states where it holds,
how exact it is and where it comes from; all of that goes into the verdict.
"""

from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

import numpy as np
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

from zoning.errors import ContentError
from zoning.sites.crs.conversion import Conversion, Floats, Move, NotConvertibleError
from zoning.sites.crs.old_datums import old_datum
from zoning.sites.crs.shift_files import BursaWolf, CheckPoint, ShiftFile, Similarity, Spot, read_shift_file
from zoning.sites.crs.zones import LONLAT, label, zone_code
from zoning.texts import Text
from zoning.yaml_files import Problem, YamlFile, content_error

_GEOD = Geod(ellps="GRS80")
_WORST = 3.0  # a residual beyond three times the stated accuracy: the parameters or their signs are wrong
_FARTHEST_M = 1000.0  # real shifts are tens to a good hundred metres; a wrong sign or zone moves by kilometres
_FLATTENING = 298.257222101


@dataclass(frozen=True, slots=True, eq=False)
class DatumShift:
    """A checked file of parameters.

    Attributes
    ----------
    residual_m
        The largest at its check points; None without any.
    """

    file: str
    stated: ShiftFile
    datum: Text
    residual_m: float | None

    def leads_from(self, crs: CRS) -> bool:
        """Tell whether the parameters start from the datum of `crs`."""
        found = old_datum(crs)
        return found is not None and found.named and found.title == self.datum

    def conversion(self, crs: CRS, code: str | None, name: Text) -> tuple[str, Conversion]:
        """Return the code of the CGCS2000 system that the numbers of `crs` end up in, and the way there."""
        target = self.stated.to_crs if isinstance(self.stated, Similarity) else corresponding(crs)
        move = self._checked(_lead(self.stated, crs, target), crs, target)
        text = self._text(name, target)
        return target, Conversion(name, code or crs.to_wkt(), text, self.stated.accuracy_m, move)

    def _checked(self, lead: Move, crs: CRS, target: str) -> Move:
        raw, back = _own_lonlat(crs), _own_lonlat(CRS.from_user_input(target))

        def move(xy: Floats) -> Floats:
            moved = lead(xy)
            self._check(raw(xy), back(moved))
            return moved

        return move

    def _check(self, before: Floats, after: Floats) -> None:
        box = self.stated.valid_in
        x, y = after.T
        if not np.all((x >= box.west) & (x <= box.east) & (y >= box.south) & (y <= box.north)):
            area = f"{box.west:g}–{box.east:g}°E, {box.south:g}–{box.north:g}°N"
            raise NotConvertibleError(
                f"超出 {self.file} 的适用范围（{area}）；请使用当地的参数，或由测绘单位转换",
                f"it lies outside of where {self.file} is valid ({area}); use parameters of the place, or have the "
                "surveyor convert it",
            )
        moved = np.max(_GEOD.inv(*before.T, *after.T)[2])
        if not moved <= _FARTHEST_M:
            raise NotConvertibleError(
                f"按 {self.file} 转换后位置移动了 {moved:,.0f} m，而基准之间只差数十至上百米；请核对参数的符号、单位和 "
                "from_crs 是否带带号",
                f"{self.file} would move it by {moved:,.0f} m, while the datums differ by tens of metres to a good "
                "hundred; check signs and units of the parameters, and whether from_crs has the zone in its eastings",
            )

    def _text(self, name: Text, target: str) -> Text:
        stated = self.stated
        zh, en = ("平面四参数", "4 parameters in the plane")
        if isinstance(stated, BursaWolf):
            zh, en = "布尔沙七参数", "7 Bursa-Wolf parameters"
        count = len(stated.check_points)
        checked = Text("", "")
        if self.residual_m is not None:
            checked = Text(
                f"，{count} 个检核点最大残差 {self.residual_m:.3f} m",
                f", largest residual at {count} check point{'s' * (count != 1)} {self.residual_m:.3f} m",
            )
        to = label(target)
        return Text(
            f"由 {name.zh} 按 {self.file} 的{zh}转换为 {to.zh}，界址点逐点转换；参数出处：{stated.source}，"
            f"精度 ±{stated.accuracy_m:g} m{checked.zh}",
            f"converted from {name.en} to {to.en} with the {en} of {self.file}, vertex by vertex; source of the "
            f"parameters: {stated.source}, accuracy ±{stated.accuracy_m:g} m{checked.en}",
        )


def read_datum_shift(path: Path) -> DatumShift:
    """Read and check the file of `--datum-shift`.

    Raises
    ------
    ContentError
        With every mistake of the file, each with its line.
    """
    stated, file = read_shift_file(path)
    start, end = _system(stated, "from_crs", file), _system(stated, "to_crs", file)
    datum = old_datum(start)
    if datum is None or not datum.named:
        raise _mistake(
            file,
            "from_crs",
            f"{stated.from_crs} 不是 1980 西安或 1954 北京坐标系；请写成例如 EPSG:2362",
            f"{stated.from_crs} is neither Xian 1980 nor Beijing 1954; write for example EPSG:2362",
        )
    if not _is_cgcs2000(end):
        raise _mistake(
            file,
            "to_crs",
            f"{stated.to_crs} 不是 CGCS2000 坐标系；请写成例如 EPSG:4526 或 EPSG:4490",
            f"{stated.to_crs} is no system of CGCS2000; write for example EPSG:4526 or EPSG:4490",
        )
    if isinstance(stated, Similarity) and not (start.is_projected and end.is_projected):
        raise _mistake(
            file,
            "from_crs" if not start.is_projected else "to_crs",
            "平面四参数只在两个高斯平面之间成立；请写平面坐标系的代码，例如 EPSG:2362 和 EPSG:4526",
            "four parameters hold between two planes; write codes of planes, such as EPSG:2362 and EPSG:4526",
        )
    residual = _worst_residual(stated, start, end, file)
    return DatumShift(path.name, stated, datum.title, residual)


def corresponding(crs: CRS) -> str:
    """Return the CGCS2000 plane with the numbers of an old one; longitude and latitude where there is none."""
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None:
        return LONLAT
    values = {parameter.name: float(parameter.value) for parameter in operation.params}
    plain = values.get("Scale factor at natural origin") == 1 and not values.get("Latitude of natural origin")
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    if not plain or not metres or values.get("False northing"):
        return LONLAT
    number = zone_code(values.get("Longitude of natural origin", 0.0), values.get("False easting", 0.0))
    return LONLAT if number is None else f"EPSG:{number}"


def _lead(stated: ShiftFile, crs: CRS, target: str) -> Move:
    """Return the way of the numbers of `crs` into `target`."""
    if isinstance(stated, Similarity):
        return _through_plane(stated, crs)
    datum = _bursa_wolf(stated, crs)
    down = _own_lonlat(crs)
    up = _transformer(LONLAT, target)
    return lambda xy: up(datum(down(xy)))


def _through_plane(stated: Similarity, crs: CRS) -> Move:
    """Return the similarity, after a change of zone on the old datum where the file is in another one."""
    start = CRS.from_user_input(stated.from_crs)
    turn = radians(stated.rotation_arcsec / 3600) * (1 if stated.rotation_direction == "clockwise" else -1)
    c, s = stated.scale * cos(turn), stated.scale * sin(turn)

    def similarity(xy: Floats) -> Floats:
        east, north = xy.T
        return np.column_stack((stated.de_m + s * north + c * east, stated.dn_m + c * north - s * east))

    if crs.equals(start, ignore_axis_order=True) or crs.to_epsg() == start.to_epsg():
        return similarity
    # On one datum: the definitions of both differ in nothing but the projection.
    down, up = _own_lonlat(crs), _from_lonlat(start)
    return lambda xy: similarity(up(down(xy)))


def _bursa_wolf(stated: BursaWolf, crs: CRS) -> Move:
    """Return the way from longitude and latitude on the old ellipsoid to those of CGCS2000; heights are taken as 0."""
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        raise NotConvertibleError("坐标系没有椭球", "the coordinate system has no ellipsoid")
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart +a={ellipsoid.semi_major_metre!r} +rf={ellipsoid.inverse_flattening!r} "
        f"+step +proj=helmert +x={stated.dx_m!r} +y={stated.dy_m!r} +z={stated.dz_m!r} +rx={stated.rx_arcsec!r} "
        f"+ry={stated.ry_arcsec!r} +rz={stated.rz_arcsec!r} +s={stated.scale_ppm!r} "
        f"+convention={stated.rotation_convention} +step +inv +proj=cart +ellps=GRS80 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    transformer = Transformer.from_pipeline(pipeline)

    def shift(lonlat: Floats) -> Floats:
        lon, lat, _ = transformer.transform(lonlat[:, 0], lonlat[:, 1], np.zeros(len(lonlat)))
        return np.column_stack((lon, lat))

    return shift


def _own_lonlat(crs: CRS) -> Move:
    """Return the way to longitude and latitude on the own datum: a mere projection."""
    if crs.is_geographic or crs.geodetic_crs is None:
        return lambda xy: xy
    return _transformer(crs, crs.geodetic_crs)


def _from_lonlat(crs: CRS) -> Move:
    return _transformer(crs.geodetic_crs or crs, crs)


def _transformer(start: CRS | str, end: CRS | str) -> Move:
    way = Transformer.from_crs(start, end, always_xy=True)
    return lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1]))


def _is_cgcs2000(crs: CRS) -> bool:
    name = f"{crs.datum.name if crs.datum else ''} {crs.name}"
    return "2000" in name and crs.ellipsoid is not None and abs(crs.ellipsoid.inverse_flattening - _FLATTENING) < 1e-9  # noqa: PLR2004 - the digits that are printed


def _system(stated: ShiftFile, key: str, file: YamlFile) -> CRS:
    code = str(getattr(stated, key))
    try:
        crs = CRS.from_user_input(code)
    except ProjError:
        crs = None
    if crs is not None and (crs.is_geographic or crs.is_projected):
        return crs
    raise _mistake(
        file,
        key,
        f"{code} 不是平面或经纬度坐标系；请写成例如 EPSG:2362",
        f"{code} is no plane and no longitude and latitude; write for example EPSG:2362",
    )


def _mistake(file: YamlFile, key: str, zh: str, en: str) -> ContentError:
    return content_error([Problem(file.path, file.line((key,)), Text(f"{key}：{zh}", f"{key}: {en}"))])


def _worst_residual(stated: ShiftFile, start: CRS, end: CRS, file: YamlFile) -> float | None:
    """Return the largest distance at the check points between what the parameters give and what is known."""
    worst: float | None = None
    lead = _lead(stated, start, stated.to_crs)
    for number, point in enumerate(stated.check_points):
        residual = _residual_m(point, lead, (start, end), file, number)
        if not residual <= _WORST * stated.accuracy_m:
            raise _at_point(
                file,
                number,
                f"第 {number + 1} 个检核点的残差为 {residual:,.3f} m，超过精度 {stated.accuracy_m:g} m 的 3 倍；"
                "请核对参数、旋转方向和坐标系代码",
                f"check point {number + 1} is off by {residual:,.3f} m, more than 3 times the accuracy of "
                f"{stated.accuracy_m:g} m: check the parameters, the direction of rotation and the codes",
            )
        worst = max(worst or 0.0, residual)
    return worst


def _residual_m(point: CheckPoint, lead: Move, ends: tuple[CRS, CRS], file: YamlFile, number: int) -> float:
    for spot, crs, key in ((point.given, ends[0], "from"), (point.known, ends[1], "to")):
        if spot.in_plane != crs.is_projected:
            raise _at_point(
                file,
                number,
                f"第 {number + 1} 个检核点的 {key} 应写 {'north 和 east' if crs.is_projected else 'lon 和 lat'}",
                f"'{key}' of check point {number + 1} is written as "
                f"{'north and east' if crs.is_projected else 'lon and lat'}",
            )
    found = lead(_row(point.given))
    back = _own_lonlat(ends[1])
    one, other = back(found), back(_row(point.known))
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return float("inf")
    return float(_GEOD.inv(*one[0], *other[0])[2])


def _row(spot: Spot) -> Floats:
    return np.array([spot.xy])


def _at_point(file: YamlFile, number: int, zh: str, en: str) -> ContentError:
    return content_error([Problem(file.path, file.line(("check_points", number)), Text(zh, en))])
