"""`zoning advise`: what could be done about the sites of a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.check import CheckRequest, Tally, read_request_sites, read_told
from zoning.cli.printing import JsonDocuments
from zoning.cli.quantity_options import quantity
from zoning.cli.results import Stems
from zoning.cli.session import Session
from zoning.cli.writing import say_written
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from zoning.advice.entries import Advice
    from zoning.advice.ground import Content
    from zoning.advice.terms import Terms
    from zoning.check import Examination
    from zoning.cli.advise_map import AdviceMaps
    from zoning.cli.map_options import Target
    from zoning.exchange.parcel import Parcel
    from zoning.rules.facts import FactSheet
    from zoning.sites.site import Site
    from zoning.workspace import Workspace

_WIDEST_M = 50_000.0


@dataclass(frozen=True, slots=True)
class AdviseRequest:
    """The options of one run."""

    check: CheckRequest
    terms: "Terms"
    as_gpkg: bool = False
    within: str | None = None
    weights: Path | None = None
    places: int = 5
    map_to: "Target | None" = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What every advice of a run rests on."""

    workspace: "Workspace"
    content: "Content"


def terms_of(reach: str, resolution: str, turns: float, piece: str, piece_width: str) -> "Terms":
    """Return the terms that the options say: texts with their units, `turns` in degrees.

    Raises
    ------
    UsageError
        When one of them is no quantity, or cannot be meant.
    """
    from zoning.advice.terms import Terms
    from zoning.quantities import parse_area, parse_length

    radius_m = quantity("--reach", reach, parse_length)
    resolution_m = quantity("--resolution", resolution, parse_length)
    if not 0 < radius_m <= _WIDEST_M:
        raise UsageError("--reach：须大于 0，至多 50 km", "--reach: it must be more than 0 and at most 50 km")
    if not 0 < resolution_m <= radius_m:
        raise UsageError(
            "--resolution：须大于 0，且不大于 --reach", "--resolution: it must be more than 0 and at most --reach"
        )
    if not 0 <= turns <= 180:  # noqa: PLR2004 - half a turn
        raise UsageError("--turns：须在 0 与 180 度之间", "--turns: it must lie between 0 and 180 degrees")
    return Terms(
        radius_m=radius_m,
        resolution_m=resolution_m,
        turn_step_deg=turns,
        piece_m2=quantity("--piece", piece, parse_area),
        piece_width_m=quantity("--piece-width", piece_width, parse_length),
    )


def run_advise(session: Session, request: AdviseRequest, *, as_json: bool) -> int:
    """Advise on every footprint of a file; return the exit code.

    Raises
    ------
    UsageError
        When no boundary file is named, an option cannot be meant, or a map is asked for without a folder.
    SiteError, CRSError
        When the boundary file cannot be read; a footprint that cannot be measured is told and counted instead.
    ContentError
        When workspace or facts have mistakes, or a file cannot be written.
    LayerError
        When a layer holds something that its definition does not know.
    """
    from zoning.advice.advise import advise
    from zoning.cli.advise_text import print_advice

    if request.check.site is None:
        raise UsageError(
            "请给出边界文件：zoning advise SITE；选址用 --select",
            "name a boundary file: zoning advise SITE; to find places add --select",
        )
    desk = desk_of(session, request.check)
    content = desk.content
    maps = maps_of(session, desk, request)
    work = _work(desk, request.check)
    stem = Stems(several=len(work) > 1)
    tally, documents = Tally(), JsonDocuments(several=len(work) > 1)
    for site, facts, result in _examined(session, content, work, tally):
        found = advise(content, result, facts, request.terms)
        if as_json:
            documents.show(found.to_json())
        else:
            print_advice(session, found, titles_of(content))
        if request.check.out is not None:
            name = f"{stem(site)}-advice"
            _write(session, request, found, result.footprint.lonlat, name)
            if maps is not None:
                _draw(session, maps, found, result, name)
    if as_json:
        documents.close()
    return tally.exit_code()


