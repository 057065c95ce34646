"""Puts right what pygeoapi says: links to pages that are not there, pages that do not exist, systems it leaves out."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from zoning.web.ogc.service.collection import Collection
from zoning.web.ogc.service.reference import CRS84, SYSTEMS
from zoning.web.ogc.service.selection import Days, Selection

_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_GONE: Final = ("text/html", "application/ld+json")
_NO_SUCH: Final = ("service-doc", "about", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes")


def without_pages(value: Any) -> Any:
    """Return a document without the links to HTML, JSON-LD and tiles that pygeoapi puts everywhere."""
    if isinstance(value, dict):
        return {key: _links(one) if key == "links" else without_pages(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_pages(one) for one in value]
    return value


def landing(content: dict[str, Any], *, may_check: bool) -> dict[str, Any]:
    """Return the landing page; processes and jobs are named to those who may use them."""
    hidden = () if may_check else ("/processes", "/jobs")
    links = [link for link in content["links"] if not link["href"].partition("?")[0].endswith(hidden or "\0")]
    return {**content, "links": links}


def described(content: dict[str, Any], collection: Collection, extent: tuple[Any, Days]) -> dict[str, Any]:
    """Return the description of a collection with its systems and days."""
    bounds, days = extent
    spatial = {"bbox": [list(bounds or (-180.0, -90.0, 180.0, 90.0))], "crs": CRS84}
    interval = [[_moment(days.first), _moment(days.last)]]
    kept = {key: value for key, value in content.items() if key not in ("storageCrs", "storageCrsCoordinateEpoch")}
    links = [{**link, "type": _GEOJSON} if link["rel"] == "items" else link for link in kept["links"]]
    return {
        **kept,
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "keywords": [collection.kind],
        "extent": {"spatial": spatial, "temporal": {"interval": interval}},
        "links": links,
    }


def collections(content: dict[str, Any], described_all: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the list of collections."""
    return {**content, "crs": list(SYSTEMS), "collections": described_all}


def items(
    content: dict[str, Any], base: str, collection: str, params: Mapping[str, str], selection: Selection
) -> dict[str, Any]:
    """Return a page of features with the links of its neighbours: next where there is more, and only then."""
    here = f"{base}/collections/{collection}/items"
    told = {key: value for key, value in params.items() if key != "offset"}

    def link(rel: str, offset: int) -> dict[str, str]:
        query = urlencode({**told, **({"offset": str(offset)} if offset else {})})
        return {"rel": rel, "type": _GEOJSON, "href": f"{here}?{query}" if query else here, "title": rel}

    links = [link("self", selection.offset)]
    end = selection.offset + content["numberReturned"]
    if not selection.hits_only and end < content["numberMatched"] and content["numberReturned"]:
        links.append(link("next", end))
    if selection.offset:
        links.append(link("prev", max(0, selection.offset - selection.limit)))
    links.append(_to_collection(base, collection))
    return {**content, "links": links}


def item(content: dict[str, Any], base: str, collection: str, href: str) -> dict[str, Any]:
    """Return a feature with its links."""
    links = [{"rel": "self", "type": _GEOJSON, "href": href, "title": "self"}, _to_collection(base, collection)]
    return {**content, "links": links}


def _to_collection(base: str, collection: str) -> dict[str, str]:
    return {"rel": "collection", "type": _JSON, "href": f"{base}/collections/{collection}", "title": "collection"}


def _links(links: Any) -> Any:
    if not isinstance(links, list):
        return links
    kept = [link for link in links if link.get("type") not in _GONE and link.get("rel") not in _NO_SUCH]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for link in kept:
        # What was the page as JSON is the only form: it is the document itself.
        href = link["href"].replace("?f=json", "")
        rel = "self" if link.get("rel") == "alternate" else link["rel"]
        found.setdefault((rel, href), {**link, "rel": rel, "href": href})
    return list(found.values())


def _moment(day: Any) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"
