"""How the pages of a case do something: the answer is the page again, with what was typed, where it is refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import shapely
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from zoning.errors import ZoningError
from zoning.registers.history import history
from zoning.registers.types import Transition
from zoning.rules.wording.words import EFFECTS, OUTCOMES
from zoning.texts import Text
from zoning.web.access import CASE_EDITORS
from zoning.web.cases.forms import asked_facts, typed
from zoning.web.cases.place import case_place, sees_persons
from zoning.web.cases.rechecking import waits
from zoning.web.cases.showing import Shown, field_rows, log_lines, shown
from zoning.web.cases.words import OVERRIDES, WHY, cause_text, change_words, decision_word
from zoning.web.rendering import language_of, render
from zoning.web.server import server_of, who_of


def acted(
    request: Request, number: str, act: Callable[[], None], anchor: str, told: Mapping[str, Any] | None = None
) -> Response:
    """Do something and go back to the case; where it is refused, show the case with the reason and what was typed.

    The status is that of the refusal: 409 for the second of two people.
    """
    try:
        act()
    except ZoningError as error:
        return case_page(request, number, problem=error.text, at=anchor, told=told, status=error.http_status)
    return RedirectResponse(f"/cases/{quote(number)}#{anchor}", 303)


def case_page(
    request: Request,
    number: str,
    *,
    problem: Text | None = None,
    at: str = "",
    told: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Show a case."""
    server, who, language = server_of(request), who_of(request), language_of(request)
    place = case_place(server)
    case = shown(server, number)
    vocabulary = server.workspace.rulebook.vocabulary
    facts = dict(case.last.facts) if case.last is not None else {}
    missing = [one["fact"] for one in (case.document or {}).get("missing_facts", [])]
    files = [
        one for one in server.store.register(place.kind).attachments(number) if not one.about.startswith("verdict")
    ]
    return render(
        request,
        "cases-case.html.j2",
        status=status,
        case=case,
        fields=field_rows(case, who, language),
        log=log_lines(history(place, number), place.type, who),
        files=files,
        steps=steps_of(case, who.roles),
        facts=asked_facts(vocabulary, (told or {}).get("facts", facts), missing),
        known=asked_facts(vocabulary, facts, ()),
        extra=[(name, fact) for name, fact in vocabulary.facts.items() if name not in {*facts, *missing}],
        shape=json.loads(shapely.to_geojson(case.record.geometry)) if case.record.geometry is not None else None,
        pending=case.last is not None and waits(server)(case.record.state, case.last),
        can_edit=who.has(*CASE_EDITORS),
        can_override=who.has("reviewer"),
        persons=sees_persons(who),
        problem=problem,
        at=at,
        told=told or {},
        typed=typed(case.record.values),
        words={
            "decision": decision_word,
            "effect": EFFECTS,
            "outcome": OUTCOMES,
            "why": WHY,
            "override": OVERRIDES,
        },
        cause=cause_text,
        changes=change_words,
    )


def steps_of(case: Shown, roles: Any) -> list[Transition]:
    """Return the steps that somebody of these roles may take."""
    return [
        step
        for step in case.kind.workflow.transitions
        if step.source == case.record.state and (not step.roles or not set(step.roles).isdisjoint(roles))
    ]
