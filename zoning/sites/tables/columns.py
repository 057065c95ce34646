"""Which columns of a table hold the coordinates: by their headings, or by the size of their numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from zoning.sites.limits import Bounds
from zoning.sites.tables.angles import Axis
from zoning.sites.tables.grid import Grid, Row
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import Heading, Notation, heading
from zoning.sites.tables.measures import NotationError, is_east, is_metres, is_north, measure
from zoning.sites.where import PlacelessError

CHINA: Bounds = (73.0, 3.0, 136.0, 54.0)
_FAR_DEGREES = 5.0
_PARTS = (Role.DEGREES, Role.MINUTES, Role.SECONDS)
_FIELDS = (
    Role.POINT, Role.RING, Role.PARCEL, Role.NAME, Role.LABEL, Role.AREA, Role.RADIUS, Role.DIAMETER, Role.WIDTH,
    Role.KIND, Role.SYSTEM,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coordinate:
    """Where one coordinate of a point stands: one column, or three for degrees, minutes and seconds.

    Attributes
    ----------
    whole
        The column holds both coordinates of the point.
    """

    columns: tuple[int, ...]
    name: str
    axis: Axis = ""
    notation: Notation = Notation.SILENT
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The columns of one point in a row: one or two systems, and what else is known."""

    pairs: tuple[tuple[Coordinate, ...], ...]
    fields: dict[Role, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of a table; printed tables stand two or three panels beside each other."""

    panels: tuple[Panel, ...]
    headings: dict[Role, Heading] = field(default_factory=dict)
    unknown: tuple[int, ...] = ()


class ColumnsError(PlacelessError, ValueError):
    """Headings that cannot be told apart, with half a sentence."""


def headings_of(row: Row, above: Row | None = None) -> list[Heading]:
    """Return the meaning of every cell of a row of headings.

    Parameters
    ----------
    above
        A row of headings over it; a heading over several columns stands in the first of them.
    """
    if above is None:
        return [heading(cell) for cell in row.cells]
    width = max(len(row.cells), len(above.cells))
    upper, found = "", []
    for column in range(width):
        upper = above.cell(column) or (upper if row.cell(column) else "")
        found.append(_combined(upper, row.cell(column)))
    return found


def _combined(upper: str, lower: str) -> Heading:
    own = heading(lower)
    if own.role in _PARTS and not own.axis and upper:
        return Heading(own.role, heading(upper).axis, text=f"{upper} {lower}")
    if own.role is Role.NONE:
        return heading(f"{upper}{lower}") if heading(f"{upper}{lower}").role is not Role.NONE else heading(upper)
    return own


def holds_coordinates(headings: Sequence[Heading]) -> bool:
    """Tell whether these are the headings of a table of points."""
    roles = Counter(one.role for one in headings)
    beside = sum(roles[role] for role in (Role.POINT, Role.PARCEL, Role.NAME, Role.LABEL, Role.RING))
    return (
        roles[Role.PLANE] >= 2  # noqa: PLR2004 - one for x, one for y
        or roles[Role.GEOGRAPHIC] >= 2  # noqa: PLR2004 - one for longitude, one for latitude
        or roles[Role.DEGREES] == roles[Role.MINUTES] == 2  # noqa: PLR2004 - one each for longitude, latitude
        or (roles[Role.PAIR] > 0 and beside > 0)
    )


def planned(headings: Sequence[Heading]) -> Plan:
    """Return the columns that headings announce.

    Raises
    ------
    ColumnsError
        When several sets of coordinates cannot be told apart.
    """
    coordinates = _coordinates(headings)
    plane = [one for role, one in coordinates if role is Role.PLANE]
    lonlat = [one for role, one in coordinates if role is not Role.PLANE]
    sets = [_pairs(plane), _pairs(lonlat)]
    count = max(map(len, sets))
    points = [i for i, one in enumerate(headings) if one.role is Role.POINT]
    kept = {role: next(i for i, one in enumerate(headings) if one.role is role) for role in _found(headings)}
    known = {one.role: one for one in reversed(headings) if one.role in _FIELDS}
    unknown = tuple(i for i, one in enumerate(headings) if one.role is Role.NONE)
    if count == 0:
        raise ColumnsError(
            "表头里的坐标列不成对；请写明 X坐标、Y坐标 或 经度、纬度",
            "the headings announce no pair of coordinates; write 北坐标, 东坐标 (north, east) or 经度, 纬度 "
            "(longitude, latitude)",
        )
    if count == 1:
        pairs = tuple(one[0] for one in sets if one)
        return Plan((Panel(pairs, kept),), known, unknown)
    if len(points) != count or any(len(one) not in (0, count) for one in sets):
        raise _several(headings, count)
    panels = []
    for number, start in enumerate(points):
        end = points[number + 1] if number + 1 < count else len(headings)
        own = {role: i for i, one in enumerate(headings) if start <= i < end and (role := one.role) in _FIELDS}
        pairs = tuple(one[number] for one in sets if one)
        if any(not start <= i < end for pair in pairs for part in pair for i in part.columns):
            raise _several(headings, count)
        shared = {role: i for role, i in kept.items() if i < points[0]}
        panels.append(Panel(pairs, {**shared, **own}))
    return Plan(tuple(panels), known, unknown)


def _found(headings: Sequence[Heading]) -> list[Role]:
    return [role for role in _FIELDS if any(one.role is role for one in headings)]


def _several(headings: Sequence[Heading], count: int) -> ColumnsError:
    listed = "、".join(one.text for one in headings if one.role in (Role.PLANE, Role.GEOGRAPHIC, Role.PAIR))
    return ColumnsError(
        f"表头有 {count} 组坐标（{listed}），分不清该用哪一组；请只保留一组",
        f"the headings announce {count} sets of coordinates ({listed}) and it is not clear which one counts; keep one",
    )


def _coordinates(headings: Sequence[Heading]) -> list[tuple[Role, Coordinate]]:
    found: list[tuple[Role, Coordinate]] = []
    column = 0
    while column < len(headings):
        one = headings[column]
        if one.role in (Role.PLANE, Role.GEOGRAPHIC):
            found.append((one.role, Coordinate((column,), one.text, one.axis, one.notation)))
        elif one.role is Role.PAIR:
            found.append((Role.PAIR, Coordinate((column,), one.text, notation=one.notation, whole=True)))
        elif [h.role for h in headings[column : column + 3]] == [*_PARTS]:
            columns = (column, column + 1, column + 2)
            found.append((Role.GEOGRAPHIC, Coordinate(columns, one.text, one.axis)))
            column += 2
        column += 1
    return found


def _pairs(coordinates: list[Coordinate]) -> list[tuple[Coordinate, ...]]:
    whole = [(one,) for one in coordinates if one.whole]
    halves = [one for one in coordinates if not one.whole]
    if len(halves) == 1:
        halves = []  # a lone heading E or N is no coordinate
    if len(halves) % 2:
        raise ColumnsError(
            f"表头有 {len(halves)} 个坐标列（{'、'.join(one.name for one in halves)}），配不成对；请只保留一对",
            f"the headings announce {len(halves)} columns of coordinates ({', '.join(one.name for one in halves)}), "
            "which make no pairs; keep one pair",
        )
    pairs: list[tuple[Coordinate, ...]] = list(zip(halves[::2], halves[1::2], strict=True))
    # The cell with both is then a copy of the two columns.
    return pairs or list(whole)


def guessed(grid: Grid, rows: Iterable[Row], expected: Bounds | None) -> Plan | None:
    """Return the columns of a table without headings, told by the size of the numbers; None when they do not tell.

    Raises
    ------
    ColumnsError
        When several columns could be the same coordinate.
    """
    seen = [(row, kinds) for row in rows if (kinds := [_kind(cell, expected) for cell in row.cells]) and _paired(kinds)]
    if not seen:
        return None
    width = max(len(kinds) for _, kinds in seen)
    always = [{kinds[i] if i < len(kinds) else "" for _, kinds in seen} for i in range(width)]
    columns = {kind: [i for i, kinds in enumerate(always) if kinds == {kind}] for kind in ("N", "E", "lon", "lat")}
    pairs = []
    for one, other in (("N", "E"), ("lon", "lat")):
        if not columns[one] or not columns[other]:
            continue
        if len(columns[one]) > 1 or len(columns[other]) > 1:
            raise _ambiguous(columns[one], columns[other], seen[0][0])
        pairs.append(tuple(sorted((columns[one][0], columns[other][0]))))
    if not pairs:
        return None
    named = tuple(tuple(Coordinate((i,), grid.cell_name(seen[0][0], i).zh) for i in pair) for pair in pairs)
    used = {i for pair in pairs for i in pair}
    fields = _guessed_fields([row for row, _ in seen], used)
    rest = tuple(i for i in range(width) if i not in used and i not in fields.values())
    return Plan((Panel(named, fields),), unknown=rest)


def _ambiguous(one: list[int], other: list[int], row: Row) -> ColumnsError:
    numbers = sorted((*one, *other))
    shown = "、".join(f"第 {i + 1} 列 {row.cell(i)}" for i in numbers)
    shown_en = ", ".join(f"column {i + 1}: {row.cell(i)}" for i in numbers)
    return ColumnsError(
        f"没有表头，有 {len(numbers)} 列都像坐标（{shown}）；请加上表头，如 点号、X坐标、Y坐标",
        f"there are no headings and {len(numbers)} columns look like coordinates ({shown_en}); add headings such as "
        "点号, X坐标, Y坐标 (or point, north, east)",
    )


def paired_cells(row: Row, expected: Bounds | None) -> bool:
    """Tell whether a row holds both coordinates of a point."""
    return _paired([_kind(cell, expected) for cell in row.cells])


def _paired(kinds: Sequence[str]) -> bool:
    return ("N" in kinds and "E" in kinds) or ("lon" in kinds and "lat" in kinds)


def _kind(cell: str, expected: Bounds | None) -> str:
    """Tell what a cell alone could be: northing, easting, longitude, latitude, or nothing of it."""
    if not cell or len(cell) > 60:  # noqa: PLR2004 - headings are short
        return ""
    try:
        one = measure(cell)
    except NotationError:
        return "?"
    if one is None:
        return ""
    if is_metres(one.value):
        return "N" if is_north(one.value) else "E" if is_east(one.value) else ""
    return degrees_kind(one.value, expected) if one.is_angle or one.axis or "." in one.text else ""


def degrees_kind(value: float, expected: Bounds | None) -> str:
    """Tell longitude (`lon`) and latitude (`lat`) apart by territory and country; empty when it can be neither."""
    west, south, east, north = CHINA
    if expected is not None:
        # Within the country the territory tells a latitude from a height; elsewhere it is all that is known.
        west, south, east, north = (expected[0], expected[1], expected[2], expected[3])
        west, south, east, north = west - _FAR_DEGREES, south - _FAR_DEGREES, east + _FAR_DEGREES, north + _FAR_DEGREES
    if west <= value <= east and not south <= value <= north:
        return "lon"
    if south <= value <= north and not west <= value <= east:
        return "lat"
    west, south, east, north = CHINA
    return "lon" if west <= value <= east else "lat" if south <= value <= north else ""


def _guessed_fields(rows: list[Row], used: set[int]) -> dict[Role, int]:
    """Tell point numbers, ring numbers and names of parcels apart in the columns before the coordinates."""
    fields: dict[Role, int] = {}
    for column in range(min(used)):
        values = [row.cell(column) for row in rows]
        runs = 1 + sum(a != b for a, b in pairwise(values))
        if not any(values):
            continue
        distinct = runs >= len(values) - 1
        if all(value.isdecimal() for value in values) and not distinct and Role.POINT in fields:
            fields.setdefault(Role.RING, column)
        elif distinct:
            fields.setdefault(Role.POINT if Role.POINT not in fields else Role.LABEL, column)
        elif not all(value.isdecimal() for value in values):
            fields.setdefault(Role.PARCEL, column)
    return fields
