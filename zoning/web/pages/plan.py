"""The pages of planners and of restoration teams: cards with short forms; what they start runs as a job."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from zoning.errors import ZoningError
from zoning.texts import Text
from zoning.web import jobs
from zoning.web.access import only
from zoning.web.cases.forms import form_of
from zoning.web.jobs.job import STATES
from zoning.web.log_words import with_parts
from zoning.web.navigation import Entry as MenuEntry
from zoning.web.planner.mine_tools import latest, mine_tools
from zoning.web.planner.plan_tools import PLAN_TOOLS
from zoning.web.planner.tools import Tool, checked
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import kept_uploads

routes = Routes()
PLANNERS: Final = only("planner", "admin")
RESTORERS: Final = only("restoration", "admin")
NAVIGATION = (
    MenuEntry(45, "/mines/desk", Text("矿山修复", "Mines"), RESTORERS),
    MenuEntry(50, "/plan", Text("规划", "Planning"), PLANNERS),
)
Form = Annotated[FormData, Depends(form_of)]
_SHOWN: Final = 8
_LISTED: Final = 100


@routes.get("/plan", access=PLANNERS)
def plan(request: Request) -> Response:
    """Show the tools of planners."""
    return _page(request, "plan", PLAN_TOOLS)


@routes.post("/plan/{tool}", access=PLANNERS)
def start_plan(request: Request, tool: str, form: Form) -> Response:
    """Start a job of a planner."""
    return _start(request, "plan", PLAN_TOOLS, tool, form)


@routes.get("/mines/desk", access=RESTORERS)
def desk(request: Request, record: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Show the tools of restoration teams; `record` is filled in as the parcel of the dossier."""
    told = {"mines-report": {"record": [record]}} if record else {}
    return _page(request, "mines", mine_tools(who_of(request)), told)


@routes.post("/mines/desk/{tool}", access=RESTORERS)
def start_desk(request: Request, tool: str, form: Form) -> Response:
    """Start a job of the desk."""
    return _start(request, "mines", mine_tools(who_of(request)), tool, form)


def _start(request: Request, page: str, tools: Sequence[Tool], name: str, form: FormData) -> Response:
    server, who = server_of(request), who_of(request)
    tool = next((one for one in tools if one.id == name), None)
    if tool is None:
        raise not_found("没有这个工具", "there is no such tool")
    told = {one.name: [value for value in form.getlist(one.name) if isinstance(value, str)] for one in tool.fields}
    uploads = {one.name: form.get(one.name) for one in tool.fields if one.kind == "file"}
    sent = {key: file for key, file in uploads.items() if isinstance(file, UploadFile) and file.filename}
    try:
        with kept_uploads(server, list(sent.values())) as paths:
            given = checked(server, tool, told, dict(zip(sent, paths, strict=True)))
            arguments = tool.command(server, given)
            job = jobs.start_job(server, who, tool.id, _title(server, tool, told), arguments, paths,
                                 language=language_of(request))  # fmt: skip
    except ZoningError as error:
        return _page(request, page, tools, {name: told}, at=name, problem=error.text, status=error.http_status)
    return RedirectResponse(f"/jobs/{job}", 303)


def _title(server: Server, tool: Tool, told: Mapping[str, Sequence[str]]) -> Text:
    """Return the title of a job: the tool, and what of the form tells it from others."""
    parts = []
    for one in tool.fields:
        values = [value for value in told.get(one.name, ()) if value]
        if one.name in ("territory", "layer", "before", "after", "record") and len(values) == 1:
            known = one.choices(server) if one.choices is not None else {}
            parts.append(known.get(values[0], Text(values[0], values[0])))
    return with_parts(tool.title, parts)


def _page(
    request: Request,
    page: str,
    tools: Sequence[Tool],
    told: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    *,
    at: str = "",
    problem: Text | None = None,
    status: int = 200,
) -> Response:
    server, who = server_of(request), who_of(request)
    kinds = {tool.id for tool in tools}
    mine = [job for job in jobs.list_jobs(server, who.name, limit=_LISTED) if job.kind in kinds]
    values: dict[str, Any] = {
        "page": page,
        "tools": tools,
        "options": {(tool.id, one.name): one.choices(server) for tool in tools for one in tool.fields if one.choices},
        "told": told or {},
        "at": at,
        "problem": problem,
        "mine": mine[:_SHOWN],
        "states": STATES,
        "analyses": latest(server, who) if page == "mines" else {},
    }
    return render(request, "plan.html.j2", status=status, **values)
