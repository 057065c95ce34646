"""The first page: what waits for whoever signed in."""

from fastapi import Request, Response

from zoning.web.access import signed_in
from zoning.web.rendering import render
from zoning.web.routes import Routes

routes = Routes()


@routes.get("/", access=signed_in())
def home(request: Request) -> Response:
    """Show the first page."""
    return render(request, "home.html.j2")
