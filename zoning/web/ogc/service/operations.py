"""The operations of the services: paths, methods, and the only query parameters that each takes.

One table for the routes, for the refusal of unknown parameters and for the OpenAPI document.
"""

from dataclasses import dataclass
from typing import Any, Final

from zoning.web.ogc.service.reference import CRS84, SYSTEMS
from zoning.web.ogc.service.selection import DEFAULT_LIMIT, MOST

COMMON: Final = ("f", "lang")
PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "f": {"schema": {"type": "string", "enum": ["json"], "default": "json"}},
    "lang": {"schema": {"type": "string", "enum": ["zh", "en", "zh-CN", "en-US"]}},
    "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}},
    "offset": {"schema": {"type": "integer", "minimum": 0, "default": 0}},
    "bbox": {"schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}},
    "bbox-crs": {"schema": {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84}},
    "crs": {"schema": {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84}},
    "datetime": {"schema": {"type": "string"}},
    "resulttype": {"schema": {"type": "string", "enum": ["results", "hits"], "default": "results"}},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for.

    Attributes
    ----------
    fields
        Whether properties of the collection may be told as parameters.
    """

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[str, ...] = COMMON
    fields: bool = False
    checks: bool = False
    status: int = 200


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("landing", "GET", "/", "Landing page"),
    Operation("openapi", "GET", "/openapi", "This document"),
    Operation("conformance", "GET", "/conformance", "Conformance classes"),
    Operation("collections", "GET", "/collections", "All collections"),
    Operation("collection", "GET", "/collections/{collection}", "One collection"),
    Operation("schema", "GET", "/collections/{collection}/schema", "Properties of its features"),
    Operation("queryables", "GET", "/collections/{collection}/queryables", "Properties that can be asked for"),
    Operation(
        "items",
        "GET",
        "/collections/{collection}/items",
        "Features",
        (*COMMON, "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "resulttype"),
        fields=True,
    ),
    Operation("item", "GET", "/collections/{collection}/items/{feature}", "One feature", (*COMMON, "crs")),
    Operation("processes", "GET", "/processes", "All processes", (*COMMON, "limit")),
    Operation("process", "GET", "/processes/{process}", "One process"),
    Operation("execute", "POST", "/processes/{process}/execution", "Execute a process", checks=True),
    Operation("jobs", "GET", "/jobs", "Jobs of whoever asks", (*COMMON, "limit", "offset"), checks=True),
    Operation("job", "GET", "/jobs/{job}", "How a job stands", checks=True),
    Operation("dismiss", "DELETE", "/jobs/{job}", "Dismiss a job", checks=True),
    Operation("results", "GET", "/jobs/{job}/results", "Results of a job", checks=True),
)
