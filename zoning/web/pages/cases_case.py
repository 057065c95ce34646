"""The page of a case: fields, notes, files, state."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.datastructures import FormData

from zoning.errors import ZoningError
from zoning.registers.case_changes import change_case
from zoning.registers.case_notes import add_note
from zoning.texts import Text
from zoning.web.access import CASE_EDITORS, CASE_READERS, only
from zoning.web.cases.acting import acted, case_page
from zoning.web.cases.forms import files_of, form_of, number_of, text_of, told_fields, typed, values_of
from zoning.web.cases.moving import move_case
from zoning.web.cases.place import case_place
from zoning.web.cases.showing import shown
from zoning.web.editions.listing import territory_names
from zoning.web.refusals import not_found
from zoning.web.rendering import render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import attach_documents

routes = Routes()
READERS = only(*CASE_READERS)
EDITORS = only(*CASE_EDITORS)
Form = Annotated[FormData, Depends(form_of)]


@routes.get("/cases/{number}", access=READERS)
def case(request: Request, number: str) -> Response:
    """Show a case."""
    return case_page(request, number)


@routes.get("/cases/{number}/edit", access=EDITORS)
def edit_page(request: Request, number: str) -> Response:
    """Show the form of the fields."""
    return _edit_form(request, number)


@routes.post("/cases/{number}/edit", access=EDITORS)
def edit(request: Request, number: str, form: Form) -> Response:
    """Change the fields; the second of two people is told who changed it, and loses nothing that he typed."""
    server = server_of(request)
    place = case_place(server)
    told = told_fields(form, place.type)
    try:
        values = values_of(told, place.type)
        stamp = server.stamp(who_of(request))
        with place.database.writing() as connection:
            change_case(connection, place, number, values, stamp, version=number_of(form, "version"))
    except ZoningError as error:
        return _edit_form(request, number, told=told, problem=error.text, status=error.http_status)
    return RedirectResponse(f"/cases/{number}", 303)


def _edit_form(
    request: Request,
    number: str,
    *,
    told: dict[str, str] | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> Response:
    found = shown(server_of(request), number)
    stands = typed(found.record.values)
    fields = {name: spec for name, spec in found.kind.fields.items() if name != found.kind.id_field}
    # After a conflict the form shows what was typed, and beside it what stands now.
    differs = {name: stands.get(name, "") for name in fields if told and told.get(name, "") != stands.get(name, "")}
    return render(
        request,
        "cases-edit.html.j2",
        status=status,
        case=found,
        fields=fields,
        names=territory_names(server_of(request)),
        told=told or stands,
        differs=differs if problem is not None else {},
        problem=problem,
    )


@routes.post("/cases/{number}/notes", access=EDITORS)
def note(request: Request, number: str, form: Form) -> Response:
    """Add a note."""
    server = server_of(request)
    place, text = case_place(server), text_of(form, "text")
    _demand(server, number)

    def act() -> None:
        with place.database.writing() as connection:
            add_note(connection, place, number, text, server.stamp(who_of(request)))

    return acted(request, number, act, "notes", {"note": text})


@routes.post("/cases/{number}/files", access=EDITORS)
def add_files(request: Request, number: str, form: Form) -> Response:
    """Attach documents; what is there already stays."""
    server = server_of(request)
    register = server.store.register(case_place(server).kind)
    _demand(server, number)

    def act() -> None:
        attach_documents(server, register, number, files_of(form, "files"), who_of(request))

    return acted(request, number, act, "files")


@routes.get("/cases/{number}/files/{attachment}", access=EDITORS)
def download(request: Request, number: str, attachment: int) -> Response:
    """Download a document; it may name persons, so only those who may read that get it."""
    server = server_of(request)
    register = server.store.register(case_place(server).kind)
    _demand(server, number)
    found = next((one for one in register.attachments(number) if one.number == attachment), None)
    path = server.settings.files / found.path if found is not None else None
    if found is None or path is None or not path.is_file():
        raise not_found("没有这个附件", "there is no such file")
    return FileResponse(path, filename=found.name, media_type="application/octet-stream")


@routes.post("/cases/{number}/move", access=EDITORS)
def move(request: Request, number: str, form: Form) -> Response:
    """Bring a case into another state."""
    server, who = server_of(request), who_of(request)
    to, reason = text_of(form, "to", 40), text_of(form, "reason", 2000)
    _demand(server, number)

    def act() -> None:
        move_case(server, who, number, to, version=number_of(form, "version"), reason=reason)

    return acted(request, number, act, "state", {"reason": reason})


def _demand(server: Server, number: str) -> None:
    if server.store.register(case_place(server).kind).get(number) is None:
        raise not_found("没有这个案件", "there is no such case")
