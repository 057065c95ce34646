"""Registers other than the cases: their lists, maps and exports; new records."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from zoning.texts import Text
from zoning.web.access import signed_in
from zoning.web.editions.listing import territory_names
from zoning.web.list_files import list_file
from zoning.web.navigation import Entry as MenuEntry
from zoning.web.parcels.exporting import geopackage, workbook
from zoning.web.parcels.kinds import colours_of, kinds_of, place_of, sees_persons
from zoning.web.parcels.listing import PAGE, Filters, choices, chosen, counts, drawn, lines_of
from zoning.web.rendering import language_of, pages_of, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
NAVIGATION = (MenuEntry(40, "/parcels", Text("台账", "Registers"), signed_in()),)
_EXPORTS = {"xlsx": workbook, "gpkg": geopackage}


def filters_of(
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
    territory: Annotated[str, Query(max_length=12)] = "",
    group: Annotated[str, Query(max_length=100)] = "",
    overdue: Annotated[str, Query(max_length=1)] = "",
) -> Filters:
    """Return the filters of an address."""
    return Filters(q.strip(), state, territory, group, bool(overdue))


Wanted = Annotated[Filters, Depends(filters_of)]


@routes.get("/parcels", access=signed_in())
def registers(request: Request) -> Response:
    """Show which registers there are, and how they stand."""
    server = server_of(request)
    kinds = kinds_of(server)
    if len(kinds) == 1:
        return RedirectResponse(f"/parcels/{next(iter(kinds))}", 303)
    found = []
    for name, kind in kinds.items():
        lines = lines_of(place_of(server, name), server.today())
        found.append((kind, len(lines), sum(line.is_overdue for line in lines), counts(lines)))
    return render(request, "parcels.html.j2", kinds=found)


@routes.get("/parcels/{kind}", access=signed_in())
def register(
    request: Request, kind: str, wanted: Wanted, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show the list of a register."""
    told, found = _found(request, kind, wanted)
    pages = pages_of(len(found), PAGE)
    page = min(page, pages)
    return render(
        request,
        "parcels-list.html.j2",
        **told,
        shown=found[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        href=lambda number: f"/parcels/{kind}?{urlencode({**wanted.query(), 'page': number})}",
    )


@routes.get("/parcels/{kind}/map", access=signed_in())
def register_map(request: Request, kind: str, wanted: Wanted) -> Response:
    """Show the records on a map, by state."""
    told, found = _found(request, kind, wanted)
    place = place_of(server_of(request), kind)
    language = language_of(request)
    words = {name: state.title.get(language) for name, state in place.type.workflow.states.items()}
    return render(
        request,
        "parcels-map.html.j2",
        **told,
        shapes=drawn(place, found),
        colours=colours_of(place.type),
        words=words,
        counts=counts(found),
    )


@routes.get("/parcels/{kind}/export.{form}", access=signed_in())
def export(request: Request, kind: str, form: str, wanted: Wanted) -> Response:
    """Download the filtered list; names and telephone numbers only for those who may read them."""
    server = server_of(request)
    place, persons = place_of(server, kind), sees_persons(who_of(request))
    found = chosen(lines_of(place, server.today()), wanted, place.type)
    return list_file(request, place, form, _EXPORTS, found, name=place.kind, counted="records", persons=persons)


def _found(request: Request, kind: str, wanted: Filters) -> tuple[dict[str, Any], list[Any]]:
    server = server_of(request)
    place = place_of(server, kind)
    lines = lines_of(place, server.today())
    found = chosen(lines, wanted, place.type)
    told = {
        "kind": place.type,
        "kinds": list(kinds_of(server).values()),
        "total": len(lines),
        "found": len(found),
        "wanted": wanted,
        "query": urlencode(wanted.query()),
        "names": territory_names(server),
        **choices(lines),
    }
    return told, found
