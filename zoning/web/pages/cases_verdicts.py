"""Verdicts of a case: other facts, another boundary, earlier verdicts, what differs between two of them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import FormData

from zoning.errors import UsageError
from zoning.registers.case_changes import change_case
from zoning.registers.case_rows import CaseVerdict, Why, conflict, last_number
from zoning.registers.case_verdicts import add_verdict
from zoning.registers.place import stored_record
from zoning.rules.wording.words import EFFECTS, OUTCOMES
from zoning.web.access import CASE_EDITORS, CASE_READERS, only
from zoning.web.cases.acting import acted
from zoning.web.cases.checking import Found, differences_between, from_file, with_facts
from zoning.web.cases.forms import facts_of, files_of, form_of, number_of, text_of
from zoning.web.cases.place import case_place, document_path, read_document
from zoning.web.cases.showing import shown
from zoning.web.cases.words import WHY, change_words, decision_word
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import keep_upload

routes = Routes()
READERS = only(*CASE_READERS)
EDITORS = only(*CASE_EDITORS)
Form = Annotated[FormData, Depends(form_of)]


@routes.post("/cases/{number}/facts", access=EDITORS)
def facts(request: Request, number: str, form: Form) -> Response:
    """Check the case with other facts; the new verdict stands beside the old ones.

    Raises
    ------
    Refused
        404 when there is no such case; what else is refused stands on the page of the case.
    UsageError
        When the case has no boundary yet.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    server = server_of(request)
    last = _last(server, number)
    vocabulary = server.workspace.rulebook.vocabulary
    wanted = facts_of(form, vocabulary)
    # A fact that the form did not show stays as it was told.
    asked = {str(one) for one in form.getlist("asked")}
    wanted = {name: value for name, value in last.facts.items() if name not in asked} | wanted

    def act() -> None:
        seen = number_of(form, "verdict")
        _demand_latest(server, number, seen)
        found = with_facts(server, last, wanted, on=server.today(), language=language_of(request))
        _write(request, number, found, seen)

    return acted(request, number, act, "verdict", {"facts": wanted})


@routes.post("/cases/{number}/boundary", access=EDITORS)
def boundary(request: Request, number: str, form: Form) -> Response:
    """Check the case with another boundary, or with its first one.

    Raises
    ------
    Refused
        404 when there is no such case; what else is refused stands on the page of the case.
    UsageError
        When the name of the footprint is longer than anything that is meant.
    ContentError
        When the register does not answer, or is not as it has to be.
    """
    server = server_of(request)
    case = shown(server, number)
    last = case.last
    site = text_of(form, "site", 200).strip()

    def act() -> None:
        files = files_of(form, "file")
        if not files:
            raise UsageError("请选择边界文件", "choose a boundary file")
        seen = number_of(form, "verdict")
        _demand_latest(server, number, seen)
        copy = keep_upload(server, files[0])
        known = dict(last.facts) if last is not None else {}
        why: Why = "first" if last is None else "boundary"
        found = from_file(
            server, copy, known, on=server.today(), site=site, why=why, language=language_of(request)
        )  # fmt: skip
        _write(request, number, found, seen)

    return acted(request, number, act, "verdict", {"site": site})


def _write(request: Request, number: str, found: Found, seen: int) -> None:
    """Write the verdict, and the boundary and area where they are new: all of it or nothing."""
    server = server_of(request)
    place, stamp = case_place(server), server.stamp(who_of(request))
    with place.database.writing() as connection:
        row = stored_record(connection, place, number)
        if found.geometry is not None:
            values: dict[str, Any] = {"XMMJ": round(float(found.site["area_m2"]), 2)}
            version = row["version"]
            change_case(connection, place, number, values, stamp, version=version, geometry=found.geometry)
        add_verdict(connection, place, number, found.verdict, stamp, seen=seen, files=found.files)


def _demand_latest(server: Server, number: str, seen: int) -> None:
    """Refuse before anything is computed, where somebody else has made a verdict since."""
    place = case_place(server)
    with place.database.reading() as connection:
        if last_number(connection, place, number) != seen:
            raise conflict(connection, place, number)


def _last(server: Server, number: str) -> CaseVerdict:
    last = shown(server, number).last
    if last is None:
        raise UsageError("请先上传边界文件", "upload a boundary file first")
    return last


@routes.get("/cases/{number}/verdicts/{verdict}", access=READERS)
def verdict_page(request: Request, number: str, verdict: int) -> Response:
    """Show a verdict of a case as it was reached."""
    server = server_of(request)
    case = shown(server, number)
    found = _verdict(case.parts.verdicts, verdict)
    return render(
        request,
        "cases-verdict.html.j2",
        case=case,
        verdict=found,
        document=read_document(server, found.document),
        why=WHY,
        vocabulary=server.workspace.rulebook.vocabulary.facts,
        decision_word=decision_word,
        effects=EFFECTS,
        outcomes=OUTCOMES,
    )


@routes.get("/cases/{number}/verdicts/{verdict}/verdict.json", access=EDITORS)
def verdict_json(request: Request, number: str, verdict: int) -> Response:
    """Download the JSON of a verdict, byte for byte as it was kept.

    Its trace holds the attributes of the boundary file, and so perhaps names of persons.
    """
    server = server_of(request)
    found = _verdict(shown(server, number).parts.verdicts, verdict)
    read_document(server, found.document)
    path = document_path(server, found.document)
    return FileResponse(path, media_type="application/json", filename=f"{number}-{verdict}.json")


@routes.get("/cases/{number}/compare", access=READERS)
def compare(
    request: Request, number: str, a: Annotated[int, Query(ge=1)] = 1, b: Annotated[int, Query(ge=1)] = 1
) -> Response:
    """Show what differs between two verdicts: in the answer, in the facts, in what they rest on."""
    from zoning.web.cases.rechecking import content_changes

    server = server_of(request)
    case = shown(server, number)
    one, other = (_verdict(case.parts.verdicts, which) for which in (a, b))
    vocabulary = server.workspace.rulebook.vocabulary.facts
    return render(
        request,
        "cases-compare.html.j2",
        case=case,
        one=one,
        other=other,
        changes=change_words(differences_between(server, one, other, language_of(request))),
        facts=_fact_changes(one.facts, other.facts),
        vocabulary=vocabulary,
        content=content_changes(server, one.digests, other.digests),
        decision_word=decision_word,
        effects=EFFECTS,
        outcomes=OUTCOMES,
    )


def _fact_changes(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (name, one.get(name), other.get(name))
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    ]


def _verdict(verdicts: tuple[CaseVerdict, ...], number: int) -> CaseVerdict:
    found = next((one for one in verdicts if one.number == number), None)
    if found is None:
        raise not_found("没有这次研判", "there is no such verdict")
    return found