def desk_of(session: Session, request: CheckRequest) -> Desk:
    """Open what advice rests on."""
    from zoning.advice.ground import Content

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    source = session.source(workspace)
    return Desk(workspace, Content(on, workspace.catalogue, workspace.rulebook, workspace.settings, source))


def maps_of(session: Session, desk: Desk, request: AdviseRequest) -> "AdviceMaps | None":
    """Return what draws the maps of a run; None where none is asked for."""
    if request.map_to is None:
        return None
    from zoning.cli.advise_map import AdviceMaps

    return AdviceMaps(session, desk, request)


def titles_of(content: "Content") -> dict[str, Text]:
    """Return the titles of rules, facts and layers by their ids."""
    titles = {rule.id: rule.title for rule in content.rulebook.rules}
    titles |= {name: fact.title for name, fact in content.rulebook.vocabulary.facts.items()}
    return titles | {name: layer.title for name, layer in content.catalogue.layers.items()}


def _work(desk: Desk, request: CheckRequest) -> "list[tuple[Site, FactSheet]]":
    vocabulary = desk.workspace.rulebook.vocabulary
    sites = read_request_sites(request, desk.workspace, desk.content.on, desk.content.source)
    told = read_told(request, vocabulary)
    told.check_names(sites)
    return [(site, told.of(site, vocabulary)) for site in sites]


def _examined(
    session: Session, content: "Content", work: "list[tuple[Site, FactSheet]]", tally: Tally
) -> "Iterator[tuple[Site, FactSheet, Examination]]":
    """Yield the footprints that can be checked; say which one is worked on, and why others are refused."""
    from zoning.check import Refusal, check_sites

    for number, (site, facts) in enumerate(work, start=1):
        if len(work) > 1:
            session.say(
                Text(f"正在计算 {number}/{len(work)}：{site.name}", f"working on {number}/{len(work)}: {site.name}")
            )
        checked = check_sites(
            [(site, facts)],
            on=content.on,
            catalogue=content.catalogue,
            rulebook=content.rulebook,
            settings=content.settings,
            source=content.source,
        )
        result = next(checked)
        if isinstance(result, Refusal):
            tally.refuse(result)
            session.say(Text(f"zoning: {result.error.text.zh}", f"zoning: {result.error.text.en}"))
            continue
        tally.decide(result.verdict.decision)
        yield site, facts, result


def _write(session: Session, request: AdviseRequest, found: "Advice", lonlat: "BaseGeometry", stem: str) -> None:
    from zoning.advice.parcels import parcels_of

    folder = request.check.out
    if folder is None:
        return
    write_files(session, request, folder / stem, found.to_json(), parcels_of(found, lonlat))


def _draw(session: Session, maps: "AdviceMaps", found: "Advice", result: "Examination", stem: str) -> None:
    from zoning.maps.scene_advice import Advised

    advised = Advised.of_advice(found, result.footprint.lonlat, session.language)
    maps.write(replace(advised, territories=result.verdict.site.territories), stem)


def write_files(session: Session, request: AdviseRequest, stem: Path, document: str, parcels: "list[Parcel]") -> None:
    """Write the advice as JSON and its geometries, each whole or not at all, and say where.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    from zoning.advice.recheck import CRS
    from zoning.atomic_write import write_whole
    from zoning.exchange.target import Target
    from zoning.exchange.writers import write

    target = Target.gpkg if request.as_gpkg else Target.geojson
    on = session.day(request.check.on)
    paths = [stem.with_name(f"{stem.name}.json")]
    write_whole(paths[0], document)
    if parcels:
        paths.append(stem.with_name(f"{stem.name}.{target.value}"))
        made = write(parcels, CRS, target, encoding=None, on=on, stem=stem.name)
        write_whole(paths[1], made.content)
    for path in paths:
        say_written(session, path)
