"""The OpenAPI 3.0 document of the services: made from the table of operations and from what somebody sees."""

from typing import Any

from zoning.version import __version__
from zoning.web.ogc.service.operations import OPERATIONS, PARAMETERS, Operation
from zoning.web.ogc.service.site_check import ID, METADATA
from zoning.web.ogc.service.view import View

_PROBLEM = {"$ref": "#/components/responses/Problem"}
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_MEDIA = {
    "items": "application/geo+json",
    "item": "application/geo+json",
    "schema": "application/schema+json",
    "queryables": "application/schema+json",
    "openapi": _OPENAPI,
}
_DEEP_OBJECT = {"type": "object", "additionalProperties": True}


def document(base: str, view: View) -> dict[str, Any]:
    """Return the document for what somebody sees; `base`: address of the landing page."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        if operation.checks and not view.may_check:
            continue
        for path, collection in _paths(operation, view):
            paths.setdefault(path, {})[operation.method.lower()] = _described(operation, path, collection, view)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "zoning OGC API",
            "version": __version__,
            "description": "Restriction zones, cases and mine parcels as OGC API - Features; site-check as OGC API - "
            "Processes. Unknown query parameters are refused.",
            "license": {"name": "see the project"},
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": {name: _parameter(name) for name in PARAMETERS},
            "responses": {"Problem": {"description": "Refused", "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/problem"}}}}},
            "schemas": {
                "problem": {
                    "type": "object",
                    "required": ["type", "title", "status", "code"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string"},
                        "description": {"type": "string"},
                    },
                },
                "execute": _execute(),
            },
        },
    }  # fmt: skip


def _paths(operation: Operation, view: View) -> list[tuple[str, str]]:
    if "{collection}" not in operation.path:
        return [(operation.path.replace("{process}", ID), "")]
    return [(operation.path.replace("{collection}", name), name) for name in view.collections]


def _described(operation: Operation, path: str, collection: str, view: View) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [{"$ref": f"#/components/parameters/{name}"} for name in operation.parameters]
    parameters += [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in ("feature", "job")
        if f"{{{name}}}" in path
    ]
    if operation.fields:
        parameters += [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": field.title.en,
                "schema": {"type": field.kind, **({"enum": list(field.values)} if field.values else {})},
            }
            for name, field in view.collections[collection].fields.items()
            if name not in PARAMETERS
        ]
    good = {"description": "Done", "content": {_MEDIA.get(operation.id, "application/json"): {"schema": _DEEP_OBJECT}}}
    responses: dict[str, Any] = {"200": good}
    if operation.id == "execute":
        responses["201"] = {
            "description": "A job was started",
            "headers": {"Location": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": _DEEP_OBJECT}},
        }
    responses |= dict.fromkeys(("400", "401", "403", "404", "default"), _PROBLEM)
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/execute"}}}}
    return {
        "operationId": operation.id + (f".{collection}" if collection else ""),
        "summary": operation.summary,
        "tags": [collection or "services"],
        "parameters": parameters,
        **({"requestBody": body} if operation.id == "execute" else {}),
        "responses": responses,
    }


def _parameter(name: str) -> dict[str, Any]:
    style = {"style": "form", "explode": False} if name == "bbox" else {}
    return {"name": name, "in": "query", "required": False, **style, **PARAMETERS[name]}


def _execute() -> dict[str, Any]:
    inputs = {
        name: {"title": about["title"], "description": about["description"], "nullable": True}
        for name, about in METADATA["inputs"].items()
    }
    return {
        "type": "object",
        "required": ["inputs"],
        "additionalProperties": False,
        "properties": {
            "inputs": {"type": "object", "additionalProperties": False, "properties": inputs},
            "outputs": {"type": "object"},
            "response": {"type": "string", "enum": ["raw", "document"]},
            "mode": {"type": "string", "enum": ["auto", "sync", "async"]},
        },
    }
