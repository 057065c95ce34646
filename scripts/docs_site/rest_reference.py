"""The page of the REST interface of the workbench, and its OpenAPI document."""

from typing import Any

from fastapi import FastAPI

from docs_site.schema_reference import kind_of
from zoning.web.api.content.words import CHINESE
from zoning.web.api.description import document
from zoning.web.app import parts

METHODS = ("get", "post", "put", "patch", "delete")
WORDS = {
    "zh": {
        "title": "REST 接口",
        "intro": "由工作台的代码生成；运行中的工作台在 `/api-docs` 和 `/openapi.json` 提供同样的说明。"
        "令牌、错误和例子见[工作台](../server.md)。机器可读：[openapi.json](openapi.json)。",
        "scope": "令牌范围",
        "roles": "角色",
        "parameter": "参数",
        "kind": "类型",
        "required": "必填",
        "yes": "是",
        "answers": "回答",
    },
    "en": {
        "title": "REST interface",
        "intro": "Made from the code of the workbench; a running one tells the same at `/api-docs` and "
        "`/openapi.json`. Tokens, errors and examples: [the workbench](../server.md). "
        "For programs: [openapi.json](openapi.json).",
        "scope": "scope of the token",
        "roles": "roles",
        "parameter": "parameter",
        "kind": "type",
        "required": "required",
        "yes": "yes",
        "answers": "answers",
    },
}


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of the workbench, without starting one."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.mounts = {}
    for part in parts():
        if (routes := getattr(part, "routes", None)) is not None:
            routes.install(app)
    return document(app)


def rest_page(described: dict[str, Any], language: str) -> str:
    """Return the page in one language ("zh" or "en")."""
    words = WORDS[language]
    told = [
        _operation(method.upper(), path, methods[method], words)
        for path, methods in described["paths"].items()
        for method in METHODS
        if method in methods
    ]
    return "\n".join([f"# {words['title']}\n", f"{words['intro']}\n", *told])


def _operation(method: str, path: str, about: dict[str, Any], words: dict[str, str]) -> str:
    english = str(about.get("description") or about.get("summary", "")).split("\n\n")[0]
    text = CHINESE.get((method, path), english) if words is WORDS["zh"] else english
    lines = [f"## {method} {path}\n", f"{text}\n"]
    lines.append(
        f"{words['scope']}: `{about.get('x-scope')}` · {words['roles']}: {', '.join(about.get('x-roles', []))}\n"
    )
    rows = about.get("parameters", [])
    if rows:
        lines.append(f"| {words['parameter']} | | {words['kind']} | {words['required']} |\n|---|---|---|---|")
        for one in rows:
            required = words["yes"] if one.get("required") else ""
            lines.append(f"| `{one['name']}` | {one['in']} | {kind_of(one.get('schema', {}))} | {required} |")
        lines.append("")
    for media, body in about.get("requestBody", {}).get("content", {}).items():
        lines.append(f"`{media}`: {kind_of(body.get('schema', {}))}\n")
    lines.append(f"{words['answers']}: {' · '.join(sorted(about['responses']))}\n")
    return "\n".join(lines)
