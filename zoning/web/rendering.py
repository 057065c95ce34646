"""Pages from templates: words in both languages, everything escaped."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from zoning.texts import Language, Text
from zoning.version import __version__
from zoning.web.access import NOBODY, ROLES, Who
from zoning.web.refusals import without_places

if TYPE_CHECKING:
    from zoning.styles.stylebook import DecisionStyle, Stylebook
    from zoning.web.server import Server
    from zoning.workspace import Workspace

LANGUAGE_COOKIE = "zoning_language"
_CHINA = timezone(timedelta(hours=8))
_BOOKS: "deque[tuple[Workspace, Stylebook]]" = deque(maxlen=4)


@cache
def environment() -> Environment:
    """Return the templates of `zoning/web/templates`."""
    return Environment(
        loader=PackageLoader("zoning.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request) -> Language:
    """Return the language of a page: as asked for, as chosen before, of the account, of the browser, of the server."""
    from zoning.web.server import server_of

    who: Who = getattr(request.state, "who", NOBODY)
    for told in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), who.language):
        if told in ("zh", "en"):
            return cast("Language", told)
    accepted = request.headers.get("accept-language", "").lower()
    if accepted.startswith(("zh", "en")):
        return "zh" if accepted.startswith("zh") else "en"
    return server_of(request).settings.language


def decisions_of(server: "Server") -> "Mapping[str, DecisionStyle]":
    """Return colour, word and drawn sign of every decision, as the workspace has them."""
    return cast("Mapping[str, DecisionStyle]", stylebook_of(server).outcomes.decisions)


def stylebook_of(server: "Server") -> "Stylebook":
    """Return how the workspace, as it stands now, draws its layers and decisions."""
    from zoning.styles.stylebook import read_stylebook

    workspace = server.workspace
    for opened, book in _BOOKS:
        if opened is workspace:
            return book
    book = read_stylebook(workspace.root / "styles")
    _BOOKS.appendleft((workspace, book))
    return book


def local(moment: str) -> str:
    """Return a stored moment (UTC) as people of the office write it: time of China, to the minute.

    >>> local("2026-03-01T00:30:00.000000Z")
    '2026-03-01 08:30'
    """
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return found.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M") if found.tzinfo else moment


def render(
    request: Request, name: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """Return a page.

    Every template knows: `who`, `lang`, `t(zh, en)`, `say(text)`, `csrf`, `roles` (words), `decisions` (colour, word
    and sign), `local(moment)`, `here` (path), `address` (path and query), `navigation`, `version`.
    """
    language = language_of(request)
    if isinstance(problem := values.get("problem"), Text):
        values["problem"] = without_places(request, problem)
    page = environment().get_template(name).render({**_known(request, language), "status": status, **values})
    return HTMLResponse(page, status, headers)


def _known(request: Request, language: Language) -> dict[str, Any]:
    from zoning.web.server import server_of

    who: Who = getattr(request.state, "who", NOBODY)
    query = request.url.query
    return {
        "who": who,
        "lang": language,
        "t": lambda zh, en: zh if language == "zh" else en,
        "say": lambda text: text.get(language),
        "csrf": who.csrf,
        "roles": ROLES,
        "decisions": decisions_of(server_of(request)),
        "local": local,
        "here": request.url.path,
        "address": request.url.path + (f"?{query}" if query and request.method == "GET" else ""),
        "has_account_page": _has_account_page(request),
        "navigation": request.app.state.navigation,
        "version": __version__,
    }


def _has_account_page(request: Request) -> bool:
    return any(getattr(route, "path", "") == "/account" for route in request.app.routes)


def pages_of(count: int, each: int) -> int:
    """Return how many pages a list has; an empty one has one."""
    return max(1, -(-count // each))
