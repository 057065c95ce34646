"""REST: the OpenAPI document, and a page that a person can read, made on the server without foreign scripts."""

from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from zoning.texts import Text
from zoning.version import __version__
from zoning.web.access import SCOPES, Access, signed_in
from zoning.web.api.content.models import Problem
from zoning.web.api.content.words import CHINESE
from zoning.web.navigation import Entry
from zoning.web.rendering import render
from zoning.web.routes import Routes, declared
from zoning.web.server import server_of

routes = Routes()
NAVIGATION = (Entry(94, "/api-docs", Text("接口", "Interfaces"), signed_in()),)
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_ANYBODY: Final = "layers:read"


class AnyToken(Access):
    """Access for whoever is signed in, and for every good token: the description is no secret of one scope."""

    def admits(self, who: Any) -> bool:
        """Tell whether somebody may read it."""
        return not who.roles.isdisjoint(self.roles)


_READERS = AnyToken(signed_in().roles, _ANYBODY)


@routes.get("/openapi.json", access=_READERS)
def openapi(request: Request) -> Response:
    """Return the OpenAPI document of the REST interface."""
    return JSONResponse(document(request.app))


@routes.get("/api-docs", access=signed_in())
def api_page(request: Request) -> Response:
    """Show the interface to a person."""
    described = document(request.app)
    base = server_of(request).settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return render(request, "api.html.j2", groups=_groups(described), base=base, scopes=SCOPES)


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document: every operation with the roles and the scope that it asks for."""
    kept: dict[str, Any] | None = getattr(app.state, "openapi", None)
    if kept is not None:
        return kept
    made = get_openapi(
        title="zoning",
        version=__version__,
        summary="Checks, cases, layers, rules, registers and jobs of an office",
        description="Tokens are sent as `Authorization: Bearer ...`; each has scopes. Errors are "
        "application/problem+json with `detail.zh` and `detail.en`. Unknown keys and parameters are refused.",
        routes=app.routes,
    )
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    for name, inner in components["schemas"]["Problem"].pop("$defs", {}).items():
        components["schemas"].setdefault(name, inner)
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    for (method, path), access in declared(app).items():
        operation = made["paths"].get(path, {}).get(method.lower())
        if operation is not None:
            operation["x-roles"] = sorted(access.roles)
            operation["x-scope"] = access.scope
            operation["responses"].pop("422", None)
            operation["responses"]["422"] = {
                "description": "Values are wrong, or the boundary cannot be read",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    app.state.openapi = made
    return made


def _groups(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by tag, each with what a reader has to know."""
    schemas = described.get("components", {}).get("schemas", {})
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for method in _METHODS:
            operation = methods.get(method)
            if operation is None:
                continue
            found.setdefault((operation.get("tags") or ["-"])[0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "text": Text(
                        CHINESE.get((method.upper(), path), path), operation.get("description", "").replace("`", "")
                    ),
                    "scope": operation.get("x-scope"),
                    "roles": operation.get("x-roles", []),
                    "parameters": operation.get("parameters", []),
                    "body": _body(operation, schemas),
                    "answers": {code: one["description"] for code, one in sorted(operation["responses"].items())},
                }
            )
    return found


def _body(operation: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    rows = []
    for media, about in content.items():
        schema = about.get("schema", {})
        if "$ref" in schema:
            schema = schemas.get(schema["$ref"].rpartition("/")[2], {})
        required = schema.get("required", [])
        rows += [
            {
                "media": media,
                "name": name,
                "type": one.get("type") or "/".join(str(each.get("type", "")) for each in one.get("anyOf", [])),
                "required": name in required,
                "text": one.get("description", ""),
            }
            for name, one in schema.get("properties", {}).items()
        ]
    return rows
