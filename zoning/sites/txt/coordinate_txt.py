"""The coordinate TXT of natural-resources offices: X is north (7 digits), Y is east (8 digits with the zone, else 6).

Columns are told apart by their magnitude, rings by number and closure, holes by containment, the unit of the stated
area by comparison. Habits of the programs that write it: docs/formats.md.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from zoning.errors import ZoningError
from zoning.sites.drawing import Drawing, Kind
from zoning.sites.encodings import text_codec
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile, RawSite, Regrouped
from zoning.sites.records import raw_site
from zoning.sites.rings import CrossingError, Grouped, regroup
from zoning.sites.txt.columns import Columns, arrange, swap_warning
from zoning.sites.txt.header import stated_by
from zoning.sites.txt.lines import read_sheet
from zoning.sites.txt.ring_split import Ring, RingReader
from zoning.sites.txt.sheet import Parcel, Sheet
from zoning.sites.txt.statements import stated_area, stated_points
from zoning.sites.txt.zones import decide
from zoning.sites.where import Where
from zoning.texts import Text

_KINDS: dict[str, Kind] = {"面": "polygon", "线": "line", "点": "point"}


def read_coordinate_txt(path: Path, options: Options) -> RawFile:
    """Read every parcel of a coordinate TXT.

    Raises
    ------
    SiteError, CRSError
        Naming the line.
    UsageError
        When the stated encoding is unknown.
    """
    where = Where(path.name or str(path))
    codec = text_codec(path, where, options.encoding)
    with path.open(encoding=codec, newline=None) as lines:
        sheet = read_sheet(lines, where, options.limits)
    _check_rows(sheet, where)
    stated = stated_by(sheet, where)
    columns = arrange(sheet, where)
    decided = decide(sheet, columns, stated, options, where)
    sites = _Parcels(sheet, columns, where, options).sites()
    warnings = (*_loose_warning(sheet, where), *((swap_warning(where),) if columns.swapped else ()), *decided.warnings)
    return RawFile(sites, decided.declared, silence=decided.silence, warnings=warnings, encoding=codec)


def _check_rows(sheet: Sheet, where: Where) -> None:
    empty = next((parcel.line for parcel in sheet.parcels if not parcel.runs), None)
    if empty is not None or not sheet.parcels:
        place = where if empty is None else where.at_line(empty)
        raise place.error("没有界址点坐标；请重新导出", "it holds no points; export it again")


def _loose_warning(sheet: Sheet, where: Where) -> tuple[Text, ...]:
    if not sheet.loose:
        return ()
    count, place = sheet.loose, where.at_line(sheet.first_loose)
    return (
        place.sentence(
            f"此行起共 {count} 行用了全角符号，或以空白代替逗号，已按规定格式的半角逗号读取",
            f"from here on {count} lines have full-width signs, or blanks instead of commas; read as plain commas",
        ),
    )


class _Parcels:
    """Makes the records of a sheet."""

    def __init__(self, sheet: Sheet, columns: Columns, where: Where, options: Options) -> None:
        self._sheet, self._where, self._options = sheet, where, options
        self._degrees = columns.degrees
        self._xy = np.hstack([columns.xy, sheet.height_column()])
        self._lines = np.frombuffer(sheet.lines, dtype=sheet.lines.typecode)

    def sites(self) -> tuple[RawSite, ...]:
        """Return one record per parcel line."""
        return tuple(self._site(parcel, number) for number, parcel in enumerate(self._sheet.parcels, 1))

    def _site(self, parcel: Parcel, number: int) -> RawSite:
        place = self._where.at_record(number)
        kind = _KINDS[parcel.fields["记录图形属性"]]
        reader = RingReader(self._xy, self._lines, self._where, degrees=self._degrees)
        regrouped = None
        if kind == "polygon":
            rings = [ring for run in parcel.runs for ring in reader.rings(run)]
            drawings, regrouped = _polygons(rings, place)
        else:
            rings = [reader.path(run) for run in parcel.runs]
            drawings = _thin(kind, rings)
        points, warnings = stated_points(parcel.fields["界址点数"], rings, self._where.at_line(parcel.line))
        made = raw_site(
            drawings,
            place,
            self._options,
            attributes={name: value for name, value in parcel.fields.items() if value},
            stated_id=parcel.fields["地块编号"],
            stated_name=parcel.fields["地块名称"],
            stated_points=points,
            warnings=(*reader.warnings, *warnings),
            regrouped=regrouped,
        )
        return self._with_area(made, parcel)

    def _with_area(self, made: RawSite, parcel: Parcel) -> RawSite:
        text, place = parcel.fields["地块面积"], self._where.at_line(parcel.line)
        area, warnings = stated_area(text, made.geometry, place, degrees=self._degrees)
        if area is None and not warnings:
            return made
        return replace(made, stated_area_m2=area, warnings=(*made.warnings, *warnings))


def _thin(kind: Kind, rings: list[Ring]) -> list[Drawing]:
    if kind == "line":
        return [Drawing(kind, (ring.xy,)) for ring in rings]
    return [Drawing(kind, (row[None, :],)) for ring in rings for row in ring.xy]


def _polygons(rings: list[Ring], place: Where) -> tuple[list[Drawing], Regrouped | None]:
    shapes = [ring.xy for ring in rings]
    if len(rings) == 1:
        return [Drawing("polygon", (shapes[0],))], None
    # Checked ring by ring first: grouping needs rings that enclose something.
    assemble([Drawing("polygon", (shape,)) for shape in shapes], where=place, width_m=None)
    try:
        grouped = regroup(shapes)
    except CrossingError as error:
        raise _crossing(error, rings, place) from error
    return list(grouped.polygons), _other_roles(rings, grouped, place)


def _other_roles(rings: list[Ring], grouped: Grouped, place: Where) -> Regrouped | None:
    """Say what the numbers alone would have made: 1 an outline, others holes of the outline before."""
    numbered = [ring.number > 1 for ring in rings]
    wrong = sum(a != b for a, b in zip(numbered, grouped.is_hole, strict=True))
    if not wrong:
        return None
    outer = [Drawing("polygon", (ring.xy,)) for ring, hole in zip(rings, numbered, strict=True) if not hole]
    before = assemble(outer or [Drawing("polygon", (rings[0].xy,))], where=place, width_m=None).geometry
    return Regrouped(wrong, before)


def _crossing(error: CrossingError, rings: list[Ring], place: Where) -> ZoningError:
    first, second = (rings[i].lines for i in (error.first, error.second))
    lines = f"{first[0]}–{first[1]}", f"{second[0]}–{second[1]}"
    if error.same:
        return place.error(
            f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈重复；请删去一个",
            f"the rings of lines {lines[0]} and {lines[1]} are the same; remove one",
        )
    return place.error(
        f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈相交，分不清内外；请改正",
        f"the rings of lines {lines[0]} and {lines[1]} cross, so neither is a hole of the other; correct them",
    )
