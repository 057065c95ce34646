"""Webhooks for administrators: which systems are told of what, and whether it arrived."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.access import only
from zoning.web.hooks.delivery import start_delivering
from zoning.web.hooks.events import CHOICES, EVENTS
from zoning.web.hooks.hooks import Hooks
from zoning.web.navigation import Entry
from zoning.web.rendering import render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
_ADMIN = only("admin")
NAVIGATION = (Entry(92, "/hooks", Text("推送", "Webhooks"), _ADMIN),)
BACKGROUND = (start_delivering,)


@routes.get("/hooks", access=_ADMIN)
def hooks_page(request: Request) -> Response:
    """Show all hooks."""
    return _page(request)


@routes.post("/hooks", access=_ADMIN)
def make_hook(
    request: Request,
    url: Annotated[str, Form(max_length=500)] = "",
    title: Annotated[str, Form(max_length=80)] = "",
    event: Annotated[list[str] | None, Form()] = None,
    private: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Make a hook and show its secret, once; a wrong form comes back as it was filled."""
    server = server_of(request)
    told = {"url": url, "title": title, "events": event or [], "private": bool(private)}
    try:
        _, secret = Hooks(server.store.database).create(
            url, title=title, events=event or [], private=bool(private), stamp=server.stamp(who_of(request))
        )
    except UsageError as error:
        return _page(request, status=400, problem=error.text, told=told)
    return _page(request, secret=secret, made=title)


@routes.get("/hooks/{hook}", access=_ADMIN)
def hook_page(request: Request, hook: str) -> Response:
    """Show the messages of a hook."""
    hooks = Hooks(server_of(request).store.database)
    found = next((one for one in hooks.all() if one.id == hook), None)
    if found is None:
        from zoning.web.refusals import not_found

        raise not_found("没有这个推送地址", "there is no such hook")
    return render(request, "hook.html.j2", hook=found, deliveries=hooks.deliveries(hook), events=EVENTS)


@routes.post("/hooks/{hook}/switch", access=_ADMIN)
def switch_hook(request: Request, hook: str, active: Annotated[str, Form(max_length=3)] = "") -> Response:
    """Switch a hook on or off."""
    server = server_of(request)
    Hooks(server.store.database).switch(hook, active=bool(active), stamp=server.stamp(who_of(request)))
    return RedirectResponse("/hooks", 303)


@routes.post("/hooks/{hook}/remove", access=_ADMIN)
def remove_hook(request: Request, hook: str) -> Response:
    """Remove a hook with its messages."""
    server = server_of(request)
    Hooks(server.store.database).remove(hook, server.stamp(who_of(request)))
    return RedirectResponse("/hooks", 303)


@routes.post("/hooks/{hook}/try", access=_ADMIN)
def try_hook(request: Request, hook: str) -> Response:
    """Send a trial message."""
    server = server_of(request)
    Hooks(server.store.database).try_out(hook, server.stamp(who_of(request)))
    return RedirectResponse(f"/hooks/{hook}", 303)


@routes.post("/hooks/{hook}/again", access=_ADMIN)
def send_again(request: Request, hook: str, message: Annotated[str, Form(max_length=80)] = "") -> Response:
    """Send a message again."""
    server = server_of(request)
    Hooks(server.store.database).again(message, server.stamp(who_of(request)))
    return RedirectResponse(f"/hooks/{hook}", 303)


def _page(
    request: Request,
    *,
    status: int = 200,
    problem: Text | None = None,
    told: dict[str, object] | None = None,
    secret: str = "",
    made: str = "",
) -> Response:
    return render(
        request,
        "hooks.html.j2",
        status=status,
        hooks=Hooks(server_of(request).store.database).all(),
        choices=[(name, EVENTS[name].title) for name in CHOICES],
        events=EVENTS,
        problem=problem,
        told=told or {"url": "", "title": "", "events": [], "private": False},
        secret=secret,
        made=made,
    )
