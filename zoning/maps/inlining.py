"""The vendored assets of the page, ready to stand inside it."""

import re
from functools import cache
from importlib.resources import files

_SCRIPTS = ("leaflet.js", "gauss-kruger.js", "overlays.js", "popup.js", "page.js", "site-map.js")
_STYLES = ("leaflet.css", "site-map.css")
_URL = re.compile(r"url\((?!\s*#)[^)]*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@cache
def scripts() -> tuple[str, ...]:
    """Return all scripts in the order in which they run; none can end the element that it stands in."""
    return tuple(_SOURCE_MAP.sub("", _read(name)).replace("</", "<\\/").strip() for name in _SCRIPTS)


@cache
def styles() -> str:
    """Return all style sheets; pictures that Leaflet names (markers, its layer button) are not used, not fetched."""
    return "\n".join(_URL.sub("none", _read(name)) for name in _STYLES)


@cache
def licence() -> str:
    """Return the licence of Leaflet as a comment."""
    return "/*!\n" + _read("leaflet-LICENSE.txt").strip() + "\n*/"


def _read(name: str) -> str:
    return (files("zoning.maps") / "assets" / name).read_text(encoding="utf-8")
