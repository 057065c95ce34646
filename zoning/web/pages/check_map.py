"""What maps on pages are made of: the scripts of the map library, and outlines of layers."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

import zoning.maps
from zoning.errors import UsageError
from zoning.web.access import PUBLIC, signed_in
from zoning.web.map_layers import Bounds, drawing_of, outlines
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of
from zoning.web.routes import Routes
from zoning.web.server import server_of

routes = Routes()
_FOLDER: Final = Path(zoning.maps.__file__).parent / "assets"
_SERVED: Final = {
    "leaflet.js": "text/javascript",
    "leaflet.css": "text/css",
    "leaflet-LICENSE.txt": "text/plain",
    "geodesy.js": "text/javascript",
}
_WIDEST_DEGREES: Final = 20.0


@routes.get("/map/assets/{name}", access=PUBLIC)
def asset(name: str) -> Response:
    """Give a script or style sheet that maps of the command line use too."""
    kind = _SERVED.get(name)
    if kind is None:
        raise not_found("没有这个文件", "there is no such file")
    return FileResponse(_FOLDER / name, media_type=kind, headers={"cache-control": "public, max-age=3600"})


@routes.get("/map/layers", access=signed_in())
def layers(request: Request) -> Response:
    """Tell which layers can be drawn, and how they look."""
    return JSONResponse(drawing_of(server_of(request), language_of(request)))


@routes.get("/map/layers/{layer}", access=signed_in())
def layer_outlines(
    request: Request,
    layer: str,
    bbox: Annotated[str, Query(max_length=120)],
    width: Annotated[int, Query(ge=100, le=8000)] = 1200,
) -> Response:
    """Give the outlines of a layer in a window (west,south,east,north in degrees).

    Raises
    ------
    Refused
        404 when there is no such layer.
    UsageError
        When the window is no box on the earth, or too wide.
    """
    server = server_of(request)
    if layer not in server.workspace.catalogue.layers:
        raise not_found("没有这个图层", "there is no such layer")
    return Response(outlines(server, layer, server.today(), _bounds(bbox), width), media_type="application/geo+json")


def _bounds(text: str) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    is_box = -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004 - degrees
    if not is_box or max(east - west, north - south) > _WIDEST_DEGREES:
        raise UsageError(
            f"bbox 须为 西,南,东,北（度），跨度不超过 {_WIDEST_DEGREES:g} 度",
            f"bbox: west,south,east,north in degrees, at most {_WIDEST_DEGREES:g} degrees wide",
        )
    return west, south, east, north
