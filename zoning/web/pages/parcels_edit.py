"""Fields and place of a record: the form that enters it, the form that changes it."""

import json
from typing import Annotated, Any

import shapely
from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from shapely.geometry.base import BaseGeometry
from starlette.datastructures import FormData

from zoning.errors import ContentError, UsageError, ZoningError
from zoning.registers.entries import KEEP, Change, Keep
from zoning.registers.place import Place
from zoning.registers.register import Register
from zoning.registers.values import is_plain_text
from zoning.texts import Text
from zoning.web.cases.forms import files_of, form_of, number_of, text_of, told_fields, typed, values_of
from zoning.web.editions.listing import territory_names
from zoning.web.map_layers import drawing_of
from zoning.web.pages.parcels_card import Id, address_of
from zoning.web.parcels.asking import place_in
from zoning.web.parcels.changing import demand_new, seen_at
from zoning.web.parcels.kinds import EDITORS, place_of, record_of
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import kept_uploads, upload_folder

routes = Routes()
Form = Annotated[FormData, Depends(form_of)]
_DRAWN = 2_000_000


@routes.get("/parcels/{kind}/new", access=EDITORS)
def new_page(request: Request, kind: str) -> Response:
    """Show the form for a new record."""
    return _form(request, place_of(server_of(request), kind))


@routes.post("/parcels/{kind}/new", access=EDITORS)
def new(request: Request, kind: str, form: Form) -> Response:
    """Enter a record.

    Raises
    ------
    Refused
        404 when there is no such register; what else is refused stands on the form.
    UsageError
        When a field is longer than anything that is meant.
    """
    server = server_of(request)
    place = place_of(server, kind)
    told, number = _told(form, place), text_of(form, "number", 200).strip()
    try:
        demand_new(place, number)
        values = _values(told, place)
        change = Change(number, values=values, geometry=_place(server, place, form))
        Register(place).apply([change], server.stamp(who_of(request)))
    except ZoningError as error:
        problem = _in_words(error.text, place, number)
        drawn = text_of(form, "drawn", _DRAWN)
        return _form(request, place, number=number, told=told, drawn=drawn, problem=problem, status=error.http_status)
    return RedirectResponse(address_of(kind, number), 303)


@routes.get("/parcels/{kind}/edit", access=EDITORS)
def edit_page(request: Request, kind: str, record: Id) -> Response:
    """Show the form of the fields and of the place."""
    return _form(request, place_of(server_of(request), kind), record)


@routes.post("/parcels/{kind}/edit", access=EDITORS)
def edit(request: Request, kind: str, record: Id, form: Form) -> Response:
    """Change fields and place; the second of two people is told who was first, and loses nothing that he typed.

    Raises
    ------
    Refused
        404 when there is no such register or record; what else is refused stands on the form.
    UsageError
        When a field is longer than anything that is meant.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    server = server_of(request)
    place = place_of(server, kind)
    record_of(place, record)
    told, version = _told(form, place), number_of(form, "version")
    try:
        values = _values(told, place)
        change = Change(record, values=values, geometry=_place(server, place, form), version=version)
        with seen_at(place, record, version):
            Register(place).apply([change], server.stamp(who_of(request)))
    except ZoningError as error:
        problem, drawn = _in_words(error.text, place, record), text_of(form, "drawn", _DRAWN)
        return _form(request, place, record, told=told, drawn=drawn, problem=problem, status=error.http_status)
    return RedirectResponse(address_of(kind, record), 303)


def _told(form: FormData, place: Place) -> dict[str, str]:
    """Return the fields as they were typed; of a list of codes those that were ticked."""
    told = told_fields(form, place.type)
    for name, spec in place.type.fields.items():
        if spec.kind == "codes" and f"asked-{name}" in form:
            told[name] = ",".join(one for one in form.getlist(f"f-{name}") if isinstance(one, str) and one)
    return told


def _values(told: dict[str, str], place: Place) -> dict[str, Any]:
    values = values_of(told, place.type)
    for name, value in values.items():
        if isinstance(value, str) and not is_plain_text(value):
            title = place.type.fields[name].title
            raise ContentError(f"{title.zh}：不能含控制字符", f"{title.en}: no control characters")
    return values


def _in_words(text: Text, place: Place, record: str) -> Text:
    """Return a sentence of the register with the titles of fields instead of their names."""
    zh, en = text.zh, text.en
    for name, spec in place.type.fields.items():
        zh, en = (
            zh.replace(f"{record}.{name}：", f"{spec.title.zh}："),
            en.replace(f"{record}.{name}:", f"{spec.title.en}:"),
        )
    place_zh, place_en = f"{record}.geometry：", f"{record}.geometry:"
    return Text(zh.replace(place_zh, "图形："), en.replace(place_en, "place:"))


def _place(server: Server, place: Place, form: FormData) -> BaseGeometry | Keep:
    """Return the place that was uploaded or drawn; a worker reads it."""
    files, drawn = files_of(form, "file"), text_of(form, "drawn", _DRAWN).strip()
    if files:
        with kept_uploads(server, files) as paths:
            if len(paths) > 1:
                raise UsageError(
                    "请只选一个文件；Shapefile 请先压缩成一个 ZIP", "choose one file; put a shapefile into one ZIP"
                )
            return place_in(server, place.type, paths[0])
    if not drawn:
        return KEEP
    with upload_folder(server) as folder:
        path = folder / "drawn.geojson"
        path.write_text(drawn, encoding="utf-8")
        return place_in(server, place.type, path)


def _form(
    request: Request,
    place: Place,
    record: str = "",
    *,
    number: str = "",
    told: dict[str, str] | None = None,
    drawn: str = "",
    problem: Text | None = None,
    status: int = 200,
) -> Response:
    server = server_of(request)
    found = record_of(place, record) if record else None
    stands = typed(found.values) if found is not None else {}
    fields = {name: spec for name, spec in place.type.fields.items() if name != place.type.id_field}
    # After a conflict the form shows what was typed, and beside it what stands now.
    differs = {name: stands.get(name, "") for name in fields if told and told.get(name, "") != stands.get(name, "")}
    shape = None
    if found is not None and found.geometry is not None:
        shape = json.loads(shapely.to_geojson(found.geometry))
    return render(
        request,
        "parcels-edit.html.j2",
        status=status,
        kind=place.type,
        record=found,
        number=number,
        fields=fields,
        told=stands if told is None else told,
        differs=differs if problem is not None and found is not None else {},
        problem=problem,
        names=territory_names(server),
        shape=shape,
        drawn=drawn,
        bounds=drawing_of(server, language_of(request))["bounds"],
        cancel=address_of(place.kind, record) if record else f"/parcels/{place.kind}",
    )
