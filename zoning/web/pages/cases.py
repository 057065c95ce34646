"""The list of cases, its map, its exports; registering a case."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from zoning.errors import NoRoomError, ZoningError
from zoning.registers.case_changes import next_number
from zoning.registers.case_rows import CaseConflictError
from zoning.registers.failures import RegisterFailedError
from zoning.texts import Text
from zoning.web.access import CASE_EDITORS, CASE_READERS, only
from zoning.web.cases.checking import NotYetError, from_check
from zoning.web.cases.exporting import geopackage, workbook
from zoning.web.cases.forms import form_of, number_of, text_of, told_fields, values_of
from zoning.web.cases.listing import PAGE, CaseLine, Filters, chosen, counts, drawn, territories
from zoning.web.cases.moving import check_of, register_case
from zoning.web.cases.pending import marked_lines
from zoning.web.cases.place import case_place, sees_persons
from zoning.web.cases.words import decision_word
from zoning.web.checks import Check, demand_ended
from zoning.web.editions.listing import territory_names
from zoning.web.list_files import list_file
from zoning.web.navigation import Entry as MenuEntry
from zoning.web.rendering import decisions_of, language_of, pages_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of

routes = Routes()
READERS = only(*CASE_READERS)
EDITORS = only(*CASE_EDITORS)
NAVIGATION = (MenuEntry(20, "/cases", Text("案件", "Cases"), READERS),)
_EXPORTS = {"xlsx": workbook, "gpkg": geopackage}


def filters_of(  # noqa: PLR0913, PLR0917 - the fields of the search
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
    decision: Annotated[str, Query(max_length=20)] = "",
    territory: Annotated[str, Query(max_length=12)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    overdue: Annotated[str, Query(max_length=1)] = "",
    notices: Annotated[str, Query(max_length=1)] = "",
    overrides: Annotated[str, Query(max_length=1)] = "",
    pending: Annotated[str, Query(max_length=1)] = "",
) -> Filters:
    """Return the filters of an address."""
    flags = bool(overdue), bool(notices), bool(overrides), bool(pending)
    return Filters(q.strip(), state, decision, territory, kind, *flags)


Wanted = Annotated[Filters, Depends(filters_of)]


@routes.get("/cases", access=READERS)
def cases(request: Request, wanted: Wanted, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Show the list."""
    server = server_of(request)
    lines = marked_lines(server)
    found = chosen(lines, wanted)
    pages = pages_of(len(found), PAGE)
    page = min(page, pages)
    query = wanted.query()
    return render(
        request,
        "cases.html.j2",
        **_common(server, lines, found, wanted),
        shown=found[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        href=lambda number: f"/cases?{urlencode({**query, 'page': number})}",
        query=urlencode(query),
        today=server.today(),
    )


@routes.get("/cases/map", access=READERS)
def cases_map(request: Request, wanted: Wanted) -> Response:
    """Show the cases on a map, by decision."""
    server = server_of(request)
    place = case_place(server)
    lines = marked_lines(server)
    found = chosen(lines, wanted)
    return render(
        request,
        "cases-map.html.j2",
        **_common(server, lines, found, wanted),
        shapes=drawn(place, found),
        query=urlencode(wanted.query()),
        colours={name: style.colour for name, style in decisions_of(server).items()},
        words={name: style.word.get(language_of(request)) for name, style in decisions_of(server).items()},
    )


@routes.get("/cases/export.{form}", access=READERS)
def export(request: Request, form: str, wanted: Wanted) -> Response:
    """Download the filtered list; names and telephone numbers only for those who may read them."""
    server = server_of(request)
    place, persons = case_place(server), sees_persons(who_of(request))
    found = chosen(marked_lines(server), wanted)
    return list_file(request, place, form, _EXPORTS, found, name="cases", counted="cases", persons=persons)


@routes.get("/cases/new", access=EDITORS)
def new_page(request: Request, check: Annotated[str, Query(max_length=60)] = "", site: int = 0) -> Response:
    """Show the form for a new case, filled from a check where one is named."""
    server = server_of(request)
    found = check_of(server, who_of(request), check) if check else None
    told: dict[str, str] = {"SLRQ": server.today().isoformat()}
    if found is not None:
        demand_ended(found)
    if found is not None and found.answer and 0 <= site < len(found.answer["verdicts"]):
        told |= _of_verdict(found.answer["verdicts"][site])
    return _new_form(request, told, "", found, site)


@routes.post("/cases/new", access=EDITORS)
def new(request: Request, form: Annotated[FormData, Depends(form_of)]) -> Response:
    """Register a case."""
    server, who = server_of(request), who_of(request)
    place = case_place(server)
    asked = text_of(form, "check", 60)
    check = check_of(server, who, asked) if asked else None
    site, number = max(0, number_of(form, "site")), text_of(form, "number", 80).strip()
    told = told_fields(form, place.type)
    try:
        values = values_of(told, place.type)
        found = from_check(server, check, site) if check is not None else None
        if found is not None and values.get("XMMJ") is None:
            values["XMMJ"] = round(float(found.site["area_m2"]), 2)
        # What was proposed and not changed is no choice: two people may be shown the same number.
        proposed = text_of(form, "proposed", 80)
        wish = "" if number in ("", proposed) else number
        record = register_case(server, who, wish, values, found)
    except ZoningError as error:
        stands = isinstance(error, CaseConflictError | NotYetError | RegisterFailedError | NoRoomError)
        status = error.http_status if stands else 422
        return _new_form(request, told, number, check, site, problem=error.text, status=status)
    return RedirectResponse(f"/cases/{record}", 303)


def _new_form(
    request: Request,
    told: dict[str, str],
    number: str,
    check: Check | None,
    site: int,
    *,
    problem: Text | None = None,
    status: int = 200,
) -> Response:
    server = server_of(request)
    place = case_place(server)
    with place.database.reading() as connection:
        proposed = next_number(connection, place, server.today().year)
    return render(
        request,
        "cases-new.html.j2",
        status=status,
        kind=place.type,
        names=territory_names(server),
        told=told,
        number=number or proposed,
        proposed=proposed,
        check=check,
        sites=list((check.answer or {}).get("verdicts", [])) if check is not None else [],
        site=site,
        problem=problem,
    )


def _of_verdict(verdict: dict[str, Any]) -> dict[str, str]:
    site = verdict["site"]
    territories_ = site.get("territories") or [""]
    name = site.get("name") or Path(str(site.get("source", ""))).stem
    return {"XMMC": str(name), "XZQDM": str(territories_[0]), "XMMJ": f"{site['area_m2']:.2f}"}


def _common(server: Server, lines: Sequence[CaseLine], found: Sequence[CaseLine], wanted: Filters) -> dict[str, Any]:
    return {
        "kind": case_place(server).type,
        "names": territory_names(server),
        "total": len(lines),
        "found": len(found),
        "wanted": wanted,
        "codes": territories(lines),
        "counts": counts(found),
        "pending": sum(line.is_pending for line in found),
        "decision_word": decision_word,
    }
