"""The card of a record: what is known of it, and what is done with it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.datastructures import FormData

from zoning.errors import UsageError, ZoningError
from zoning.registers.entries import ATTACHMENT_KINDS
from zoning.registers.register import Register
from zoning.texts import Text
from zoning.web.access import signed_in
from zoning.web.cases.forms import files_of, form_of, number_of, text_of
from zoning.web.editions.listing import territory_names
from zoning.web.parcels.card import card_of, field_rows, log_lines
from zoning.web.parcels.changing import day_of, seen_at
from zoning.web.parcels.kinds import EDITORS, colours_of, place_of, record_of, sees_persons, steps_of
from zoning.web.parcels.photos import (
    MOST_BYTES,
    PHOTOS,
    SIZES,
    SUFFIXES,
    Size,
    demand_photo,
    keep_photos,
    picture_of,
)
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of
from zoning.web.uploads import attach_documents, kept_uploads

routes = Routes()
Form = Annotated[FormData, Depends(form_of)]
Id = Annotated[str, Query(alias="id", max_length=200)]
_PICTURES = tuple(suffix for some in SUFFIXES.values() for suffix in some)


@routes.get("/parcels/{kind}/card", access=signed_in())
def card(request: Request, kind: str, record: Id) -> Response:
    """Show a record."""
    return card_page(request, kind, record)


@routes.post("/parcels/{kind}/move", access=EDITORS)
def move(request: Request, kind: str, record: Id, form: Form) -> Response:
    """Bring a record into another state; photos and documents prove it where the workflow asks for them."""
    server, who = server_of(request), who_of(request)
    place = place_of(server, kind)
    stands = record_of(place, record)
    to, reason, version = text_of(form, "to", 60), text_of(form, "reason", 2000), number_of(form, "version")
    told = {"to": to, "reason": reason, "on": text_of(form, "on", 20)}

    def act() -> None:
        step = next((one for one in steps_of(place.type, stands.state, who) if one.target == to), None)
        roles = () if step is None else step.roles
        role = next((one for one in roles if one in who.roles), "restoration" if not roles else "")
        on = day_of(told["on"], server.today()) or server.today()
        with kept_uploads(server, files_of(form, "evidence")) as paths, seen_at(place, record, version):
            for path in paths:
                if path.suffix.lower() in _PICTURES:
                    demand_photo(path)
            Register(place).move(
                record,
                to,
                on=on,
                stamp=server.stamp(who),
                version=version,
                reason=reason,
                evidence=paths,
                role=role,
            )

    return _acted(request, kind, record, act, "state", told)


@routes.post("/parcels/{kind}/photos", access=EDITORS)
def photos(request: Request, kind: str, record: Id, form: Form) -> Response:
    """Keep photos, several at once.

    Raises
    ------
    Refused
        404 when there is no such register or record; what else is refused stands on the card.
    UsageError
        When a field is longer than anything that is meant.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    server, who = server_of(request), who_of(request)
    place = place_of(server, kind)
    record_of(place, record)
    what, day = text_of(form, "what", 20), text_of(form, "taken", 20)

    def act() -> None:
        chosen = files_of(form, "photos")
        if not chosen:
            raise UsageError("请拍照或选择照片", "take a photo or choose some")
        taken = day_of(day, None)
        with kept_uploads(server, chosen) as paths:
            keep_photos(server, place, record, paths, what, taken, server.stamp(who))  # type: ignore[arg-type] # said

    return _acted(request, kind, record, act, "photos", {"what": what, "taken": day})


@routes.post("/parcels/{kind}/documents", access=EDITORS)
def documents(request: Request, kind: str, record: Id, form: Form) -> Response:
    """Keep documents."""
    server = server_of(request)
    place = place_of(server, kind)
    record_of(place, record)

    def act() -> None:
        attach_documents(server, Register(place), record, files_of(form, "documents"), who_of(request))

    return _acted(request, kind, record, act, "documents", {})


@routes.post("/parcels/{kind}/problems", access=EDITORS)
def add_problem(request: Request, kind: str, record: Id, form: Form) -> Response:
    """Write down a problem."""
    server = server_of(request)
    place, today = place_of(server, kind), server.today()
    record_of(place, record)
    told = {name: text_of(form, name, 2000).strip() for name in ("what", "source", "found", "deadline")}

    def act() -> None:
        Register(place).add_problem(
            record,
            told["what"],
            found=day_of(told["found"], today) or today,
            deadline=day_of(told["deadline"], None),
            source=told["source"],
            stamp=server.stamp(who_of(request)),
        )

    return _acted(request, kind, record, act, "problems", {"problem": told})


