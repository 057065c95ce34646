"""Pages from templates: words in both languages, everything escaped."""

from functools import cache
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

import zoning
from zoning.errors import ZoningError
from zoning.texts import Language, Text
from zoning.web.access import NOBODY, ROLES, Who

LANGUAGE_COOKIE = "zoning_language"


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


def render(
    request: Request, name: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """Return a page.

    Every template knows: `who`, `lang`, `t(zh, en)`, `say(text)`, `csrf`, `roles` (words), `here` (path),
    `navigation`, `version`.
    """
    language = language_of(request)
    who: Who = getattr(request.state, "who", NOBODY)

    def t(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    def say(text: Text | ZoningError) -> str:
        return text.get(language)

    page = environment().get_template(name).render(
        {
            "who": who,
            "lang": language,
            "t": t,
            "say": say,
            "csrf": who.csrf,
            "roles": ROLES,
            "here": request.url.path,
            "navigation": request.app.state.navigation,
            "version": zoning.__version__,
            **values,
        }
    )
    return HTMLResponse(page, status, headers)
