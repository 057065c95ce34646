"""`zoning advise --select`: the best places for an area of a given size and width."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.advise import AdviseRequest, Desk, desk_of, maps_of, write_files
from zoning.cli.check import read_told
from zoning.cli.printing import print_line
from zoning.cli.quantity_options import quantity
from zoning.cli.results import stem_of_name
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text, joined

if TYPE_CHECKING:
    from zoning.advice.selection.entries import PlaceEntry, SelectionEntry
    from zoning.advice.selection.select import Wish
    from zoning.advice.selection.weights import CriterionName, Weights
    from zoning.overlay.footprint import Footprint

_MOST_PLACES = 50
_FOUND, _NONE, _OPEN = 0, 1, 3


def run_select(session: Session, request: AdviseRequest, *, as_json: bool) -> int:
    """Find the best places; return the exit code.

    Raises
    ------
    UsageError
        When the number of places, area, width or the place to search in cannot be meant or are not named, or the file
        with the shape holds several footprints.
    ContentError
        When the weights, the workspace or the facts have mistakes, or a file cannot be written.
    SiteError, CRSError
        When a boundary file cannot be read.
    LayerError
        When an elevation model cannot be read, or a layer holds something that its definition does not know.
    """
    from zoning.advice.selection.entries import SelectionEntry
    from zoning.advice.selection.select import select
    from zoning.advice.selection.slope import read_slopes

    if not 1 <= request.places <= _MOST_PLACES:
        raise UsageError("--places：须在 1 与 50 之间", "--places: it must lie between 1 and 50")
    desk = desk_of(session, request.check)
    weights = _weights(request.weights, desk)
    maps = maps_of(session, desk, request)
    area = _search_area(desk, request)
    wish = _wish(desk, request)
    told = read_told(request.check, desk.workspace.rulebook.vocabulary)
    told.check_names([area.site])
    facts = told.of(area.site, desk.workspace.rulebook.vocabulary)
    files = [desk.workspace.root / name for name in desk.workspace.file.relief]
    slopes = read_slopes(files, area.lonlat.bounds)
    session.say(Text(f"正在查找：{area.site.name}", f"searching: {area.site.name}"))
    found = select(desk.content, area, facts, wish, weights, slopes)
    entry = SelectionEntry.of(found, wish, weights, area.site.name)
    if as_json:
        sys.stdout.write(entry.to_json())
    else:
        print_selection(session, entry, desk)
    if request.check.out is not None:
        stem = request.check.out / f"{stem_of_name(area.site.name)}-selection"
        write_files(session, request, stem, entry.to_json(), entry.parcels())
        if maps is not None:
            from zoning.maps.scene_advice import Advised

            maps.write(Advised.of_selection(entry, area.lonlat, area.area_m2), stem.name)
    if any(place.recheck.clear for place in entry.places):
        return _FOUND
    return _OPEN if entry.places else _NONE


def _weights(path: Path | None, desk: Desk) -> "Weights":
    from zoning.advice.selection.weights import Weights
    from zoning.yaml_files import read_model

    weights = Weights() if path is None else read_model(path, Weights)
    for text in weights.mistakes(desk.workspace.catalogue):
        name = "--weights" if path is None else str(path)
        raise ContentError(f"{name}：{text.zh}", f"{name}: {text.en}")
    return weights


def _search_area(desk: Desk, request: AdviseRequest) -> "Footprint":
    """Return where to look: a territory by its code, or all footprints of a boundary file together."""
    import shapely

    from zoning.advice.recheck import CRS
    from zoning.cli.intake import read_intake
    from zoning.layers.datum import WORLD
    from zoning.overlay.footprint import Footprint
    from zoning.overlay.plane_layer import PlaneLayer
    from zoning.sites.site import Site

    within = request.within
    if within is None:
        raise UsageError(
            "--select 还须写 --within：边界文件或行政区代码", "--select needs --within: a boundary file or a territory"
        )
    content = desk.content
    found = content.source.layer(content.catalogue.territory_layer, on=content.on, bounds=WORLD)
    plane = content.source.plane
    if isinstance(found, PlaneLayer) and within in found.ids:
        lonlat = plane.one_to_lonlat(found.zone(within))
        name = found.names[list(found.ids).index(within)]
        return Footprint.of(Site(within, name, lonlat, CRS, within), plane)
    path = Path(within)
    if not path.exists():
        codes = ", ".join(sorted(set(found.ids))) if isinstance(found, PlaneLayer) else ""
        raise UsageError(
            f"--within：没有文件“{within}”，也没有此行政区；行政区：{codes}",
            f"--within: there is no file '{within}' and no such territory; territories: {codes}",
        )
    # Size and width are those of the place that is looked for.
    from dataclasses import replace

    intake = replace(request.check.intake, area=None, width=None)
    sites = read_intake(path, intake, desk.workspace.extent(content.on, content.source))
    footprints = [Footprint.of(site, plane) for site in sites]
    whole = plane.one_to_lonlat(shapely.union_all([one.geometry for one in footprints]))
    worst = max(site.accuracy_m for site in sites)
    return Footprint.of(Site("area", path.name, whole, CRS, path.name, accuracy_m=worst), plane)


def _wish(desk: Desk, request: AdviseRequest) -> "Wish":
    """Return the shape that is looked for: that of a file, or a rectangle of an area and width."""
    from zoning.advice.selection.select import Wish, rectangle
    from zoning.cli.intake import read_intake
    from zoning.overlay.footprint import Footprint
    from zoning.quantities import parse_area

    step, intake = request.terms.turn_step_deg, request.check.intake
    if request.check.site is not None:
        sites = read_intake(request.check.site, intake, desk.workspace.extent(desk.content.on, desk.content.source))
        if len(sites) != 1:
            raise UsageError(
                "选址的形状文件须只有一个地块", "the file with the shape to place must hold one footprint only"
            )
        return Wish(Footprint.of(sites[0], desk.content.source.plane).local, step, request.places)
    if intake.area is None:
        raise UsageError(
            "--select 还须写 --area（如 2公顷），或给出形状文件",
            "--select needs --area (such as 2ha), or a file with the shape",
        )
    area_m2 = quantity("--area", intake.area, parse_area)
    width = intake.width
    if not 0 < area_m2 <= 1e8 or (width is not None and not 0 < width <= area_m2):  # noqa: PLR2004 - 100 km²
        raise UsageError(
            "--area：须大于 0、至多 100 平方公里；--width 须为合理的宽度（米）",
            "--area: it must be more than 0 and at most 100 km²; --width: a possible width in metres",
        )
    return Wish(rectangle(area_m2, width), step, request.places)


def print_selection(session: Session, entry: "SelectionEntry", desk: Desk) -> None:
    """Print the places as a table."""
    from rich.table import Table

    from zoning.advice.selection.weights import CRITERIA, TITLES
    from zoning.cli.tables import DECISIONS
    from zoning.quantities import format_area

    language = session.language
    area = format_area(entry.wanted_m2)
    head = Text(f"选址：{entry.area_name}，{area.zh}", f"places for {area.en} in {entry.area_name}")
    print_line(session, 0, head.get(language))
    names = [name for name in CRITERIA if getattr(entry.weights, name).weight]
    if entry.places:
        table = Table(box=None, pad_edge=False)
        table.add_column("#", justify="right")
        table.add_column(Text("得分", "score").get(language), justify="right")
        table.add_column(Text("重新检查", "re-checked").get(language))
        table.add_column(Text("中心", "centre").get(language))
        for name in names:
            table.add_column(TITLES[name].get(language), justify="right")
        for place in entry.places:
            word = DECISIONS[place.recheck.decision][1].get(language)
            centre = f"{place.centre[0]:.5f} {place.centre[1]:.5f}"
            figures = [_figure(place, name, session) for name in names]
            table.add_row(str(place.rank), f"{place.score:.3f}", word, centre, *figures)
        session.console().print(table)
    else:
        print_line(session, 1, Text("没有可行位置", "no place was found").get(language))
    for text in _notes(entry, desk):
        print_line(session, 0, text.get(language))


def _figure(place: "PlaceEntry", name: "CriterionName", session: Session) -> str:
    from zoning.rules.wording.words import MISSING

    value = place.criteria[name]
    return MISSING.get(session.language) if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def _notes(entry: "SelectionEntry", desk: Desk) -> list[Text]:
    from zoning.advice.selection.weights import TITLES

    notes = [entry.bound]
    if entry.dropped:
        notes.append(
            Text(
                f"重新检查未通过、不予列出：{entry.dropped} 处",
                f"not clear when checked again, left out: {entry.dropped}",
            )
        )
    if entry.without_data:
        named = joined(TITLES[name] for name in entry.without_data)
        notes.append(Text(f"数据缺失、按 0 分计：{named.zh}", f"no data, counted as 0: {named.en}"))
    open_ = sorted({fact for place in entry.places for fact in place.recheck.missing_facts})
    if open_:
        facts = desk.workspace.rulebook.vocabulary.facts
        named = joined(facts[name].title for name in open_)
        notes.append(Text(f"待补充的项目事实：{named.zh}", f"facts that are not known: {named.en}"))
    if entry.unread_layers:
        listed = " ".join(entry.unread_layers)
        notes.append(Text(f"完全没有数据的图层：{listed}", f"layers without any data: {listed}"))
    for code, rules in entry.everywhere.items():
        notes.append(Text(f"在 {code} 全境禁止：{' '.join(rules)}", f"prohibits in all of {code}: {' '.join(rules)}"))
    return [*notes, entry.notice]
