"""The pages of rules: find one, read it with its cases, look over the rule base, load what was edited."""

from datetime import date
from typing import Annotated, Final

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from zoning.errors import ZoningError
from zoning.rules.wording.card import describe, state_text
from zoning.rules.wording.sentences import dates_text
from zoning.rules.wording.shown import rule_lines, shown_cases
from zoning.rules.wording.territories import read_territories, territories_text
from zoning.rules.wording.words import EFFECTS, OUTCOMES, UNVERIFIED, WEIGHTS
from zoning.texts import Text
from zoning.web.access import CASE_READERS, only, signed_in
from zoning.web.editions.rule_changes import changes_of, load
from zoning.web.editions.rule_pages import Wanted, fitting, layers_of, resting_cases
from zoning.web.jobs import start_job
from zoning.web.navigation import Entry
from zoning.web.refusals import Refused, not_found, without_places
from zoning.web.rendering import language_of, pages_of, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
NAVIGATION = (Entry(45, "/rules", Text("规则", "Rules"), signed_in()),)
_PAGE: Final = 50
_STATES: Final = {"": Text("当日有效", "in force"), "all": Text("全部", "all")}
Word = Annotated[str, Query(max_length=200)]


@routes.get("/rules", access=signed_in())
def rules_page(  # noqa: PLR0913, PLR0917 - the fields of the search
    request: Request,
    q: Word = "",
    document: Word = "",
    layer: Word = "",
    effect: Word = "",
    territory: Word = "",
    state: Word = "",
    on: Annotated[date | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """List the rules that fit."""
    server = server_of(request)
    workspace = server.workspace
    day = on or server.today()
    book = workspace.rulebook
    found = fitting(book, Wanted(q, document, layer, effect, territory, state), day)
    names = read_territories(server.settings.workspace / "rules")
    named = sorted({rule.citation.document for rule in book.rules})
    query = request.url.include_query_params
    return render(
        request,
        "rules.html.j2",
        rules=found[(page - 1) * _PAGE : page * _PAGE],
        count=len(found),
        total=len(book.rules),
        page=page,
        pages=pages_of(len(found), _PAGE),
        href=lambda number: f"/rules?{query(page=number).query}",
        asked={"q": q, "document": document, "layer": layer, "effect": effect, "territory": territory, "state": state},
        day=day,
        documents={name: book.documents[name] for name in named},
        layers={name: one.title for name, one in workspace.catalogue.layers.items()},
        effects=EFFECTS,
        states=_STATES,
        territories={code: names.get(code, Text(code, code)) for rule in book.rules for code in rule.territories},
        territory_text=lambda rule: territories_text(rule.territories, names),
        state_text=lambda rule: state_text(rule, day),
        layers_of=layers_of,
        is_verified=book.is_verified,
        unverified=UNVERIFIED,
    )


@routes.get("/rules/changes", access=only("admin"))
def changes_page(request: Request, loaded: Word = "") -> Response:
    """Show what differs between the content in use and that of the folder."""
    return _changes(request, is_loaded=loaded == "yes")


def _changes(request: Request, problem: Text | None = None, status: int = 200, *, is_loaded: bool = False) -> Response:
    server = server_of(request)
    changes = None
    try:
        changes = changes_of(server)
    except ZoningError as error:
        problem, status = error.text, error.http_status
    told = None if problem is None else without_places(request, problem)
    return render(request, "rule-changes.html.j2", status=status, changes=changes, problem=told, is_loaded=is_loaded)


@routes.post("/rules/load", access=only("admin"))
def load_rules(request: Request, seen: Annotated[str, Form(max_length=80)]) -> Response:
    """Use the content of the folder from now on."""
    try:
        load(server_of(request), who_of(request), seen)
    except Refused as refused:
        return _changes(request, refused.text, refused.status)
    except ZoningError as error:
        return _changes(request, error.text, error.http_status)
    return RedirectResponse("/rules/changes?loaded=yes", 303)


@routes.post("/rules/lint", access=only("planner", "reviewer", "admin"))
def lint(request: Request) -> Response:
    """Examine the rule base, as a job."""
    title = Text("检查规则库", "examine the rule base")
    return _job(request, title, ["rules", "lint"])


@routes.post("/rules/test", access=only("planner", "reviewer", "admin"))
def test_rules(request: Request) -> Response:
    """Run the worked cases of all rules, as a job."""
    return _job(request, Text("运行全部规则的案例", "run the cases of all rules"), ["rules", "test"])


def _job(request: Request, title: Text, arguments: list[str]) -> Response:
    language = language_of(request)
    told = [*arguments, "--lang", language]
    job = start_job(server_of(request), who_of(request), "rules", title, told, language=language)
    return RedirectResponse(f"/jobs/{job}", 303)


@routes.get("/rules/documents/{document}", access=signed_in())
def document_page(request: Request, document: str) -> Response:
    """Show a document with the rules that rest on it."""
    server = server_of(request)
    book = server.workspace.rulebook
    found = book.documents.get(document)
    if found is None:
        raise not_found("没有这份文件", "there is no such document")
    names = read_territories(server.settings.workspace / "rules")
    return render(
        request,
        "rule-document.html.j2",
        id=document,
        document=found,
        rules=fitting(book, Wanted(document=document, state="all"), server.today()),
        effects=EFFECTS,
        weight=WEIGHTS[found.weight],
        territories=territories_text(found.territories, names),
        state_text=lambda rule: state_text(rule, server.today()),
        later=book.documents.get(found.superseded_by or ""),
    )


@routes.get("/rules/{rule}", access=signed_in())
def rule_page(request: Request, rule: str, on: Annotated[date | None, Query()] = None) -> Response:
    """Show everything that is known of a rule."""
    server = server_of(request)
    workspace = server.workspace
    found = workspace.rulebook.get(rule)
    if found is None:
        raise not_found("没有这条规则", "there is no such rule")
    day = on or server.today()
    folder = server.settings.workspace / "rules"
    card = describe(found, workspace.rulebook, workspace.catalogue, read_territories(folder), day)
    lines = [(label, text) for label, text in rule_lines(card, day) if text is not found.says]
    return render(
        request,
        "rule.html.j2",
        card=card,
        rule=found,
        day=day,
        state=state_text(found, day),
        in_force=found.in_force.covers(day),
        lines=[(label, text) for label, text in lines if text not in [one.text for one in card.citations]],
        is_long=lambda text: text is card.when and card.when_parts is not None,
        cases=tuple(shown_cases(folder, rule, workspace.rulebook, workspace.catalogue)),
        resting=resting_cases(server, rule) if who_of(request).has(*CASE_READERS) else None,
        outcomes=OUTCOMES,
        dates_text=dates_text,
        layers={
            name: workspace.catalogue.layers[name].title
            for name in sorted(layers_of(found))
            if name in workspace.catalogue.layers
        },
        unverified=UNVERIFIED,
        file=f"rules/{found.document}/{found.id}.yaml",
    )