@routes.post("/parcels/{kind}/problems/{number}", access=EDITORS)
def close_problem(request: Request, kind: str, number: int, record: Id, form: Form) -> Response:
    """Close a problem: what was done, and what proves it.

    Raises
    ------
    Refused
        404 when there is no such register or record; what else is refused stands on the card.
    UsageError
        When a field is longer than anything that is meant.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    server = server_of(request)
    place, today = place_of(server, kind), server.today()
    record_of(place, record)
    how, on = text_of(form, "how", 2000).strip(), text_of(form, "on", 20)

    def act() -> None:
        with kept_uploads(server, files_of(form, "evidence")) as paths:
            if not paths:
                raise UsageError("销号须附佐证材料（照片或文件）", "closing a problem asks for a photo or document")
            for path in paths:
                if path.suffix.lower() in _PICTURES:
                    demand_photo(path)
            stamp = server.stamp(who_of(request))
            day = day_of(on, today) or today
            Register(place).close_problem(record, number, on=day, how=how, evidence=paths, stamp=stamp)

    return _acted(request, kind, record, act, "problems", {"closing": {"number": number, "how": how}})


@routes.get("/parcels/{kind}/files/{number}", access=EDITORS)
def original(request: Request, kind: str, number: int, record: Id) -> Response:
    """Download a file as it came; it may name persons and places."""
    server = server_of(request)
    place = place_of(server, kind)
    record_of(place, record)
    found = next((one for one in Register(place).attachments(record) if one.number == number), None)
    path = server.settings.files / found.path if found is not None else None
    if found is None or path is None or not path.is_file():
        raise not_found("没有这个附件", "there is no such file")
    return FileResponse(path, filename=found.name, media_type="application/octet-stream")


@routes.get("/parcels/{kind}/photos/{number}", access=signed_in())
def picture(request: Request, kind: str, number: int, record: Id, size: Size = "large") -> Response:
    """Show a photo: always a JPEG that was made here, never the bytes that came."""
    server = server_of(request)
    place = place_of(server, kind)
    record_of(place, record)
    found = next((one for one in Register(place).attachments(record) if one.number == number), None)
    is_picture = found is not None and found.kind in (*PHOTOS, "evidence") and size in SIZES
    path = picture_of(server, found, size) if found is not None and is_picture else None
    if path is None:
        raise not_found("没有这张照片", "there is no such photo")
    return FileResponse(path, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


def address_of(kind: str, record: str, anchor: str = "") -> str:
    """Return the address of a card."""
    return f"/parcels/{kind}/card?{urlencode({'id': record})}" + (f"#{anchor}" if anchor else "")


def _acted(
    request: Request, kind: str, record: str, act: Callable[[], None], anchor: str, told: Mapping[str, Any]
) -> Response:
    """Do something and go back to the card; where it is refused, show the card with the reason and what was typed."""
    try:
        act()
    except ZoningError as error:
        return card_page(request, kind, record, problem=error.text, at=anchor, told=told, status=error.http_status)
    return RedirectResponse(address_of(kind, record, anchor), 303)


def card_page(
    request: Request,
    kind: str,
    record: str,
    *,
    problem: Text | None = None,
    at: str = "",
    told: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Show a card."""
    server, who = server_of(request), who_of(request)
    place = place_of(server, kind)
    found = card_of(server, place, record)
    return render(
        request,
        "parcels-card.html.j2",
        status=status,
        card=found,
        kind=place.type,
        fields=field_rows(found, who, language_of(request)),
        log=log_lines(found.events, place.type, who),
        steps=steps_of(place.type, found.record.state, who),
        can_edit=EDITORS.admits(who),
        persons=sees_persons(who),
        colours=colours_of(place.type),
        names=territory_names(server),
        photo_kinds={name: ATTACHMENT_KINDS[name] for name in PHOTOS},
        file_kinds=ATTACHMENT_KINDS,
        most_mb=MOST_BYTES // 1_000_000,
        today=server.today(),
        at_id=urlencode({"id": record}),
        problem=problem,
        at=at,
        told=told or {},
    )
