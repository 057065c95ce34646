"""`zoning mines priority`: what to restore first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zoning.cli.intake import Intake, read_intake
from zoning.cli.mines_priority_desk import Desk, DeskRequest, open_desk, print_result, write_products
from zoning.cli.register_opening import types_of
from zoning.cli.register_options import DEFAULT_KIND
from zoning.cli.session import Session
from zoning.cli.telling import Told
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.corridor import Line
    from zoning.mines.elevation import Elevation
    from zoning.mines.priority.content import Priority
    from zoning.mines.priority.scoring import Inputs
    from zoning.mines.viewshed import Viewshed
    from zoning.registers.record import Record

Known = TypeVar("Known")
_LONGEST, _HIGHEST = 180.0, 90.0
_FARTHER = 5


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """The lines that people look out from, and what they are called.

    `covered_m`: how far around each parcel the lines are complete; None: as the user gave them, they are.
    """

    title: str
    lines: "tuple[Line, ...]"
    covered_m: tuple[float, ...] | None = None


def run_priority(
    session: Session,
    request: DeskRequest,
    corridor: str | None,
    start: str | None,
    works: Path | None = None,
    *,
    as_json: bool,
) -> int:
    """Put parcels in order; return the exit code.

    Raises
    ------
    UsageError
        When the start is no place, a corridor is no lines and no layer, a day is no date, or there are no parcels.
    ContentError
        When the content, the register or the costs cannot be read, or a file cannot be written.
    LayerError, CRSError
        When the elevation model or a layer cannot be read.
    """
    from zoning.cli.mines_priority_tables import products_of
    from zoning.mines.priority.document import Evidence
    from zoning.mines.priority.ranking import rank

    place = _place(start)
    desk, content, path = _opened(session, request, works)
    lines = corridor_of(desk, content, corridor)
    elevation = desk.elevation(content.sight.farthest) if request.dem is not None else None
    seen = _look(desk, content, lines, elevation)
    off = _distances(desk, lines)
    inputs = _inputs(desk, content, seen, off, place, lines.covered_m)
    ranking = rank(desk.parcels, inputs, content)
    evidence = Evidence(
        desk.on,
        seen,
        _by_id(desk, [known.sight for known in inputs]),
        _by_id(desk, off),
        _by_id(desk, lines.covered_m or ()),
        place,
        desk.sources(path, request.dem, works, None if corridor is None else Path(corridor)) | _layers(inputs),
        lines.title,
        tuple(_notes(desk, content, lines, seen, ranking.aside)),
    )
    products = products_of(ranking, evidence, desk, elevation)
    if request.out is not None:
        write_products(desk, products, request.out)
    print_result(desk, products, as_json_text=as_json)
    return 0


def _opened(session: Session, request: DeskRequest, works: Path | None) -> "tuple[Desk, Priority, Path]":
    """Return the desk with the costs of the works, what the content says of the order, and its file."""
    from zoning.cli.mines_priority_money import with_money
    from zoning.mines.priority.content import FILE, read_priority

    desk = open_desk(session, request)
    path = desk.workspace.own_or_builtin(FILE)
    content = read_priority(path)
    return with_money(desk, content, works), content, path


def corridor_of(desk: Desk, content: "Priority", told: str | None) -> Corridor:
    """Return the lines: of a file, of the layer that is named, or of the one that the content names.

    Raises
    ------
    UsageError
        When a file holds no lines, or the layer, or its classes, are not there.
    SiteError, CRSError, ContentError
        When the file cannot be read; see `zoning.cli.intake.read_intake`.
    LayerError
        When the layer cannot be used.
    """
    from zoning.mines.corridor import lines_of_layer
    from zoning.mines.elevation import around
    from zoning.mines.priority.relations import relations_of

    if told is not None and Path(told).suffix:
        return Corridor(Path(told).name, _lines_of_file(Path(told)))
    default = content.sight.corridor
    layer, _, classes = (told or f"{default.layer}:{','.join(default.classes)}").partition(":")
    names = tuple(one.strip() for one in classes.split(",") if one.strip())
    shapes = [shape for shape in desk.shapes if shape is not None and not shape.is_empty]
    if not shapes:
        return Corridor(layer, ())
    # Distances are wanted beyond what can be seen: the last ring has no end.
    far = content.sight.farthest * _FARTHER
    source = desk.session.source(desk.workspace)
    lines = lines_of_layer(source, layer, names, on=desk.on, bounds=around(shapes, far))
    desk.session.say(Text(f"线路的覆盖范围：{layer}", f"coverage of the lines: {layer}"))
    covered = relations_of(desk.parcels, (layer,), source, on=desk.on, tolerance_m2=1.0, search_m=far)
    title = f"{layer}:{','.join(names)}" if names else layer
    return Corridor(title, lines, tuple(one[layer].covered_m for one in covered))


def _lines_of_file(path: Path) -> "tuple[Line, ...]":
    import shapely

    from zoning.cli.mines_parcels import LONLAT
    from zoning.exchange.moving import Mover
    from zoning.layers.datum import LonLat
    from zoning.mines.corridor import Line

    ways, found = LonLat(), []
    # What was said of the file of the parcels says nothing of this one; lines are read as drawn, but need some width.
    for site in read_intake(path, Intake(width=1.0), None):
        geometry = Mover(site.crs, LONLAT, ways).moved(site.geometry)
        if shapely.get_dimensions(geometry) != 1:
            raise UsageError(
                f"--corridor：{path.name} 的 {site.id} 不是线", f"--corridor: {path.name}: {site.id} is no line"
            )
        found.append(Line(site.id, site.name, path.stem, geometry))
    return tuple(found)


def _look(desk: Desk, content: "Priority", corridor: Corridor, elevation: "Elevation | None") -> "Viewshed | None":
    from zoning.mines.viewshed import viewshed

    if elevation is None or not corridor.lines:
        return None
    desk.session.say(Text(f"可视分析：{corridor.title}", f"lines of sight from {corridor.title}"))
    told = Told(desk.session, Text("观察点", "stations"))
    return viewshed(elevation, corridor.lines, desk.shapes, content.sight.parameters, told)


def _distances(desk: Desk, corridor: Corridor) -> list[float | None]:
    from math import isnan

    from zoning.mines.corridor import distances_m

    return [None if isnan(metres) else float(metres) for metres in distances_m(desk.shapes, corridor.lines)]


def _inputs(
    desk: Desk,
    content: "Priority",
    seen: "Viewshed | None",
    off: Sequence[float | None],
    start: tuple[float, float] | None,
    covered: Sequence[float] | None,
) -> "list[Inputs]":
    from zoning.mines.priority.relations import relations_of
    from zoning.mines.priority.scoring import Inputs

    session, workspace = desk.session, desk.workspace
    session.say(Text("叠加保护区", "overlaying protected zones"))
    relations = relations_of(
        desk.parcels,
        content.layers,
        session.source(workspace),
        on=desk.on,
        tolerance_m2=workspace.settings.tolerance_m2,
        progress=Told(session, Text("叠加", "overlays")),
    )
    areas = desk.areas_m2()
    kind = types_of(workspace.root).get(DEFAULT_KIND)
    fields = {} if kind is None else kind.fields
    return [
        Inputs(
            areas[n],
            parcel.values,
            # Where the lines are not known, what is in sight of them is not known either.
            None if seen is None or (covered is not None and covered[n] == 0) else seen.parcels[n],
            off[n],
            _start_m(parcel, start),
            relations[n],
            None if covered is None else covered[n],
            fields,
        )
        for n, parcel in enumerate(desk.parcels)
    ]


def _by_id(desk: Desk, known: "Sequence[Known | None]") -> "dict[str, Known]":
    """Return what is known of each parcel, in the order of the desk, by id; nothing where nothing is known of any."""
    told = zip(desk.parcels, known or [None] * len(desk.parcels), strict=True)
    return {one.id: value for one, value in told if value is not None}


def _layers(inputs: "Sequence[Inputs]") -> dict[str, str]:
    """Return the SHA-256 of the layers that parcels were measured against, by name and edition."""
    overlaps = [one.overlap for known in inputs for one in known.relations.values() if one.overlap is not None]
    return {f"{one.layer} {one.edition}": one.sha256 for one in overlaps if one.sha256 is not None}


def _start_m(parcel: "Record", start: tuple[float, float] | None) -> float | None:
    from zoning.mines.corridor import distance_to_point_m

    if start is None or parcel.geometry is None or parcel.geometry.is_empty:
        return None
    return distance_to_point_m(parcel.geometry, start)


def _notes(
    desk: Desk, content: "Priority", corridor: Corridor, seen: "Viewshed | None", aside: Sequence[str]
) -> list[Text]:
    """Return what a reader of the order must know."""
    notes = []
    if desk.request.dem is None:
        notes.append(
            Text(
                "没有高程模型（--dem）：是否可视一律未知，涉及可视的得分为区间",
                "no elevation model (--dem): whether anything is in sight is not known, such scores are intervals",
            )
        )
    if not corridor.lines:
        notes.append(Text(f"{corridor.title}：附近没有线路", f"{corridor.title}: there are no lines near the parcels"))
    if corridor.covered_m is not None:
        notes.extend(_coverage_notes(corridor.covered_m, content.sight.farthest))
    if seen is not None and seen.blind:
        notes.append(
            Text(
                f"{seen.blind} 个观察点没有高程，从那里是否可视按未知处理",
                f"{seen.blind} stations have no height: what is seen from there is not known",
            )
        )
    if seen is not None:
        notes.append(
            Text(
                "高程模型不含桥梁和隧道：高架段视野更高，隧道段实际不可视",
                "an elevation model holds no bridges and tunnels: a viaduct sees more, a tunnel nothing",
            )
        )
    for name in aside:
        title = content.criteria[name].title
        notes.append(Text(f"未给出、未计入：{title.zh}", f"not given, not counted: {title.en}"))
    return [*notes, desk.workspace.file.notice]


def _coverage_notes(covered_m: Sequence[float], farthest_m: float) -> list[Text]:
    outside = sum(1 for metres in covered_m if metres == 0)
    beside = sum(1 for metres in covered_m if 0 < metres < farthest_m)
    notes = []
    if outside:
        notes.append(
            Text(
                f"{outside} 个图斑不在线路图层的覆盖范围之内：距离和可视均为未知",
                f"{outside} parcels lie outside the coverage of the lines: distance and sight are not known there",
            )
        )
    if beside:
        notes.append(
            Text(
                f"{beside} 个图斑距线路图层覆盖范围的边缘不足 {farthest_m / 1000:g} km：范围以外的线路未计入可视",
                f"{beside} parcels lie within {farthest_m / 1000:g} km of where the layer of lines ends: "
                "what lines beyond it see is not counted",
            )
        )
    return notes


def _place(start: str | None) -> tuple[float, float] | None:
    if start is None:
        return None
    try:
        lon, lat = (float(part) for part in start.replace("，", ",").split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (abs(lon) <= _LONGEST and abs(lat) <= _HIGHEST):
        raise UsageError(
            f"--start：“{start}”应写成 经度,纬度，如 112.87,35.49",
            f"--start: write '{start}' as longitude,latitude, e.g. 112.87,35.49",
        )
    return lon, lat
