"""The vendored assets of the page, ready to stand inside it."""

import re
from functools import cache
from importlib.resources import files

_BASE = ("leaflet.js", "gauss-kruger.js", "geodesy.js", "language.js", "layout.js", "overlays.js")
_TOOLS = ("measure.js", "search.js", "link.js")
_SCRIPTS = (*_BASE, "view-leaflet.js", *_TOOLS, "scales.js", "popup.js", "page.js", "site-layers.js", "site-map.js")
_STYLES = ("leaflet.css", "site-map.css")
_BATCH_SCRIPTS = (*_BASE, "view-leaflet.js", *_TOOLS, "places.js", "places-page.js", "page.js")
_ZONING_SCRIPTS = (
    "maplibre-gl.js",
    "pmtiles.js",
    *_BASE,
    "mvt.js",
    "archive.js",
    "zones.js",
    "hatches.js",
    "painter.js",
    "painting.js",
    "view-leaflet.js",
    "view-maplibre.js",
    "view-canvas.js",
    *_TOOLS,
    "scales.js",
    "here.js",
    "zone-list.js",
    "zoning-map.js",
)
_ZONING_STYLES = ("maplibre-gl.css", "leaflet.css", "site-map.css", "map-tools.css", "zoning-map.css")
_ASIDE = ("pmtiles.js", "mvt.js", "archive.js", "painter.js", "painting.js")
"""Scripts of which a zoning map makes the worker that paints it; see painting.js."""
_TILES_ONLY = (
    "maplibre-gl.js",
    "view-maplibre.js",
    "pmtiles.js",
    "mvt.js",
    "archive.js",
    "maplibre-gl.css",
    "maplibre-gl-LICENSE.txt",
    "pmtiles-LICENSE.txt",
)
"""What a page without vector tiles does without."""
_LICENCES = ("maplibre-gl-LICENSE.txt", "pmtiles-LICENSE.txt", "leaflet-LICENSE.txt")
_URL = re.compile(r"url\((?!\s*#)[^)]*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@cache
def scripts() -> tuple[str, ...]:
    """Return all scripts of a site map in the order in which they run."""
    return tuple(_script(name) for name in _SCRIPTS)


@cache
def batch_scripts() -> tuple[str, ...]:
    """Return the scripts that the map of a batch shares with the other maps, in the order in which they run."""
    return tuple(_script(name) for name in _BATCH_SCRIPTS)


@cache
def zoning_scripts(*, tiles: bool) -> tuple[tuple[bool, str], ...]:
    """Return all scripts of a zoning map in the order in which they run; True: the worker that paints needs it too."""
    return tuple((name in _ASIDE, _script(name)) for name in _ZONING_SCRIPTS if tiles or name not in _TILES_ONLY)


@cache
def zoning_styles(*, tiles: bool) -> str:
    """Return licences and style sheets of a zoning map."""
    licences = "\n\n".join(_read(name).strip() for name in _LICENCES if tiles or name not in _TILES_ONLY)
    sheets = [_read(name) for name in _ZONING_STYLES if tiles or name not in _TILES_ONLY]
    return f"/*!\n{licences}\n*/\n" + "\n".join(_URL.sub("none", sheet) for sheet in sheets)


def _script(name: str) -> str:
    return _SOURCE_MAP.sub("", _harmless(_read(name))).strip()


def script_of(package: str, name: str = "page.js") -> str:
    """Return a script that lies beside the template of a page."""
    return _harmless(_text(package, name))


def style_of(package: str) -> str:
    """Return the style sheet that lies beside the template of a page."""
    return _text(package, "page.css")


def _harmless(script: str) -> str:
    """Return a script that cannot end the element that it stands in."""
    return script.replace("</", "<\\/")


@cache
def styles() -> str:
    """Return all style sheets; pictures that Leaflet names (markers, its layer button) are not used, not fetched."""
    return "\n".join(_URL.sub("none", _read(name)) for name in _STYLES)


@cache
def site_styles() -> str:
    """Return all style sheets of a site map."""
    return styles() + "\n" + _read("map-tools.css")


@cache
def licence() -> str:
    """Return the licence of Leaflet as a comment."""
    return "/*!\n" + _read("leaflet-LICENSE.txt").strip() + "\n*/"


def _read(name: str) -> str:
    return _text("zoning.maps", f"assets/{name}")


def _text(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")
