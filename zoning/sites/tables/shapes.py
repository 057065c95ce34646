"""From parcels of points to footprints: polygon, line or point, as columns, titles and numbers of points say."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal

import numpy as np
import shapely

from zoning.errors import SiteError
from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.footprint_geometry import closed
from zoning.sites.limits import Options
from zoning.sites.raw import RawSite
from zoning.sites.records import raw_site
from zoning.sites.rings import CrossingError, regroup
from zoning.sites.tables.axes import Floats
from zoning.sites.tables.grid import Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.other_points import judged, runs_along
from zoning.sites.tables.segments import CLOSING_DEGREES, CLOSING_M, Parcel, segmented
from zoning.sites.tables.sizes import area_of, length_of
from zoning.sites.tables.statements import line_word, names_centre, stated_area
from zoning.sites.tables.systems import System
from zoning.sites.tables.titles import opens_parcel
from zoning.sites.where import Where
from zoning.texts import Text

Shape = Literal["polygon", "line", "point"]

_CORNERS = 3
_KINDS: dict[Shape, tuple[str, ...]] = {
    "polygon": ("面", "polygon", "面状", "区", "multipolygon", "多边形"),
    "line": ("线", "line", "线状", "polyline", "linestring", "折线", "管线", "multilinestring"),
    "point": ("点", "point", "点状", "圆", "circle", "multipoint"),
}
_NAME_END = " :：-—，,。;；"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Work:
    """What all parcels of a track share."""

    track: Track
    xy: Coordinates
    degrees: bool
    options: Options
    accuracy_m: float
    word: str
    single: bool


def raw_sites(track: Track, system: System, options: Options) -> tuple[tuple[RawSite, ...], tuple[Text, ...]]:
    """Return the footprints of a track, and what is to be said about all of them.

    Raises
    ------
    SiteError
        When a parcel has too few points, its rings cross, or it may be a polygon as well as a line.
    """
    east, north = system.points.east, system.points.north
    warnings = []
    kept = _without_centres(track)
    if len(kept) < len(track):
        warnings.append(_centre_warning(track, kept))
        track, east, north = _only(track, kept), east[kept], north[kept]
    judgement = judged(track, options, is_closed=_meets_itself(east, north, degrees=system.degrees))
    warnings.extend(judgement.warnings)
    if judgement.separate:
        track.fields[Role.KIND] = ["点"] * len(track)
    found = segmented(track, east, north, degrees=system.degrees)
    xy = np.column_stack([east, north])
    before = [text for line, text in track.statements.texts if line < track.rows[0] and not opens_parcel(text)]
    word = next((word for text in [track.title, *before] if (word := line_word(text))), "") or runs_along(track)
    work = _Work(track, xy, system.degrees, options, system.accuracy_m, word, len(found.parcels) == 1)
    number, sites = 0, []
    for parcel in found.parcels:
        for site in _records(work, parcel, number):
            sites.append(site)
            number += 1
    return tuple(sites), (*warnings, *found.warnings)


def _without_centres(track: Track) -> list[int]:
    """Return the points that are corners; a centre alone is all there is."""
    kept = [i for i, label in enumerate(track.labels) if not (label and names_centre(label))]
    return kept or list(range(len(track)))


def _centre_warning(track: Track, kept: list[int]) -> Text:
    left = next(i for i in range(len(track)) if i not in set(kept[: i + 1]))
    return track.place(left).sentence(
        "中心点的坐标不是界址点，未计入范围", "the coordinates of the centre are no corner and were left out"
    )


def _only(track: Track, kept: list[int]) -> Track:
    """Return the track without the other points."""
    position = {old: new for new, old in enumerate(kept)}
    left = Track(track.where, track.title, statements=track.statements, headings=track.headings)
    left.rows.extend(track.rows[i] for i in kept)
    left.labels = [track.labels[i] for i in kept]
    left.words = [track.words[i] for i in kept] if track.words else []
    left.fields = {role: [values[i] for i in kept] for role, values in track.fields.items()}
    left.breaks = [type(one)(position[one.index], one.line, one.text) for one in track.breaks if one.index in position]
    return left


def _records(work: _Work, parcel: Parcel, number: int) -> Iterator[RawSite]:
    shape = _shape(work, parcel)
    if shape == "point":
        for count, index in enumerate(parcel.points, 1):
            yield _point(work, parcel, index, number + count)
    elif shape == "line":
        yield _line(work, parcel, number + 1)
    else:
        yield _polygon(work, parcel, number + 1)


def _shape(work: _Work, parcel: Parcel) -> Shape:
    """Decide what the points of a parcel are.

    Raises
    ------
    SiteError
        When nothing decides it.
    """
    points, place = parcel.points, work.track.place(parcel.points[0])
    stated = _stated_kind(work, parcel, place)
    sized = any(_values(work, role, points) for role in (Role.RADIUS, Role.DIAMETER))
    if stated == "point" or sized or (len(points) == 1 and stated is None):
        return "point"
    if stated is not None:
        return stated
    is_open = not any(_is_closed(work.xy[ring]) for ring in parcel.rings)
    if len(points) == 2 or (is_open and _values(work, Role.WIDTH, points)):  # noqa: PLR2004 - two points make a line
        return "line"
    word = line_word(parcel.title) or work.word
    if work.options.width_m is not None and is_open:
        return "line"
    if word and is_open:
        raise place.error(
            f"写的是“{word}”，有 {len(points)} 个点：若是线状工程请用 --width 说明宽度（米）；"
            "若是范围线，请在标题写明“范围”或加 类型 列写“面”",
            f"it says “{word}” and {len(points)} points follow: if it is a linear project give its width in "
            "metres with --width; if it is an outline, write 范围 in the title or 面 in a column 类型 (kind)",
        )
    if work.options.radius_m is not None or work.options.area_m2 is not None:
        raise place.error(
            f"给了点的半径或面积，这里却有 {len(points)} 个相连的点；若是一个面请去掉该选项，"
            f"若各是一个点请加 类型 列写“点”",
            f"a radius or area of points was given but {len(points)} points follow each other here; for a "
            f"polygon leave "
            "the option out, for separate points write 点 in a column 类型 (kind)",
        )
    return "polygon"


def _stated_kind(work: _Work, parcel: Parcel, place: Where) -> Shape | None:
    words = {word.strip().lower() for word in _values(work, Role.KIND, parcel.points)}
    kinds: set[Shape] = {shape for shape, names in _KINDS.items() if words & set(names)}
    if len(kinds) > 1:
        raise place.error(
            f"同一地块的类型不一致（{'、'.join(sorted(words))}）；请统一",
            f"the kinds of one parcel differ ({', '.join(sorted(words))}); use one",
        )
    return next(iter(kinds), None)


def _values(work: _Work, role: Role, points: list[int]) -> list[str]:
    values = work.track.fields.get(role)
    return [] if values is None else [values[i] for i in points if values[i]]


def _meets_itself(east: Floats, north: Floats, *, degrees: bool) -> bool:
    """Tell whether any point comes again: then the points are joined."""
    xy = np.column_stack([east, north])
    return len(np.unique(np.round(xy, 8 if degrees else 3), axis=0)) < len(xy)


def _is_closed(ring: Coordinates) -> bool:
    nearest = CLOSING_DEGREES if ring[0][0] <= 180 else CLOSING_M  # noqa: PLR2004 - degrees
    return len(ring) > _CORNERS and bool((np.abs(ring[0] - ring[-1]) <= nearest).all())


def _point(work: _Work, parcel: Parcel, index: int, number: int) -> RawSite:
    where = work.track.place(index)
    diameter, warnings = _diameter(work, index, where)
    drawing = Drawing("point", (work.xy[[index]],))
    name = parcel.name or _title_name(parcel.title)
    if len(parcel.points) > 1:
        name = " ".join(filter(None, (name, work.track.labels[index])))
    return _site(work, [drawing], parcel, number, name=name, width_m=diameter, warnings=warnings)


def _diameter(work: _Work, index: int, where: Where) -> tuple[float | None, tuple[Text, ...]]:
    """Return the diameter that the columns state, and what is to be said about it."""
    for role, times in ((Role.RADIUS, 2.0), (Role.DIAMETER, 1.0), (Role.WIDTH, 1.0)):
        for text in _values(work, role, [index]):
            return times * _length(work, role, text, where), ()
    for text in _values(work, Role.AREA, [index]):
        area = area_of(text, work.track.headings.get(Role.AREA))
        if area is not None:
            return 2 * sqrt(area / pi), (_circle_warning(where, area),)
        if work.options.diameter_m is None:
            raise where.error(
                f"点的面积 “{text}” 没有单位；请在表头写明，如 面积（公顷）",
                f"the area “{text}” of the point has no unit; write it in the heading, as in 面积（公顷） or area (ha)",
            )
    if work.options.area_m2 is not None:
        return None, (_circle_warning(where, work.options.area_m2),)
    return None, ()


def _circle_warning(where: Where, area: float) -> Text:
    return where.sentence(
        f"只有中心点和面积，按 {area:,.2f} 平方米的圆读取，真实形状未知；结论仅供参考",
        f"only a centre and an area are known: it is taken as a circle of {area:,.2f} m², its true shape is unknown",
    )


def _length(work: _Work, role: Role, text: str, where: Where) -> float:
    heading = work.track.headings.get(role)
    found = None if heading is not None and heading.foreign_unit else length_of(text, heading)
    if found is None:
        raise where.error(
            f"“{heading.text if heading else role}” 列的 “{text}” 不是以米为单位的正数；请改正",
            f"“{text}” in the column “{heading.text if heading else role}” is no positive number of metres; correct it",
        )
    return found


def _line(work: _Work, parcel: Parcel, number: int) -> RawSite:
    where = work.track.place(parcel.points[0])
    widths = {_length(work, Role.WIDTH, text, where) for text in _values(work, Role.WIDTH, parcel.points)}
    if len(widths) > 1:
        raise where.error(
            f"同一条线的宽度不一致（{'、'.join(f'{w:g}' for w in sorted(widths))} 米）；请分成不同的线，或统一宽度",
            f"the widths of one line differ ({', '.join(f'{w:g}' for w in sorted(widths))} m); split it, "
            f"or use one width",
        )
    width = next(iter(widths), None)
    warnings: tuple[Text, ...] = ()
    if width is None and work.options.width_m is not None and len(parcel.points) > 2:  # noqa: PLR2004 - more than a line
        warnings = (
            where.sentence(
                f"{len(parcel.points)} 个点没有首尾相接，按宽 {work.options.width_m:g} 米的线读取；"
                f"若是面请去掉 --width",
                f"the {len(parcel.points)} points are not closed and are taken as a line "
                f"{work.options.width_m:g} m wide; "
                "for a polygon leave --width out",
            ),
        )
    drawings = [Drawing("line", (work.xy[ring],)) for ring in parcel.rings]
    name = parcel.name or _title_name(parcel.title)
    return _site(work, drawings, parcel, number, name=name, width_m=width, warnings=warnings)


def _polygon(work: _Work, parcel: Parcel, number: int) -> RawSite:
    rings = [_closed_exactly(work.xy[ring]) for ring in parcel.rings]
    for ring, xy in zip(parcel.rings, rings, strict=True):
        if len(np.unique(xy, axis=0)) < _CORNERS:
            raise work.track.place(ring[0]).error(
                "此处起的一圈不同界址点少于 3 个，围不成面；请补全界址点，或检查分段和首尾点",
                "the ring that begins here has fewer than 3 distinct points and encloses nothing; complete its points, "
                "or check where rings begin and end",
            )
    try:
        grouped = regroup(rings)
    except CrossingError as error:
        raise _crossing(error, work, parcel) from error
    holes = sum(grouped.is_hole)
    warnings = _tangled(work, parcel, rings)
    if holes:
        warnings = (
            *warnings,
            work.track.place(parcel.points[0]).sentence(
                f"共 {len(rings)} 圈，其中 {holes} 圈在其他圈内，按扣除的内环读取",
                f"of {len(rings)} rings {holes} lie inside others and are taken as holes",
            ),
        )
    name = parcel.name or _title_name(parcel.title)
    return _site(
        work, list(grouped.polygons), parcel, number, name=name, warnings=warnings, area=_stated_area(work, parcel)
    )


def _tangled(work: _Work, parcel: Parcel, rings: list[Coordinates]) -> tuple[Text, ...]:
    """Say that an open ring that crosses itself may be several: nothing else shows where one of them ends."""
    for ring, xy in zip(parcel.rings, rings, strict=True):
        if not _is_closed(xy) and not shapely.is_simple(shapely.linearrings(closed(xy))):
            first, last = work.track.rows[ring[0]], work.track.rows[ring[-1]]
            return (
                work.track.where.sentence(
                    f"第 {first}–{last} 行的 {len(ring)} 个点依次相连后自相交：次序可能有误，也可能是几个地块连在了"
                    "一起，或是单独的点；请核对",
                    f"the {len(ring)} points of lines {first}-{last} cross each other when joined in their order: the "
                    "order may be wrong, or several parcels or separate points were joined; check them",
                ),
            )
    return ()


def _closed_exactly(xy: Coordinates) -> Coordinates:
    """Make a last point within 1 mm of the first the same."""
    return np.vstack([xy[:-1], xy[:1]]) if _is_closed(xy) else xy


def _crossing(error: CrossingError, work: _Work, parcel: Parcel) -> SiteError:
    first, second = (parcel.rings[i] for i in (error.first, error.second))
    lines = [f"{work.track.rows[ring[0]]}–{work.track.rows[ring[-1]]}" for ring in (first, second)]
    if error.same:
        return work.track.where.error(
            f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈重复；请删去一个",
            f"the rings of lines {lines[0]} and {lines[1]} are the same; remove one",
        )
    return work.track.where.error(
        f"第 {lines[0]} 行的圈与第 {lines[1]} 行的圈相交，分不清内外；请改正，或用 地块 列分成不同的地块",
        f"the rings of lines {lines[0]} and {lines[1]} cross, so neither is a hole of the other; correct them, or tell "
        "the parcels apart in a column 地块 (parcel)",
    )


def _stated_area(work: _Work, parcel: Parcel) -> float | None:
    """Return the area that the file states for a parcel; None when it states none, or several."""
    heading = work.track.headings.get(Role.AREA)
    found = {area for text in _values(work, Role.AREA, parcel.points) if (area := area_of(text, heading)) is not None}
    if not found:
        texts = [parcel.title]
        if work.single:
            texts += [text for _, text in work.track.statements.lines]
        found = {area for text in texts if (area := stated_area(text)) is not None}
    return found.pop() if len(found) == 1 else None


def _title_name(title: str) -> str:
    return title.strip(_NAME_END)[:_LONGEST_NAME]


def _site(
    work: _Work,
    drawings: list[Drawing],
    parcel: Parcel,
    number: int,
    *,
    name: str,
    width_m: float | None = None,
    warnings: tuple[Text, ...] = (),
    area: float | None = None,
) -> RawSite:
    attributes = {"地块编号": parcel.id, "地块名称": name}
    return raw_site(
        drawings,
        work.track.where.at_record(number),
        work.options,
        width_m=width_m,
        attributes={key: value for key, value in attributes.items() if value},
        stated_id=parcel.id,
        stated_name=name,
        stated_area_m2=area,
        warnings=warnings,
        accuracy_m=work.accuracy_m,
    )
