"""What people decide about a case: overrides with a second person, notices of changes."""

from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from zoning.errors import UsageError
from zoning.registers.case_notices import open_notice, see_notice
from zoning.registers.case_overrides import answer_override, propose_override
from zoning.registers.case_rows import conflict, notice_of
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.files import Copy
from zoning.rules.verdict import Verdict
from zoning.web.access import CASE_EDITORS, only
from zoning.web.cases.acting import acted
from zoning.web.cases.forms import form_of, number_of, text_of
from zoning.web.cases.place import case_place, document_path, read_document
from zoning.web.cases.showing import shown
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
EDITORS = only(*CASE_EDITORS)
REVIEWERS = only("reviewer")
Form = Annotated[FormData, Depends(form_of)]


@routes.post("/cases/{number}/overrides", access=REVIEWERS)
def propose(request: Request, number: str, form: Form) -> Response:
    """Propose another decision than the computed one, with a reason."""
    server = server_of(request)
    place, stamp = case_place(server), server.stamp(who_of(request))
    shown(server, number)
    decision, reason = text_of(form, "decision", 20), text_of(form, "reason", 5000)

    def act() -> None:
        with place.database.writing() as connection:
            verdict = number_of(form, "verdict")
            propose_override(connection, place, number, decision, reason, stamp, verdict=verdict)

    return acted(request, number, act, "override", {"decision": decision, "override_reason": reason})


@routes.post("/cases/{number}/overrides/{override}", access=REVIEWERS)
def answer(request: Request, number: str, override: int, form: Form) -> Response:
    """Confirm, refuse or withdraw an override."""
    server = server_of(request)
    place, stamp = case_place(server), server.stamp(who_of(request))
    shown(server, number)
    state, said = text_of(form, "answer", 20), text_of(form, "text", 5000)

    def act() -> None:
        with place.database.writing() as connection:
            answer_override(connection, place, number, override, state, said, stamp)

    return acted(request, number, act, "override", {"answer_text": said})


@routes.post("/cases/{number}/notices/{notice}", access=EDITORS)
def answer_notice(request: Request, number: str, notice: int, form: Form) -> Response:
    """Take a notice over as a new verdict, or mark it as seen with a note.

    Raises
    ------
    Refused
        404 when there is no such case; what else is refused stands on the page of the case.
    UsageError
        When the note is longer than anything that is meant.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    said = text_of(form, "text", 5000)
    is_taken = text_of(form, "answer", 20) == "take"

    def act() -> None:
        if is_taken:
            _take(request, number, notice)
            return
        server = server_of(request)
        place = case_place(server)
        with place.database.writing() as connection:
            see_notice(connection, place, number, notice, said, server.stamp(who_of(request)))

    shown(server_of(request), number)
    return acted(request, number, act, "notices", {"notice_text": said})


def _take(request: Request, number: str, notice: int) -> None:
    """Make the verdict that a notice tells of the latest one of the case."""
    server = server_of(request)
    place, stamp = case_place(server), server.stamp(who_of(request))
    case = shown(server, number)
    with place.database.writing() as connection:
        found = notice_of(open_notice(connection, place, number, notice))
        last = case.last
        if last is None or last.number != found.verdict:
            raise conflict(connection, place, number)
        if not found.document:
            raise UsageError("这次复核没有得出结论，不能采用", "this re-check came to no verdict that could be taken")
        verdict = Verdict.model_validate_json(_text(request, found.document))
        path = document_path(server, found.document)
        copy = Copy("verdict.json", found.document, path.stat().st_size, f"{found.document[:2]}/{path.name}")
        digests = verdict.digests.model_dump(mode="json")
        new = NewVerdict(
            verdict.site.id, verdict.decision, verdict.on, copy, last.boundary, last.facts, digests, "recheck"
        )
        add_verdict(connection, place, number, new, stamp, seen=last.number, taken=notice)


def _text(request: Request, document: str) -> str:
    server = server_of(request)
    read_document(server, document)
    return document_path(server, document).read_text(encoding="utf-8")
